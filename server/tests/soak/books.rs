//! WeChat's books against the shop's.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::Ordering,
};

use model::order::{OrderEvent, OrderState, transition};
use serde_json::Value;
use sqlx::{AnyPool, AssertSqlSafe, Row, any::AnyPoolOptions};

use crate::world::World;

/// Compares both, prints the table, and fails where they differ.
pub(crate) async fn compare(world: &World) {
    let ledger = world.wechat.json("ledger").await;
    let pool = AnyPoolOptions::new().max_connections(1).connect(&world.database.url).await.unwrap();
    let mut wrong = payments(&pool, &ledger).await;
    wrong.extend(refunds(&pool, &ledger).await);
    wrong.extend(stock(&pool).await);
    wrong.extend(events(&pool).await);
    let number = async |sql: &str| world.database.number(sql).await;
    let attempts = ledger["notifications"].as_array().unwrap().iter();
    let sent: usize = attempts.map(|row| row["attempts"].as_array().map_or(0, Vec::len)).sum();
    let table = [
        ("orders placed", number("SELECT COUNT(*) FROM orders").await.to_string()),
        ("servers killed", world.kills.load(Ordering::Relaxed).to_string()),
        ("paid at WeChat", paid_at_wechat(&ledger).len().to_string()),
        ("paid on the books", number("SELECT COUNT(*) FROM attempts WHERE state = 'paid'").await.to_string()),
        (
            "by notification",
            number("SELECT COUNT(*) FROM events WHERE what = 'paid' AND who = 'notification'")
                .await
                .to_string(),
        ),
        (
            "by query",
            number("SELECT COUNT(*) FROM events WHERE what = 'paid' AND who = 'query'").await.to_string(),
        ),
        ("notifications sent", sent.to_string()),
        ("refunds at WeChat", ledger["refunds"].as_array().unwrap().len().to_string()),
        (
            "refunds on the books",
            number("SELECT COUNT(*) FROM refunds WHERE state = 'success'").await.to_string(),
        ),
        ("differences", number("SELECT COUNT(*) FROM differences").await.to_string()),
        ("wrong", wrong.len().to_string()),
        ("seed", world.seed.to_string()),
    ];
    let lines: Vec<String> = table.iter().map(|(what, count)| format!("  {what:<22}{count:>16}")).collect();
    let table =
        format!("{}\n{}\n", world.database.url.split(':').next().unwrap_or_default(), lines.join("\n"));
    let mut out = std::io::stderr().lock();
    std::io::Write::write_all(&mut out, table.as_bytes()).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!paid_at_wechat(&ledger).is_empty(), "nothing was paid: the run shows nothing");
    pool.close().await;
}

async fn rows(pool: &AnyPool, sql: &str) -> Vec<sqlx::any::AnyRow> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.unwrap()
}

fn paid_at_wechat(ledger: &Value) -> BTreeMap<String, (i64, String)> {
    let orders = ledger["orders"].as_array().unwrap().iter();
    orders
        .filter(|order| ["SUCCESS", "REFUND"].contains(&order["trade_state"].as_str().unwrap()))
        .map(|order| {
            let text = |name: &str| order[name].as_str().unwrap().to_owned();
            (text("out_trade_no"), (order["total_fee"].as_i64().unwrap(), text("transaction_id")))
        })
        .collect()
}

/// Every order that WeChat holds as paid is paid in the shop, once, with the same amount; nothing else is.
async fn payments(pool: &AnyPool, ledger: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let wechat = paid_at_wechat(ledger);
    let sql = "SELECT a.out_trade_no, a.total_fee, a.transaction_id, o.state, o.total_fee, o.paid_out_trade_no FROM \
               attempts a JOIN orders o ON o.id = a.order_id WHERE a.state = 'paid'";
    let mut books = BTreeMap::new();
    for row in rows(pool, sql).await {
        let number: String = row.get(0);
        let (state, paid_by): (String, Option<String>) = (row.get(3), row.get(5));
        if paid_by.as_ref() == Some(&number)
            && (!["paid", "partly_refunded", "refunded"].contains(&&*state)
                || row.get::<i64, _>(1) != row.get::<i64, _>(4))
        {
            wrong.push(format!("{number}: the attempt is paid, the order is {state}"));
        }
        books.insert(number, (row.get::<i64, _>(1), row.get::<String, _>(2)));
    }
    for (number, paid) in &wechat {
        if books.get(number) != Some(paid) {
            wrong.push(format!("{number}: WeChat has {paid:?}, the books {:?}", books.get(number)));
        }
    }
    for number in books.keys().filter(|number| !wechat.contains_key(*number)) {
        wrong.push(format!("{number}: paid on the books, not at WeChat"));
    }
    let sql =
        "SELECT order_id, COUNT(*) FROM events WHERE what = 'paid' GROUP BY order_id HAVING COUNT(*) > 1";
    for row in rows(pool, sql).await {
        wrong.push(format!("{}: paid more than once", row.get::<String, _>(0)));
    }
    wrong
}

/// Every refund that WeChat made is on the books, and no other.
async fn refunds(pool: &AnyPool, ledger: &Value) -> Vec<String> {
    let wechat: BTreeMap<String, i64> = ledger["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["out_refund_no"].as_str().unwrap().to_owned(), row["refund_fee"].as_i64().unwrap()))
        .collect();
    let sql = "SELECT out_refund_no, refund_fee FROM refunds WHERE state = 'success'";
    let books: BTreeMap<String, i64> =
        rows(pool, sql).await.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut wrong = Vec::new();
    if wechat != books {
        wrong.push(format!("refunds: WeChat has {wechat:?}, the books {books:?}"));
    }
    let sql = "SELECT a.out_trade_no FROM attempts a WHERE a.refunding <> 0 OR a.refunded <> (SELECT \
               CAST(COALESCE(SUM(r.refund_fee), 0) AS BIGINT) FROM refunds r WHERE r.out_trade_no = a.out_trade_no AND \
               r.state = 'success')";
    for row in rows(pool, sql).await {
        wrong.push(format!("{}: its refunds do not add up", row.get::<String, _>(0)));
    }
    wrong
}

/// What is on the shelf and what orders hold is what there was. An order whose payment has not begun holds its things for
/// some minutes only.
async fn stock(pool: &AnyPool) -> Vec<String> {
    let sql = "SELECT s.id, s.stock, CAST(COALESCE((SELECT SUM(i.quantity) FROM order_items i JOIN orders o ON o.id = \
               i.order_id WHERE i.sku = s.id AND o.state <> 'closed' AND NOT (o.state = 'created' AND o.held = 0)), 0) AS BIGINT) FROM skus s";
    let sum = |row: &sqlx::any::AnyRow| row.get::<i64, _>(1) + row.get::<i64, _>(2);
    let wrong = rows(pool, sql).await.into_iter().filter(|row| sum(row) != 1_000_000);
    wrong.map(|row| format!("{}: {} pieces in all", row.get::<String, _>(0), sum(&row))).collect()
}

/// The events of each order lead to its state.
async fn events(pool: &AnyPool) -> Vec<String> {
    let mut states: HashMap<String, OrderState> = HashMap::new();
    let sql = "SELECT e.order_id, e.what, a.refunded, a.total_fee FROM events e LEFT JOIN attempts a ON \
               a.out_trade_no = e.out_trade_no ORDER BY e.order_id, e.seq";
    for row in rows(pool, sql).await {
        let state = states.entry(row.get(0)).or_insert(OrderState::Created);
        let event = match row.get::<&str, _>(1) {
            "attempt_started" => OrderEvent::AttemptStarted,
            "paid" => OrderEvent::Paid,
            "close_requested" => OrderEvent::CloseRequested,
            "closed" => OrderEvent::CloseConfirmed,
            "refund_succeeded" if row.get::<i64, _>(2) == row.get::<i64, _>(3) => OrderEvent::Refunded,
            "refund_succeeded" => OrderEvent::PartlyRefunded,
            _ => continue,
        };
        *state = transition(*state, event).unwrap_or(*state);
    }
    let mut wrong = Vec::new();
    for row in rows(pool, "SELECT id, state FROM orders").await {
        let (id, state): (String, String) = (row.get(0), row.get(1));
        let told = states.get(&id).map(ToString::to_string);
        if told.as_deref() != Some(&*state) {
            wrong.push(format!("{id} is {state}, its events say {told:?}"));
        }
    }
    wrong
}
