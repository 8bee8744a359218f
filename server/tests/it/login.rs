//! Login through WeChat, and what can go wrong on the way.

use serde_json::{Value, json};
use test_support::Database;

use crate::{app::TestApp, on_both, shopper::location};

const BEGIN: &str = "/api/wechat/redirect?callback=%2Forders&scope=snsapi_base";

on_both!(
    a_login_sets_a_signed_session_and_a_readable_cookie,
    a_program_gets_its_answer_as_json,
    trap_24_a_code_that_is_brought_twice_logs_in_twice,
    a_used_code_gets_a_message_and_a_link,
    trap_25_a_wrong_or_missing_state_logs_nobody_in,
    a_lost_cookie_causes_one_new_login_and_no_loop,
    a_login_of_another_browser_is_refused,
    trap_27_a_foreign_callback_is_refused,
    a_changed_session_is_refused,
    a_shopper_who_agrees_is_known_by_name,
    trap_26_a_snapshot_visitor_gets_no_session,
);

async fn a_login_sets_a_signed_session_and_a_readable_cookie(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let begun = shopper.get(BEGIN).await;
    let wechat = location(&begun);
    let order = [
        "appid=",
        "&redirect_uri=",
        "&response_type=code",
        "&scope=snsapi_base",
        "&state=",
        "#wechat_redirect",
    ];
    let places: Vec<_> =
        order.iter().map(|part| wechat.find(part).unwrap_or_else(|| panic!("{part} in {wechat}"))).collect();
    assert!(places.is_sorted(), "{wechat}");

    let back = shopper.authorized(&app, BEGIN).await;
    let done = shopper.get(&back).await;
    assert_eq!(location(&done), "/orders");
    let cookies: Vec<_> = done
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap().to_owned())
        .collect();
    let of =
        |name: &str| cookies.iter().find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap().clone();
    let (session, readable) = (of("session"), of("openId"));
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && !session.contains("Domain"));
    assert!(!readable.contains("HttpOnly") && readable.contains("SameSite=Lax"));
    let age = |cookie: &str| cookie.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(age(&session), age(&readable));
    let info: Value = shopper.get("/api/wechat/getUserInfo").await.json().await.unwrap();
    assert_eq!(info, json!({ "code": 0, "data": { "openid": shopper.openid } }));
    app.stop().await;
}

async fn a_program_gets_its_answer_as_json(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let nobody = shopper.get("/api/wechat/getUserInfo").await;
    assert_eq!(nobody.status(), 401);
    let back = shopper.authorized(&app, BEGIN).await;
    let answer: Value = shopper.get_json(&back).await.json().await.unwrap();
    assert_eq!(answer, json!({ "code": 0, "data": { "openid": shopper.openid } }));
    let unbound = app.stranger().await.get_json(&back).await;
    assert_eq!(unbound.status(), 400);
    app.stop().await;
}

async fn trap_24_a_code_that_is_brought_twice_logs_in_twice(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    // Android fetches the address twice within a second, with the same cookies
    let twice = (0..2).map(|_| {
        let (mut shopper, back) = (shopper.clone(), back.clone());
        async move { location(&shopper.get(&back).await) }
    });
    assert_eq!(futures::future::join_all(twice).await, ["/orders", "/orders"]);
    // and the back button brings it once more, when the login's cookie is gone
    assert_eq!(location(&shopper.get(&back).await), "/orders");
    assert_eq!(location(&shopper.get(&back).await), "/orders");
    app.stop().await;
}

async fn a_used_code_gets_a_message_and_a_link(database: Database) {
    let app = TestApp::start(database).await;
    app.control(
        "faults",
        json!({ "endpoint": "access_token", "kind": "error", "code": "40163", "message": "code been used" }),
    )
    .await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    let answer = shopper.get(&back).await;
    assert_eq!(answer.status(), 400);
    let page = answer.text().await.unwrap();
    assert!(page.contains("登录链接已失效") && page.contains("/api/wechat/redirect?"), "{page}");
    assert!(!page.contains("40163"), "{page}");
    app.stop().await;
}

async fn trap_25_a_wrong_or_missing_state_logs_nobody_in(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    let (head, state) = back.split_once("state=").unwrap();
    for wrong in ["", "123", &state.replacen(|digit: char| digit.is_ascii_digit(), "x", 1), &state[2..]] {
        let answer = shopper.get(&format!("{head}state={wrong}")).await;
        assert_eq!(answer.status(), 400, "{wrong}");
        assert!(answer.text().await.unwrap().contains("重新登录"));
        assert!(!shopper.cookies.contains_key("session"));
    }
    assert_eq!(shopper.get("/api/wechat/getOpenId").await.status(), 400);
    app.stop().await;
}

async fn a_lost_cookie_causes_one_new_login_and_no_loop(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    shopper.cookies.clear();
    let again = shopper.get(&back).await;
    assert!(location(&again).contains("/connect/oauth2/authorize?"), "one new try");
    // this time the cookie lasts, and the page to come back to is still known
    let mut lasting = shopper.clone();
    let back = lasting.authorized_from(&app, &location(&again)).await;
    assert_eq!(location(&lasting.get(&back).await), "/orders");
    // a browser that never keeps cookies is told so
    let back = shopper.authorized_from(&app, &location(&again)).await;
    shopper.cookies.clear();
    let told = shopper.get(&back).await;
    assert_eq!(told.status(), 400);
    assert!(told.text().await.unwrap().contains("Cookie"));
    app.stop().await;
}

async fn a_login_of_another_browser_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut attacker = app.stranger().await;
    let back = attacker.authorized(&app, BEGIN).await;
    let mut victim = app.stranger().await;
    let answer = victim.get(&back).await;
    assert!(location(&answer).contains("/connect/oauth2/authorize?"), "she logs in as herself");
    assert!(!victim.cookies.contains_key("session"));
    app.stop().await;
}

async fn trap_27_a_foreign_callback_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    for callback in [
        "https%3A%2F%2Fevil.test%2F",
        "%2F%2Fevil.test",
        "%2F%5Cevil.test",
        "javascript%3Aalert(1)",
        "%2Fa%0d%0aX%3A1",
    ] {
        let answer = shopper.get(&format!("/api/wechat/redirect?callback={callback}")).await;
        assert_eq!(answer.status(), 400, "{callback}");
        assert!(answer.text().await.unwrap().contains("回到首页"), "{callback}");
    }
    assert_eq!(shopper.get("/api/wechat/redirect?scope=snsapi_everything").await.status(), 400);
    let own = format!(
        "/api/wechat/redirect?callback={}%2Forders%3Fa%3D1%23b",
        app.url.replace(':', "%3A").replace('/', "%2F")
    );
    let back = shopper.authorized(&app, &own).await;
    assert_eq!(location(&shopper.get(&back).await), "/orders?a=1#b");
    app.stop().await;
}

async fn a_changed_session_is_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let other = app.shopper().await;
    let session = shopper.cookies["session"].clone();
    let stolen = session.replace(&shopper.openid, &other.openid);
    for tampered in
        [stolen, session[1..].to_owned(), session.to_uppercase(), String::new(), "a.b.c".to_owned()]
    {
        shopper.cookies.insert("session".to_owned(), tampered.clone());
        assert_eq!(shopper.get("/api/wechat/getUserInfo").await.status(), 401, "{tampered}");
    }
    // the readable cookie proves nothing
    shopper.cookies.insert("openId".to_owned(), other.openid.clone());
    assert_eq!(shopper.get("/api/wechat/getUserInfo").await.status(), 401);
    app.stop().await;
}

async fn agree(app: &TestApp, shopper: &mut crate::shopper::Shopper) -> String {
    let wechat = location(&shopper.get("/api/wechat/redirect?callback=%2F&scope=snsapi_userinfo").await);
    assert!(wechat.contains("scope=snsapi_userinfo"));
    shopper.consented(app, &wechat).await
}

async fn a_shopper_who_agrees_is_known_by_name(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = agree(&app, &mut shopper).await;
    assert_eq!(shopper.get(&back).await.status(), 302);
    let info: Value = shopper.get("/api/wechat/getUserInfo").await.json().await.unwrap();
    assert_eq!(info["data"]["openid"], shopper.openid.as_str());
    assert_eq!(info["data"]["nickname"], "tester");
    assert!(info["data"]["headimgurl"].as_str().unwrap().starts_with("https://"));
    // a later silent login forgets nothing
    shopper.log_in(&app).await;
    let info: Value = shopper.get("/api/wechat/getUserInfo").await.json().await.unwrap();
    assert_eq!(info["data"]["nickname"], "tester");
    app.stop().await;
}

async fn trap_26_a_snapshot_visitor_gets_no_session(database: Database) {
    let app = TestApp::start(database).await;
    app.control("account", json!({ "snapshot_page": true })).await;
    let mut shopper = app.stranger().await;
    let back = agree(&app, &mut shopper).await;
    let answer = shopper.get(&back).await;
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("使用完整服务"));
    assert!(!shopper.cookies.contains_key("session") && !shopper.cookies.contains_key("openId"));
    assert_eq!(app.database.count("profiles", &[]).await, 0);
    app.stop().await;
}
