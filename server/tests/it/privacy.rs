//! A shopper's data: the copy of it, its erasure, and what stands in the way.

use serde_json::Value;
use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    deliveries::ship,
    on_both,
    shopper::{Shopper, location, thumb},
};

const MUG: &str = "mug-celadon-300";

const HOME: [(&str, &str); 6] = [
    ("to", "new"),
    ("name", "欧阳小王"),
    ("phone", "13800001234"),
    ("region", "上海市 徐汇区"),
    ("detail", "衡山路 77 号"),
    ("note", "请放门口的花盆下"),
];

const ERASE: &str = "/me/privacy/erase";
const CONFIRMED: [(&str, &str); 1] = [("confirm", "1")];

on_both!(
    a_shopper_downloads_the_own_data_and_no_other,
    erased_data_is_in_no_table,
    what_has_not_ended_stands_in_the_way,
    the_sessions_of_an_erased_shopper_end,
    staff_copy_and_erase_with_a_reason,
);

/// An order that the shopper has received, with everything that may be known about its shopper.
async fn received_order(app: &TestApp, shopper: &mut Shopper) -> String {
    let order = shopper.order(MUG, 1).await;
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &HOME).await.status(), 303);
    let number = shopper.pay(&order).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    let request = format!("/orders/{order}/refund-request");
    assert_eq!(shopper.post(&request, &[("reason", "杯子有裂纹，我是老王家的")]).await.status(), 303);
    assert_eq!(shopper.post(&format!("{request}/withdraw"), &[]).await.status(), 303);
    let invoice = [("kind", "person"), ("title", "欧阳小王"), ("email", "ouyang@example.com")];
    assert_eq!(shopper.post(&format!("/orders/{order}/invoice"), &invoice).await.status(), 303);
    ship(app, &order.parse().unwrap(), "顺丰速运", "SF1").await.unwrap();
    assert_eq!(shopper.post(&format!("/orders/{order}/received"), &[]).await.status(), 303);
    order
}

/// Rows that need more of WeChat than this test has: a profile, a message, an ended complaint, a resolved discrepancy.
async fn add_rows(app: &TestApp, shopper: &Shopper, order: &str) {
    let database = &app.database;
    let openid = shopper.openid.as_str();
    let profile = [
        ("openid", openid.into()),
        ("nickname", "王王".into()),
        ("headimgurl", "".into()),
        ("at_ms", 1.into()),
    ];
    database.insert("profiles", &profile).await;
    let id = format!("paid:{order}:{openid}");
    let message = [
        ("id", id.as_str().into()),
        ("subject", "paid".into()),
        ("channel", "official".into()),
        ("recipient", openid.into()),
        ("order_id", order.into()),
        ("about", order.into()),
        ("state", "sent".into()),
        ("sender", "".into()),
        ("code", "".into()),
        ("detail", "".into()),
        ("created_ms", 1.into()),
        ("changed_ms", 1.into()),
    ];
    database.insert("messages", &message).await;
    let complaint = [
        ("id", "c1".into()),
        ("state", "processed".into()),
        ("order_id", order.into()),
        ("out_trade_no", "".into()),
        ("transaction_id", "".into()),
        ("problem", "other".into()),
        ("problem_words", "".into()),
        ("refund_wanted", 0.into()),
        ("detail", "请打我电话 13800001234".into()),
        ("sealed_phone", "sealed-by-wechat".into()),
        ("pictures", "".into()),
        ("times", 1.into()),
        ("is_fully_refunded", 0.into()),
        ("has_unanswered_response", 0.into()),
        ("newest_of_shopper", "".into()),
        ("complained_ms", 1.into()),
        ("read_ms", 1.into()),
    ];
    database.insert("complaints", &complaint).await;
    let entry = [
        ("complaint_id", "c1".into()),
        ("log_id", "l1".into()),
        ("writer", "shopper".into()),
        ("kind", "USER_CREATE_COMPLAINT".into()),
        ("text", "我叫欧阳小王".into()),
        ("pictures", "".into()),
        ("at_ms", 1.into()),
    ];
    database.insert("complaint_entries", &entry).await;
    let number =
        database.connect().await.table("attempts").with("order_id", order).rows("out_trade_no").await;
    let number = number[0]["out_trade_no"].clone();
    app.discrepancy("d1", &number, &format!("paid by {openid}"), openid.as_bytes()).await;
    database.set("differences", "resolution", "done", &[("id", "d1")]).await;
}

/// The texts of all tables that may hold something of a shopper.
async fn everything(database: &Database) -> String {
    let tables = [
        ("orders", "openid, basket, placed_from, link_key"),
        ("deliveries", "name, phone, address, note"),
        ("events", "detail"),
        ("attempts", "openid"),
        ("attempt_requests", "request"),
        ("refund_requests", "reason, answer"),
        ("after_sales", "reason, answer, tracking_no"),
        ("refunds", "reason"),
        ("invoices", "title, tax_number, email"),
        ("messages", "id, recipient, detail"),
        ("jobs", "id, subject"),
        ("complaints", "detail, sealed_phone"),
        ("complaint_entries", "text"),
        ("complaint_answers", "text"),
        ("differences", "detail"),
        ("pushes", "content"),
        ("wallets", "openid"),
        ("wallet_moves", "openid"),
        ("profiles", "openid, nickname"),
        ("carts", "shopper"),
        ("addresses", "shopper, name, phone, detail"),
        ("order_visitors", "shopper"),
        ("login_states", "openid"),
        ("audit", "detail"),
        ("ended_sessions", "shopper"),
    ];
    let connection = database.connect().await;
    let mut all = String::new();
    for (table, columns) in tables {
        for row in connection.table(table).rows(columns).await {
            all += &format!("{table}: {row:?}\n");
        }
    }
    all
}

/// The names of all fields of a document.
fn names(document: &Value) -> Vec<String> {
    match document {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| std::iter::once(name.clone()).chain(names(value)))
            .collect(),
        Value::Array(all) => all.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

async fn a_shopper_downloads_the_own_data_and_no_other(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = received_order(&app, &mut shopper).await;
    add_rows(&app, &shopper, &order).await;
    shopper.post("/cart", &[("sku", MUG), ("quantity", "2")]).await;
    shopper.post("/addresses", &HOME).await;
    assert!(text(&mut shopper, "/me").await.contains("href=\"/me/privacy\""));
    assert!(text(&mut shopper, "/me/privacy").await.contains("\"/me/privacy/data\""));
    let read = text(&mut shopper, "/me/privacy/data").await;
    let parts = [
        "收货地址",
        "欧阳小王",
        "请放门口的花盆下",
        "运单号",
        "SF1",
        "杯子有裂纹",
        "我叫欧阳小王",
        "/me/privacy/data.json",
    ];
    for part in parts {
        assert!(read.contains(part), "{part}: {read}");
    }
    let answer = shopper.get("/me/privacy/data.json").await;
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let data: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    for name in names(&data) {
        assert!(!read.contains(&format!(">{name}<")), "the page needs a word for {name}");
    }
    assert_eq!(data["shopper"], shopper.openid);
    assert_eq!(data["profile"]["nickname"], "王王");
    assert_eq!(data["addresses"][0]["name"], "欧阳小王");
    assert_eq!(data["cart"][0]["quantity"], 2);
    let first = &data["orders"][0];
    assert_eq!(first["number"], order);
    assert_eq!(first["delivery"]["note"], "请放门口的花盆下");
    assert_eq!(first["parcels"][0]["tracking_number"], "SF1");
    assert_eq!(first["after_sales"][0]["reason"], "杯子有裂纹，我是老王家的");
    assert_eq!(first["invoice"]["email"], "ouyang@example.com");
    assert_eq!(first["complaints"][0]["negotiation"][0]["text"], "我叫欧阳小王");
    assert_eq!(data["messages"][0]["about"], "paid");
    let mut other = app.shopper().await;
    assert!(!text(&mut other, "/me/privacy/data").await.contains("欧阳小王"));
    let others = other.get("/me/privacy/data.json").await.text().await.unwrap();
    assert!(!others.contains("欧阳小王") && !others.contains(&order), "{others}");
    app.stop().await;
}

async fn erased_data_is_in_no_table(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = received_order(&app, &mut shopper).await;
    add_rows(&app, &shopper, &order).await;
    shopper.post("/cart", &[("sku", MUG), ("quantity", "2")]).await;
    shopper.post("/addresses", &HOME).await;
    // another shopper's order that this one has paid, and a shopper who stays
    let mut friend = app.shopper().await;
    let gift = friend.order(MUG, 1).await;
    friend
        .post(
            &format!("/orders/{gift}/delivery"),
            &[("to", "pickup"), ("pickup_name", "朋友"), ("pickup_phone", "13900001111")],
        )
        .await;
    let page = text(&mut friend, &format!("/orders/{gift}")).await;
    let link = page.split("data-link=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(shopper.get(&link).await.status(), 303);
    let number = shopper.pay(&gift).await;
    thumb(&app, &number).await;
    app.until_state(&gift, "paid").await;

    let before = everything(&app.database).await;
    let openid = shopper.openid.clone();
    let personal = [
        openid.as_str(),
        "欧阳小王",
        "13800001234",
        "衡山路 77 号",
        "花盆",
        "老王家",
        "ouyang@example.com",
        "王王",
        "sealed-by-wechat",
    ];
    for words in personal {
        assert!(before.contains(words), "{words} was not there: {before}");
    }
    // asked once: a form without the answer erases nothing
    assert_eq!(location(&shopper.post(ERASE, &[]).await), ERASE);
    assert!(text(&mut shopper, ERASE).await.contains("确认删除"));
    let answer = shopper.post(ERASE, &CONFIRMED).await;
    assert_eq!(location(&answer), "/erased");
    assert!(text(&mut shopper, "/erased").await.contains("您的信息已删除"));
    let after = everything(&app.database).await;
    for words in personal {
        assert!(!after.contains(words), "{words} is left: {after}");
    }
    // the books stay: what was paid, and that the payment has no person
    assert_eq!(app.state(&order).await, "paid");
    assert_eq!(app.database.count("attempts", &[("state", "paid"), ("openid", "")]).await, 2);
    assert_eq!(app.database.count("audit", &[("what", "erase personal data"), ("who", "shopper")]).await, 1);
    let mut owner = signed(&app, "rosa", Role::Owner).await;
    let console = text(&mut owner, &format!("/console/orders/{order}")).await;
    assert!(console.contains("—"), "{console}");
    // the friend keeps the own order, and an export goes on
    let kept = text(&mut friend, &format!("/orders/{gift}")).await;
    assert!(kept.contains("朋友"), "{kept}");
    let (status, file) = post(&mut owner, "/console/orders.csv", &[]).await;
    assert!(status == 200 && file.contains(&order), "{file}");
    // the same person begins anew
    shopper.log_in(&app).await;
    assert!(!text(&mut shopper, "/orders").await.contains(&order));
    app.stop().await;
}

async fn what_has_not_ended_stands_in_the_way(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let unpaid = shopper.order(MUG, 1).await;
    let refused = async |shopper: &mut Shopper, words: &str| {
        let page = text(shopper, ERASE).await;
        assert!(page.contains(words) && !page.contains("确认删除"), "{words}: {page}");
        assert_eq!(shopper.post(ERASE, &CONFIRMED).await.status(), 409, "{words}");
    };
    refused(&mut shopper, "有未付款的订单").await;
    assert_eq!(shopper.post(&format!("/orders/{unpaid}/cancel"), &[]).await.status(), 303);
    app.until_state(&unpaid, "closed").await;
    let (order, number) = shopper.about_to_pay(MUG, 1).await;
    refused(&mut shopper, "有未付款的订单").await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    refused(&mut shopper, "还有未收货的订单").await;
    let request = format!("/orders/{order}/refund-request");
    shopper.post(&request, &[("reason", "不想要了")]).await;
    refused(&mut shopper, "还有未完成的退款").await;
    shopper.post(&format!("{request}/withdraw"), &[]).await;
    app.database.set("orders", "received_ms", 1, &[("id", order.as_str())]).await;
    let wallet = [("openid", shopper.openid.as_str().into()), ("balance", 100.into())];
    app.database.insert("wallets", &wallet).await;
    refused(&mut shopper, "余额里还有钱").await;
    app.database.set("wallets", "balance", 0, &[]).await;
    app.discrepancy("d2", &number, "a difference", b"").await;
    refused(&mut shopper, "商家还在核对").await;
    app.database.set("differences", "resolution", "done", &[]).await;
    add_rows(&app, &shopper, &order).await;
    app.database.set("complaints", "state", "pending", &[]).await;
    refused(&mut shopper, "还有未结束的投诉").await;
    app.database.set("complaints", "state", "processed", &[]).await;
    shopper.post("/language", &[("to", "en")]).await;
    assert_eq!(chinese(&text(&mut shopper, ERASE).await), Vec::<String>::new());
    assert_eq!(chinese(&text(&mut shopper, "/me/privacy").await), Vec::<String>::new());
    assert_eq!(shopper.post(ERASE, &CONFIRMED).await.status(), 303);
    assert_eq!(app.database.count("wallets", &[("openid", shopper.openid.as_str())]).await, 0);
    app.stop().await;
}

async fn the_sessions_of_an_erased_shopper_end(database: Database) {
    let app = TestApp::start(database).await;
    let other_server = app.second_shop().await;
    let mut shopper = app.shopper().await;
    let mut elsewhere = Shopper::new(&app, &shopper.openid);
    elsewhere.cookies = shopper.cookies.clone();
    let mut stays = app.shopper().await;
    let since_s = app.shop.clock().now_ms() / 1000;
    app.clock.advance(5);
    assert_eq!(elsewhere.get("/me").await.status(), 200);
    assert_eq!(location(&shopper.post(ERASE, &CONFIRMED).await), "/erased");
    assert!(shopper.cookies.get("session").is_none_or(String::is_empty), "{:?}", shopper.cookies);
    assert!(location(&elsewhere.get("/me").await).contains("/api/wechat/redirect"));
    assert_eq!(stays.get("/me").await.status(), 200);
    // another server learns it, and a new login counts
    let openid = shopper.openid.parse::<model::Shopper>().unwrap();
    assert!(!other_server.privacy().has_ended(&openid, since_s));
    other_server.privacy().refresh_ended_sessions().await.unwrap();
    assert!(other_server.privacy().has_ended(&openid, since_s));
    shopper.log_in(&app).await;
    assert_eq!(shopper.get("/me").await.status(), 200);
    app.stop().await;
}

async fn staff_copy_and_erase_with_a_reason(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = received_order(&app, &mut shopper).await;
    let page = format!("/console/orders/{order}/shopper");
    let (copy, erase) = (format!("{page}/data.json"), format!("{page}/erase"));
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    assert!(!text(&mut clerk, &format!("/console/orders/{order}")).await.contains(&page));
    assert_eq!(clerk.get(&page).await.status(), 403);
    assert_eq!(post(&mut clerk, &copy, &[]).await.0, 403);
    assert_eq!(post(&mut clerk, &erase, &[("reason", "买家来电")]).await.0, 403);
    let mut owner = signed(&app, "rosa", Role::Owner).await;
    assert!(text(&mut owner, &format!("/console/orders/{order}")).await.contains(&page));
    let (status, data) = post(&mut owner, &copy, &[]).await;
    assert!(status == 200 && data.contains("欧阳小王"), "{data}");
    assert_eq!(app.database.count("audit", &[("what", "copy personal data"), ("who", "rosa")]).await, 1);
    let (status, html) = post(&mut owner, &erase, &[("reason", " ")]).await;
    assert!(status == 400 && html.contains("请填写原因"), "{html}");
    assert_eq!(post(&mut owner, "/console/orders/99/shopper/erase", &[("reason", "x")]).await.0, 404);
    // something stands in the way
    let unpaid = shopper.order(MUG, 1).await;
    let (status, html) = post(&mut owner, &erase, &[("reason", "买家来电")]).await;
    assert!(status == 409 && html.contains("未付款的订单"), "{html}");
    shopper.post(&format!("/orders/{unpaid}/cancel"), &[]).await;
    app.until_state(&unpaid, "closed").await;
    owner.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    assert_eq!(chinese(&text(&mut owner, &page).await), Vec::<String>::new());
    let done = post(&mut owner, &erase, &[("reason", "asked by telephone")]).await;
    assert_eq!(done, (303, format!("/console/orders/{order}?done=erased")));
    let audit = app
        .database
        .connect()
        .await
        .table("audit")
        .with("what", "erase personal data")
        .rows("who, detail")
        .await;
    assert_eq!(
        (audit[0]["who"].as_str(), audit[0]["detail"].clone()),
        ("rosa", format!("{order}: asked by telephone"))
    );
    let all = everything(&app.database).await;
    assert!(!all.contains(&shopper.openid) && !all.contains("欧阳小王"), "{all}");
    app.stop().await;
}
