//! The figures of a period by product, the comparison of two periods, and the movements of money for accounting.

use model::{Fen, figures::Period};
use serde_json::json;
use shop::{AfterSaleForm, AfterSaleRefund, Role};
use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    console::{chinese, post, signed, text},
    deliveries::owner,
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    the_figures_of_products_add_up_to_the_sum_of_the_period,
    a_refund_of_an_after_sale_belongs_to_its_product,
    the_dashboard_compares_a_period_with_the_one_before,
    each_figure_stands_beside_that_of_the_period_before,
    a_count_of_paid_orders_means_the_same_everywhere,
    the_movements_of_money_are_what_the_books_have,
    pages_of_movements_are_complete_and_in_their_order,
    only_who_may_export_gets_the_files,
);

const PEN: &str = "pen-brass-f";
const MUG: &str = "mug-celadon-300";
const STICKER: &str = "test-sticker-1";
const ALL: &str = "from=2000-01-01&to=2999-12-31";

/// Places an order with the confirmation's form and pays it.
async fn bought(app: &TestApp, shopper: &mut Shopper, form: &[(&str, &str)]) -> String {
    let placed = shopper.post("/orders", form).await;
    assert_eq!(placed.status(), 303, "{}", placed.text().await.unwrap());
    let order = location(&placed).split('/').nth(2).unwrap().to_owned();
    paid(app, shopper, &order).await;
    order
}

async fn paid(app: &TestApp, shopper: &mut Shopper, order: &str) {
    let number = shopper.pay(order).await;
    thumb(app, &number).await;
    app.until_state(order, "paid").await;
}

const FAR: [(&str, &str); 5] = [
    ("to", "new"),
    ("name", "小王"),
    ("phone", "13800000000"),
    ("region", "新疆维吾尔自治区 喀什地区 喀什市"),
    ("detail", "人民路 1 号"),
];

async fn refund(app: &TestApp, order: &str, fee: i64, state: &str) {
    assert_eq!(app.refund(order, json!({ "refund_fee": fee, "reason": "x" })).await.0, 200);
    app.until_state(order, state).await;
}

async fn top_up(app: &TestApp, shopper: &mut Shopper, fen: i64) {
    let answer = shopper.post("/api/wechat/pay/payWallet", &[("money", &fen.to_string())]).await;
    let answer: serde_json::Value = answer.json().await.unwrap();
    let number = answer["data"]["out_trade_no"].as_str().unwrap().to_owned();
    thumb(app, &number).await;
    app.until_state(&number[..number.len() - 2], "paid").await;
}

/// Orders with delivery cost, a reduction, refunds of both kinds, a second payment, a top-up, and a payment by balance.
async fn trade(app: &TestApp) {
    let mut shopper = app.shopper().await;
    let mut far = FAR.to_vec();
    far.extend([("sku", PEN), ("quantity", "1")]);
    let order = bought(app, &mut shopper, &far).await;
    assert_eq!(app.database.number("orders", "freight_fee", &[("id", &order)]).await, 1200);
    // delivery cost that is refunded with everything
    let mut other = app.shopper().await;
    let order = bought(app, &mut other, &far).await;
    refund(app, &order, 18_000, "refunded").await;
    // a reduction, spread over two lines
    for sku in [MUG, STICKER] {
        other.post("/cart", &[("sku", sku), ("quantity", "2")]).await;
    }
    let cart = [("sku", "mug-celadon-300*5900*2"), ("sku", "test-sticker-1*1*2")];
    let placed = location(&other.post("/cart/order", &cart).await);
    let order = placed.split('/').nth(2).unwrap().to_owned();
    app.database.set("orders", "reduction_fee", 101, &[("id", &order)]).await;
    app.database.set("orders", "total_fee", 11_802 - 101 + 2_100, &[("id", &order)]).await;
    app.database.set("order_items", "reduction", 100, &[("order_id", &order), ("sku", MUG)]).await;
    app.database.set("order_items", "reduction", 1, &[("order_id", &order), ("sku", STICKER)]).await;
    paid(app, &mut other, &order).await;
    refund(app, &order, 333, "partly_refunded").await;
    // a payment that the order does not need
    let mut third = app.shopper().await;
    let (order, first) = third.about_to_pay(MUG, 1).await;
    app.database.set("attempts", "state", "closed", &[("out_trade_no", &first)]).await;
    let second = third.pay(&order).await;
    thumb(app, &second).await;
    app.until_state(&order, "paid").await;
    thumb(app, &first).await;
    app.until("the second payment is refunded", async || {
        app.wait(30).await;
        app.database.count("refunds", &[("out_trade_no", &first), ("state", "success")]).await == 1
    })
    .await;
    // a balance pays a part
    top_up(app, &mut third, 5_000).await;
    let mut form = vec![("sku", PEN), ("quantity", "1"), ("to", "pickup"), ("pickup_name", "小王")];
    form.extend([
        ("pickup_phone", "13800000000"),
        ("balance", "5000"),
        ("key", "0123456789abcdef0123456789abcdef"),
    ]);
    let order = bought(app, &mut third, &form).await;
    refund(app, &order, 1_000, "partly_refunded").await;
    // a balance that an order takes and gives back
    form.retain(|(name, _)| !["key", "balance"].contains(name));
    form.extend([("balance", "298"), ("key", "f123456789abcdef0123456789abcdef")]);
    let placed = location(&third.post("/orders", &form).await);
    let order = placed.split('/').nth(2).unwrap().to_owned();
    third.post(&format!("/orders/{order}/cancel"), &[]).await;
}

async fn the_figures_of_products_add_up_to_the_sum_of_the_period(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    trade(&app).await;
    let days = app.shop.admin().days("2000-01-01", "2999-12-31").unwrap();
    let figures = app.shop.admin().figures(&days).await.unwrap();
    let of = |id: &str| {
        let found =
            figures.products.iter().find(|row| row.product.as_ref().is_some_and(|own| own.as_str() == id));
        let row = found.unwrap();
        (row.pieces, row.amounts.paid.0, row.amounts.refunded.0)
    };
    assert_eq!(of("pen-brass"), (3, 3 * 16_800, 16_800));
    assert_eq!(of("mug-celadon"), (3, 3 * 5900 - 100, 0));
    assert_eq!(of("test-sticker"), (2, 1, 0));
    assert_eq!((figures.freight.paid, figures.freight.refunded), (Fen(4500), Fen(1200)));
    assert_eq!(figures.partial_refunds, Fen(333 + 1_000));
    assert_eq!((figures.surplus.paid, figures.surplus.refunded), (Fen(5900), Fen(5900)));
    assert_eq!(figures.orders, 5);
    // to the fen
    let sum = |part: fn(&model::figures::Amounts) -> Fen| {
        figures.products.iter().map(|row| part(&row.amounts)).sum::<Fen>().0
            + part(&figures.freight).0
            + part(&figures.surplus).0
    };
    assert_eq!(sum(|amounts| amounts.paid), figures.total.paid.0);
    assert_eq!(sum(|amounts| amounts.refunded) + figures.partial_refunds.0, figures.total.refunded.0);
    // top-ups are no sales: the dashboard says the same
    let dashboard = app.shop.admin().dashboard().await.unwrap();
    let turnover: Fen = dashboard.days.iter().map(|day| day.turnover).sum();
    assert_eq!(turnover, figures.total.net());
    let before = app.shop.admin().days("2000-01-01", "2000-12-31").unwrap();
    assert_eq!(app.shop.admin().figures(&before).await.unwrap(), model::figures::Figures::default());

    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let total = figures.total.net();
    let (shown, total) = (total.with_separators(), total.to_string());
    let page = text(&mut clerk, &format!("/console/figures?{ALL}")).await;
    let usual = ["今天", "近 7 天", "本月", "上月", "成交额＝支付金额−退款"];
    for words in ["黄铜钢笔", "运费", "未关联商品的退款", "多付的款", "合计", &shown].into_iter().chain(usual)
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("净额"), "{page}");
    let csv = clerk.post(&format!("/console/figures.csv?{ALL}"), &[]).await.text().await.unwrap();
    let last: Vec<&str> = csv.lines().last().unwrap().split(',').collect();
    assert_eq!(
        last,
        ["合计", "8", &figures.total.paid.to_string(), &figures.total.refunded.to_string(), &total]
    );
    assert_eq!(csv.lines().count(), 1 + 3 + 3 + 1, "{csv}");
    assert_eq!(app.database.count("audit", &[("what", "export"), ("who", "anna")]).await, 1);
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let page = text(&mut clerk, &format!("/console/figures?{ALL}")).await;
    assert!(page.contains("Partial refunds") && chinese(&page).is_empty(), "{:?}", chinese(&page));
    let csv = clerk.post(&format!("/console/figures.csv?{ALL}"), &[]).await.text().await.unwrap();
    assert!(csv.contains("Delivery cost") && csv.contains("Sales (yuan)"), "{csv}");
    app.stop().await;
}

async fn a_refund_of_an_after_sale_belongs_to_its_product(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    for sku in [MUG, PEN] {
        shopper.post("/cart", &[("sku", sku), ("quantity", "2")]).await;
    }
    let cart = [("sku", "mug-celadon-300*5900*2"), ("sku", "pen-brass-f*16800*2")];
    let placed = location(&shopper.post("/cart/order", &cart).await);
    let order = placed.split('/').nth(2).unwrap().to_owned();
    paid(&app, &mut shopper, &order).await;
    let (id, who) = (order.parse().unwrap(), shopper.openid.parse().unwrap());
    let items = app.shop.store().items(&id).await.unwrap();
    let line = |sku: &str| (items.iter().find(|item| item.sku.as_str() == sku).unwrap().position, 1);
    // one piece as asked for, one for less, and one of each for less
    let (mug, pen) = (line(MUG), line(PEN));
    for (lines, fee) in [(vec![mug], None), (vec![pen], Some(Fen(1_000))), (vec![mug, pen], Some(Fen(1_001)))]
    {
        let form = AfterSaleForm { lines, ..AfterSaleForm::whole("坏了") };
        let asked = app.shop.after_sales().apply(&who, &id, form).await.unwrap();
        let refund = AfterSaleRefund { fee, ..AfterSaleRefund::default() };
        app.shop.after_sales().refund(&owner(), &asked, refund).await.unwrap();
        app.control("clock", json!({ "advance_s": 90 })).await;
    }
    app.until("all refunds have ended", async || {
        app.database.count("refunds", &[("state", "success")]).await == 3
    })
    .await;
    let days = app.shop.admin().days("2000-01-01", "2999-12-31").unwrap();
    let figures = app.shop.admin().figures(&days).await.unwrap();
    let back: Vec<_> = figures.products.iter().map(|row| row.amounts.refunded.0).collect();
    // the last refund is spread by 16,800 and 5,900
    assert_eq!(back, [1_000 + 741, 5_900 + 260], "the pen sold for more");
    assert_eq!((figures.partial_refunds, figures.total.refunded), (Fen::ZERO, Fen(7_901)));
    app.stop().await;
}

async fn the_dashboard_compares_a_period_with_the_one_before(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    assert!(text(&mut owner, "/console").await.contains("暂无上期数据"));
    let (order, _) = app.paid(MUG).await;
    // as if it had been paid eight days ago
    let now_ms = shop::Clock::now_ms(&app.clock);
    app.database.set("attempts", "paid_ms", now_ms - 8 * 86_400_000, &[("order_id", &order)]).await;
    app.paid(PEN).await;
    app.clock.advance(61);
    let compared = app.shop.admin().comparison(Period::SevenDays).await.unwrap();
    assert_eq!((compared.now.net(), compared.before.net()), (Fen(16_800), Fen(5900)));
    assert_eq!((compared.now.orders, compared.before.orders), (1, 1));
    let page = text(&mut owner, "/console?period=7d").await;
    for words in ["比前 7 天", "上期 ¥59.00，+¥109.00（+184.7%）", "上期 1，+0（+0.0%）"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    owner.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    for period in ["today", "7d", "30d", "month", "other"] {
        let page = text(&mut owner, &format!("/console?period={period}")).await;
        assert_eq!(chinese(&page), Vec::<String>::new(), "{period}");
    }
    app.stop().await;
}

async fn each_figure_stands_beside_that_of_the_period_before(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    let (order, _) = app.paid(MUG).await;
    let (gone, _) = app.paid(STICKER).await;
    app.paid(MUG).await;
    app.paid(MUG).await;
    let now_ms = shop::Clock::now_ms(&app.clock);
    for old in [&order, &gone] {
        app.database.set("attempts", "paid_ms", now_ms - 8 * 86_400_000, &[("order_id", old)]).await;
    }
    let day = |days: i64| day_of(now_ms - days * 86_400_000);
    let page = text(&mut owner, &format!("/console/figures?from={}&to={}", day(6), day(0))).await;
    for words in [
        &*format!("上期为 {} 至 {}", day(13), day(7)),
        // the sums
        "上期 2，+0（+0.0%）",
        // the mug: its pieces and its amount doubled
        "上期 1（+100.0%）",
        "上期 59.00（+100.0%）",
        // a product that was sold before and not now
        "上期 1（−100.0%）",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // without anything before there is no percentage
    let page = text(&mut owner, &format!("/console/figures?from={}&to={}", day(13), day(7))).await;
    assert!(page.contains("暂无上期数据") && page.contains("上期 0") && !page.contains('%'), "{page}");
    owner.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let page = text(&mut owner, &format!("/console/figures?from={}&to={}", day(6), day(0))).await;
    assert!(page.contains("before: 1 (+100.0%)"), "{page}");
    app.stop().await;
}

async fn a_count_of_paid_orders_means_the_same_everywhere(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let mut owner = signed(&app, "anna", Role::Owner).await;
    let (old, _) = app.paid(MUG).await;
    app.paid(MUG).await;
    let mut shopper = app.shopper().await;
    top_up(&app, &mut shopper, 10_000).await;
    // placed today, and paid on an earlier day as the books see it: the day of the payment counts
    let now_ms = shop::Clock::now_ms(&app.clock);
    app.database.set("attempts", "paid_ms", now_ms - 86_400_000, &[("order_id", &old)]).await;
    app.clock.advance(61);
    let dashboard = app.shop.admin().dashboard().await.unwrap();
    let today = dashboard.days.last().unwrap();
    assert_eq!((today.paid_orders, today.placed, today.paid), (1, 2, 2), "a top-up is no order of goods");
    assert_eq!(dashboard.states.values().sum::<i64>(), 2);
    let compared = app.shop.admin().comparison(Period::Today).await.unwrap();
    let days = app.shop.admin().days(&day_of(now_ms), &day_of(now_ms)).unwrap();
    let figures = app.shop.admin().figures(&days).await.unwrap();
    assert_eq!((compared.now.orders, figures.orders), (1, 1));
    for path in ["/console", "/console/figures"] {
        let page = text(&mut owner, path).await;
        assert!(page.contains("支付订单数（不含充值）"), "{path}: {page}");
    }
    app.stop().await;
}

fn day_of(ms: i64) -> String {
    shop::shanghai(ms).strftime("%F").to_string()
}

/// The rows of a file, each as its cells. No cell of the tests has a comma.
fn cells(csv: &str) -> Vec<Vec<String>> {
    csv.lines()
        .map(|line| line.split(',').map(|cell| cell.trim_matches(['"', '\t']).to_owned()).collect())
        .collect()
}

fn fen(yuan: &str) -> i64 {
    let amount = Fen::parse_yuan(yuan.trim_start_matches('-')).unwrap_or(Fen::ZERO).0;
    if yuan.starts_with('-') { -amount } else { amount }
}

async fn the_movements_of_money_are_what_the_books_have(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    trade(&app).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let answer = clerk.post(&format!("/console/money.csv?{ALL}"), &[]).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = answer.text().await.unwrap();
    let rows = cells(&csv);
    let (opening, closing) = (&rows[1], rows.last().unwrap());
    assert_eq!((&*opening[1], &*opening[7], &*opening[8]), ("期初", "0.00", "0.00"));
    let moves = &rows[2..rows.len() - 1];
    let sum = |column: usize| moves.iter().map(|row| fen(&row[column])).sum::<i64>();
    assert_eq!((&*closing[1], fen(&closing[7]), fen(&closing[8])), ("期末", sum(7), sum(8)), "{csv}");
    // the books
    let (attempts, refunds) = ("attempts", "refunds");
    let sum_of =
        async |table, column: &str, state: &str| app.database.sum(table, column, &[("state", state)]).await;
    let paid = sum_of(attempts, "total_fee", "paid").await - sum_of(attempts, "balance_fee", "paid").await;
    let back =
        sum_of(refunds, "refund_fee", "success").await - sum_of(refunds, "balance_fee", "success").await;
    assert_eq!(sum(7), paid - back, "{csv}");
    assert_eq!(sum(8), app.database.sum("wallets", "balance", &[]).await, "{csv}");
    // and what WeChat has
    let ledger = app.ledger().await;
    let at_wechat: i64 = ledger["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refund| refund["refund_fee"].as_i64().unwrap())
        .sum();
    assert_eq!(at_wechat, back);
    let count = |kind: &str| moves.iter().filter(|row| row[1] == kind).count();
    let counts =
        ["微信支付", "充值付款", "充值入余额", "余额支付", "退款到微信", "退款到余额", "订单关闭退回余额"]
            .map(count);
    assert_eq!(counts, [6, 1, 1, 2, 4, 1, 1], "{csv}");
    let payment = moves.iter().find(|row| row[1] == "微信支付").unwrap();
    assert!(
        payment[2].len() == 24 && payment[3].starts_with(&*payment[2]) && !payment[5].is_empty(),
        "{csv}"
    );
    let refund = moves.iter().find(|row| row[1] == "退款到微信").unwrap();
    assert!(
        !refund[4].is_empty() && !refund[5].is_empty() && !refund[6].is_empty() && refund[7].starts_with('-')
    );

    // the next days begin with what these end with
    let later =
        clerk.post("/console/money.csv?from=3000-01-01&to=3000-01-02", &[]).await.text().await.unwrap();
    let later = cells(&later);
    assert_eq!((later.len(), &later[1][7..], &later[2][7..]), (3, &closing[7..], &closing[7..]));
    app.stop().await;
}

async fn pages_of_movements_are_complete_and_in_their_order(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    trade(&app).await;
    let store = app.shop.store();
    let whole = store.money_moves(0, i64::MAX, None, 500).await.unwrap();
    assert_eq!(whole.len(), 16);
    assert!(whole.iter().is_sorted_by_key(|moved| moved.at_ms));
    for limit in [1, 2, 3, 7] {
        let mut read = Vec::new();
        let mut after: Option<(i64, String)> = None;
        loop {
            let last = after.as_ref().map(|(at_ms, key)| (*at_ms, key.as_str()));
            let page = store.money_moves(0, i64::MAX, last, limit).await.unwrap();
            let Some(end) = page.last() else { break };
            after = Some((end.at_ms, end.key.clone()));
            read.extend(page);
        }
        assert_eq!(read, whole, "{limit}");
    }
    app.stop().await;
}

async fn only_who_may_export_gets_the_files(database: Database) {
    let app = TestApp::start(database).await;
    let mut reader = signed(&app, "rita", Role::Reader).await;
    let page = text(&mut reader, "/console/figures").await;
    assert!(page.contains("合计") && !page.contains(".csv"), "{page}");
    for path in ["/console/figures.csv", "/console/money.csv"] {
        assert_eq!(post(&mut reader, path, &[]).await.0, 403, "{path}");
    }
    assert_eq!(app.database.count("audit", &[("what", "export")]).await, 0);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    for query in ["from=2026-13-01", "from=x", "from=2026-02-02&to=2026-02-01", "from=-9999-01-01"] {
        assert_eq!(clerk.get(&format!("/console/figures?{query}")).await.status(), 400, "{query}");
        assert_eq!(post(&mut clerk, &format!("/console/money.csv?{query}"), &[]).await.0, 400, "{query}");
    }
    assert_eq!(clerk.post("/console/money.csv", &[]).await.status(), 200);
    let audit = app.shop.store().audit_page(None, 10).await.unwrap();
    let row = audit.iter().find(|row| row.what.as_str() == "export").unwrap();
    assert!(row.who == "anna" && row.detail.starts_with("money 20") && row.detail.contains(" – "), "{row:?}");
    app.stop().await;
}
