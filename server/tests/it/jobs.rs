//! The jobs of one kind do not wait for those of another, and a running job keeps its lease.

use std::time::Duration;

use serde_json::json;
use shop::JobKind;
use wechat::bill::BillDate;

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::thumb};

const DAY_S: i64 = 86_400;

on_both!(
    a_slow_bill_keeps_no_other_job_waiting_and_its_lease,
    the_oldest_missed_day_is_compared_first_and_a_failing_day_stops_no_other,
    a_job_that_runs_while_it_is_moved_runs_again,
);

async fn a_slow_bill_keeps_no_other_job_waiting_and_its_lease(database: Database) {
    let app = TestApp::start(database).await;
    app.control("notifications", json!({ "drop": true })).await;
    app.control("faults", json!({ "endpoint": "tradebill", "kind": "delay", "seconds": 30 })).await;
    app.tomorrow().await;
    app.until("the bill is being fetched", async || {
        app.database.connect().await.table("jobs").with("kind", "bill").without("lease", "").count().await
            == 1
    })
    .await;
    // the server's own loop finds this payment: no notification, and nobody else asks
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.database.set("jobs", "run_ms", 0, &[("kind", "query")]).await;
    let began = std::time::Instant::now();
    while app.state(&order).await != "paid" {
        assert!(began.elapsed() < Duration::from_secs(15), "the query waits for the bill");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(app.database.count("bills", &[]).await, 0, "the bill is still being fetched");
    // another server does not take the job, even if its clock is two hours ahead
    app.clock.advance(7200);
    let other = app.second_shop().await;
    assert_eq!(other.jobs().run_due_of(JobKind::Bill).await.unwrap().run, 0);
    // the server renews the lease while the job runs
    app.database.set("jobs", "leased_ms", 1, &[("kind", "bill")]).await;
    let is_over = async || app.database.number("jobs", "leased_ms", &[("kind", "bill")]).await == 1;
    let began = std::time::Instant::now();
    while is_over().await {
        assert!(began.elapsed() < Duration::from_secs(25), "the lease is not renewed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(other.jobs().run_due_of(JobKind::Bill).await.unwrap().run, 0);
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
    let zeros =
        ["compared_ms", "payments", "order_fee", "refunds", "refund_fee", "foreign_rows", "differences"];
    let mut known = vec![("day", newest.to_string().into())];
    known.extend(zeros.map(|column| (column, 0.into())));
    app.database.insert("bills", &known).await;
    assert_eq!(app.tomorrow().await, newest);
    let count = async || app.database.count("bills", &[]).await;
    app.until("the other days are compared", async || count().await == 6).await;
    let has = async |day: &str| app.database.count("bills", &[("day", day)]).await == 1;
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

async fn a_job_that_runs_while_it_is_moved_runs_again(database: Database) {
    let app = TestApp::start(database).await;
    let order = app.shopper().await.order("mug-celadon-300", 1).await;
    let (store, now_ms) = (app.shop.store(), app.shop.clock().now_ms());
    // another server runs the job, and has read the order
    let (lease, length) = ("other server".to_owned(), Duration::from_secs(60));
    let leased =
        store.lease_jobs(JobKind::Expire, 9, lease.clone(), now_ms + DAY_S * 1000, length).await.unwrap();
    assert_eq!(leased.len(), 1);
    // the shopper cancels the order, and the other server ends with what it has read
    let soon_ms = now_ms + 60_000;
    store.run_job_now(JobKind::Expire, &order, soon_ms).await.unwrap();
    store.reschedule_job(&leased[0].id, &lease, now_ms + DAY_S * 1000, "").await.unwrap();
    let run_ms = async || app.database.number("jobs", "run_ms", &[("id", &leased[0].id)]).await;
    assert_eq!(run_ms().await, soon_ms);
    store.finish_job(&leased[0].id, &lease).await.unwrap();
    assert_eq!(run_ms().await, soon_ms, "the job is still there");
    store.run_job_now(JobKind::Expire, &order, soon_ms + 1000).await.unwrap();
    assert_eq!(run_ms().await, soon_ms, "a later time changes nothing");
    app.stop().await;
}
