//! Locks and reads the rows of a group of commands, most tables with one statement. [`flush`](super::flush) is the
//! counterpart.

use std::{collections::BTreeSet, sync::Arc};

use model::{Fen, OpenId, message::MessagePlan};

use super::{
    Belongings, ReadSet, UnitOfWork,
    unit::{Entry, Unpaid},
};
use crate::{
    Dialect, StoreError, bulk,
    driver::{Connection, Row, Value, text},
    rows::{
        self, AFTER_SALE, AFTER_SALE_LINE, ATTEMPT, BOUGHT, BOUGHT_TAIL, COMPLAINT, COMPLAINT_ANSWER,
        DELIVERY, DELIVERY_REPORT, ITEM, MESSAGE, OPENID, ORDER, PARCEL, PUSH, REFUND, SHIPMENT, STOCK,
    },
};

pub(super) async fn load(
    connection: &mut Connection,
    reads: &ReadSet,
    plan: Arc<MessagePlan>,
) -> Result<UnitOfWork, StoreError> {
    let dialect = connection.dialect();
    if dialect.locks_rows() {
        lock(connection, reads).await?;
    }
    let mut unit = UnitOfWork { plan, ..UnitOfWork::default() };

    let rows = bulk::select(
        connection,
        "reading attempts",
        &format!(
            "SELECT {ORDER}, {ATTEMPT} FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.out_trade_no IN"
        ),
        keys(&reads.attempts),
        "",
    )
    .await?;
    for row in &rows {
        add(&mut unit, row)?;
    }

    let rows = bulk::select(
        connection,
        "reading orders",
        &format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.order_id = o.id WHERE o.id IN"
        ),
        keys(&reads.orders),
        "",
    )
    .await?;
    for row in &rows {
        add(&mut unit, row)?;
    }

    let head = format!("SELECT {ITEM} FROM order_items WHERE order_id IN");
    let rows =
        bulk::select(connection, "reading items", &head, keys(&reads.orders), "ORDER BY position").await?;
    for row in &rows {
        let item = rows::item(row)?;
        unit.items.entry(item.order_id.clone()).or_default().push(item);
    }

    let rows =
        bulk::select(connection, "reading stock", &format!("{STOCK} WHERE s.id IN"), keys(&reads.skus), "")
            .await?;
    for row in &rows {
        let stock = rows::stock(row)?;
        unit.stock.insert(stock.sku.clone(), stock);
    }

    refunds(connection, dialect, reads, &mut unit).await?;

    after_sale(connection, reads, &mut unit).await?;

    unpaid(connection, reads, &mut unit).await?;

    bought(connection, reads, &mut unit).await?;

    let head = format!("SELECT {PUSH} FROM pushes WHERE id IN");
    for row in &bulk::select(connection, "reading pushes", &head, keys(&reads.pushes), "").await? {
        let push = rows::push(row)?;
        unit.pushes.insert(push.id.clone(), Entry::read(push));
    }

    let head = format!("SELECT {MESSAGE} FROM messages WHERE id IN");
    // if two servers send the same message at the same time, the second waits for the lock and sees the state of the
    // first
    let tail = if dialect.locks_rows() { "ORDER BY id FOR UPDATE" } else { "" };
    for row in &bulk::select(connection, "reading messages", &head, keys(&reads.messages), tail).await? {
        let message = rows::message(row)?;
        unit.messages.insert(message.id.clone(), Entry::read(message));
    }

    complaints(connection, reads, &mut unit).await?;

    let mut same_basket = BTreeSet::new();
    for (shopper, basket) in &reads.baskets {
        let sql = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.order_id = o.id \
             WHERE o.openid = $1 AND o.basket = $2 AND o.state IN ('created', 'paying')"
        );
        let values = vec![text(shopper), text(basket)];
        for row in &connection.fetch("reading an unpaid order", &sql, values).await? {
            add(&mut unit, row)?;
            same_basket.insert(rows::order(row)?.id);
        }
    }
    for (shopper, link_key) in &reads.orders_with_link_key {
        let sql = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.order_id = o.id \
             WHERE o.openid = $1 AND o.link_key = $2"
        );
        for row in
            &connection.fetch("reading a confirmed order", &sql, vec![text(shopper), text(link_key)]).await?
        {
            add(&mut unit, row)?;
        }
    }
    let head = format!("SELECT {DELIVERY} FROM deliveries WHERE order_id IN");
    let ids = same_basket.into_iter().map(text).collect();
    for row in &bulk::select(connection, "reading deliveries of unpaid orders", &head, ids, "").await? {
        let delivery = rows::delivery(row)?;
        unit.known_deliveries.insert(delivery.order_id.to_string(), delivery);
    }
    openids(connection, reads, &mut unit).await?;
    Ok(unit)
}

/// Reads the openids of logins, of shoppers who order, and of shoppers who may get a message; then the belongings of
/// the openids of logins.
async fn openids(
    connection: &mut Connection,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    let context = "reading openids of shoppers";
    let mut named: Vec<String> = reads.logins.iter().map(|(openid, _)| openid.to_string()).collect();
    named.extend(reads.shoppers.iter().cloned());
    let head = format!("{OPENID} WHERE o.openid IN");
    let mut rows = bulk::select(connection, context, &head, keys(&named), "").await?;
    if unit.plan.tells_shoppers() {
        let orders = unit.orders.values().map(|entry| &entry.row);
        let told: Vec<_> = orders.filter_map(|order| order.shopper.openid()).cloned().collect();
        let head = format!("{OPENID} WHERE o.shopper IN");
        rows.extend(bulk::select(connection, context, &head, keys(&told), "").await?);
    }
    for row in &rows {
        let known = rows::openid(row)?;
        unit.openids.insert(known.openid.to_string(), known);
    }
    let unionids: Vec<_> = reads.logins.iter().map(|(_, unionid)| unionid).collect();
    for (unionid, shopper) in owners(connection, &keys(&unionids)).await? {
        unit.owners.insert(unionid, shopper);
    }
    for (openid, _) in &reads.logins {
        let belongings = belongings(connection, openid).await?;
        unit.belongings.insert(openid.to_string(), belongings);
    }
    Ok(())
}

/// Reads the shoppers of these unionids.
async fn owners(
    connection: &mut Connection,
    unionids: &[Value],
) -> Result<Vec<(String, OpenId)>, StoreError> {
    let head = "SELECT id, unionid FROM shoppers WHERE unionid IN";
    let rows = bulk::select(connection, "reading shoppers", head, unionids.to_vec(), "").await?;
    rows.iter().map(|row| Ok((rows::text(row, "unionid")?, rows::text(row, "id")?))).collect()
}

async fn belongings(connection: &mut Connection, openid: &OpenId) -> Result<Belongings, StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM orders WHERE openid = $1) AS orders, \
               (SELECT COUNT(*) FROM carts WHERE shopper = $1) AS cart_lines, \
               (SELECT COUNT(*) FROM addresses WHERE shopper = $1) AS addresses, \
               COALESCE((SELECT balance FROM wallets WHERE openid = $1), 0) AS balance";
    let row = connection.fetch_one("reading what a shopper has", sql, vec![text(openid)]).await?;
    Ok(Belongings {
        orders: rows::number(&row, "orders")?,
        cart_lines: rows::number(&row, "cart_lines")?,
        addresses: rows::number(&row, "addresses")?,
        balance: Fen(rows::number(&row, "balance")?),
    })
}

/// Reads and locks complaints, then the answers to them: two staff members may answer on two servers at the same time.
async fn complaints(
    connection: &mut Connection,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    let head = format!("SELECT {COMPLAINT} FROM complaints WHERE id IN");
    let tail = if connection.dialect().locks_rows() { "ORDER BY id FOR UPDATE" } else { "" };
    for row in &bulk::select(connection, "reading complaints", &head, keys(&reads.complaints), tail).await? {
        let complaint = rows::complaint(row)?;
        unit.complaints.insert(complaint.id.clone(), Entry::read(complaint));
    }
    let head = format!("SELECT {COMPLAINT_ANSWER} FROM complaint_answers WHERE complaint_id IN");
    let context = "reading answers to complaints";
    for row in &bulk::select(connection, context, &head, keys(&reads.complaints), "").await? {
        let answer = rows::complaint_answer(row)?;
        unit.complaint_answers.insert(answer.id.clone(), Entry::read(answer));
    }
    Ok(())
}

/// Counts the unpaid orders, and the pieces that they hold, for the shoppers and IP addresses of the read set. Both
/// conditions of the partial index on `placed_from` must be in the statement, or the database does not use it.
async fn unpaid(
    connection: &mut Connection,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    let head = |column: &str| {
        format!(
            "SELECT {column} AS holder, CAST(COUNT(*) AS BIGINT) AS orders, CAST(COALESCE(SUM(held), 0) AS BIGINT) \
             AS pieces FROM orders \
             WHERE state IN ('created', 'paying', 'closing') AND kind = 'goods' AND {column} <> '' AND {column} IN"
        )
    };
    let context = "reading unpaid orders";
    for (column, keys, found) in [
        ("openid", keys(&reads.shoppers), &mut unit.unpaid_of_shoppers),
        ("placed_from", keys(&reads.addresses), &mut unit.unpaid_of_addresses),
    ] {
        let tail = format!("GROUP BY {column}");
        for row in &bulk::select(connection, context, &head(column), keys, &tail).await? {
            let unpaid =
                Unpaid { orders: rows::number(row, "orders")?, pieces: rows::number(row, "pieces")? };
            found.insert(rows::text(row, "holder")?, unpaid);
        }
    }
    Ok(())
}

/// Counts what the shoppers of the read set have bought, if a product of the group has a purchase limit.
async fn bought(
    connection: &mut Connection,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    if unit.stock.values().all(|row| row.purchase_limit.is_none()) {
        return Ok(());
    }
    let context = "reading what shoppers have bought";
    for row in &bulk::select(connection, context, BOUGHT, keys(&reads.shoppers), BOUGHT_TAIL).await? {
        let (shopper, product, pieces) = rows::bought(row)?;
        unit.bought_pieces.insert((shopper, product), pieces);
    }
    Ok(())
}

/// Reads the shipments, the delivery reports and the after-sales of orders.
async fn after_sale(
    connection: &mut Connection,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    let ids = keys(&reads.orders_with_after_sales);
    let head = format!("SELECT {SHIPMENT} FROM shipments WHERE order_id IN");
    let rows = bulk::select(connection, "reading shipments", &head, ids.clone(), "").await?;
    let head = format!("SELECT {PARCEL} FROM parcels WHERE order_id IN");
    let tail = "ORDER BY order_id, position";
    let parcels = bulk::select(connection, "reading parcels", &head, ids.clone(), tail).await?;
    for shipment in rows::shipments(&rows, &parcels)? {
        unit.shipments.insert(shipment.order_id.to_string(), Entry::read(shipment));
    }
    let head = format!("SELECT {DELIVERY_REPORT} FROM delivery_reports WHERE order_id IN");
    for row in &bulk::select(connection, "reading reports of deliveries", &head, ids.clone(), "").await? {
        let report = rows::delivery_report(row)?;
        unit.delivery_reports.insert(report.order_id.to_string(), Entry::read(report));
    }
    let head = format!("SELECT {AFTER_SALE} FROM after_sales WHERE order_id IN");
    let rows = bulk::select(connection, "reading after-sales", &head, ids, "").await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push(Value::Text(rows::text(row, "id")?));
    }
    let head = format!("SELECT {AFTER_SALE_LINE} FROM after_sale_lines WHERE after_sale_id IN");
    let tail = "ORDER BY after_sale_id, position";
    let lines = bulk::select(connection, "reading lines of after-sales", &head, known, tail).await?;
    for after_sale in rows::after_sales(&rows, &lines)? {
        unit.after_sales.insert(after_sale.id.clone(), Entry::read(after_sale));
    }
    Ok(())
}

/// Reads refunds, and reads and locks the balances that they may change.
async fn refunds(
    connection: &mut Connection,
    dialect: Dialect,
    reads: &ReadSet,
    unit: &mut UnitOfWork,
) -> Result<(), StoreError> {
    let head = format!("SELECT {REFUND} FROM refunds WHERE order_id IN");
    for row in &bulk::select(connection, "reading refunds", &head, keys(&reads.refunds), "").await? {
        let refund = rows::refund(row)?;
        unit.refunds.insert(refund.out_refund_no.clone(), Entry::read(refund));
    }
    let head = format!("SELECT {REFUND} FROM refunds WHERE out_refund_no IN");
    for row in &bulk::select(connection, "reading refunds", &head, keys(&reads.refund_numbers), "").await? {
        let refund = rows::refund(row)?;
        unit.refunds.entry(refund.out_refund_no.clone()).or_insert_with(|| Entry::read(refund));
    }
    let owners = reads.refunds.iter().filter_map(|id| unit.order(id)).map(|order| order.shopper.to_string());
    let owners: Vec<_> = owners.chain(reads.balances.iter().cloned()).collect();
    let head = "SELECT openid, balance FROM wallets WHERE openid IN";
    let tail = if dialect.locks_rows() { "ORDER BY openid FOR UPDATE" } else { "" };
    for row in &bulk::select(connection, "reading balances", head, keys(&owners), tail).await? {
        let (shopper, balance) = (rows::text(row, "openid")?, Fen(rows::number(row, "balance")?));
        unit.balances.insert(shopper, balance);
    }
    Ok(())
}

/// Locks the rows that the group may change, before it reads any of them: a statement that waits for a lock sees the
/// other tables as they were before the wait. All servers lock in the same sequence, which avoids deadlocks.
async fn lock(connection: &mut Connection, reads: &ReadSet) -> Result<(), StoreError> {
    let context = "locking rows";
    // shoppers and IP addresses have no row to lock, so advisory locks keep two servers from counting at the same time
    let holders = reads.shoppers.iter().chain(&reads.addresses).map(|key| format!("unpaid:{key}"));
    let mut names: Vec<_> = holders.collect();
    names.extend(lock_logins(connection, reads).await?);
    bulk::lock_names(connection, context, keys(&names)).await?;
    // an attempt never moves to another order, so its order can be read without a lock
    let head = "SELECT order_id FROM attempts WHERE out_trade_no IN";
    let mut orders: Vec<String> = reads.orders.iter().map(ToString::to_string).collect();
    // the orders that a merge may move; the advisory lock of the openid keeps others from adding one
    let moving: Vec<_> = reads.logins.iter().map(|(openid, _)| openid).collect();
    for row in
        &bulk::select(connection, context, "SELECT id FROM orders WHERE openid IN", keys(&moving), "").await?
    {
        orders.push(rows::text(row, "id")?);
    }
    for row in &bulk::select(connection, context, head, keys(&reads.attempts), "").await? {
        orders.push(rows::text(row, "order_id")?);
    }
    // all orders in one statement: with two, two servers could each hold a row that the other needs next
    let head = "SELECT o.id FROM orders o WHERE o.id IN";
    bulk::select(connection, context, head, keys(&orders), "ORDER BY o.id FOR UPDATE").await?;
    // then all stock: what commands read, and what returns to the stock
    let mut skus: Vec<String> = reads.skus.iter().map(ToString::to_string).collect();
    let head = "SELECT sku FROM order_items WHERE order_id IN";
    for row in &bulk::select(connection, context, head, keys(&reads.stock_returns), "").await? {
        skus.push(rows::text(row, "sku")?);
    }
    let head = "SELECT s.id FROM skus s WHERE s.id IN";
    bulk::select(connection, context, head, keys(&skus), "ORDER BY s.id FOR UPDATE").await?;
    Ok(())
}

/// Locks the unionids of logins. Returns the advisory locks to take next: placing an order, filling a cart and saving
/// an address take the same locks.
async fn lock_logins(connection: &mut Connection, reads: &ReadSet) -> Result<Vec<String>, StoreError> {
    if reads.logins.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<_> = reads.logins.iter().map(|(_, unionid)| format!("unionid:{unionid}")).collect();
    bulk::lock_names(connection, "locking unionids", keys(&names)).await?;
    let unionids: Vec<_> = reads.logins.iter().map(|(_, unionid)| unionid).collect();
    let owners = owners(connection, &keys(&unionids)).await?.into_iter().map(|(_, shopper)| shopper);
    let shoppers = reads.logins.iter().map(|(openid, _)| openid.clone()).chain(owners);
    Ok(shoppers.flat_map(|shopper| [format!("unpaid:{shopper}"), format!("own:{shopper}")]).collect())
}

fn add(unit: &mut UnitOfWork, row: &Row) -> Result<(), StoreError> {
    let order = rows::order(row)?;
    if let Some(attempt) = rows::joined_attempt(row)? {
        unit.attempts.entry(attempt.out_trade_no.clone()).or_insert_with(|| Entry::read(attempt));
    }
    unit.orders.entry(order.id.clone()).or_insert_with(|| Entry::read(order));
    Ok(())
}

/// Sorts the keys and removes duplicates. All servers lock in this sequence, which avoids deadlocks.
fn keys(ids: &[impl ToString]) -> Vec<Value> {
    let mut texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.into_iter().map(Value::Text).collect()
}
