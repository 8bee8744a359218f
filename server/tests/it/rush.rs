//! A rush (抢购): many shoppers at once want a few pieces. `make rush` is the long form, which measures times too.

use futures::{StreamExt, stream};
use model::{Fen, OrderId};
use reqwest::header;
use shop::{Confirmation, Delivery, Destination, NewOrderLine, Role, Shop, ShopError, Staff};

use test_support::Database;

use crate::{
    app::TestApp,
    on_both,
    shopper::{Shopper, location},
};

on_both!(
    a_thousand_shoppers_for_twenty_pieces,
    a_price_that_changed_is_said_before_the_order,
    a_second_tap_on_the_last_piece_finds_the_order,
);

const SKU: &str = "pen-brass-f";
const OLD: Fen = Fen(16_800);
const NEW: Fen = Fen(17_900);
const PIECES: usize = 20;
const SHOPPERS: usize = 1000;
/// How many requests a proxy sends at the same time.
const AT_ONCE: usize = 64;
const DESK: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0";

/// How it ended for a shopper.
#[derive(Debug)]
enum End {
    Placed(OrderId, Fen),
    SoldOut,
}

fn owner() -> Staff {
    Staff { name: "owner".parse().unwrap(), role: Role::Owner }
}

async fn change_price(shop: &Shop, price: Fen) {
    shop.products().change_sku(&owner(), &SKU.parse().unwrap(), OLD, price, "F 尖").await.unwrap();
}

/// The price in the form of a confirmation.
fn price_in(page: &str) -> Fen {
    let field = page.split("name=\"price_seen\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
    field.split('"').next().unwrap().parse().unwrap()
}

/// A shopper with an address of its own, whose page showed the old price. Reads the new one from the page that says that it has
/// changed, and taps again.
async fn over_http(app: &TestApp, at: usize) -> End {
    let mut seen = OLD;
    loop {
        let price = seen.0.to_string();
        let form = [
            ("sku", SKU),
            ("quantity", "1"),
            ("price_seen", &price),
            ("to", "pickup"),
            ("pickup_name", "小李"),
            ("pickup_phone", "13800000000"),
        ];
        let request = app
            .http
            .post(format!("{}/orders", app.url))
            .header(header::USER_AGENT, DESK)
            .header(header::ORIGIN, &app.url)
            .header("x-forwarded-for", format!("10.1.{}.{}", at / 250, at % 250 + 1));
        let answer = request.form(&form).send().await.unwrap();
        match answer.status().as_u16() {
            303 => {
                let order = location(&answer);
                return End::Placed(order.split('/').nth(2).unwrap().parse().unwrap(), seen);
            }
            409 => {
                let page = answer.text().await.unwrap();
                if page.contains("库存不足") {
                    return End::SoldOut;
                }
                assert!(page.contains("商品价格有变化"), "{page}");
                seen = price_in(&page);
                assert_eq!(seen, NEW);
            }
            other => panic!("shopper {at}: {other} {}", answer.text().await.unwrap()),
        }
    }
}

/// The same on another server, without HTTP.
async fn on_the_other_server(shop: &Shop, at: usize) -> End {
    let ip = format!("10.2.{}.{}", at / 250, at % 250 + 1).parse().unwrap();
    let shopper = format!("oRush{at:023}").parse().unwrap();
    let line = NewOrderLine { sku: SKU.parse().unwrap(), quantity: 1.try_into().unwrap() };
    let mut seen = OLD;
    loop {
        let delivery = Delivery { to: Destination::Pickup(None), note: String::new(), freight_seen: None };
        let confirmation = Confirmation { delivery, balance: None, price_seen: Some(seen), key: None };
        match shop.checkout().place_to(&shopper, std::slice::from_ref(&line), confirmation, ip).await {
            Ok(order) => return End::Placed(order, seen),
            Err(ShopError::OutOfStock) => return End::SoldOut,
            Err(ShopError::PriceChanged) => seen = NEW,
            Err(error) => panic!("shopper {at}: {error}"),
        }
    }
}

async fn a_thousand_shoppers_for_twenty_pieces(database: Database) {
    let has_two_servers = !database.is_sqlite();
    let app = TestApp::start_with(database, &[("SHOP_TRUSTED_PROXIES", "127.0.0.1")]).await;
    assert_eq!(app.stock(SKU).await, i64::try_from(PIECES).unwrap());
    let other = if has_two_servers { Some(app.second_shop().await) } else { None };
    let shoppers = stream::iter(0..SHOPPERS)
        .map(async |at| match &other {
            Some(other) if at % 2 == 0 => on_the_other_server(other, at).await,
            _ => over_http(&app, at).await,
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<End>>();
    let (ends, ()) = tokio::join!(shoppers, change_price(&app.shop, NEW));
    let placed: Vec<_> = ends
        .iter()
        .filter_map(|end| match end {
            End::Placed(order, seen) => Some((order, *seen)),
            End::SoldOut => None,
        })
        .collect();
    assert_eq!((ends.len(), placed.len()), (SHOPPERS, PIECES));
    assert_eq!((app.stock(SKU).await, app.database.count("orders", &[]).await), (0, 20));
    for (order, seen) in placed {
        let items = app.shop.store().items(order).await.unwrap();
        let order = app.shop.store().order(order).await.unwrap().unwrap();
        assert_eq!(
            (order.total_fee, items.len(), items[0].price),
            (seen, 1, seen),
            "one price, the one seen"
        );
    }
    app.stop().await;
}

async fn a_price_that_changed_is_said_before_the_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut shopper = app.shopper().await;
    let path = format!("/orders/new?sku={SKU}&quantity=2");
    let page = shopper.get(&path).await.text().await.unwrap();
    assert_eq!(price_in(&page), OLD);
    change_price(&app.shop, NEW).await;
    let form = |price: Fen| {
        let price = price.0.to_string();
        let fields = [
            ("sku", SKU),
            ("quantity", "2"),
            ("price_seen", &price),
            ("to", "pickup"),
            ("pickup_name", "小李"),
            ("pickup_phone", "13800000000"),
        ];
        fields.map(|(name, value)| (name, value.to_owned()))
    };
    let post = async |shopper: &mut Shopper, price: Fen| {
        let fields = form(price);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        shopper.post("/orders", &fields).await
    };
    let refused = post(&mut shopper, OLD).await;
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    assert!(page.contains("商品价格有变化，请核对后再下单") && page.contains("358.00"), "{page}");
    assert_eq!((price_in(&page), app.database.count("orders", &[]).await), (NEW, 0));
    assert_eq!(post(&mut shopper, NEW).await.status(), 303);
    assert_eq!(app.database.number("orders", "total_fee", &[]).await, 2 * NEW.0);
    app.stop().await;
}

async fn a_second_tap_on_the_last_piece_finds_the_order(database: Database) {
    let app = TestApp::start(database).await;
    let mut first = app.shopper().await;
    let form = [("sku", "throw-wool-1"), ("quantity", "1")];
    let order = first.order("throw-wool-1", 1).await;
    // the second refusal comes from memory
    for _ in 0..2 {
        assert_eq!(app.shopper().await.post("/orders", &form).await.status(), 409);
    }
    let again = first.post("/orders", &form).await;
    assert_eq!(location(&again), format!("/orders/{order}/confirm"));
    // what returns to the stock is sold at once
    first.post(&format!("/orders/{order}/cancel"), &[]).await;
    assert_eq!(app.shopper().await.post("/orders", &form).await.status(), 303);
    // and what staff add
    assert_eq!(app.shopper().await.post("/orders", &form).await.status(), 409);
    let more = shop::StockChange::By(1);
    app.shop.products().correct_stock(&owner(), &"throw-wool-1".parse().unwrap(), more).await.unwrap();
    assert_eq!(app.shopper().await.post("/orders", &form).await.status(), 303);
    app.stop().await;
}
