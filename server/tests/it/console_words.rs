//! The words of the program in the order's history and in the audit log: no page shows what the database keeps.

use model::Fen;
use shop::{Role, Staff, StockChange};
use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    balance::{form, placed, with_balance},
    console::{chinese, post, signed, text},
    on_both,
    product_files::{checked, confirm},
    purchase_limits::edit,
    shopper::{Shopper, thumb},
};

on_both!(history_and_audit_are_in_the_words_of_staff);

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Words that a Chinese page may have beside numbers: names of people and of files.
const NAMES: [&str; 3] = ["anna", "bert", "ml"];

/// The words of Latin letters in the cells of this column. What has a digit in it is a number of an order, a payment or a
/// parcel.
fn latin(page: &str, column: &str) -> Vec<String> {
    let mark = format!("data-column=\"{column}\"");
    let cells = page.split(&mark).skip(1);
    let texts = cells.map(|cell| cell.split_once('>').unwrap().1.split("</td>").next().unwrap());
    texts
        .flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'))
        .filter(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
        .filter(|word| !NAMES.contains(word))
        .map(str::to_owned)
        .collect()
}

/// The history of an order that staff handed over, refunded and put back; and of one that was shipped.
async fn orders(app: &TestApp, staff: &mut Shopper) -> [String; 2] {
    let mut shopper = with_balance(app, 5_000).await;
    let order = placed(&mut shopper, &form("1", "5000", KEY)).await;
    let number = shopper.pay(&order).await;
    let number = if number.is_empty() { format!("{order}01") } else { number };
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    shopper.post(&format!("/orders/{order}/sheet"), &[("outcome", "ok")]).await;
    let path = format!("/console/orders/{order}");
    let refund = [("fee", "168"), ("reason", "缺货"), ("restock", "1"), ("payment", &*number)];
    let refund_number = format!("{order}R01");
    let fields = [&refund[..], &[("number", &*refund_number)]].concat();
    assert_eq!(post(staff, &format!("{path}/refund"), &fields).await.0, 303);
    app.until_state(&order, "refunded").await;

    let (shipped, number) = shopper.about_to_pay("mug-celadon-300", 1).await;
    thumb(app, &number).await;
    app.until_state(&shipped, "paid").await;
    let path = format!("/console/orders/{shipped}/ship");
    let first = [("carrier", "顺丰速运"), ("tracking_no", "SF1"), ("more", "1")];
    assert_eq!(post(staff, &path, &first).await.0, 303);
    let corrected = [("correct", "1"), ("parcel", "1"), ("carrier", "顺丰速运"), ("tracking_no", "SF2")];
    let (status, to) = post(staff, &path, &corrected).await;
    assert!(status == 303 && to.ends_with("?done=corrected"), "{to}");
    assert!(text(staff, &to).await.contains("物流信息已修改"));
    assert_eq!(post(staff, &format!("/console/orders/{shipped}/finish"), &[]).await.0, 303);
    [order, shipped]
}

async fn catalogue(app: &TestApp, staff: &mut Shopper) {
    let anna = Staff { name: "anna".parse().unwrap(), role: Role::Owner };
    let products = app.shop.products();
    let (mug, sku) = ("mug-celadon".parse().unwrap(), "mug-celadon-300".parse().unwrap());
    products.change_sku(&anna, &sku, Fen(5900), Fen(6100), "300 ml").await.unwrap();
    products.correct_stock(&anna, &sku, StockChange::By(5)).await.unwrap();
    products.put_on_sale(&anna, &mug, false).await.unwrap();
    products.put_on_sale(&anna, &mug, true).await.unwrap();
    let mut edit = edit(&app.shop, None).await;
    edit.sale = Some(["2026-01-01T00:00", "2099-12-01T20:00"].map(str::to_owned));
    products.save_product(&anna, &mug, &edit).await.unwrap();
    let seen = products.product_now("mug-celadon").await.unwrap().version.to_string();
    let limited = [
        ("version", &*seen),
        ("name", "青瓷马克杯"),
        ("category", "杯碗"),
        ("summary", "一句"),
        ("description", "介绍"),
        ("purchase_limit", "2"),
    ];
    let (status, page) = post(staff, "/console/catalogue/mug-celadon/save", &limited).await;
    assert_eq!(status, 303, "{page}");
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90\x77\x53\xde\0\0\0\0IEND\xae\x42\x60\x82";
    products.add_picture(&anna, &mug, picture.to_vec()).await.unwrap();
    let rule = |provinces: &[&str], fee| model::freight::FreightRule {
        provinces: provinces.iter().map(|name| (*name).to_owned()).collect(),
        unit: model::freight::FreightUnit::Piece,
        first_units: 1,
        first_fee: Fen(fee),
        additional_units: 1,
        additional_fee: Fen(200),
        free_from: Some(Fen(9900)),
    };
    let seen_rules = app.shop.store().freight_rules().await.unwrap();
    products
        .replace_freight_rules(&anna, &seen_rules.0, &[rule(&[], 800), rule(&["新疆"], 2000)])
        .await
        .unwrap();
    let file = "货号,商品编号,商品名称,分类,价格（元）,库存,在售\nshirt-1,shirt,衬衫,衣服,99,7,是\n";
    let page = checked(staff, file).await;
    assert_eq!(confirm(staff, &page).await.0, 303);
    post(staff, "/console/catalogue/file.csv", &[]).await;
    post(staff, "/console/orders.csv", &[]).await;
    post(staff, "/console/figures.csv", &[]).await;
    app.shop
        .staff()
        .add(&anna, &"bert".parse().unwrap(), Role::Clerk, "correct horse battery", true)
        .await
        .unwrap();
}

async fn history_and_audit_are_in_the_words_of_staff(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let orders = orders(&app, &mut staff).await;
    catalogue(&app, &mut staff).await;
    let histories = [
        text(&mut staff, &format!("/console/orders/{}", orders[0])).await,
        text(&mut staff, &format!("/console/orders/{}", orders[1])).await,
    ];
    for page in &histories {
        for column in ["event", "source", "detail"] {
            assert_eq!(latin(page, column), Vec::<String>::new(), "{column}: {page}");
        }
    }
    for words in ["其中余额支付 ¥50.00", "微信内支付", "1 件已放回库存", "操作人 anna：缺货，商品退回库存"]
    {
        assert!(histories[0].contains(words), "{words}: {}", histories[0]);
    }
    for words in ["顺丰速运 SF2，操作人 anna", "没有其他包裹，操作人 anna"] {
        assert!(histories[1].contains(words), "{words}: {}", histories[1]);
    }
    let audit = text(&mut staff, "/console/audit").await;
    for column in ["event", "source", "detail"] {
        assert_eq!(latin(&audit, column), Vec::<String>::new(), "{column}: {audit}");
    }
    for words in [
        "命令行",
        "修改物流",
        "每人限购 2 件，原为不限购",
        "2099-12-01 20:00 停售",
        "青瓷马克杯 300 ml：库存增加 5 件",
        "新疆：首 1 件 ¥20.00，续 1 件 ¥2.00，满 ¥99.00 包邮",
        "新增 1 行，修改 0 行",
        "bert，店员",
    ] {
        assert!(audit.contains(words), "{words}: {audit}");
    }
    staff.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let page = text(&mut staff, &format!("/console/orders/{}", orders[0])).await;
    assert!(page.contains("¥50.00 of it from the balance"), "{page}");
    for path in ["/console/audit".to_owned(), format!("/console/orders/{}", orders[1])] {
        let page = text(&mut staff, &path).await;
        let typed = ["新疆", "缺货", "顺丰速运", "青瓷马克杯", "衬衫", "衣服", "杯碗", "一句", "黄铜钢笔"];
        let page = typed.iter().fold(page, |page, word| page.replace(word, ""));
        assert_eq!(chinese(&page), Vec::<String>::new(), "{path}");
    }
    app.stop().await;
}
