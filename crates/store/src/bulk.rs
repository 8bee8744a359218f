//! Statements that insert, update, read or lock many rows at once.

use crate::{
    Dialect, StoreError,
    driver::{Connection, Row, Value},
};

/// The maximum number of rows in one statement.
const MAX_ROWS: usize = 64;

/// Splits rows into chunks, each with its number of rows. Copies of the last row fill a chunk up to the next power of
/// two: prepared statements are cached by their text, so few sizes mean few statements.
fn chunks<T: Clone>(rows: Vec<T>) -> impl Iterator<Item = (Vec<T>, usize)> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let mut chunk: Vec<T> = rows.by_ref().take(MAX_ROWS).collect();
        let had = chunk.len();
        let last = chunk.last()?.clone();
        chunk.resize(had.next_power_of_two(), last);
        Some((chunk, had))
    })
}

/// The placeholders of so many rows with so many columns: `($1, $2), ($3, $4)`, or `(?, ?), (?, ?)` for SQLite.
fn placeholders(dialect: Dialect, rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                text.push_str(", ");
            }
            dialect.place(row * width + column + 1, &mut text);
        }
        text.push(')');
    }
    text
}

/// Inserts rows: `head SELECT rows tail`.
pub(crate) async fn insert<const W: usize>(
    connection: &mut Connection,
    context: &'static str,
    head: &str,
    rows: Vec<[Value; W]>,
    tail: &str,
) -> Result<(), StoreError> {
    let dialect = connection.dialect();
    for (chunk, had) in chunks(rows) {
        // the limit drops the copies at the end; `LIMIT ?` alone would make SQLite prepare the statement again for each
        // value
        let rows = placeholders(dialect, chunk.len(), W);
        let mut sql = format!("{head} SELECT * FROM (VALUES {rows}) AS v LIMIT 0 + ");
        dialect.place(chunk.len() * W + 1, &mut sql);
        sql.push(' ');
        sql.push_str(tail);
        let limit = Value::Number(i64::try_from(had).unwrap_or(i64::MAX));
        connection.execute(context, &sql, chunk.into_iter().flatten().chain([limit]).collect()).await?;
    }
    Ok(())
}

/// Updates rows from a list `v` with the columns `column1`, `column2`, …: `head FROM (VALUES rows) AS v tail`. Fails if
/// it changes another number of rows than given: each row was read and locked before, so it must exist.
pub(crate) async fn update<const W: usize>(
    connection: &mut Connection,
    context: &'static str,
    head: &str,
    rows: Vec<[Value; W]>,
    tail: &str,
) -> Result<(), StoreError> {
    let dialect = connection.dialect();
    for (chunk, had) in chunks(rows) {
        // a copy of a row changes nothing: a row that matches twice is changed once
        let sql = format!("{head} FROM (VALUES {}) AS v {tail}", placeholders(dialect, chunk.len(), W));
        let touched = connection.execute(context, &sql, chunk.into_iter().flatten().collect()).await?;
        if touched != had as u64 {
            return Err(StoreError::new(context, format!("{touched} of {had} rows are there")));
        }
    }
    Ok(())
}

/// Reads the rows of many keys: runs `head ($1, …) tail` for each chunk of keys.
pub(crate) async fn select(
    connection: &mut Connection,
    context: &'static str,
    head: &str,
    keys: Vec<Value>,
    tail: &str,
) -> Result<Vec<Row>, StoreError> {
    let dialect = connection.dialect();
    let mut all = Vec::with_capacity(keys.len());
    for (chunk, _) in chunks(keys) {
        let sql = format!("{head} {} {tail}", placeholders(dialect, 1, chunk.len()));
        all.extend(connection.fetch(context, &sql, chunk).await?);
    }
    Ok(all)
}

/// Takes a PostgreSQL advisory lock for each name, in the given order. The locks end with the transaction.
pub(crate) async fn lock_names(
    connection: &mut Connection,
    context: &'static str,
    names: Vec<Value>,
) -> Result<(), StoreError> {
    for (chunk, _) in chunks(names) {
        let rows = placeholders(Dialect::Postgres, chunk.len(), 1);
        let sql = format!(
            "SELECT COUNT(pg_advisory_xact_lock(hashtextextended(v.column1, 0))) FROM (VALUES {rows}) AS v"
        );
        connection.fetch(context, &sql, chunk).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_count_on_from_row_to_row() {
        assert_eq!(placeholders(Dialect::Postgres, 2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(Dialect::Sqlite, 2, 3), "(?, ?, ?), (?, ?, ?)");
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_chunk_of_a_few_sizes(rows in 0_usize..500) {
            let all: Vec<usize> = (0..rows).collect();
            let cut: Vec<_> = chunks(all.clone()).collect();
            prop_assert!(cut.iter().all(|(chunk, _)| chunk.len().is_power_of_two() && chunk.len() <= MAX_ROWS));
            let kept: Vec<usize> = cut.iter().flat_map(|(chunk, had)| &chunk[..*had]).copied().collect();
            prop_assert_eq!(kept, all);
        }
    }
}
