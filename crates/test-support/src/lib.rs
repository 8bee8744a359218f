//! What tests of several crates share.

pub use store::testing::{Table, TestConnection, TestValue, set_postgres_read_only};
use store::testing::{create_postgres_database, load_sqlite_dump};

/// A database for one test: SQLite in a folder that is deleted with it, or a PostgreSQL database in the cluster of
/// `make test`.
#[derive(Debug)]
pub struct Database {
    /// The value of `SHOP_DATABASE_URL`.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A path for a new SQLite database.
    ///
    /// # Panics
    /// Without a temporary folder.
    #[must_use]
    #[track_caller]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/shop.db", folder.path().display());
        Self { url, _folder: Some(folder) }
    }

    /// A SQLite database with the content of a dump.
    ///
    /// # Panics
    /// If the dump does not load.
    pub async fn of_dump(dump: &'static str) -> Self {
        let database = Self::sqlite();
        load_sqlite_dump(&database.url, dump).await;
        database
    }

    /// A new PostgreSQL database.
    ///
    /// # Panics
    /// Without PostgreSQL: a missing database fails the test and never skips it.
    #[expect(clippy::disallowed_methods, reason = "make test names the cluster in the environment")]
    pub async fn postgres() -> Self {
        let cluster = std::env::var("TEST_POSTGRES_URL")
            .expect("TEST_POSTGRES_URL is not set: run `make test`, or scripts/with-postgres.sh COMMAND");
        let url = create_postgres_database(&cluster, &format!("shop_{}", random_name())).await;
        Self { url, _folder: None }
    }

    /// Whether it is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// A connection that knows nothing of the shop.
    ///
    /// # Panics
    /// If the database does not open.
    pub async fn connect(&self) -> TestConnection {
        TestConnection::open(&self.url).await
    }

    /// The number of rows of a table that meet the conditions.
    ///
    /// # Panics
    /// If the query fails. The same holds for the functions below.
    pub async fn count(&self, table: &'static str, conditions: &[(&str, &str)]) -> i64 {
        let connection = self.connect().await;
        filtered(&connection, table, conditions).count().await
    }

    /// A number in the first of the rows that meet the conditions.
    ///
    /// # Panics
    /// Without such a row.
    pub async fn number(&self, table: &'static str, column: &str, conditions: &[(&str, &str)]) -> i64 {
        let connection = self.connect().await;
        filtered(&connection, table, conditions).number(column).await
    }

    /// The sum of a column over the rows that meet the conditions.
    ///
    /// # Panics
    /// Without such a row.
    pub async fn sum(&self, table: &'static str, column: &str, conditions: &[(&str, &str)]) -> i64 {
        let connection = self.connect().await;
        filtered(&connection, table, conditions).sum(column).await
    }

    /// Sets a column of the rows that meet the conditions.
    ///
    /// # Panics
    /// If the statement fails.
    pub async fn set(
        &self,
        table: &'static str,
        column: &str,
        value: impl Into<TestValue>,
        conditions: &[(&str, &str)],
    ) {
        let connection = self.connect().await;
        filtered(&connection, table, conditions).set(column, value).await;
    }

    /// Inserts a row.
    ///
    /// # Panics
    /// If the statement fails.
    pub async fn insert(&self, table: &'static str, row: &[(&str, TestValue)]) {
        let connection = self.connect().await;
        connection.table(table).insert(row).await;
    }
}

fn filtered<'c>(
    connection: &'c TestConnection,
    table: &'static str,
    conditions: &[(&str, &str)],
) -> Table<'c> {
    conditions.iter().fold(connection.table(table), |rows, (column, value)| rows.with(column, *value))
}

#[track_caller]
fn random_name() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    hex::encode(bytes)
}
