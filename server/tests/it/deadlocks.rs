//! Two servers on one PostgreSQL never wait for each other in a circle.

use std::time::Duration;

use futures::future::join_all;
use model::{OpenId, OrderId, Quantity, Shopper, Sku};
use shop::{NewOrderLine, Shop};
use wechat::pay::v3::VerificationError;

use test_support::Database;

use crate::{app::TestApp, notifications::genuine};

/// The first and the last one by name.
const SKUS: [&str; 2] = ["mug-celadon-300", "test-sticker-1"];

#[track_caller]
fn owner(number: usize) -> Shopper {
    format!("oLock{number:04}").parse::<OpenId>().unwrap().into()
}

async fn place(shop: &Shop, number: usize, sku: &str) -> OrderId {
    let line = NewOrderLine { sku: sku.parse::<Sku>().unwrap(), quantity: Quantity::ONE };
    let address = [127, 0, u8::try_from(number % 200).unwrap(), 1].into();
    shop.checkout().place(&owner(number), &[line], address).await.unwrap()
}

/// PostgreSQL counts a deadlock when it ends one, after a second. The shop then tries again, so nothing else shows it.
async fn no_deadlock(app: &TestApp) {
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(app.database.connect().await.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_do_not_deadlock_over_stock() {
    let app = TestApp::start(Database::postgres().await).await;
    app.database.set("skus", "stock", 100000, &[]).await;
    let other = app.second_shop().await;
    let servers = [&app.shop, &other];
    for round in 0..25 {
        let number = |server: usize, at: usize| round * 40 + server * 20 + at;
        let first = (0..2).flat_map(|server| (0..8).map(move |at| (server, at)));
        let placed = join_all(
            first.clone().map(|(server, at)| place(servers[server], number(server, at), SKUS[server])),
        );
        let placed = placed.await;
        // each server gives up orders of the one thing and places orders of the other: what it needs and what goes back
        let cancels = first.clone().zip(&placed).map(|((server, at), id)| {
            let shop = servers[server];
            async move { shop.checkout().cancel(&owner(number(server, at)), id).await.unwrap() }
        });
        let places =
            first.map(|(server, at)| place(servers[server], number(server, at + 10), SKUS[1 - server]));
        tokio::join!(join_all(cancels), join_all(places));
    }
    no_deadlock(&app).await;
    assert_eq!(app.database.count("orders", &[("state", "closed")]).await, 400);
    for sku in SKUS {
        assert_eq!(app.stock(sku).await, 100_000 - 200, "{sku}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_do_not_deadlock_over_orders() {
    let app = TestApp::start(Database::postgres().await).await;
    app.database.set("skus", "stock", 100000, &[]).await;
    let other = app.second_shop().await;
    let servers = [&app.shop, &other];
    for _ in 0..12 {
        let mut pairs = Vec::new();
        for _ in 0..2 {
            let mut shopper = app.shopper().await;
            let (order, out_trade_no) = shopper.about_to_pay(SKUS[0], 1).await;
            // of another amount, so that it stays as it is
            let body = genuine(&app, &out_trade_no, &[("total_fee", "1")]).await;
            pairs.push((
                shopper.openid.parse::<OpenId>().unwrap().into(),
                order.parse::<OrderId>().unwrap(),
                body,
            ));
        }
        // each server hears of the one order's payment while it gives the other order up
        let work = (0..8).flat_map(|_| 0..2).map(|server| {
            let (shop, [own, others]) = (servers[server], [&pairs[server], &pairs[1 - server]]);
            async move {
                let unsigned = Err(VerificationError::Header("Wechatpay-Signature"));
                let heard = shop.payments().notified(unsigned, own.2.as_bytes());
                let given_up = shop.checkout().cancel(&others.0, &others.1);
                let _ = tokio::join!(heard, given_up);
            }
        });
        join_all(work).await;
    }
    no_deadlock(&app).await;
    app.stop().await;
}
