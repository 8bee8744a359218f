//! Statements on a PostgreSQL connection.

use sqlx::{AssertSqlSafe, PgConnection, Postgres, postgres::PgArguments, query::Query};

use super::{Row, Value};

pub(crate) async fn fetch(
    connection: &mut PgConnection,
    sql: &str,
    values: Vec<Value>,
) -> sqlx::Result<Vec<Row>> {
    let rows = prepare(sql, values).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

pub(crate) async fn execute(
    connection: &mut PgConnection,
    sql: &str,
    values: Vec<Value>,
) -> sqlx::Result<u64> {
    Ok(prepare(sql, values).execute(connection).await?.rows_affected())
}

/// Whether the connection was lost: the database server stopped, or an administrator ended the session.
pub(crate) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // admin_shutdown, crash_shutdown
        sqlx::Error::Database(error) => error.code().is_some_and(|code| ["57P01", "57P02"].contains(&&*code)),
        _ => false,
    }
}

/// Runs statements that take no values.
pub(crate) async fn run(connection: &mut PgConnection, sql: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// Binds the values to the statement. `sql` is our own text only.
fn prepare(sql: &str, values: Vec<Value>) -> Query<'_, Postgres, PgArguments> {
    values.into_iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, value| match value {
        Value::Number(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::NumberOrNull(number) => query.bind(number),
        Value::TextOrNull(text) => query.bind(text),
    })
}
