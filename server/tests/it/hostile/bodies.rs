//! Bodies that do not end.

use std::time::{Duration, Instant};
use test_support::Database;

use super::{
    CALLBACK, Case, REFUND_CALLBACK, nothing_changes,
    wire::{Answer, Request, post},
};
use crate::{app::TestApp, on_both};

on_both!(a_body_without_end_is_cut_off, a_slow_body_is_not_waited_for);

const KILOBYTES: &str = "1000\r\n";

async fn a_body_without_end_is_cut_off(database: Database) {
    let app = TestApp::start(database).await;
    let origin = format!("origin: {}", app.url);
    // chunks of 4,096 bytes, one after the other
    let chunk: &'static str = Box::leak(format!("{KILOBYTES}{}\r\n", "x".repeat(4096)).into_boxed_str());
    let endless = |path: &str| post(path).with(origin.clone()).endless(chunk);
    let cases: Vec<Case> = vec![
        ("a notification without end", endless(CALLBACK), 413),
        ("a refund without end", endless(REFUND_CALLBACK), 413),
        (
            "a login without end",
            endless("/api/miniprogram/login").with("content-type: application/json"),
            400,
        ),
        ("a server function without end", endless("/api/fn/pay").with("content-type: text/plain"), 400),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

/// Ten seconds for a notification, while the others go on.
async fn a_slow_body_is_not_waited_for(database: Database) {
    let app = TestApp::start(database).await;
    let slow: Vec<Request> = vec![
        post(CALLBACK).with("content-length: 1000").body("<xml>"),
        post(CALLBACK).endless("1\r\nx\r\n"),
        post(REFUND_CALLBACK).with("transfer-encoding: chunked").body("5\r\n<xml>\r\n"),
    ];
    let before = Instant::now();
    let waiting = futures::future::join_all(slow.iter().map(|request| request.send(&app.url)));
    let (answers, ()): (Vec<Answer>, ()) = futures::future::join(waiting, async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (order, number) = app.shopper().await.about_to_pay("test-sticker-1", 1).await;
        crate::shopper::thumb(&app, &number).await;
        app.until_state(&order, "paid").await;
    })
    .await;
    for answer in answers {
        assert_eq!(answer.status, 408, "{answer:?}");
        assert!(!answer.body.contains("SUCCESS"), "{answer:?}");
    }
    assert!(before.elapsed() < Duration::from_secs(19));
    app.stop().await;
}
