//! Products that are on sale from one time, and until another.

use shop::{Clock, Role, shanghai};

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    on_both,
    product_files::{checked, confirm, edited, exported},
    purchase_limits::edit,
    shopper::thumb,
};

const MUG: &str = "mug-celadon-300";
const PRODUCT: &str = "/console/catalogue/mug-celadon";
const PAGE: &str = "/products/mug-celadon";

on_both!(
    a_sale_begins_and_ends_at_its_time_on_every_page_and_server,
    an_order_from_before_the_end_can_be_paid_after_it,
    staff_type_the_times_and_a_wrong_one_is_said,
    the_file_of_the_catalogue_has_the_times,
);

/// The time so many seconds from now, to the minute, as a form sends it.
fn in_seconds(app: &TestApp, seconds: i64) -> String {
    shanghai(app.clock.now_ms() + seconds * 1000).strftime("%FT%H:%M").to_string()
}

async fn set(app: &TestApp, from: &str, until: &str) {
    let owner = shop::Staff { name: "owner".parse().unwrap(), role: Role::Owner };
    let id = "mug-celadon".parse().unwrap();
    let mut edit = edit(&app.shop, None).await;
    edit.sale = Some([from.to_owned(), until.to_owned()]);
    app.shop.products().save_product(&owner, &id, &edit).await.unwrap();
}

/// The form of the product's page with these times.
fn save_form<'a>(version: &'a str, from: &'a str, until: &'a str) -> Vec<(&'a str, &'a str)> {
    let texts = [("name", "青瓷马克杯"), ("category", "茶与杯具"), ("summary", ""), ("description", "")];
    [("version", version), ("sale_from", from), ("sale_until", until)].into_iter().chain(texts).collect()
}

async fn a_sale_begins_and_ends_at_its_time_on_every_page_and_server(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let mut shopper = app.shopper().await;
    shopper.post("/cart", &[("sku", MUG), ("quantity", "1")]).await;
    let (from, until) = (in_seconds(&app, 3600), in_seconds(&app, 7200));
    set(&app, &from, &until).await;
    other.products().refresh().await.unwrap();
    let (from, until) = (from.replace('T', " "), until.replace('T', " "));
    let is_listed = || {
        let ids = other.products().catalogue();
        ids.products().iter().any(|product| product.id.as_str() == "mug-celadon")
    };
    let buy = format!("/orders/new?sku={MUG}&quantity=1");
    let order = [("sku", MUG), ("quantity", "1")];

    // before
    let page = text(&mut shopper, PAGE).await;
    assert!(page.contains("尚未开售") && page.contains(&format!("{from} 开售")), "{page}");
    assert!(!text(&mut shopper, "/").await.contains("/products/mug-celadon\"") && !is_listed());
    for path in ["/cart", &*buy, "/cart/confirm?sku=mug-celadon-300*5900"] {
        let page = text(&mut shopper, path).await;
        assert!(page.contains(&format!("{from} 开售")), "{path}: {page}");
    }
    assert!(!text(&mut shopper, &buy).await.contains("data-pay="), "nothing to pay yet");
    for path in ["/orders", "/cart"] {
        let refused = shopper.post(path, &order).await;
        assert_eq!(refused.status(), 409, "{path}");
        assert!(refused.text().await.unwrap().contains("商品还没有开售"), "{path}");
    }

    // the kept pages change with the clock alone
    app.clock.advance(3660);
    let page = text(&mut shopper, PAGE).await;
    assert!(!page.contains("尚未开售") && page.contains(&format!("{until} 停售")), "{page}");
    assert!(text(&mut shopper, "/").await.contains("/products/mug-celadon\"") && is_listed());
    assert!(!text(&mut shopper, "/cart").await.contains("开售"));
    assert!(text(&mut shopper, &buy).await.contains("data-pay="));
    shopper.order(MUG, 1).await;

    // after
    app.clock.advance(3600);
    let page = text(&mut shopper, PAGE).await;
    assert!(page.contains("已停售") && page.contains(&format!("已于 {until} 停售")), "{page}");
    assert!(!text(&mut shopper, "/").await.contains("/products/mug-celadon\"") && !is_listed());
    for path in ["/cart", &*buy, "/cart/confirm?sku=mug-celadon-300*5900"] {
        let page = text(&mut shopper, path).await;
        assert!(page.contains(&format!("已于 {until} 停售")), "{path}: {page}");
    }
    let refused = shopper.post("/orders", &[("sku", MUG), ("quantity", "2")]).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("已下架"));
    let refused = shopper.post("/cart/order", &[("sku", "mug-celadon-300*5900*1")]).await;
    assert_eq!(refused.status(), 409);
    // nobody finds it
    let found = text(&mut shopper, "/?q=%E9%9D%92%E7%93%B7%E9%A9%AC%E5%85%8B%E6%9D%AF").await;
    assert!(!found.contains("/products/mug-celadon\""), "{found}");
    app.stop().await;
}

async fn an_order_from_before_the_end_can_be_paid_after_it(database: Database) {
    let app = TestApp::start(database).await;
    set(&app, "", &in_seconds(&app, 120)).await;
    let (order, number) = app.shopper().await.about_to_pay(MUG, 1).await;
    app.clock.advance(180);
    assert_eq!(app.shopper().await.post("/orders", &[("sku", MUG), ("quantity", "1")]).await.status(), 409);
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    app.stop().await;
}

async fn staff_type_the_times_and_a_wrong_one_is_said(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let save = format!("{PRODUCT}/save");
    let page = text(&mut clerk, PRODUCT).await;
    assert!(page.contains("type=\"datetime-local\" name=\"sale_from\" value=\"\""), "{page}");
    let form = save_form("0", "2030-01-02T08:30", "2030-01-03T00:00");
    assert_eq!(post(&mut clerk, &save, &form).await, (303, format!("{PRODUCT}?done=saved")));
    let log = [("what", "change sale period"), ("who", "anna")];
    assert_eq!(app.database.count("audit", &log).await, 1);
    let page = text(&mut clerk, PRODUCT).await;
    assert!(page.contains("value=\"2030-01-02T08:30\"") && page.contains("未到开售时间"), "{page}");
    for page in [page, text(&mut clerk, "/console/catalogue").await] {
        assert!(page.contains("01-02 08:30 开售") && page.contains("01-03 00:00 停售"), "{page}");
    }
    let product = app.shop.products().product_now("mug-celadon").await.unwrap();
    // 08:30 in Shanghai is 00:30 UTC
    assert_eq!(product.sale.from_ms, Some(1_893_544_200_000));
    assert!(text(&mut clerk, "/console/catalogue?view=off_sale").await.contains(PRODUCT));
    assert!(!text(&mut clerk, "/console/catalogue?view=on_sale").await.contains(PRODUCT));
    for (from, until, words) in [
        ("2030-01-03T00:00", "2030-01-03T00:00", "停售时间要晚于开售时间"),
        ("2030-01-02T25:00", "", "时间请填写如 2026-11-30 12:00"),
    ] {
        let form = save_form("1", from, until);
        let (status, page) = post(&mut clerk, &save, &form).await;
        assert!(status == 400 && page.contains(words) && page.contains(from), "{status} {page}");
    }
    // another editor was first
    assert_eq!(post(&mut clerk, &save, &form).await.0, 409);
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(post(&mut reader, &save, &save_form("1", "", "")).await.0, 403);
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    for path in [PRODUCT, "/console/catalogue"] {
        assert_eq!(chinese(&text(&mut clerk, path).await), Vec::<String>::new(), "{path}");
    }
    // without times it is sold as before
    assert_eq!(post(&mut clerk, &save, &save_form("1", "", "")).await.0, 303);
    app.shopper().await.order(MUG, 1).await;
    app.stop().await;
}

async fn the_file_of_the_catalogue_has_the_times(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    set(&app, "2030-01-02 08:30", "").await;
    let file = exported(&mut clerk).await;
    assert!(file.contains(",2030-01-02 08:30,"), "{file}");
    assert!(checked(&clerk, &file).await.contains("没有要导入的内容"));
    // a spreadsheet writes the time in its own way
    let same = file.replace("2030-01-02 08:30", "2030/1/2 8:30");
    assert!(checked(&clerk, &same).await.contains("没有要导入的内容"));
    let mut changed = file.clone();
    for sku in [MUG, "mug-celadon-450"] {
        changed = edited(&changed, sku, &[("开售时间", "无"), ("停售时间", "2031/1/2")]);
    }
    let page = checked(&clerk, &changed).await;
    assert!(page.contains("开售时间：2030-01-02 08:30 → （空）"), "{page}");
    assert!(page.contains("停售时间：（空） → 2031-01-02 00:00"), "{page}");
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    let sale = app.shop.products().product_now("mug-celadon").await.unwrap().sale;
    assert_eq!((sale.from_ms, sale.until_ms), (None, Some(1_925_049_600_000)));
    let wrong = format!("货号,开售时间,停售时间\n{MUG},2032-01-01,\nteapot-clay-1,明天,\n");
    let page = checked(&clerk, wrong).await;
    assert!(page.contains("停售时间：停售时间要晚于开售时间"), "{page}");
    assert!(page.contains("开售时间：时间请填写如"), "{page}");
    // a new product begins with its times
    let new = "商品编号,商品名称,分类,价格（元）,在售,停售时间\nfresh,新品,茶,9,是,2001-01-01\n";
    let page = checked(&clerk, new).await;
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    let fresh = app.shop.products().product_now("fresh").await.unwrap();
    assert!(fresh.on_sale && !fresh.sale_state(app.shop.clock().now_ms()).is_on_sale());
    app.stop().await;
}
