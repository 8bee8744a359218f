//! Shipping in batches: the waiting orders, what staff print, and the import of tracking numbers.

use shop::Role;

use test_support::Database;

use crate::{
    app::TestApp,
    console::{chinese, post, signed, text},
    deliveries::{paid_order, ship},
    on_both,
    shopper::{Shopper, location, thumb},
};

const MUG: &str = "mug-celadon-300";

on_both!(
    delivery_notes_and_a_pick_list_are_printed_of_chosen_orders,
    the_exported_file_is_filled_in_and_imported_once,
    typed_tracking_numbers_are_checked_and_shipped_together,
    staff_correct_the_address_of_an_order_that_waits,
    each_wrong_line_is_named_with_its_column,
    a_carrier_is_checked_at_wechat_where_it_must_be,
    the_pages_need_the_right_and_are_in_english,
    a_shopper_sees_the_parcels_of_the_own_order,
);

/// A paid order that goes to an address of this recipient.
pub(crate) async fn sent_to(
    app: &TestApp,
    shopper: &mut Shopper,
    name: &str,
    pieces: u32,
    note: &str,
) -> String {
    let order = shopper.order(MUG, pieces).await;
    let home = [
        ("to", "new"),
        ("name", name),
        ("phone", "13800001234"),
        ("region", "上海市 徐汇区"),
        ("detail", "衡山路 1 号"),
        ("note", note),
    ];
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &home).await.status(), 303);
    let number = shopper.pay(&order).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    order
}

async fn new_order(app: &TestApp, name: &str) -> String {
    let mut shopper = app.shopper().await;
    sent_to(app, &mut shopper, name, 1, "").await
}

/// Uploads a file to the preview; the status and the page.
async fn preview(browser: &Shopper, file: impl AsRef<[u8]>) -> (u16, String) {
    browser.post_files("/console/packing/preview", &[], &[("file", "a.csv", file.as_ref())]).await
}

/// The lines that the preview offers to ship.
fn ready(page: &str) -> Vec<String> {
    page.split("name=\"line\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

async fn ship_lines(browser: &mut Shopper, lines: &[String]) -> String {
    let form: Vec<(&str, &str)> = lines.iter().map(|line| ("line", line.as_str())).collect();
    let (status, page) = post(browser, "/console/packing/ship", &form).await;
    assert_eq!(status, 200, "{page}");
    page
}

/// The tracking numbers that the shop has of an order.
async fn parcels(app: &TestApp, order: &str) -> Vec<String> {
    let shipment = app.shop.store().shipment(&order.parse().unwrap()).await.unwrap();
    shipment.into_iter().flat_map(|sent| sent.parcels).map(|parcel| parcel.tracking_no).collect()
}

async fn delivery_notes_and_a_pick_list_are_printed_of_chosen_orders(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let first = sent_to(&app, &mut shopper, "小王", 2, "请放门口").await;
    let second = sent_to(&app, &mut shopper, "小李", 3, "").await;
    let (collected, _) = app.paid(MUG).await;
    let mut reader = signed(&app, "rita", Role::Reader).await;
    let list = text(&mut reader, "/console/packing").await;
    assert!(list.contains(&first) && list.contains(&second) && !list.contains(&collected), "{list}");
    assert!(list.find(&first) < list.find(&second), "the oldest order comes first");
    assert!(text(&mut reader, "/console/orders?view=to_ship").await.contains("/console/packing"));
    let query = format!("?order={first}&order={second}&order={collected}&order=99&order=x");
    let notes = text(&mut reader, &format!("/console/packing/notes{query}")).await;
    assert_eq!(notes.matches("<section class=\"panel sheet\"").count(), 2, "{notes}");
    for words in ["小王", "小李", "衡山路 1 号", "请放门口", "13800001234", "共 2 件", "共 3 件"]
    {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    let name = &app.shop.settings().name;
    assert_eq!(notes.matches(&format!("<p>{name}")).count(), 2, "{notes}");
    let picks = text(&mut reader, &format!("/console/packing/pick-list{query}")).await;
    assert!(picks.contains("2 个订单，共 5 件") && picks.contains(MUG), "{picks}");
    assert!(picks.contains("<span class=\"box\">") && picks.contains("<img src="), "{picks}");
    let one = text(&mut reader, &format!("/console/packing/pick-list?order={second}")).await;
    assert!(one.contains("1 个订单，共 3 件"), "{one}");
    // a refund application: the order is listed, and not chosen
    shopper.post(&format!("/orders/{first}/refund-request"), &[("reason", "不想要了")]).await;
    let list = text(&mut reader, "/console/packing").await;
    assert_eq!((list.matches("售后申请").count(), list.matches(" checked").count()), (1, 1), "{list}");
    app.stop().await;
}

async fn staff_correct_the_address_of_an_order_that_waits(database: Database) {
    let app = TestApp::start(database).await;
    let order = new_order(&app, "小王").await;
    let (page, path) = (format!("/console/orders/{order}"), format!("/console/orders/{order}/address"));
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    assert!(text(&mut clerk, &page).await.contains(&format!("action=\"{path}\"")));
    let form =
        |phone: &'static str| [("name", "小李"), ("phone", phone), ("address", "北京市 朝阳区 望京街 9 号")];
    // a wrong form comes back with everything that was typed
    let (status, refused) = post(&mut clerk, &path, &form("138")).await;
    assert!(status == 400 && refused.contains("value=\"北京市 朝阳区 望京街 9 号\""), "{refused}");
    let id = order.parse().unwrap();
    let known = async || app.shop.store().delivery(&id).await.unwrap().unwrap();
    assert_eq!(known().await.name, "小王");
    for _ in 0..2 {
        assert_eq!(post(&mut clerk, &path, &form("13900001234")).await.0, 303);
    }
    let changed = known().await;
    assert_eq!(
        (changed.name.as_str(), changed.phone.as_str(), changed.address.as_str()),
        ("小李", "13900001234", "北京市 朝阳区 望京街 9 号")
    );
    // the second form was the same: it left no trace
    assert_eq!(app.database.count("audit", &[("what", "correct address")]).await, 1);
    let seen = text(&mut clerk, &page).await;
    assert_eq!(seen.matches("付款后修改了地址").count(), 1, "{seen}");
    let (_, file) = post(&mut clerk, "/console/packing/waiting.csv", &[]).await;
    assert!(file.lines().nth(1).is_some_and(|line| line.ends_with("地址已修改")), "{file}");
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert!(!text(&mut reader, &page).await.contains(&path));
    ship(&app, &id, "顺丰速运", "SF1").await.unwrap();
    let (status, refused) = post(&mut clerk, &path, &form("13700001234")).await;
    assert!(status == 409 && refused.contains("订单已发货"), "{refused}");
    assert!(!text(&mut clerk, &page).await.contains(&path));
    app.stop().await;
}

async fn typed_tracking_numbers_are_checked_and_shipped_together(database: Database) {
    let app = TestApp::start(database).await;
    let (first, second) = (new_order(&app, "小王").await, new_order(&app, "小李").await);
    let third = new_order(&app, "小张").await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let list = text(&mut clerk, "/console/packing").await;
    let fields = [&first, &second, &third].map(|order| format!("tracking-{order}"));
    for field in &fields {
        assert_eq!(list.matches(&format!("name=\"{field}\"")).count(), 1, "{list}");
    }
    let (status, page) = post(&mut clerk, "/console/packing/typed", &[("carrier", "顺丰")]).await;
    assert!(status == 400 && page.contains("请至少填写一个运单号"), "{page}");
    let typed =
        [("carrier", "顺丰"), (&*fields[0], "SF 100 1"), (&*fields[1], " "), (&*fields[2], "number?")];
    let (status, page) = post(&mut clerk, "/console/packing/typed", &typed).await;
    assert_eq!((status, ready(&page).len()), (200, 1), "{page}");
    assert!(page.contains("SF1001") && page.contains("运单号：应为数字、字母和短横"), "{page}");
    assert_eq!(parcels(&app, &first).await, Vec::<String>::new(), "the check ships nothing");
    ship_lines(&mut clerk, &ready(&page)).await;
    assert_eq!(parcels(&app, &first).await, ["SF1001"]);
    for order in [&second, &third] {
        assert_eq!(parcels(&app, order).await, Vec::<String>::new());
    }
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(post(&mut reader, "/console/packing/typed", &typed).await.0, 403);
    let list = text(&mut reader, "/console/packing").await;
    assert!(!list.contains("tracking-") && !list.contains("/console/packing/typed"), "{list}");
    app.stop().await;
}

async fn the_exported_file_is_filled_in_and_imported_once(database: Database) {
    let app = TestApp::start(database).await;
    let (first, second) = (new_order(&app, "小王").await, new_order(&app, "小李").await);
    let third = new_order(&app, "小张").await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let answer = clerk.post("/console/packing/waiting.csv", &[]).await;
    assert_eq!(answer.status(), 200);
    let file = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
    assert!(file.starts_with("\u{feff}订单编号,快递公司,运单号,"), "{file}");
    assert_eq!(file.lines().count(), 4, "{file}");
    assert_eq!(app.database.count("audit", &[("what", "export")]).await, 1);
    // staff fill in two of the three lines
    let fill = |file: &str, order: &str, parcel: &str| {
        file.replace(&format!("{order}\",,"), &format!("{order}\",{parcel}"))
    };
    let filled = fill(&fill(&file, &first, "顺丰,SF 100 1"), &second, "yto,YT2002");
    let (status, page) = preview(&clerk, &filled).await;
    assert_eq!((status, ready(&page).len()), (200, 2), "{page}");
    assert!(page.contains("跳过了 1 行") && page.contains("SF1001") && page.contains("圆通速递"), "{page}");
    for words in ["可以发货 2 个订单", "小王 13800001234", "小李 13800001234", "300 毫升 ×1"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(parcels(&app, &first).await, Vec::<String>::new(), "the preview ships nothing");
    let done = ship_lines(&mut clerk, &ready(&page)).await;
    assert!(done.contains("已发货 2 个订单"), "{done}");
    assert_eq!(parcels(&app, &first).await, ["SF1001"]);
    assert_eq!(parcels(&app, &second).await, ["YT2002"]);
    // the same again, from the page and from the file in GBK, ships nothing
    let again = ship_lines(&mut clerk, &ready(&page)).await;
    assert!(again.contains("之前已发货 2 个订单"), "{again}");
    let gbk = [
        &b"\xb6\xa9\xb5\xa5\xb1\xe0\xba\xc5,\xbf\xec\xb5\xdd\xb9\xab\xcb\xbe,\xd4\xcb\xb5\xa5\xba\xc5\n"[..],
        format!("{first},\u{0}").replace('\u{0}', "").as_bytes(),
        b"\xcb\xb3\xb7\xe1,SF1001\n",
    ]
    .concat();
    let (_, page) = preview(&clerk, gbk).await;
    assert!(page.contains("之前已发货 1 个订单") && ready(&page).is_empty(), "{page}");
    assert_eq!(app.database.count("audit", &[("what", "ship")]).await, 2);
    let list = text(&mut clerk, "/console/packing").await;
    assert!(list.contains(&third) && !list.contains(&first), "{list}");
    app.stop().await;
}

async fn each_wrong_line_is_named_with_its_column(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let good = sent_to(&app, &mut shopper, "小王", 1, "").await;
    let same_home = sent_to(&app, &mut shopper, "小王", 1, "").await;
    let other_home = new_order(&app, "小李").await;
    let sent = new_order(&app, "小张").await;
    ship(&app, &sent.parse().unwrap(), "顺丰速运", "SF9").await.unwrap();
    let wants_refund = sent_to(&app, &mut shopper, "小王", 1, "").await;
    shopper.post(&format!("/orders/{wants_refund}/refund-request"), &[("reason", "不想要了")]).await;
    let unpaid = shopper.order(MUG, 1).await;
    let (collected, _) = app.paid(MUG).await;
    let clerk = signed(&app, "anna", Role::Clerk).await;
    let lines = [
        (format!("{good},顺丰,SF1"), ""),
        (format!("{same_home},顺丰,SF1"), ""),
        (format!("{other_home},顺丰,SF1"), "运单号：第 2 行的另一个收货人"),
        (format!("{good},顺丰,SF2"), "订单编号：与第 2 行重复"),
        ("123456,顺丰,SF3".to_owned(), "订单编号：没有这个订单"),
        ("2.02611E+23,顺丰,SF3".to_owned(), "订单编号：表格软件改写了长编号"),
        (",顺丰,SF3".to_owned(), "订单编号：没有填写"),
        (format!("{unpaid},顺丰,SF4"), "订单编号：还没有付款"),
        (format!("{collected},顺丰,SF5"), "订单编号：到店自取"),
        (format!("{wants_refund},顺丰,SF6"), "订单编号：买家有售后申请"),
        (format!("{sent},顺丰,SF8"), "运单号：已用运单号 SF9 发货"),
        (format!("{sent},顺丰,SF9"), "订单编号：与第 12 行重复"),
    ];
    let file = lines.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join("\n");
    let (status, page) = preview(&clerk, format!("订单号,物流公司,快递单号\n{file}")).await;
    assert_eq!((status, ready(&page).len()), (200, 2), "{page}");
    for (line, words) in &lines {
        assert!(page.contains(words), "{line}: {words}: {page}");
    }
    let (_, page) = preview(&clerk, format!("订单号,物流公司,快递单号\n{other_home},隔壁老王,1\n")).await;
    assert!(page.contains("快递公司：不认识这家快递公司"), "{page}");
    for (parcel, words) in [
        (",SF1", "快递公司：没有填写"),
        ("顺丰,", "运单号：没有填写"),
        ("顺丰,7.31E+13", "运单号：表格软件改写了长编号"),
        ("顺丰,待定", "运单号：应为数字"),
    ] {
        let file = format!("订单编号,快递公司,运单号\n{other_home},{parcel}\n");
        let (_, page) = preview(&clerk, file).await;
        assert!(page.contains(words) && ready(&page).is_empty(), "{words}: {page}");
    }
    // no list of parcels at all
    let (status, page) = preview(&clerk, "a,b\n1,2\n").await;
    assert!(status == 400 && page.contains("第一行要有"), "{page}");
    let (status, page) = preview(&clerk, vec![b'a'; 1_200_000]).await;
    assert!(status == 400 && page.contains("文件不能超过 1 MB"), "{status} {page}");
    app.stop().await;
}

async fn a_carrier_is_checked_at_wechat_where_it_must_be(database: Database) {
    let app = TestApp::start(database).await;
    let order = paid_order(&app).await;
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    let file = |carrier: &str| format!("订单编号,快递公司,运单号\n{},{carrier},SF7\n", order.id);
    let (_, page) = preview(&clerk, file("隔壁老王")).await;
    assert!(page.contains("快递公司：不认识") && ready(&page).is_empty(), "{page}");
    let (_, page) = preview(&clerk, file("顺丰")).await;
    ship_lines(&mut clerk, &ready(&page)).await;
    let sent = app.shop.store().shipment(&order.id).await.unwrap().unwrap();
    assert_eq!((sent.parcels[0].company_id.as_str(), sent.parcels[0].carrier.as_str()), ("SF", "顺丰速运"));
    app.stop().await;
}

async fn the_pages_need_the_right_and_are_in_english(database: Database) {
    let app = TestApp::start(database).await;
    let order = new_order(&app, "Anna").await;
    let mut reader = signed(&app, "rita", Role::Reader).await;
    assert_eq!(reader.get("/console/packing/parcels").await.status(), 403);
    assert_eq!(preview(&reader, "x").await.0, 403);
    assert_eq!(post(&mut reader, "/console/packing/ship", &[("line", "1\t1\tSF\t1")]).await.0, 403);
    assert_eq!(post(&mut reader, "/console/packing/waiting.csv", &[]).await.0, 403);
    let mut clerk = signed(&app, "anna", Role::Clerk).await;
    clerk.post("/console/language", &[("to", "en"), ("next", "/console")]).await;
    let (_, file) = post(&mut clerk, "/console/packing/waiting.csv", &[]).await;
    assert!(file.contains("Order number,Carrier,Tracking number"), "{file}");
    let (_, page) =
        preview(&clerk, format!("Order number,Carrier,Tracking number\n{order},SF,\n1,SF,2\n{order},SF,2\n"))
            .await;
    let mut pages = vec![("preview".to_owned(), page)];
    for path in ["", "/parcels", "/notes?order=1", "/pick-list?order=1"] {
        let path = format!("/console/packing{path}");
        pages.push((path.clone(), text(&mut clerk, &path).await));
    }
    for (path, page) in pages {
        let rest: Vec<_> = chinese(&page).into_iter().filter(|text| !text.contains("衡山路")).collect();
        assert_eq!(rest, Vec::<String>::new(), "{path}");
    }
    app.stop().await;
}

async fn a_shopper_sees_the_parcels_of_the_own_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = sent_to(&app, &mut shopper, "小王", 1, "").await;
    let page = format!("/orders/{order}/parcels");
    // nothing is sent: the order says so
    assert_eq!(location(&shopper.get(&page).await), format!("/orders/{order}"));
    ship(&app, &order.parse().unwrap(), "顺丰速运", "SF123456").await.unwrap();
    let parcels = text(&mut shopper, &page).await;
    assert!(
        parcels.contains("https://www.sf-express.com/chn/sc/waybill/waybill-detail/SF123456"),
        "{parcels}"
    );
    assert!(parcels.contains("发货时间") && parcels.contains("确认收货"), "{parcels}");
    for path in [format!("/orders/{order}"), "/orders".to_owned()] {
        assert!(text(&mut shopper, &path).await.contains(&page), "{path}");
    }
    shopper.post(&format!("/orders/{order}/received"), &[]).await;
    assert!(text(&mut shopper, &page).await.contains("收货时间"));
    let mut other = app.shopper().await;
    assert_eq!(other.get(&page).await.status(), 404);
    let own = sent_to(&app, &mut other, "小李", 1, "").await;
    ship(&app, &own.parse().unwrap(), "圆通", "YT1").await.unwrap();
    let parcels = text(&mut other, &format!("/orders/{own}/parcels")).await;
    assert!(parcels.contains("YT1") && !parcels.contains("官网查询"), "{parcels}");
    app.stop().await;
}
