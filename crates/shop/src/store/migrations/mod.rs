use std::borrow::Cow;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

const SCRIPTS: [(i64, &str, &str); 4] = [
    (1, "first", include_str!("0001_first.sql")),
    (2, "wechat", include_str!("0002_wechat.sql")),
    (3, "refunds", include_str!("0003_refunds.sql")),
    (4, "bills", include_str!("0004_bills.sql")),
];

/// Every migration, in order. `sqlx::migrate!` would compile all drivers a second time, for the macro.
pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(
        SCRIPTS
            .iter()
            .map(|(version, name, sql)| {
                let sql = (*sql).into_sql_str();
                Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
            })
            .collect(),
    )
}
