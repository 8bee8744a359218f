//! Messages to shoppers: each is sent once, and what became of it is shown.

use serde_json::{Value, json};
use shop::{JobKind, Role, Shop};

use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    console::{post, signed},
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    a_paid_order_is_one_message_to_its_shopper,
    a_shipped_order_and_a_refund_are_told,
    a_collected_order_is_not_told_as_shipped,
    a_declined_application_is_told,
    an_agreed_return_is_told_with_the_last_day,
    a_shopper_is_reminded_only_of_an_unpaid_order,
    without_a_consent_the_message_is_refused_and_shown,
    what_does_not_fit_is_refused_and_the_next_is_sent,
    a_used_quota_and_an_expired_token_are_tried_again,
    a_message_whose_answer_is_lost_is_unknown_and_not_repeated,
    a_message_that_was_being_sent_when_the_server_stopped_is_unknown,
    two_servers_send_one_message,
    a_message_that_waited_for_a_day_is_dropped,
    the_mini_programs_shopper_is_told_by_the_mini_program,
    a_person_with_two_accounts_is_told_by_the_one_that_took_the_payment,
    template_messages_go_to_followers,
    the_order_page_asks_for_messages_after_the_payment,
);

pub(crate) fn template_id(account: &str, word: &str) -> String {
    format!("{:-<43}", format!("{account}-{word}"))
}

const FIELDS: &str = "character_string1=order,thing2=goods,amount3=amount,time4=time";

/// The templates of the simulator's demo accounts, as the shop's variables.
pub(crate) fn variables() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (prefix, account) in
        [("WECHAT_TEMPLATE", "ServiceNotice"), ("WECHAT_MINIPROGRAM_TEMPLATE", "MiniProgram")]
    {
        for (name, word, fields) in [
            ("PAID", "Paid", FIELDS),
            (
                "SHIPPED",
                "Shipped",
                "character_string1=order,thing2=goods,thing3=carrier,character_string4=tracking,time5=time",
            ),
            ("REFUNDED", "Refunded", FIELDS),
            (
                "RETURN_AGREED",
                "ReturnAgreed",
                "character_string1=order,thing2=goods,thing3=reason,time4=time",
            ),
            (
                "REFUND_DECLINED",
                "RefundDeclined",
                "character_string1=order,thing2=goods,amount3=amount,thing4=reason",
            ),
            ("EXPIRING", "Expiring", FIELDS),
        ] {
            all.push((format!("{prefix}_{name}"), format!("{}:{fields}", template_id(account, word))));
        }
    }
    all
}

async fn start(database: Database) -> TestApp {
    start_with(database, &[]).await
}

async fn start_with(database: Database, more: &[(&str, &str)]) -> TestApp {
    let variables = variables();
    let mut all: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    all.push(ADMIN);
    all.extend(more);
    TestApp::start_with(database, &all).await
}

/// The shopper allows a message of the service account once.
async fn allow(app: &TestApp, shopper: &Shopper, word: &str) {
    let consent = json!({ "template_id": template_id("ServiceNotice", word), "openid": shopper.openid });
    app.control("messages/consent", consent).await;
}

/// The messages that users received.
pub(crate) async fn received(app: &TestApp) -> Vec<Value> {
    let url = format!("{}/_simulator/messages", app.wechat_url());
    let all: Value = app.http.get(url).send().await.unwrap().json().await.unwrap();
    all["messages"].as_array().unwrap().clone()
}

async fn count(app: &TestApp, subject: &str, state: &str) -> i64 {
    app.database.count("messages", &[("subject", subject), ("state", state)]).await
}

async fn until(app: &TestApp, subject: &str, state: &str) {
    app.until(&format!("a message {subject} is {state}"), async || count(app, subject, state).await == 1)
        .await;
}

/// A paid order of a shopper who allowed these messages.
async fn paid(app: &TestApp, allowed: &[&str]) -> (Shopper, String, String) {
    let mut shopper = app.shopper().await;
    for word in allowed {
        allow(app, &shopper, word).await;
    }
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 2).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    (shopper, order, number)
}

/// Runs the message jobs of this shop now, even those that wait for a later try.
async fn run_jobs(app: &TestApp, shop: &Shop) {
    app.database.set("jobs", "run_ms", 0, &[("kind", "message")]).await;
    shop.jobs().run_due_of(JobKind::Message).await.unwrap();
}

async fn order_page(app: &TestApp, order: &str, name: &'static str) -> String {
    let mut owner = signed(app, name, Role::Owner).await;
    owner.get(&format!("/console/orders/{order}")).await.text().await.unwrap()
}

async fn a_paid_order_is_one_message_to_its_shopper(database: Database) {
    let app = start(database).await;
    let (shopper, order, number) = paid(&app, &["Paid"]).await;
    until(&app, "paid", "sent").await;
    // the notification comes again, and changes nothing
    app.control("resend", json!({ "out_trade_no": number })).await;
    app.until("it has come again", async || app.answers(&order).await.len() >= 2).await;
    run_jobs(&app, &app.shop).await;
    let all = received(&app).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["openid"], shopper.openid);
    let price = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap().total_fee;
    assert_eq!(all[0]["data"]["character_string1"], order);
    assert!(all[0]["data"]["thing2"].as_str().unwrap().ends_with("等2件"), "{all:?}");
    assert_eq!(all[0]["data"]["amount3"], format!("{price}元"));
    assert_eq!(all[0]["page"], format!("{}/orders/{order}", app.url));
    let page = order_page(&app, &order, "anna").await;
    assert!(page.contains("已发送"), "{page}");
    assert_eq!(app.database.count("messages", &[]).await, 2, "and the reminder that waits");
    app.stop().await;
}

async fn a_shipped_order_and_a_refund_are_told(database: Database) {
    let app = start(database).await;
    let (shopper, order, _) = paid(&app, &["Shipped", "Shipped", "Refunded"]).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    let ship = format!("/console/orders/{order}/ship");
    for (parcel, correct, tracking) in
        [("1", "", "SF1000000000001"), ("1", "1", "SF1000000000002"), ("2", "", "SF2000000000001")]
    {
        let form =
            [("parcel", parcel), ("correct", correct), ("carrier", "顺丰速运"), ("tracking_no", tracking)];
        assert_eq!(post(&mut owner, &ship, &form).await.0, 303);
    }
    app.until("both parcels are told", async || count(&app, "shipped", "sent").await == 2).await;
    let (status, answer) = app.refund(&order, json!({ "refund_fee": 100, "reason": "少发一件" })).await;
    assert_eq!(status, 200, "{answer}");
    app.wait(5).await;
    until(&app, "refunded", "sent").await;
    let all = received(&app).await;
    let titles: Vec<_> = all.iter().map(|each| each["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        ["订单发货通知", "订单发货通知", "退款成功通知"],
        "a corrected parcel is not told again"
    );
    let mut tracking: Vec<_> =
        all[..2].iter().map(|each| each["data"]["character_string4"].as_str().unwrap()).collect();
    tracking.sort_unstable();
    assert!(tracking[0].starts_with("SF100000000000") && tracking[1] == "SF2000000000001", "{tracking:?}");
    assert_eq!(all[2]["data"]["amount3"], "1.00元");
    assert!(all.iter().all(|each| each["openid"] == shopper.openid));
    app.stop().await;
}

async fn a_collected_order_is_not_told_as_shipped(database: Database) {
    let app = start(database).await;
    let (_, order, _) = paid(&app, &["Shipped"]).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    assert_eq!(post(&mut owner, &format!("/console/orders/{order}/hand-over"), &[]).await.0, 303);
    assert_eq!(app.database.count("messages", &[("subject", "shipped")]).await, 0);
    app.stop().await;
}

async fn a_declined_application_is_told(database: Database) {
    let app = start(database).await;
    let (mut shopper, order, _) = paid(&app, &["RefundDeclined"]).await;
    let ask = format!("/orders/{order}/refund-request");
    assert_eq!(shopper.post(&ask, &[("reason", "不想要了")]).await.status(), 303);
    let mut owner = signed(&app, "anna", Role::Owner).await;
    let decline = format!("/console/after-sales/{order}S1/decline");
    assert_eq!(post(&mut owner, &decline, &[("answer", "商品已经寄出")]).await.0, 303);
    until(&app, "refund_declined", "sent").await;
    let all = received(&app).await;
    assert_eq!(all[0]["data"]["thing4"], "商品已经寄出");
    app.stop().await;
}

async fn an_agreed_return_is_told_with_the_last_day(database: Database) {
    let app = start(database).await;
    let (mut shopper, order, _) = paid(&app, &["ReturnAgreed"]).await;
    crate::deliveries::ship(&app, &order.parse().unwrap(), "顺丰", "SF1").await.unwrap();
    let form = [("kind", "return"), ("reason", "不合适"), ("pieces-1", "1")];
    let (status, place) = crate::after_sales::send(&shopper, &order, &form, &[]).await;
    assert_eq!(status, 303, "{place}");
    let asked = shopper.get(&place).await.text().await.unwrap();
    assert!(asked.contains("wx-open-subscribe") && asked.contains("开启售后通知"), "{asked}");
    let mut owner = signed(&app, "anna", Role::Owner).await;
    let agree = format!("/console/after-sales/{order}S1/agree");
    assert_eq!(post(&mut owner, &agree, &[("answer", "示例路 1 号")]).await.0, 303);
    until(&app, "return_agreed", "sent").await;
    let told = received(&app).await.pop().unwrap();
    assert_eq!(told["data"]["thing3"], "示例路 1 号");
    // seven days, unless SHOP_RETURN_DAYS says otherwise
    let id = format!("{order}S1").parse().unwrap();
    let due_ms = app.shop.store().after_sale(&id).await.unwrap().unwrap().due_ms.unwrap();
    assert_eq!(told["data"]["time4"], shop::shanghai(due_ms).strftime("%Y年%-m月%-d日 %H:%M").to_string());
    app.stop().await;
}

async fn a_shopper_is_reminded_only_of_an_unpaid_order(database: Database) {
    let app = start(database).await;
    let (_, paid_order, _) = paid(&app, &["Expiring"]).await;
    let mut other = app.shopper().await;
    allow(&app, &other, "Expiring").await;
    let (unpaid, _) = other.about_to_pay("test-sticker-1", 1).await;
    app.wait(1100).await;
    assert!(received(&app).await.is_empty(), "not before the last ten minutes");
    app.wait(200).await;
    until(&app, "expiring", "sent").await;
    until(&app, "expiring", "dropped").await;
    let all = received(&app).await;
    assert_eq!((all.len(), &all[0]["data"]["character_string1"]), (1, &json!(unpaid)));
    let dropped = [("order_id", &*paid_order), ("subject", "expiring"), ("code", "order_ended")];
    assert_eq!(app.database.count("messages", &dropped).await, 1);
    app.stop().await;
}

async fn without_a_consent_the_message_is_refused_and_shown(database: Database) {
    let app = start(database).await;
    let (_, order, _) = paid(&app, &[]).await;
    until(&app, "paid", "refused").await;
    assert_eq!(app.database.count("messages", &[("code", "43101")]).await, 1);
    let page = order_page(&app, &order, "anna").await;
    assert!(page.contains("买家没有允许这条消息"), "{page}");
    app.control("faults", json!({ "endpoint": "bizsend", "kind": "error", "code": "43107", "times": 1 }))
        .await;
    let (_, banned, _) = paid(&app, &["Paid"]).await;
    app.until("WeChat has banned the messages", async || count(&app, "paid", "refused").await == 2).await;
    let page = order_page(&app, &banned, "berta").await;
    assert!(page.contains("微信停用了这个账号的订阅消息"), "{page}");
    run_jobs(&app, &app.shop).await;
    assert!(received(&app).await.is_empty());
    app.stop().await;
}

async fn what_does_not_fit_is_refused_and_the_next_is_sent(database: Database) {
    // the template has a field that the configuration does not fill
    let short = format!("{}:character_string1=order", template_id("ServiceNotice", "Paid"));
    let app = start_with(database, &[("WECHAT_TEMPLATE_PAID", &short)]).await;
    let (mut shopper, order, _) = paid(&app, &["Paid", "Shipped"]).await;
    until(&app, "paid", "refused").await;
    assert_eq!(app.database.count("messages", &[("code", "47003")]).await, 1);
    let page = order_page(&app, &order, "anna").await;
    assert!(page.contains("内容不符合模板的字段") && page.contains("thing2"), "{page}");
    // a tracking number in Chinese does not fit its field, so WeChat is not asked
    let (second, number) = shopper.about_to_pay("test-sticker-1", 1).await;
    thumb(&app, &number).await;
    app.until_state(&second, "paid").await;
    let mut owner = signed(&app, "berta", Role::Owner).await;
    for (order, tracking) in [(&second, "单号一"), (&order, "SF1")] {
        let form = [("carrier", "顺丰速运"), ("tracking_no", tracking)];
        assert_eq!(post(&mut owner, &format!("/console/orders/{order}/ship"), &form).await.0, 303);
    }
    until(&app, "shipped", "refused").await;
    until(&app, "shipped", "sent").await;
    assert_eq!(app.database.count("messages", &[("code", "field"), ("order_id", &second)]).await, 1);
    app.stop().await;
}

async fn a_used_quota_and_an_expired_token_are_tried_again(database: Database) {
    let app = start(database).await;
    for code in ["45009", "45011", "-1"] {
        let fault = json!({ "endpoint": "bizsend", "kind": "error", "code": code, "times": 1 });
        app.control("faults", fault).await;
    }
    paid(&app, &["Paid"]).await;
    app.until("the quota is used", async || {
        app.database.count("messages", &[("state", "waiting"), ("code", "45009")]).await == 1
    })
    .await;
    run_jobs(&app, &app.shop).await;
    run_jobs(&app, &app.shop).await;
    assert!(received(&app).await.is_empty());
    run_jobs(&app, &app.shop).await;
    until(&app, "paid", "sent").await;
    // the token has ended at WeChat, and the shop does not know it yet
    let fault = json!({ "endpoint": "bizsend", "kind": "error", "code": "42001", "message": "access_token expired", "times": 1 });
    app.control("faults", fault).await;
    paid(&app, &["Paid"]).await;
    app.until("the second one is sent", async || {
        run_jobs(&app, &app.shop).await;
        count(&app, "paid", "sent").await == 2
    })
    .await;
    assert_eq!(received(&app).await.len(), 2);
    app.stop().await;
}

async fn a_message_whose_answer_is_lost_is_unknown_and_not_repeated(database: Database) {
    let app = start(database).await;
    for kind in ["hang_up_after", "http_502"] {
        app.control("faults", json!({ "endpoint": "bizsend", "kind": kind, "times": 1 })).await;
        let (_, order, _) = paid(&app, &["Paid"]).await;
        app.until("its outcome is unknown", async || {
            let known = [("order_id", &*order), ("state", "unknown"), ("subject", "paid")];
            app.database.count("messages", &known).await == 1
        })
        .await;
    }
    run_jobs(&app, &app.shop).await;
    assert_eq!(received(&app).await.len(), 1, "the first one arrived, and neither is sent again");
    let order = app.database.count("messages", &[("state", "unknown")]).await;
    assert_eq!(order, 2);
    app.stop().await;
}

async fn a_message_that_was_being_sent_when_the_server_stopped_is_unknown(database: Database) {
    let mut app = start(database).await;
    app.control(
        "faults",
        json!({ "endpoint": "bizsend", "kind": "timeout_before", "seconds": 60, "times": 1 }),
    )
    .await;
    let (_, order, _) = paid(&app, &["Paid"]).await;
    until(&app, "paid", "sending").await;
    // the server dies: its lease ends, and another server takes the job
    let other = app.second_shop().await;
    app.database.set("jobs", "leased_ms", 0, &[("kind", "message")]).await;
    run_jobs(&app, &other).await;
    until(&app, "paid", "unknown").await;
    run_jobs(&app, &other).await;
    assert!(received(&app).await.is_empty());
    let page = order_page(&app, &order, "anna").await;
    assert!(page.contains("结果未知") && page.contains("不会重发"), "{page}");
    app.stop_server().await;
}

async fn two_servers_send_one_message(database: Database) {
    let app = start(database).await;
    let (first, second) = (app.second_shop().await, app.second_shop().await);
    for _ in 0..5 {
        paid(&app, &["Paid"]).await;
        tokio::join!(run_jobs(&app, &first), run_jobs(&app, &second));
    }
    app.until("all are sent", async || count(&app, "paid", "sent").await == 5).await;
    assert_eq!(received(&app).await.len(), 5);
    app.stop().await;
}

async fn a_message_that_waited_for_a_day_is_dropped(database: Database) {
    let app = start(database).await;
    app.control("faults", json!({ "endpoint": "bizsend", "kind": "error", "code": "45009" })).await;
    let (_, order, _) = paid(&app, &["Paid"]).await;
    app.until("it waits", async || app.database.count("messages", &[("code", "45009")]).await == 1).await;
    app.clock.advance(25 * 3600);
    run_jobs(&app, &app.shop).await;
    until(&app, "paid", "dropped").await;
    assert_eq!(app.database.count("messages", &[("code", "too_late"), ("order_id", &order)]).await, 1);
    app.stop().await;
}

async fn the_mini_programs_shopper_is_told_by_the_mini_program(database: Database) {
    let app =
        start_with(database, &[("WECHAT_MINIPROGRAM_ORDER_PAGE", "/pages/web/web?path=/orders/{order}")])
            .await;
    let opened = app.control("miniprogram", json!({})).await;
    let openid = opened["openid"].as_str().unwrap();
    let url = |path: &str| format!("{}/api/miniprogram/{path}", app.url);
    let login = app.http.post(url("login")).json(&json!({ "code": opened["code"] })).send().await.unwrap();
    let login: Value = login.json().await.unwrap();
    let items = json!({ "items": [{ "sku": "mug-celadon-300", "quantity": 1 }] });
    let token = login["data"]["token"].as_str().unwrap();
    let answer = app.http.post(url("pay")).bearer_auth(token).json(&items).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let asked: Vec<String> =
        ["Shipped", "Refunded", "Paid"].map(|word| template_id("MiniProgram", word)).into();
    assert_eq!(answer["data"]["templates"], json!(asked), "{answer}");
    let consent = json!({ "template_id": template_id("MiniProgram", "Paid"), "openid": openid });
    app.control("messages/consent", consent).await;
    thumb(&app, answer["data"]["out_trade_no"].as_str().unwrap()).await;
    until(&app, "paid", "sent").await;
    let all = received(&app).await;
    assert_eq!((all.len(), &all[0]["openid"]), (1, &json!(openid)));
    let order = answer["data"]["order"].as_str().unwrap();
    assert_eq!(all[0]["page"], format!("/pages/web/web?path=/orders/{order}"));
    app.stop().await;
}

async fn a_person_with_two_accounts_is_told_by_the_one_that_took_the_payment(database: Database) {
    let app = start(database).await;
    // in the mini program first, so the shopper's id is not the openid that pays
    let opened = app.control("miniprogram", json!({})).await;
    let login = app.http.post(format!("{}/api/miniprogram/login", app.url));
    let login = login.json(&json!({ "code": opened["code"] })).send().await.unwrap();
    assert_eq!(login.status(), 200);
    let users = app.http.get(format!("{}/_simulator/users", app.wechat_url())).send().await.unwrap();
    let users: Value = users.json().await.unwrap();
    let mut shopper = Shopper::new(&app, users[0]["openid"].as_str().unwrap());
    shopper.log_in(&app).await;
    for word in ["Paid", "Refunded"] {
        allow(&app, &shopper, word).await;
    }
    // the reminder is written before the merge, and the rest after it
    let (order, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    let begin = "/api/wechat/redirect?callback=%2Fme&scope=snsapi_userinfo";
    let wechat = location(&shopper.get(begin).await);
    let back = shopper.consented(&app, &wechat).await;
    shopper.get(&back).await;
    let row = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(row.shopper.to_string(), users[0]["miniprogram_openid"].as_str().unwrap());
    assert_eq!(shopper.pay(&order).await, number);
    thumb(&app, &number).await;
    until(&app, "paid", "sent").await;
    let (status, answer) = app.refund(&order, json!({ "refund_fee": 100, "reason": "少发一件" })).await;
    assert_eq!(status, 200, "{answer}");
    app.wait(5).await;
    until(&app, "refunded", "sent").await;
    let all = received(&app).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.iter().all(|each| each["openid"] == shopper.openid), "{all:?}");
    assert_eq!(app.database.count("messages", &[("subject", "expiring")]).await, 1);
    app.stop().await;
}

async fn template_messages_go_to_followers(database: Database) {
    let template = format!("{}:{FIELDS}", template_id("ServiceTemplate", "Paid"));
    let more = [("WECHAT_TEMPLATE_PAID", &*template), ("WECHAT_TEMPLATE_KIND", "template")];
    let app = start_with(database, &more).await;
    let (_, order, _) = paid(&app, &[]).await;
    until(&app, "paid", "refused").await;
    let page = order_page(&app, &order, "anna").await;
    assert!(page.contains("买家没有关注服务号"), "{page}");
    let mut shopper = app.shopper().await;
    app.control("follow", json!({ "openid": shopper.openid })).await;
    let (order, number) = shopper.about_to_pay("test-sticker-1", 1).await;
    thumb(&app, &number).await;
    until(&app, "paid", "sent").await;
    let all = received(&app).await;
    assert_eq!((all.len(), &all[0]["url"]), (1, &json!(format!("{}/orders/{order}", app.url))));
    app.stop().await;
}

async fn the_order_page_asks_for_messages_after_the_payment(database: Database) {
    let mut app = start(database).await;
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay("test-sticker-1", 1).await;
    let path = format!("/orders/{order}");
    let tag = "<wx-open-subscribe";
    assert!(!shopper.get(&path).await.text().await.unwrap().contains(tag), "the payment comes first");
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let page = shopper.get(&path).await.text().await.unwrap();
    let ids = ["Shipped", "Refunded", "Paid"].map(|word| template_id("ServiceNotice", word)).join(",");
    assert!(page.contains(&format!("{tag} template=\"{ids}\"")), "{page}");
    assert!(page.contains("<script type=\"text/wxtag-template\"><style>"), "{page}");
    let in_wechat = shopper.agent.clone();
    shopper.agent = format!("{in_wechat} miniProgram/wx8b3f6a1d0c9e2745");
    assert!(!shopper.get(&path).await.text().await.unwrap().contains(tag), "the mini program asks by itself");
    shopper.agent = in_wechat;
    app.restart_with(&[("WECHAT_TEMPLATE_KIND", "template")]).await;
    assert!(!shopper.get(&path).await.text().await.unwrap().contains(tag), "followers are not asked");
    app.stop().await;
}
