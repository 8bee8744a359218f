//! Reads one column of a row by its name.

use std::str::FromStr;

use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use crate::StoreError;

const DOING: &str = "reading a row";

/// A text that parses; `None` where the column is NULL.
pub(crate) fn text_or_null<T: FromStr>(row: &AnyRow, column: &'static str) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column).map_err(StoreError::during(DOING))?;
    let wrong = || StoreError::new(DOING, format!("column {column} does not parse"));
    text.map(|text| text.parse().map_err(|_| wrong())).transpose()
}

/// A text that parses.
pub(crate) fn text<T: FromStr>(row: &AnyRow, column: &'static str) -> Result<T, StoreError> {
    text_or_null(row, column)?.ok_or_else(|| StoreError::new(DOING, format!("column {column} is NULL")))
}

/// A text that parses; `None` where the column is empty.
pub(crate) fn text_or_empty<T: FromStr>(row: &AnyRow, column: &'static str) -> Result<Option<T>, StoreError> {
    match text::<String>(row, column)?.as_str() {
        "" => Ok(None),
        _ => text(row, column).map(Some),
    }
}

/// A number, an optional number, or bytes.
pub(crate) fn value<N: for<'r> Decode<'r, Any> + Type<Any>>(
    row: &AnyRow,
    column: &'static str,
) -> Result<N, StoreError> {
    row.try_get(column).map_err(StoreError::during(DOING))
}

/// A number that says yes or no.
pub(crate) fn flag(row: &AnyRow, column: &'static str) -> Result<bool, StoreError> {
    value::<i64>(row, column).map(|number| number != 0)
}
