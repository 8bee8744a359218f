//! A database for one test.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, any::AnyPoolOptions};

/// SQLite in a folder that goes with the test, or a PostgreSQL database made from the cluster of `make test`.
pub(crate) struct Database {
    pub(crate) url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/shop.db", folder.path().display());
        Self { url, _folder: Some(folder) }
    }

    /// A missing PostgreSQL fails the test: what is not tested is not said to work.
    #[expect(clippy::disallowed_methods, reason = "the test's cluster is named by make test")]
    pub(crate) async fn postgres() -> Self {
        let cluster = std::env::var("TEST_POSTGRES_URL")
            .expect("TEST_POSTGRES_URL is not set: run `make test`, or scripts/with-postgres.sh COMMAND");
        let name = format!("shop_{}", shop_test_name());
        let mut connection = PgConnection::connect(&cluster).await.expect("the cluster of make test answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
        let (head, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
        let head = head.rsplit_once('/').map_or(head, |(head, _)| head);
        Self { url: format!("{head}/{name}?{query}"), _folder: None }
    }

    /// Changes something behind the shop's back.
    pub(crate) async fn run(&self, sql: &str) {
        sqlx::any::install_default_drivers();
        let pool =
            AnyPoolOptions::new().max_connections(1).connect(&self.url).await.expect("the database opens");
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&pool).await.expect("the statement runs");
        pool.close().await;
    }

    /// A number from the database, as somebody who does not know the shop would ask for it.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        sqlx::any::install_default_drivers();
        let pool =
            AnyPoolOptions::new().max_connections(1).connect(&self.url).await.expect("the database opens");
        let row = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&pool).await.expect("the query runs");
        let number = row.try_get(0).expect("a number");
        pool.close().await;
        number
    }
}

fn shop_test_name() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    hex::encode(bytes)
}
