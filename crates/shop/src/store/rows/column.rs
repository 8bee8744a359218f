use std::str::FromStr;

use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use super::super::StoreError;

pub(super) fn text_or_null<T: FromStr>(row: &AnyRow, column: usize) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column).map_err(StoreError::during("reading a row"))?;
    let wrong = || StoreError::new("reading a row", format!("column {column} does not parse"));
    text.map(|text| text.parse().map_err(|_| wrong())).transpose()
}

pub(super) fn text<T: FromStr>(row: &AnyRow, column: usize) -> Result<T, StoreError> {
    text_or_null(row, column)?
        .ok_or_else(|| StoreError::new("reading a row", format!("column {column} is empty")))
}

/// A column that is empty where there is nothing to say.
pub(super) fn text_or_empty<T: FromStr>(row: &AnyRow, column: usize) -> Result<Option<T>, StoreError> {
    match text::<String>(row, column)?.as_str() {
        "" => Ok(None),
        _ => text(row, column).map(Some),
    }
}

pub(super) fn number<N: for<'r> Decode<'r, Any> + Type<Any>>(
    row: &AnyRow,
    column: usize,
) -> Result<N, StoreError> {
    row.try_get(column).map_err(StoreError::during("reading a row"))
}
