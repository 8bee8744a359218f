//! `POST /api/wechat/pay/payWallet`: topping up.

use serde_json::{Value, json};
use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{Shopper, thumb},
};

on_both!(
    a_top_up_is_credited_once_from_the_notified_amount,
    the_balance_is_the_sum_of_the_paid_top_ups,
    a_wrong_top_up_is_refused_with_a_code,
);

const PATH: &str = "/api/wechat/pay/payWallet";

async fn top_up(shopper: &mut Shopper, money: &str) -> Value {
    let answer = shopper.post(PATH, &[("money", money)]).await;
    assert_eq!(answer.status(), 200);
    let json: Value = answer.json().await.unwrap();
    assert_eq!(json["code"], 0, "{json}");
    json["data"].clone()
}

#[track_caller]
fn number(data: &Value) -> String {
    data["out_trade_no"].as_str().unwrap().to_owned()
}

async fn a_top_up_is_credited_once_from_the_notified_amount(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let data = top_up(&mut shopper, "1990").await;
    for name in ["timestamp", "nonceStr", "package", "signType", "paySign"] {
        assert!(data[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {data}");
    }
    let openid = shopper.openid.parse().unwrap();
    assert_eq!(app.shop.store().balance(&openid).await.unwrap().0, 0, "not before it is paid");
    app.control("notifications", json!({ "duplicate": 3 })).await;
    thumb(&app, &number(&data)).await;
    app.until("all copies are answered", async || app.answers(&number(&data)).await.len() >= 4).await;
    assert_eq!(app.shop.store().balance(&openid).await.unwrap().0, 1990);
    app.stop().await;
}

async fn the_balance_is_the_sum_of_the_paid_top_ups(database: Database) {
    let app = TestApp::start(database).await;
    let (mut one, mut other) = (app.shopper().await, app.shopper().await);
    let mut paid = Vec::new();
    for money in ["1", "20", "300"] {
        paid.push(number(&top_up(&mut one, money).await));
        paid.push(number(&top_up(&mut other, money).await));
    }
    let unpaid = number(&top_up(&mut one, "4000").await);
    for out_trade_no in &paid {
        thumb(&app, out_trade_no).await;
    }
    app.until("all are paid", async || app.database.count("orders", &[("state", "paid")]).await == 6).await;
    for shopper in [&one, &other] {
        assert_eq!(app.shop.store().balance(&shopper.openid.parse().unwrap()).await.unwrap().0, 321);
    }
    let (balances, moves) = (
        app.database.sum("wallets", "balance", &[]).await,
        app.database.sum("wallet_moves", "amount", &[]).await,
    );
    assert_eq!(balances, moves);
    assert!(app.at_wechat(&unpaid).await[0]["trade_state"] != "SUCCESS");
    app.stop().await;
}

async fn a_wrong_top_up_is_refused_with_a_code(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    for money in ["0", "500001", "-1", "1.5", "", "all"] {
        let answer = shopper.post(PATH, &[("money", money)]).await;
        assert_eq!(answer.status(), 400, "{money}");
        let json: Value = answer.json().await.unwrap();
        assert!(json["code"].as_i64().unwrap() > 0 && json["msg"].is_string(), "{money}: {json}");
    }
    let link = shopper.get(&format!("{PATH}?money=1")).await;
    assert_eq!(link.status(), 405);
    let json: Value = link.json().await.unwrap();
    assert!(json["code"].as_i64().unwrap() > 0 && json["msg"].is_string(), "{json}");
    let nobody = app.stranger().await.post(PATH, &[("money", "1")]).await;
    assert_eq!(nobody.status(), 401);
    assert_eq!(app.database.count("orders", &[]).await, 0);
    app.stop().await;
}
