use std::borrow::Cow;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("0001_first.sql")),
    (2, "wechat", include_str!("0002_wechat.sql")),
    (3, "refunds", include_str!("0003_refunds.sql")),
    (4, "bills", include_str!("0004_bills.sql")),
    (5, "people", include_str!("0005_people.sql")),
    (6, "console", include_str!("0006_console.sql")),
    (7, "hot_rows", include_str!("0007_hot_rows.sql")),
    (8, "refund_ends", include_str!("0008_refund_ends.sql")),
    (9, "access", include_str!("0009_access.sql")),
    (10, "differences_by_number", include_str!("0010_differences_by_number.sql")),
    (11, "product_pictures", include_str!("0011_product_pictures.sql")),
    (12, "console_lists", include_str!("0012_console_lists.sql")),
    (13, "pushes", include_str!("0013_pushes.sql")),
    (14, "deliveries", include_str!("0014_deliveries.sql")),
    (15, "messages", include_str!("0015_messages.sql")),
    (16, "staff_invitations", include_str!("0016_staff_invitations.sql")),
    (17, "complaints", include_str!("0017_complaints.sql")),
    (18, "freight", include_str!("0018_freight.sql")),
    (19, "balance", include_str!("0019_balance.sql")),
    (20, "invoices_and_erasure", include_str!("0020_invoices_and_erasure.sql")),
    (21, "archived_products", include_str!("0021_archived_products.sql")),
    (22, "shoppers", include_str!("0022_shoppers.sql")),
    (23, "after_sales", include_str!("0023_after_sales.sql")),
    (24, "sale_periods", include_str!("0024_sale_periods.sql")),
    (25, "product_options", include_str!("0025_product_options.sql")),
    (26, "purchase_limits_and_money", include_str!("0026_purchase_limits_and_money.sql")),
    (27, "picture_objects", include_str!("0027_picture_objects.sql")),
    (28, "default_addresses", include_str!("0028_default_addresses.sql")),
    (29, "recovery_codes", include_str!("0029_recovery_codes.sql")),
    (30, "cancelled_pieces", include_str!("0030_cancelled_pieces.sql")),
    (31, "session_devices", include_str!("0031_session_devices.sql")),
    (32, "changed_addresses", include_str!("0032_changed_addresses.sql")),
];

/// Every migration, in order. The macro `sqlx::migrate!` is not used, because it would compile all drivers a second
/// time.
pub(super) fn migrator() -> Migrator {
    up_to(i64::MAX)
}

/// The version of the newest migration.
pub(super) fn newest() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

fn up_to(newest: i64) -> Migrator {
    Migrator::with_migrations(
        MIGRATIONS
            .iter()
            .filter(|(version, ..)| *version <= newest)
            .map(|(version, name, sql)| {
                let sql = (*sql).into_sql_str();
                Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{super::Store, *};
    use crate::driver::Connection;

    async fn database() -> (tempfile::TempDir, String, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/shop.db", folder.path().display());
        let connection = Connection::open(&url, true).await.unwrap();
        (folder, url, connection)
    }

    #[tokio::test]
    async fn a_database_with_data_is_brought_up_to_date() {
        let (_folder, url, mut old) = database().await;
        old.migrate(&up_to(1)).await.unwrap();
        for sql in [
            "INSERT INTO orders VALUES ('1', 'top_up', 'oUser', '', 'paid', 100, 0, 0, 5, '202611210000000101', 3)",
            "INSERT INTO attempts VALUES ('202611210000000101', '1', 1, 'paid', 'v2', 'JSAPI', 'MD5', 'wx', '19', \
             'oUser', 100, '<xml/>', 0, 0, 'p', 1, '42', 5)",
            "INSERT INTO wallet_moves VALUES ('1', 'oUser', 100, 5)",
            "INSERT INTO wallets VALUES ('oUser', 100)",
        ] {
            old.run("filling it", sql).await.unwrap();
        }
        drop(old);
        let store = Store::open(&url).await.unwrap();
        let number = "202611210000000101".parse().unwrap();
        let attempt = store.attempt(&number).await.unwrap().unwrap();
        assert_eq!(store.request_of(&number).await.unwrap(), "<xml/>");
        assert_eq!((attempt.refundable().0, attempt.refunded.0), (100, 0));
        assert_eq!(store.balance(&"oUser".parse().unwrap()).await.unwrap().0, 100);
        let moved = store.select("SELECT id FROM wallet_moves WHERE id = '1'".to_owned(), &[]).await.unwrap();
        assert_eq!(moved.len(), 1);
    }

    #[tokio::test]
    async fn refunds_of_an_older_version_are_corrected() {
        let (_folder, url, mut old) = database().await;
        old.migrate(&up_to(7)).await.unwrap();
        let refund = |number: &str, order: &str, state: &str| {
            format!(
                "INSERT INTO refunds VALUES ('{number}', '{order}', '2026112100{order}', '{state}', 'x', 'x', 60, '', NULL, NULL, \
                 NULL, 1, 1, '')"
            )
        };
        let order = |id: &str, kind: &str| {
            format!(
                "INSERT INTO orders (id, kind, openid, basket, state, total_fee, created_ms, expires_ms, version, link_key) \
                 VALUES ('{id}', '{kind}', 'oUser', '', 'paid', 100, 0, 0, 1, '')"
            )
        };
        let wish = |order: &str| {
            format!("INSERT INTO refund_requests VALUES ('{order}', 'granted', 'x', 1, '', 'x', 1)")
        };
        let settled = |id: &str, number: &str| {
            format!(
                "INSERT INTO differences (id, kind, out_trade_no, first_ms, last_ms, times, detail, payload, resolution) \
                 VALUES ('{id}', 'second_payment', '1', 1, 1, 1, '', x'', 'refunded by itself: {number}')"
            )
        };
        for sql in [
            order("1", "top_up"),
            order("2", "goods"),
            order("3", "goods"),
            refund("A", "1", "requested"),
            "INSERT INTO wallet_moves VALUES ('A', '1', 'oUser', -40, 1)".to_owned(),
            refund("B", "2", "closed"),
            refund("C", "3", "success"),
            wish("2"),
            wish("3"),
            settled("d1", "B"),
            settled("d2", "C"),
        ] {
            old.run("filling it", &sql).await.unwrap();
        }
        drop(old);
        let store = Store::open(&url).await.unwrap();
        let taken = store.refund(&"A".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((taken.debited.0, taken.restock), (40, false));
        let count = async |sql: &str| store.select(sql.to_owned(), &[]).await.unwrap().len();
        assert_eq!(count("SELECT 1 FROM jobs WHERE id = 'refund:A'").await, 1, "somebody asks after it");
        assert_eq!(count("SELECT 1 FROM jobs").await, 1);
        assert_eq!(count("SELECT 1 FROM refund_requests WHERE order_id = '2' AND state = 'failed'").await, 1);
        assert_eq!(count("SELECT 1 FROM refund_requests WHERE state = 'granted'").await, 1);
        // applications became after-sales
        assert_eq!(count("SELECT 1 FROM after_sales WHERE id = '2S1' AND state = 'failed'").await, 1);
        assert_eq!(count("SELECT 1 FROM after_sales WHERE id = '3S1' AND state = 'refunded'").await, 1);
        assert_eq!(count("SELECT 1 FROM differences WHERE resolution = '' AND id = 'd1'").await, 1);
        assert_eq!(count("SELECT 1 FROM differences WHERE resolution = ''").await, 1);
    }

    #[tokio::test]
    async fn shipments_of_an_older_version_become_parcels() {
        let (_folder, url, mut old) = database().await;
        old.migrate(&up_to(13)).await.unwrap();
        for (id, carrier, number) in [("1", "顺丰", "SF1"), ("2", "到店自取", "已取货")] {
            let order = format!(
                "INSERT INTO orders (id, kind, openid, basket, state, total_fee, created_ms, expires_ms, version, link_key, \
                 shipped_ms) VALUES ('{id}', 'goods', 'oUser', '', 'paid', 100, 0, 0, 1, '', 7)"
            );
            let shipment =
                format!("INSERT INTO shipments VALUES ('{id}', '{carrier}', '{number}', 'anna', 7)");
            for sql in [order, shipment] {
                old.run("filling it", &sql).await.unwrap();
            }
        }
        drop(old);
        let store = Store::open(&url).await.unwrap();
        let sent = store.shipment(&"1".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((sent.shipped_ms, sent.is_complete, sent.received_ms), (7, true, None));
        let parcel = &sent.parcels[0];
        assert_eq!((parcel.position, &*parcel.carrier, &*parcel.tracking_no), (1, "顺丰", "SF1"));
        let collected = store.shipment(&"2".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((collected.received_ms, collected.parcels.len()), (Some(7), 0));
        // a server of the previous version still runs
        let mut before = Connection::open(&url, false).await.unwrap();
        before
            .run(
                "shipping",
                "INSERT INTO orders (id, kind, openid, basket, state, total_fee, created_ms, expires_ms, version, link_key) \
                 VALUES ('3', 'goods', 'oUser', '', 'paid', 100, 0, 0, 1, ''); \
                 INSERT INTO shipments (order_id, carrier, tracking_no, who, shipped_ms) VALUES ('3', '中通', 'ZT1', 'anna', 8)",
            )
            .await
            .unwrap();
        let sent = store.shipment(&"3".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((sent.parcels.len(), &*sent.parcels[0].tracking_no, sent.is_complete), (1, "ZT1", true));
        let count = async |sql: &str| store.select(sql.to_owned(), &[]).await.unwrap().len();
        assert_eq!(count("SELECT 1 FROM orders WHERE received_ms = 7").await, 1);
        let receipt = "SELECT 1 FROM jobs WHERE id = 'receipt:1' AND run_ms = 864000007";
        assert_eq!((count(receipt).await, count("SELECT 1 FROM jobs").await), (1, 1));
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_with_what_to_do() {
        let (_folder, url, mut newer) = database().await;
        newer.migrate(&migrator()).await.unwrap();
        let sql = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
        newer.run("raising its version", sql).await.unwrap();
        drop(newer);
        let error = Store::open(&url).await.unwrap_err().to_string();
        assert!(error.contains("newer version of the shop") && error.contains("9999"), "{error}");
    }
}
