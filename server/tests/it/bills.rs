//! WeChat's bill of yesterday against the books.

use serde_json::json;
use wechat::{
    Endpoints, Http, HttpOptions,
    pay::v2::{Client, Merchant, Trade, UnifiedOrder},
    wire::sign::SignType,
};

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

on_both!(
    a_bill_that_agrees_over_v2,
    a_bill_that_agrees_over_v3,
    a_day_without_payments_has_an_empty_report,
    a_payment_that_the_books_lack_is_queried_and_booked,
    a_payment_that_the_bill_lacks_is_a_discrepancy,
    the_daily_job_compares_yesterday_once,
    another_systems_rows_are_listed_and_not_touched,
    different_states_are_resolved_by_a_query_or_are_discrepancies,
    a_payment_of_an_order_that_a_restore_lost_is_a_discrepancy,
    a_row_that_cannot_be_read_is_shown_and_the_others_are_compared,
);

fn all_back() -> shop::RefundRequest {
    shop::RefundRequest {
        out_trade_no: None,
        fee: None,
        reason: "试退".to_owned(),
        who: "test".to_owned(),
        out_refund_no: None,
        restock: false,
    }
}

async fn agrees(database: Database, api: &str, more: &[(&str, &str)]) {
    let app = TestApp::start_with(database, &[&[("WECHAT_PAY_API", api)], more].concat()).await;
    app.paid("mug-celadon-300").await;
    let (order, _) = app.paid("test-sticker-1").await;
    let asked = all_back();
    app.shop.refunds().refund(&order.parse().unwrap(), asked).await.unwrap();
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "refunded").await;
    let report = app.shop.reconciliation().compare_bill(app.tomorrow().await).await.unwrap();
    assert_eq!((report.sums.payments, report.sums.order_fee.0), (2, 5901), "{report:?}");
    assert_eq!((report.sums.refunds, report.sums.refund_fee.0), (1, 1), "{report:?}");
    assert!(report.discrepancies.is_empty(), "{report:?}");
    app.stop().await;
}

async fn a_bill_that_agrees_over_v2(database: Database) {
    agrees(database, "v2", &[("WECHAT_API_V3_KEY", "")]).await;
}

async fn a_bill_that_agrees_over_v3(database: Database) {
    agrees(database, "v3", &[]).await;
}

async fn a_day_without_payments_has_an_empty_report(database: Database) {
    let app = TestApp::start(database).await;
    let report = app.shop.reconciliation().compare_bill(app.tomorrow().await).await.unwrap();
    assert_eq!((report.sums.payments, report.sums.refunds, report.discrepancies.len()), (0, 0, 0));
    app.stop().await;
}

async fn a_payment_that_the_books_lack_is_queried_and_booked(database: Database) {
    let app = TestApp::start(database).await;
    let (known, known_number) = app.paid("test-sticker-1").await;
    app.control("notifications", json!({ "drop": true })).await;
    app.control("refund", json!({ "out_trade_no": known_number, "refund_fee": 1 })).await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.control("refund", json!({ "out_trade_no": number, "refund_fee": 100 })).await;
    let report = app.shop.reconciliation().compare_bill(app.tomorrow().await).await.unwrap();
    let kinds: Vec<_> = report.discrepancies.iter().map(|discrepancy| discrepancy.0.as_str()).collect();
    assert_eq!(kinds, ["bill_unpaid_on_books", "bill_unknown_refund"], "{report:?}");
    assert!(report.discrepancies.iter().all(|difference| !difference.3.is_empty()), "{report:?}");
    // the refund of a payment that the books lack comes with the payment
    assert_eq!(app.state(&order).await, "partly_refunded");
    assert_eq!(app.state(&known).await, "refunded");
    assert!(
        app.shop.reconciliation().open_discrepancies().await.unwrap().is_empty(),
        "both were settled at once"
    );
    // again: now they agree
    let again = app.shop.reconciliation().compare_bill(report.day).await.unwrap();
    assert!(again.discrepancies.is_empty(), "{again:?}");
    app.stop().await;
}

async fn a_payment_that_the_bill_lacks_is_a_discrepancy(database: Database) {
    let app = TestApp::start(database).await;
    let (_, number) = app.paid("mug-celadon-300").await;
    let (_, other) = app.paid("test-sticker-1").await;
    // the books are wrong: one number is nobody's at WeChat, and one amount is another
    app.database.set("attempts", "total_fee", 2, &[("out_trade_no", &other)]).await;
    let day = app.tomorrow().await;
    let from = day.begins_at() * 1000 + 1;
    let database = app.database.connect().await;
    let copy = [
        ("out_trade_no", format!("{number}X").into()),
        ("seq", 9.into()),
        ("transaction_id", "42000".into()),
        ("paid_ms", from.into()),
    ];
    database.table("attempts").with("out_trade_no", &number).copy_with(&copy).await;
    let report = app.shop.reconciliation().compare_bill(day).await.unwrap();
    let mut kinds: Vec<_> =
        report.discrepancies.iter().map(|difference| (difference.0.as_str(), difference.1.clone())).collect();
    kinds.sort();
    assert_eq!(kinds, [("bill_amount", other), ("bill_missing_payment", format!("{number}X"))], "{report:?}");
    // WeChat was asked about the amount, and says another too
    let open = app.shop.reconciliation().open_discrepancies().await.unwrap();
    assert_eq!(open.len(), 3, "{open:?}");
    assert!(app.shop.reconciliation().resolve_discrepancy(&open[0].id, "looked at").await.unwrap());
    assert!(!app.shop.reconciliation().resolve_discrepancy(&open[0].id, "again").await.unwrap());
    assert_eq!(app.shop.reconciliation().open_discrepancies().await.unwrap().len(), 2);
    app.stop().await;
}

async fn the_daily_job_compares_yesterday_once(database: Database) {
    let app = TestApp::start(database).await;
    app.paid("mug-celadon-300").await;
    let day = app.tomorrow().await;
    app.until("the job has run", async || {
        app.shop.jobs().run_due().await.unwrap();
        app.database.count("bills", &[]).await > 0
    })
    .await;
    assert_eq!(app.database.number("bills", "payments", &[("day", &day.to_string())]).await, 1);
    assert_eq!(app.database.count("jobs", &[("kind", "bill")]).await, 1);
    app.stop().await;
}

async fn different_states_are_resolved_by_a_query_or_are_discrepancies(database: Database) {
    let app = TestApp::start(database).await;
    let (wrongly_closed, number) = app.paid("mug-celadon-300").await;
    let (wrongly_made, other) = app.paid("mug-celadon-300").await;
    let refund =
        async |order: &str| app.shop.refunds().refund(&order.parse().unwrap(), all_back()).await.unwrap();
    refund(&wrongly_closed).await;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&wrongly_closed, "refunded").await;
    app.control("refund", json!({ "outcome": "closed", "times": 1 })).await;
    let failed = refund(&wrongly_made).await.out_refund_no;
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is closed", async || {
        app.shop.store().refund(&failed).await.unwrap().unwrap().state.to_string() == "closed"
    })
    .await;
    // the books are wrong about both
    for (number, id, refund, refunded, order) in [
        (&number, &wrongly_closed, "closed", 0, "paid"),
        (&other, &wrongly_made, "success", 5900, "refunded"),
    ] {
        app.database.set("refunds", "state", refund, &[("out_trade_no", number)]).await;
        app.database.set("attempts", "refunded", refunded, &[("out_trade_no", number)]).await;
        app.database.set("orders", "state", order, &[("id", id)]).await;
    }
    let report = app.shop.reconciliation().compare_bill(app.tomorrow().await).await.unwrap();
    let kinds: Vec<_> = report.discrepancies.iter().map(|discrepancy| discrepancy.0.as_str()).collect();
    assert_eq!(kinds, ["bill_refund_state", "bill_refund_state"], "{report:?}");
    let settled = report.discrepancies.iter().filter(|difference| !difference.3.is_empty()).count();
    assert_eq!(settled, 1, "one is settled, the other is shown: {report:?}");
    assert_eq!(app.state(&wrongly_closed).await, "refunded");
    assert_eq!(app.database.number("attempts", "refunded", &[("out_trade_no", &number)]).await, 5900);
    assert_eq!(
        app.database.count("differences", &[("kind", "bill_refund_state"), ("resolution", "")]).await,
        1
    );
    app.stop().await;
}

/// Another system's order on the same merchant number, paid.
async fn paid_elsewhere(app: &TestApp, out_trade_no: &str) {
    paid_elsewhere_for(app, out_trade_no, "a book").await;
}

async fn paid_elsewhere_for(app: &TestApp, out_trade_no: &str, body: &str) {
    let account = app.account().await;
    let text = |name: &str| account[name].as_str().unwrap();
    let endpoints = Endpoints::default().with_mch_backup(None).unwrap().with_mch(&app.wechat_url()).unwrap();
    let merchant = Merchant::new(text("appid"), text("mch_id"), text("api_v2_key"));
    let openid = app.stranger().await.openid;
    let order = UnifiedOrder::new(
        body,
        out_trade_no,
        4200,
        "127.0.0.1",
        "http://127.0.0.1:9/nobody",
        Trade::Jsapi { openid },
    );
    let request = order.request(&merchant, SignType::HmacSha256, "5K8264ILTKCH16CQ2502SI8ZNMTM67VS");
    let client = Client::new(Http::new(&HttpOptions::default()).unwrap(), endpoints, merchant);
    client.unifiedorder(&request).await.unwrap();
    thumb(app, out_trade_no).await;
}

async fn another_systems_rows_are_listed_and_not_touched(database: Database) {
    let app = TestApp::start(database).await;
    app.paid("mug-celadon-300").await;
    paid_elsewhere(&app, "BOOKSHOP-1").await;
    paid_elsewhere(&app, "BOOKSHOP-2").await;
    app.control("refund", json!({ "out_trade_no": "BOOKSHOP-2", "refund_fee": 200 })).await;
    let day = app.tomorrow().await;
    let at_wechat = |ledger: serde_json::Value| {
        let rows = |name: &str| {
            let rows = ledger[name].as_array().unwrap().iter();
            rows.filter(|row| {
                row["out_trade_no"].as_str().is_some_and(|number| number.starts_with("BOOKSHOP"))
            })
            .cloned()
            .collect::<Vec<_>>()
        };
        (rows("orders"), rows("refunds"))
    };
    let before = at_wechat(app.ledger().await);
    assert_eq!((before.0.len(), before.1.len()), (2, 1));
    let report = app.shop.reconciliation().compare_bill(day).await.unwrap();
    let mut foreign = report.foreign.clone();
    foreign.sort();
    assert_eq!(foreign, ["BOOKSHOP-1", "BOOKSHOP-2", "BOOKSHOP-2"], "{report:?}");
    assert_eq!((report.sums.payments, report.sums.refunds), (1, 0), "they are not counted: {report:?}");
    assert!(report.discrepancies.is_empty(), "{report:?}");
    for table in ["attempts", "refunds", "events", "differences"] {
        let column = if table == "events" { "detail" } else { "out_trade_no" };
        let database = app.database.connect().await;
        assert_eq!(database.table(table).like(column, "%BOOKSHOP%").count().await, 0, "{table}");
    }
    assert_eq!(app.database.number("bills", "foreign_rows", &[]).await, 3);
    assert_eq!(at_wechat(app.ledger().await), before, "nobody changed them at WeChat");
    app.stop().await;
}

async fn a_payment_of_an_order_that_a_restore_lost_is_a_discrepancy(database: Database) {
    let app = TestApp::start(database).await;
    app.paid("mug-celadon-300").await;
    let lost = "20261121123456789123456701";
    paid_elsewhere(&app, lost).await;
    // no time begins this one
    paid_elsewhere(&app, "99999999999999999999999901").await;
    let day = app.tomorrow().await;
    let report = app.shop.reconciliation().compare_bill(day).await.unwrap();
    assert_eq!(report.foreign, ["99999999999999999999999901"], "{report:?}");
    let [(kind, number, detail, resolution)] = &*report.discrepancies else { panic!("{report:?}") };
    assert_eq!((kind.as_str(), &**number, &**resolution), ("unknown_order", lost, ""));
    assert!(detail.contains("restored from a backup"), "{detail}");
    assert_eq!(app.database.count("differences", &[("out_trade_no", lost), ("resolution", "")]).await, 1);
    app.stop().await;
}

async fn a_row_that_cannot_be_read_is_shown_and_the_others_are_compared(database: Database) {
    let app = TestApp::start(database).await;
    app.paid("mug-celadon-300").await;
    // what parts the columns of a bill, in the name of another program's goods
    paid_elsewhere_for(&app, "BOOKSHOP-1", "A,`book").await;
    let day = app.tomorrow().await;
    let report = app.shop.reconciliation().compare_bill(day).await.unwrap();
    assert_eq!((report.sums.payments, report.foreign.len()), (1, 0), "{report:?}");
    let kinds: Vec<_> = report.discrepancies.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["bill_unreadable_row"], "{report:?}");
    assert!(report.discrepancies[0].2.contains("BOOKSHOP-1"), "{report:?}");
    assert_eq!(app.database.count("bills", &[]).await, 1, "the day is done");
    app.stop().await;
}
