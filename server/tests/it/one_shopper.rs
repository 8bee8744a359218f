//! One person, one shopper: the unionid joins what a person has in the official account, in the mini program and on a computer.

use model::{Fen, OpenId, Quantity, order::OrderTab, record::CartLineRecord};
use reqwest::Response;
use serde_json::{Value, json};
use shop::Recipient;
use store::CartChange;

use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    miniprogram::post,
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    what_a_person_has_in_both_accounts_is_merged_once,
    a_merge_leaves_one_default_address,
    a_second_login_merges_nothing,
    an_absent_an_empty_and_a_virtual_unionid_never_merge,
    different_unionids_stay_apart,
    a_changed_unionid_changes_nothing,
    a_payment_that_is_under_way_is_booked_for_the_person,
    an_order_that_is_placed_while_the_shoppers_are_merged_is_of_the_person,
    two_logins_at_once_make_one_shopper,
    a_merge_that_the_database_refuses_changes_nothing,
    a_row_that_is_written_too_late_moves_at_the_next_login,
    a_person_who_agreed_before_the_accounts_were_bound_can_join,
    a_person_at_a_desk_scans_a_code_and_finds_the_orders,
    a_person_at_a_desk_who_refuses_stays_a_guest,
    a_shop_without_a_website_application_offers_no_login_at_a_desk,
    an_erasure_covers_each_openid_of_the_person,
);

const MUG: &str = "mug-celadon-300";
const STICKER: &str = "test-sticker-1";
/// The open platform account to which the simulator binds its accounts at the start.
const OPEN_PLATFORM: &str = "demo";
const DESK: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

/// Somebody in WeChat, with the browser of the official account.
pub(crate) struct Person {
    pub(crate) web: Shopper,
    user: Value,
}

impl Person {
    pub(crate) async fn new(app: &TestApp) -> Self {
        Self::with(app, json!({ "nickname": "tester" })).await
    }

    async fn with(app: &TestApp, user: Value) -> Self {
        let user = app.control("users", user).await;
        Self { web: Shopper::new(app, user["openid"].as_str().unwrap()), user }
    }

    /// The openid for the official account.
    fn official(&self) -> OpenId {
        self.web.openid.parse().unwrap()
    }

    /// The openid for the mini program.
    pub(crate) fn program(&self) -> OpenId {
        self.user["miniprogram_openid"].as_str().unwrap().parse().unwrap()
    }

    /// The code of `wx.login`.
    async fn code(&self, app: &TestApp) -> String {
        let opened = app.control("miniprogram", json!({ "openid": self.web.openid })).await;
        opened["code"].as_str().unwrap().to_owned()
    }

    /// Logs in in the mini program, and gives the token.
    pub(crate) async fn open_program(&self, app: &TestApp) -> String {
        let code = self.code(app).await;
        let (status, answer) = post(app, "login", "", json!({ "code": code })).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"]["token"].as_str().unwrap().to_owned()
    }

    /// Agrees to show the profile in the official account: the address that brings the code.
    async fn agreed(&mut self, app: &TestApp) -> String {
        let begin = "/api/wechat/redirect?callback=%2Fme&scope=snsapi_userinfo";
        let wechat = location(&self.web.get(begin).await);
        self.web.consented(app, &wechat).await
    }

    /// Logs in in the official account with a unionid.
    pub(crate) async fn agree(&mut self, app: &TestApp) -> Response {
        let back = self.agreed(app).await;
        self.web.get(&back).await
    }

    /// Scans the code of the login on a computer in this browser: the address that brings the code.
    async fn scanned(&self, app: &TestApp, browser: &mut Shopper, callback: &str, agrees: bool) -> String {
        let begin = format!("/api/wechat/redirect?callback={callback}&scope=snsapi_login");
        let wechat = location(&browser.get(&begin).await);
        assert!(wechat.contains("/connect/qrconnect?") && wechat.contains("scope=snsapi_login"), "{wechat}");
        let page = app.http.get(wechat.split('#').next().unwrap()).send().await.unwrap();
        let page = page.text().await.unwrap();
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let user = if agrees { &*self.web.openid } else { "" };
        let scan = app.http.post(format!("{}/connect/qrconnect", app.wechat_url()));
        location(&scan.form(&[("ticket", ticket), ("user", user)]).send().await.unwrap())
    }
}

fn desk(app: &TestApp) -> Shopper {
    let mut browser = Shopper::new(app, "nobody");
    browser.agent = DESK.to_owned();
    browser
}

/// Binds an account to an open platform account, or to none.
async fn bind(app: &TestApp, account: &str, open_platform: &str) {
    let appid = app.account().await[account].clone();
    app.control("open-platform", json!({ "appid": appid, "open_platform": open_platform })).await;
}

async fn merges(app: &TestApp) -> i64 {
    app.database.count("audit", &[("what", "merge shoppers")]).await
}

async fn shopper_of(app: &TestApp, openid: &OpenId) -> String {
    app.shop.identity().shopper_of(openid).await.unwrap().to_string()
}

/// The orders in a shopper's list.
async fn orders(app: &TestApp, openid: &OpenId) -> Vec<String> {
    let shopper = app.shop.identity().shopper_of(openid).await.unwrap();
    let list = app.shop.orders().my_orders(&shopper, OrderTab::All, None).await.unwrap();
    let mut ids: Vec<_> = list.iter().map(|order| order.id.to_string()).collect();
    ids.sort_unstable();
    ids
}

async fn put(app: &TestApp, openid: &OpenId, sku: &str, quantity: i64, at_ms: i64) {
    let line = CartLineRecord {
        sku: sku.parse().unwrap(),
        quantity: Quantity::try_from(quantity).unwrap(),
        price: Fen(at_ms),
    };
    let put = app.shop.store().put_in_cart(&openid.clone().into(), &line, CartChange::Add, 50, at_ms).await;
    assert!(put.unwrap());
}

fn address(detail: &str) -> Recipient {
    Recipient {
        name: "小王".to_owned(),
        phone: "13800000000".to_owned(),
        region: "上海市 徐汇区".to_owned(),
        detail: detail.to_owned(),
    }
}

/// Tops up with `POST payWallet`, and gives the number of the attempt.
async fn top_up(web: &mut Shopper, money: &str) -> String {
    let answer: Value =
        web.post("/api/wechat/pay/payWallet", &[("money", money)]).await.json().await.unwrap();
    answer["data"]["out_trade_no"].as_str().unwrap().to_owned()
}

/// An order of the mini program: its id and the attempt's number.
async fn buy_in_program(app: &TestApp, token: &str) -> (String, String) {
    let items = json!({ "items": [{ "sku": STICKER, "quantity": 1 }] });
    let (status, answer) = post(app, "pay", token, items).await;
    assert_eq!(status, 200, "{answer}");
    let text = |name: &str| answer["data"][name].as_str().unwrap().to_owned();
    (text("order"), text("out_trade_no"))
}

/// A person with something of everything in both accounts, who has logged in in the mini program.
async fn with_belongings(app: &TestApp) -> (Person, String, Vec<String>) {
    let mut person = Person::new(app).await;
    person.web.log_in(app).await;
    let (paid, number) = person.web.about_to_pay(MUG, 1).await;
    thumb(app, &number).await;
    let credit = top_up(&mut person.web, "1990").await;
    thumb(app, &credit).await;
    let unpaid = person.web.order(STICKER, 3).await;
    let token = person.open_program(app).await;
    let (of_program, number) = buy_in_program(app, &token).await;
    thumb(app, &number).await;
    // a top-up of the mini program's shopper
    let program = person.program();
    let id = app.shop.checkout().place_top_up(&program.clone().into(), Fen(500)).await.unwrap();
    let key = app.shop.store().order(&id).await.unwrap().unwrap().link_key;
    let (_, answer) = post(app, "pay", &token, json!({ "order": id.as_str(), "key": key })).await;
    thumb(app, answer["data"]["out_trade_no"].as_str().unwrap()).await;
    for order in [&paid, &credit[..24], &of_program, id.as_str()] {
        app.until_state(order, "paid").await;
    }
    let asked = person.web.post(&format!("/orders/{paid}/refund-request"), &[("reason", "不想要了")]).await;
    assert_eq!(asked.status(), 303);
    let official = person.official();
    put(app, &official, MUG, 2, 20).await;
    put(app, &official, STICKER, 98, 20).await;
    put(app, &program, MUG, 3, 10).await;
    put(app, &program, STICKER, 5, 30).await;
    for (openid, detail) in [
        (&official, "衡山路 1 号"),
        (&program, "衡山路 1 号"),
        (&official, "复兴路 2 号"),
        (&program, "南京路 3 号"),
    ] {
        let shopper = openid.clone().into();
        app.shop.checkout().save_address(&shopper, address(detail)).await.unwrap();
    }
    let mut ids = vec![paid, credit[..24].to_owned(), unpaid, of_program, id.to_string()];
    ids.sort_unstable();
    (person, token, ids)
}

async fn what_a_person_has_in_both_accounts_is_merged_once(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let (mut person, token, ids) = with_belongings(&app).await;
    let (official, program) = (person.official(), person.program());
    assert_eq!((orders(&app, &official).await.len(), orders(&app, &program).await.len()), (3, 2));
    let payers = app.database.count("attempts", &[("openid", official.as_str())]).await;
    assert_eq!((merges(&app).await, payers), (0, 2));

    assert_eq!(person.agree(&app).await.status(), 302);
    assert_eq!(shopper_of(&app, &official).await, program.as_str(), "the openid that was known first");
    assert_eq!((orders(&app, &official).await, orders(&app, &program).await), (ids.clone(), ids.clone()));
    let shopper = program.clone().into();
    let mut cart = app.shop.store().cart(&shopper).await.unwrap();
    cart.sort_by(|one, other| one.sku.cmp(&other.sku));
    let cart: Vec<_> =
        cart.iter().map(|line| (line.sku.as_str(), line.quantity.get(), line.price.0)).collect();
    assert_eq!(cart, [(MUG, 5, 20), (STICKER, 99, 30)], "the sum, at the price that was seen last");
    let addresses = app.shop.checkout().addresses(&shopper).await.unwrap();
    let mut addresses: Vec<_> = addresses.iter().map(|address| &*address.recipient.detail).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["南京路 3 号", "复兴路 2 号", "衡山路 1 号"]);
    assert_eq!(app.shop.checkout().balance(&shopper).await.unwrap(), Fen(2490));
    for table in ["wallets", "wallet_moves"] {
        let column = if table == "wallets" { "balance" } else { "amount" };
        assert_eq!(app.database.sum(table, column, &[("openid", program.as_str())]).await, 2490, "{table}");
        assert_eq!(app.database.count(table, &[("openid", official.as_str())]).await, 0, "{table}");
    }
    for (table, column) in [("orders", "openid"), ("carts", "shopper"), ("addresses", "shopper")] {
        assert_eq!(app.database.count(table, &[(column, official.as_str())]).await, 0, "{table}");
    }
    // WeChat knows the payers by these openids
    assert_eq!(app.database.count("attempts", &[("openid", official.as_str())]).await, payers);

    assert_eq!(merges(&app).await, 1);
    let audit = app.shop.store().audit_page(None, 10).await.unwrap();
    let row = audit.iter().find(|row| row.what.as_str() == "merge shoppers").unwrap();
    let expected =
        format!("{official} into {program}, orders 3, cart lines 2, addresses 2, balance 1990 fen");
    assert_eq!((&*row.who, &row.detail), ("WeChat login", &expected));

    // the browser is still that of the official account's openid, and sees everything
    assert_eq!(person.web.cookies["openId"], official.as_str());
    let info: Value = person.web.get("/api/wechat/getUserInfo").await.json().await.unwrap();
    assert_eq!(info["data"]["openid"], official.as_str());
    let list = person.web.get("/orders").await.text().await.unwrap();
    assert!(ids.iter().all(|id| list.contains(id.as_str())), "{list}");
    let me = person.web.get("/me").await.text().await.unwrap();
    assert!(me.contains("24.90") && me.contains("tester"), "{me}");
    // the refund application too
    assert_eq!(app.database.count("after_sales", &[("state", "requested")]).await, 1);
    let asked = app.database.connect().await.table("after_sales").rows("order_id").await;
    let withdraw = format!("/orders/{}/refund-request/withdraw", asked[0]["order_id"]);
    assert_eq!(person.web.post(&withdraw, &[]).await.status(), 303);
    assert_eq!(app.database.count("after_sales", &[("state", "requested")]).await, 0);
    // both still pay, each with its own openid
    let (order, number) = person.web.about_to_pay(STICKER, 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.at_wechat(&order).await[0]["openid"], official.as_str());
    let (order, number) = buy_in_program(&app, &token).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.at_wechat(&order).await[0]["openid"], program.as_str());
    assert_eq!(orders(&app, &official).await.len(), 7);
    app.stop().await;
}

/// Makes an address of this openid the default.
async fn make_default(app: &TestApp, openid: &OpenId, detail: &str) {
    let (checkout, shopper) = (app.shop.checkout(), openid.clone().into());
    let saved = checkout.addresses(&shopper).await.unwrap();
    let chosen = saved.iter().find(|saved| saved.recipient.detail == detail).unwrap();
    checkout.make_address_default(&shopper, &chosen.id).await.unwrap();
}

async fn defaults(app: &TestApp, shopper: &OpenId) -> Vec<String> {
    let saved = app.shop.checkout().addresses(&shopper.clone().into()).await.unwrap();
    saved.into_iter().filter(|saved| saved.is_default).map(|saved| saved.recipient.detail).collect()
}

async fn a_merge_leaves_one_default_address(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let (mut one, _, _) = with_belongings(&app).await;
    // both shoppers have this address, and one of the two rows is deleted
    make_default(&app, &one.official(), "衡山路 1 号").await;
    assert_eq!(one.agree(&app).await.status(), 302);
    assert_eq!(defaults(&app, &one.program()).await, ["衡山路 1 号"]);

    let (mut two, _, _) = with_belongings(&app).await;
    make_default(&app, &two.official(), "复兴路 2 号").await;
    make_default(&app, &two.program(), "南京路 3 号").await;
    assert_eq!(two.agree(&app).await.status(), 302);
    assert_eq!(defaults(&app, &two.program()).await, ["南京路 3 号"], "of the shopper that stays");
    app.stop().await;
}

async fn a_second_login_merges_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (mut person, _, ids) = with_belongings(&app).await;
    person.agree(&app).await;
    person.agree(&app).await;
    person.open_program(&app).await;
    person.web.log_in(&app).await;
    assert_eq!(merges(&app).await, 1);
    assert_eq!(orders(&app, &person.official()).await, ids);
    assert_eq!(app.database.count("shoppers", &[]).await, 1);
    assert_eq!(app.database.count("shopper_openids", &[]).await, 2);
    assert_eq!(app.database.sum("wallets", "balance", &[]).await, 2490);
    app.stop().await;
}

async fn an_absent_an_empty_and_a_virtual_unionid_never_merge(database: Database) {
    let app = TestApp::start(database).await;
    // absent: the accounts are not bound
    for account in ["appid", "miniprogram_appid", "website_appid"] {
        bind(&app, account, "").await;
    }
    let mut people = vec![Person::new(&app).await, Person::new(&app).await];
    for person in &mut people {
        assert_eq!(person.agree(&app).await.status(), 302);
    }
    for person in &people {
        person.open_program(&app).await;
    }
    // empty: WeChat sends the field without a value
    for account in ["appid", "miniprogram_appid", "website_appid"] {
        bind(&app, account, OPEN_PLATFORM).await;
    }
    for _ in 0..2 {
        let mut person = Person::with(&app, json!({ "nickname": "tester", "unionid": "" })).await;
        assert_eq!(person.agree(&app).await.status(), 302);
        person.open_program(&app).await;
        people.push(person);
    }
    for person in &mut people {
        let order = person.web.order(STICKER, 1).await;
        assert_eq!(orders(&app, &person.official()).await, [order]);
        assert_eq!(shopper_of(&app, &person.official()).await, person.web.openid);
        assert_eq!(shopper_of(&app, &person.program()).await, person.program().as_str());
    }
    // virtual: a preview page
    app.control("account", json!({ "snapshot_page": true })).await;
    for _ in 0..2 {
        let mut visitor = Person::new(&app).await;
        assert_eq!(visitor.agree(&app).await.status(), 403);
        assert!(!visitor.web.cookies.contains_key("session"));
    }
    assert_eq!(app.database.count("shoppers", &[]).await, 0);
    assert_eq!(app.database.count("shopper_openids", &[]).await, 0);
    assert_eq!(merges(&app).await, 0);
    app.stop().await;
}

async fn different_unionids_stay_apart(database: Database) {
    let app = TestApp::start(database).await;
    // the same name is nothing
    let mut people = [Person::new(&app).await, Person::new(&app).await];
    for person in &mut people {
        person.agree(&app).await;
        person.web.order(STICKER, 1).await;
        person.open_program(&app).await;
        assert_eq!(shopper_of(&app, &person.program()).await, person.web.openid);
    }
    for person in &people {
        assert_eq!(orders(&app, &person.program()).await.len(), 1);
    }
    assert_eq!(app.database.count("shoppers", &[]).await, 2);
    app.stop().await;
}

async fn a_changed_unionid_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let mut person = Person::new(&app).await;
    person.agree(&app).await;
    let order = person.web.order(STICKER, 1).await;
    bind(&app, "appid", "another owner").await;
    person.agree(&app).await;
    assert_eq!(app.database.count("shoppers", &[]).await, 1);
    assert_eq!(orders(&app, &person.official()).await, [order]);
    // the mini program still has the unionid from before
    person.open_program(&app).await;
    assert_eq!(shopper_of(&app, &person.program()).await, person.web.openid);
    app.stop().await;
}

async fn a_payment_that_is_under_way_is_booked_for_the_person(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut person = Person::new(&app).await;
    person.web.log_in(&app).await;
    let (order, number) = person.web.about_to_pay(MUG, 1).await;
    let credit = top_up(&mut person.web, "1000").await;
    person.open_program(&app).await;
    person.agree(&app).await;
    assert_eq!(merges(&app).await, 1);
    // asked again, it is the same attempt
    assert_eq!(person.web.pay(&order).await, number);
    thumb(&app, &number).await;
    thumb(&app, &credit).await;
    app.until_state(&order, "paid").await;
    app.until_state(&credit[..24], "paid").await;
    let program = person.program();
    assert_eq!(app.shop.checkout().balance(&program.clone().into()).await.unwrap(), Fen(1000));
    assert_eq!(app.database.count("attempts", &[("openid", person.official().as_str())]).await, 2);
    assert_eq!(app.database.count("differences", &[]).await, 0);
    // and given back, out of the person's balance
    for (id, left) in [(&*order, 1000), (&credit[..24], 0)] {
        let (status, answer) = app.refund(id, json!({ "reason": "x", "refund_fee": null })).await;
        assert_eq!(status, 200, "{answer}");
        app.until_state(id, "refunded").await;
        assert_eq!(app.shop.checkout().balance(&program.clone().into()).await.unwrap(), Fen(left));
    }
    app.stop().await;
}

async fn an_order_that_is_placed_while_the_shoppers_are_merged_is_of_the_person(database: Database) {
    let app = TestApp::start(database).await;
    let mut person = Person::new(&app).await;
    person.open_program(&app).await;
    person.agree(&app).await;
    // requests that looked the shopper up before the merge
    let before = person.official().into();
    let line = shop::NewOrderLine { sku: STICKER.parse().unwrap(), quantity: Quantity::try_from(1).unwrap() };
    let ip = "127.0.0.1".parse().unwrap();
    let order = app.shop.checkout().place(&before, &[line], ip).await.unwrap();
    let credit = app.shop.checkout().place_top_up(&before, Fen(100)).await.unwrap();
    put(&app, &person.official(), MUG, 1, 1).await;
    app.shop.checkout().save_address(&before, address("衡山路 1 号")).await.unwrap();
    let program = person.program();
    assert_eq!(orders(&app, &program).await, [order.to_string(), credit.to_string()]);
    let shopper = program.into();
    assert_eq!(app.shop.store().cart(&shopper).await.unwrap().len(), 1);
    assert_eq!(app.shop.checkout().addresses(&shopper).await.unwrap().len(), 1);
    app.stop().await;
}

async fn two_logins_at_once_make_one_shopper(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    for _ in 0..4 {
        let mut person = Person::new(&app).await;
        person.web.log_in(&app).await;
        let order = person.web.order(STICKER, 1).await;
        put(&app, &person.official(), MUG, 1, 1).await;
        let mut browser = desk(&app);
        let (code, back) = (person.code(&app).await, person.agreed(&app).await);
        let scanned = person.scanned(&app, &mut browser, "%2Forders", true).await;
        // in the mini program on another server
        let (in_program, in_web, at_desk) = tokio::join!(
            other.identity().miniprogram_log_in(&code),
            person.web.get(&back),
            browser.get(&scanned)
        );
        in_program.unwrap();
        assert_eq!((in_web.status().as_u16(), at_desk.status().as_u16()), (302, 302));
        let shopper = shopper_of(&app, &person.official()).await;
        assert_eq!(shopper_of(&app, &person.program()).await, shopper);
        assert_eq!(app.database.count("shopper_openids", &[("shopper", &shopper)]).await, 3);
        assert_eq!(orders(&app, &person.official()).await, std::slice::from_ref(&order));
        assert_eq!(app.database.count("carts", &[("shopper", &shopper)]).await, 1);
        let list = browser.get("/orders").await.text().await.unwrap();
        assert!(list.contains(&order), "{list}");
    }
    assert_eq!(app.database.count("shoppers", &[]).await, 4);
    app.stop().await;
}

async fn a_merge_that_the_database_refuses_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (mut person, _, ids) = with_belongings(&app).await;
    let official = person.official();
    let connection = app.database.connect().await;
    connection.refuse_balances(true).await;
    assert_eq!(person.agree(&app).await.status(), 503);
    assert_eq!(shopper_of(&app, &official).await, official.as_str());
    assert_eq!(orders(&app, &official).await.len(), 3);
    assert_eq!(app.database.count("carts", &[("shopper", official.as_str())]).await, 2);
    assert_eq!(app.database.sum("wallets", "balance", &[("openid", official.as_str())]).await, 1990);
    assert_eq!(merges(&app).await, 0);
    connection.refuse_balances(false).await;
    assert_eq!(person.agree(&app).await.status(), 302);
    assert_eq!(orders(&app, &official).await, ids);
    assert_eq!(app.database.sum("wallets", "balance", &[]).await, 2490);
    assert_eq!(merges(&app).await, 1);
    app.stop().await;
}

async fn a_row_that_is_written_too_late_moves_at_the_next_login(database: Database) {
    let app = TestApp::start(database).await;
    let mut person = Person::new(&app).await;
    let token = person.open_program(&app).await;
    person.agree(&app).await;
    let (order, _) = buy_in_program(&app, &token).await;
    // as a server of the version before writes it during an update
    app.database.set("orders", "openid", person.official().as_str(), &[("id", &order)]).await;
    assert!(orders(&app, &person.official()).await.is_empty());
    person.agree(&app).await;
    assert_eq!(orders(&app, &person.official()).await, [order]);
    assert_eq!(merges(&app).await, 2);
    app.stop().await;
}

async fn a_person_who_agreed_before_the_accounts_were_bound_can_join(database: Database) {
    let app = TestApp::start(database).await;
    bind(&app, "appid", "").await;
    let mut person = Person::new(&app).await;
    person.agree(&app).await;
    person.open_program(&app).await;
    let hint = "合并我在小程序和电脑上的订单";
    let me = person.web.get("/me").await.text().await.unwrap();
    assert!(!me.contains(hint) && !me.contains("snsapi_userinfo"), "WeChat would tell nothing: {me}");
    // the account is bound, and the login of somebody else shows it
    bind(&app, "appid", OPEN_PLATFORM).await;
    Person::new(&app).await.agree(&app).await;
    let me = person.web.get("/me").await.text().await.unwrap();
    assert!(me.contains(hint) && me.contains("snsapi_userinfo"), "{me}");
    person.agree(&app).await;
    assert!(!person.web.get("/me").await.text().await.unwrap().contains(hint));
    assert_eq!(shopper_of(&app, &person.official()).await, person.program().as_str());
    app.stop().await;
}

async fn a_person_at_a_desk_scans_a_code_and_finds_the_orders(database: Database) {
    let app = TestApp::start(database).await;
    let mut person = Person::new(&app).await;
    person.agree(&app).await;
    let order = person.web.order(STICKER, 1).await;
    let mut browser = desk(&app);
    let page = browser.get("/me").await.text().await.unwrap();
    assert!(
        page.contains("scope=snsapi_login&amp;callback=%2Fme") && page.contains("微信扫码登录"),
        "{page}"
    );
    let wallet = browser.get("/wallet").await;
    assert_eq!(wallet.status(), 403);
    assert!(wallet.text().await.unwrap().contains("scope=snsapi_login&amp;callback=%2Fwallet"));
    let back = person.scanned(&app, &mut browser, "%2Forders", true).await;
    assert_eq!(location(&browser.get(&back).await), "/orders");
    let website = app.account().await["website_appid"].as_str().unwrap().to_owned();
    assert_eq!(browser.cookies["openId"], person.user["openids"][website].as_str().unwrap());
    assert!(browser.get("/orders").await.text().await.unwrap().contains(&order));
    let me = browser.get("/me").await.text().await.unwrap();
    assert!(me.contains("tester") && !me.contains("snsapi_login"), "{me}");
    assert_eq!(browser.get("/wallet").await.status(), 200);
    // on a computer one pays with a code
    let code = location(&browser.post(&format!("/orders/{order}/pay"), &[]).await);
    assert_eq!(code, format!("/orders/{order}/code"));
    // the code of the login is of no use for the official account
    let used = browser.get(&back).await;
    assert_eq!(used.status(), 302);
    assert_eq!(app.database.count("profiles", &[]).await, 2);
    app.stop().await;
}

async fn a_person_at_a_desk_who_refuses_stays_a_guest(database: Database) {
    let app = TestApp::start(database).await;
    let person = Person::new(&app).await;
    let mut browser = desk(&app);
    let back = person.scanned(&app, &mut browser, "%2Fme", false).await;
    assert!(!back.contains("code="), "{back}");
    let page = browser.get(&back).await.text().await.unwrap();
    assert!(page.contains("scope=snsapi_login"), "the way back leads to the same login: {page}");
    assert!(!browser.cookies.contains_key("session"));
    app.stop().await;
}

async fn a_shop_without_a_website_application_offers_no_login_at_a_desk(database: Database) {
    let app =
        TestApp::start_with(database, &[("WECHAT_WEBSITE_APPID", ""), ("WECHAT_WEBSITE_SECRET", "")]).await;
    let mut browser = desk(&app);
    let page = browser.get("/me").await.text().await.unwrap();
    assert!(!page.contains("snsapi_login"), "{page}");
    let refused = browser.get("/api/wechat/redirect?callback=%2Fme&scope=snsapi_login").await;
    assert_eq!(refused.status(), 404);
    app.stop().await;
}

async fn an_erasure_covers_each_openid_of_the_person(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_ORDER_EXPIRE_S", "600")]).await;
    let mut person = Person::new(&app).await;
    assert_eq!(person.agree(&app).await.status(), 302);
    app.shop.checkout().save_address(&person.official().into(), address("衡山路 1 号")).await.unwrap();
    let token = person.open_program(&app).await;
    let (order, _) = buy_in_program(&app, &token).await;
    app.clock.advance(601);
    app.until_state(&order, "closed").await;
    let (_, data) = get_personal_data(&app, &token).await;
    let openids = [person.official().to_string(), person.program().to_string()];
    for openid in &openids {
        assert!(data["data"]["openids"].to_string().contains(openid), "{data}");
    }
    assert_eq!(app.database.count("shopper_openids", &[]).await, 2);
    app.clock.advance(5);
    let shopper = shopper_of(&app, &person.official()).await.parse().unwrap();
    app.shop.privacy().erase(&shopper).await.unwrap();
    // both sessions have ended, and nothing names the person
    assert_eq!(get_personal_data(&app, &token).await.0, 401);
    assert!(location(&person.web.get("/me").await).contains("/api/wechat/redirect"));
    for table in ["shopper_openids", "shoppers", "profiles", "addresses"] {
        assert_eq!(app.database.count(table, &[]).await, 0, "{table}");
    }
    let connection = app.database.connect().await;
    for (table, column) in [("orders", "openid"), ("attempts", "openid"), ("audit", "detail")] {
        let rows = format!("{:?}", connection.table(table).rows(column).await);
        assert!(openids.iter().all(|openid| !rows.contains(openid)), "{table}: {rows}");
    }
    // the same person begins anew
    assert_eq!(person.agree(&app).await.status(), 302);
    assert_eq!(orders(&app, &person.official()).await, Vec::<String>::new());
    app.stop().await;
}

async fn get_personal_data(app: &TestApp, token: &str) -> (u16, Value) {
    let url = format!("{}/api/miniprogram/personal-data", app.url);
    let answer = app.http.get(url).bearer_auth(token).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}
