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

/// Runs statements that take no values.
pub(crate) async fn run(connection: &mut PgConnection, sql: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// The statement with its values. Its text holds our own words only.
fn prepare(sql: &str, values: Vec<Value>) -> Query<'_, Postgres, PgArguments> {
    values.into_iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, value| match value {
        Value::Number(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::NumberOrNull(number) => query.bind(number),
        Value::TextOrNull(text) => query.bind(text),
    })
}
