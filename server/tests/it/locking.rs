//! Two servers on one PostgreSQL never wait for each other in a circle.

use model::{Quantity, Sku};
use shop::{Line, Shop};

use crate::{app::TestApp, database::Database};

const SKUS: [&str; 3] = ["mug-celadon-300", "mug-celadon-450", "test-sticker-1"];

/// Orders of the same things in either order, placed and given up on both servers at once.
async fn place_and_cancel(shop: &Shop, shopper: usize, backwards: bool) {
    let owner = format!("oLock{shopper:04}").parse::<model::OpenId>().unwrap().into();
    let mut lines: Vec<Line> =
        SKUS.map(|sku| Line { sku: sku.parse::<Sku>().unwrap(), quantity: Quantity::ONE }).to_vec();
    if backwards {
        lines.reverse();
    }
    let address = [127, 0, u8::try_from(shopper % 200).unwrap(), 1].into();
    let id = shop.place(&owner, &lines, address).await.unwrap();
    shop.cancel(&owner, &id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_do_not_deadlock() {
    let app = TestApp::start(Database::postgres().await).await;
    app.database.run("UPDATE skus SET stock = 100000").await;
    let other = app.second_shop().await;
    for round in 0..30 {
        let work = (0..24).map(|at| {
            let shop = if at % 2 == 0 { &app.shop } else { &other };
            place_and_cancel(shop, round * 24 + at, at % 3 == 0)
        });
        futures::future::join_all(work).await;
    }
    // PostgreSQL counts a deadlock when it ends one; the shop would have tried again, a second later
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(app.database.number(deadlocks).await, 0);
    assert_eq!(app.database.number("SELECT COUNT(*) FROM orders WHERE state = 'closed'").await, 720);
    assert_eq!(
        app.database.number("SELECT COUNT(*) FROM skus WHERE stock = 100000").await,
        app.database.number("SELECT COUNT(*) FROM skus").await
    );
    app.stop().await;
}
