//! What belongs to somebody else.

use super::{
    Case, nothing_changes,
    wire::{Request, get, post, request},
};
use crate::{app::TestApp, on_both, shopper::thumb};
use test_support::Database;

on_both!(the_order_of_another_shopper_is_not_found);

async fn the_order_of_another_shopper_is_not_found(database: Database) {
    let app = TestApp::start(database).await;
    let mut owner = app.shopper().await;
    let (paid, number) = owner.about_to_pay("mug-celadon-300", 1).await;
    thumb(&app, &number).await;
    app.until_state(&paid, "paid").await;
    let (paying, attempt) = owner.about_to_pay("mug-celadon-450", 1).await;
    let created = owner.order("test-sticker-1", 1).await;
    let origin = format!("origin: {}", app.url);
    let cookie = format!("cookie: session={}", app.shopper().await.cookies["session"]);
    let other = |request: Request| request.with(origin.clone()).with(cookie.clone());
    let page = |path: &str| other(get(path));
    let tap = |id: &str, what: &str| other(post(&format!("/orders/{id}/{what}"))).form("");
    let call = |name: &str, id: &str| {
        let request = other(post(&format!("/api/fn/{name}"))).with("content-type: text/plain;charset=utf-8");
        request.body(format!("order {id}\n"))
    };
    let cases: Vec<Case> = vec![
        ("the page of an order that was paid", page(&format!("/orders/{paid}")), 404),
        ("the page of one that is being paid", page(&format!("/orders/{paying}")), 404),
        ("its confirmation", page(&format!("/orders/{created}/confirm")), 404),
        ("its payment's page", page(&format!("/orders/{paying}/pay")), 404),
        ("HEAD of its page", other(request("HEAD", &format!("/orders/{paying}"))), 404),
        ("HEAD of its page, as nobody", request("HEAD", &format!("/orders/{paying}")), 404),
        ("its payment", tap(&created, "pay"), 404),
        ("the payment that was begun", tap(&paying, "pay"), 404),
        ("the payment of what is paid", tap(&paid, "pay"), 404),
        ("its end", tap(&created, "cancel"), 404),
        ("the end of what is being paid", tap(&paying, "cancel"), 404),
        ("the end of what is paid", tap(&paid, "cancel"), 404),
        ("its payment by an island", call("pay", &created), 404),
        ("the payment that was begun, by an island", call("pay", &paying), 404),
        ("its state", call("order_status", &paying), 404),
        ("the state of what is paid", call("order_status", &paid), 404),
        ("by the attempt's number", call("order_status", &attempt), 404),
        ("an id of 27 digits", tap(&"1".repeat(27), "pay"), 404),
        ("an id of one digit", tap("1", "pay"), 404),
        ("an id with a zero before it", tap(&format!("0{created}"), "cancel"), 404),
        ("an id with a blank behind it", tap(&format!("{created}%20"), "cancel"), 404),
        ("an id with a NUL behind it", tap(&format!("{created}%00"), "cancel"), 404),
        ("an id in full-width digits", tap("%EF%BC%91", "cancel"), 404),
        ("an id with a way up", tap(&format!("x%2f..%2f{created}"), "cancel"), 404),
        ("SQL for an id", tap("1'%20OR%20'1'='1", "cancel"), 404),
        ("markup for an id", page("/orders/%3Chostile%3E"), 404),
        (
            "through the mini program, without its link's key",
            other(post("/api/miniprogram/pay")).json(&format!(r#"{{"order":"{created}","key":""}}"#)),
            401,
        ),
    ];
    nothing_changes(&app, cases).await;
    assert_eq!(app.state(&created).await, "created");
    app.stop().await;
}
