//! For tests: reads and changes single tables directly, as a person with a database client does.
//!
//! It uses its own connection and no records of `model`, so that a test checks what the shop really wrote.

use std::collections::BTreeMap;

use tokio::sync::Mutex;

use crate::{
    Dialect,
    driver::{Connection, Row, Value},
};

const CONTEXT: &str = "a test";

/// A test's own connection to the database.
#[derive(Debug)]
pub struct TestConnection(Mutex<Connection>);

/// A value of a column.
#[derive(Clone, Debug)]
pub struct TestValue(Value);

impl From<&str> for TestValue {
    fn from(text: &str) -> Self {
        Self(Value::Text(text.to_owned()))
    }
}

impl From<&String> for TestValue {
    fn from(text: &String) -> Self {
        Self(Value::Text(text.clone()))
    }
}

impl From<String> for TestValue {
    fn from(text: String) -> Self {
        Self(Value::Text(text))
    }
}

impl From<i64> for TestValue {
    fn from(number: i64) -> Self {
        Self(Value::Number(number))
    }
}

impl From<i32> for TestValue {
    fn from(number: i32) -> Self {
        Self(Value::Number(number.into()))
    }
}

impl From<&[u8]> for TestValue {
    fn from(bytes: &[u8]) -> Self {
        Self(Value::Bytes(bytes.to_vec()))
    }
}

impl TestConnection {
    /// Opens the database with this URL.
    ///
    /// # Panics
    /// If the database cannot be opened. All functions here panic if a statement fails, so that the test fails.
    pub async fn open(url: &str) -> Self {
        Self(Mutex::new(Connection::open(url, false).await.expect("the database opens")))
    }

    /// Selects the rows of a table. The functions of [`Table`] add conditions.
    #[must_use]
    pub fn table<'c>(&'c self, name: &'static str) -> Table<'c> {
        Table { connection: &self.0, name, conditions: Vec::new(), bound: Vec::new() }
    }

    /// The newest version of the schema, as the migrations recorded it.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn schema_version(&self) -> i64 {
        self.table("_sqlx_migrations").number("MAX(version)").await
    }

    /// Records another version in the place of `from`; `None` deletes the record.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn change_schema_version(&self, from: i64, to: Option<i64>) {
        let row = self.table("_sqlx_migrations").with("version", from);
        match to {
            Some(to) => row.set("version", to).await,
            None => row.delete().await,
        }
    }

    /// The number of deadlocks that PostgreSQL has seen in this database.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn deadlocks(&self) -> i64 {
        let mut table = self.table("pg_stat_database");
        table.conditions.push("datname = current_database()".to_owned());
        table.number("deadlocks").await
    }

    /// Makes the database refuse, like a full disk, to mark attempts as paid (`true`), or allows it again (`false`).
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn refuse_payments(&self, refused: bool) {
        let mut connection = self.0.lock().await;
        let sql = match (connection.dialect() == Dialect::Sqlite, refused) {
            (true, true) => {
                "CREATE TRIGGER full BEFORE UPDATE ON attempts BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
            }
            (true, false) => "DROP TRIGGER full",
            (false, true) => "ALTER TABLE attempts ADD CONSTRAINT no_room CHECK (state <> 'paid') NOT VALID",
            (false, false) => "ALTER TABLE attempts DROP CONSTRAINT no_room",
        };
        connection.run(CONTEXT, sql).await.expect("the statement runs");
    }

    /// Makes the database refuse the merge of balances (`true`), or allows it again (`false`).
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn refuse_balances(&self, refused: bool) {
        let mut connection = self.0.lock().await;
        let sql = match (connection.dialect() == Dialect::Sqlite, refused) {
            (true, true) => {
                "CREATE TRIGGER full BEFORE DELETE ON wallets BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
            }
            (true, false) => "DROP TRIGGER full",
            (false, true) => {
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$; \
                 CREATE TRIGGER no_room BEFORE DELETE ON wallets FOR EACH ROW EXECUTE FUNCTION no_room()"
            }
            (false, false) => "DROP TRIGGER no_room ON wallets; DROP FUNCTION no_room",
        };
        connection.run(CONTEXT, sql).await.expect("the statement runs");
    }
}

/// The rows of a table that meet all conditions.
#[derive(Debug)]
pub struct Table<'c> {
    connection: &'c Mutex<Connection>,
    name: &'static str,
    conditions: Vec<String>,
    bound: Vec<Value>,
}

impl Table<'_> {
    fn condition(mut self, column: &str, operator: &str, value: impl Into<TestValue>) -> Self {
        self.bound.push(value.into().0);
        self.conditions.push(format!("{column} {operator} ${}", self.bound.len()));
        self
    }

    /// Rows whose column has this value.
    #[must_use]
    pub fn with(self, column: &str, value: impl Into<TestValue>) -> Self {
        self.condition(column, "=", value)
    }

    /// Rows whose column has another value.
    #[must_use]
    pub fn without(self, column: &str, value: impl Into<TestValue>) -> Self {
        self.condition(column, "<>", value)
    }

    /// Rows whose column matches a pattern of LIKE.
    #[must_use]
    pub fn like(self, column: &str, pattern: &str) -> Self {
        self.condition(column, "LIKE", pattern)
    }

    /// Rows whose column does not match a pattern of LIKE.
    #[must_use]
    pub fn not_like(self, column: &str, pattern: &str) -> Self {
        self.condition(column, "NOT LIKE", pattern)
    }

    /// Rows whose column is NULL.
    #[must_use]
    pub fn null(mut self, column: &str) -> Self {
        self.conditions.push(format!("{column} IS NULL"));
        self
    }

    /// Rows whose column is not NULL.
    #[must_use]
    pub fn not_null(mut self, column: &str) -> Self {
        self.conditions.push(format!("{column} IS NOT NULL"));
        self
    }

    fn filter(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    async fn select(&self, columns: &str) -> Vec<Row> {
        let sql = format!("SELECT {columns} FROM {}{}", self.name, self.filter());
        let mut connection = self.connection.lock().await;
        connection.fetch(CONTEXT, &sql, self.bound.clone()).await.expect("the query runs")
    }

    /// The number of rows.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn count(self) -> i64 {
        self.number("CAST(COUNT(*) AS BIGINT)").await
    }

    /// The sum of a column.
    ///
    /// # Panics
    /// See [`TestConnection::open`]; also without rows.
    pub async fn sum(self, column: &str) -> i64 {
        self.number(&format!("CAST(SUM({column}) AS BIGINT)")).await
    }

    /// The number of different values of a column.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn distinct(self, column: &str) -> i64 {
        self.number(&format!("CAST(COUNT(DISTINCT {column}) AS BIGINT)")).await
    }

    /// A number in the first row.
    ///
    /// # Panics
    /// See [`TestConnection::open`]; also without rows.
    pub async fn number(self, column: &str) -> i64 {
        let rows = self.select(&format!("{column} AS wanted")).await;
        rows.first().expect("a row").number("wanted").expect("a number").expect("a value")
    }

    /// All rows. Each has the name and the text of these columns; NULL is an empty text.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn rows(self, columns: &str) -> Vec<BTreeMap<String, String>> {
        self.select(columns).await.iter().map(texts).collect()
    }

    /// Sets a column of the rows.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn set(mut self, column: &str, value: impl Into<TestValue>) {
        self.bound.push(value.into().0);
        let sql = format!("UPDATE {} SET {column} = ${}{}", self.name, self.bound.len(), self.filter());
        self.run(sql).await;
    }

    /// Deletes the rows.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn delete(self) {
        let sql = format!("DELETE FROM {}{}", self.name, self.filter());
        self.run(sql).await;
    }

    /// Inserts a row.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn insert(mut self, row: &[(&str, TestValue)]) {
        let columns: Vec<&str> = row.iter().map(|(column, _)| *column).collect();
        let places: Vec<String> = (1..=row.len()).map(|at| format!("${at}")).collect();
        self.bound = row.iter().map(|(_, value)| value.0.clone()).collect();
        let sql =
            format!("INSERT INTO {} ({}) VALUES ({})", self.name, columns.join(", "), places.join(", "));
        self.run(sql).await;
    }

    /// Inserts many rows with the same columns.
    ///
    /// # Panics
    /// See [`TestConnection::open`].
    pub async fn insert_many(self, columns: &[&str], rows: &[Vec<TestValue>]) {
        // 1000 rows: both databases allow at least 32,000 values in a statement
        for chunk in rows.chunks(1000) {
            let mut place = 0;
            let places: Vec<String> = chunk
                .iter()
                .map(|row| {
                    let own: Vec<String> = row
                        .iter()
                        .map(|_| {
                            place += 1;
                            format!("${place}")
                        })
                        .collect();
                    format!("({})", own.join(", "))
                })
                .collect();
            let sql =
                format!("INSERT INTO {} ({}) VALUES {}", self.name, columns.join(", "), places.join(", "));
            let values = chunk.iter().flatten().map(|value| value.0.clone());
            let mut connection = self.connection.lock().await;
            connection.execute(CONTEXT, &sql, values.collect()).await.expect("the statement runs");
        }
    }

    /// Inserts copies of the rows, with other values in some columns.
    ///
    /// # Panics
    /// See [`TestConnection::open`]; also without rows.
    pub async fn copy_with(mut self, changes: &[(&str, TestValue)]) {
        let rows = self.select("*").await;
        let first = rows.first().expect("a row to copy");
        let columns: Vec<String> = first.columns();
        let mut values = Vec::with_capacity(columns.len());
        for column in &columns {
            match changes.iter().find(|(name, _)| name == column) {
                Some((_, value)) => {
                    self.bound.push(value.0.clone());
                    values.push(format!("${}", self.bound.len()));
                }
                None => values.push(column.clone()),
            }
        }
        let sql = format!(
            "INSERT INTO {0} ({1}) SELECT {2} FROM {0}{3}",
            self.name,
            columns.join(", "),
            values.join(", "),
            self.filter()
        );
        self.run(sql).await;
    }

    async fn run(self, sql: String) {
        let mut connection = self.connection.lock().await;
        connection.execute(CONTEXT, &sql, self.bound).await.expect("the statement runs");
    }
}

fn texts(row: &Row) -> BTreeMap<String, String> {
    let value = |column: &str| {
        let number = row.number(column).map(|number| number.map(|number| number.to_string()));
        let text = || row.text(column).map(|text| text.map(str::to_owned));
        let bytes = || row.bytes(column).map(|bytes| Some(format!("{bytes:?}")));
        number.or_else(|_| text()).or_else(|_| bytes()).expect("a column of our types").unwrap_or_default()
    };
    row.columns().into_iter().map(|column| (column.clone(), value(&column))).collect()
}

/// Creates an empty database in a PostgreSQL cluster and returns its URL.
///
/// # Panics
/// See [`TestConnection::open`].
pub async fn create_postgres_database(cluster: &str, name: &str) -> String {
    let mut connection = Connection::open(cluster, false).await.expect("the cluster of make test answers");
    connection.run(CONTEXT, &format!("CREATE DATABASE {name}")).await.expect("a new database");
    let (head, query) = cluster.split_once('?').unwrap_or((cluster, ""));
    let head = head.rsplit_once('/').map_or(head, |(head, _)| head);
    format!("{head}/{name}?{query}")
}

/// Writes a dump, as `sqlite3 FILE .dump` makes it, into a new SQLite database.
///
/// # Panics
/// See [`TestConnection::open`].
pub async fn load_sqlite_dump(url: &str, dump: &'static str) {
    let mut connection = Connection::open(url, true).await.expect("the database opens");
    connection.run(CONTEXT, dump).await.expect("the dump loads");
}

/// Makes a PostgreSQL database read-only like a replica, or writable again. Ends all other sessions.
///
/// # Panics
/// See [`TestConnection::open`].
pub async fn set_postgres_read_only(url: &str, read_only: bool) {
    let set = if read_only { "on" } else { "off" };
    let mut connection = Connection::open(url, false).await.expect("the database opens");
    for statement in [
        // this session may be read-only
        "SET default_transaction_read_only = off".to_owned(),
        format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {set}', \
             current_database()); END $$"
        ),
        // open sessions would keep the old setting
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> \
         pg_backend_pid()"
            .to_owned(),
    ] {
        connection.run(CONTEXT, &statement).await.expect("the statement runs");
    }
}
