//! WeChat's books against the shop's.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::atomic::Ordering,
};

use model::order::{OrderEvent, OrderState, transition};
use serde_json::Value;
use test_support::TestConnection;

use crate::{
    after_sales, balances,
    service::{self, Call},
    world::World,
};

/// Compares both, prints the table, and fails where they differ.
pub(crate) async fn compare(world: &World, calls: &[Call]) {
    let ledger = world.wechat.json("ledger").await;
    let database = world.database.connect().await;
    let mut wrong = payments(&database, &ledger).await;
    wrong.extend(refunds(&database, &ledger).await);
    wrong.extend(stock(&database).await);
    wrong.extend(events(&database).await);
    wrong.extend(messages(world, &database).await);
    wrong.extend(balances::compare(&database).await);
    wrong.extend(after_sales::compare(world, &database).await);
    wrong.extend(service::deliveries(world, &database, &ledger, calls).await);
    wrong.extend(service::complaints(world, &database).await);
    let count = async |table, conditions: &[(&str, &str)]| world.database.count(table, conditions).await;
    let attempts = ledger["notifications"].as_array().unwrap().iter();
    let sent: usize = attempts.map(|row| row["attempts"].as_array().map_or(0, Vec::len)).sum();
    let table = [
        ("orders placed", count("orders", &[]).await.to_string()),
        ("longest pause, ms", longest_pause_ms(world, &database).await.to_string()),
        ("servers killed, or fail-overs", world.kills.load(Ordering::Relaxed).to_string()),
        ("paid at WeChat", paid_at_wechat(&ledger).len().to_string()),
        ("paid on the books", count("attempts", &[("state", "paid")]).await.to_string()),
        ("of them by the balance alone", count("attempts", &[("trade_type", BALANCE)]).await.to_string()),
        ("spent from balances, fen", database.table("attempts").sum("balance_fee").await.to_string()),
        ("by notification", count("events", &[("what", "paid"), ("who", "notification")]).await.to_string()),
        ("by query", count("events", &[("what", "paid"), ("who", "query")]).await.to_string()),
        ("notifications sent", sent.to_string()),
        ("refunds at WeChat", ledger["refunds"].as_array().unwrap().len().to_string()),
        ("refunds on the books", count("refunds", &[("state", "success")]).await.to_string()),
        ("after-sales refunded", count("after_sales", &[("state", "refunded")]).await.to_string()),
        (
            "of them returned",
            count("after_sales", &[("state", "refunded"), ("kind", "return")]).await.to_string(),
        ),
        (
            "pieces back in the stock",
            after_sales::restocked(&database).await.values().sum::<i64>().to_string(),
        ),
        ("messages sent", count("messages", &[("state", "sent")]).await.to_string()),
        ("messages unknown", count("messages", &[("state", "unknown")]).await.to_string()),
        ("deliveries reported", count("delivery_reports", &[("state", "reported")]).await.to_string()),
        ("uploads", calls.iter().filter(|call| call.is_upload()).count().to_string()),
        ("complaints ended", count("complaints", &[("state", "processed")]).await.to_string()),
        ("differences", count("differences", &[]).await.to_string()),
        ("wrong", wrong.len().to_string()),
        ("seed", world.seed.to_string()),
    ];
    let lines: Vec<String> = table.iter().map(|(what, count)| format!("  {what:<30}{count:>16}")).collect();
    let table =
        format!("{}\n{}\n", world.database.url.split(':').next().unwrap_or_default(), lines.join("\n"));
    let mut out = std::io::stderr().lock();
    std::io::Write::write_all(&mut out, table.as_bytes()).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!paid_at_wechat(&ledger).is_empty(), "nothing was paid: the run shows nothing");
}

/// The longest time without a paid order while shoppers bought.
async fn longest_pause_ms(world: &World, database: &TestConnection) -> i64 {
    let Some((began_ms, ended_ms)) = *world.load.lock().unwrap() else { return 0 };
    let paid = database.table("events").with("what", "paid").rows("at_ms").await;
    let mut times: Vec<i64> = paid.iter().map(|row| number(row, "at_ms")).collect();
    times.retain(|at| (began_ms..=ended_ms).contains(at));
    times.extend([began_ms, ended_ms]);
    times.sort_unstable();
    times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
}

/// A row: its columns as text.
pub(crate) type Row = BTreeMap<String, String>;

/// The method of an attempt that WeChat does not know.
const BALANCE: &str = "BALANCE";

/// A column that holds a number.
#[track_caller]
pub(crate) fn number(row: &Row, column: &str) -> i64 {
    row[column].parse().unwrap()
}

#[track_caller]
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
async fn payments(database: &TestConnection, ledger: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let wechat = paid_at_wechat(ledger);
    let orders: HashMap<String, Row> = database
        .table("orders")
        .rows("id, state, total_fee, paid_out_trade_no")
        .await
        .into_iter()
        .map(|row| (row["id"].clone(), row))
        .collect();
    let mut books = BTreeMap::new();
    for row in database.table("attempts").with("state", "paid").rows("*").await {
        let (out_trade_no, order) = (&row["out_trade_no"], &orders[&row["order_id"]]);
        let is_paid = ["paid", "partly_refunded", "refunded"].contains(&&*order["state"]);
        if order["paid_out_trade_no"] == *out_trade_no && !(is_paid && row["total_fee"] == order["total_fee"])
        {
            wrong.push(format!("{out_trade_no}: the attempt is paid, the order is {}", order["state"]));
        }
        if row["trade_type"] != BALANCE {
            let wechat_fee = number(&row, "total_fee") - number(&row, "balance_fee");
            books.insert(out_trade_no.clone(), (wechat_fee, row["transaction_id"].clone()));
        }
    }
    for (out_trade_no, paid) in &wechat {
        if books.get(out_trade_no) != Some(paid) {
            let known = books.get(out_trade_no);
            wrong.push(format!("{out_trade_no}: WeChat has {paid:?}, the books {known:?}"));
        }
    }
    for out_trade_no in books.keys().filter(|number| !wechat.contains_key(*number)) {
        wrong.push(format!("{out_trade_no}: paid on the books, not at WeChat"));
    }
    let mut paid_once = BTreeSet::new();
    for row in database.table("events").with("what", "paid").rows("order_id").await {
        if !paid_once.insert(row["order_id"].clone()) {
            wrong.push(format!("{}: paid more than once", row["order_id"]));
        }
    }
    wrong
}

/// Every refund that WeChat made is on the books, and no other.
async fn refunds(database: &TestConnection, ledger: &Value) -> Vec<String> {
    let wechat: BTreeMap<String, i64> = ledger["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["out_refund_no"].as_str().unwrap().to_owned(), row["refund_fee"].as_i64().unwrap()))
        .collect();
    let succeeded = database.table("refunds").with("state", "success").rows("*").await;
    let wechat_fee = |row: &Row| number(row, "refund_fee") - number(row, "balance_fee");
    let books: BTreeMap<String, i64> = succeeded
        .iter()
        .map(|row| (row["out_refund_no"].clone(), wechat_fee(row)))
        .filter(|(_, fee)| *fee > 0)
        .collect();
    let mut wrong = Vec::new();
    if wechat != books {
        wrong.push(format!("refunds: WeChat has {wechat:?}, the books {books:?}"));
    }
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for row in &succeeded {
        *sums.entry(&row["out_trade_no"]).or_default() += number(row, "refund_fee");
    }
    for row in database.table("attempts").rows("out_trade_no, refunded, refunding").await {
        let sum = sums.get(&*row["out_trade_no"]).copied().unwrap_or(0);
        if number(&row, "refunding") != 0 || number(&row, "refunded") != sum {
            wrong.push(format!("{}: its refunds do not add up", row["out_trade_no"]));
        }
    }
    wrong
}

/// The stock and the pieces that orders hold are together what there was. An order whose payment has not begun holds its
/// pieces for some minutes only.
async fn stock(database: &TestConnection) -> Vec<String> {
    let holding: BTreeSet<String> = database
        .table("orders")
        .without("state", "closed")
        .rows("id, state, held")
        .await
        .into_iter()
        .filter(|row| !(row["state"] == "created" && number(row, "held") == 0))
        .map(|row| row["id"].clone())
        .collect();
    let mut held: HashMap<String, i64> = HashMap::new();
    for row in database.table("order_items").rows("order_id, sku, quantity").await {
        if holding.contains(&row["order_id"]) {
            *held.entry(row["sku"].clone()).or_default() += number(&row, "quantity");
        }
    }
    let returned = after_sales::restocked(database).await;
    let of = |pieces: &HashMap<String, i64>, row: &Row| pieces.get(&row["id"]).copied().unwrap_or(0);
    let all = database.table("skus").rows("id, stock").await;
    let sum = |row: &Row| number(row, "stock") + of(&held, row) - of(&returned, row);
    let wrong = all.iter().filter(|row| sum(row) != 1_000_000);
    wrong.map(|row| format!("{}: {} pieces in all", row["id"], sum(row))).collect()
}

/// Each paid order is told once. A message whose outcome is unknown may have arrived, once.
async fn messages(world: &World, database: &TestConnection) -> Vec<String> {
    let all = world.wechat.json("messages").await;
    let mut received: HashMap<String, usize> = HashMap::new();
    for message in all["messages"].as_array().unwrap() {
        let order = message["url"].as_str().unwrap().rsplit('/').next().unwrap();
        *received.entry(order.to_owned()).or_default() += 1;
    }
    let told = database.table("messages").with("subject", "paid").rows("order_id, state").await;
    let mut wrong = Vec::new();
    for row in &told {
        let times = received.remove(&row["order_id"]).unwrap_or(0);
        let is_right = match &*row["state"] {
            "sent" => times == 1,
            "unknown" => times <= 1,
            // refused, or dropped
            _ => times == 0,
        };
        if !is_right {
            wrong.push(format!(
                "{}: its message is {} and was received {times} times",
                row["order_id"], row["state"]
            ));
        }
    }
    wrong.extend(received.keys().map(|order| format!("{order}: a message that the books do not have")));
    let told: BTreeSet<&String> = told.iter().map(|row| &row["order_id"]).collect();
    for row in database.table("events").with("what", "paid").rows("order_id").await {
        if !told.contains(&row["order_id"]) {
            wrong.push(format!("{}: paid, and nobody was told", row["order_id"]));
        }
    }
    wrong
}

/// The events of each order lead to its state.
async fn events(database: &TestConnection) -> Vec<String> {
    let attempts: HashMap<String, Row> = database
        .table("attempts")
        .rows("out_trade_no, refunded, total_fee")
        .await
        .into_iter()
        .map(|row| (row["out_trade_no"].clone(), row))
        .collect();
    let mut events = database.table("events").rows("order_id, seq, what, out_trade_no").await;
    events.sort_by_key(|row| (row["order_id"].clone(), number(row, "seq")));
    let mut states: HashMap<String, OrderState> = HashMap::new();
    for row in events {
        let is_whole =
            attempts.get(&row["out_trade_no"]).is_some_and(|row| row["refunded"] == row["total_fee"]);
        let state = states.entry(row["order_id"].clone()).or_insert(OrderState::Created);
        let event = match &*row["what"] {
            "attempt_started" => OrderEvent::AttemptStarted,
            "paid" => OrderEvent::Paid,
            "close_requested" => OrderEvent::CloseRequested,
            "closed" => OrderEvent::CloseConfirmed,
            "refund_succeeded" if is_whole => OrderEvent::Refunded,
            "refund_succeeded" => OrderEvent::PartlyRefunded,
            _ => continue,
        };
        *state = transition(*state, event).unwrap_or(*state);
    }
    let mut wrong = Vec::new();
    for row in database.table("orders").rows("id, state").await {
        let computed = states.get(&row["id"]).map(ToString::to_string);
        if computed.as_deref() != Some(&*row["state"]) {
            wrong.push(format!("{} is {}, its events say {computed:?}", row["id"], row["state"]));
        }
    }
    wrong
}
