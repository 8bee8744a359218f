//! Limits of requests, holds and connections, security headers, and copies of the database.

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::location};

on_both!(
    an_address_that_changes_too_much_waits_and_reading_goes_on,
    a_shopper_who_taps_too_much_waits,
    responses_have_the_security_headers,
    a_shopper_cancels_an_order,
    the_order_of_another_shopper_cannot_be_cancelled,
    a_backup_is_a_whole_database,
);

async fn an_address_that_changes_too_much_waits_and_reading_goes_on(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_RATE_PER_ADDRESS", "20")]).await;
    let post = async || {
        let request = app.http.post(format!("{}/orders", app.url)).header("origin", &app.url);
        request.form(&[("sku", "test-sticker-1"), ("quantity", "1")]).send().await.unwrap().status().as_u16()
    };
    let mut statuses = Vec::new();
    for _ in 0..30 {
        statuses.push(post().await);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 10, "{statuses:?}");
    assert_eq!(app.http.get(&app.url).send().await.unwrap().status(), 200);
    // notifications have a queue of their own
    let callback = format!("{}/api/wechat/pay/callback", app.url);
    assert_eq!(app.http.post(callback).body("<xml/>").send().await.unwrap().status(), 400);
    // who says to come from elsewhere is not believed
    let forwarded = app.http.post(format!("{}/orders", app.url)).header("x-forwarded-for", "1.2.3.4");
    assert_eq!(forwarded.header("origin", &app.url).send().await.unwrap().status(), 429);
    app.clock.advance(60);
    assert_ne!(post().await, 429);
    app.stop().await;
}

async fn a_shopper_who_taps_too_much_waits(database: Database) {
    let app = TestApp::start(database).await;
    let (mut hasty, mut other) = (app.shopper().await, app.shopper().await);
    let mut last = 200;
    for _ in 0..400 {
        last = hasty.call("order_status", "order 1\nask 0\n").await.0;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_ne!(other.call("order_status", "order 1\nask 0\n").await.0, 429, "others go on");
    app.stop().await;
}

async fn responses_have_the_security_headers(database: Database) {
    let app = TestApp::start(database).await;
    let page = app.http.get(&app.url).send().await.unwrap();
    let header = |name: &str| page.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("x-frame-options").as_deref(), Some("DENY"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    assert_eq!(header("referrer-policy").as_deref(), Some("strict-origin-when-cross-origin"));
    let policy = header("content-security-policy").unwrap();
    for part in
        ["frame-src weixin:", "form-action 'self'", "script-src 'self'", "'wasm-unsafe-eval'", "sha256-"]
    {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("nonce-"), "{policy}");
    assert_eq!(header("x-request-id").unwrap().len(), 16);
    assert_eq!(header("strict-transport-security"), None, "this shop has no TLS in front of it");
    app.stop().await;
}

async fn a_shopper_cancels_an_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let before = app.stock("mug-celadon-300").await;
    // untouched: at once
    let order = shopper.order("mug-celadon-300", 2).await;
    let answer = shopper.post(&format!("/orders/{order}/cancel"), &[]).await;
    assert_eq!(location(&answer), format!("/orders/{order}"));
    assert_eq!(app.state(&order).await, "closed");
    let page = shopper.get(&format!("/orders/{order}")).await.text().await.unwrap();
    assert!(page.contains("已取消") && page.contains("您已取消订单"), "{page}");
    assert_eq!(app.stock("mug-celadon-300").await, before);
    // with an attempt: WeChat confirms first, five minutes after it was made
    let (order, _) = shopper.about_to_pay("mug-celadon-300", 2).await;
    shopper.post(&format!("/orders/{order}/cancel"), &[]).await;
    assert_eq!(app.state(&order).await, "closing");
    assert_eq!(app.stock("mug-celadon-300").await, before - 2);
    app.clock.advance(301);
    app.shop.jobs().run_due().await.unwrap();
    app.until_state(&order, "closed").await;
    assert_eq!(app.at_wechat(&order).await[0]["trade_state"], "CLOSED");
    assert_eq!(app.stock("mug-celadon-300").await, before);
    app.stop().await;
}

async fn the_order_of_another_shopper_cannot_be_cancelled(database: Database) {
    let app = TestApp::start(database).await;
    let order = app.shopper().await.order("test-sticker-1", 1).await;
    let mut other = app.shopper().await;
    for path in ["cancel", "pay"] {
        assert_eq!(other.post(&format!("/orders/{order}/{path}"), &[]).await.status(), 404, "{path}");
    }
    assert_eq!(
        other.post_from(Some("https://evil.test"), &format!("/orders/{order}/cancel"), &[]).await.status(),
        403
    );
    assert_eq!(app.state(&order).await, "created");
    app.stop().await;
}

async fn a_backup_is_a_whole_database(database: Database) {
    let app = TestApp::start(database).await;
    let order = app.shopper().await.order("test-sticker-1", 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop's copy.db").display().to_string();
    let done = app.shop.store().back_up(&file).await;
    if app.database.url.starts_with("sqlite:") {
        done.unwrap();
        assert!(app.shop.store().back_up(&file).await.is_err(), "it replaces nothing");
        let copy = store::Store::open(&format!("sqlite://{file}")).await.unwrap();
        assert!(copy.order(&order.parse().unwrap()).await.unwrap().is_some());
    } else {
        assert!(done.unwrap_err().to_string().contains("pg_dump"));
    }
    app.stop().await;
}
