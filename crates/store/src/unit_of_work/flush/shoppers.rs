//! Writes the openids of a person, and moves the rows when two shoppers are merged.

use super::{super::shoppers::Join, UnitOfWork};
use crate::{
    StoreError,
    driver::{Connection, Value, text},
};

/// The statements of a merge, in this sequence. `$1` is the openid that joins, `$2` its new shopper. Each table with
/// rows of a shopper needs its statement here. Attempts, messages, profiles and logins keep the openid, because WeChat
/// knows the person by it.
const MOVES: [&str; 14] = [
    "UPDATE orders SET openid = $2 WHERE openid = $1",
    "INSERT INTO order_visitors (order_id, shopper) SELECT order_id, $2 FROM order_visitors WHERE shopper = $1 \
     ON CONFLICT (order_id, shopper) DO NOTHING",
    "DELETE FROM order_visitors WHERE shopper = $1",
    // a specification in both carts becomes one line, with the price that the person saw last
    "INSERT INTO carts (shopper, sku, quantity, price, added_ms) \
     SELECT $2, sku, quantity, price, added_ms FROM carts WHERE shopper = $1 \
     ON CONFLICT (shopper, sku) DO UPDATE SET \
     quantity = CASE WHEN carts.quantity + excluded.quantity > 99 THEN 99 ELSE carts.quantity + excluded.quantity END, \
     price = CASE WHEN excluded.added_ms > carts.added_ms THEN excluded.price ELSE carts.price END, \
     added_ms = CASE WHEN excluded.added_ms > carts.added_ms THEN excluded.added_ms ELSE carts.added_ms END",
    "DELETE FROM carts WHERE shopper = $1",
    // one default address remains: the default of `$2`, otherwise the default of `$1`
    "UPDATE addresses SET is_default = 0 WHERE shopper = $1 AND EXISTS (SELECT 1 FROM addresses o WHERE o.shopper = $2 \
     AND o.is_default = 1)",
    "UPDATE addresses SET is_default = 1 WHERE shopper IN ($1, $2) AND EXISTS (SELECT 1 FROM addresses o \
     WHERE o.shopper IN ($1, $2) AND o.is_default = 1 AND o.name = addresses.name AND o.phone = addresses.phone \
     AND o.region = addresses.region AND o.detail = addresses.detail)",
    // of two equal addresses the last used one remains
    "DELETE FROM addresses WHERE shopper = $2 AND EXISTS (SELECT 1 FROM addresses o WHERE o.shopper = $1 \
     AND o.name = addresses.name AND o.phone = addresses.phone AND o.region = addresses.region \
     AND o.detail = addresses.detail AND o.used_ms >= addresses.used_ms)",
    "DELETE FROM addresses WHERE shopper = $1 AND EXISTS (SELECT 1 FROM addresses o WHERE o.shopper = $2 \
     AND o.name = addresses.name AND o.phone = addresses.phone AND o.region = addresses.region \
     AND o.detail = addresses.detail)",
    "UPDATE addresses SET shopper = $2 WHERE shopper = $1",
    "UPDATE wallet_moves SET openid = $2 WHERE openid = $1",
    "INSERT INTO wallets (openid, balance) SELECT $2, 0 FROM wallets WHERE openid = $1 \
     ON CONFLICT (openid) DO NOTHING",
    "UPDATE wallets SET balance = balance + (SELECT o.balance FROM wallets o WHERE o.openid = $1) \
     WHERE openid = $2 AND EXISTS (SELECT 1 FROM wallets o WHERE o.openid = $1)",
    "DELETE FROM wallets WHERE openid = $1",
];

/// Must run last, so that the rows of other commands of the group move, too.
pub(super) async fn joins(connection: &mut Connection, unit: &UnitOfWork) -> Result<(), StoreError> {
    for join in &unit.joins {
        write(connection, join).await?;
    }
    Ok(())
}

async fn write(connection: &mut Connection, join: &Join) -> Result<(), StoreError> {
    let (context, row) = ("joining shoppers", &join.row);
    if join.is_new && !join.moves() {
        let sql = "INSERT INTO shoppers (id, unionid) VALUES ($1, $2)";
        connection.execute(context, sql, vec![text(&row.shopper), text(&row.unionid)]).await?;
    }
    if join.is_new {
        let sql = "INSERT INTO shopper_openids (openid, appid, shopper, at_ms) VALUES ($1, $2, $3, $4)";
        let values = vec![text(&row.openid), text(&row.appid), text(&row.shopper), Value::Number(join.at_ms)];
        connection.execute(context, sql, values).await?;
    }
    if join.moves() {
        for sql in MOVES {
            // PostgreSQL refuses a value that its statement does not use
            let values = [&row.openid, &row.shopper].map(text).into_iter();
            let used = if sql.contains("$2") { 2 } else { 1 };
            connection.execute(context, sql, values.take(used).collect()).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Store;

    const ERASURE: &str = include_str!("../../queries/erasure.rs");

    /// Tables that a merge does not change, with the reason.
    const KEPT_AT_MERGE: [(&str, &str); 5] = [
        ("attempts", "WeChat knows the payer by the openid"),
        ("profiles", "a profile belongs to an openid"),
        ("ended_sessions", "it has the hash of an openid"),
        ("login_states", "a login belongs to an openid"),
        ("shopper_openids", "join_shopper changes it by itself"),
    ];

    #[tokio::test]
    async fn each_table_of_a_shopper_is_merged_and_erased() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/shop.db", folder.path().display())).await.unwrap();
        let sql = "SELECT DISTINCT m.name AS name FROM sqlite_master m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND c.name IN ('shopper', 'openid')";
        let rows = store.select(sql.to_owned(), &[]).await.unwrap();
        let tables: Vec<String> =
            rows.iter().map(|row| row.text("name").unwrap().unwrap().to_owned()).collect();
        let kept = BTreeMap::from(KEPT_AT_MERGE);
        assert!(
            tables.len() > kept.len() && kept.keys().all(|name| tables.iter().any(|table| table == name))
        );
        for table in &tables {
            let is_moved = MOVES.iter().any(|sql| sql.contains(&format!(" {table} ")));
            assert_ne!(
                is_moved,
                kept.contains_key(table.as_str()),
                "{table}: a merge moves its rows, or a reason is here"
            );
            let is_erased =
                ["UPDATE", "FROM"].iter().any(|verb| ERASURE.contains(&format!("{verb} {table} ")));
            assert!(is_erased, "{table}: an erasure changes or deletes its rows");
        }
    }
}
