//! What is in the database, as somebody sees it who does not know the shop.

use std::collections::BTreeMap;

use sqlx::{AnyPool, AssertSqlSafe, Column, Row, any::AnyPoolOptions};

use crate::database::Database;

/// Everything that a request could harm. A job may be leased and put off meanwhile; the bill's is made by the
/// timetable, and tokens are fetched when a page needs one.
const TABLES: [(&str, &str); 13] = [
    ("orders", "*"),
    ("order_items", "*"),
    ("attempts", "*"),
    ("events", "*"),
    ("refunds", "*"),
    ("wallets", "*"),
    ("wallet_moves", "*"),
    ("differences", "*"),
    ("profiles", "*"),
    ("audit", "*"),
    ("skus", "*"),
    ("forced_refreshes", "*"),
    ("jobs", "id, kind, subject"),
];

pub(super) struct Books(AnyPool);

/// The rows of each table, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Print(BTreeMap<&'static str, Vec<String>>);

impl Books {
    pub(super) async fn open(database: &Database) -> Self {
        sqlx::any::install_default_drivers();
        Self(AnyPoolOptions::new().max_connections(1).connect(&database.url).await.unwrap())
    }

    pub(super) async fn print(&self) -> Print {
        let mut print = Print::default();
        for (table, columns) in TABLES {
            let which = if table == "jobs" { "kind <> 'bill'" } else { "1 = 1" };
            let sql = AssertSqlSafe(format!("SELECT {columns} FROM {table} WHERE {which}"));
            let rows = sqlx::query(sql).fetch_all(&self.0).await.unwrap();
            let mut rows: Vec<String> = rows.iter().map(text).collect();
            rows.sort_unstable();
            print.0.insert(table, rows);
        }
        print
    }
}

fn text(row: &sqlx::any::AnyRow) -> String {
    let value = |at: usize| {
        let number = row.try_get::<Option<i64>, _>(at).map(|number| format!("{number:?}"));
        let text = || row.try_get::<Option<String>, _>(at).map(|text| format!("{text:?}"));
        let bytes = || row.try_get::<Option<Vec<u8>>, _>(at).map(|bytes| format!("{bytes:?}"));
        number.or_else(|_| text()).or_else(|_| bytes()).unwrap()
    };
    row.columns()
        .iter()
        .enumerate()
        .map(|(at, column)| format!("{}={}", column.name(), value(at)))
        .collect::<Vec<_>>()
        .join(" ")
}

impl Print {
    /// The rows that are other ones than they were.
    pub(super) fn changes_since(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (table, rows) in &self.0 {
            let known = &before.0[table];
            changes
                .extend(rows.iter().filter(|row| !known.contains(row)).map(|row| format!("{table}: {row}")));
            changes.extend(
                known.iter().filter(|row| !rows.contains(row)).map(|row| format!("{table}, gone: {row}")),
            );
        }
        changes
    }
}
