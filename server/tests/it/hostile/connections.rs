//! Connections that are opened and not used.

use std::time::{Duration, Instant};

use server::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{app::TestApp, database::Database, on_both};

on_both!(headers_without_end_are_cut_off, what_is_beyond_the_bound_waits_and_is_served);

/// So long that a busy machine answers in it, and far below what a test may take.
const SOON: Duration = Duration::from_secs(15);

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap()
}

/// Everything until the other side closes.
async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    // a reset is an end too
    let _ =
        tokio::time::timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the connection is closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn headers_without_end_are_cut_off(database: Database) {
    let limits = ConnectionLimits { headers_within: Duration::from_secs(1), ..ConnectionLimits::default() };
    let app = TestApp::start_limited(database, limits).await;
    let begun = Instant::now();
    let (mut from, mut to) = connect(&app).await.into_split();
    let dripping = tokio::spawn(async move {
        let mut sent = to.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n").await;
        while sent.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
            sent = to.write_all(b"x-drip: 1\r\n").await;
        }
    });
    let mut silent = connect(&app).await;
    let answer = rest(&mut from).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    assert_eq!(rest(&mut silent).await, "");
    assert!(begun.elapsed() >= limits.headers_within, "cut off too early");
    dripping.await.unwrap();
    // who is quick is served, on a connection that was used before too
    let mut kept = connect(&app).await;
    for _ in 0..2 {
        kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
        let mut answer = [0; 512];
        let length = kept.read(&mut answer).await.unwrap();
        assert!(String::from_utf8_lossy(&answer[..length]).starts_with("HTTP/1.1 200"));
    }
    app.stop().await;
}

async fn what_is_beyond_the_bound_waits_and_is_served(database: Database) {
    let limits = ConnectionLimits { most: 2, ..ConnectionLimits::default() };
    let app = TestApp::start_limited(database, limits).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&app).await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
        let mut answer = [0; 512];
        assert!(stream.read(&mut answer).await.unwrap() > 0);
        held.push(stream);
    }
    let mut third = connect(&app).await;
    third.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut first = [0; 1];
    let early = tokio::time::timeout(Duration::from_millis(500), third.read(&mut first)).await;
    assert!(early.is_err(), "a third connection was served beside two");
    held.pop();
    assert!(rest(&mut third).await.contains("200 OK"));
    drop(held);
    app.stop().await;
}
