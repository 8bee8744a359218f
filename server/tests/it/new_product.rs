//! The one form of a new product: texts, options, the table of combinations, and pictures.

use shop::Role;
use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, png, post, signed, text},
    on_both,
    shopper::Shopper,
};

on_both!(
    a_product_with_options_and_pictures_is_one_form,
    one_press_fills_all_prices_and_keeps_what_else_was_typed,
    each_wrong_field_says_what_it_wants,
    the_table_of_a_product_is_filled_in_the_same_way,
);

const FORM: &str = "/console/catalogue";

/// The texts of a shirt, with its options.
fn shirt<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let texts = [
        ("name", "衬衫"),
        ("category", "衣服"),
        ("summary", "一件衬衫"),
        ("description", "写了很久"),
        ("option", "颜色"),
        ("values", "红、蓝"),
        ("option", "尺码"),
        ("values", "M、L"),
    ];
    [&texts[..], more].concat()
}

fn row<'a>(spec: &'a str, price: &'a str, stock: &'a str, weight: &'a str) -> [(&'a str, &'a str); 4] {
    [("spec", spec), ("price", price), ("stock", stock), ("weight", weight)]
}

/// Sends the form with files, as a browser does.
async fn send(browser: &Shopper, fields: &[(&str, &str)], files: &[Vec<u8>]) -> (u16, String) {
    let files: Vec<_> = files.iter().map(|file| ("picture", "a.png", file.as_slice())).collect();
    browser.post_files(FORM, fields, &files).await
}

async fn a_product_with_options_and_pictures_is_one_form(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, "/console/catalogue/new").await;
    for part in ["name=\"option\"", "name=\"price\"", "name=\"picture\" multiple", "name=\"fill_price\""] {
        assert_eq!(
            page.contains(part),
            part != "name=\"fill_price\"",
            "one row needs no filling: {part}: {page}"
        );
    }
    let rows = [
        row("红 / M", "99", "3", "200"),
        row("红 / L", "99.50", "4", ""),
        row("蓝 / M", "120", "5", ""),
        row("蓝 / L", "120", "0", ""),
    ];
    let pictures = [png(1, 1, b"a"), png(1, 1, b"b"), png(1, 1, b"a")];
    let (status, to) = send(&clerk, &shirt(&rows.concat()), &pictures).await;
    assert!(status == 303 && to.ends_with("?done=added"), "{status} {to}");
    let id = to.rsplit('/').next().unwrap().split('?').next().unwrap();
    let product = app.shop.products().product_now(id).await.unwrap();
    assert_eq!(product.options, ["颜色", "尺码"]);
    let known: Vec<(&str, i64, i64, i64)> =
        product.skus.iter().map(|sku| (&*sku.spec, sku.price.0, sku.stock, sku.weight_g)).collect();
    assert_eq!(
        known,
        [("红 / M", 9900, 3, 200), ("红 / L", 9950, 4, 0), ("蓝 / M", 12000, 5, 0), ("蓝 / L", 12000, 0, 0)]
    );
    assert!(!product.on_sale);
    // the first picture stands for the product; the same file twice is one picture
    assert!(product.picture.starts_with("/pictures/u/") && product.pictures.len() == 1, "{product:?}");
    for path in std::iter::once(&product.picture).chain(&product.pictures) {
        assert_eq!(clerk.get(path).await.status(), 200, "{path}");
    }
    for (what, count) in [("add product", 1), ("add sku", 3), ("change options", 1), ("change picture", 2)] {
        assert_eq!(app.database.count("audit", &[("what", what)]).await, count, "{what}");
    }
    // without options and pictures it is as short as before
    let plain = [("name", "杯子"), ("category", "杯"), ("spec", ""), ("price", "9"), ("stock", "1")];
    let (status, to) = send(&clerk, &plain, &[Vec::new()]).await;
    assert_eq!(status, 303, "{to}");
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(send(&reader, &plain, &[]).await.0, 403);
    assert_eq!(reader.get("/console/catalogue/new").await.status(), 403);
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let page = text(&mut clerk, "/console/catalogue/new").await;
    let rest: Vec<String> =
        chinese(&page).into_iter().filter(|text| !text.contains("杯") && !text.contains("衣服")).collect();
    assert!(page.contains("Make the table") && rest.is_empty(), "{rest:?}");
    app.stop().await;
}

async fn one_press_fills_all_prices_and_keeps_what_else_was_typed(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let products = app.database.count("products", &[]).await;
    // the table: what was typed for the one row goes to each combination
    let asked = shirt(&[&row("", "99", "", "")[..], &[("do", "table")]].concat());
    let (status, page) = post(&mut clerk, FORM, &asked).await;
    assert_eq!(status, 200, "{page}");
    assert!(!page.contains("已写入下面每个规格"), "the fill row was empty: {page}");
    for part in
        ["<strong>蓝 / L</strong>", "写了很久", "value=\"红、蓝\"", "name=\"fill_price\"", "应用到全部"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("name=\"price\" inputmode=\"decimal\" value=\"99\"").count(), 4, "{page}");
    // the values of the row on top are in each specification
    let rows = [
        row("红 / M", "99", "3", ""),
        row("红 / L", "", "", ""),
        row("蓝 / M", "", "7", ""),
        row("蓝 / L", "", "", "1"),
    ];
    let fill = [("fill_price", "88"), ("fill_stock", "5"), ("fill_weight", ""), ("do", "fill")];
    let (status, page) = post(&mut clerk, FORM, &shirt(&[&rows.concat()[..], &fill].concat())).await;
    assert_eq!(status, 200, "{page}");
    for (field, value, count) in
        [("price", "99", 0), ("price", "88", 4), ("stock", "5", 4), ("weight", "1", 1)]
    {
        let input = format!(
            "name=\"{field}\" inputmode=\"{}\" value=\"{value}\"",
            if field == "price" { "decimal" } else { "numeric" }
        );
        assert_eq!(page.matches(&input).count(), count, "{input}: {page}");
    }
    assert!(page.contains("name=\"fill_price\" inputmode=\"decimal\" value=\"88\""), "{page}");
    // options that changed since: the new table is shown before anything is saved, and files have to be chosen again
    let more: Vec<(&str, &str)> = shirt(&rows.concat())
        .into_iter()
        .map(|(name, value)| (name, if value == "M、L" { "M、L、XL" } else { value }))
        .collect();
    let (status, page) = send(&clerk, &more, &[png(1, 1, b"a")]).await;
    assert!(status == 200 && page.contains("请核对价格和库存") && page.contains("蓝 / XL"), "{page}");
    assert!(page.contains("请重新选择图片"), "{page}");
    assert_eq!(app.database.count("products", &[]).await, products, "nothing is saved yet");
    app.stop().await;
}

async fn each_wrong_field_says_what_it_wants(database: Database) {
    let app = TestApp::start(database).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let products = app.database.count("products", &[]).await;
    let rows = [
        row("红 / M", "99", "3", ""),
        row("红 / L", "", "4", ""),
        row("蓝 / M", "1.234", "5", ""),
        row("蓝 / L", "120", "-1", "heavy"),
    ];
    let mut fields = shirt(&rows.concat());
    fields[0].1 = "";
    let (status, page) = send(&clerk, &fields, &[b"<svg/>".to_vec()]).await;
    assert_eq!(status, 400, "{page}");
    for part in [
        "有 6 处需要修改",
        "请填写商品名称",
        "价格请填写如 19.90 的数字",
        "库存为 0 至 1000000 件",
        "数量请填写整数",
        "只支持 PNG、JPEG 和 WebP 图片",
        "请重新选择图片",
        "写了很久",
        "value=\"1.234\"",
        "value=\"heavy\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 6, "{page}");
    // options that cannot be combined
    let fields: Vec<(&str, &str)> = shirt(&rows.concat())
        .into_iter()
        .map(|(name, value)| (name, if value == "M、L" { "M、M" } else { value }))
        .collect();
    let (status, page) = send(&clerk, &fields, &[]).await;
    assert!(status == 400 && page.contains("值不能重复") && page.contains("value=\"M、M\""), "{page}");
    // too many pictures, and one that is too large
    let plain = [("name", "杯子"), ("category", "杯"), ("price", "9"), ("stock", "1")];
    let many: Vec<Vec<u8>> = (0..12).map(|at| png(1, 1, &[at])).collect();
    let (status, page) = send(&clerk, &plain, &many).await;
    assert!(status == 400 && page.contains("最多 9 张图片") && page.contains("value=\"杯子\""), "{page}");
    let large = [png(1, 1, b"a"), vec![0; 3 * 1024 * 1024]].concat();
    let (status, page) = send(&clerk, &plain, &[large]).await;
    assert!(status == 400 && page.contains("2 MB") && page.contains("value=\"杯子\""), "{page}");
    assert_eq!(app.database.count("products", &[]).await, products);
    assert_eq!(app.database.count("pictures", &[]).await, 0);
    app.stop().await;
}

async fn the_table_of_a_product_is_filled_in_the_same_way(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let rows = [
        row("红 / M", "99", "3", ""),
        row("红 / L", "99", "4", ""),
        row("蓝 / M", "99", "5", ""),
        row("蓝 / L", "99", "6", ""),
    ];
    let (_, to) = send(&clerk, &shirt(&rows.concat()), &[]).await;
    let page = text(&mut clerk, &to).await;
    assert!(page.contains("name=\"fill_weight\""), "{page}");
    let id = to.rsplit('/').next().unwrap().split('?').next().unwrap();
    let product = app.shop.products().product_now(id).await.unwrap();
    let version = product.version.to_string();
    let skus: Vec<(String, String)> =
        product.skus.iter().map(|known| (known.sku.to_string(), known.stock.to_string())).collect();
    let mut form = vec![
        ("version", &*version),
        ("name", "衬衫二"),
        ("category", "衣服"),
        ("fill_weight", "250"),
        ("do", "fill"),
    ];
    for (known, (sku, stock)) in product.skus.iter().zip(&skus) {
        form.extend([
            ("sku", &**sku),
            ("price_seen", "9900"),
            ("stock_seen", &**stock),
            ("spec", &*known.spec),
            ("price", "99"),
            ("stock", "+1"),
            ("weight", ""),
        ]);
    }
    let (status, page) = post(&mut clerk, &format!("/console/catalogue/{id}/save"), &form).await;
    assert!(status == 200 && page.contains("value=\"衬衫二\""), "{status} {page}");
    assert_eq!(page.matches("name=\"weight\" inputmode=\"numeric\" value=\"250\"").count(), 4, "{page}");
    assert_eq!(page.matches("value=\"+1\"").count(), 4, "{page}");
    let now = app.shop.products().product_now(id).await.unwrap();
    assert_eq!((now.version, &*now.name), (product.version, "衬衫"), "nothing is saved");
    app.stop().await;
}
