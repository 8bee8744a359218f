//! The catalogue as a CSV file: export, check and import.

use model::Fen;
use shop::{Role, StockChange};

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    on_both,
    shopper::Shopper,
};

const MUG: &str = "mug-celadon-300";
const PAGE: &str = "/console/catalogue/file";

on_both!(
    an_exported_file_is_changed_and_imported_in_one_commit,
    pieces_that_were_sold_after_the_export_stay_sold,
    each_wrong_cell_is_named_and_then_nothing_is_written,
    new_products_and_specifications_are_added_once,
    a_catalogue_that_changed_after_the_check_is_shown_again,
    a_file_of_ten_thousand_lines_is_imported_and_a_longer_one_refused,
    the_pages_need_the_right_and_are_in_english,
);

/// Sends a form with files; the status, and where it leads or what it says.
pub(crate) async fn upload(browser: &Shopper, path: &str, fields: &[(&str, &[u8])]) -> (u16, String) {
    let files: Vec<_> = fields.iter().map(|(name, content)| (*name, "a.csv", *content)).collect();
    browser.post_files(path, &[], &files).await
}

async fn preview(browser: &Shopper, file: impl AsRef<[u8]>) -> (u16, String) {
    upload(browser, &format!("{PAGE}/preview"), &[("file", file.as_ref())]).await
}

/// The page of a check without wrong cells.
pub(crate) async fn checked(browser: &Shopper, file: impl AsRef<[u8]>) -> String {
    let (status, page) = preview(browser, file).await;
    assert_eq!(status, 200, "{page}");
    page
}

/// Presses the button of a check.
pub(crate) async fn confirm(browser: &Shopper, page: &str) -> (u16, String) {
    let field = |name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the page has the button");
        let value = rest.split('"').next().unwrap();
        let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        value.replace("&#x27;", "'").replace("&amp;", "&").into_bytes()
    };
    let (version, lines) = (field("version"), field("lines"));
    upload(browser, &format!("{PAGE}/import"), &[("version", &version), ("lines", &lines)]).await
}

pub(crate) async fn exported(browser: &mut Shopper) -> String {
    let answer = browser.post("/console/catalogue/file.csv", &[]).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("products-"));
    String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap()
}

fn done(lines: usize) -> (u16, String) {
    (303, format!("/console/catalogue?done=imported-{lines}"))
}

/// Changes the cells of one line of the file.
pub(crate) fn edited(file: &str, sku: &str, cells: &[(&str, &str)]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &rows {
        let changed = row.iter().enumerate().map(|(at, cell)| {
            let heading = rows[0][at].trim_start_matches('\u{feff}');
            let new = cells.iter().find(|(column, _)| *column == heading).filter(|_| &row[0] == sku);
            new.map_or(cell, |(_, text)| *text)
        });
        writer.write_record(changed).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

async fn an_exported_file_is_changed_and_imported_in_one_commit(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    // a name that a spreadsheet would run
    let before = app.shop.products().product_now("mug-celadon").await.unwrap();
    let form = [
        ("name", "=1+1 \"杯\""),
        ("category", &*before.category),
        ("summary", "'一句,话"),
        ("description", "一行\r\n两行"),
        ("version", "0"),
    ];
    assert_eq!(post(&mut clerk, "/console/catalogue/mug-celadon", &form).await.0, 303);
    let file = exported(&mut clerk).await;
    assert!(file.starts_with("\u{feff}货号,商品编号,商品名称,"), "{file}");
    assert!(file.contains("\"'=1+1 \"\"杯\"\"\""), "{file}");
    assert_eq!(app.database.count("audit", &[("what", "export catalogue"), ("who", "anna")]).await, 1);
    // the same file changes nothing
    let same = checked(&clerk, &file).await;
    assert!(same.contains("没有要导入的内容") && same.contains("新增 0 行，修改 0 行"), "{same}");
    assert!(!same.contains("name=\"lines\""), "{same}");
    let all = |price, on_sale| {
        edited(&file, MUG, &[("价格（元）", price), ("重量（克）", "500"), ("在售", on_sale)])
    };
    let mut changed = all("65.5", "否");
    for sku in &before.skus {
        changed = edited(&changed, sku.sku.as_str(), &[("在售", "否"), ("商品名称", "新 <名字>")]);
    }
    let page = checked(&clerk, &changed).await;
    for words in ["价格（元）：59.00 → 65.50", "在售：是 → 否", "→ 新 &lt;名字&gt;"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains(&format!("修改 {} 行", before.skus.len())), "{page}");
    // lines that change nothing are counted and not listed; each line has the name of its specification
    assert_eq!(page.matches("data-label=\"结果\"").count(), before.skus.len(), "{page}");
    assert!(page.contains("行没有列出") && page.contains(&before.skus[0].spec), "{page}");
    assert_eq!(app.database.count("audit", &[("what", "import catalogue")]).await, 0);
    assert_eq!(
        app.shop.products().product_now("mug-celadon").await.unwrap().version,
        1,
        "nothing is written"
    );
    assert_eq!(confirm(&clerk, &page).await, done(before.skus.len()));
    let list = text(&mut clerk, &done(before.skus.len()).1).await;
    assert!(list.contains(&format!("已导入 {} 行", before.skus.len())), "{list}");
    let now = app.shop.products().product_now("mug-celadon").await.unwrap();
    assert_eq!((&*now.name, &*now.summary, &*now.description), ("新 <名字>", "'一句,话", "一行\n两行"));
    assert!(!now.on_sale && now.version > 1);
    let mug = now.skus.iter().find(|known| known.sku.as_str() == MUG).unwrap();
    assert_eq!((mug.price, mug.weight_g, mug.stock), (Fen(6550), 500, before.skus[0].stock));
    for (what, rows) in [
        ("import catalogue", 1),
        ("change product", 2),
        ("change sku", 2),
        ("off the shelf", 1),
        ("correct stock", 0),
    ] {
        assert_eq!(app.database.count("audit", &[("what", what)]).await, rows, "{what}");
    }
    // the shop's own page shows it
    let mut shopper = app.shopper().await;
    assert!(text(&mut shopper, "/products/mug-celadon").await.contains("65.50"));
    // the file in GBK, as a Chinese spreadsheet saves it, says the same
    let file = exported(&mut clerk).await;
    let gbk = encoding_rs::GBK.encode(file.trim_start_matches('\u{feff}')).0.into_owned();
    assert!(checked(&clerk, gbk).await.contains("没有要导入的内容"));
    app.stop().await;
}

async fn pieces_that_were_sold_after_the_export_stay_sold(database: Database) {
    let app = TestApp::start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let stock = app.stock(MUG).await;
    let file = exported(&mut clerk).await;
    let mut shopper = app.shopper().await;
    shopper.order(MUG, 2).await;
    // a file whose stock nobody changed changes no stock
    let page = checked(&clerk, edited(&file, MUG, &[("价格（元）", "60")])).await;
    assert!(!page.contains("库存："), "{page}");
    assert_eq!(confirm(&clerk, &page).await, done(1));
    assert_eq!(app.stock(MUG).await, stock - 2);
    // five pieces came in; one more is sold between the check and the confirmation
    let more = (stock + 5).to_string();
    let page = checked(&clerk, edited(&file, MUG, &[("价格（元）", "60"), ("库存", &more)])).await;
    assert!(page.contains(&format!("库存：{} → {}", stock - 2, stock + 3)), "{page}");
    shopper.order(MUG, 1).await;
    assert_eq!(confirm(&clerk, &page).await, done(1));
    assert_eq!(app.stock(MUG).await, stock + 2);
    let log = app.database.count("audit", &[("what", "correct stock"), ("detail", "mug-celadon-300: +5")]);
    assert_eq!(log.await, 1);
    // more is taken than is left
    let none = edited(&file, MUG, &[("价格（元）", "60"), ("导出时库存", "999"), ("库存", "0")]);
    let (_, page) = preview(&clerk, none).await;
    assert!(page.contains(&format!("库存：现在只有 {} 件", stock + 2)), "{page}");
    // and a stock that sells out between the check and the confirmation is shown again
    let left = app.stock(MUG).await;
    let none = edited(&file, MUG, &[("价格（元）", "60"), ("导出时库存", &left.to_string()), ("库存", "0")]);
    let page = checked(&clerk, none).await;
    app.shopper().await.order(MUG, 1).await;
    let (status, page) = confirm(&clerk, &page).await;
    assert!(status == 409 && page.contains("库存：现在只有"), "{status} {page}");
    assert_eq!(app.stock(MUG).await, left - 1);
    // without the stock at the export the change is not known
    let (_, page) = preview(&clerk, format!("货号,库存\n{MUG},5\n")).await;
    assert!(page.contains("库存：没有“导出时库存”"), "{page}");
    app.stop().await;
}

async fn each_wrong_cell_is_named_and_then_nothing_is_written(database: Database) {
    let app = TestApp::start(database).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    app.shop
        .products()
        .archive(
            &shop::Staff { name: "owner".parse().unwrap(), role: Role::Owner },
            &"notebook-linen".parse().unwrap(),
            true,
        )
        .await
        .unwrap();
    let deleted = app.shop.products().product_now("notebook-linen").await.unwrap().skus[0].sku.to_string();
    let versions = app.shop.store().catalogue_version().await.unwrap();
    let lines = [
        (
            format!("{MUG},mug-celadon,,,红,abc,1.5,x,5,也许"),
            vec![
                "价格（元）：请填写如 19.90",
                "重量（克）：请填写整数",
                "导出时库存：请填写整数",
                "在售：请填写 是 或 否",
            ],
        ),
        (format!("{MUG},,,,,,,,,"), vec!["货号：与第 2 行相同"]),
        ("7.31E+13,,盘子,餐具,,5,,,,".to_owned(), vec!["货号：只能用小写字母"]),
        ("mug-celadon-450,tea-set,,,,,,,,".to_owned(), vec!["商品编号：这个货号属于商品 mug-celadon"]),
        (format!("{deleted},,,,,,,,,"), vec!["货号：商品已删除"]),
        (
            ",mug-celadon,,,300 毫升,9,,,,".to_owned(),
            vec![&*format!("规格：商品已有这个规格：要修改它，请填写货号 {MUG}").leak()],
        ),
        (",mug-celadon,,,新,,,,-1,".to_owned(), vec!["价格（元）：请填写", "库存：库存为 0 至"]),
        (",,青瓷马克杯,杯,,9,,,,".to_owned(), vec!["商品编号：商品 mug-celadon 已用这个名称"]),
        (",,,,,9,,,,".to_owned(), vec!["商品编号：请填写"]),
        (",new,新品,,,0,,,,".to_owned(), vec!["商品编号：只能用小写字母", "价格（元）：价格为 0.01"]),
        (",fresh,新品,,,1,,,,".to_owned(), vec!["分类：请填写"]),
        (
            ",fresh,别名,餐具,,1,,,,".to_owned(),
            vec!["商品名称：与第 12 行不同", "规格：与第 12 行的规格相同"],
        ),
        (
            format!(",fresh2,{},餐具,,1,,,,", "长".repeat(61)),
            vec!["商品名称：请填写商品名称，不超过 60 个字"],
        ),
    ];
    let head = "货号,商品编号,商品名称,分类,规格,价格（元）,重量（克）,导出时库存,库存,在售\n";
    let file = lines.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join("\n");
    let (status, page) = preview(&clerk, format!("{head}{file}\n")).await;
    assert_eq!(status, 200);
    let rows: Vec<&str> = page.split("<tr>").collect();
    for (at, (line, words)) in lines.iter().enumerate() {
        let number = format!(">{}</td>", at + 2);
        let row = rows.iter().find(|row| row.contains(&number)).unwrap_or_else(|| panic!("{line}: {page}"));
        for words in words {
            assert!(row.contains(words), "{line}: {words}: {row}");
        }
    }
    let cells: usize = lines.iter().map(|(_, words)| words.len()).sum();
    assert!(page.contains(&format!("有 {cells} 个单元格需要修改")), "{page}");
    assert!(!page.contains("name=\"lines\""), "{page}");
    // a right line beside a wrong one is not written either, also if a program sends both
    let both = format!("货号,价格（元）\n{MUG},1\nmug-celadon-450,x\n");
    let version = versions.to_string();
    let fields: [(&str, &[u8]); 2] = [("version", version.as_bytes()), ("lines", both.as_bytes())];
    let (status, page) = upload(&clerk, &format!("{PAGE}/import"), &fields).await;
    assert!(status == 409 && page.contains("价格（元）：请填写如 19.90"), "{status} {page}");
    assert_eq!(app.shop.store().catalogue_version().await.unwrap(), versions);
    for file in [&b"PK\x03\x04\x14\0\x06\0"[..], b"a,b\n1,2\n", b""] {
        let (status, page) = preview(&clerk, file).await;
        assert!(status == 400 && page.contains("role=\"alert\""), "{status} {page}");
    }
    let (status, page) = preview(&clerk, vec![b'a'; 4_400_000]).await;
    assert!(status == 400 && page.contains("文件不能超过 4 MB"), "{status} {page}");
    app.stop().await;
}

async fn new_products_and_specifications_are_added_once(database: Database) {
    let app = TestApp::start(database).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let file = "货号,商品编号,商品名称,分类,规格,价格（元）,库存,在售\n\
                mug-new,mug-celadon,,,特大,99,4,\n\
                ,,盘子,餐具,小,10,1,是\n\
                ,,盘子,,大,20,2,\n\
                bowl-a,bowl,碗,餐具,,5,3,否\n";
    let page = checked(&clerk, file).await;
    assert!(page.contains("新增 4 行"), "{page}");
    let before = app.shop.store().catalogue().await.unwrap().len();
    // two taps at once: one of them imports
    let (one, other) = tokio::join!(confirm(&clerk, &page), confirm(&clerk, &page));
    assert_eq!([one.0, other.0].iter().filter(|status| **status == 303).count(), 1, "{one:?} {other:?}");
    assert!([one.0, other.0].contains(&409), "{one:?} {other:?}");
    let products = app.shop.store().catalogue().await.unwrap();
    assert_eq!(products.len(), before + 2);
    let plate = products.iter().find(|product| product.name == "盘子").unwrap();
    assert!(plate.on_sale && plate.category == "餐具");
    let specs: Vec<(&str, Fen, i64)> =
        plate.skus.iter().map(|known| (&*known.spec, known.price, known.stock)).collect();
    assert_eq!(specs, [("小", Fen(1000), 1), ("大", Fen(2000), 2)]);
    let bowl = products.iter().find(|product| product.id.as_str() == "bowl").unwrap();
    assert_eq!((bowl.on_sale, bowl.skus[0].sku.as_str()), (false, "bowl-a"));
    app.shopper().await.order("mug-new", 1).await;
    app.shopper().await.order(plate.skus[1].sku.as_str(), 1).await;
    // the same file again adds nothing
    let (_, page) = preview(&clerk, file).await;
    assert!(page.contains("已用这个名称") && !page.contains("name=\"lines\""), "{page}");
    assert_eq!(app.database.count("audit", &[("what", "import catalogue")]).await, 1);
    app.stop().await;
}

async fn a_catalogue_that_changed_after_the_check_is_shown_again(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let file = edited(&exported(&mut clerk).await, MUG, &[("价格（元）", "70")]);
    let page = checked(&clerk, &file).await;
    let owner = shop::Staff { name: "owner".parse().unwrap(), role: Role::Owner };
    let sku = MUG.parse().unwrap();
    other.products().change_sku(&owner, &sku, Fen(5900), Fen(6100), "300 毫升").await.unwrap();
    let (status, page) = confirm(&clerk, &page).await;
    assert!(status == 409 && page.contains("还没有导入"), "{status} {page}");
    assert!(page.contains("价格（元）：61.00 → 70.00"), "{page}");
    let price = async || app.shop.products().product_now("mug-celadon").await.unwrap().skus[0].price;
    assert_eq!(price().await, Fen(6100));
    assert_eq!(confirm(&clerk, &page).await, done(1));
    assert_eq!(price().await, Fen(7000));
    // also a change of the stock by staff
    let page = checked(&clerk, format!("货号,价格（元）\n{MUG},71\n")).await;
    other.products().correct_stock(&owner, &sku, StockChange::By(1)).await.unwrap();
    assert_eq!(confirm(&clerk, &page).await.0, 409);
    app.stop().await;
}

async fn a_file_of_ten_thousand_lines_is_imported_and_a_longer_one_refused(database: Database) {
    let app = TestApp::start(database).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let mut file = "货号,商品编号,商品名称,分类,规格,价格（元）,库存\n".to_owned();
    for at in 0..10_000 {
        let product = at / 200;
        file.push_str(&format!(
            "s{at},many-{product},很多规格的商品 {product},测试,第 {at} 种,{at}.50,{at}\n"
        ));
    }
    let page = checked(&clerk, &file).await;
    assert!(page.contains("新增 10000 行") && page.contains("另有 9500 行没有显示"), "{}", &page[..3000]);
    assert_eq!(confirm(&clerk, &page).await, done(10_000));
    assert_eq!(app.stock("s9999").await, 9999);
    assert!(checked(&clerk, &file.replace("库存", "x")).await.contains("不变 10000 行"));
    let (status, page) = preview(&clerk, format!("{file}one-more,,,,,,\n")).await;
    assert!(status == 400 && page.contains("一个文件最多 10000 行"), "{status} {page}");
    let (_, page) = preview(&clerk, "货号,商品编号,规格,价格（元）\nx1,many-0,再一种,1\n").await;
    assert!(page.contains("商品编号：一件商品最多 200 个规格"), "{page}");
    app.stop().await;
}

async fn the_pages_need_the_right_and_are_in_english(database: Database) {
    let app = TestApp::start(database).await;
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(reader.get(PAGE).await.status(), 403);
    assert_eq!(preview(&reader, "SKU\nx\n").await.0, 403);
    let fields: [(&str, &[u8]); 2] = [("version", b"0"), ("lines", b"SKU\nx\n")];
    assert_eq!(upload(&reader, &format!("{PAGE}/import"), &fields).await.0, 403);
    assert_eq!(post(&mut reader, "/console/catalogue/file.csv", &[]).await.0, 403);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    assert!(text(&mut clerk, "/console/catalogue").await.contains(PAGE));
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let file = exported(&mut clerk).await;
    assert!(file.contains("SKU,Product number,Name,") && file.contains(",yes,,\r\n"), "{file}");
    assert!(checked(&clerk, &file).await.contains("nothing to import"));
    let wrong = "SKU,Product number,Name,Category,Option,Price (yuan),Stock at export,Stock,On sale,x\n\
                 mug-celadon-300,tea,a,b,c,x,0,9999999,maybe,\nmug-celadon-300,,,,,,,5,,\n,A B,Cup,,,,,,,\n,,Dish,,,,,,,\n";
    let (_, wrong) = preview(&clerk, wrong).await;
    let right = checked(&clerk, "sku,price (yuan),on sale\nmug-celadon-300,3,no\n").await;
    assert!(right.contains("Import 1 lines") && right.contains("On sale: yes → no"), "{right}");
    for page in [wrong, right, text(&mut clerk, PAGE).await] {
        assert_eq!(chinese(&page), Vec::<String>::new());
    }
    app.stop().await;
}
