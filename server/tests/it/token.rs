//! The central token service.

use serde_json::{Value, json};

use crate::{app::TestApp, database::Database, on_both};

on_both!(
    programs_share_one_token,
    a_failed_token_is_replaced_once_and_an_old_one_not_at_all,
    a_stranger_gets_no_token,
);

const CLIENTS: &[(&str, &str)] = &[("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789,crm:crm-key-0123456789")];

async fn token(app: &TestApp, key: &str) -> (u16, Value) {
    let request = app.http.get(format!("{}/api/wechat/token", app.url)).bearer_auth(key);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn report(app: &TestApp, key: &str, failed: &Value) -> Value {
    let request = app.http.post(format!("{}/api/wechat/token/refresh", app.url)).bearer_auth(key);
    let answer = request.json(&json!({ "access_token": failed })).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.unwrap()["data"]["access_token"].clone()
}

async fn programs_share_one_token(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let (erp, crm) = (token(&app, "erp-key-0123456789").await, token(&app, "crm-key-0123456789").await);
    assert_eq!(erp.0, 200, "{}", erp.1);
    assert_eq!(erp.1["data"]["access_token"], crm.1["data"]["access_token"]);
    assert!((1..=7200).contains(&erp.1["data"]["expires_in"].as_i64().unwrap()), "{}", erp.1);
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 1);
    app.stop().await;
}

async fn a_failed_token_is_replaced_once_and_an_old_one_not_at_all(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let first = token(&app, "erp-key-0123456789").await.1["data"]["access_token"].clone();
    let reports = (0..8).map(|_| report(&app, "crm-key-0123456789", &first));
    let second = futures::future::join_all(reports).await;
    assert!(second.iter().all(|token| *token == second[0]), "{second:?}");
    assert_ne!(second[0], first);
    // the old one again: nothing is refreshed
    assert_eq!(report(&app, "erp-key-0123456789", &first).await, second[0]);
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 2);
    app.stop().await;
}

async fn a_stranger_gets_no_token(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    for key in ["", "erp", "erp-key-012345678", "erp:erp-key-0123456789"] {
        let (status, json) = token(&app, key).await;
        assert_eq!(status, 401, "{key}");
        assert!(json["code"].as_i64().unwrap() > 0 && json["data"].is_null(), "{json}");
    }
    let mut shopper = app.shopper().await;
    assert_eq!(shopper.get("/api/wechat/token").await.status(), 401, "a session is no key");
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 0);
    app.stop().await;
}
