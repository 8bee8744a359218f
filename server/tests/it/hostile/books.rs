//! What is in the database, as somebody sees it who does not know the shop.

use std::collections::BTreeMap;

use test_support::{Database, TestConnection};

/// Everything that a request could harm. A job may be leased and put off meanwhile; the recurring jobs are made by the
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

pub(super) struct Books(TestConnection);

/// The rows of each table, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Print(BTreeMap<&'static str, Vec<String>>);

impl Books {
    pub(super) async fn open(database: &Database) -> Self {
        Self(database.connect().await)
    }

    pub(super) async fn print(&self) -> Print {
        let mut print = Print::default();
        for (table, columns) in TABLES {
            let mut rows = self.0.table(table);
            if table == "jobs" {
                rows = rows.without("kind", "bill").without("kind", "complaint_poll");
            }
            let mut rows: Vec<String> =
                rows.rows(columns).await.iter().map(|row| format!("{row:?}")).collect();
            rows.sort_unstable();
            print.0.insert(table, rows);
        }
        print
    }
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
