//! Connections that are opened and not used.

use std::time::{Duration, Instant};
use test_support::Database;

use server::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{app::TestApp, on_both};

on_both!(
    headers_without_end_are_cut_off,
    connections_above_the_limit_wait_and_are_served,
    clients_that_never_read_are_cut_off_and_do_not_block_the_shop,
    health_and_notifications_have_connections_of_their_own,
    one_address_does_not_take_every_connection,
    a_listed_proxy_has_as_many_connections_as_there_are,
);

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

async fn connections_above_the_limit_wait_and_are_served(database: Database) {
    let limits = ConnectionLimits { most: 2, reserved: 0, ..ConnectionLimits::default() };
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

/// Asks for pages again and again and reads none of the answers, until the server takes no more.
async fn never_read(app: &TestApp) -> Option<TcpStream> {
    let mut stream = connect(app).await;
    let ask = b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n".repeat(200);
    for _ in 0..40 {
        match tokio::time::timeout(Duration::from_millis(50), stream.write_all(&ask)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return None,
            Err(_) => break,
        }
    }
    Some(stream)
}

/// Whether the other side has closed a connection: what it has sent is read first.
async fn is_closed(mut stream: TcpStream) -> bool {
    let mut bytes = vec![0; 1 << 20];
    let ending = async {
        while let Ok(length) = stream.read(&mut bytes).await {
            if length == 0 {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(2), ending).await.is_ok()
}

async fn status(app: &TestApp, path: &str) -> u16 {
    let ask = app.http.get(format!("{}{path}", app.url)).timeout(SOON);
    ask.send().await.map_or(0, |answer| answer.status().as_u16())
}

async fn clients_that_never_read_are_cut_off_and_do_not_block_the_shop(database: Database) {
    let limits = ConnectionLimits {
        read_within: Duration::from_secs(4),
        most: 40,
        reserved: 8,
        per_address: 1000,
        ..ConnectionLimits::default()
    };
    let app = TestApp::start_limited(database, limits).await;
    let mut held = Vec::new();
    for _ in 0..40 {
        held.extend(never_read(&app).await);
    }
    assert!(held.len() >= 30, "{}", held.len());
    // every connection is taken, and nothing waits for the write deadline
    assert_eq!(status(&app, "/healthz").await, 200);
    let begun = Instant::now();
    app.until("a page is answered", async || status(&app, "/").await == 200).await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    // nobody reads them: they are closed although nothing else asks for their places
    tokio::time::sleep(limits.read_within * 2).await;
    let mut closed = 0;
    for stream in held {
        // a reader now would get the rest of what was buffered, and then the end
        closed += usize::from(is_closed(stream).await);
    }
    assert!(closed >= 30, "only {closed} were closed");
    app.stop().await;
}

/// A connection that is being used: it asks now and then, so that it is not idle.
async fn busy(app: &TestApp, count: usize) -> Vec<tokio::task::JoinHandle<()>> {
    let mut busy = Vec::new();
    for _ in 0..count {
        let mut stream = connect(app).await;
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        busy.push(tokio::spawn(async move {
            let mut ready = Some(ready);
            let mut answer = [0; 4096];
            loop {
                let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n").await;
                if asked.is_err() || !stream.read(&mut answer).await.is_ok_and(|length| length > 0) {
                    return;
                }
                if let Some(ready) = ready.take() {
                    let _ = ready.send(());
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }));
        is_ready.await.unwrap();
    }
    busy
}

async fn health_and_notifications_have_connections_of_their_own(database: Database) {
    let limits = ConnectionLimits { most: 6, reserved: 64, ..ConnectionLimits::default() };
    let app = TestApp::start_limited(database, limits).await;
    let taken = busy(&app, 6).await;
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    let page = http.get(&app.url).send().await.unwrap();
    assert_eq!(page.status(), 503);
    assert_eq!(page.headers()["retry-after"], "2");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(http.get(format!("{}{path}", app.url)).send().await.unwrap().status(), 200, "{path}");
    }
    let callback = http.post(format!("{}{}", app.url, super::CALLBACK)).body("<xml/>");
    assert_eq!(callback.send().await.unwrap().status(), 400, "it is read, and refused for what it says");
    taken.iter().for_each(tokio::task::JoinHandle::abort);
    app.until("there is room again", async || status(&app, "/").await == 200).await;
    app.stop().await;
}

async fn one_address_does_not_take_every_connection(database: Database) {
    let limits = ConnectionLimits { per_address: 3, reserved: 64, ..ConnectionLimits::default() };
    let app = TestApp::start_limited(database, limits).await;
    let taken = busy(&app, 3).await;
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    assert_eq!(http.get(&app.url).send().await.unwrap().status(), 503);
    assert_eq!(http.get(format!("{}/healthz", app.url)).send().await.unwrap().status(), 200);
    taken.iter().for_each(tokio::task::JoinHandle::abort);
    app.stop().await;
}

/// Behind a proxy every connection has the proxy's address.
async fn a_listed_proxy_has_as_many_connections_as_there_are(database: Database) {
    let limits = ConnectionLimits { per_address: 3, reserved: 64, ..ConnectionLimits::default() };
    let proxies = [("SHOP_TRUSTED_PROXIES", "127.0.0.1")];
    let app = TestApp::start_limited_with(database, limits, &proxies).await;
    let taken = busy(&app, 12).await;
    assert_eq!(app.http.get(&app.url).send().await.unwrap().status(), 200);
    taken.iter().for_each(tokio::task::JoinHandle::abort);
    app.stop().await;
}
