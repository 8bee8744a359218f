//! The erasure of a shopper's data. Orders and their money stay, and belong to a new guest without a session.
//!
//! One transaction does it. It takes the same locks as the commands that place and pay orders: advisory locks first,
//! then the orders.

use model::{Shopper, erasure::ErasureObstacle, record::AuditRecord};

use crate::{
    Store, StoreError, bulk,
    driver::{Connection, Value, text},
    queries::{admin::HAS_PIECES, after_sales::WAITING, pictures::unused_pictures_sql},
    rows::{self, AUDIT},
};

const CONTEXT: &str = "erasing a shopper's data";

/// A shopper's own orders. `$1` is the shopper.
const OWN_ORDERS: &str = "SELECT id FROM orders WHERE openid = $1";

/// The openids of the shopper `$1`, one for each account of WeChat. A shopper without a known unionid has only one.
const OPENIDS: &str = "SELECT openid FROM shopper_openids WHERE shopper = $1 UNION SELECT CAST($1 AS TEXT)";

/// The shopper's own orders, and other orders that the shopper opened by their link.
const VISIBLE_ORDERS: &str =
    "SELECT id FROM orders WHERE openid = $1 UNION SELECT order_id FROM order_visitors WHERE shopper = $1";

/// Replaces a text that must not be empty on a page.
const ERASED: &str = "—";

/// The erasure of one shopper's data.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// The shopper.
    pub shopper: Shopper,
    /// The new owner of the orders: a guest id that no session has.
    pub new_owner: Shopper,
    /// Each openid of the shopper, with its SHA-256 in hexadecimal for the table `ended_sessions`.
    pub openids: Vec<(String, String)>,
    /// The sessions of the shopper that began before this time end, seconds since 1970.
    pub sessions_before_s: i64,
    /// How long the shop keeps a row of `ended_sessions`, seconds.
    pub keep_s: i64,
    /// The audit row.
    pub audit: AuditRecord,
}

/// The SQL condition of an obstacle. `$1` is the shopper.
fn condition(obstacle: ErasureObstacle) -> String {
    match obstacle {
        ErasureObstacle::Unpaid => format!(
            "EXISTS (SELECT 1 FROM orders WHERE openid = $1 AND state IN ('created', 'paying', 'closing')) OR \
             EXISTS (SELECT 1 FROM attempts WHERE state = 'open' AND openid IN ({OPENIDS}) AND order_id IN ({VISIBLE_ORDERS}))"
        ),
        ErasureObstacle::Undelivered => format!(
            "EXISTS (SELECT 1 FROM orders o WHERE o.openid = $1 AND o.kind = 'goods' AND o.state IN ('paid', 'partly_refunded') AND \
             o.received_ms IS NULL AND (o.shipped_ms IS NOT NULL OR {HAS_PIECES})) OR EXISTS (SELECT 1 FROM delivery_reports r JOIN orders o ON o.id = r.order_id WHERE \
             r.order_id IN ({VISIBLE_ORDERS}) AND r.reported_ms IS NULL AND r.state <> 'not_needed' AND \
             o.state IN ('paid', 'partly_refunded'))"
        ),
        ErasureObstacle::Refund => format!(
            "EXISTS (SELECT 1 FROM after_sales WHERE order_id IN ({OWN_ORDERS}) AND (state = 'returning' OR {WAITING})) OR \
             EXISTS (SELECT 1 FROM refunds WHERE order_id IN ({VISIBLE_ORDERS}) AND state IN ('requested', 'processing', 'abnormal'))"
        ),
        ErasureObstacle::Balance => {
            "EXISTS (SELECT 1 FROM wallets WHERE openid = $1 AND balance > 0)".to_owned()
        }
        ErasureObstacle::Complaint => {
            format!(
                "EXISTS (SELECT 1 FROM complaints WHERE order_id IN ({OWN_ORDERS}) AND state <> 'processed')"
            )
        }
        ErasureObstacle::Discrepancy => format!(
            "EXISTS (SELECT 1 FROM differences f JOIN attempts a ON a.out_trade_no = f.out_trade_no WHERE f.resolution = '' \
             AND a.order_id IN ({VISIBLE_ORDERS}))"
        ),
    }
}

/// A statement that returns one row with a column for each obstacle.
fn obstacles_sql() -> String {
    let columns = ErasureObstacle::ALL.iter().map(|obstacle| {
        format!("CAST(CASE WHEN {} THEN 1 ELSE 0 END AS BIGINT) AS {obstacle}", condition(*obstacle))
    });
    format!("SELECT {}", columns.collect::<Vec<_>>().join(", "))
}

fn obstacles_of(row: &crate::driver::Row) -> Result<Vec<ErasureObstacle>, StoreError> {
    let mut found = Vec::new();
    for obstacle in ErasureObstacle::ALL {
        if rows::number(row, obstacle.as_str())? != 0 {
            found.push(*obstacle);
        }
    }
    Ok(found)
}

/// The statements of an erasure. Their order matters: the owner of the orders changes last, because the statements
/// before find rows by the owner. `$1` is the shopper, `$2` the new owner, `$3` the replacement of a text. `now_ms` is
/// the time of the erasure.
fn statements(now_ms: i64) -> [String; 25] {
    let complaints = format!("SELECT id FROM complaints WHERE order_id <> '' AND order_id IN ({OWN_ORDERS})");
    // the request of an attempt without an openid contains the shopper's IP address
    let attempts = format!(
        "SELECT out_trade_no FROM attempts WHERE state <> 'open' AND order_id IN ({VISIBLE_ORDERS}) AND (openid IN ({OPENIDS}) OR (openid = '' AND \
         order_id IN ({OWN_ORDERS})))"
    );
    let messages = format!(
        "SELECT id FROM messages WHERE order_id <> '' AND order_id IN ({VISIBLE_ORDERS}) AND recipient IN ({OPENIDS})"
    );
    [
        format!("UPDATE complaint_entries SET text = '', pictures = '' WHERE complaint_id IN ({complaints})"),
        format!("UPDATE complaint_answers SET text = '' WHERE complaint_id IN ({complaints})"),
        format!(
            "UPDATE complaints SET detail = $3, sealed_phone = '', pictures = '' WHERE order_id <> '' AND order_id IN ({OWN_ORDERS})"
        ),
        format!(
            "UPDATE deliveries SET name = CASE WHEN name = '' THEN '' ELSE $3 END, phone = '', \
             address = CASE WHEN address = '' THEN '' ELSE $3 END, note = '' WHERE order_id IN ({OWN_ORDERS})"
        ),
        format!("UPDATE refund_requests SET reason = $3, answer = '' WHERE order_id IN ({OWN_ORDERS})"),
        unused_pictures_sql(OWN_ORDERS, now_ms),
        format!(
            "DELETE FROM after_sale_pictures WHERE after_sale_id IN (SELECT id FROM after_sales WHERE order_id IN ({OWN_ORDERS}))"
        ),
        format!(
            "UPDATE after_sales SET reason = $3, answer = '', tracking_no = '', pictures = 0 WHERE order_id IN ({OWN_ORDERS})"
        ),
        format!(
            "UPDATE events SET detail = '' WHERE what IN ('refund_wanted', 'goods_sent_back', 'return_agreed') AND order_id IN ({OWN_ORDERS})"
        ),
        format!("DELETE FROM invoices WHERE issued_ms IS NULL AND order_id IN ({OWN_ORDERS})"),
        format!(
            "UPDATE invoices SET title = $3, tax_number = '', email = '' WHERE order_id IN ({OWN_ORDERS})"
        ),
        format!("UPDATE attempt_requests SET request = '' WHERE out_trade_no IN ({attempts})"),
        format!(
            "UPDATE attempts SET openid = '' WHERE state <> 'open' AND openid IN ({OPENIDS}) AND order_id IN ({VISIBLE_ORDERS})"
        ),
        format!("DELETE FROM jobs WHERE kind = 'message' AND subject IN ({messages})"),
        format!(
            "DELETE FROM messages WHERE order_id <> '' AND order_id IN ({VISIBLE_ORDERS}) AND recipient IN ({OPENIDS})"
        ),
        "UPDATE wallet_moves SET openid = $2 WHERE openid = $1".to_owned(),
        "UPDATE wallets SET openid = $2 WHERE openid = $1".to_owned(),
        format!("DELETE FROM login_states WHERE openid IN ({OPENIDS})"),
        format!("DELETE FROM profiles WHERE openid IN ({OPENIDS})"),
        "DELETE FROM carts WHERE shopper = $1".to_owned(),
        "DELETE FROM addresses WHERE shopper = $1".to_owned(),
        "DELETE FROM order_visitors WHERE shopper = $1".to_owned(),
        "UPDATE orders SET openid = $2, placed_from = '', link_key = '' WHERE openid = $1".to_owned(),
        "DELETE FROM shopper_openids WHERE shopper = $1".to_owned(),
        "DELETE FROM shoppers WHERE id = $1".to_owned(),
    ]
}

/// The statements for texts that contain the openid `$6`. `$5` is the `LIKE` pattern for it.
fn statements_of_openid() -> [String; 3] {
    [
        "UPDATE audit SET detail = replace(detail, $6, $3) WHERE detail LIKE $5 ESCAPE '!'".to_owned(),
        format!(
            "UPDATE differences SET detail = replace(detail, $6, $3), payload = $4 WHERE out_trade_no IN \
             (SELECT out_trade_no FROM attempts WHERE order_id IN ({VISIBLE_ORDERS}))"
        ),
        "UPDATE pushes SET content = '' WHERE handled_ms IS NOT NULL AND content LIKE $5 ESCAPE '!'"
            .to_owned(),
    ]
}

impl Store {
    /// The openids of a shopper. There can be several if the unionid is known.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn openids_of(&self, shopper: &Shopper) -> Result<Vec<String>, StoreError> {
        let rows = self.select(OPENIDS.to_owned(), &[&shopper.to_string()]).await?;
        rows.iter().map(|row| rows::text(row, "openid")).collect()
    }

    /// What has to end before the shop can erase the data of a shopper. Empty if it can erase the data now.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn erasure_obstacles(&self, shopper: &Shopper) -> Result<Vec<ErasureObstacle>, StoreError> {
        let rows = self.select(obstacles_sql(), &[&shopper.to_string()]).await?;
        rows.first().map_or_else(|| Ok(Vec::new()), obstacles_of)
    }

    /// Erases the data of a shopper. Returns the obstacles, and changes nothing, if there are any.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn erase(&self, erasure: Erasure) -> Result<Vec<ErasureObstacle>, StoreError> {
        self.exclusive(move |connection| {
            Box::pin(async move {
                connection.begin(CONTEXT).await?;
                lock(connection, &erasure.shopper).await?;
                let shopper = vec![text(&erasure.shopper)];
                let row = connection.fetch_one(CONTEXT, &obstacles_sql(), shopper).await?;
                let obstacles = obstacles_of(&row)?;
                if !obstacles.is_empty() {
                    connection.roll_back(CONTEXT).await?;
                    return Ok(obstacles);
                }
                apply(connection, erasure).await?;
                connection.commit(CONTEXT).await?;
                Ok(Vec::new())
            })
        })
        .await
    }

    /// The openids whose sessions have ended: the SHA-256 of each, and the time before which these sessions began,
    /// seconds since 1970.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn ended_sessions(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.select("SELECT shopper, before_s FROM ended_sessions".to_owned(), &[]).await?;
        rows.iter().map(|row| Ok((rows::text(row, "shopper")?, rows::number(row, "before_s")?))).collect()
    }
}

/// Locks the shopper and the orders, so that no other server places an order, saves an address or changes an order
/// meanwhile.
async fn lock(connection: &mut Connection, shopper: &Shopper) -> Result<(), StoreError> {
    if !connection.dialect().locks_rows() {
        return Ok(());
    }
    let names = [format!("own:{shopper}"), format!("unpaid:{shopper}")].map(text).into();
    bulk::lock_names(connection, CONTEXT, names).await?;
    let sql = format!("SELECT o.id FROM orders o WHERE o.id IN ({VISIBLE_ORDERS}) ORDER BY o.id FOR UPDATE");
    connection.fetch(CONTEXT, &sql, vec![text(shopper)]).await.map(drop)
}

async fn apply(connection: &mut Connection, erasure: Erasure) -> Result<(), StoreError> {
    let shopper = erasure.shopper.to_string();
    let mut all = vec![
        text(&shopper),
        text(&erasure.new_owner),
        text(ERASED),
        Value::Bytes(Vec::new()),
        text(""),
        text(""),
    ];
    for (openid, _) in &erasure.openids {
        let pattern = openid.replace('!', "!!").replace('_', "!_").replace('%', "!%");
        all[4] = text(format!("%{pattern}%"));
        all[5] = text(openid);
        for sql in statements_of_openid() {
            run(connection, &sql, &all).await?;
        }
    }
    for sql in statements(erasure.sessions_before_s * 1000) {
        run(connection, &sql, &all).await?;
    }
    let old = vec![Value::Number(erasure.sessions_before_s - erasure.keep_s)];
    connection.execute(CONTEXT, "DELETE FROM ended_sessions WHERE before_s < $1", old).await?;
    let sql = "INSERT INTO ended_sessions (shopper, before_s) VALUES ($1, $2) ON CONFLICT (shopper) DO UPDATE SET \
               before_s = excluded.before_s";
    for (_, hash) in &erasure.openids {
        let values = vec![text(hash), Value::Number(erasure.sessions_before_s)];
        connection.execute(CONTEXT, sql, values).await?;
    }
    let audit = erasure.audit;
    let sql = format!("INSERT INTO audit ({AUDIT}) VALUES ($1, $2, $3, $4, $5)");
    let values = vec![
        text(&audit.id),
        Value::Number(audit.at_ms),
        text(&audit.who),
        text(audit.what),
        text(&audit.detail),
    ];
    connection.execute(CONTEXT, &sql, values).await.map(drop)
}

async fn run(connection: &mut Connection, sql: &str, all: &[Value]) -> Result<(), StoreError> {
    let (sql, values) = numbered(sql, all);
    connection.execute(CONTEXT, &sql, values).await.map(drop)
}

/// Numbers the placeholders of a statement from 1 without a gap, and picks their values: PostgreSQL refuses values that
/// a statement does not use.
fn numbered(sql: &str, all: &[Value]) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let mut text = sql.to_owned();
    for (at, value) in all.iter().enumerate() {
        let place = format!("${}", at + 1);
        if sql.contains(&place) {
            values.push(value.clone());
            text = text.replace(&place, &format!("${}", values.len()));
        }
    }
    (text, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_statement_have_no_gap() {
        let all = [text("a"), text("b"), text("c"), text("d")];
        let (sql, values) = numbered("UPDATE t SET x = $4 WHERE y = $2 OR z = $2", &all);
        assert_eq!((sql.as_str(), values.len()), ("UPDATE t SET x = $2 WHERE y = $1 OR z = $1", 2));
    }
}
