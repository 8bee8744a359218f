//! What one shopper, one address or one copied code may do.

use std::time::Duration;
use test_support::Database;

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    on_both,
    program::Program,
    shopper::{Shopper, location},
};

on_both!(
    a_used_code_with_another_state_logs_nobody_in,
    a_login_completes_after_its_caller_has_disconnected,
    two_servers_exchange_a_code_once,
    a_code_is_short_and_an_address_asks_so_often,
    one_guest_does_not_hold_the_whole_stock,
    one_address_does_not_hold_the_whole_stock,
    stock_is_held_for_minutes_until_a_payment_begins,
    an_order_that_is_sold_out_meanwhile_cannot_be_paid,
    wechat_gets_the_ip_address_of_the_shopper,
    a_server_on_ipv6_sees_ipv4_clients,
    a_shopper_logs_out,
    secrets_are_encrypted_and_old_rows_too,
    the_database_and_its_copies_are_private,
);

const BEGIN: &str = "/api/wechat/redirect?callback=%2Forders&scope=snsapi_base";

#[track_caller]
fn code_of(back: &str) -> String {
    back.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

/// The address that a victim's browser was sent to, with the code of somebody else.
fn with_code(back: &str, code: &str) -> String {
    back.replace(&code_of(back), code)
}

async fn exchanges(app: &TestApp) -> i64 {
    let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    let lines = metrics
        .lines()
        .filter(|line| line.starts_with("wechat_call_seconds_count") && line.contains("oauth2/access_token"));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<i64>().unwrap()).sum()
}

async fn a_used_code_with_another_state_logs_nobody_in(database: Database) {
    let app = TestApp::start(database).await;
    let mut victim = app.stranger().await;
    let back = victim.authorized(&app, BEGIN).await;
    assert_eq!(victim.get(&back).await.status(), 302);
    assert!(victim.cookies.contains_key("session"));
    // somebody who has seen the code, with a login of their own
    let mut thief = app.stranger().await;
    let own = thief.authorized(&app, BEGIN).await;
    let answer = thief.get(&with_code(&own, &code_of(&back))).await;
    assert_eq!(answer.status(), 400);
    assert!(!thief.cookies.contains_key("session"), "the thief is somebody");
    // the state has met a code: it serves no other
    let answer = thief.get(&own).await;
    assert_eq!(answer.status(), 400);
    assert!(!thief.cookies.contains_key("session"));
    app.stop().await;
}

async fn a_login_completes_after_its_caller_has_disconnected(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    app.control("faults", json!({ "endpoint": "access_token", "kind": "delay", "seconds": 2, "times": 1 }))
        .await;
    let impatient = app
        .http
        .get(&back)
        .header("cookie", format!("login={}", shopper.cookies["login"]))
        .timeout(Duration::from_millis(500));
    assert!(impatient.send().await.is_err(), "WeChat is slow");
    // the code is used at WeChat: only the first exchange can have brought the shopper
    assert_eq!(location(&shopper.get(&back).await), "/orders");
    assert_eq!(shopper.cookies.get("openId"), Some(&shopper.openid));
    app.stop().await;
}

async fn two_servers_exchange_a_code_once(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    let code = code_of(&back);
    let other = app.second_shop().await;
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let (one, two) = tokio::join!(
        app.shop.identity().log_in(shop::LoginAccount::Official, state, &code),
        other.identity().log_in(shop::LoginAccount::Official, state, &code)
    );
    assert_eq!(one.unwrap().openid.as_str(), shopper.openid);
    assert_eq!(two.unwrap().openid.as_str(), shopper.openid);
    assert!(other.identity().log_in(shop::LoginAccount::Official, state, "another-code").await.is_err());
    app.clock.advance(61);
    assert!(
        app.shop.identity().log_in(shop::LoginAccount::Official, state, &code).await.is_err(),
        "a minute later the state is used"
    );
    app.stop().await;
}

async fn a_code_is_short_and_an_address_asks_so_often(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_LOGINS_PER_ADDRESS", "5")]).await;
    let mut shopper = app.stranger().await;
    let back = shopper.authorized(&app, BEGIN).await;
    for length in [513, 60_000] {
        let answer = shopper.get(&with_code(&back, &"a".repeat(length))).await;
        assert_eq!(answer.status(), 400, "{length}");
    }
    assert_eq!(exchanges(&app).await, 0, "WeChat was asked about a code that is none");
    assert_eq!(app.database.count("login_states", &[]).await, 0);
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let mut other = app.stranger().await;
        let back = other.authorized(&app, BEGIN).await;
        statuses.push(other.get(&with_code(&back, "no-such-code")).await.status().as_u16());
    }
    assert_eq!(statuses, [[400; 5].as_slice(), &[429; 3]].concat());
    assert_eq!(exchanges(&app).await, 5);
    app.stop().await;
}

async fn pieces(app: &TestApp) -> i64 {
    app.database.sum("skus", "stock", &[]).await
}

fn guest(app: &TestApp) -> Shopper {
    let mut guest = Shopper::new(app, "nobody");
    guest.agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned();
    guest
}

/// Orders of everything that is sold, ninety-nine of each at most, until an order is refused.
async fn hoard(app: &TestApp, shopper: &mut Shopper) -> (usize, String) {
    let stock = app.shop.store().stock().await.unwrap();
    let mut refused = (0, String::new());
    for model::record::StockRecord { sku, stock: left, .. } in stock {
        for quantity in [left.min(99), left.min(99) / 2, 5] {
            if quantity < 1 {
                continue;
            }
            let form = [("sku", sku.as_str()), ("quantity", &*quantity.to_string())];
            let answer = shopper.post("/orders", &form).await;
            if answer.status() != 303 {
                refused.0 += 1;
                refused.1 = answer.text().await.unwrap();
            }
        }
    }
    refused
}

async fn one_guest_does_not_hold_the_whole_stock(database: Database) {
    let app = TestApp::start(database).await;
    let before = pieces(&app).await;
    let mut guest = guest(&app);
    let (refused, page) = hoard(&app, &mut guest).await;
    assert!(refused > 0);
    assert!(page.contains("占用的商品太多"), "{page}");
    assert!(before - pieces(&app).await <= 200, "{before} {}", pieces(&app).await);
    // in English too
    guest.cookies.insert("language".to_owned(), "en".to_owned());
    let answer = guest.post("/orders", &[("sku", "test-sticker-1"), ("quantity", "99")]).await;
    assert_eq!(answer.status(), 409);
    assert!(answer.text().await.unwrap().contains("hold too many items"));
    // another shopper buys
    app.shopper().await.order("test-sticker-1", 1).await;
    app.stop().await;
}

async fn one_address_does_not_hold_the_whole_stock(database: Database) {
    let limits = [
        ("SHOP_MAX_HELD_PER_ADDRESS", "40"),
        ("SHOP_MAX_UNPAID_PER_SHOPPER", "2"),
        ("SHOP_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let app = TestApp::start_with(database, &limits).await;
    let order = async |address: &str, quantity: &str| {
        let answer = app
            .http
            .post(format!("{}/orders", app.url))
            .header("origin", &app.url)
            .header("x-forwarded-for", address)
            .form(&[("sku", "test-sticker-1"), ("quantity", quantity)]);
        answer.send().await.unwrap().status().as_u16()
    };
    for at in 0..4 {
        // one network, one IPv4 address in two forms
        assert_eq!(order(&format!("2001:db8:1:2::{at}"), "10").await, 303);
        assert_eq!(order(["1.2.3.4:80", "::ffff:1.2.3.4"][at % 2], "10").await, 303);
    }
    assert_eq!(order("2001:db8:1:2:9::", "1").await, 429);
    assert_eq!(order("1.2.3.4", "1").await, 429);
    assert_eq!(order("2001:db8:1:3::1", "1").await, 303);
    // a shopper has so many unpaid orders; what is paid or cancelled does not count
    let mut shopper = app.shopper().await;
    let first = shopper.order("mug-celadon-300", 1).await;
    shopper.order("mug-celadon-300", 2).await;
    let third = [("sku", "mug-celadon-300"), ("quantity", "3")];
    let answer = shopper.post("/orders", &third).await;
    assert_eq!(answer.status(), 409);
    assert!(answer.text().await.unwrap().contains("未付款的订单太多"));
    assert_eq!(shopper.post(&format!("/orders/{first}/cancel"), &[]).await.status(), 303);
    assert_eq!(shopper.post("/orders", &third).await.status(), 303);
    app.stop().await;
}

async fn stock_is_held_for_minutes_until_a_payment_begins(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_HOLD_S", "120")]).await;
    let before = app.stock("mug-celadon-300").await;
    let mut shopper = app.shopper().await;
    let idle = shopper.order("mug-celadon-300", 2).await;
    let (begun, _) = shopper.about_to_pay("mug-celadon-300", 3).await;
    assert_eq!(app.stock("mug-celadon-300").await, before - 5);
    app.clock.advance(121);
    app.until("the stock of the first is back", async || app.stock("mug-celadon-300").await == before - 3)
        .await;
    // it is not closed: it can be paid, and takes its pieces again
    assert_eq!((&*app.state(&idle).await, &*app.state(&begun).await), ("created", "paying"));
    shopper.pay(&idle).await;
    assert_eq!(app.stock("mug-celadon-300").await, before - 5);
    app.clock.advance(600);
    app.shop.jobs().run_due().await.unwrap();
    assert_eq!(app.stock("mug-celadon-300").await, before - 5, "from then on for the order's life");
    app.clock.advance(1_800);
    app.until_state(&idle, "closed").await;
    app.until_state(&begun, "closed").await;
    assert_eq!(app.stock("mug-celadon-300").await, before);
    app.stop().await;
}

async fn an_order_that_is_sold_out_meanwhile_cannot_be_paid(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_HOLD_S", "120")]).await;
    let mut shopper = app.shopper().await;
    let late = shopper.order("throw-wool-1", 1).await;
    app.clock.advance(121);
    app.until("the stock is back", async || app.stock("throw-wool-1").await == 1).await;
    let (_, number) = app.shopper().await.about_to_pay("throw-wool-1", 1).await;
    let (status, text) = shopper.call("pay", &format!("order {late}\n")).await;
    assert_eq!(status, 409, "{text}");
    assert!(app.at_wechat(&late).await.is_empty(), "WeChat was asked for money");
    crate::shopper::thumb(&app, &number).await;
    app.clock.advance(1_800);
    app.until_state(&late, "closed").await;
    assert_eq!(app.stock("throw-wool-1").await, 0, "an order that holds nothing gives nothing back");
    app.stop().await;
}

async fn wechat_gets_the_ip_address_of_the_shopper(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_TRUSTED_PROXIES", "127.0.0.1")]).await;
    for (written, heard) in [
        ("1.2.3.4:5678", "1.2.3.4"),
        ("::ffff:1.2.3.5", "1.2.3.5"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("9.9.9.9, 1.2.3.6:80", "1.2.3.6"),
    ] {
        let mut shopper = app.shopper().await;
        let order = shopper.order("mug-celadon-300", 1).await;
        let cookie = format!("session={}", shopper.cookies["session"]);
        let pay = app
            .http
            .post(format!("{}/api/fn/pay", app.url))
            .header("origin", &app.url)
            .header("cookie", cookie)
            .header("user-agent", &shopper.agent)
            .header("content-type", "text/plain;charset=utf-8")
            .header("x-forwarded-for", written)
            .body(format!("order {order}\n"));
        assert_eq!(pay.send().await.unwrap().status(), 200);
        let database = app.database.connect().await;
        let requests = database
            .table("attempt_requests")
            .like("out_trade_no", &format!("{order}%"))
            .like("request", &format!("%<spbill_create_ip>%{heard}%</spbill_create_ip>%"));
        assert_eq!(requests.count().await, 1, "{written}");
    }
    app.stop().await;
}

/// A server that listens on IPv6 for both kinds sees IPv4 clients as ::ffff:a.b.c.d.
async fn a_server_on_ipv6_sees_ipv4_clients(database: Database) {
    let mut app = TestApp::start(database).await;
    let port = app.url.rsplit_once(':').unwrap().1.to_owned();
    app.restart_with(&[("SHOP_ADDR", &format!("[::]:{port}"))]).await;
    let (order, _) = app.shopper().await.about_to_pay("mug-celadon-300", 1).await;
    let database = app.database.connect().await;
    let requests = database
        .table("attempt_requests")
        .like("request", "%<spbill_create_ip>%127.0.0.1%")
        .not_like("request", "%::ffff:%");
    assert_eq!(requests.count().await, 1);
    assert_eq!(app.database.count("orders", &[("id", &order), ("placed_from", "127.0.0.1")]).await, 1);
    app.stop().await;
}

async fn a_shopper_logs_out(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    shopper.post("/cart", &[("sku", "test-sticker-1"), ("quantity", "1")]).await;
    assert!(["session", "openId", "cart"].iter().all(|name| shopper.cookies.contains_key(*name)));
    let page = shopper.get("/me").await.text().await.unwrap();
    assert!(page.contains("action=\"/log-out\"") && page.contains("退出登录"), "{page}");
    shopper.cookies.insert("language".to_owned(), "en".to_owned());
    assert!(shopper.get("/me").await.text().await.unwrap().contains("Log out"));
    assert_eq!(shopper.post_from(Some("https://evil.test"), "/log-out", &[]).await.status(), 403);
    assert_eq!(location(&shopper.post("/log-out", &[]).await), "/");
    assert_eq!(shopper.cookies.keys().collect::<Vec<_>>(), ["language"]);
    assert_eq!(shopper.get("/api/wechat/getUserInfo").await.status(), 401);
    app.stop().await;
}

const OLD_KEY: &str = "old-data-key-0123456789-0123456789";
const NEW_KEY: &str = "new-data-key-0123456789-0123456789";

async fn secrets_are_encrypted_and_old_rows_too(database: Database) {
    use shop::{Role, Staff, TOTP_PERIOD_S, totp_code};
    let mut app = TestApp::start_with(database, &[("SHOP_TOKEN_CLIENTS", "erp:erp-key-0123456789")]).await;
    let own = Staff::at_command_line();
    let name = "anna".parse().unwrap();
    let added = app.shop.staff().add(&own, &name, Role::Owner, "correct horse battery", true).await;
    let secret = added.unwrap().unwrap().secret;
    let token = async |app: &TestApp| {
        let ask = app.http.get(format!("{}/api/wechat/token", app.url)).bearer_auth("erp-key-0123456789");
        let answer: Value = ask.send().await.unwrap().json().await.unwrap();
        answer["data"]["access_token"].as_str().unwrap().to_owned()
    };
    let first = token(&app).await;
    let database = app.database.connect().await;
    let plain = async || {
        database.table("staff").with("totp", &*secret).count().await
            + database.table("tokens").with("token", &*first).count().await
    };
    let signed = async || {
        database.table("staff").like("totp", "enc1:%").count().await
            + database.table("tokens").like("token", "enc1:%").count().await
    };
    assert_eq!(plain().await, 2, "without a key they are in plain text");
    for keys in [OLD_KEY.to_owned(), format!("{NEW_KEY},{OLD_KEY}"), NEW_KEY.to_owned()] {
        app.restart_with(&[("SHOP_DATA_KEYS", &keys)]).await;
        assert_eq!(plain().await, 0);
        assert_eq!(signed().await, 2);
        assert_eq!(token(&app).await, first, "the token is the same");
        let step = shop::Clock::now_ms(&app.clock) / 1000 / TOTP_PERIOD_S;
        let code = totp_code(&secret, step).unwrap();
        let signed = app
            .shop
            .staff()
            .sign_in("anna", "correct horse battery", &code, "127.0.0.1".parse().unwrap(), "")
            .await;
        assert_eq!(signed.unwrap().staff.name, name);
        app.clock.advance(60);
    }
    app.stop_server().await;
    // the program says it in one line
    let program = Program::install();
    for (keys, says) in [(OLD_KEY, "SHOP_DATA_KEYS does not hold the key"), ("", "SHOP_DATA_KEYS is not set")]
    {
        let mut variables = app.variables().to_vec();
        variables.push(("SHOP_DATA_KEYS".to_owned(), keys.to_owned()));
        let ended = program.run(&[], &variables).await;
        assert!(!ended.ok);
        assert_eq!(ended.errors().len(), 1, "{}", ended.stderr);
        assert!(ended.errors()[0].contains(says), "{}", ended.stderr);
        assert!(!ended.stderr.contains(OLD_KEY) && !ended.stderr.contains(&secret), "{}", ended.stderr);
    }
    app.stop().await;
}

async fn the_database_and_its_copies_are_private(database: Database) {
    use std::os::unix::fs::PermissionsExt;
    if !database.url.starts_with("sqlite:") {
        return;
    }
    let file = database.url.strip_prefix("sqlite://").unwrap().to_owned();
    let mode = |file: &str| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    // a database of an older version, that everybody can read
    std::fs::write(&file, "").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let app = TestApp::start(database).await;
    app.shopper().await.order("test-sticker-1", 1).await;
    let copy = format!("{file}.copy");
    app.shop.store().back_up(&copy).await.unwrap();
    for file in [&file, &format!("{file}-wal"), &format!("{file}-shm"), &copy] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    // whatever else the program writes
    let program = Program::install();
    let ended = program.run(&["backup", "of-the-program.db"], app.variables()).await;
    assert!(ended.ok, "{}", ended.stderr);
    assert_eq!(mode(program.folder().join("of-the-program.db").to_str().unwrap()), 0o600);
    app.stop().await;
}
