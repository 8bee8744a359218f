//! The jobs of one kind do not wait for those of another, and a running job keeps its lease.

use std::time::Duration;

use serde_json::json;
use shop::JobKind;
use wechat::bill::BillDate;

use crate::{app::TestApp, database::Database, on_both, shopper::thumb};

const DAY_S: i64 = 86_400;

on_both!(
    a_slow_bill_keeps_no_other_job_waiting_and_its_lease,
    the_oldest_missed_day_is_compared_first_and_a_failing_day_stops_no_other,
);

async fn a_slow_bill_keeps_no_other_job_waiting_and_its_lease(database: Database) {
    let app = TestApp::start(database).await;
    app.control("notifications", json!({ "drop": true })).await;
    app.control("faults", json!({ "endpoint": "tradebill", "kind": "delay", "seconds": 30 })).await;
    app.tomorrow().await;
    app.until("the bill is being fetched", async || {
        app.database.number("SELECT COUNT(*) FROM jobs WHERE kind = 'bill' AND lease <> ''").await == 1
    })
    .await;
    // the server's own loop finds this payment: no notification, and nobody else asks
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.database.run("UPDATE jobs SET run_ms = 0 WHERE kind = 'query'").await;
    let began = std::time::Instant::now();
    while app.state(&order).await != "paid" {
        assert!(began.elapsed() < Duration::from_secs(15), "the query waits for the bill");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(app.database.number("SELECT COUNT(*) FROM bills").await, 0, "the bill is still being fetched");
    // two leases later, another server does not take the job
    app.clock.advance(45);
    tokio::time::sleep(Duration::from_secs(3)).await;
    app.clock.advance(45);
    let other = app.second_shop().await;
    assert_eq!(other.run_due_jobs_of(JobKind::Bill).await.unwrap().run, 0);
    app.control("faults", json!({})).await;
    app.stop().await;
}

async fn the_oldest_missed_day_is_compared_first_and_a_failing_day_stops_no_other(database: Database) {
    let app = TestApp::start(database).await;
    // a day's bill is asked for twice where WeChat is down: that is the oldest day's
    app.control("faults", json!({ "endpoint": "tradebill", "kind": "http_502", "times": 2 })).await;
    // the newest day is known already
    let newest = BillDate::of(app.shop.clock().now_ms() / 1000);
    let day = |days: i64| BillDate::of(newest.begins_at() - days * DAY_S).to_string();
    let known = format!("INSERT INTO bills VALUES ('{newest}', 0, 0, 0, 0, 0, 0, 0)");
    app.database.run(&known).await;
    assert_eq!(app.tomorrow().await, newest);
    let count = async || app.database.number("SELECT COUNT(*) FROM bills").await;
    app.until("the other days are compared", async || count().await == 6).await;
    let has = async |day: &str| {
        app.database.number(&format!("SELECT COUNT(*) FROM bills WHERE day = '{day}'")).await == 1
    };
    assert!(!has(&day(6)).await, "the oldest day failed");
    for days in 0..6 {
        assert!(has(&day(days)).await, "{days} days ago");
    }
    app.until("the failed day is made up for", async || {
        app.wait(3600).await;
        has(&day(6)).await
    })
    .await;
    app.stop().await;
}
