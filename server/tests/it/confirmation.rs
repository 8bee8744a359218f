//! The confirmation of an order: how it is delivered, what a refused form shows, and the three states of an order.

use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    the_confirmation_orders_nothing_before_its_button,
    the_same_things_for_another_person_are_another_order,
    pickup_names_the_person_and_every_page_says_it,
    a_program_that_chooses_nothing_can_still_pay,
    a_refused_form_keeps_everything_that_was_typed,
    a_saved_address_is_changed,
    the_default_address_stays_the_first_choice,
    a_cart_that_changed_meanwhile_says_so,
    a_product_stays_open_when_it_is_put_in_the_cart,
    a_partial_refund_leaves_the_order_paid_and_shipped,
    what_the_payment_sheet_reports_is_an_event_and_not_a_payment,
);

const PEN: &str = "pen-brass-f";
const STICKER: &str = "test-sticker-1";

const HOME: [(&str, &str); 5] = [
    ("to", "new"),
    ("name", "小王"),
    ("phone", "13800000000"),
    ("region", "上海市 徐汇区"),
    ("detail", "衡山路 1 号"),
];

async fn page(shopper: &mut Shopper, path: &str) -> String {
    let answer = shopper.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

#[track_caller]
fn order_of(path: &str) -> String {
    path.split('/').nth(2).unwrap_or_else(|| panic!("{path} is not of an order")).to_owned()
}

async fn the_confirmation_orders_nothing_before_its_button(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let before = app.stock(PEN).await;
    let product = page(&mut shopper, "/products/pen-brass").await;
    assert!(product.contains("method=\"get\" action=\"/orders/new\""), "{product}");
    let confirm = page(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=2")).await;
    assert!(confirm.contains("336.00") && confirm.contains("value=\"new\" checked"), "{confirm}");
    assert!(!confirm.contains("value=\"pickup\" checked"), "pickup is never the default: {confirm}");
    assert_eq!((app.stock(PEN).await, app.database.count("orders", &[]).await), (before, 0));

    // the button places the order, and leads to where it is paid
    let mut form = HOME.to_vec();
    form.extend([("sku", PEN), ("quantity", "2"), ("pay", "1"), ("note", "放门口")]);
    let paying = location(&shopper.post("/orders", &form).await);
    let order = order_of(&paying);
    assert_eq!(paying, format!("/orders/{order}/pay"));
    assert_eq!(app.stock(PEN).await, before - 2);
    // a second tap, also after the payment began: the same order
    assert_eq!(location(&shopper.post("/orders", &form).await), paying);
    assert_eq!(app.database.count("orders", &[]).await, 1);
    thumb(&app, &format!("{order}01")).await;
    app.until_state(&order, "paid").await;
    let paid = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(
        paid.contains("衡山路 1 号") && paid.contains("待发货") && paid.contains("我们会尽快为您发货"),
        "{paid}"
    );
    // the same things again after the payment are a new order
    assert_ne!(location(&shopper.post("/orders", &form).await), paying);
    app.stop().await;
}

async fn the_same_things_for_another_person_are_another_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let pickup = |name| {
        let phone = ("pickup_phone", "13900000000");
        [("sku", PEN), ("quantity", "1"), ("to", "pickup"), ("pickup_name", name), phone]
    };
    let first = order_of(&location(&shopper.post("/orders", &pickup("小李")).await));
    let second = order_of(&location(&shopper.post("/orders", &pickup("小王")).await));
    assert_ne!(first, second);
    let kept = app.shop.store().delivery(&first.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(kept.name, "小李", "the first order goes where it went");
    // a double tap of each
    assert_eq!(order_of(&location(&shopper.post("/orders", &pickup("小李")).await)), first);
    assert_eq!(order_of(&location(&shopper.post("/orders", &pickup("小王")).await)), second);
    app.stop().await;
}

async fn pickup_names_the_person_and_every_page_says_it(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let pickup = |name, phone| {
        [("sku", PEN), ("quantity", "1"), ("to", "pickup"), ("pickup_name", name), ("pickup_phone", phone)]
    };
    for (form, text) in [
        (pickup("", "13800000000"), "请填写取货人的姓名和电话"),
        (pickup("小李", ""), "请填写取货人的姓名和电话"),
        (pickup("小李", "12"), "电话号码有误"),
    ] {
        let refused = shopper.post("/orders", &form).await;
        assert_eq!(refused.status(), 400);
        let shown = refused.text().await.unwrap();
        assert!(shown.contains(text) && shown.contains("value=\"pickup\" checked"), "{shown}");
    }
    assert_eq!(app.database.count("orders", &[]).await, 0);
    let order = order_of(&location(&shopper.post("/orders", &pickup("小李", "139 0000 0000")).await));
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    for text in ["到店自取", "请向商家询问自取地点", "小李", "139 0000 0000", "待取货", "请到店自取"]
    {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let code = &order[order.len() - 4..];
    assert!(shown.contains(&format!("<strong class=\"pickup-code\">{code}</strong>")), "{shown}");
    assert!(!shown.contains("尽快为您发货"), "{shown}");
    // ordered and paid are done; the next step is to collect
    assert!(shown.matches("aria-current=\"step\"").count() == 1 && shown.contains(">取货</li>"), "{shown}");
    let kept = app.shop.store().delivery(&order.parse().unwrap()).await.unwrap().unwrap();
    assert!(kept.is_pickup() && kept.name == "小李", "{kept:?}");
    shopper.post("/language", &[("to", "en")]).await;
    let english = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(
        english.contains("Please ask the shop where to collect it") && !english.contains("请向"),
        "{english}"
    );
    shopper.post("/language", &[("to", "zh")]).await;
    // the next confirmation knows the person, and still asks for the choice
    let next = page(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=1")).await;
    assert!(next.contains("value=\"小李\"") && !next.contains("value=\"pickup\" checked"), "{next}");
    app.stop().await;
}

async fn a_program_that_chooses_nothing_can_still_pay(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(STICKER, 1).await;
    // the pages ask for the choice before they offer the payment
    for path in [format!("/orders/{order}"), format!("/orders/{order}/confirm")] {
        let shown = page(&mut shopper, &path).await;
        assert!(
            shown.contains("请选择收货方式") && !shown.contains(&format!("/orders/{order}/pay")),
            "{shown}"
        );
    }
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert!(page(&mut shopper, &format!("/orders/{order}")).await.contains("请到店自取"));
    app.stop().await;
}

async fn a_refused_form_keeps_everything_that_was_typed(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let typed = [
        ("sku", PEN),
        ("quantity", "3"),
        ("to", "new"),
        ("name", "王<b>"),
        ("phone", "call me"),
        ("city", ""),
        ("region", "徐汇区"),
        ("detail", "衡山路 \"1\" 号"),
        ("note", "放门口</textarea>"),
    ];
    let refused = shopper.post("/orders", &typed).await;
    assert_eq!(refused.status(), 400);
    let shown = refused.text().await.unwrap();
    for text in [
        "value=\"王&lt;b&gt;\"",
        "value=\"call me\"",
        "value=\"徐汇区\"",
        "衡山路 &quot;1&quot; 号",
        "放门口&lt;/textarea&gt;",
        "id=\"phone-problem\"",
        "id=\"city-problem\"",
        "504.00",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(!shown.contains("id=\"name-problem\""), "{shown}");
    assert!(!shown.contains("王<b>") && !shown.contains("放门口</textarea>"), "{shown}");

    let addresses = shopper.post("/addresses", &typed[3..8]).await;
    assert_eq!(addresses.status(), 400);
    let shown = addresses.text().await.unwrap();
    assert!(shown.contains("value=\"call me\"") && shown.contains("id=\"phone-problem\""), "{shown}");

    let wallet = shopper.post("/wallet", &[("yuan", "一百")]).await;
    assert_eq!(wallet.status(), 400);
    let shown = wallet.text().await.unwrap();
    assert!(shown.contains("value=\"一百\"") && shown.contains("id=\"yuan-problem\""), "{shown}");

    let (order, number) = shopper.about_to_pay(STICKER, 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let long = "长".repeat(201);
    let refund = shopper.post(&format!("/orders/{order}/refund-request"), &[("reason", &long)]).await;
    assert_eq!(refund.status(), 400);
    let shown = refund.text().await.unwrap();
    assert!(shown.contains(&long) && shown.contains("id=\"reason-problem\""), "{shown}");
    app.stop().await;
}

async fn a_saved_address_is_changed(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, mut other) = (app.shopper().await, app.shopper().await);
    assert_eq!(location(&shopper.post("/addresses", &HOME[1..]).await), "/addresses?done=address");
    let list = page(&mut shopper, "/addresses").await;
    let id = list.split("/addresses?edit=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = page(&mut shopper, &format!("/addresses?edit={id}")).await;
    assert!(form.contains("value=\"上海市\" selected") && form.contains("value=\"徐汇区\""), "{form}");
    let mut changed = vec![
        ("id", id.as_str()),
        ("name", "小王"),
        ("phone", "13800000000"),
        ("city", "浙江省 杭州市"),
        ("region", "西湖区"),
        ("detail", "龙井路 2 号"),
    ];
    assert_eq!(other.post("/addresses", &changed).await.status(), 404, "another shopper's address");
    assert_eq!(other.get(&format!("/addresses?edit={id}")).await.status(), 404);
    assert_eq!(shopper.post("/addresses", &changed).await.status(), 303);
    let list = page(&mut shopper, "/addresses").await;
    assert!(list.contains("浙江省 杭州市 西湖区 龙井路 2 号") && !list.contains("衡山路"), "{list}");
    changed[2].1 = "1";
    let refused = shopper.post("/addresses", &changed).await;
    assert_eq!(refused.status(), 400);
    let shown = refused.text().await.unwrap();
    assert!(shown.contains("编辑地址") && shown.contains("value=\"1\""), "{shown}");
    app.stop().await;
}

async fn the_default_address_stays_the_first_choice(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, mut other) = (app.shopper().await, app.shopper().await);
    shopper.post("/addresses", &HOME[1..]).await;
    let list = page(&mut shopper, "/addresses").await;
    let id = list.split("/addresses?edit=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!list.contains("默认</span>") && list.contains("设为默认"), "{list}");
    other.post("/addresses/default", &[("id", &id)]).await;
    assert!(!page(&mut shopper, "/addresses").await.contains("默认</span>"), "another shopper chose");
    assert_eq!(
        location(&shopper.post("/addresses/default", &[("id", &id)]).await),
        "/addresses?done=default"
    );
    // a newer address does not take its place
    let work =
        [("name", "小王"), ("phone", "13800000000"), ("region", "浙江省 杭州市"), ("detail", "龙井路 2 号")];
    app.clock.advance(60);
    shopper.post("/addresses", &work).await;
    let list = page(&mut shopper, "/addresses").await;
    assert_eq!(list.matches("默认</span>").count(), 1);
    assert!(list.find("衡山路") < list.find("龙井路"), "{list}");
    let form = page(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=1")).await;
    assert!(form.contains(&format!("value=\"{id}\" checked")), "{form}");
    app.stop().await;
}

async fn a_cart_that_changed_meanwhile_says_so(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    shopper.post("/cart", &[("sku", PEN), ("quantity", "1")]).await;
    let confirm = format!("/cart/confirm?sku={PEN}*16800");
    let shown = page(&mut shopper, &confirm).await;
    assert!(shown.contains(&format!("{PEN}*16800*1")) && !shown.contains("购物车有变化"), "{shown}");
    // another page of the same shopper changes the quantity
    shopper.post("/cart/change", &[("sku", PEN), ("quantity", "2")]).await;
    let tick = format!("{PEN}*16800*1");
    let mut form = HOME.to_vec();
    form.push(("sku", &tick));
    let refused = shopper.post("/cart/order", &form).await;
    assert_eq!(refused.status(), 409);
    let shown = refused.text().await.unwrap();
    assert!(
        shown.contains("购物车有变化") && shown.contains("value=\"衡山路 1 号\"") && shown.contains("336.00"),
        "{shown}"
    );
    app.database.set("skus", "price", 17800, &[("id", PEN)]).await;
    assert!(page(&mut shopper, &confirm).await.contains("购物车有变化"), "the price is another one");
    shopper.post("/cart/change", &[("sku", PEN), ("quantity", "0")]).await;
    assert!(page(&mut shopper, &confirm).await.contains("购物车有变化"), "the line is gone");
    assert_eq!(app.database.count("orders", &[]).await, 0);
    app.stop().await;
}

async fn a_product_stays_open_when_it_is_put_in_the_cart(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let added = shopper.post("/cart", &[("sku", PEN), ("quantity", "2"), ("stay", "1")]).await;
    let back = location(&added);
    assert_eq!(back, format!("/products/pen-brass?sku={PEN}&quantity=2#added"));
    assert_eq!(shopper.cookies["cart"], "2");
    assert!(page(&mut shopper, back.split('#').next().unwrap()).await.contains("id=\"added\""));
    app.stop().await;
}

async fn a_partial_refund_leaves_the_order_paid_and_shipped(database: Database) {
    let app = TestApp::start_with(database, &[crate::app::ADMIN]).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(PEN, 1).await;
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &HOME).await.status(), 303);
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let unpaid = shopper.order(STICKER, 1).await;
    let counts = |shown: &str, words: [&str; 4]| {
        for word in words {
            assert!(shown.contains(word), "{word}: {shown}");
        }
    };
    let shown = page(&mut shopper, "/orders?tab=to_ship").await;
    assert!(shown.contains(&order) && !shown.contains(&unpaid), "{shown}");
    counts(&shown, ["待付款", "待发货", "已支付", "再来一单"]);
    assert!(page(&mut shopper, "/orders?tab=to_pay").await.contains(&format!("/orders/{unpaid}/confirm")));

    // as the version before stored it
    let shipped = [
        ("order_id", order.as_str().into()),
        ("carrier", "顺丰".into()),
        ("tracking_no", "SF123".into()),
        ("who", "x".into()),
        ("shipped_ms", 1.into()),
    ];
    app.database.insert("shipments", &shipped).await;
    app.database.set("orders", "shipped_ms", 1, &[("id", &order)]).await;
    let (status, _) = app.refund(&order, serde_json::json!({ "reason": "x", "refund_fee": 2000 })).await;
    assert_eq!(status, 200);
    app.wait(60).await;
    app.until_state(&order, "partly_refunded").await;
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    counts(&shown, ["已支付", "已发货", "已退 ¥20.00", "SF123"]);
    for tab in ["shipped", "refund"] {
        let list = page(&mut shopper, &format!("/orders?tab={tab}")).await;
        assert!(list.contains(&order) && !list.contains(&unpaid), "{tab}: {list}");
        counts(&list, ["已发货", "已退 ¥20.00", "查物流", "退款"]);
    }
    assert!(!page(&mut shopper, "/orders?tab=to_ship").await.contains(&order));
    app.stop().await;
}

async fn what_the_payment_sheet_reports_is_an_event_and_not_a_payment(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, mut other) = (app.shopper().await, app.shopper().await);
    let (order, _) = shopper.about_to_pay(STICKER, 1).await;
    let path = format!("/orders/{order}/sheet");
    assert_eq!(other.post(&path, &[("outcome", "ok")]).await.status(), 404);
    assert_eq!(shopper.post(&path, &[("outcome", "paid")]).await.status(), 400);
    for (outcome, sentence) in
        [("cancel", "您取消了支付"), ("fail", "支付没有成功"), ("ok", "微信还没有确认您的付款")]
    {
        assert_eq!(shopper.post(&path, &[("outcome", outcome)]).await.status(), 204);
        assert!(page(&mut shopper, &format!("/orders/{order}")).await.contains(sentence), "{outcome}");
        assert_eq!(app.state(&order).await, "paying");
    }
    let events = app.shop.store().events(&order.parse().unwrap()).await.unwrap();
    let reports = events.iter().filter(|event| event.kind.as_str() == "sheet_reported");
    assert_eq!(reports.map(|event| event.detail.as_str()).collect::<Vec<_>>(), ["cancel", "fail", "ok"]);
    app.stop().await;
}
