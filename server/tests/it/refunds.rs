//! Money given back: asked for by the merchant, by the shop itself, or in the merchant platform.

use serde_json::{Value, json};
use wechat::{Secret, pay::v2::refund_notification::generate_test_notification, wire::Fields};

use test_support::Database;

use crate::{
    app::{ADMIN, ADMIN_KEY, TestApp},
    on_both,
    shopper::thumb,
};

on_both!(
    a_whole_refund_over_v2,
    a_whole_refund_over_v3,
    a_coupon_order_is_refunded_in_three_parts,
    trap_16_refunds_at_once_never_give_back_more_than_was_paid,
    trap_16_a_refund_whose_answer_was_lost_is_one_refund,
    a_refund_waits_for_the_merchants_balance,
    a_refused_refund_gives_its_amount_back,
    a_closed_refund_may_be_made_again_under_a_new_number,
    an_abnormal_refund_stays_reserved_and_needs_staff,
    a_payment_that_the_order_does_not_need_is_given_back,
    a_top_up_leaves_the_balance_before_it_is_refunded,
    a_v2_refund_made_elsewhere_is_imported,
    a_v3_refund_made_elsewhere_is_imported,
    trap_13_a_v2_refund_notification_is_no_proof,
    refunds_continue_after_a_switch_of_the_api_version,
    only_the_merchants_programs_may_refund,
);

async fn start(database: Database, api: &str) -> TestApp {
    TestApp::start_with(database, &[("WECHAT_PAY_API", api), ADMIN]).await
}

async fn seen(app: &TestApp, order: &str) -> Value {
    let url = format!("{}/api/admin/orders/{order}", app.url);
    let answer = app.http.get(url).bearer_auth(ADMIN_KEY).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["data"].clone()
}

/// WeChat's refunds of an order.
async fn at_wechat(app: &TestApp, order: &str) -> Vec<Value> {
    let ledger = app.ledger().await;
    let rows = ledger["refunds"].as_array().unwrap().clone();
    rows.into_iter().filter(|row| row["out_trade_no"].as_str().unwrap().starts_with(order)).collect()
}

async fn a_whole_refund(database: Database, api: &str) {
    let app = start(database, api).await;
    let (order, number) = app.paid("mug-celadon-300").await;
    let (status, answer) = app.refund(&order, json!({ "reason": "不想要了" })).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["data"]["state"], "processing");
    assert_eq!(answer["data"]["refund_fee"], 5900);
    assert_eq!(app.state(&order).await, "paid", "accepted is not refunded");
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "refunded").await;
    let wechat = at_wechat(&app, &order).await;
    assert_eq!(wechat.len(), 1);
    assert_eq!(wechat[0]["refund_fee"], 5900);
    let order = seen(&app, &order).await;
    assert_eq!(order["attempts"][0]["refunded"], 5900);
    assert_eq!(order["attempts"][0]["refunding"], 0);
    assert_eq!(order["refunds"][0]["out_refund_no"], wechat[0]["out_refund_no"]);
    assert_eq!(order["refunds"][0]["out_trade_no"], *number);
    assert_eq!(order["refunds"][0]["refund_id"], wechat[0]["refund_id"]);
    let (status, answer) = app.refund(order["id"].as_str().unwrap(), json!({ "reason": "再来" })).await;
    assert_eq!(status, 409, "{answer}");
    app.stop().await;
}

async fn a_whole_refund_over_v2(database: Database) {
    a_whole_refund(database, "v2").await;
}

async fn a_whole_refund_over_v3(database: Database) {
    a_whole_refund(database, "v3").await;
}

async fn a_coupon_order_is_refunded_in_three_parts(database: Database) {
    for api in ["v2", "v3"] {
        let database =
            if database.url.starts_with("sqlite:") { Database::sqlite() } else { Database::postgres().await };
        let app = start(database, api).await;
        let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
        let thumb = json!({ "out_trade_no": number, "outcome": "ok", "coupon_fee": 1000 });
        app.control("pay", thumb).await;
        app.until_state(&order, "paid").await;
        assert_eq!(seen(&app, &order).await["attempts"][0]["payer_total"], 4900);
        for (part, fee) in [2000, 2000, 1900].into_iter().enumerate() {
            let (status, answer) = app.refund(&order, json!({ "refund_fee": fee, "reason": "部分" })).await;
            assert_eq!(status, 200, "{api} {part}: {answer}");
            // WeChat wants a minute between two parts
            app.wait(61).await;
            let state = if part == 2 { "refunded" } else { "partly_refunded" };
            app.until_state(&order, state).await;
            app.until("each part is refunded", async || {
                seen(&app, &order).await["refunds"][part]["state"] == "success"
            })
            .await;
        }
        assert_eq!(at_wechat(&app, &order).await.len(), 3);
        assert_eq!(app.database.sum("refunds", "refund_fee", &[]).await, 5900);
        let back = app.database.sum("refunds", "payer_refund", &[]).await;
        assert_eq!(back, 4900, "what the payer paid goes back, the coupon does not");
        app.stop().await;
    }
}

async fn trap_16_refunds_at_once_never_give_back_more_than_was_paid(database: Database) {
    let app = start(database, "v3").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    let asks = (0..10).map(|_| app.refund(&order, json!({ "refund_fee": 2500, "reason": "并发" })));
    let answers = futures::future::join_all(asks).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 2, "{answers:?}");
    assert!(answers.iter().all(|(status, _)| [200, 409].contains(status)));
    for _ in 0..5 {
        app.wait(61).await;
    }
    assert_eq!(app.database.sum("attempts", "refunded + refunding", &[]).await, 5000);
    assert!(at_wechat(&app, &order).await.len() <= 2);
    // asked for twice under a number of the asker's own, it is one refund
    let own = json!({ "refund_fee": 300, "reason": "一次", "out_refund_no": "erp-1" });
    let (first, again) = (app.refund(&order, own.clone()).await, app.refund(&order, own).await);
    assert_eq!((first.0, again.0), (200, 200), "{first:?} {again:?}");
    assert_eq!(app.database.count("refunds", &[]).await, 3);
    app.stop().await;
}

async fn trap_16_a_refund_whose_answer_was_lost_is_one_refund(database: Database) {
    let app = start(database, "v2").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    // every answer is lost, after the refund was made
    app.control("faults", json!({ "endpoint": "refund", "kind": "hang_up_after", "times": 8 })).await;
    let (status, answer) = app.refund(&order, json!({ "reason": "断线" })).await;
    assert_eq!((status, &answer["data"]["state"]), (200, &json!("requested")), "{answer}");
    app.control("faults", json!({})).await;
    app.wait(30).await;
    app.wait(30).await;
    app.until_state(&order, "refunded").await;
    assert_eq!(at_wechat(&app, &order).await.len(), 1);
    app.stop().await;
}

async fn a_refund_waits_for_the_merchants_balance(database: Database) {
    let app = start(database, "v2").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    let fault = json!({ "endpoint": "refund", "kind": "error", "code": "NOTENOUGH", "message": "余额不足" });
    app.control("faults", fault).await;
    let (status, answer) = app.refund(&order, json!({ "reason": "没钱" })).await;
    assert_eq!((status, &answer["data"]["state"]), (200, &json!("requested")), "{answer}");
    app.wait(10).await;
    let order_now = seen(&app, &order).await;
    assert_eq!(order_now["attempts"][0]["refunding"], 5900);
    assert!(order_now["refunds"][0]["last_error"].as_str().unwrap().contains("NOTENOUGH"));
    app.control("faults", json!({})).await;
    app.wait(120).await;
    app.wait(120).await;
    app.until_state(&order, "refunded").await;
    assert_eq!(at_wechat(&app, &order).await[0]["out_refund_no"], answer["data"]["out_refund_no"]);
    app.stop().await;
}

async fn a_refused_refund_gives_its_amount_back(database: Database) {
    let app = start(database, "v2").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    let fault = json!({ "endpoint": "refund", "kind": "error", "code": "TRADE_OVERDUE", "message": "订单已超过退款期限", "times": 1 });
    app.control("faults", fault).await;
    let (status, answer) = app.refund(&order, json!({ "reason": "太晚" })).await;
    assert_eq!((status, &answer["data"]["state"]), (200, &json!("closed")), "{answer}");
    assert!(answer["data"]["last_error"].as_str().unwrap().contains("TRADE_OVERDUE"));
    assert_eq!(seen(&app, &order).await["attempts"][0]["refunding"], 0);
    assert_eq!(app.state(&order).await, "paid");
    app.stop().await;
}

async fn a_closed_refund_may_be_made_again_under_a_new_number(database: Database) {
    let app = start(database, "v3").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    let (status, first) = app.refund(&order, json!({ "reason": "一" })).await;
    assert_eq!(status, 200, "{first}");
    assert_eq!(
        app.refund(&order, json!({ "reason": "二" })).await.0,
        409,
        "it is reserved until WeChat says so"
    );
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is closed", async || seen(&app, &order).await["refunds"][0]["state"] == "closed")
        .await;
    assert_eq!(app.state(&order).await, "paid");
    let (status, answer) = app.refund(&order, json!({ "reason": "二" })).await;
    assert_eq!(status, 200, "{answer}");
    assert_ne!(answer["data"]["out_refund_no"], first["data"]["out_refund_no"]);
    app.control("clock", json!({ "advance_s": 65 })).await;
    app.wait(30).await;
    app.wait(30).await;
    app.until_state(&order, "refunded").await;
    app.stop().await;
}

async fn an_abnormal_refund_stays_reserved_and_needs_staff(database: Database) {
    for api in ["v2", "v3"] {
        let database =
            if database.url.starts_with("sqlite:") { Database::sqlite() } else { Database::postgres().await };
        let app = start(database, api).await;
        let (order, _) = app.paid("mug-celadon-300").await;
        app.control("refund", json!({ "outcome": "abnormal", "times": 1 })).await;
        assert_eq!(app.refund(&order, json!({ "reason": "销户" })).await.0, 200);
        app.wait(20).await;
        app.until("the refund is abnormal", async || {
            seen(&app, &order).await["refunds"][0]["state"] == "abnormal"
        })
        .await;
        assert_eq!(seen(&app, &order).await["attempts"][0]["refunding"], 5900);
        assert_eq!(app.refund(&order, json!({ "reason": "再试" })).await.0, 409);
        assert_eq!(app.database.count("differences", &[("kind", "refund_abnormal")]).await, 1);
        app.stop().await;
    }
}

async fn a_payment_that_the_order_does_not_need_is_given_back(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, first) = shopper.about_to_pay("mug-celadon-300", 1).await;
    // as if another server had believed that the first attempt is closed
    app.database.set("attempts", "state", "closed", &[("out_trade_no", &first)]).await;
    let second = shopper.pay(&order).await;
    assert_ne!(first, second);
    thumb(&app, &second).await;
    app.until_state(&order, "paid").await;
    thumb(&app, &first).await;
    app.until("the second payment is seen", async || {
        app.database.count("differences", &[("kind", "second_payment")]).await == 1
    })
    .await;
    app.wait(1).await;
    app.wait(30).await;
    app.until("it is given back", async || {
        let refunds = at_wechat(&app, &order).await;
        refunds.len() == 1 && refunds[0]["out_trade_no"] == *first && refunds[0]["refund_fee"] == 5900
    })
    .await;
    app.wait(30).await;
    app.until("the books say so", async || seen(&app, &order).await["refunds"][0]["state"] == "success")
        .await;
    assert_eq!(app.state(&order).await, "paid", "the order keeps its own payment");
    app.stop().await;
}

async fn a_top_up_leaves_the_balance_before_it_is_refunded(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let answer: Value =
        shopper.post("/api/wechat/pay/payWallet", &[("money", "10000")]).await.json().await.unwrap();
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    let order = number[..24].to_owned();
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let balance = async || app.shop.store().balance(&shopper.openid.parse().unwrap()).await.unwrap().0;
    assert_eq!(balance().await, 10000);
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    assert_eq!(app.refund(&order, json!({ "refund_fee": 4000, "reason": "退充值" })).await.0, 200);
    assert_eq!(balance().await, 6000, "it has left before WeChat is done");
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is closed", async || balance().await == 10000).await;
    // what was spent cannot be refunded
    app.database.set("wallets", "balance", 100, &[]).await;
    let (status, answer) = app.refund(&order, json!({ "reason": "退充值" })).await;
    assert_eq!((status, &answer["code"]), (409, &json!(40907)), "{answer}");
    assert_eq!(balance().await, 100);
    app.stop().await;
}

async fn imported(database: Database, api: &str) {
    let app = start(database, api).await;
    let callback = format!("{}/api/wechat/pay/refund-callback", app.url);
    app.control("account", json!({ "refund_notify_url": callback })).await;
    app.control("notifications", json!({ "duplicate": 2 })).await;
    let (order, number) = app.paid("mug-celadon-300").await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 100 })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "partly_refunded").await;
    app.until("the refund is acknowledged", async || {
        let ledger = app.ledger().await;
        let rows = ledger["notifications"].as_array().unwrap().clone();
        rows.iter().any(|row| row["kind"] == "refund" && is_acknowledged(row))
    })
    .await;
    let order = seen(&app, &order).await;
    assert_eq!(order["refunds"].as_array().unwrap().len(), 1);
    assert_eq!(order["refunds"][0]["who"], "elsewhere");
    assert_eq!(order["attempts"][0]["refunded"], 100);
    app.stop().await;
}

#[track_caller]
fn is_acknowledged(row: &Value) -> bool {
    let attempts = row["attempts"].as_array().unwrap();
    attempts.len() >= 3 && attempts.iter().all(|attempt| attempt["acknowledged"] == true)
}

async fn a_v2_refund_made_elsewhere_is_imported(database: Database) {
    imported(database, "v2").await;
}

async fn a_v3_refund_made_elsewhere_is_imported(database: Database) {
    imported(database, "v3").await;
}

/// V2's notification of a whole refund of a mug: it decrypts, but WeChat knows of no such refund.
pub(crate) async fn unknown_refund(app: &TestApp, number: &str) -> String {
    let account = app.account().await;
    let text = |name: &str| account[name].as_str().unwrap();
    let fields: Fields = [
        ("out_trade_no", number),
        ("transaction_id", "4200000000202611210000000001"),
        ("out_refund_no", "1"),
        ("refund_id", "50000000000000000000000000000"),
        ("total_fee", "5900"),
        ("refund_fee", "5900"),
        ("refund_status", "SUCCESS"),
    ]
    .into_iter()
    .collect();
    generate_test_notification(fields, text("appid"), text("mch_id"), &Secret::new(text("api_v2_key")))
}

async fn trap_13_a_v2_refund_notification_is_no_proof(database: Database) {
    let app = start(database, "v2").await;
    let (order, number) = app.paid("mug-celadon-300").await;
    let body = unknown_refund(&app, &number).await;
    let answer =
        app.http.post(format!("{}/api/wechat/pay/refund-callback", app.url)).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("FAIL"));
    assert_eq!(app.state(&order).await, "paid");
    assert_eq!(app.database.count("refunds", &[]).await, 0);
    app.stop().await;
}

async fn refunds_continue_after_a_switch_of_the_api_version(database: Database) {
    let mut app = start(database, "v2").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.control("faults", json!({ "endpoint": "refund", "kind": "http_502" })).await;
    assert_eq!(app.refund(&order, json!({ "reason": "换代" })).await.0, 200);
    app.restart_with(&[("WECHAT_PAY_API", "v3")]).await;
    app.control("faults", json!({})).await;
    app.wait(60).await;
    app.wait(60).await;
    app.until_state(&order, "refunded").await;
    assert_eq!(at_wechat(&app, &order).await.len(), 1);
    app.stop().await;
}

async fn only_the_merchants_programs_may_refund(database: Database) {
    let app = start(database, "v3").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    let url = format!("{}/api/admin/orders/{order}/refunds", app.url);
    for key in ["", "erp", "erp-admin-key-012345678"] {
        let answer =
            app.http.post(&url).bearer_auth(key).json(&json!({ "reason": "x" })).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{key}");
    }
    for body in [
        json!({}),
        json!({ "reason": "" }),
        json!({ "reason": "x".repeat(81) }),
        json!({ "reason": "退".repeat(27) }),
        json!({ "reason": "x", "refund_fee": 1.5 }),
        json!({ "reason": "x", "refund_fee": "100" }),
        json!({ "reason": "x", "out_refund_no": "a b" }),
    ] {
        assert_eq!(app.refund(&order, body.clone()).await.0, 400, "{body}");
    }
    for fee in [0, -1, 5901, i64::MAX, i64::MIN] {
        assert_eq!(app.refund(&order, json!({ "reason": "x", "refund_fee": fee })).await.0, 409, "{fee}");
    }
    assert_eq!(app.refund("1", json!({ "reason": "x" })).await.0, 404);
    let mut shopper = app.shopper().await;
    let unpaid = shopper.order("test-sticker-1", 1).await;
    assert_eq!(app.refund(&unpaid, json!({ "reason": "x" })).await.0, 409);
    assert_eq!(shopper.get(&format!("/api/admin/orders/{order}")).await.status(), 401, "a session is no key");
    assert_eq!(app.database.count("refunds", &[]).await, 0);
    app.stop().await;
}
