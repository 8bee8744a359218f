//! Reads what a group of commands needs: each table once.

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::{
    super::{
        Dialect, StoreError,
        bulk::{self, Value},
        rows::{self, ATTEMPT, ITEM, ORDER, REFUND, REFUND_REQUEST, SHIPMENT, STOCK},
    },
    Books, Needs,
    books::{Entry, Unpaid},
};

pub(super) async fn load(
    connection: &mut AnyConnection,
    dialect: Dialect,
    needs: &Needs,
) -> Result<Books, StoreError> {
    if dialect.locks_rows() {
        lock(connection, needs).await?;
    }
    let mut books = Books::default();

    let rows = bulk::select(
        connection,
        "reading attempts",
        &format!(
            "SELECT {ORDER}, {ATTEMPT} FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.out_trade_no IN"
        ),
        keys(&needs.attempts),
        "",
    )
    .await?;
    for row in &rows {
        add(&mut books, row)?;
    }

    let rows = bulk::select(
        connection,
        "reading orders",
        &format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.order_id = o.id WHERE o.id IN"
        ),
        keys(&needs.orders),
        "",
    )
    .await?;
    for row in &rows {
        add(&mut books, row)?;
    }

    let head = format!("SELECT {ITEM} FROM order_items WHERE order_id IN");
    let rows =
        bulk::select(connection, "reading items", &head, keys(&needs.orders), "ORDER BY position").await?;
    for row in &rows {
        let item = rows::item(row)?;
        books.items.entry(item.order_id.clone()).or_default().push(item);
    }

    let rows =
        bulk::select(connection, "reading stock", &format!("{STOCK} WHERE s.id IN"), keys(&needs.skus), "")
            .await?;
    for row in &rows {
        let stock = rows::stock(row)?;
        books.stock.insert(stock.sku.clone(), stock);
    }

    refunds(connection, dialect, needs, &mut books).await?;

    services(connection, needs, &mut books).await?;

    unpaid(connection, needs, &mut books).await?;

    for (shopper, basket) in &needs.baskets {
        let sql = format!(
            "SELECT {ORDER}, {ATTEMPT} FROM orders o LEFT JOIN attempts a ON a.order_id = o.id \
             WHERE o.openid = $1 AND o.basket = $2 AND o.state = 'created'"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(shopper.to_string())
            .bind(basket.as_str())
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::during("reading an untouched order"))?;
        for row in &rows {
            add(&mut books, row)?;
        }
    }
    Ok(books)
}

/// What unpaid orders hold, for the shoppers and addresses that were asked for. The index of the addresses needs both of
/// its conditions in the statement.
async fn unpaid(connection: &mut AnyConnection, needs: &Needs, books: &mut Books) -> Result<(), StoreError> {
    let head = |column: &str| {
        format!(
            "SELECT {column}, CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(held), 0) AS BIGINT) FROM orders \
             WHERE state IN ('created', 'paying', 'closing') AND kind = 'goods' AND {column} <> '' AND {column} IN"
        )
    };
    let doing = "reading unpaid orders";
    for (column, keys, found) in [
        ("openid", keys(&needs.shoppers), &mut books.of_shoppers),
        ("placed_from", keys(&needs.addresses), &mut books.of_addresses),
    ] {
        let tail = format!("GROUP BY {column}");
        for row in &bulk::select(connection, doing, &head(column), keys, &tail).await? {
            let number = |at: usize| row.try_get::<i64, _>(at).map_err(StoreError::during(doing));
            let key: String = row.try_get(0).map_err(StoreError::during(doing))?;
            found.insert(key, Unpaid { orders: number(1)?, pieces: number(2)? });
        }
    }
    Ok(())
}

/// What came after the payment, of the orders that asked for it.
async fn services(
    connection: &mut AnyConnection,
    needs: &Needs,
    books: &mut Books,
) -> Result<(), StoreError> {
    let ids = keys(&needs.services);
    let head = format!("SELECT {SHIPMENT} FROM shipments WHERE order_id IN");
    for row in &bulk::select(connection, "reading shipments", &head, ids.clone(), "").await? {
        let shipment = rows::shipment(row)?;
        books.shipments.insert(shipment.order_id.to_string(), Entry::read(shipment));
    }
    let head = format!("SELECT {REFUND_REQUEST} FROM refund_requests WHERE order_id IN");
    for row in &bulk::select(connection, "reading refund requests", &head, ids, "").await? {
        let request = rows::refund_request(row)?;
        books.refund_requests.insert(request.order_id.to_string(), Entry::read(request));
    }
    Ok(())
}

/// The refunds of the orders that asked for them, and the balances that they may move.
async fn refunds(
    connection: &mut AnyConnection,
    dialect: Dialect,
    needs: &Needs,
    books: &mut Books,
) -> Result<(), StoreError> {
    let head = format!("SELECT {REFUND} FROM refunds WHERE order_id IN");
    for row in &bulk::select(connection, "reading refunds", &head, keys(&needs.refunds), "").await? {
        let refund = rows::refund(row)?;
        books.refunds.insert(refund.out_refund_no.clone(), Entry::read(refund));
    }
    let head = format!("SELECT {REFUND} FROM refunds WHERE out_refund_no IN");
    for row in &bulk::select(connection, "reading refunds", &head, keys(&needs.refund_numbers), "").await? {
        let refund = rows::refund(row)?;
        books.refunds.entry(refund.out_refund_no.clone()).or_insert_with(|| Entry::read(refund));
    }
    let owners: Vec<_> =
        needs.refunds.iter().filter_map(|id| books.order(id)).map(|order| &order.shopper).collect();
    let head = "SELECT openid, balance FROM wallets WHERE openid IN";
    let tail = if dialect.locks_rows() { "ORDER BY openid FOR UPDATE" } else { "" };
    for row in &bulk::select(connection, "reading balances", head, keys(&owners), tail).await? {
        let (shopper, balance) = rows::balance(row)?;
        books.balances.insert(shopper, balance);
    }
    Ok(())
}

/// Locks the rows that the group may change, each table in one order, before anything of them is read: a statement
/// that waits for a lock would otherwise see the neighbours of the locked row as they were before.
async fn lock(connection: &mut AnyConnection, needs: &Needs) -> Result<(), StoreError> {
    let doing = "locking rows";
    // no row stands for a shopper or an address: an advisory lock keeps two servers from counting at the same time
    let holders = needs.shoppers.iter().chain(&needs.addresses).map(|key| format!("unpaid:{key}"));
    bulk::lock_names(connection, doing, keys(&holders.collect::<Vec<_>>())).await?;
    // an attempt never moves to another order, so its order is looked up without a lock
    let head = "SELECT order_id FROM attempts WHERE out_trade_no IN";
    let mut orders: Vec<String> = needs.orders.iter().map(ToString::to_string).collect();
    for row in &bulk::select(connection, doing, head, keys(&needs.attempts), "").await? {
        orders.push(row.try_get(0).map_err(StoreError::during(doing))?);
    }
    // all orders together: in two lists, two servers could each hold the other's next row
    let head = "SELECT o.id FROM orders o WHERE o.id IN";
    bulk::select(connection, doing, head, keys(&orders), "ORDER BY o.id FOR UPDATE").await?;
    // then all stock: that which is read, and that which goes back to the shelf
    let mut skus: Vec<String> = needs.skus.iter().map(ToString::to_string).collect();
    let head = "SELECT sku FROM order_items WHERE order_id IN";
    for row in &bulk::select(connection, doing, head, keys(&needs.returns), "").await? {
        skus.push(row.try_get(0).map_err(StoreError::during(doing))?);
    }
    let head = "SELECT s.id FROM skus s WHERE s.id IN";
    bulk::select(connection, doing, head, keys(&skus), "ORDER BY s.id FOR UPDATE").await?;
    Ok(())
}

fn add(books: &mut Books, row: &sqlx::any::AnyRow) -> Result<(), StoreError> {
    let order = rows::order(row)?;
    if let Some(attempt) = rows::attempt_beside(row)? {
        books.attempts.entry(attempt.out_trade_no.clone()).or_insert_with(|| Entry::read(attempt));
    }
    books.orders.entry(order.id.clone()).or_insert_with(|| Entry::read(order));
    Ok(())
}

/// Each once, in one order, so that two servers never wait for each other's locks in a circle.
fn keys(ids: &[impl ToString]) -> Vec<Value> {
    let mut texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.into_iter().map(Value::Text).collect()
}
