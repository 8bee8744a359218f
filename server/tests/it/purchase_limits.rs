//! How many pieces of a product one shopper may buy (限购).

use model::{Quantity, Shopper as ShopperId};
use serde_json::json;
use shop::{NewOrderLine, ProductEdit, ProductTexts, Role, Shop, ShopError, Staff};

use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    console::{chinese, post, signed, text},
    miniprogram, on_both,
    one_shopper::Person,
    shopper::{Shopper, thumb},
};

on_both!(
    two_tabs_at_once_buy_no_more_than_the_limit,
    two_servers_at_once_sell_no_more_than_the_limit,
    a_cancelled_and_a_refunded_order_free_the_pieces,
    the_mini_program_says_the_limit_and_keeps_it,
    all_openids_of_a_person_count,
    a_cart_with_two_specifications_of_one_product_says_what_is_too_much,
    staff_set_the_limit_and_the_log_has_it,
);

const MUG: &str = "mug-celadon-300";
const LARGE_MUG: &str = "mug-celadon-450";
const PRODUCT: &str = "/console/catalogue/mug-celadon";

pub(crate) async fn edit(shop: &Shop, limit: Option<i64>) -> ProductEdit {
    let now = shop.products().product_now("mug-celadon").await.unwrap();
    let texts = ProductTexts {
        name: now.name,
        category: now.category,
        summary: now.summary,
        description: now.description,
    };
    ProductEdit {
        seen: now.version,
        texts,
        purchase_limit: limit,
        sale: None,
        specifications: Vec::new(),
        new: None,
    }
}

/// Limits the mug.
async fn limit(shop: &Shop, pieces: i64) {
    let owner = Staff { name: "owner".parse().unwrap(), role: Role::Owner };
    let edit = edit(shop, Some(pieces)).await;
    shop.products().save_product(&owner, &"mug-celadon".parse().unwrap(), &edit).await.unwrap();
}

async fn placed(shopper: &mut Shopper, sku: &str, quantity: &str) -> u16 {
    shopper.post("/orders", &[("sku", sku), ("quantity", quantity)]).await.status().as_u16()
}

async fn two_tabs_at_once_buy_no_more_than_the_limit(database: Database) {
    let app = TestApp::start(database).await;
    limit(&app.shop, 4).await;
    let shopper = app.shopper().await;
    // different quantities: the same one again is a double tap, and the same order
    let mut tabs = vec![shopper; 4];
    let tries =
        tabs.iter_mut().zip(["1", "2", "3", "4"]).map(async |(tab, pieces)| placed(tab, MUG, pieces).await);
    let answers = futures::future::join_all(tries).await;
    assert!(answers.iter().all(|status| [303, 409].contains(status)), "{answers:?}");
    let sold = app.database.sum("order_items", "quantity", &[]).await;
    assert!((2..=4).contains(&sold), "{sold}: {answers:?}");
    // another shopper has bought nothing
    assert_eq!(placed(&mut app.shopper().await, MUG, "4").await, 303);
    app.stop().await;
}

async fn two_servers_at_once_sell_no_more_than_the_limit(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    // the other server's catalogue does not know it yet; the order does
    limit(&app.shop, 3).await;
    let ip = "127.0.0.1".parse().unwrap();
    for round in 0..8 {
        let shopper: ShopperId = format!("oRound{round:022}").parse().unwrap();
        let place = async |shop: &Shop, quantity: i64| {
            let quantity = Quantity::try_from(quantity).unwrap();
            let line = NewOrderLine { sku: MUG.parse().unwrap(), quantity };
            shop.checkout().place(&shopper, &[line], ip).await
        };
        let (first, second) = tokio::join!(place(&app.shop, 2), place(&other, 3));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let refused = if first.is_err() { first } else { second };
        assert!(matches!(refused, Err(ShopError::OverLimit(_))), "{refused:?}");
    }
    app.stop().await;
}

async fn a_cancelled_and_a_refunded_order_free_the_pieces(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    limit(&app.shop, 2).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(MUG, 2).await;
    assert_eq!(placed(&mut shopper, MUG, "1").await, 409);
    assert_eq!(placed(&mut shopper, LARGE_MUG, "1").await, 409, "it is a limit of the product");
    assert_eq!(shopper.post(&format!("/orders/{order}/cancel"), &[]).await.status(), 303);
    let (order, number) = shopper.about_to_pay(MUG, 1).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(placed(&mut shopper, MUG, "2").await, 409);
    // a part of it was refunded: the order counts
    assert_eq!(app.refund(&order, json!({ "refund_fee": 100, "reason": "部分" })).await.0, 200);
    app.until_state(&order, "partly_refunded").await;
    assert_eq!(placed(&mut shopper, MUG, "2").await, 409);
    app.wait(60).await;
    assert_eq!(app.refund(&order, json!({ "refund_fee": 5800, "reason": "全部" })).await.0, 200);
    app.until_state(&order, "refunded").await;
    assert_eq!(placed(&mut shopper, MUG, "2").await, 303);
    app.stop().await;
}

async fn the_mini_program_says_the_limit_and_keeps_it(database: Database) {
    let app = TestApp::start(database).await;
    limit(&app.shop, 2).await;
    let products = app.http.get(format!("{}/api/miniprogram/products", app.url)).send().await.unwrap();
    let products = products.json::<serde_json::Value>().await.unwrap();
    let of = |id: &str| {
        let all = products["data"]["products"].as_array().unwrap();
        all.iter().find(|product| product["id"] == id).unwrap()["purchase_limit"].clone()
    };
    assert_eq!((of("mug-celadon"), of("pen-brass")), (json!(2), json!(null)));
    let token = miniprogram::log_in(&app).await;
    let buy = async |first: i64, second: i64| {
        let mut items = vec![json!({ "sku": MUG, "quantity": first })];
        if second > 0 {
            items.push(json!({ "sku": LARGE_MUG, "quantity": second }));
        }
        miniprogram::post(&app, "pay", &token, json!({ "items": items })).await
    };
    let (status, answer) = buy(2, 1).await;
    assert_eq!((status, &answer["code"], &answer["msg"]), (409, &json!(40962), &json!("每人限购 2 件")));
    assert_eq!(buy(1, 0).await.0, 200);
    let (status, answer) = buy(1, 1).await;
    assert_eq!((status, &answer["msg"]), (409, &json!("每人限购 2 件，您还可以买 1 件")));
    assert_eq!(app.database.count("orders", &[]).await, 1);
    app.stop().await;
}

async fn all_openids_of_a_person_count(database: Database) {
    let app = TestApp::start(database).await;
    limit(&app.shop, 2).await;
    let mut person = Person::new(&app).await;
    let token = person.open_program(&app).await;
    let items = json!({ "items": [{ "sku": MUG, "quantity": 1 }] });
    assert_eq!(miniprogram::post(&app, "pay", &token, items).await.0, 200);
    person.agree(&app).await;
    assert_eq!(placed(&mut person.web, MUG, "2").await, 409);
    // a request that looked the shopper up before the merge
    let before: ShopperId = person.web.openid.parse().unwrap();
    let line =
        |pieces| NewOrderLine { sku: MUG.parse().unwrap(), quantity: Quantity::try_from(pieces).unwrap() };
    let ip = "127.0.0.1".parse().unwrap();
    let late = app.shop.checkout().place(&before, &[line(2)], ip).await;
    assert!(matches!(late, Err(ShopError::OverLimit(limit)) if limit.left == 1), "{late:?}");
    app.stop().await;
}

async fn a_cart_with_two_specifications_of_one_product_says_what_is_too_much(database: Database) {
    let app = TestApp::start(database).await;
    limit(&app.shop, 3).await;
    let mut shopper = app.shopper().await;
    let product = text(&mut shopper, "/products/mug-celadon").await;
    assert!(product.contains("每人限购 3 件") && product.contains("max=\"3\""), "{product}");
    shopper.order(MUG, 1).await;
    for sku in [MUG, LARGE_MUG] {
        shopper.post("/cart", &[("sku", sku), ("quantity", "2")]).await;
    }
    let said = "每人限购 3 件，您还可以买 2 件";
    let cart = text(&mut shopper, "/cart").await;
    assert_eq!(cart.matches(said).count(), 2, "{cart}");
    // each alone is small enough
    let one = text(&mut shopper, &format!("/cart/confirm?sku={MUG}*5900*2")).await;
    assert!(!one.contains(said) && one.contains("data-pay=\""), "{one}");
    let both = format!("/cart/confirm?sku={MUG}*5900*2&sku={LARGE_MUG}*6900*2");
    let page = text(&mut shopper, &both).await;
    assert!(page.contains(said) && !page.contains("data-pay=\""), "{page}");
    let (sku, large) = (format!("{MUG}*5900*2"), format!("{LARGE_MUG}*6900*2"));
    let home = [
        ("to", "new"),
        ("name", "小王"),
        ("phone", "13800000000"),
        ("region", "上海市 徐汇区"),
        ("detail", "衡山路 1 号"),
        ("sku", &*sku),
    ];
    let mut form = home.to_vec();
    form.push(("sku", &large));
    let refused = shopper.post("/cart/order", &form).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains(said) && page.contains("衡山路 1 号"), "{page}");
    assert_eq!(shopper.post("/cart/order", &home).await.status(), 303);
    let confirm = text(&mut shopper, &format!("/orders/new?sku={MUG}&quantity=1")).await;
    assert!(confirm.contains("每人限购 3 件，您已买够"), "{confirm}");
    shopper.cookies.insert("language".to_owned(), "en".to_owned());
    let confirm = text(&mut shopper, &format!("/orders/new?sku={MUG}&quantity=1")).await;
    assert!(confirm.contains("At most 3 per person. You have bought that many."), "{confirm}");
    app.stop().await;
}

async fn staff_set_the_limit_and_the_log_has_it(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let save = async |browser: &mut Shopper, limit: &str| {
        let edit = edit(&app.shop, None).await;
        let seen = edit.seen.to_string();
        let texts = &edit.texts;
        let form = [
            ("version", &*seen),
            ("name", &texts.name),
            ("category", &texts.category),
            ("summary", &texts.summary),
            ("description", &texts.description),
            ("purchase_limit", limit),
        ];
        post(browser, &format!("{PRODUCT}/save"), &form).await
    };
    assert_eq!(save(&mut clerk, "２").await.0, 303);
    assert!(
        text(&mut clerk, PRODUCT)
            .await
            .contains("name=\"purchase_limit\" inputmode=\"numeric\" maxlength=\"7\" value=\"2\"")
    );
    let audit = app.shop.store().audit_page(None, 10).await.unwrap();
    let row = audit.iter().find(|row| row.what.as_str() == "change product").unwrap();
    assert_eq!((&*row.who, &*row.detail), ("anna", "mug-celadon: purchase limit 2, was none"));
    let (status, page) = save(&mut clerk, "-1").await;
    assert!(status == 400 && page.contains("每人限购 1 至") && page.contains("value=\"-1\""), "{page}");
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(save(&mut reader, "9").await.0, 403);
    assert_eq!(save(&mut clerk, "").await.0, 303);
    assert!(app.shop.products().product_now("mug-celadon").await.unwrap().purchase_limit.is_none());
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let page = text(&mut clerk, PRODUCT).await;
    assert!(
        page.contains("Limit for each buyer") && !chinese(&page).iter().any(|text| text.contains("限购"))
    );
    app.stop().await;
}
