//! Requests that change something come from a page of this site.

use test_support::Database;

use crate::{app::TestApp, on_both, shopper::location};

on_both!(
    a_form_of_another_site_is_refused,
    a_form_without_a_session_leads_to_the_login_and_back,
    outside_wechat_a_shopper_is_a_guest,
    every_page_carries_its_policy,
);

async fn a_form_of_another_site_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let form = [("sku", "mug-celadon-300"), ("quantity", "1")];
    for origin in [None, Some("https://evil.test"), Some("null"), Some("http://127.0.0.1")] {
        assert_eq!(shopper.post_from(origin, "/orders", &form).await.status(), 403, "{origin:?}");
        assert_eq!(shopper.post_from(origin, "/api/fn/pay", &form).await.status(), 403, "{origin:?}");
    }
    assert_eq!(app.database.count("orders", &[]).await, 0);
    app.stop().await;
}

async fn a_form_without_a_session_leads_to_the_login_and_back(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let sent = shopper.post("/orders", &[("sku", "mug-celadon-450"), ("quantity", "2")]).await;
    assert_eq!(sent.status(), 303);
    let back = shopper.authorized(&app, &location(&sent)).await;
    let resumed = location(&shopper.get(&back).await);
    assert_eq!(resumed, "/orders/new?sku=mug-celadon-450&quantity=2");
    let page = shopper.get(&resumed).await.text().await.unwrap();
    assert!(page.contains("138.00"), "two of 69.00 are shown: {page}");
    app.stop().await;
}

async fn outside_wechat_a_shopper_is_a_guest(database: Database) {
    let app = TestApp::start(database).await;
    let mut guest = app.stranger().await;
    guest.agent = "a browser".to_owned();
    assert!(guest.get("/orders").await.text().await.unwrap().contains("还没有订单"));
    let order = guest.order("mug-celadon-450", 2).await;
    assert!(guest.get("/orders").await.text().await.unwrap().contains(&order));
    app.stop().await;
}

async fn every_page_carries_its_policy(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    for path in [
        "/",
        "/products/mug-celadon",
        "/orders",
        "/no-such-page",
        "/api/wechat/redirect?callback=//evil.test",
    ] {
        let answer = shopper.get(path).await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(
            policy.contains("frame-src weixin:") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    assert_eq!(shopper.get("/no-such-page").await.status(), 404);
    app.stop().await;
}
