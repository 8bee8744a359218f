//! The database takes no writes: the server says so in one line, acknowledges nothing, and catches up later.

use std::process::Command;

use serde_json::json;
use test_support::{Database, set_postgres_read_only};

use crate::{
    app::TestApp,
    on_both,
    program::{Program, Running},
    shopper::thumb,
};

on_both!(
    a_notification_that_cannot_be_stored_is_not_acknowledged,
    reading_goes_on_after_the_database_ended_its_sessions,
);

/// Lets the system refuse every further byte, as on a full disk; or the database, as one that has become a replica.
async fn forbid_writing(database: &Database, server: &Running, forbidden: bool) {
    if database.url.starts_with("sqlite") {
        let limit = if forbidden { "--fsize=1:" } else { "--fsize=unlimited:" };
        let set = Command::new("prlimit").args(["--pid", &server.id().to_string(), limit]).status().unwrap();
        assert!(set.success());
        return;
    }
    set_postgres_read_only(&database.url, forbidden).await;
}

async fn a_notification_that_cannot_be_stored_is_not_acknowledged(database: Database) {
    let mut app = TestApp::start(database).await;
    app.stop_server().await;
    let program = Program::install();
    let server = program.start(app.variables());
    app.until("the server is ready", async || {
        app.http.get(format!("{}/readyz", app.url)).send().await.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    let (order, number) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    forbid_writing(&app.database, &server, true).await;
    thumb(&app, &number).await;
    app.until("the notification is answered", async || !app.answers(&order).await.is_empty()).await;
    let answers = app.answers(&order).await;
    assert!(
        answers.iter().all(|answer| answer["acknowledged"] == false && answer["status"] == 500),
        "{answers:?}"
    );
    assert_eq!(app.state(&order).await, "paying");

    forbid_writing(&app.database, &server, false).await;
    app.control("clock", json!({ "advance_s": 3600 })).await;
    app.until_state(&order, "paid").await;
    app.until("the notification is acknowledged", async || {
        app.answers(&order).await.iter().any(|answer| answer["acknowledged"] == true)
    })
    .await;
    let refused = app.answers(&order).await.iter().filter(|answer| answer["status"] == 500).count();
    let ended = server.stop().await;
    let lines: Vec<_> =
        ended.errors().into_iter().filter(|line| line.contains("/api/wechat/pay/callback")).collect();
    assert_eq!(lines.len(), refused, "one line for each: {}", ended.stderr);
    for line in lines {
        assert!(line.contains("was not written: it is not acknowledged"), "{line}");
        assert!(line.contains("I/O error") || line.contains("full") || line.contains("read-only"), "{line}");
    }
    app.stop().await;
}

async fn reading_goes_on_after_the_database_ended_its_sessions(database: Database) {
    let app = TestApp::start(database).await;
    let order = app.shopper().await.order("mug-celadon-300", 1).await.parse().unwrap();
    let store = app.shop.store();
    // each of them opens a connection, which stays idle
    futures::future::join_all((0..8).map(|_| store.order(&order))).await;
    if !app.database.url.starts_with("sqlite") {
        set_postgres_read_only(&app.database.url, false).await;
    }
    for _ in 0..8 {
        assert!(store.order(&order).await.unwrap().is_some());
    }
    app.stop().await;
}
