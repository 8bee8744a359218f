//! The central token service.

use serde_json::{Value, json};
use test_support::Database;

use crate::{app::TestApp, on_both};

on_both!(
    programs_share_one_token,
    a_rejected_token_is_replaced_once,
    a_stranger_gets_no_token,
    trap_20_two_servers_share_one_token_and_one_refresh,
    a_restart_keeps_the_token,
    requests_of_programs_are_in_the_audit_log,
    a_program_that_asks_too_often_waits,
    a_token_revoked_under_64_callers_is_refreshed_once,
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

async fn a_rejected_token_is_replaced_once(database: Database) {
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

async fn trap_20_two_servers_share_one_token_and_one_refresh(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let other = app.second_shop().await;
    let both = || {
        futures::future::join(app.shop.official().access_token("one"), other.official().access_token("two"))
    };
    let tokens = |(one, two): (Result<_, _>, Result<_, _>)| {
        let text = |token: Result<shop::AccessToken, shop::ShopError>| token.unwrap().access_token;
        (text(one), text(two))
    };
    let (first, same) = tokens(both().await);
    assert_eq!(first, same);
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 1);
    // both say at once that it failed: WeChat is asked once more, and both have the new one
    let reports = (0..4).flat_map(|_| {
        [
            app.shop.official().replace_access_token("one", &first),
            other.official().replace_access_token("two", &first),
        ]
    });
    let replaced: Vec<_> = futures::future::join_all(reports)
        .await
        .into_iter()
        .map(|token| token.unwrap().access_token)
        .collect();
    assert!(replaced.iter().all(|token| *token == replaced[0] && *token != first));
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 2);
    assert_eq!(app.database.count("forced_refreshes", &[]).await, 1);
    app.stop().await;
}

async fn a_restart_keeps_the_token(database: Database) {
    let mut app = TestApp::start_with(database, CLIENTS).await;
    let first = token(&app, "erp-key-0123456789").await.1["data"]["access_token"].clone();
    app.restart_with(&[]).await;
    assert_eq!(token(&app, "erp-key-0123456789").await.1["data"]["access_token"], first);
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 1);
    app.stop().await;
}

async fn requests_of_programs_are_in_the_audit_log(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let first = token(&app, "erp-key-0123456789").await.1["data"]["access_token"].clone();
    report(&app, "crm-key-0123456789", &first).await;
    let of = async |who| {
        let rows = app.database.connect().await.table("audit").with("who", who).rows("what").await;
        rows.into_iter().map(|row| row["what"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("erp").await, ["access_token"]);
    assert_eq!(of("crm").await, ["access_token reported as failing"]);
    let kept = app.database.connect().await.table("audit").like("detail", "%key-0123456789%").count().await;
    assert_eq!(kept, 0);
    app.stop().await;
}

async fn a_program_that_asks_too_often_waits(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let mut refused = None;
    for _ in 0..200 {
        let (status, json) = token(&app, "erp-key-0123456789").await;
        if status != 200 {
            refused = Some((status, json));
            break;
        }
    }
    let (status, json) = refused.expect("no program needs the token 200 times at once");
    assert_eq!(status, 429);
    assert!(json["msg"].is_string() && json["data"].is_null(), "{json}");
    assert_eq!(token(&app, "crm-key-0123456789").await.0, 200, "the others go on");
    app.clock.advance(60);
    assert_eq!(token(&app, "erp-key-0123456789").await.0, 200);
    app.stop().await;
}

async fn a_token_revoked_under_64_callers_is_refreshed_once(database: Database) {
    let app = TestApp::start_with(database, CLIENTS).await;
    let other = app.second_shop().await;
    let first = app.shop.official().access_token("one").await.unwrap().access_token;
    other.official().access_token("two").await.unwrap();
    // 64 callers on two servers find out at once, and shoppers ask for their configuration meanwhile
    let storm = (0..64).map(|at| {
        let shop = if at % 2 == 0 { &app.shop } else { &other };
        shop.official().replace_access_token("storm", &first)
    });
    let pages = (0..16).map(|_| async {
        let url = format!("{}/api/wechat/jssdk?url={}/", app.url, app.url);
        app.http.get(url).send().await.unwrap().status().as_u16()
    });
    let (tokens, pages) =
        futures::future::join(futures::future::join_all(storm), futures::future::join_all(pages)).await;
    let tokens: Vec<_> = tokens.into_iter().map(|token| token.unwrap().access_token).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0] && *token != first));
    assert!(pages.iter().all(|status| *status == 200), "{pages:?}");
    assert_eq!(app.ledger().await["tokens"].as_array().unwrap().len(), 2, "one refresh for all");
    app.stop().await;
}
