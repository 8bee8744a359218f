//! Statements over many rows at once.

use sqlx::{AnyConnection, AssertSqlSafe, any::AnyArguments, query::Query};

use super::StoreError;

/// A value to bind.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    NumberOrNull(Option<i64>),
    TextOrNull(Option<String>),
}

pub(crate) fn text(value: impl ToString) -> Value {
    Value::Text(storable(&value))
}

pub(super) fn text_or_null(value: Option<&impl ToString>) -> Value {
    Value::TextOrNull(value.map(storable))
}

/// PostgreSQL has no place for NUL in a text, and what WeChat sends may hold one.
fn storable(value: &impl ToString) -> String {
    let text = value.to_string();
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

pub(super) fn bind<'q>(
    query: Query<'q, sqlx::Any, AnyArguments>,
    value: &Value,
) -> Query<'q, sqlx::Any, AnyArguments> {
    match value {
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
        Value::Bytes(bytes) => query.bind(bytes.clone()),
        Value::NumberOrNull(number) => query.bind(*number),
        Value::TextOrNull(text) => query.bind(text.clone()),
    }
}

/// Statements are cached by their text, so rows go in chunks of a few fixed sizes.
const CHUNKS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = *CHUNKS.iter().find(|size| **size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// The rows in chunks of those sizes, the last one filled up with copies of its last row: one statement instead of several.
/// For statements that a row named twice does not change.
fn filled<T: Clone>(rows: &[T]) -> Vec<Vec<T>> {
    let chunks = rows.chunks(CHUNKS[0]);
    chunks
        .map(|rows| {
            let mut chunk = rows.to_vec();
            if let Some(last) = rows.last() {
                chunk.resize(rows.len().next_power_of_two(), last.clone());
            }
            chunk
        })
        .collect()
}

/// `($1, $2), ($3, $4)` for rows of this width.
fn placeholders(rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * width + column + 1).to_string());
        }
        text.push(')');
    }
    text
}

/// Inserts rows: `head VALUES rows tail`.
pub(super) async fn insert<const W: usize>(
    connection: &mut AnyConnection,
    doing: &'static str,
    head: &str,
    rows: &[[Value; W]],
    tail: &str,
) -> Result<(), StoreError> {
    run(connection, doing, chunks(rows), &format!("{head} VALUES"), tail).await.map(drop)
}

/// Updates rows from a list named `v` with the columns `column1`, `column2`, …: `head FROM (VALUES rows) AS v tail`.
/// Fails where fewer rows were touched than given: a row that vanished under its lock is an error.
pub(super) async fn update<const W: usize>(
    connection: &mut AnyConnection,
    doing: &'static str,
    head: &str,
    rows: &[[Value; W]],
    tail: &str,
) -> Result<(), StoreError> {
    let (before, after) = (format!("{head} FROM (VALUES"), format!(") AS v {tail}"));
    // a row that the list has twice is changed once
    let filled = filled(rows);
    let touched = run(connection, doing, filled.iter().map(Vec::as_slice), &before, &after).await?;
    if touched == rows.len() as u64 {
        return Ok(());
    }
    Err(StoreError::new(doing, format!("{touched} of {} rows are there", rows.len())))
}

/// Runs `before rows after` for each chunk of rows, and says how many rows were touched.
async fn run<'a, const W: usize>(
    connection: &mut AnyConnection,
    doing: &'static str,
    chunks: impl Iterator<Item = &'a [[Value; W]]>,
    before: &str,
    after: &str,
) -> Result<u64, StoreError> {
    let mut touched = 0;
    for chunk in chunks {
        // the text holds our own words and placeholders only
        let sql = format!("{before} {} {after}", placeholders(chunk.len(), W));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in chunk.iter().flatten() {
            query = bind(query, value);
        }
        let done = query.execute(&mut *connection).await.map_err(StoreError::during(doing))?;
        touched += done.rows_affected();
    }
    Ok(touched)
}

/// Runs `head ($1, …) tail` for each chunk of keys and gives all rows.
pub(super) async fn select(
    connection: &mut AnyConnection,
    doing: &'static str,
    head: &str,
    keys: &[Value],
    tail: &str,
) -> Result<Vec<sqlx::any::AnyRow>, StoreError> {
    let mut all = Vec::with_capacity(keys.len());
    for chunk in filled(keys) {
        let sql = format!("{head} {} {tail}", placeholders(1, chunk.len()));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for key in &chunk {
            query = bind(query, key);
        }
        all.extend(query.fetch_all(&mut *connection).await.map_err(StoreError::during(doing))?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_count_on_from_row_to_row() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_chunk_of_a_known_size(rows in 0_usize..500) {
            let all: Vec<usize> = (0..rows).collect();
            let cut: Vec<&[usize]> = chunks(&all).collect();
            prop_assert!(cut.iter().all(|chunk| CHUNKS.contains(&chunk.len())));
            prop_assert_eq!(cut.concat(), all.clone());
            let filled = filled(&all);
            prop_assert!(filled.iter().all(|chunk| CHUNKS.contains(&chunk.len())));
            let mut rows = filled.concat();
            rows.dedup();
            prop_assert_eq!(rows, all);
        }
    }
}
