//! After-sales: pieces and their money come back, by the shopper, staff, and the clock.

use model::{
    AfterSaleId, Shopper as Who,
    after_sale::{AfterSaleKind, AfterSaleState},
    erasure::ErasureObstacle,
};
use serde_json::json;
use shop::{AfterSaleForm, AfterSaleRefund, Role, ShopError};
use test_support::Database;

use crate::{
    app::{ADMIN, TestApp},
    console::{post, signed, text},
    deliveries::{owner, ship},
    miniprogram,
    multipart::{self, MULTIPART},
    on_both,
    shopper::{Shopper, location, thumb},
};

on_both!(
    goods_come_back_and_the_money_goes_back,
    pieces_that_were_refunded_are_not_sent,
    a_smaller_refund_leaves_the_goods_to_be_sent,
    the_return_address_is_the_one_of_the_last_return,
    a_wrong_form_is_shown_again_with_everything_that_was_typed,
    only_the_shopper_and_staff_see_the_pictures,
    the_shop_takes_the_next_step_by_itself,
    a_shop_that_waits_for_staff_waits,
    goods_that_do_not_come_back_end_the_request,
    two_servers_refund_once,
    a_refund_of_everything_ends_the_other_requests,
    the_parts_of_an_order_add_up_with_the_delivery_cost,
    a_refund_to_the_balance_ends_at_once,
    pieces_return_to_the_stock_once,
    the_mini_program_asks_and_sends_goods_back,
    the_mini_program_adds_pictures,
    an_abnormal_refund_goes_to_a_card,
    an_abnormal_refund_of_v2_is_handled_in_the_merchant_platform,
);

const MUG: &str = "mug-celadon-300";
const PRICE: i64 = 5_900;
const DAY_S: i64 = 86_400;
/// A PNG of one pixel: its head and its end.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90\x77\x53\xde\0\0\0\0IEND\xae\x42\x60\x82";

async fn bought(app: &TestApp, pieces: u32) -> (Shopper, String) {
    let mut shopper = app.shopper().await;
    let (order, number) = shopper.about_to_pay(MUG, pieces).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    (shopper, order)
}

pub(crate) async fn bought_and_sent(app: &TestApp, pieces: u32) -> (Shopper, String) {
    let (shopper, order) = bought(app, pieces).await;
    ship(app, &order.parse().unwrap(), "顺丰", "SF1").await.unwrap();
    (shopper, order)
}

/// Sends the form with files; the status, and the page or the place that it leads to.
pub(crate) async fn send(
    shopper: &Shopper,
    order: &str,
    fields: &[(&str, &str)],
    pictures: &[&[u8]],
) -> (u16, String) {
    let files: Vec<_> = pictures.iter().map(|picture| ("picture", "a", *picture)).collect();
    shopper.post_files(&format!("/orders/{order}/after-sale"), fields, &files).await
}

async fn state(app: &TestApp, id: &str) -> AfterSaleState {
    app.shop.store().after_sale(&id.parse().unwrap()).await.unwrap().unwrap().state
}

async fn until_after_sale(app: &TestApp, id: &str, expected: AfterSaleState) {
    app.until("the after-sale has this state", async || state(app, id).await == expected).await;
}

fn own(shopper: &Shopper) -> Who {
    shopper.openid.parse().unwrap()
}

fn pieces(kind: AfterSaleKind, pieces: i64) -> AfterSaleForm {
    AfterSaleForm { kind, lines: vec![(1, pieces)], ..AfterSaleForm::whole("不合适") }
}

async fn ask(
    app: &TestApp,
    shopper: &Shopper,
    order: &str,
    form: AfterSaleForm,
) -> Result<AfterSaleId, ShopError> {
    app.shop.after_sales().apply(&own(shopper), &order.parse().unwrap(), form).await
}

async fn goods_come_back_and_the_money_goes_back(database: Database) {
    let app =
        TestApp::start_with(database, &[("SHOP_RETURN_ADDRESS", "退货组 13800138000 示例路 1 号")]).await;
    let before = app.stock(MUG).await;
    let (mut shopper, order) = bought_and_sent(&app, 3).await;
    let page = text(&mut shopper, &format!("/orders/{order}/after-sale")).await;
    assert!(
        page.contains("退货退款")
            && page.contains("最多可退 3 件，可退 ¥177.00")
            && page.contains("data-fees=\"5900 11800 17700\""),
        "{page}"
    );
    let fields = [("kind", "return"), ("pieces-1", "２"), ("reason", "有裂纹")];
    let (status, place) = send(&shopper, &order, &fields, &[PNG]).await;
    assert_eq!((status, &*place), (303, &*format!("/orders/{order}/after-sales/{order}S1")));
    let id = format!("{order}S1");
    // a second tap is the same request
    assert_eq!(send(&shopper, &order, &fields, &[PNG]).await, (303, place.clone()));
    let page = text(&mut shopper, &place).await;
    for words in ["等待商家处理", "将自动同意退货", "118.00", "有裂纹"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let list = text(&mut staff, "/console/after-sales").await;
    assert!(list.contains("有裂纹") && list.contains(&format!("/console/orders/{order}#{id}")), "{list}");
    let page = text(&mut staff, &format!("/console/orders/{order}")).await;
    assert!(page.contains("退货组 13800138000") && page.contains("×2"), "{page}");
    let act = format!("/console/after-sales/{id}");
    let address = [("answer", "退货组 13800138000 示例路 1 号")];
    assert_eq!(post(&mut staff, &format!("{act}/receive"), &[]).await.0, 409, "the shop has not agreed");
    assert_eq!(post(&mut staff, &format!("{act}/agree"), &address).await.0, 303);
    let page = text(&mut shopper, &place).await;
    assert!(page.contains("请寄到：退货组") && page.contains("name=\"tracking_no\""), "{page}");
    assert_eq!(
        shopper.post(&format!("{place}/parcel"), &[("carrier", "顺丰"), ("tracking_no", "")]).await.status(),
        400
    );
    for number in ["SF70", "SF77"] {
        let parcel = [("carrier", "顺丰"), ("tracking_no", number)];
        assert_eq!(shopper.post(&format!("{place}/parcel"), &parcel).await.status(), 303);
    }
    assert_eq!(
        shopper.post(&format!("{place}/withdraw"), &[]).await.status(),
        409,
        "the goods are on their way"
    );
    assert!(text(&mut staff, &format!("/console/orders/{order}")).await.contains("SF77"));
    assert_eq!(post(&mut staff, &format!("{act}/receive"), &[]).await.0, 303);
    // the refund is the next step, and staff have agreed to it
    let page = text(&mut staff, &format!("/console/orders/{order}?done=received")).await;
    assert!(page.contains("已确认收货，请验货后退款") && page.contains(">退款 ¥118.00<"), "{page}");
    let confirm = text(&mut staff, &format!("{act}/refund?fee=118.00")).await;
    assert!(confirm.contains("退回的商品可以再卖"), "{confirm}");
    let number = confirm.split("name=\"number\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let refund = [("fee", "118.00"), ("number", number), ("restock", "1")];
    for _ in 0..2 {
        assert_eq!(post(&mut staff, &format!("{act}/refund"), &refund).await.0, 303);
    }
    app.control("clock", json!({ "advance_s": 5 })).await;
    until_after_sale(&app, &id, AfterSaleState::Refunded).await;
    assert_eq!(app.state(&order).await, "partly_refunded");
    assert_eq!(app.database.sum("refunds", "refund_fee", &[]).await, 2 * PRICE);
    assert_eq!(app.stock(MUG).await, before - 1, "two pieces of three are back");
    let page = text(&mut shopper, &place).await;
    assert!(page.contains("已退款") && page.contains("118.00"), "{page}");
    // one piece is left
    assert!(
        text(&mut shopper, &format!("/orders/{order}/after-sale"))
            .await
            .contains("最多可退 1 件，可退 ¥59.00")
    );
    for what in ["agree to return", "receive return", "grant refund"] {
        assert_eq!(app.database.count("audit", &[("what", what)]).await, 1, "{what}");
    }
    app.stop().await;
}

async fn pieces_that_were_refunded_are_not_sent(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let order = paid_to_an_address(&app, &mut shopper, 3).await;
    let refused = ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await;
    assert!(matches!(refused, Err(ShopError::Invalid(_))), "nothing was sent: {refused:?}");
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let notes = format!("/console/packing/notes?order={order}");
    assert!(text(&mut staff, &notes).await.contains("共 3 件"));
    let refund = AfterSaleRefund { fee: Some(model::Fen(400)), restock: true, ..AfterSaleRefund::default() };
    app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
    let page = text(&mut staff, &notes).await;
    assert!(page.contains("共 2 件"), "{page}");
    // the sum that was refunded stands everywhere, not the one that was asked for
    let page = text(&mut staff, &format!("/console/orders/{order}")).await.replace("<!>", "");
    assert!(page.contains("仅退款 ¥4.00") && page.contains("买家申请 ¥59.00"), "{page}");
    assert!(page.contains("取消 1 件，还要发货 ×2"), "{page}");
    let page = text(&mut shopper, &format!("/orders/{order}")).await.replace("<!>", "");
    assert!(page.contains("仅退款 ¥4.00"), "{page}");
    until_after_sale(&app, id.as_str(), AfterSaleState::Refunded).await;
    let list = text(&mut staff, "/console/after-sales?view=ended").await;
    for words in ["青瓷马克杯 300 毫升 ×1", "小王", ">4.00<", &*order] {
        assert!(list.contains(words), "{words}: {list}");
    }
    app.stop().await;
}

/// A paid order of mugs that goes to an address.
async fn paid_to_an_address(app: &TestApp, shopper: &mut Shopper, pieces: u32) -> String {
    let order = shopper.order(MUG, pieces).await;
    let home = [
        ("to", "new"),
        ("name", "小王"),
        ("phone", "13800001234"),
        ("region", "上海市 徐汇区"),
        ("detail", "衡山路 1 号"),
    ];
    assert_eq!(shopper.post(&format!("/orders/{order}/delivery"), &home).await.status(), 303);
    let number = shopper.pay(&order).await;
    thumb(app, &number).await;
    app.until_state(&order, "paid").await;
    order
}

async fn a_smaller_refund_leaves_the_goods_to_be_sent(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let kept = paid_to_an_address(&app, &mut shopper, 1).await;
    let cancelled = paid_to_an_address(&app, &mut shopper, 1).await;
    let refunded = async |order: &str, fee: i64, restock: bool| {
        let id = ask(&app, &shopper, order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
        let refund = AfterSaleRefund { fee: Some(model::Fen(fee)), restock, ..AfterSaleRefund::default() };
        app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
        until_after_sale(&app, id.as_str(), AfterSaleState::Refunded).await;
    };
    // a yuan back for a scratch: the mug is still sent
    refunded(&kept, 100, false).await;
    // the shop keeps a part, and the mug is in the stock again: nothing is left to send
    refunded(&cancelled, 5000, true).await;
    let to_ship = text(&mut staff, "/console/orders?view=to_ship").await;
    assert!(to_ship.contains(&kept) && !to_ship.contains(&cancelled), "{to_ship}");
    let notes = text(&mut staff, &format!("/console/packing/notes?order={kept}&order={cancelled}")).await;
    assert!(
        notes.contains("共 1 件") && !notes.contains("共 0 件") && !notes.contains(&cancelled),
        "{notes}"
    );
    let counts = app.shop.orders().tab_counts(&own(&shopper)).await.unwrap();
    assert_eq!(counts.to_ship, 1);
    // what is cancelled does not keep a shopper from erasing their data
    let mut other = app.shopper().await;
    let order = paid_to_an_address(&app, &mut other, 1).await;
    assert_eq!(app.shop.privacy().obstacles(&own(&other)).await.unwrap(), [ErasureObstacle::Undelivered]);
    let id = ask(&app, &other, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let refund = AfterSaleRefund { fee: Some(model::Fen(5000)), restock: true, ..AfterSaleRefund::default() };
    app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
    until_after_sale(&app, id.as_str(), AfterSaleState::Refunded).await;
    assert_eq!(app.shop.privacy().obstacles(&own(&other)).await.unwrap(), []);
    let parcel = [("carrier", "顺丰速运"), ("tracking_no", "SF1")];
    assert_eq!(post(&mut staff, &format!("/console/orders/{cancelled}/ship"), &parcel).await.0, 409);
    let ship = format!("/console/orders/{kept}/ship");
    // one letter that names no carrier is refused beside its field
    let (status, page) = post(&mut staff, &ship, &[("carrier", "飞"), ("tracking_no", "SF1")]).await;
    assert!(
        status == 400 && page.contains("请写全快递公司的名称") && page.contains("aria-invalid"),
        "{page}"
    );
    assert_eq!(post(&mut staff, &ship, &parcel).await.0, 303);
    app.stop().await;
}

async fn the_return_address_is_the_one_of_the_last_return(database: Database) {
    let app = TestApp::start(database).await;
    let (shopper, order) = bought_and_sent(&app, 2).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await.unwrap();
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let path = format!("/console/orders/{order}");
    // without an address the shop does not agree by itself, and the page says so
    assert!(text(&mut staff, &path).await.contains("不会自动同意，请尽快处理"));
    let address = [("answer", "仓库 13800138000 新路 2 号")];
    assert_eq!(post(&mut staff, &format!("/console/after-sales/{id}/agree"), &address).await.0, 303);
    ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await.unwrap();
    let page = text(&mut staff, &path).await;
    assert!(page.contains("仓库 13800138000 新路 2 号</textarea>"), "{page}");
    app.stop().await;
}

async fn a_wrong_form_is_shown_again_with_everything_that_was_typed(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, order) = bought_and_sent(&app, 2).await;
    let zip = b"PK\x03\x04 a zip";
    let huge = [&PNG[..16], &60_000_u32.to_be_bytes(), &1_000_u32.to_be_bytes(), &PNG[24..]].concat();
    for (fields, picture, words) in [
        (vec![("pieces-1", "1"), ("reason", "坏了")], PNG, "请选择售后类型"),
        (vec![("kind", "return"), ("pieces-1", "0"), ("reason", "坏了")], PNG, "请选择要售后的商品和件数"),
        (vec![("kind", "return"), ("pieces-1", "两"), ("reason", "坏了")], PNG, "请选择要售后的商品和件数"),
        (vec![("kind", "return"), ("pieces-1", "3"), ("reason", "坏了")], PNG, "超过了还可售后的件数"),
        (vec![("kind", "return"), ("pieces-9", "1"), ("reason", "坏了")], PNG, "超过了还可售后的件数"),
        (
            vec![("kind", "return"), ("pieces-1", "1"), ("reason", "坏了")],
            &zip[..],
            "只支持 PNG、JPEG 和 WebP",
        ),
        (vec![("kind", "return"), ("pieces-1", "1"), ("reason", "坏了")], &huge, "图片尺寸过大"),
        (vec![("kind", "return"), ("pieces-1", "1"), ("reason", "坏了")], &PNG[..12], "图片已损坏"),
    ] {
        let (status, page) = send(&shopper, &order, &fields, &[picture]).await;
        assert!(status == 400 && page.contains(words) && page.contains("坏了"), "{status} {words}: {page}");
    }
    let many = [PNG; 5];
    let fields = [("kind", "return"), ("pieces-1", "1"), ("reason", "坏了")];
    assert!(send(&shopper, &order, &fields, &many).await.1.contains("最多上传 4 张图片"));
    let large = [PNG, &vec![0; 7 * 1024 * 1024]].concat();
    assert!(send(&shopper, &order, &fields, &[&large]).await.1.contains("不能超过 6 MB"));
    assert!(send(&shopper, &order, &fields, &[&vec![0; 30 * 1024 * 1024]]).await.1.contains("最多 4 张"));
    assert_eq!(app.database.count("after_sales", &[]).await, 0);
    assert_eq!(shopper.post(&format!("/orders/{order}/after-sale"), &[("reason", "x")]).await.status(), 400);
    app.stop().await;
}

async fn only_the_shopper_and_staff_see_the_pictures(database: Database) {
    let app = TestApp::start(database).await;
    let (mut shopper, order) = bought_and_sent(&app, 1).await;
    let fields = [("kind", "refund"), ("pieces-1", "1"), ("reason", "坏了")];
    let (_, place) = send(&shopper, &order, &fields, &[PNG, b""]).await;
    let picture = shopper.get(&format!("{place}/pictures/1")).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert_eq!(picture.headers()["cache-control"], "private, no-store");
    assert_eq!(picture.bytes().await.unwrap(), PNG);
    assert_eq!(
        shopper.get(&format!("{place}/pictures/2")).await.status(),
        404,
        "an empty field is no picture"
    );
    let mut other = app.shopper().await;
    assert_eq!(other.get(&format!("{place}/pictures/1")).await.status(), 404);
    assert_eq!(other.get(&place).await.status(), 404);
    assert_eq!(other.post(&format!("{place}/withdraw"), &[]).await.status(), 404);
    // an order that was opened by its link shows no after-sale
    let link = app.shop.store().order(&order.parse().unwrap()).await.unwrap().unwrap().link_key;
    other.get(&format!("/orders/{order}/link/{link}")).await;
    assert_eq!(other.get(&place).await.status(), 404);
    assert_eq!(other.get(&format!("{place}/pictures/1")).await.status(), 404);
    let mut reader = signed(&app, "rita", Role::Reader).await;
    let seen = reader.get(&format!("/console/after-sales/{order}S1/pictures/1")).await;
    assert_eq!(seen.bytes().await.unwrap(), PNG);
    // another order's path does not lead to it
    let (mut stranger, own_order) = bought_and_sent(&app, 1).await;
    assert_eq!(stranger.get(&format!("/orders/{own_order}/after-sales/{order}S1")).await.status(), 404);
    // an erasure removes them; until then the request stands in its way
    let refunds = async |shopper: &Shopper| app.shop.orders().tab_counts(&own(shopper)).await.unwrap().refund;
    assert_eq!(refunds(&shopper).await, 1);
    shopper.post(&format!("{place}/withdraw"), &[]).await;
    assert_eq!(refunds(&shopper).await, 0, "what has ended needs no number");
    assert!(!text(&mut shopper, "/orders?tab=refund").await.contains(&order), "and is not in the list");
    assert_eq!(state(&app, &format!("{order}S1")).await, AfterSaleState::Withdrawn);
    assert_eq!(shopper.post(&format!("/orders/{order}/received"), &[]).await.status(), 303);
    app.shop.privacy().erase(&own(&shopper)).await.unwrap();
    assert_eq!(app.database.count("after_sale_pictures", &[]).await, 0);
    app.stop().await;
}

async fn the_shop_takes_the_next_step_by_itself(database: Database) {
    let limits = [
        ("SHOP_RETURN_ADDRESS", "退货组"),
        ("SHOP_AFTER_SALE_ANSWER_DAYS", "3"),
        ("SHOP_RETURN_RECEIPT_DAYS", "5"),
    ];
    let app = TestApp::start_with(database, &limits).await;
    let (mut shopper, order) = bought_and_sent(&app, 2).await;
    let whole = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let part = ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await.unwrap();
    app.wait(3 * DAY_S - 60).await;
    assert_eq!(state(&app, whole.as_str()).await, AfterSaleState::Requested);
    app.wait(120).await;
    until_after_sale(&app, part.as_str(), AfterSaleState::Returning).await;
    until_after_sale(&app, whole.as_str(), AfterSaleState::Refunded).await;
    let place = format!("/orders/{order}/after-sales/{part}");
    assert!(text(&mut shopper, &place).await.contains("请寄到：退货组"));
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let seen = text(&mut staff, &format!("/console/orders/{order}")).await;
    assert!(!seen.contains("主动退款"), "the goods are on their way: staff refund the after-sale: {seen}");
    let parcel = [("carrier", "顺丰"), ("tracking_no", "SF70")];
    assert_eq!(shopper.post(&format!("{place}/parcel"), &parcel).await.status(), 303);
    app.wait(4 * DAY_S).await;
    // the shop has the goods: another limit counts, and the one of the parcel does not
    app.shop.after_sales().receive(&owner(), &part).await.unwrap();
    app.wait(2 * DAY_S).await;
    assert_eq!(state(&app, part.as_str()).await, AfterSaleState::Received);
    app.wait(DAY_S + 60).await;
    until_after_sale(&app, part.as_str(), AfterSaleState::Refunded).await;
    assert_eq!(app.state(&order).await, "refunded");
    assert_eq!(app.database.count("refunds", &[("who", "shop")]).await, 2);
    app.until("no job is left", async || app.database.count("jobs", &[("kind", "after_sale")]).await == 0)
        .await;
    app.stop().await;
}

async fn a_shop_that_waits_for_staff_waits(database: Database) {
    let never = [("SHOP_AFTER_SALE_ANSWER_DAYS", "0"), ("SHOP_RETURN_RECEIPT_DAYS", "0")];
    let app = TestApp::start_with(database, &never).await;
    let (shopper, order) = bought_and_sent(&app, 1).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    assert_eq!(app.database.count("jobs", &[("kind", "after_sale")]).await, 0);
    app.wait(60 * DAY_S).await;
    assert_eq!(state(&app, id.as_str()).await, AfterSaleState::Requested);
    app.stop().await;
}

async fn goods_that_do_not_come_back_end_the_request(database: Database) {
    let app = TestApp::start_with(database, &[("SHOP_RETURN_DAYS", "2")]).await;
    let (shopper, order) = bought_and_sent(&app, 1).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await.unwrap();
    // without SHOP_RETURN_ADDRESS only staff can agree: they write where the goods go
    app.wait(30 * DAY_S).await;
    assert_eq!(state(&app, id.as_str()).await, AfterSaleState::Requested);
    app.shop.after_sales().agree(&owner(), &id, "示例路 1 号").await.unwrap();
    app.wait(2 * DAY_S + 60).await;
    until_after_sale(&app, id.as_str(), AfterSaleState::Expired).await;
    assert_eq!(app.database.count("refunds", &[]).await, 0);
    // the pieces are free again
    ask(&app, &shopper, &order, pieces(AfterSaleKind::Return, 1)).await.unwrap();
    app.stop().await;
}

async fn two_servers_refund_once(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.second_shop().await;
    let (shopper, order) = bought(&app, 2).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let staff = owner();
    let (one, two) = tokio::join!(
        app.shop.after_sales().refund(&staff, &id, AfterSaleRefund::default()),
        other.after_sales().refund(&staff, &id, AfterSaleRefund::default()),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(app.database.sum("refunds", "refund_fee", &[]).await, PRICE);
    // two shoppers' taps for the last piece
    let (one, two) = tokio::join!(
        ask(
            &app,
            &shopper,
            &order,
            AfterSaleForm { reason: "甲".to_owned(), ..pieces(AfterSaleKind::RefundOnly, 1) }
        ),
        ask(
            &app,
            &shopper,
            &order,
            AfterSaleForm { reason: "乙".to_owned(), ..pieces(AfterSaleKind::RefundOnly, 1) }
        ),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    app.stop().await;
}

async fn a_refund_of_everything_ends_the_other_requests(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let (shopper, order) = bought(&app, 3).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let to_do = app.shop.admin().to_do().await.unwrap();
    let due_ms = app.shop.store().after_sale(&id).await.unwrap().unwrap().due_ms;
    assert_eq!((to_do.after_sales, to_do.after_sales_due_ms), (1, due_ms));
    let mut staff = signed(&app, "anna", Role::Owner).await;
    assert!(
        text(&mut staff, "/console").await.contains("到期自动同意或退款"),
        "the overview says when it ends"
    );
    assert_eq!(app.refund(&order, json!({ "reason": "停产" })).await.0, 200);
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "refunded").await;
    assert_eq!(state(&app, id.as_str()).await, AfterSaleState::Refunded);
    assert_eq!(app.shop.admin().to_do().await.unwrap().after_sales, 0);
    let late = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await;
    assert!(matches!(late, Err(ShopError::NotPaid)), "{late:?}");
    app.stop().await;
}

async fn the_parts_of_an_order_add_up_with_the_delivery_cost(database: Database) {
    let app = TestApp::start(database).await;
    let (shopper, order) = bought(&app, 3).await;
    // as if the order had a delivery cost of 10 yuan and a reduction of 1 fen
    for (table, column, value, key) in [
        ("orders", "freight_fee", 1_000, "id"),
        ("orders", "reduction_fee", 1, "id"),
        ("orders", "total_fee", 3 * PRICE + 999, "id"),
        ("attempts", "total_fee", 3 * PRICE + 999, "order_id"),
        ("order_items", "reduction", 1, "order_id"),
    ] {
        app.database.set(table, column, value, &[(key, &order)]).await;
    }
    let mut fees = Vec::new();
    for _ in 0..3 {
        let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
        fees.push(app.shop.store().after_sale(&id).await.unwrap().unwrap().fee.0);
        app.shop.after_sales().decline(&owner(), &id, "稍等").await.unwrap();
    }
    // a declined request leaves no trace in the next
    assert_eq!(fees, [PRICE - 1, PRICE - 1, PRICE - 1]);
    let mut sum = 0;
    for _ in 0..3 {
        let form = AfterSaleForm { reason: format!("{sum}"), ..pieces(AfterSaleKind::RefundOnly, 1) };
        let id = ask(&app, &shopper, &order, form).await.unwrap();
        sum += app.shop.store().after_sale(&id).await.unwrap().unwrap().fee.0;
    }
    assert_eq!(sum, 3 * PRICE + 999);
    app.stop().await;
}

async fn a_refund_to_the_balance_ends_at_once(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let topped_up = shopper.post("/api/wechat/pay/payWallet", &[("money", "20000")]).await;
    let answer: serde_json::Value = topped_up.json().await.unwrap();
    thumb(&app, answer["data"]["out_trade_no"].as_str().unwrap()).await;
    let balance = async || app.shop.store().balance(&own(&shopper)).await.unwrap().0;
    app.until("the balance is there", async || balance().await == 20_000).await;
    let before = app.stock(MUG).await;
    let mut buyer = app.shopper().await;
    buyer.cookies.clone_from(&shopper.cookies);
    let form = [
        ("sku", MUG),
        ("quantity", "2"),
        ("to", "pickup"),
        ("pickup_name", "小王"),
        ("pickup_phone", "13800000000"),
        ("balance", "20000"),
        ("key", "0123456789abcdef0123456789abcdef"),
        ("pay", "1"),
    ];
    let placed = location(&buyer.post("/orders", &form).await);
    let order = placed.split('/').nth(2).unwrap().to_owned();
    assert_eq!(app.state(&order).await, "paid");
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let refund = AfterSaleRefund { restock: true, ..AfterSaleRefund::default() };
    app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
    assert_eq!(state(&app, id.as_str()).await, AfterSaleState::Refunded);
    assert_eq!((balance().await, app.stock(MUG).await), (20_000 - PRICE, before - 1));
    app.stop().await;
}

async fn pieces_return_to_the_stock_once(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let before = app.stock(MUG).await;
    let (shopper, order) = bought(&app, 3).await;
    let id = ask(&app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let refund = AfterSaleRefund { restock: true, ..AfterSaleRefund::default() };
    app.shop.after_sales().refund(&owner(), &id, refund).await.unwrap();
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "partly_refunded").await;
    assert_eq!(app.stock(MUG).await, before - 2);
    // staff refund the rest: the piece of the after-sale does not return again
    assert_eq!(app.refund(&order, json!({ "reason": "停产", "restock": true })).await.0, 200);
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until_state(&order, "refunded").await;
    assert_eq!(app.stock(MUG).await, before);
    // pieces that the shopper keeps do not return
    let (shopper, sent) = bought_and_sent(&app, 1).await;
    let id = ask(&app, &shopper, &sent, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    let refund = AfterSaleRefund { restock: true, ..AfterSaleRefund::default() };
    let refused = app.shop.after_sales().refund(&owner(), &id, refund).await;
    assert!(matches!(refused, Err(ShopError::NotRestockable)), "{refused:?}");
    assert_eq!(state(&app, id.as_str()).await, AfterSaleState::Requested, "the refusal changed nothing");
    app.stop().await;
}

async fn the_mini_program_asks_and_sends_goods_back(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let token = miniprogram::log_in(&app).await;
    let address =
        json!({ "name": "小王", "phone": "13800000000", "region": "上海市 徐汇区", "detail": "某路 1 号" });
    let body = json!({ "items": [{ "sku": MUG, "quantity": 2 }], "address": address });
    let (_, paying) = miniprogram::post(&app, "pay", &token, body).await;
    let order = paying["data"]["order"].as_str().unwrap().to_owned();
    let path = format!("orders/{order}/after-sales");
    let wish = json!({ "kind": "return", "reason": "不合适", "lines": [{ "position": 1, "pieces": 1 }] });
    assert_eq!(miniprogram::post(&app, &path, &token, wish.clone()).await.0, 409, "it is not paid");
    thumb(&app, paying["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(&order, "paid").await;
    ship(&app, &order.parse().unwrap(), "顺丰", "SF1").await.unwrap();
    for wrong in [json!({}), json!({ "kind": "x", "reason": "y" }), json!({ "kind": "refund", "reason": "" })]
    {
        assert_eq!(miniprogram::post(&app, &path, &token, wrong).await.0, 400);
    }
    let many = json!({ "kind": "return", "reason": "不合适", "lines": [{ "position": 1, "pieces": 3 }] });
    assert_eq!(miniprogram::post(&app, &path, &token, many).await.0, 400);
    let (status, asked) = miniprogram::post(&app, &path, &token, wish).await;
    assert_eq!((status, &asked["data"]["state"]), (200, &json!("requested")), "{asked}");
    assert_eq!(asked["data"]["fee"], PRICE);
    let id = asked["data"]["id"].as_str().unwrap().to_owned();
    let list = app
        .http
        .get(format!("{}/api/miniprogram/{path}", app.url))
        .header("authorization", format!("Bearer {token}"))
        .send()
        .await
        .unwrap();
    let list: serde_json::Value = list.json().await.unwrap();
    assert_eq!(
        (&list["data"]["lines"][0]["left"], &list["data"]["may_ask"]),
        (&json!(1), &json!(true)),
        "{list}"
    );
    let parcel = json!({ "carrier": "顺丰", "tracking_no": "SF9" });
    let send_back = format!("after-sales/{id}/parcel");
    assert_eq!(
        miniprogram::post(&app, &send_back, &token, parcel.clone()).await.0,
        409,
        "the shop has not agreed"
    );
    app.shop.after_sales().agree(&owner(), &id.parse().unwrap(), "示例路 1 号").await.unwrap();
    let (status, sent) = miniprogram::post(&app, &send_back, &token, parcel).await;
    assert_eq!((status, &sent["data"]["state"]), (200, &json!("returned")), "{sent}");
    let other = miniprogram::post(&app, &format!("after-sales/{id}/withdraw"), &token, json!({})).await;
    assert_eq!(other.0, 409);
    app.stop().await;
}

/// A paid order of the mini program with an after-sale: its id.
async fn asked_in_miniprogram(app: &TestApp, token: &str) -> String {
    let address =
        json!({ "name": "小王", "phone": "13800000000", "region": "上海市 徐汇区", "detail": "某路 1 号" });
    let body = json!({ "items": [{ "sku": MUG, "quantity": 1 }], "address": address });
    let (_, paying) = miniprogram::post(app, "pay", token, body).await;
    let order = paying["data"]["order"].as_str().unwrap().to_owned();
    thumb(app, paying["data"]["out_trade_no"].as_str().unwrap()).await;
    app.until_state(&order, "paid").await;
    let wish = json!({ "kind": "refund", "reason": "有裂纹" });
    let (_, asked) = miniprogram::post(app, &format!("orders/{order}/after-sales"), token, wish).await;
    asked["data"]["id"].as_str().unwrap().to_owned()
}

async fn the_mini_program_adds_pictures(database: Database) {
    let app = TestApp::start_with(database, &[ADMIN]).await;
    let (own, other) = (miniprogram::log_in(&app).await, miniprogram::another_shopper(&app).await);
    let id = asked_in_miniprogram(&app, &own).await;
    let path = format!("{}/api/miniprogram/after-sales/{id}/pictures", app.url);
    let upload = async |token: &str, pictures: &[&[u8]]| {
        let files: Vec<_> = pictures.iter().map(|picture| ("picture", "a", *picture)).collect();
        let body = multipart::body(&[("user", "x")], &files);
        let request = app.http.post(&path).bearer_auth(token).body(body);
        let answer = request.header("content-type", MULTIPART).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<serde_json::Value>().await.unwrap())
    };
    let large = vec![0; 6 * 1024 * 1024 + 70_000];
    for (wrong, word) in [(&[][..], "请选择"), (&[b"PK\x03\x04" as &[u8]], "PNG"), (&[&large], "6 MB")] {
        let (status, answer) = upload(&own, wrong).await;
        assert!(status == 400 && answer["msg"].as_str().unwrap().contains(word), "{status} {answer}");
    }
    let no_form = app.http.post(&path).bearer_auth(&own).json(&json!({})).send().await.unwrap();
    assert_eq!(no_form.status(), 400);
    assert_eq!(upload(&other, &[PNG]).await.0, 404, "it is another shopper's");
    for count in 1..=4 {
        let (status, answer) = upload(&own, &[PNG]).await;
        assert_eq!((status, &answer["data"]["pictures"]), (200, &json!(count)), "{answer}");
    }
    assert_eq!(upload(&own, &[PNG]).await.0, 400, "four are enough");
    for (token, number, status) in [(&own, 4, 200), (&own, 5, 404), (&other, 1, 404)] {
        let picture = app.http.get(format!("{path}/{number}")).bearer_auth(token).send().await.unwrap();
        assert_eq!(picture.status(), status, "{number}");
        if status == 200 {
            assert_eq!(picture.headers()["content-type"], "image/png");
            assert_eq!(picture.bytes().await.unwrap(), PNG);
        }
    }
    let withdrawn = miniprogram::post(&app, &format!("after-sales/{id}/withdraw"), &own, json!({})).await;
    assert_eq!(withdrawn.0, 200);
    assert_eq!(upload(&own, &[PNG]).await.0, 409);
    app.stop().await;
}

/// An after-sale whose refund the payer's account does not take.
async fn abnormal(app: &TestApp) -> (String, AfterSaleId) {
    let (shopper, order) = bought(app, 1).await;
    let id = ask(app, &shopper, &order, pieces(AfterSaleKind::RefundOnly, 1)).await.unwrap();
    app.control("refund", json!({ "outcome": "abnormal", "times": 1 })).await;
    app.shop.after_sales().refund(&owner(), &id, AfterSaleRefund::default()).await.unwrap();
    app.control("clock", json!({ "advance_s": 5 })).await;
    app.until("the refund is abnormal", async || {
        app.database.count("refunds", &[("state", "abnormal")]).await == 1
    })
    .await;
    assert_eq!(state(app, id.as_str()).await, AfterSaleState::Refunding);
    (order, id)
}

async fn an_abnormal_refund_goes_to_a_card(database: Database) {
    let app = TestApp::start_with(database, &[("WECHAT_PAY_API", "v3")]).await;
    let (order, id) = abnormal(&app).await;
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let page = text(&mut staff, &format!("/console/orders/{order}")).await;
    assert!(page.contains("退款异常") && page.contains("招商银行"), "{page}");
    let number = app.shop.store().after_sale(&id).await.unwrap().unwrap().out_refund_no;
    let path = format!("/console/orders/{order}/redirect-refund");
    let card = |bank: &'static str, card: &'static str| {
        vec![
            ("number", number.clone()),
            ("to", "card".into()),
            ("bank", bank.into()),
            ("card", card.into()),
            ("name", "张三".into()),
        ]
    };
    let send = async |staff: &mut Shopper, form: Vec<(&str, String)>| {
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(staff, &path, &form).await
    };
    for (bank, wrong) in [("", "6225000011112222"), ("CMB_DEBIT", "12"), ("CMB_DEBIT", "no card")] {
        assert_eq!(send(&mut staff, card(bank, wrong)).await.0, 400, "{bank} {wrong}");
    }
    let mut clerk = signed(&app, "carl", Role::Clerk).await;
    assert_eq!(send(&mut clerk, card("CMB_DEBIT", "6225000011112222")).await.0, 403);
    let (status, place) = send(&mut staff, card("CMB_DEBIT", "6225 0000 1111 2222")).await;
    assert_eq!((status, place), (303, format!("/console/orders/{order}?done=redirected")));
    app.control("clock", json!({ "advance_s": 5 })).await;
    until_after_sale(&app, id.as_str(), AfterSaleState::Refunded).await;
    assert_eq!(app.state(&order).await, "refunded");
    let ledger = app.ledger().await;
    assert_eq!(ledger["refunds"][0]["received_by"], "CMB_DEBIT2222，张三", "{ledger}");
    // the card is nowhere on the books
    let audit =
        app.database.connect().await.table("audit").with("what", "redirect refund").rows("detail").await;
    assert!(audit.len() == 1 && !audit[0]["detail"].contains("622500001111"), "{audit:?}");
    assert_eq!(send(&mut staff, card("CMB_DEBIT", "6225000011112222")).await.0, 409, "it has ended");
    app.stop().await;
}

async fn an_abnormal_refund_of_v2_is_handled_in_the_merchant_platform(database: Database) {
    let app = TestApp::start_with(database, &[("WECHAT_PAY_API", "v2")]).await;
    let (order, id) = abnormal(&app).await;
    let mut staff = signed(&app, "anna", Role::Owner).await;
    let page = text(&mut staff, &format!("/console/orders/{order}")).await;
    assert!(page.contains("只能在微信支付商户平台处理") && !page.contains("redirect-refund"), "{page}");
    let number = app.shop.store().after_sale(&id).await.unwrap().unwrap().out_refund_no;
    let form = [("number", number.as_str()), ("to", "merchant")];
    let (status, _) = post(&mut staff, &format!("/console/orders/{order}/redirect-refund"), &form).await;
    assert_eq!(status, 400, "only Pay V3 has this call");
    app.stop().await;
}
