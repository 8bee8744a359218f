//! How refunds end: only by a verified refusal, never silently, and with the right money and pieces afterwards.

use model::{after_sale::AfterSaleState, discrepancy::DiscrepancyKind};
use serde_json::{Value, json};
use shop::{AfterSaleForm, AfterSaleRefund, OrderFilter, ParcelForm, Role, ShopError, Staff};
use test_support::Database;
use wechat::{
    Secret,
    pay::v2::notification::generate_test_notification,
    wire::{Fields, sign::SignType},
};

use crate::{
    app::{ADMIN, TestApp},
    on_both,
    refunds::unknown_refund,
    shopper::thumb,
};

on_both!(
    a_v2_refund_stays_open_after_an_inconclusive_refusal,
    a_v3_refund_stays_open_after_an_inconclusive_refusal,
    a_refund_is_signed_again_after_the_key_has_changed,
    a_refund_that_wechat_does_not_make_is_shown_until_it_has_ended,
    an_application_whose_refund_was_closed_is_open_again,
    a_reserved_amount_cannot_be_applied_for,
    a_second_payment_is_settled_once_its_refund_has_succeeded,
    a_number_of_another_refund_is_a_conflict,
    a_v2_signature_is_no_proof_for_a_v3_order,
    an_order_that_was_refunded_elsewhere_is_never_offered_for_shipping,
    an_order_with_unknown_refunds_waits_for_the_bill,
    an_order_with_an_open_refund_cannot_be_shipped,
    pieces_return_to_the_stock_when_the_refund_succeeds,
    a_refund_notification_without_the_key_is_not_acknowledged,
    a_v2_refund_notification_of_a_v3_order_is_only_a_reason_to_ask,
    a_closed_refund_returns_what_it_took_from_the_balance,
    an_expired_attempt_is_not_used_again,
);

async fn start(database: Database, api: &str) -> TestApp {
    TestApp::start_with(database, &[("WECHAT_PAY_API", api), ADMIN]).await
}

#[track_caller]
fn owner() -> Staff {
    Staff { name: "anna".parse().unwrap(), role: Role::Owner }
}

async fn refund_states(app: &TestApp, order: &str) -> Vec<String> {
    let refunds = app.shop.store().refunds_of(&order.parse().unwrap()).await.unwrap();
    refunds.iter().map(|refund| refund.state.to_string()).collect()
}

async fn open(app: &TestApp, kind: &str) -> i64 {
    app.database.count("differences", &[("kind", kind), ("resolution", "")]).await
}

/// Asks for a refund for each of these faults, then lets WeChat behave: every one of them must be made, once.
async fn outlives(app: &TestApp, endpoint: &str, faults: Vec<Value>) {
    let (order, _) = app.paid("mug-celadon-300").await;
    let mut fee = 0;
    for fault in &faults {
        let mut fault = fault.clone();
        fault["endpoint"] = json!(endpoint);
        app.control("faults", fault.clone()).await;
        fee += 1;
        let (status, answer) = app.refund(&order, json!({ "refund_fee": fee, "reason": "试退" })).await;
        assert_eq!((status, &answer["data"]["state"]), (200, &json!("requested")), "{fault}: {answer}");
        app.control("faults", json!({})).await;
    }
    // those that were asked for first may be made already
    for _ in 0..4 {
        app.wait(3600).await;
    }
    app.until("all refunds are made", async || {
        app.wait(60).await;
        refund_states(app, &order).await.iter().all(|state| state == "success")
    })
    .await;
    let made = app.ledger().await["refunds"].as_array().unwrap().len();
    assert_eq!(made, faults.len(), "each once");
    assert_eq!(open(app, "refund_closed").await, 0);
}

fn pages() -> impl Iterator<Item = Value> {
    [302, 400, 403, 404, 429, 503]
        .into_iter()
        .map(|status| json!({ "kind": "http_status", "status": status }))
}

async fn a_v2_refund_stays_open_after_an_inconclusive_refusal(database: Database) {
    let app = start(database, "v2").await;
    let unsigned = ["证书已过期", "签名错误", "系统繁忙"];
    let unsigned = unsigned.map(|message| json!({ "kind": "unsigned_error", "message": message }));
    let signed = [
        "SIGNERROR",
        "CERT_ERROR",
        "NOTENOUGH",
        "SYSTEMERROR",
        "BIZERR_NEED_RETRY",
        "INVALID_REQ_TOO_MUCH",
        "FREQUENCY_LIMITED",
        "NOAUTH",
        "ORDERNOTEXIST",
        "A_CODE_OF_TOMORROW",
    ];
    let signed = signed.map(|code| json!({ "kind": "error", "code": code }));
    outlives(&app, "refund", unsigned.into_iter().chain(signed).chain(pages()).collect()).await;
    app.stop().await;
}

async fn a_v3_refund_stays_open_after_an_inconclusive_refusal(database: Database) {
    let app = start(database, "v3").await;
    let unsigned = ["SIGN_ERROR", "NO_AUTH", "INVALID_REQUEST", "USER_ACCOUNT_ABNORMAL"];
    let unsigned = unsigned.map(|code| json!({ "kind": "unsigned_error", "code": code }));
    let signed = [
        "NO_AUTH",
        "NOT_ENOUGH",
        "FREQUENCY_LIMITED",
        "SYSTEM_ERROR",
        "MCH_NOT_EXISTS",
        "RESOURCE_NOT_EXISTS",
        "A_CODE_OF_TOMORROW",
    ];
    let signed = signed.map(|code| json!({ "kind": "error", "code": code }));
    outlives(&app, "refunds", unsigned.into_iter().chain(signed).chain(pages()).collect()).await;
    app.stop().await;
}

async fn a_refund_is_signed_again_after_the_key_has_changed(database: Database) {
    let mut app = start(database, "v2").await;
    let key = app.account().await["api_v2_key"].as_str().unwrap().to_owned();
    let (order, _) = app.paid("mug-celadon-300").await;
    app.restart_with(&[("WECHAT_API_V2_KEY", "00000000000000000000000000000000")]).await;
    let (status, answer) = app.refund(&order, json!({ "reason": "换密钥" })).await;
    assert_eq!((status, &answer["data"]["state"]), (200, &json!("requested")), "{answer}");
    app.restart_with(&[("WECHAT_API_V2_KEY", &key)]).await;
    app.wait(3600).await;
    app.wait(3600).await;
    app.until_state(&order, "refunded").await;
    let made = app.ledger().await["refunds"].clone();
    assert_eq!(made[0]["out_refund_no"], answer["data"]["out_refund_no"], "the number stays");
    assert_eq!(made.as_array().unwrap().len(), 1);
    app.stop().await;
}

async fn a_refund_that_wechat_does_not_make_is_shown_until_it_has_ended(database: Database) {
    let app = start(database, "v2").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    app.control("faults", json!({ "endpoint": "refund", "kind": "error", "code": "NOTENOUGH" })).await;
    assert_eq!(app.refund(&order, json!({ "reason": "没钱" })).await.0, 200);
    let listed = async || {
        let filter = OrderFilter { attention: true, ..OrderFilter::default() };
        app.shop.admin().orders(&Staff::at_command_line(), &filter).await.unwrap().0.len()
    };
    app.wait(3600).await;
    assert_eq!((app.shop.admin().to_do().await.unwrap().refunds, listed().await), (0, 0));
    app.wait(3700).await;
    assert_eq!((app.shop.admin().to_do().await.unwrap().refunds, listed().await), (1, 1), "after two hours");
    assert_eq!(open(&app, "refund_stuck").await, 0);
    app.wait(22 * 3600).await;
    app.until("it is a difference after a day", async || {
        app.wait(60).await;
        open(&app, "refund_stuck").await == 1
    })
    .await;
    assert_eq!(refund_states(&app, &order).await, ["requested"]);
    app.control("faults", json!({})).await;
    app.until("the refund is made", async || {
        app.wait(3600).await;
        app.state(&order).await == "refunded"
    })
    .await;
    assert_eq!((open(&app, "refund_stuck").await, app.shop.admin().to_do().await.unwrap().refunds), (0, 0));
    app.stop().await;
}

async fn a_reserved_amount_cannot_be_applied_for(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.control("faults", json!({ "endpoint": "refund", "kind": "error", "code": "NOTENOUGH" })).await;
    let wish = format!("/orders/{order}/refund-request");
    assert_eq!(app.refund(&order, json!({ "reason": "不要了" })).await.0, 200);
    assert_eq!(shopper.post(&wish, &[("reason", "不要了")]).await.status(), 409);
    assert_eq!(app.database.count("after_sales", &[]).await, 0);
    app.stop().await;
}

async fn an_application_whose_refund_was_closed_is_open_again(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let id = order.parse().unwrap();
    let own = shopper.openid.parse().unwrap();
    let asked = app.shop.after_sales().apply(&own, &id, AfterSaleForm::whole("不要了")).await.unwrap();
    let late = json!({ "endpoint": "refund", "kind": "error", "code": "TRADE_OVERDUE", "times": 1 });
    app.control("faults", late).await;
    app.shop.after_sales().refund(&owner(), &asked, AfterSaleRefund::default()).await.unwrap();
    assert_eq!(refund_states(&app, &order).await, ["closed"]);
    let state = async || app.shop.after_sales().of_order(&id).await.unwrap()[0].state;
    assert_eq!(state().await, AfterSaleState::Failed);
    assert_eq!(
        (app.shop.admin().to_do().await.unwrap().after_sales, open(&app, "refund_closed").await),
        (1, 1)
    );
    app.shop.after_sales().refund(&owner(), &asked, AfterSaleRefund::default()).await.unwrap();
    assert_eq!(state().await, AfterSaleState::Refunding);
    app.until("the second refund is made", async || {
        app.wait(60).await;
        app.state(&order).await == "refunded"
    })
    .await;
    assert_eq!(
        (app.shop.admin().to_do().await.unwrap().after_sales, open(&app, "refund_closed").await),
        (0, 0)
    );
    app.stop().await;
}

async fn a_second_payment_is_settled_once_its_refund_has_succeeded(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, first) = shopper.about_to_pay("mug-celadon-300", 1).await;
    // as if another server had believed that the first attempt is closed
    app.database.set("attempts", "state", "closed", &[("out_trade_no", &first)]).await;
    let second = shopper.pay(&order).await;
    thumb(&app, &second).await;
    app.until_state(&order, "paid").await;
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    thumb(&app, &first).await;
    app.until("the second payment is seen", async || open(&app, "second_payment").await == 1).await;
    app.until("its refund has failed", async || {
        app.wait(60).await;
        refund_states(&app, &order).await == ["closed"]
    })
    .await;
    assert_eq!(open(&app, "second_payment").await, 1, "the money is still here");
    // the order's own payment is another one: the one that is meant has to be named
    let body = json!({ "reason": "重复付款", "out_trade_no": first });
    let (status, answer) = app.refund(&order, body).await;
    assert_eq!((status, &answer["data"]["refund_fee"]), (200, &json!(5900)), "{answer}");
    app.until("it is given back", async || {
        app.wait(60).await;
        refund_states(&app, &order).await.contains(&"success".to_owned())
    })
    .await;
    assert_eq!((open(&app, "second_payment").await, open(&app, "refund_closed").await), (0, 0));
    assert_eq!(app.state(&order).await, "paid");
    let foreign = json!({ "reason": "x", "out_trade_no": "202611210000000000000000000001" });
    assert_eq!(app.refund(&order, foreign).await.0, 404);
    app.stop().await;
}

async fn a_number_of_another_refund_is_a_conflict(database: Database) {
    let app = start(database, "v2").await;
    let ((one, _), (other, _)) = (app.paid("mug-celadon-300").await, app.paid("mug-celadon-300").await);
    let body = |fee: i64| json!({ "reason": "x", "refund_fee": fee, "out_refund_no": "erp-7" });
    assert_eq!(app.refund(&one, body(100)).await.0, 200);
    assert_eq!(app.refund(&one, body(100)).await.0, 200, "the same refund");
    for (order, fee) in [(&other, 100), (&one, 200)] {
        let (status, answer) = app.refund(order, body(fee)).await;
        assert_eq!((status, &answer["code"]), (409, &json!(40908)), "{answer}");
    }
    assert_eq!(app.database.count("refunds", &[]).await, 1);
    app.stop().await;
}

async fn a_v2_signature_is_no_proof_for_a_v3_order(database: Database) {
    let app = start(database, "v3").await;
    let account = app.account().await;
    let text = |name: &str| account[name].as_str().unwrap();
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        for result in ["SUCCESS", "FAIL"] {
            let fields: Fields = [
                ("return_code", "SUCCESS"),
                ("result_code", result),
                ("appid", text("appid")),
                ("mch_id", text("mch_id")),
                ("nonce_str", "5d2b6c2a8db53831f7eda20af46e531c"),
                ("openid", "oLoad"),
                ("is_subscribe", "N"),
                ("trade_type", "JSAPI"),
                ("bank_type", "OTHERS"),
                ("total_fee", "5900"),
                ("cash_fee", "5900"),
                ("transaction_id", "4200000000202611210000000001"),
                ("out_trade_no", &number),
                ("time_end", "20261121120000"),
            ]
            .into_iter()
            .collect();
            let body = generate_test_notification(fields, &Secret::new(text("api_v2_key")), sign_type);
            let url = format!("{}/api/wechat/pay/callback", app.url);
            assert_eq!(app.http.post(url).body(body).send().await.unwrap().status(), 400, "{result}");
        }
    }
    assert_eq!(app.state(&order).await, "paying");
    assert_eq!(app.database.count("differences", &[]).await, 0);
    app.stop().await;
}

/// Paid, and given back in the merchant platform, before the shop hears of either.
async fn refunded_unheard(app: &TestApp, fee: i64) -> (String, String) {
    app.control("notifications", json!({ "drop": true })).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(app, &number).await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": fee })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    let (status, text) = shopper.call("order_status", &format!("order {order}\n")).await;
    assert_eq!(status, 200, "{text}");
    (order, number)
}

async fn an_order_that_was_refunded_elsewhere_is_never_offered_for_shipping(database: Database) {
    let app = start(database, "v2").await;
    let (order, _) = refunded_unheard(&app, 5900).await;
    assert_eq!(app.state(&order).await, "refunded");
    let shipped =
        app.shop.shipping().ship(&owner(), &order.parse().unwrap(), &ParcelForm::only("顺丰", "SF1")).await;
    assert!(matches!(shipped, Err(ShopError::NotPaid)), "{shipped:?}");
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_collect, 0);
    let (partly, _) = refunded_unheard(&app, 100).await;
    assert_eq!(app.state(&partly).await, "partly_refunded");
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_collect, 1);
    // V3 has no list of refunds; with the APIv2 key V2's serves
    let mut app = app;
    app.restart_with(&[("WECHAT_PAY_API", "v3")]).await;
    let (order, _) = refunded_unheard(&app, 5900).await;
    assert_eq!(app.database.count("attempts", &[("api", "v3")]).await, 1);
    assert_eq!(app.state(&order).await, "refunded");
    app.stop().await;
}

async fn an_order_with_unknown_refunds_waits_for_the_bill(database: Database) {
    let app =
        TestApp::start_with(database, &[("WECHAT_PAY_API", "v3"), ("WECHAT_API_V2_KEY", ""), ADMIN]).await;
    let (order, number) = refunded_unheard(&app, 100).await;
    assert_eq!((app.state(&order).await.as_str(), open(&app, "refunds_unknown").await), ("paid", 1));
    let (id, owner) = (order.parse().unwrap(), owner());
    let shipped = app.shop.shipping().ship(&owner, &id, &ParcelForm::only("顺丰", "SF1")).await;
    assert!(matches!(shipped, Err(ShopError::RefundsUnknown)), "{shipped:?}");
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_collect, 0);
    let now_s = app.shop.clock().now_ms() / 1000;
    let today = wechat::bill::BillDate::of(now_s);
    let seconds = today.begins_at() + 86_400 + 11 * 3600 - now_s;
    app.control("clock", json!({ "advance_s": seconds })).await;
    app.shop.reconciliation().compare_bill(today).await.unwrap();
    assert_eq!(app.state(&order).await, "partly_refunded");
    assert_eq!(
        (open(&app, "refunds_unknown").await, app.shop.admin().to_do().await.unwrap().to_collect),
        (0, 1)
    );
    app.shop.shipping().ship(&owner, &id, &ParcelForm::only("顺丰", "SF1")).await.unwrap();
    // or a person looks, and says so
    let (second, _) = refunded_unheard(&app, 100).await;
    assert_ne!(second, number);
    let id = app
        .shop
        .reconciliation()
        .open_discrepancies()
        .await
        .unwrap()
        .into_iter()
        .find(|known| known.kind == DiscrepancyKind::RefundsUnknown);
    let id = id.unwrap().id;
    let resolve = async || app.shop.reconciliation().resolve_discrepancy_by(&owner, &id, "退了 1 元").await;
    resolve().await.unwrap();
    assert!(matches!(resolve().await, Err(ShopError::Changed)), "it is resolved once");
    // an older version stopped after it had resolved the discrepancy, and did not release the order
    app.database.set("attempts", "refunds_unknown", 1, &[("order_id", &second)]).await;
    resolve().await.unwrap();
    app.shop
        .shipping()
        .ship(&owner, &second.parse().unwrap(), &ParcelForm::only("顺丰", "SF2"))
        .await
        .unwrap();
    app.stop().await;
}

async fn an_order_with_an_open_refund_cannot_be_shipped(database: Database) {
    let app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let id = order.parse().unwrap();
    let page = async |shopper: &mut crate::shopper::Shopper| {
        shopper.get(&format!("/orders/{order}")).await.text().await.unwrap()
    };
    let attention = OrderFilter { attention: true, ..OrderFilter::default() };
    let csv = async || app.shop.admin().export_page(&OrderFilter::default()).await.unwrap().unwrap().0;
    assert!(page(&mut shopper).await.contains("请到店自取"));
    assert_eq!(app.shop.admin().orders(&Staff::at_command_line(), &attention).await.unwrap().0.len(), 1);
    app.control("refund", json!({ "outcome": "closed", "times": 1, "after_s": 3600 })).await;
    assert_eq!(app.refund(&order, json!({ "reason": "缺货" })).await.1["data"]["state"], "processing");
    let told = page(&mut shopper).await;
    assert!(told.contains("退款处理中") && !told.contains("请到店自取"), "{told}");
    assert!(shopper.get("/orders").await.text().await.unwrap().contains("退款处理中"));
    assert_eq!(
        (
            app.shop.admin().to_do().await.unwrap().to_collect,
            app.shop.admin().orders(&Staff::at_command_line(), &attention).await.unwrap().0.len()
        ),
        (0, 0)
    );
    let listed = app.shop.admin().orders(&Staff::at_command_line(), &OrderFilter::default()).await.unwrap().0;
    assert!(!listed[0].is_to_ship());
    assert!(csv().await.contains("退款中"));
    let shipped = app.shop.shipping().ship(&owner(), &id, &ParcelForm::only("顺丰", "SF1")).await;
    assert!(matches!(shipped, Err(ShopError::NotPaid)), "{shipped:?}");
    // WeChat gives it up: the shop has the money, and owes the goods
    app.until("the refund is closed", async || {
        app.wait(3600).await;
        refund_states(&app, &order).await == ["closed"]
    })
    .await;
    assert_eq!(app.shop.admin().to_do().await.unwrap().to_collect, 1);
    assert!(csv().await.contains("已支付"));
    app.shop.shipping().ship(&owner(), &id, &ParcelForm::only("顺丰", "SF1")).await.unwrap();
    app.stop().await;
}

async fn pieces_return_to_the_stock_when_the_refund_succeeds(database: Database) {
    let app = start(database, "v2").await;
    let full = app.stock("mug-celadon-300").await;
    let (order, _) = app.paid("mug-celadon-300").await;
    let part = json!({ "reason": "部分", "refund_fee": 100, "restock": true });
    let (status, answer) = app.refund(&order, part).await;
    assert_eq!((status, &answer["code"]), (409, &json!(40945)), "{answer}");
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    for state in ["closed", "success"] {
        let (status, answer) = app.refund(&order, json!({ "reason": "缺货", "restock": true })).await;
        assert_eq!((status, &answer["data"]["restock"]), (200, &json!(true)), "{answer}");
        assert_eq!(app.stock("mug-celadon-300").await, full - 1, "not before the success");
        app.until("the refund has ended", async || {
            app.wait(60).await;
            refund_states(&app, &order).await.contains(&state.to_owned())
        })
        .await;
    }
    assert_eq!(app.stock("mug-celadon-300").await, full);
    let (sent, _) = app.paid("mug-celadon-300").await;
    app.shop
        .shipping()
        .ship(&owner(), &sent.parse().unwrap(), &ParcelForm::only("顺丰", "SF1"))
        .await
        .unwrap();
    assert_eq!(
        app.refund(&sent, json!({ "reason": "破损", "restock": true })).await.0,
        409,
        "it is not here"
    );
    // without the wish nothing returns
    let (kept, _) = app.paid("mug-celadon-300").await;
    assert_eq!(app.refund(&kept, json!({ "reason": "破损" })).await.0, 200);
    app.until("it is given back", async || {
        app.wait(60).await;
        app.state(&kept).await == "refunded"
    })
    .await;
    assert_eq!(app.stock("mug-celadon-300").await, full - 2);
    app.stop().await;
}

async fn a_refund_notification_without_the_key_is_not_acknowledged(database: Database) {
    let app =
        TestApp::start_with(database, &[("WECHAT_PAY_API", "v3"), ("WECHAT_API_V2_KEY", ""), ADMIN]).await;
    let callback = format!("{}/api/wechat/pay/refund-callback", app.url);
    app.control("account", json!({ "refund_notify_url": callback })).await;
    let (order, number) = app.paid("mug-celadon-300").await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 100 })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("staff are told", async || open(&app, "refund_notification_without_key").await == 1).await;
    // the row is written before WeChat has the answer
    app.until("the notification is refused", async || {
        app.answers(&order).await.iter().any(|answer| answer["status"] == 409)
    })
    .await;
    assert_eq!(app.state(&order).await, "paid");
    // a stranger's message of this kind is none of this merchant
    let strange = "<xml><return_code>SUCCESS</return_code><mch_id>1</mch_id><req_info>AAAA</req_info></xml>";
    assert_eq!(app.http.post(&callback).body(strange).send().await.unwrap().status(), 400);
    app.stop().await;
}

async fn a_v2_refund_notification_of_a_v3_order_is_only_a_reason_to_ask(database: Database) {
    let app = start(database, "v3").await;
    let (order, number) = app.paid("mug-celadon-300").await;
    let body = unknown_refund(&app, &number).await;
    let callback = format!("{}/api/wechat/pay/refund-callback", app.url);
    assert_eq!(app.http.post(&callback).body(body).send().await.unwrap().status(), 400);
    assert_eq!((app.state(&order).await.as_str(), refund_states(&app, &order).await.len()), ("paid", 0));
    // a true one is asked about through V3, and booked
    app.control("account", json!({ "refund_notify_url": callback })).await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 100 })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "partly_refunded").await;
    assert_eq!(
        app.database.count("events", &[("what", "refund_succeeded"), ("who", "notification")]).await,
        1
    );
    app.stop().await;
}

async fn a_closed_refund_returns_what_it_took_from_the_balance(database: Database) {
    let app = start(database, "v2").await;
    let callback = format!("{}/api/wechat/pay/refund-callback", app.url);
    app.control("account", json!({ "refund_notify_url": callback })).await;
    let mut shopper = app.shopper().await;
    let answer: Value =
        shopper.post("/api/wechat/pay/payWallet", &[("money", "10000")]).await.json().await.unwrap();
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    thumb(&app, &number).await;
    app.until_state(&number[..24], "paid").await;
    // nine tenths were spent
    app.database.set("wallets", "balance", 1000, &[]).await;
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 4000 })).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is imported", async || refund_states(&app, &number[..24]).await == ["closed"])
        .await;
    let balance = app.shop.store().balance(&shopper.openid.parse().unwrap()).await.unwrap();
    assert_eq!(balance.0, 1000, "no more returns than left");
    app.stop().await;
}

async fn an_expired_attempt_is_not_used_again(database: Database) {
    let mut app = start(database, "v2").await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    // nobody is there to close it
    app.stop_server().await;
    let attempt = app.shop.store().attempt(&number.parse().unwrap()).await.unwrap().unwrap();
    let left_s = (attempt.expires_ms - app.shop.clock().now_ms()) / 1000;
    app.clock.advance(left_s + 1);
    let ip = "127.0.0.1".parse().unwrap();
    let (payer, order) = (shopper.openid.parse().unwrap(), order.parse().unwrap());
    let paying = app.shop.payments().pay(&shopper.openid.parse().unwrap(), &payer, &order, ip).await;
    assert!(matches!(paying, Err(ShopError::OrderClosed)), "{paying:?}");
    app.stop().await;
}
