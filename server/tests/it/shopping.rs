//! The cart, addresses, notes, searching, ordering again: forms without a line of script.

use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    chosen_lines_of_the_cart_become_one_order,
    a_removed_line_can_be_put_back,
    a_shop_that_promises_a_time_says_when_it_ships,
    a_changed_price_needs_the_shoppers_confirmation,
    what_is_sold_out_stays_in_the_cart,
    the_last_piece_ordered_with_two_taps_is_one_order,
    an_order_goes_to_the_address_that_was_used_last,
    a_wrong_address_or_a_long_note_changes_nothing,
    without_a_place_to_fetch_things_an_address_is_needed,
    the_pages_say_how_to_reach_the_shop,
    the_pages_say_who_operates_the_shop,
    the_address_and_order_of_another_shopper_are_not_found,
    an_order_is_ordered_again,
    the_search_finds_words_and_accepts_any_text,
    the_page_is_written_in_the_language_that_was_chosen,
    a_top_up_by_form_is_an_order_like_any_other,
    a_shopper_applies_for_a_refund,
);

const PEN: &str = "pen-brass-f";
const STICKER: &str = "test-sticker-1";

async fn page(shopper: &mut Shopper, path: &str) -> String {
    let answer = shopper.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn put(shopper: &mut Shopper, sku: &str, quantity: &str) {
    let added = shopper.post("/cart", &[("sku", sku), ("quantity", quantity)]).await;
    assert_eq!((added.status().as_u16(), location(&added).as_str()), (303, "/cart"));
}

/// The value of the tick of this thing, as the cart's page has it.
async fn tick(shopper: &mut Shopper, sku: &str) -> String {
    let page = page(shopper, "/cart").await;
    let at = page.find(&format!("value=\"{sku}*")).unwrap_or_else(|| panic!("{sku} is not in {page}"));
    page[at + 7..].split('"').next().unwrap().to_owned()
}

async fn chosen_lines_of_the_cart_become_one_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let before = app.stock(STICKER).await;
    put(&mut shopper, STICKER, "2").await;
    put(&mut shopper, STICKER, "1").await;
    put(&mut shopper, PEN, "1").await;
    assert_eq!(shopper.cookies["cart"], "4");
    let changed = shopper.post("/cart/change", &[("sku", STICKER), ("quantity", "5")]).await;
    assert_eq!(changed.status(), 303);
    assert_eq!(shopper.cookies["cart"], "6");
    let (pen, sticker) = (tick(&mut shopper, PEN).await, tick(&mut shopper, STICKER).await);
    assert_eq!(app.stock(STICKER).await, before, "a cart holds nothing back");

    let ordered = shopper.post("/cart/order", &[("sku", &pen), ("sku", &sticker)]).await;
    let confirm = location(&ordered);
    let order = confirm.strip_prefix("/orders/").unwrap().strip_suffix("/confirm").unwrap().to_owned();
    assert_eq!(shopper.cookies["cart"], "0");
    assert_eq!(app.stock(STICKER).await, before - 5);
    assert!(page(&mut shopper, "/cart").await.contains("购物车是空的"));
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.at_wechat(&order).await[0]["total_fee"], 16_800 + 5);

    // the back button or a second tap, and the same form again: nothing is ordered twice
    let again = shopper.post("/cart/order", &[("sku", &pen), ("sku", &sticker)]).await;
    assert_eq!(location(&again), "/orders");
    assert_eq!(app.stock(STICKER).await, before - 5);
    assert_eq!(shopper.post("/cart/order", &[]).await.status(), 400);
    app.stop().await;
}

async fn a_removed_line_can_be_put_back(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    put(&mut shopper, PEN, "3").await;
    let remove = [("sku", PEN), ("quantity", "0"), ("was", "3")];
    let place = location(&shopper.post("/cart/change", &remove).await);
    assert_eq!((place.as_str(), shopper.cookies["cart"].as_str()), ("/cart?removed=pen-brass-f*3", "0"));
    let shown = page(&mut shopper, &place).await;
    assert!(shown.contains("黄铜钢笔</span>") && shown.contains("购物车是空的"), "{shown}");
    assert!(shown.contains("name=\"quantity\" value=\"3\"") && shown.contains("撤销"), "{shown}");
    put(&mut shopper, PEN, "3").await;
    assert_eq!(shopper.cookies["cart"], "3");
    for unknown in ["/cart?removed=no-such-thing*3", "/cart?removed=pen-brass-f*100", "/cart?removed=x"] {
        assert!(!page(&mut shopper, unknown).await.contains("已移除"), "{unknown}");
    }
    app.stop().await;
}

async fn a_shop_that_promises_a_time_says_when_it_ships(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_SHIP_WITHIN_HOURS", "48")]).await;
    let mut shopper = app.shopper().await;
    assert!(page(&mut shopper, "/products/pen-brass").await.contains("48 小时内发货"));
    shopper
        .post(
            "/addresses",
            &[
                ("name", "小王"),
                ("phone", "13800000000"),
                ("city", "上海市"),
                ("region", "徐汇区"),
                ("detail", "衡山路 1 号"),
            ],
        )
        .await;
    let (order, number) = shopper.about_to_pay(PEN, 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let paid_ms = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap().paid_ms.unwrap();
    let until = shop::shanghai(paid_ms + 48 * 3_600_000).strftime("%F %H:%M").to_string();
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(shown.contains(&format!("最晚 {until} 发货")), "{until}: {shown}");
    // staff read the same, and see an order that is late
    let until = shop::shanghai(paid_ms + 48 * 3_600_000).strftime("%m-%d %H:%M").to_string();
    let places = [format!("/console/orders/{order}"), "/console/orders".to_owned()];
    let mut anna = crate::console::signed(&app, "anna", shop::Role::Owner).await;
    for path in &places {
        let shown = page(&mut anna, path).await;
        assert!(shown.contains(&format!("最晚 {until} 发货")), "{path}: {shown}");
    }
    app.clock.advance(49 * 3_600);
    let mut bert = crate::console::signed(&app, "bert", shop::Role::Owner).await;
    for path in &places {
        let shown = page(&mut bert, path).await;
        assert!(shown.contains(&format!("应在 {until} 前发货，已超时")), "{path}: {shown}");
    }
    crate::deliveries::ship(&app, &order.parse().unwrap(), "顺丰", "SF1").await.unwrap();
    assert!(!page(&mut shopper, &format!("/orders/{order}")).await.contains("最晚"));
    app.stop().await;
}

async fn a_changed_price_needs_the_shoppers_confirmation(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    put(&mut shopper, PEN, "1").await;
    let tick = tick(&mut shopper, PEN).await;
    app.database.set("skus", "price", 17800, &[("id", PEN)]).await;
    let refused = shopper.post("/cart/order", &[("sku", &tick)]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("商品价格有变化"));
    let cart = page(&mut shopper, "/cart").await;
    assert!(cart.contains("价格有变化") && cart.contains("178.00") && cart.contains("168.00"), "{cart}");
    let agreed = self::tick(&mut shopper, PEN).await;
    assert_eq!(shopper.post("/cart/order", &[("sku", &agreed)]).await.status(), 303);
    app.stop().await;
}

async fn what_is_sold_out_stays_in_the_cart(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    put(&mut shopper, PEN, "2").await;
    let tick = tick(&mut shopper, PEN).await;
    app.database.set("skus", "stock", 1, &[("id", PEN)]).await;
    let refused = shopper.post("/cart/order", &[("sku", &tick)]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("库存不足"));
    let cart = page(&mut shopper, "/cart").await;
    assert!(cart.contains("库存不足") && cart.contains("剩 1 件"), "{cart}");
    assert_eq!(app.stock(PEN).await, 1);
    app.stop().await;
}

async fn the_last_piece_ordered_with_two_taps_is_one_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let first = shopper.order("throw-wool-1", 1).await;
    assert_eq!(app.stock("throw-wool-1").await, 0);
    assert_eq!(shopper.order("throw-wool-1", 1).await, first);
    let mut other = app.shopper().await;
    let refused = other.post("/orders", &[("sku", "throw-wool-1"), ("quantity", "1")]).await;
    assert_eq!(refused.status(), 409);
    app.stop().await;
}

const HOME: [(&str, &str); 4] =
    [("name", "小王🌸"), ("phone", "138 0000 0000"), ("region", "上海市 徐汇区"), ("detail", "衡山路 1 号")];

async fn an_order_goes_to_the_address_that_was_used_last(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(STICKER, 1).await;
    let path = format!("/orders/{order}/delivery");
    let mut form = HOME.to_vec();
    form.extend([("to", "new"), ("note", "请放在门口")]);
    let saved = shopper.post(&path, &form).await;
    assert_eq!(location(&saved), format!("/orders/{order}/confirm"));
    let confirm = page(&mut shopper, &format!("/orders/{order}/confirm")).await;
    for text in ["小王🌸", "衡山路 1 号", "请放在门口"] {
        assert!(confirm.contains(text), "{text}");
    }
    // the next order goes there by itself, without the note
    let next = shopper.order(PEN, 1).await;
    let confirm = page(&mut shopper, &format!("/orders/{next}/confirm")).await;
    assert!(confirm.contains("衡山路 1 号") && !confirm.contains("请放在门口"));
    // and is fetched at the shop where that is chosen
    let fetched = shopper.post(&format!("/orders/{next}/delivery"), &[("to", "pickup")]).await;
    assert_eq!(fetched.status(), 303);
    let shown = page(&mut shopper, &format!("/orders/{next}")).await;
    assert!(shown.contains("到店自取") && shown.contains("请向商家询问自取地点"), "{shown}");
    assert!(!page(&mut shopper, &format!("/orders/{next}/confirm")).await.contains("衡山路"));

    // once paid, it stays where it is
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    let late = shopper.post(&path, &[("to", "pickup")]).await;
    assert_eq!(late.status(), 409);
    assert!(page(&mut shopper, &format!("/orders/{order}")).await.contains("衡山路 1 号"));

    let addresses = page(&mut shopper, "/addresses").await;
    assert_eq!(addresses.matches("衡山路 1 号").count(), 1, "the same address is kept once");
    let id = addresses.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(shopper.post("/addresses/delete", &[("id", &id)]).await.status(), 303);
    assert!(page(&mut shopper, "/addresses").await.contains("还没有收货地址"));
    app.stop().await;
}

async fn a_wrong_address_or_a_long_note_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(STICKER, 1).await;
    let path = format!("/orders/{order}/delivery");
    let long = "请尽快。\n".repeat(1_000);
    let with = |name: &'static str, value| {
        let mut form = HOME.to_vec();
        form.push(("to", "new"));
        form.iter_mut().filter(|(known, _)| *known == name).for_each(|pair| pair.1 = value);
        form
    };
    let mut noted = with("to", "pickup");
    noted.push(("note", &long));
    for (form, text) in [
        (with("name", ""), "请完整填写"),
        (with("phone", "call me"), "电话号码有误"),
        (with("detail", "路\0"), "请完整填写"),
        (with("to", "0123456789"), "请先填写收货地址"),
        (noted, "备注最多 200 字"),
        (vec![("note", "x")], "请完整填写"),
    ] {
        let refused = shopper.post(&path, &form).await;
        assert_eq!(refused.status(), 400, "{text}");
        assert!(refused.text().await.unwrap().contains(text), "{text}");
    }
    // ten thousand lines are more than any form of this shop
    let endless = "请尽快。\n".repeat(10_000);
    let refused = shopper.post(&path, &[("to", "pickup"), ("note", &endless)]).await;
    assert_eq!(refused.status(), 413);
    assert!(app.shop.store().delivery(&order.parse().unwrap()).await.unwrap().is_none());
    app.stop().await;
}

async fn the_pages_say_how_to_reach_the_shop(database: Database) {
    let help = [
        ("SHOP_HELP_PHONE", "021-6000 0000"),
        ("SHOP_HELP_HOURS", "9:00–21:00"),
        ("SHOP_HELP_URL", "https://work.weixin.qq.com/kfid/kfc1"),
    ];
    let app = TestApp::start_with(database, &help).await;
    let mut shopper = app.shopper().await;
    let order = format!("/orders/{}", shopper.order(STICKER, 1).await);
    for path in ["/products/pen-brass", "/me", &order] {
        let page = page(&mut shopper, path).await;
        for part in
            ["href=\"tel:021-60000000\"", "服务时间：9:00–21:00", "https://work.weixin.qq.com/kfid/kfc1"]
        {
            assert!(page.contains(part), "{path} lacks {part}: {page}");
        }
    }
    app.stop().await;
}

async fn the_pages_say_who_operates_the_shop(database: Database) {
    let legal = [
        ("SHOP_OPERATOR", "上海小店有限公司"),
        ("SHOP_LICENCE", "91310000MA1FL0000X"),
        ("SHOP_ICP", "沪ICP备12345678号-1"),
        ("SHOP_COMPLAINT_TELEPHONE", "021-6000 0001"),
    ];
    let mut app = TestApp::start_with(database, &legal).await;
    let mut shopper = app.shopper().await;
    let order = format!("/orders/{}", shopper.order(STICKER, 1).await);
    for path in ["/", "/products/pen-brass", "/cart", "/me", &order] {
        let page = page(&mut shopper, path).await;
        for part in [
            "经营者：上海小店有限公司",
            "营业执照：91310000MA1FL0000X",
            "href=\"tel:021-60000001\"",
            "href=\"https://beian.miit.gov.cn/\"",
            "沪ICP备12345678号-1",
        ] {
            assert!(page.contains(part), "{path} lacks {part}: {page}");
        }
    }
    let nothing = legal.map(|(name, _)| (name, ""));
    app.restart_with(&nothing).await;
    assert!(!page(&mut shopper, "/").await.contains("<footer"), "what is not configured costs nothing");
    app.restart_with(&[("SHOP_LICENCE", "https://shop.example/licence.png")]).await;
    assert!(
        page(&mut shopper, "/").await.contains("<a href=\"https://shop.example/licence.png\">营业执照</a>")
    );
    app.stop().await;
}

async fn without_a_place_to_fetch_things_an_address_is_needed(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_PICKUP", "none")]).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(STICKER, 1).await;
    let (status, text) = shopper.call("pay", &format!("order {order}\n")).await;
    assert_eq!(status, 400);
    assert!(text.contains("请先填写收货地址"), "{text}");
    let by_form = shopper.post(&format!("/orders/{order}/pay"), &[]).await;
    assert_eq!(by_form.status(), 400);
    assert!(by_form.text().await.unwrap().contains(&format!("/orders/{order}/delivery")));
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &[("to", "pickup")]).await.status(), 400);
    let mut form = HOME.to_vec();
    form.push(("to", "new"));
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &form).await.status(), 303);
    shopper.pay(&order).await;
    app.stop().await;
}

async fn the_address_and_order_of_another_shopper_are_not_found(database: Database) {
    let app = TestApp::start(database).await;
    let (mut one, mut other) = (app.shopper().await, app.shopper().await);
    assert_eq!(one.post("/addresses", &HOME).await.status(), 303);
    let addresses = page(&mut one, "/addresses").await;
    let id = addresses.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(other.post("/addresses/delete", &[("id", &id)]).await.status(), 303);
    assert!(page(&mut one, "/addresses").await.contains("衡山路"));
    let theirs = other.order(STICKER, 1).await;
    let taken = other.post(&format!("/orders/{theirs}/delivery"), &[("to", &id)]).await;
    assert_eq!(taken.status(), 400);

    let order = one.order(STICKER, 1).await;
    for (path, form) in [
        (format!("/orders/{order}/delivery"), vec![("to", "pickup")]),
        (format!("/orders/{order}/again"), vec![]),
        (format!("/orders/{order}/cancel"), vec![]),
        (format!("/orders/{order}/pay"), vec![]),
    ] {
        assert_eq!(other.post(&path, &form).await.status(), 404, "{path}");
    }
    for path in ["", "/confirm", "/delivery", "/receipt", "/code", "/returned", "/pay"] {
        assert_eq!(other.get(&format!("/orders/{order}{path}")).await.status(), 404, "{path}");
    }
    app.stop().await;
}

async fn an_order_is_ordered_again(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(STICKER, 3).await;
    let again = shopper.post(&format!("/orders/{order}/again"), &[]).await;
    assert_eq!(location(&again), "/cart");
    assert_eq!(shopper.cookies["cart"], "3");
    tick(&mut shopper, STICKER).await;
    app.stop().await;
}

async fn the_search_finds_words_and_accepts_any_text(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let found = page(&mut shopper, "/search?q=%E9%BB%84%E9%93%9C").await;
    assert!(found.contains("/products/pen-brass"), "{found}");
    // no product says 杯子, and six say 杯
    let similar = page(&mut shopper, "/search?q=%E6%9D%AF%E5%AD%90").await;
    assert!(similar.contains("/products/mug-celadon"), "{similar}");
    let hostile = page(&mut shopper, "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%25%27").await;
    assert!(!hostile.contains("<script>alert"), "{hostile}");
    assert!(hostile.contains("没有找到相关商品"));
    assert!(page(&mut shopper, "/search").await.contains("请输入商品名称"));
    app.stop().await;
}

async fn the_page_is_written_in_the_language_that_was_chosen(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let chosen = shopper.post("/language", &[("to", "en")]).await;
    assert_eq!(location(&chosen), "/me");
    let list = page(&mut shopper, "/").await;
    assert!(list.contains("<html lang=\"en\"") && list.contains("My orders"), "{list}");
    let missing = shopper.get("/products/none").await.text().await.unwrap();
    assert!(missing.contains("We could not find that."), "{missing}");
    let refused = shopper.post("/orders", &[("sku", PEN), ("quantity", "0")]).await.text().await.unwrap();
    assert!(refused.contains("a quantity from 1 to 99"), "{refused}");
    // WeChat itself may be set to English
    let mut guest = app.stranger().await;
    guest.agent = guest.agent.replace("zh_CN", "en");
    assert!(page(&mut guest, "/").await.contains("Take your time"));
    app.stop().await;
}

async fn a_top_up_by_form_is_an_order_like_any_other(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    assert!(page(&mut shopper, "/wallet").await.contains("0.00"));
    for wrong in ["", "0", "-1", "1.234", "5000.01", "1e3", "一百"] {
        let refused = shopper.post("/wallet", &[("yuan", wrong)]).await;
        assert_eq!(refused.status(), 400, "{wrong:?}");
    }
    let placed = location(&shopper.post("/wallet", &[("yuan", "12.5")]).await);
    let order = placed.strip_prefix("/orders/").unwrap().strip_suffix("/confirm").unwrap().to_owned();
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert!(page(&mut shopper, "/wallet").await.contains("12.50"));
    assert!(page(&mut shopper, &format!("/orders/{order}/receipt")).await.contains("12.50"));
    app.stop().await;
}

async fn a_shopper_applies_for_a_refund(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, mut other) = (app.shopper().await, app.shopper().await);
    let (order, number) = shopper.about_to_pay(STICKER, 1).await;
    let path = format!("/orders/{order}/refund-request");
    assert_eq!(shopper.post(&path, &[("reason", "不想要了")]).await.status(), 409, "nothing is paid yet");
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(other.post(&path, &[("reason", "不想要了")]).await.status(), 404);
    for wrong in ["", "   ", &"长".repeat(500)] {
        assert_eq!(shopper.post(&path, &[("reason", wrong)]).await.status(), 400, "{wrong:?}");
    }
    assert!(page(&mut shopper, &format!("/orders/{order}")).await.contains("/after-sale\""));
    assert_eq!(shopper.post(&path, &[("reason", "不想要了<script>")]).await.status(), 303);
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(shown.contains("已申请退款，等待商家处理") && !shown.contains("不想要了<script>"), "{shown}");
    assert!(!shown.contains("/after-sale\""), "asked once is enough");
    assert_eq!(shopper.post(&path, &[("reason", "快一点")]).await.status(), 409);
    let withdraw = format!("{path}/withdraw");
    assert!(shown.contains("退款申请中"), "{shown}");
    assert_eq!(other.post(&withdraw, &[]).await.status(), 404);
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    let after_sale = format!("/orders/{order}/after-sales/{order}S1");
    assert!(shown.contains(&after_sale), "{shown}");
    assert!(page(&mut shopper, &after_sale).await.contains(&format!("{after_sale}/withdraw")));
    for _ in 0..2 {
        assert_eq!(shopper.post(&withdraw, &[]).await.status(), 303);
    }
    let shown = page(&mut shopper, &format!("/orders/{order}")).await;
    assert!(shown.contains("已撤销申请"), "{shown}");
    assert!(!page(&mut shopper, &after_sale).await.contains(&format!("{after_sale}/withdraw")));
    assert!(!shown.contains("退款申请中"), "{shown}");
    assert_eq!(app.database.count("events", &[("order_id", &order), ("what", "refund_withdrawn")]).await, 1);
    // the shopper may apply again, and cannot take back what the shop answered
    assert_eq!(shopper.post(&path, &[("reason", "还是不要")]).await.status(), 303);
    let staff = shop::Staff { name: "tester".parse().unwrap(), role: shop::Role::Owner };
    let id = order.parse().unwrap();
    let asked = app.shop.after_sales().of_order(&id).await.unwrap().pop().unwrap();
    app.shop.after_sales().decline(&staff, &asked.id, "不能退").await.unwrap();
    assert_eq!(shopper.post(&withdraw, &[]).await.status(), 409);
    app.stop().await;
}
