//! The delivery cost: what a page shows is what the order costs.

use model::{
    Fen,
    freight::{FreightRule, FreightRules, FreightUnit},
};
use serde_json::json;
use shop::{Role, Staff};
use test_support::Database;

use crate::{
    app::TestApp,
    console::{post, signed, text},
    miniprogram, on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    an_order_costs_what_its_page_showed,
    the_rules_are_on_a_page_of_their_own,
    a_cost_that_the_page_did_not_show_is_shown_first,
    a_rule_that_is_deleted_meanwhile_is_no_surprise,
    an_order_that_goes_elsewhere_costs_something_else,
    the_address_of_a_paid_order_changes_until_it_is_sent,
    a_province_without_a_rule_is_refused,
    the_weight_decides_where_the_rule_counts_grams,
    a_paid_mini_program_order_has_the_cost_of_its_address,
    staff_change_the_rules_in_the_console,
);

const PEN: &str = "pen-brass-f";
const PRICE: i64 = 16_800;

/// The rules of the tests: far away 12 yuan and 3 for each further piece, free everywhere else.
fn rules() -> Vec<FreightRule> {
    vec![
        FreightRule {
            provinces: vec!["新疆".to_owned(), "西藏".to_owned()],
            unit: FreightUnit::Piece,
            first_units: 1,
            first_fee: Fen(1200),
            additional_units: 1,
            additional_fee: Fen(300),
            free_from: Some(Fen(100_000)),
        },
        FreightRule {
            provinces: Vec::new(),
            unit: FreightUnit::Piece,
            first_units: 1,
            first_fee: Fen::ZERO,
            additional_units: 1,
            additional_fee: Fen::ZERO,
            free_from: None,
        },
    ]
}

async fn set_rules(app: &TestApp, rules: &[FreightRule]) {
    let FreightRules(seen) = app.shop.store().freight_rules().await.unwrap();
    app.shop.products().replace_freight_rules(&Staff::at_command_line(), &seen, rules).await.unwrap();
}

async fn start(database: Database) -> TestApp {
    let app = TestApp::start(database).await;
    set_rules(&app, &rules()).await;
    app
}

/// The form of the confirmation with a new address.
fn form<'a>(quantity: &'a str, region: &'a str, freight: &'a [&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("sku", PEN),
        ("quantity", quantity),
        ("to", "new"),
        ("name", "小王"),
        ("phone", "13800000000"),
        ("region", region),
        ("detail", "人民路 1 号"),
    ];
    form.extend(freight.iter().map(|seen| ("freight", *seen)));
    form
}

async fn placed(shopper: &mut Shopper, form: &[(&str, &str)]) -> String {
    let placed = location(&shopper.post("/orders", form).await);
    placed.split('/').nth(2).unwrap().to_owned()
}

/// The amount to pay and the delivery cost in it.
async fn price(app: &TestApp, order: &str) -> (i64, i64) {
    let order = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap();
    (order.total_fee.0, order.freight_fee.0)
}

async fn an_order_costs_what_its_page_showed(database: Database) {
    let app = start(database).await;
    let mut shopper = app.shopper().await;
    let address = [
        ("name", "小王"),
        ("phone", "13800000000"),
        ("region", "新疆维吾尔自治区 喀什地区 喀什市"),
        ("detail", "人民路 1 号"),
    ];
    shopper.post("/addresses", &address).await;
    let page = text(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=2")).await;
    assert!(page.contains("运费 ¥15.00") && page.contains("351.00"), "the sum has the cost in it: {page}");
    let seen = page.split("name=\"freight\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (to, fee) = seen.split_once('*').unwrap();
    assert_eq!(fee, "1500");
    let order =
        placed(&mut shopper, &[("sku", PEN), ("quantity", "2"), ("to", to), ("freight", &seen)]).await;
    assert_eq!(price(&app, &order).await, (2 * PRICE + 1500, 1500));
    // a second tap
    let again =
        placed(&mut shopper, &[("sku", PEN), ("quantity", "2"), ("to", to), ("freight", &seen)]).await;
    assert_eq!(again, order);

    let number = shopper.pay(&order).await;
    assert_eq!(app.at_wechat(&order).await[0]["total_fee"], 2 * PRICE + 1500);
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    for path in [format!("/orders/{order}"), format!("/orders/{order}/receipt")] {
        let page = text(&mut shopper, &path).await;
        for part in ["商品金额", "336.00", "运费", "15.00", "351.00"] {
            assert!(page.contains(part), "{path} has no {part}: {page}");
        }
    }
    let mut owner = signed(&app, "olga", Role::Owner).await;
    let page = text(&mut owner, &format!("/console/orders/{order}")).await;
    assert!(page.contains("商品 ¥336.00 · 运费 ¥15.00"), "{page}");
    let (_, csv) = post(&mut owner, "/console/orders.csv", &[]).await;
    assert!(csv.contains("运费（元）") && csv.contains(",15.00,0.00,0.00,"), "{csv}");
    app.stop().await;
}

async fn the_rules_are_on_a_page_of_their_own(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    set_rules(&app, &[]).await;
    assert!(text(&mut shopper, "/delivery-fees").await.contains("包邮"));
    assert!(!text(&mut shopper, "/products/pen-brass").await.contains("/delivery-fees"));
    set_rules(&app, &rules()).await;
    let page = text(&mut shopper, "/delivery-fees").await;
    assert!(
        page.contains("新疆 西藏") && page.contains("首 1 件 ¥12.00，每续 1 件 ¥3.00，满 ¥1000.00 包邮"),
        "{page}"
    );
    let product = text(&mut shopper, "/products/pen-brass").await;
    assert!(product.contains("/delivery-fees") && product.contains("包邮，部分地区另计"), "{product}");
    // without a rule for everywhere else, the shop says so
    set_rules(&app, &rules()[..1]).await;
    assert!(text(&mut shopper, "/delivery-fees").await.contains("其他地区暂不配送"));
    app.stop().await;
}

async fn a_cost_that_the_page_did_not_show_is_shown_first(database: Database) {
    let app = start(database).await;
    let mut shopper = app.shopper().await;
    let page = text(&mut shopper, &format!("/orders/new?sku={PEN}&quantity=1")).await;
    assert!(page.contains("选择地区后显示") && page.contains("value=\"new*0\""), "{page}");
    let far = "西藏自治区 拉萨市 城关区";
    let refused = shopper.post("/orders", &form("1", far, &["new*0"])).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    for part in ["运费有变化", "运费 ¥12.00", "180.00", "value=\"new*1200\"", "人民路 1 号"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(app.database.count("orders", &[]).await, 0);
    let order = placed(&mut shopper, &form("1", far, &["new*1200"])).await;
    assert_eq!(price(&app, &order).await, (PRICE + 1200, 1200));
    // where the delivery is free, nothing is asked again
    let near = placed(&mut shopper, &form("2", "上海市 徐汇区", &["new*0"])).await;
    assert_eq!(price(&app, &near).await, (2 * PRICE, 0));
    // a program shows no cost, and reads it from the order
    let program = placed(&mut shopper, &form("3", far, &[])).await;
    assert_eq!(price(&app, &program).await, (3 * PRICE + 1800, 1800));
    // six pieces cost more than the sum from which the delivery is free
    let free = placed(&mut shopper, &form("6", far, &["new*0"])).await;
    assert_eq!(price(&app, &free).await, (6 * PRICE, 0));
    app.stop().await;
}

async fn a_rule_that_is_deleted_meanwhile_is_no_surprise(database: Database) {
    let app = start(database).await;
    let mut shopper = app.shopper().await;
    let far = "新疆维吾尔自治区 乌鲁木齐市";
    set_rules(&app, &[]).await;
    let refused = shopper.post("/orders", &form("1", far, &["new*1200"])).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("运费有变化"));
    let order = placed(&mut shopper, &form("1", far, &[])).await;
    assert_eq!(price(&app, &order).await, (PRICE, 0));
    // an order keeps the cost that it was placed with
    set_rules(&app, &rules()).await;
    assert_eq!(price(&app, &order).await, (PRICE, 0));
    app.stop().await;
}

async fn an_order_that_goes_elsewhere_costs_something_else(database: Database) {
    let app = start(database).await;
    let mut shopper = app.shopper().await;
    let order = shopper.order(PEN, 1).await;
    assert_eq!(price(&app, &order).await, (PRICE, 0));
    let path = format!("/orders/{order}/delivery");
    let go = |region| form("1", region, &[]);
    let (far, near) = ("新疆维吾尔自治区 喀什地区", "上海市 徐汇区");
    assert_eq!(shopper.post(&path, &go(far)).await.status(), 303);
    assert_eq!(price(&app, &order).await, (PRICE + 1200, 1200));
    let page = text(&mut shopper, &format!("/orders/{order}/confirm")).await;
    assert!(page.contains("180.00") && page.contains("12.00"), "{page}");
    let pickup = [("to", "pickup"), ("pickup_name", "小王"), ("pickup_phone", "13800000000")];
    assert_eq!(shopper.post(&path, &pickup).await.status(), 303);
    assert_eq!(price(&app, &order).await, (PRICE, 0));
    assert_eq!(shopper.post(&path, &go(far)).await.status(), 303);

    // the payment has asked WeChat for the amount
    let number = shopper.pay(&order).await;
    let refused = shopper.post(&path, &go(near)).await;
    assert_eq!(refused.status(), 409);
    assert!(refused.text().await.unwrap().contains("请取消订单后重新下单"));
    assert_eq!(price(&app, &order).await, (PRICE + 1200, 1200));
    assert_eq!(shopper.post(&path, &go("西藏自治区 拉萨市")).await.status(), 303, "the same cost");
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert_eq!(app.at_wechat(&order).await[0]["total_fee"], PRICE + 1200);
    app.stop().await;
}

async fn a_province_without_a_rule_is_refused(database: Database) {
    let app = start(database).await;
    let near = FreightRule { provinces: vec!["上海".to_owned()], ..rules()[1].clone() };
    set_rules(&app, &[near]).await;
    let mut shopper = app.shopper().await;
    let refused = shopper.post("/orders", &form("1", "新疆维吾尔自治区 喀什地区", &[])).await;
    assert_eq!(refused.status(), 400);
    let page = refused.text().await.unwrap();
    assert!(page.contains("暂不配送到这个地区") && page.contains("人民路 1 号"), "{page}");
    assert_eq!(app.database.count("orders", &[]).await, 0);
    let pickup = [
        ("sku", PEN),
        ("quantity", "1"),
        ("to", "pickup"),
        ("pickup_name", "小王"),
        ("pickup_phone", "13800000000"),
    ];
    let order = placed(&mut shopper, &pickup).await;
    assert_eq!(price(&app, &order).await, (PRICE, 0));
    placed(&mut shopper, &form("1", "上海市 徐汇区", &[])).await;
    app.stop().await;
}

async fn the_weight_decides_where_the_rule_counts_grams(database: Database) {
    let app = start(database).await;
    let by_weight = FreightRule {
        unit: FreightUnit::Gram,
        first_units: 1000,
        first_fee: Fen(800),
        additional_units: 500,
        additional_fee: Fen(250),
        ..rules()[1].clone()
    };
    set_rules(&app, &[by_weight]).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, "/console/catalogue/pen-brass").await;
    let of = |name: &str| -> Vec<String> {
        let begin = format!("name=\"{name}\"");
        let fields = page.split(&begin).skip(1);
        fields
            .map(|rest| rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
            .collect()
    };
    let mut fields: Vec<(&str, String)> = Vec::new();
    for name in ["version", "name", "category", "summary"] {
        fields.push((name, of(name).remove(0)));
    }
    fields.push(("description", "铜笔".to_owned()));
    for name in ["sku", "price_seen", "stock_seen", "spec", "price", "stock"] {
        fields.extend(of(name).into_iter().map(|value| (name, value)));
    }
    for weight in of("weight") {
        assert_eq!(weight, "0");
        fields.push(("weight", "700".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = post(&mut clerk, "/console/catalogue/pen-brass/save", &fields).await;
    assert_eq!(saved.0, 303, "{saved:?}");
    let mut shopper = app.shopper().await;
    let order = placed(&mut shopper, &form("2", "上海市 徐汇区", &[])).await;
    // 1,400 g: the first kilogram and a begun half
    assert_eq!(price(&app, &order).await, (2 * PRICE + 1050, 1050));
    app.stop().await;
}

async fn a_paid_mini_program_order_has_the_cost_of_its_address(database: Database) {
    let app = start(database).await;
    let token = miniprogram::log_in(&app).await;
    let items = json!([{ "sku": PEN, "quantity": 1 }]);
    let region = "西藏自治区 拉萨市 城关区";
    let body = json!({ "items": items, "region": region });
    let (_, asked) = miniprogram::post(&app, "price", &token, body).await;
    assert_eq!(asked["data"]["total_fee"], PRICE + 1200, "{asked}");
    let address =
        json!({ "name": "小王", "phone": "13800000000", "region": region, "detail": "人民路 1 号" });
    let body = json!({ "items": items, "address": address, "note": "放门口" });
    let (status, paying) = miniprogram::post(&app, "pay", &token, body).await;
    assert_eq!(status, 200, "{paying}");
    assert_eq!(
        (&paying["data"]["total_fee"], &paying["data"]["freight_fee"]),
        (&json!(PRICE + 1200), &json!(1200))
    );
    let order = paying["data"]["order"].as_str().unwrap();
    thumb(&app, paying["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(order, "paid").await;
    let delivery = app.shop.store().delivery(&order.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (delivery.address.as_str(), delivery.note.as_str()),
        ("西藏自治区 拉萨市 城关区 人民路 1 号", "放门口")
    );
    let bad = json!({ "items": items, "address": { "name": "", "phone": "1", "region": "", "detail": "" } });
    assert_eq!(miniprogram::post(&app, "pay", &token, bad).await.0, 400);
    app.stop().await;
}

async fn staff_change_the_rules_in_the_console(database: Database) {
    let app = start(database).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let page = text(&mut clerk, "/console/freight").await;
    assert!(page.contains("value=\"新疆、西藏\"") && page.contains("value=\"1000.00\""), "{page}");
    let seen: Vec<String> = page
        .split("id=\"delete-1\"")
        .next()
        .unwrap()
        .split("name=\"seen\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let rule = |provinces: &'static str, first_fee: &'static str| {
        [
            ("provinces", provinces),
            ("unit", "piece"),
            ("first_units", "1"),
            ("first_fee", first_fee),
            ("additional_units", "1"),
            ("additional_fee", "0"),
            ("free_from", ""),
        ]
    };
    let send = |rules: &[[(&'static str, &'static str); 7]]| {
        let mut form: Vec<(&str, String)> = seen.iter().map(|rule| ("seen", rule.clone())).collect();
        form.extend(rules.iter().flatten().map(|(name, value)| (*name, (*value).to_owned())));
        form
    };
    let wrong = send(&[rule("海南省，青海", "6.50"), rule("火星", "1")]);
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (status, page) = post(&mut clerk, "/console/freight", &wrong).await;
    assert!(status == 400 && page.contains("请填写省份") && page.contains("value=\"火星\""), "{page}");
    assert_eq!(app.shop.store().freight_rules().await.unwrap().0, rules(), "nothing is saved");

    let right = send(&[rule("海南省，青海", "6.50"), rule("", "0"), rule("", "")].map(|mut rule| {
        if rule[0].1.is_empty() && rule[3].1.is_empty() {
            // the empty row at the end of the page
            for field in &mut rule[2..] {
                field.1 = "";
            }
        }
        rule
    }));
    let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        post(&mut clerk, "/console/freight", &right).await,
        (303, "/console/freight?done=saved".to_owned())
    );
    let FreightRules(now) = app.shop.store().freight_rules().await.unwrap();
    assert_eq!(
        (now.len(), now[0].provinces.join(" "), now[0].first_fee),
        (2, "海南 青海".to_owned(), Fen(650))
    );
    // the rules in words
    let page = text(&mut clerk, "/console/freight").await;
    assert!(page.contains("结果：海南、青海 6.50 元；其他地区 免运费"), "{page}");
    // a page that was opened before the save
    let (status, page) = post(&mut clerk, "/console/freight", &wrong[..wrong.len() - 7]).await;
    assert!(status == 409 && page.contains("已被他人修改") && page.contains("海南省，青海"), "{page}");
    let mut reader = signed(&app, "bert", Role::Reader).await;
    assert_eq!(post(&mut reader, "/console/freight", &[]).await.0, 403);
    // a rule has a button that deletes it
    let fields = deletion(&text(&mut clerk, "/console/freight").await);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(post(&mut reader, "/console/freight/delete", &fields).await.0, 403);
    assert_eq!(post(&mut clerk, "/console/freight/delete", &fields).await.0, 303);
    assert_eq!(app.shop.store().freight_rules().await.unwrap().0, [now[1].clone()]);
    assert_eq!(post(&mut clerk, "/console/freight/delete", &fields).await.0, 409, "another person saved");
    assert!(text(&mut clerk, "/console/freight").await.contains("结果：全国 免运费"));
    let mut owner = signed(&app, "olga", Role::Owner).await;
    assert!(text(&mut owner, "/console/audit").await.contains("修改运费"));
    app.stop().await;
}

/// The fields of the form that deletes the first rule.
fn deletion(page: &str) -> Vec<(String, String)> {
    let form = page.split("id=\"delete-1\"").nth(1).unwrap().split("</form>").next().unwrap();
    let fields = form.split("name=\"").skip(1).map(|field| {
        let (name, rest) = field.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    });
    fields.collect()
}

async fn the_address_of_a_paid_order_changes_until_it_is_sent(database: Database) {
    let app = start(database).await;
    let mut shopper = app.shopper().await;
    let order = placed(&mut shopper, &form("1", "上海市 徐汇区", &[])).await;
    let (page, path) = (format!("/orders/{order}"), format!("/orders/{order}/address"));
    let address = |name: &'static str, region: &'static str| {
        [
            ("to", "new"),
            ("name", name),
            ("phone", "13800000000"),
            ("region", region),
            ("detail", "人民路 2 号"),
        ]
    };
    // an unpaid order has its own form
    assert_eq!(post(&mut shopper, &path, &address("小李", "上海市 静安区")).await.0, 409);
    let number = shopper.pay(&order).await;
    thumb(&app, &number).await;
    app.until_state(&order, "paid").await;
    assert!(text(&mut shopper, &page).await.contains(&format!("href=\"{path}\"")));
    let choice = text(&mut shopper, &path).await;
    assert!(choice.contains("修改地址") && !choice.contains("name=\"pickup_name\""), "{choice}");
    // what costs something else is refused, and what was typed stays
    let (status, refused) = post(&mut shopper, &path, &address("小李", "西藏自治区 拉萨市")).await;
    assert!(status == 409 && refused.contains("新地址的运费不同") && refused.contains("拉萨市"), "{refused}");
    let (status, refused) = post(&mut shopper, &path, &address("", "上海市 静安区")).await;
    assert!(status == 400 && refused.contains("aria-invalid"), "{refused}");
    assert_eq!(post(&mut shopper, &path, &[("to", "pickup"), ("pickup_name", "小李")]).await.0, 400);
    let id = order.parse().unwrap();
    let changed = async || app.shop.store().delivery(&id).await.unwrap().unwrap().address;
    assert_eq!(changed().await, "上海市 徐汇区 人民路 1 号");
    // somebody else's order is not found
    let mut other = app.shopper().await;
    assert_eq!(post(&mut other, &path, &address("小李", "上海市 静安区")).await.0, 404);
    for _ in 0..2 {
        assert_eq!(post(&mut shopper, &path, &address("小李", "上海市 静安区")).await.0, 303);
    }
    assert_eq!(changed().await, "上海市 静安区 人民路 2 号");
    // the wrong address is corrected in the list, too, and the form begins with what the order has
    let saved = app.shop.checkout().addresses(&shopper.openid.parse().unwrap()).await.unwrap();
    let saved: Vec<String> = saved.iter().map(|address| address.recipient.address()).collect();
    assert_eq!(saved, ["上海市 静安区 人民路 2 号"]);
    assert!(text(&mut shopper, &path).await.contains("value=\"人民路 2 号\""));
    assert!(text(&mut shopper, &format!("{page}?done=address")).await.contains("地址已保存"));
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let seen = text(&mut staff, &format!("/console/orders/{order}")).await;
    assert_eq!(seen.matches("付款后修改了地址").count(), 1, "the second form changed nothing: {seen}");
    assert!(seen.contains("小李") && seen.contains("修改了地址"), "{seen}");
    assert!(text(&mut staff, "/console/packing").await.contains("修改了地址"));
    let parcel = [("carrier", "顺丰速运"), ("tracking_no", "SF1")];
    assert_eq!(post(&mut staff, &format!("/console/orders/{order}/ship"), &parcel).await.0, 303);
    let (status, refused) = post(&mut shopper, &path, &address("小王", "上海市 徐汇区")).await;
    assert!(status == 409 && refused.contains("订单已发货"), "{refused}");
    assert!(!text(&mut shopper, &page).await.contains(&format!("href=\"{path}\"")));
    assert_eq!(changed().await, "上海市 静安区 人民路 2 号");
    app.stop().await;
}
