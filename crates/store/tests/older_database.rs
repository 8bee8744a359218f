//! A database of an older version opens with the same states, sums and stock.
//!
//! The server of commit 6f89214, from before `crates/store` existed, wrote the fixture: three paid orders (one has a refund in
//! progress, one a refund application, one is a top-up), one partly and one wholly refunded, one not paid, one being paid.

use model::after_sale::AfterSaleState;
use model::{Fen, OpenId, OrderId, UnionId, order::OrderState, refund::RefundState};
use store::{Command, Joined, ReadSet, Store, UnitOfWork};
use test_support::Database;

const DUMP: &str = include_str!("../fixtures/before_store_crate.sql");

const PAID: &str = "202611290421435609764443";
const PARTLY_REFUNDED: &str = "202611290421437820634870";
const REFUNDED: &str = "202611290421439676996011";
const CREATED: &str = "202611290422457736733464";
const PAYING: &str = "202611290422465425798097";
const WITH_APPLICATION: &str = "202611290422472743666890";

#[track_caller]
fn id(text: &str) -> OrderId {
    text.parse().expect("an order id")
}

async fn open(database: &Database) -> Store {
    Store::open(&database.url).await.expect("the database opens")
}

#[tokio::test]
async fn an_older_database_has_the_same_states() {
    let database = Database::of_dump(DUMP).await;
    let store = open(&database).await;
    for (order, state) in [
        (PAID, OrderState::Paid),
        (PARTLY_REFUNDED, OrderState::PartlyRefunded),
        (REFUNDED, OrderState::Refunded),
        (CREATED, OrderState::Created),
        (PAYING, OrderState::Paying),
        (WITH_APPLICATION, OrderState::Paid),
    ] {
        let record = store.order(&id(order)).await.unwrap().unwrap();
        assert_eq!(record.state, state, "{order}");
        assert!(!store.events(&id(order)).await.unwrap().is_empty(), "{order}");
        assert_eq!(store.items(&id(order)).await.unwrap().len(), 1, "{order}");
    }
    let after_sales = store.after_sales_of(&id(WITH_APPLICATION)).await.unwrap();
    assert_eq!((after_sales.len(), &*after_sales[0].reason), (1, "颜色不对"));
    assert_eq!((after_sales[0].state, after_sales[0].fee), (AfterSaleState::Requested, Fen(5900)));
    let jobs = database.count("jobs", &[]).await;
    assert_eq!(jobs, 15, "no job is lost");
}

#[tokio::test]
async fn an_older_database_has_the_same_sums_and_stock() {
    let database = Database::of_dump(DUMP).await;
    let store = open(&database).await;
    for (order, refunding, refunded, state) in [
        (PAID, 500, 0, RefundState::Processing),
        (PARTLY_REFUNDED, 0, 1900, RefundState::Success),
        (REFUNDED, 0, 5900, RefundState::Success),
    ] {
        let attempts = store.attempts_of(&id(order)).await.unwrap();
        assert_eq!(attempts.len(), 1, "{order}");
        assert_eq!((attempts[0].refunding, attempts[0].refunded), (Fen(refunding), Fen(refunded)), "{order}");
        let refunds = store.refunds_of(&id(order)).await.unwrap();
        let booked: Vec<_> = refunds.iter().map(|refund| (refund.refund_fee, refund.state)).collect();
        assert_eq!(booked, [(Fen(refunding + refunded), state)], "{order}");
    }
    let shopper = store.order(&id(WITH_APPLICATION)).await.unwrap().unwrap().shopper;
    assert_eq!(store.balance(&shopper).await.unwrap(), Fen(1990));
    let stock = store.stock().await.unwrap();
    let mug = stock.iter().find(|row| row.sku.as_str() == "mug-celadon-300").unwrap();
    // 40 at first; seven pieces are sold or held
    assert_eq!(mug.stock, 33);
    assert_eq!(database.sum("orders", "total_fee", &[]).await, 7 * 5900 + 1990);
}

struct Login {
    openid: OpenId,
    unionid: UnionId,
}

impl Command for Login {
    type Reply = Joined;

    fn reads(&self, reads: &mut ReadSet) {
        reads.login(&self.openid, &self.unionid);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Joined {
        unit.join_shopper(&self.openid, "wx", &self.unionid, 1)
    }
}

#[tokio::test]
async fn a_shopper_of_an_older_database_is_joined() {
    let database = Database::of_dump(DUMP).await;
    let store = open(&database).await;
    let before = store.order(&id(WITH_APPLICATION)).await.unwrap().unwrap().shopper;
    let orders = database.count("orders", &[("openid", &before.to_string())]).await;
    let log_in = async |openid: &str| {
        let login = Login { openid: openid.parse().unwrap(), unionid: "oUnion".parse().unwrap() };
        store.write(login).await.unwrap()
    };
    assert_eq!(log_in("oProgram").await, Joined::First);
    let Joined::Merged(shopper, moved) = log_in(&before.to_string()).await else {
        panic!("it is not joined")
    };
    assert_eq!((shopper.as_str(), moved.orders, moved.balance), ("oProgram", orders, Fen(1990)));
    assert_eq!(store.balance(&shopper.clone().into()).await.unwrap(), Fen(1990));
    assert_eq!(database.count("orders", &[("openid", "oProgram")]).await, orders);
    let after_sales = store.after_sales_of(&id(WITH_APPLICATION)).await.unwrap();
    assert_eq!((after_sales.len(), &*after_sales[0].reason), (1, "颜色不对"));
    assert_eq!((after_sales[0].state, after_sales[0].fee), (AfterSaleState::Requested, Fen(5900)));
    let attempts = store.attempts_of(&id(WITH_APPLICATION)).await.unwrap();
    assert_eq!(attempts[0].openid.as_ref(), before.openid(), "WeChat knows the payer by this openid");
    assert_eq!(log_in(&before.to_string()).await, Joined::Known);
}
