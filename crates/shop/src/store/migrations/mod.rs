use std::borrow::Cow;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

const SCRIPTS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("0001_first.sql")),
    (2, "wechat", include_str!("0002_wechat.sql")),
    (3, "refunds", include_str!("0003_refunds.sql")),
    (4, "bills", include_str!("0004_bills.sql")),
    (5, "people", include_str!("0005_people.sql")),
    (6, "console", include_str!("0006_console.sql")),
    (7, "hot_rows", include_str!("0007_hot_rows.sql")),
    (9, "access", include_str!("0009_access.sql")),
    (10, "differences_by_number", include_str!("0010_differences_by_number.sql")),
];

/// Every migration, in order. `sqlx::migrate!` would compile all drivers a second time, for the macro.
pub(super) fn migrator() -> Migrator {
    up_to(i64::MAX)
}

/// The schema's version.
pub(super) fn newest() -> i64 {
    SCRIPTS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

fn up_to(newest: i64) -> Migrator {
    Migrator::with_migrations(
        SCRIPTS
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
    use sqlx::{Connection, SqliteConnection};

    use super::{super::Store, *};

    async fn database() -> (tempfile::TempDir, String, SqliteConnection) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/shop.db", folder.path().display());
        let connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        (folder, url, connection)
    }

    #[tokio::test]
    async fn a_database_with_data_is_brought_up_to_date() {
        let (_folder, url, mut old) = database().await;
        up_to(1).run_direct(None, &mut old, false).await.unwrap();
        for sql in [
            "INSERT INTO orders VALUES ('1', 'top_up', 'oUser', '', 'paid', 100, 0, 0, 5, '202611210000000101', 3)",
            "INSERT INTO attempts VALUES ('202611210000000101', '1', 1, 'paid', 'v2', 'JSAPI', 'MD5', 'wx', '19', \
             'oUser', 100, '<xml/>', 0, 0, 'p', 1, '42', 5)",
            "INSERT INTO wallet_moves VALUES ('1', 'oUser', 100, 5)",
            "INSERT INTO wallets VALUES ('oUser', 100)",
        ] {
            sqlx::query(sql).execute(&mut old).await.unwrap();
        }
        old.close().await.unwrap();
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
    async fn a_newer_database_is_refused_with_what_to_do() {
        let (_folder, url, mut newer) = database().await;
        migrator().run_direct(None, &mut newer, false).await.unwrap();
        sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
            .execute(&mut newer)
            .await
            .unwrap();
        newer.close().await.unwrap();
        let error = Store::open(&url).await.unwrap_err().to_string();
        assert!(error.contains("newer version of the shop") && error.contains("9999"), "{error}");
    }
}
