//! Reads one column of a row by its name, and parses it.

use std::str::FromStr;

use crate::{StoreError, driver::Row};

const CONTEXT: &str = "reading a row";

/// A text, parsed; `None` if the column is NULL.
pub(crate) fn text_or_null<T: FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, StoreError> {
    let wrong = || StoreError::new(CONTEXT, format!("column {column} does not parse"));
    row.text(column)?.map(|text| text.parse().map_err(|_| wrong())).transpose()
}

/// A text, parsed. NULL is an error.
pub(crate) fn text<T: FromStr>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    text_or_null(row, column)?.ok_or_else(|| null(column))
}

/// A text, parsed; `None` if the column is empty. NULL is an error.
pub(crate) fn text_or_empty<T: FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, StoreError> {
    match row.text(column)?.ok_or_else(|| null(column))? {
        "" => Ok(None),
        _ => text(row, column).map(Some),
    }
}

/// A number; `None` if the column is NULL.
pub(crate) fn number_or_null(row: &Row, column: &'static str) -> Result<Option<i64>, StoreError> {
    row.number(column)
}

/// A number. NULL is an error.
pub(crate) fn number(row: &Row, column: &'static str) -> Result<i64, StoreError> {
    row.number(column)?.ok_or_else(|| null(column))
}

/// A number as a truth value: 0 is `false`.
pub(crate) fn flag(row: &Row, column: &'static str) -> Result<bool, StoreError> {
    number(row, column).map(|number| number != 0)
}

/// Bytes. NULL is an error.
pub(crate) fn bytes(row: &Row, column: &'static str) -> Result<Vec<u8>, StoreError> {
    row.bytes(column)
}

fn null(column: &'static str) -> StoreError {
    StoreError::new(CONTEXT, format!("column {column} is NULL"))
}
