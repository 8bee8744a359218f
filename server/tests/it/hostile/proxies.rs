//! Where a request says that it comes from, and by which name it calls the shop.

use super::{
    Case, nothing_changes,
    wire::{Answer, get},
};
use crate::{app::TestApp, on_both};
use test_support::Database;

on_both!(
    no_request_names_the_shop,
    a_stranger_cannot_read_the_metrics,
    a_client_behind_an_unlisted_proxy_cannot_read_the_metrics,
);

const LIES: [&[&str]; 6] = [
    &["host: evil.test"],
    &["x-forwarded-host: evil.test", "x-forwarded-proto: https", "x-forwarded-port: 443"],
    &["forwarded: host=evil.test;proto=https;for=1.2.3.4"],
    &["x-original-url: /admin", "x-rewrite-url: //evil.test/", "x-host: evil.test"],
    &["host: evil.test", "host: evil.test"],
    &["host: evil.test\u{e9}"],
];

/// Every address that the shop gives away is under SHOP_PUBLIC_URL.
async fn no_request_names_the_shop(database: Database) {
    let app = TestApp::start(database).await;
    let redirect_uri = app.url.replace(':', "%3A").replace('/', "%2F");
    for lies in LIES {
        for path in ["/", "/products/mug-celadon", "/api/miniprogram/products", "/no-such-page"] {
            let Answer { body, head, .. } = get(path).with_all(lies).send(&app.url).await;
            assert!(!body.contains("evil.test") && !head.contains("evil.test"), "{path} {lies:?}: {head}");
        }
        let login = get("/api/wechat/redirect?callback=%2Forders").with_all(lies).send(&app.url).await;
        if login.status == 400 {
            // what HTTP itself does not take
            continue;
        }
        assert_eq!(login.status, 302, "{lies:?}");
        let location = login.header("location").unwrap();
        assert!(location.contains(&format!("redirect_uri={redirect_uri}")), "{lies:?}: {location}");
        assert!(
            !login.head.contains("evil.test") && !login.head.contains("Secure"),
            "{lies:?}: {}",
            login.head
        );
        let orders = get("/orders").with("user-agent: MicroMessenger").with_all(lies).send(&app.url).await;
        assert!(orders.header("location").unwrap().starts_with("/api/wechat/redirect?"), "{}", orders.head);
        let page = format!("{}/", app.url).replace("127.0.0.1", "evil.test");
        let jssdk = get(&format!("/api/wechat/jssdk?url={page}")).with_all(lies).send(&app.url).await;
        assert_eq!(jssdk.status, 400, "{lies:?}");
    }
    app.stop().await;
}

async fn a_stranger_cannot_read_the_metrics(database: Database) {
    let keys = [
        ("SHOP_TRUSTED_PROXIES", "127.0.0.1"),
        ("SHOP_ADMIN_CLIENTS", "prometheus:prometheus-key-0123"),
        ("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789"),
    ];
    let app = TestApp::start_with(database, &keys).await;
    let metrics = |lines: &[&str]| get("/metrics").with_all(lines);
    let far = "x-forwarded-for: 203.0.113.7";
    let cases: Vec<Case> = vec![
        ("from afar", metrics(&[far]), 404),
        ("from the proxy, which names nobody", metrics(&[]), 404),
        ("from the proxy, which names nobody with a word", metrics(&["x-forwarded-for: unknown"]), 404),
        ("from the proxy, which names itself", metrics(&["x-forwarded-for: 127.0.0.1"]), 404),
        ("from a private network behind the proxy", metrics(&["x-forwarded-for: 10.0.0.9"]), 200),
        ("says to come from near", metrics(&["x-forwarded-for: 127.0.0.1, 203.0.113.7"]), 404),
        ("says so in a line before", metrics(&["x-forwarded-for: 10.0.0.1", far]), 404),
        ("says so in an empty line before", metrics(&["x-forwarded-for:", far]), 404),
        (
            "says so in another header",
            metrics(&[far, "x-real-ip: 127.0.0.1", "forwarded: for=127.0.0.1"]),
            404,
        ),
        ("from afar, over IPv6", metrics(&["x-forwarded-for: 2001:db8::1"]), 404),
        ("from afar, IPv4 in IPv6", metrics(&["x-forwarded-for: ::ffff:203.0.113.7"]), 404),
        ("with another program's key", metrics(&[far, "authorization: Bearer erp-key-0123456789"]), 404),
        ("with the key's name", metrics(&[far, "authorization: Bearer prometheus"]), 404),
        ("with the key in a cookie", metrics(&[far, "cookie: key=prometheus-key-0123"]), 404),
        ("with its key", metrics(&[far, "authorization: Bearer prometheus-key-0123"]), 200),
    ];
    nothing_changes(&app, cases).await;
    app.stop().await;
}

async fn a_client_behind_an_unlisted_proxy_cannot_read_the_metrics(database: Database) {
    let mut app = TestApp::start(database).await;
    let metrics = |lines: &[&str]| get("/metrics").with_all(lines);
    let cases: Vec<Case> = vec![
        ("from this machine", metrics(&[]), 200),
        ("through a proxy", metrics(&["x-forwarded-for: 203.0.113.7"]), 404),
        ("through a proxy of the newer header", metrics(&["forwarded: for=203.0.113.7"]), 404),
        ("through a proxy of another header", metrics(&["x-real-ip: 203.0.113.7"]), 404),
        ("through a proxy that names the shop's network", metrics(&["x-forwarded-for: 10.0.0.9"]), 404),
    ];
    nothing_changes(&app, cases.clone()).await;
    // other proxies are listed, this one is not: Docker's network has an address that nobody thought of
    app.restart_with(&[("SHOP_TRUSTED_PROXIES", "10.9.9.9")]).await;
    nothing_changes(&app, cases).await;
    app.restart_with(&[("SHOP_TRUSTED_PROXIES", "")]).await;
    // over TLS somebody stands in front, who may say nothing
    app.restart_with(&[("SHOP_PUBLIC_URL", "https://shop.example.com")]).await;
    nothing_changes(&app, vec![("through a proxy that says nothing", metrics(&[]), 404)]).await;
    app.stop().await;
}
