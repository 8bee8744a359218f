//! What the merchant changes of the catalogue, and what shoppers see of it.

use model::Fen;
use shop::{
    NewProductRefused, NewSpecification, ProductTexts, Role, ShopError, Staff, StockChange, TypedProduct,
    TypedSpecification,
};

use test_support::Database;

use serde_json::json;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    on_both,
};

on_both!(
    a_change_is_seen_on_every_server_and_orders_keep_what_was_bought,
    the_second_of_two_editors_gets_a_conflict,
    a_product_that_is_not_on_sale_cannot_be_ordered,
    a_product_is_added_and_sold,
    a_product_is_found_deleted_and_restored,
    a_product_has_a_code_and_a_link_of_the_mini_program,
    a_shop_without_a_mini_program_has_no_codes,
);

const PRODUCT: &str = "/console/catalogue/mug-celadon";

async fn a_product_has_a_code_and_a_link_of_the_mini_program(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    assert!(text(&mut clerk, PRODUCT).await.contains("生成小程序码和链接"));
    let (status, page) = post(&mut clerk, &format!("{PRODUCT}/share"), &[]).await;
    assert!(
        status == 200 && page.contains("https://wxaurl.cn/") && page.contains("/mug-celadon/code"),
        "{page}"
    );
    let code = clerk.get(&format!("{PRODUCT}/code")).await;
    assert_eq!(
        (code.status().as_u16(), &code.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert!(code.bytes().await.unwrap().starts_with(b"\x89PNG"));
    // what WeChat refuses is said on the page
    for (call, refusal, words) in [
        ("generate_urllink", "40165", "WECHAT_MINIPROGRAM_PRODUCT_PAGE"),
        ("generate_urllink", "40002", "没有生成链接的权限"),
        ("generate_urllink", "44990", "请稍后再试"),
    ] {
        app.control("faults", json!({ "endpoint": call, "kind": "error", "code": refusal, "times": 1 }))
            .await;
        let (status, page) = post(&mut clerk, &format!("{PRODUCT}/share"), &[]).await;
        assert!(status == 400 && page.contains(words), "{refusal}: {status} {page}");
    }
    let fault = json!({ "endpoint": "getwxacodeunlimit", "kind": "error", "code": "41030", "times": 1 });
    app.control("faults", fault).await;
    assert_eq!(clerk.get(&format!("{PRODUCT}/code")).await.status(), 400);
    assert_eq!(post(&mut clerk, "/console/catalogue/nothing/share", &[]).await.0, 404);
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let (_, page) = post(&mut clerk, &format!("{PRODUCT}/share"), &[]).await;
    assert!(page.contains("Link to the mini program") && chinese(&page).is_empty(), "{page}");
    let mut reader = signed(&app, "bert", Role::Reader).await;
    assert!(!text(&mut reader, PRODUCT).await.contains("/share"));
    assert_eq!(post(&mut reader, &format!("{PRODUCT}/share"), &[]).await.0, 403);
    app.stop().await;
}

async fn a_shop_without_a_mini_program_has_no_codes(database: Database) {
    let none =
        ["APPID", "SECRET", "PUSH_TOKEN", "PUSH_AES_KEY"].map(|name| format!("WECHAT_MINIPROGRAM_{name}"));
    let none: Vec<(&str, &str)> = none.iter().map(|name| (name.as_str(), "")).collect();
    let app = TestApp::start_with(database, &none).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    assert!(!text(&mut clerk, PRODUCT).await.contains("/share"));
    assert_eq!(post(&mut clerk, &format!("{PRODUCT}/share"), &[]).await.0, 404);
    app.stop().await;
}

#[track_caller]
fn owner() -> Staff {
    Staff { name: "owner".parse().unwrap(), role: Role::Owner }
}

fn texts(name: &str) -> ProductTexts {
    ProductTexts {
        name: name.to_owned(),
        category: "杯碗".to_owned(),
        summary: "一句话".to_owned(),
        description: "介绍".to_owned(),
    }
}

async fn a_change_is_seen_on_every_server_and_orders_keep_what_was_bought(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    let (product, sku) = ("mug-celadon".parse().unwrap(), "mug-celadon-300".parse().unwrap());
    let before = app.shop.products().product_now("mug-celadon").await.unwrap();
    app.shop.products().change_product(&owner(), &product, before.version, &texts("新名字")).await.unwrap();
    app.shop.products().change_sku(&owner(), &sku, Fen(5900), Fen(6100), "300 ml").await.unwrap();
    assert_eq!(app.shop.products().catalogue().product("mug-celadon").unwrap().name, "新名字");
    assert_ne!(other.products().catalogue().product("mug-celadon").unwrap().name, "新名字");
    other.products().refresh().await.unwrap();
    assert_eq!(other.products().catalogue().product("mug-celadon").unwrap().name, "新名字");
    let page = shopper.get("/products/mug-celadon").await.text().await.unwrap();
    assert!(page.contains("新名字") && page.contains("61.00"), "{page}");
    let id = order.parse().unwrap();
    assert_eq!(app.shop.store().order(&id).await.unwrap().unwrap().total_fee, Fen(5900));
    assert_eq!(app.shop.store().items(&id).await.unwrap()[0].name, before.name);
    let newer = shopper.order("mug-celadon-300", 2).await.parse().unwrap();
    assert_eq!(app.shop.store().order(&newer).await.unwrap().unwrap().total_fee, Fen(2 * 6100));
    app.stop().await;
}

async fn the_second_of_two_editors_gets_a_conflict(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let (product, sku) = ("mug-celadon".parse().unwrap(), "mug-celadon-300".parse().unwrap());
    let seen = app.stock("mug-celadon-300").await;
    let owner = owner();
    let (first, second) = tokio::join!(
        app.shop.products().correct_stock(&owner, &sku, StockChange::To { seen, stock: 7 }),
        other.products().correct_stock(&owner, &sku, StockChange::To { seen, stock: 9 }),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let refused = if first.is_err() { first } else { second };
    assert!(matches!(refused, Err(ShopError::Changed)), "{refused:?}");
    app.shop.products().correct_stock(&owner, &sku, StockChange::By(5)).await.unwrap();
    assert!([12, 14].contains(&app.stock("mug-celadon-300").await));
    let away = app.shop.products().correct_stock(&owner, &sku, StockChange::By(-100)).await;
    assert!(matches!(away, Err(ShopError::Invalid(_))), "{away:?}");
    let (one, two) = (texts("甲"), texts("乙"));
    let (first, second) = tokio::join!(
        app.shop.products().change_product(&owner, &product, 0, &one),
        other.products().change_product(&owner, &product, 0, &two),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let late = app.shop.products().change_sku(&owner, &sku, Fen(1), Fen(2), "").await;
    assert!(matches!(late, Err(ShopError::Changed)), "{late:?}");
    // what was refused leaves no row of the audit
    assert_eq!(app.database.count("audit", &[]).await, 3);
    app.stop().await;
}

async fn a_product_that_is_not_on_sale_cannot_be_ordered(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let mut shopper = app.shopper().await;
    let product = "mug-celadon".parse().unwrap();
    shopper.post("/cart", &[("sku", "mug-celadon-300"), ("quantity", "1")]).await;
    // the other server's pages do not know it yet; the order does
    other.products().put_on_sale(&owner(), &product, false).await.unwrap();
    let refused = shopper.post("/orders", &[("sku", "mug-celadon-300"), ("quantity", "1")]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("已下架"));
    app.shop.products().refresh().await.unwrap();
    let cart = shopper.get("/cart").await.text().await.unwrap();
    assert!(cart.contains("已下架") && !cart.contains("库存不足"), "{cart}");
    assert!(!shopper.get("/").await.text().await.unwrap().contains("/products/mug-celadon\""));
    let page = shopper.get("/products/mug-celadon").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("已下架"));
    app.shop.products().put_on_sale(&owner(), &product, true).await.unwrap();
    shopper.order("mug-celadon-300", 1).await;
    app.stop().await;
}

async fn a_product_is_found_deleted_and_restored(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order("mug-celadon-300", 1).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let found = text(&mut clerk, "/console/catalogue?q=MUG-celadon-300").await;
    assert_eq!(found.matches("data-column=\"name\"").count(), 1, "{found}");
    assert!(found.contains(PRODUCT));
    let nothing = text(&mut clerk, "/console/catalogue?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA").await;
    assert!(nothing.contains("没有这样的商品"), "{nothing}");
    let mut reader = signed(&app, "rita", Role::Reader).await;
    let delete = format!("{PRODUCT}/archive");
    assert_eq!(post(&mut reader, &delete, &[("archived", "1")]).await.0, 403);
    assert_eq!(
        post(&mut clerk, &delete, &[("archived", "1")]).await,
        (303, format!("{PRODUCT}?done=archived"))
    );
    assert_eq!(app.database.count("audit", &[("what", "archive product"), ("who", "anna")]).await, 1);
    // nobody can order it, it is in no list but its own, and the order keeps it
    assert_eq!(shopper.post("/orders", &[("sku", "mug-celadon-300"), ("quantity", "2")]).await.status(), 409);
    assert!(!text(&mut clerk, "/console/catalogue").await.contains(PRODUCT));
    assert!(!text(&mut clerk, "/console/catalogue?view=off_sale").await.contains(PRODUCT));
    assert!(text(&mut clerk, "/console/catalogue?view=archived").await.contains(PRODUCT));
    assert!(!text(&mut shopper, "/").await.contains("/products/mug-celadon\""));
    assert!(text(&mut shopper, &format!("/orders/{order}")).await.contains("青瓷马克杯"));
    // it goes on sale only after it was restored; a second deletion is a conflict
    assert_eq!(post(&mut clerk, &format!("{PRODUCT}/shelf"), &[("on_sale", "1")]).await.0, 409);
    assert_eq!(post(&mut clerk, &delete, &[("archived", "1")]).await.0, 409);
    assert_eq!(post(&mut clerk, &delete, &[("archived", "0")]).await.0, 303);
    assert_eq!(post(&mut clerk, &format!("{PRODUCT}/shelf"), &[("on_sale", "1")]).await.0, 303);
    shopper.order("mug-celadon-300", 2).await;
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    post(&mut clerk, &delete, &[("archived", "1")]).await;
    for path in [PRODUCT, "/console/catalogue?view=archived", "/console/catalogue"] {
        assert_eq!(chinese(&text(&mut clerk, path).await), Vec::<String>::new(), "{path}");
    }
    app.stop().await;
}

async fn a_product_is_added_and_sold(database: Database) {
    let app = TestApp::start(database).await;
    let first = NewSpecification { spec: "小".to_owned(), price: Fen(1990), stock: 3 };
    let typed = TypedSpecification {
        spec: "小".to_owned(),
        price: "19.90".to_owned(),
        stock: "3".to_owned(),
        ..TypedSpecification::default()
    };
    let new = TypedProduct { texts: texts("新品"), options: Vec::new(), specifications: vec![typed] };
    let reader = Staff { role: Role::Reader, ..owner() };
    let refused = app.shop.products().add_product(&reader, &new, Vec::new()).await;
    assert!(matches!(refused, Err(NewProductRefused::Other(ShopError::NotAllowed))), "{refused:?}");
    let id = app.shop.products().add_product(&owner(), &new, Vec::new()).await.unwrap();
    let second = NewSpecification { spec: "大".to_owned(), price: Fen(2990), stock: 1 };
    app.shop.products().add_sku(&owner(), &id, &second).await.unwrap();
    assert!(!app.shop.products().catalogue().products().iter().any(|product| product.id == id));
    app.shop.products().put_on_sale(&owner(), &id, true).await.unwrap();
    let catalogue = app.shop.products().catalogue();
    let product = catalogue.products().last().unwrap();
    assert_eq!((&product.id, product.skus.len()), (&id, 2));
    let sku = product.skus[1].sku.to_string();
    app.shopper().await.order(&sku, 1).await;
    assert_eq!(app.stock(&sku).await, 0);
    for wrong in [Fen(0), Fen(-5), Fen(100_000_001)] {
        let price = app
            .shop
            .products()
            .add_sku(&owner(), &id, &NewSpecification { price: wrong, ..first.clone() })
            .await;
        assert!(matches!(price, Err(ShopError::Invalid(_))), "{price:?}");
    }
    app.stop().await;
}
