//! Products with options: colour, size and their combinations.

use model::Fen;
use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    on_both,
    product_files::{checked, confirm, exported},
};

const SHIRT: &str = "/console/catalogue/shirt";

on_both!(
    options_make_the_missing_combinations_and_shoppers_choose_one,
    too_many_combinations_and_a_wrong_form_are_refused,
    the_file_of_the_catalogue_has_the_options,
);

/// A product with one specification, on sale.
async fn shirt(browser: &crate::shopper::Shopper) {
    let file = "货号,商品编号,商品名称,分类,价格（元）,库存,在售\nshirt-1,shirt,衬衫,衣服,99,7,是\n";
    let page = checked(browser, file).await;
    assert_eq!(confirm(browser, &page).await.0, 303);
}

/// The form with colours and sizes.
fn options<'a>(version: &'a str, colours: &'a str, sizes: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("option", "颜色"),
        ("values", colours),
        ("option", "尺码"),
        ("values", sizes),
        ("option", ""),
        ("values", ""),
        ("price", "120"),
        ("stock", "2"),
    ]
}

async fn version(app: &TestApp) -> String {
    app.shop.products().product_now("shirt").await.unwrap().version.to_string()
}

/// The number of the specification with this name.
async fn sku(app: &TestApp, spec: &str) -> String {
    let shirt = app.shop.products().product_now("shirt").await.unwrap();
    shirt.skus.iter().find(|known| known.spec == spec).unwrap_or_else(|| panic!("{spec}")).sku.to_string()
}

/// The link that chooses a value on the product's page.
#[track_caller]
fn link<'a>(page: &'a str, value: &str) -> &'a str {
    let end = page.find(&format!("<span>{value}</span>")).unwrap_or_else(|| panic!("{value}: {page}"));
    let start = page[..end].rfind("<a ").unwrap();
    let close = page[end..].find("</a>").unwrap();
    &page[start..end + close]
}

async fn options_make_the_missing_combinations_and_shoppers_choose_one(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    shirt(&clerk).await;
    let save = format!("{SHIRT}/options");
    let now = version(&app).await;
    assert_eq!(
        post(&mut clerk, &save, &options(&now, "红、蓝", "M,L")).await,
        (303, format!("{SHIRT}?done=options"))
    );
    let product = app.shop.products().product_now("shirt").await.unwrap();
    let specs: Vec<(&str, i64, i64)> =
        product.skus.iter().map(|known| (&*known.spec, known.price.0, known.stock)).collect();
    // the one that was there keeps its number, price and stock
    assert_eq!(
        specs,
        [("红 / M", 9900, 7), ("红 / L", 12000, 2), ("蓝 / M", 12000, 2), ("蓝 / L", 12000, 2)]
    );
    assert_eq!(sku(&app, "红 / M").await, "shirt-1");
    assert_eq!(app.database.count("audit", &[("what", "change options"), ("who", "anna")]).await, 1);
    let page = text(&mut clerk, SHIRT).await;
    assert!(page.contains("name=\"values\" maxlength=\"2000\" value=\"红、蓝\""), "{page}");
    // one more size: two combinations are missing; the same form again adds nothing
    let now = version(&app).await;
    assert_eq!(post(&mut clerk, &save, &options(&now, "红、蓝", "M、L、XL")).await.0, 303);
    let now = version(&app).await;
    assert_eq!(post(&mut clerk, &save, &options(&now, "红、蓝", "M、L、XL")).await.0, 303);
    assert_eq!(app.shop.products().product_now("shirt").await.unwrap().skus.len(), 6);

    // a shopper: a group of links for each option, and one combination in the form
    let mut shopper = app.shopper().await;
    let first = text(&mut shopper, "/products/shirt").await;
    assert!(first.contains("aria-label=\"颜色\"") && first.contains("aria-label=\"尺码\""), "{first}");
    assert!(first.contains("name=\"sku\" value=\"shirt-1\"") && !first.contains("type=\"radio\""), "{first}");
    assert!(first.contains("99.00") && first.contains("剩 7 件"), "{first}");
    let blue = sku(&app, "蓝 / M").await;
    assert!(link(&first, "蓝").contains(&format!("/products/shirt?sku={blue}#choice")), "{first}");
    assert!(link(&first, "红").contains("aria-current"));
    let page = text(&mut shopper, &format!("/products/shirt?sku={blue}&quantity=2")).await;
    assert!(page.contains(&format!("name=\"sku\" value=\"{blue}\"")) && page.contains("120.00"), "{page}");
    let large = sku(&app, "蓝 / L").await;
    assert!(link(&page, "L").contains(&format!("sku={large}&amp;quantity=2#choice")), "{}", link(&page, "L"));
    // it sells out: its links say so, and its page has no button that orders
    shopper.order(&blue, 2).await;
    let page = text(&mut shopper, "/products/shirt").await;
    assert!(link(&page, "蓝").contains("已售罄") && !link(&page, "L").contains("已售罄"), "{page}");
    let page = text(&mut shopper, &format!("/products/shirt?sku={blue}")).await;
    assert!(page.contains("<button disabled class=\"button primary\">已售罄"), "{page}");
    // a combination that does not exist: the link takes another one, and says so
    let more = "货号,商品编号,规格,价格（元）,库存\nshirt-green,shirt,绿 / XXL,150,1\n";
    let page = checked(&clerk, more).await;
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    let page = text(&mut shopper, "/products/shirt").await;
    assert!(
        link(&page, "绿").contains("换其他组合") && link(&page, "绿").contains("sku=shirt-green#"),
        "{page}"
    );
    let page = text(&mut shopper, "/products/shirt?sku=shirt-green").await;
    assert!(page.contains("绿 / XXL") && link(&page, "红").contains("换其他组合"), "{page}");
    shopper.order("shirt-green", 1).await;
    // in English, too
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let rest: Vec<String> = chinese(&text(&mut clerk, SHIRT).await);
    let own = ["衬衫", "衣服", "颜色", "尺码", "红", "蓝", "绿"];
    let rest: Vec<&String> = rest.iter().filter(|text| !own.iter().any(|own| text.contains(own))).collect();
    assert!(rest.is_empty(), "{rest:?}");
    app.stop().await;
}

async fn too_many_combinations_and_a_wrong_form_are_refused(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    shirt(&clerk).await;
    let save = format!("{SHIRT}/options");
    let now = version(&app).await;
    let many = |count: usize| (0..count).map(|at| format!("v{at}")).collect::<Vec<_>>().join(",");
    let (five_hundred, twenty_five, twenty) = (many(500), many(25), many(20));
    for (colours, sizes) in
        [(&*five_hundred, "M"), (&*twenty_five, &*twenty), (&*five_hundred, &*five_hundred)]
    {
        let (status, page) = post(&mut clerk, &save, &options(&now, colours, sizes)).await;
        assert!(status == 400 && page.contains("一件商品最多 200 个规格"), "{status} {page}");
        assert!(page.contains("v24") && page.contains("value=\"颜色\""), "the form keeps what was typed");
    }
    assert_eq!(version(&app).await, now, "nothing is written");
    let mut without_price = options(&now, "红", "M、L");
    without_price.retain(|(name, _)| *name != "price");
    let (status, page) = post(&mut clerk, &save, &without_price).await;
    assert!(status == 400 && page.contains("请填写新组合的价格"), "{page}");
    // a specification that fits no combination: the page says which one, and what it has to be
    let file = "货号,商品编号,商品名称,分类,规格,价格（元）,库存\nhat-1,hat,帽子,衣服,米白 S码,99,7\n";
    let page = checked(&clerk, file).await;
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    let hat = "/console/catalogue/hat";
    let version_of_hat = app.shop.products().product_now("hat").await.unwrap().version.to_string();
    let typed = options(&version_of_hat, "米白、黑", "S、M");
    let (status, page) = post(&mut clerk, &format!("{hat}/options"), &typed).await;
    assert!(status == 400, "{page}");
    for words in
        ["已有规格“米白 S码”与新规格不匹配，请改为“米白 / S”再保存", "value=\"米白、黑\"", "value=\"120\""]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = text(&mut clerk, "/console/catalogue/new").await;
    assert!(page.contains("list=\"categories\"") && page.contains("<option value=\"衣服\""), "{page}");
    assert_eq!(post(&mut clerk, &save, &options("0", "红", "M")).await.0, 409, "another editor was first");
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(post(&mut reader, &save, &options(&now, "红", "M")).await.0, 403);
    // 200 are possible, and then no other specification
    let ten = many(10);
    assert_eq!(post(&mut clerk, &save, &options(&now, &ten, &twenty)).await.0, 303);
    assert_eq!(app.shop.products().product_now("shirt").await.unwrap().skus.len(), 200);
    let add = format!("{SHIRT}/skus");
    let more = [("spec", "v0 / other"), ("price", "1"), ("stock", "1")];
    assert_eq!(post(&mut clerk, &add, &more).await.0, 400);
    let page = text(&mut app.shopper().await, "/products/shirt").await;
    assert_eq!(
        page.matches("class=\"spec").count() - page.matches("class=\"spec-group").count(),
        30,
        "{page}"
    );
    // with options a specification has one value for each, and none twice
    let owner = shop::Staff { name: "owner".parse().unwrap(), role: Role::Owner };
    let first = "shirt-1".parse().unwrap();
    for wrong in ["红", "v0 / v0 / v0", "v1 / v1"] {
        let done = app.shop.products().change_sku(&owner, &first, Fen(9900), Fen(9900), wrong).await;
        assert!(matches!(done, Err(shop::ShopError::Invalid(_))), "{wrong}: {done:?}");
    }
    // a value that is sold cannot be removed
    let now = version(&app).await;
    let (status, page) = post(&mut clerk, &save, &options(&now, "v0", "v0")).await;
    assert!(status == 400 && page.contains("不能去掉"), "{status} {page}");
    // without options it is a list again
    assert_eq!(post(&mut clerk, &save, &[("version", &*now), ("option", ""), ("values", "")]).await.0, 303);
    assert!(text(&mut app.shopper().await, "/products/shirt").await.contains("type=\"radio\""));
    app.stop().await;
}

async fn the_file_of_the_catalogue_has_the_options(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let file = "商品编号,商品名称,分类,选项名,规格,价格（元）,库存,在售\n\
                shirt,衬衫,衣服,颜色 / 尺码,红 / M,99,7,是\n\
                shirt,衬衫,衣服,颜色 / 尺码,红 / L,99,7,是\n";
    let page = checked(&clerk, file).await;
    assert!(page.contains("选项名：颜色 / 尺码"), "{page}");
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    assert_eq!(app.shop.products().product_now("shirt").await.unwrap().options, ["颜色", "尺码"]);
    let exported = exported(&mut clerk).await;
    assert!(exported.contains("颜色 / 尺码,红 / M,"), "{exported}");
    assert!(checked(&clerk, &exported).await.contains("没有要导入的内容"));
    let (medium, large) = (sku(&app, "红 / M").await, sku(&app, "红 / L").await);
    for (lines, words) in [
        (format!("{medium},,红\n"), "规格：要写 2 个值"),
        (format!("{medium},,红 / L\n"), &*format!("规格：商品已有这个规格：要修改它，请填写货号 {large}")),
        (format!("{medium},,绿 / L\n{large},,绿 / L\n"), "规格：与第 2 行的规格相同"),
        (
            format!("{medium},颜色 / 尺码 / 料子,红 / M / 棉\n"),
            &*format!("选项名：货号 {large} 的规格与选项对不上"),
        ),
        (format!("{medium},颜色 / 颜色,\n"), "选项名：最多 3 个选项，名称不能重复"),
    ] {
        let page = checked(&clerk, format!("货号,选项名,规格\n{lines}")).await;
        assert!(page.contains(words) && !page.contains("name=\"lines\""), "{lines}: {words}: {page}");
    }
    // all lines together
    let file = format!(
        "货号,选项名,规格\n{medium},颜色 / 尺码 / 料子,红 / M / 棉\n{large},颜色 / 尺码 / 料子,红 / L / 棉\n"
    );
    let page = checked(&clerk, file).await;
    assert_eq!(confirm(&clerk, &page).await.0, 303);
    let shirt = app.shop.products().product_now("shirt").await.unwrap();
    assert_eq!((shirt.options.len(), &*shirt.skus[0].spec), (3, "红 / M / 棉"));
    app.stop().await;
}
