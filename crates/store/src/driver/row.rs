#[cfg(feature = "testing")]
use sqlx::Column;
use sqlx::{Row as _, postgres::PgRow};

use super::sqlite::{Cell, SqliteRow};
use crate::StoreError;

const CONTEXT: &str = "reading a row";

/// A row that a statement returned. Callers read its columns by name.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A text column; `None` if it is NULL.
    pub(crate) fn text(&self, column: &str) -> Result<Option<&str>, StoreError> {
        match self {
            Self::Sqlite(row) => match row.cell(column).ok_or_else(|| missing(column))? {
                Cell::Text(text) => Ok(Some(text)),
                Cell::Null => Ok(None),
                Cell::Number(_) | Cell::Bytes(_) => Err(other_type(column)),
            },
            Self::Postgres(row) => row.try_get(column).map_err(StoreError::during(CONTEXT)),
        }
    }

    /// A number column; `None` if it is NULL.
    pub(crate) fn number(&self, column: &str) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(row) => match row.cell(column).ok_or_else(|| missing(column))? {
                Cell::Number(number) => Ok(Some(*number)),
                Cell::Null => Ok(None),
                Cell::Text(_) | Cell::Bytes(_) => Err(other_type(column)),
            },
            Self::Postgres(row) => row.try_get(column).map_err(StoreError::during(CONTEXT)),
        }
    }

    /// The names of the columns.
    #[cfg(feature = "testing")]
    pub(crate) fn columns(&self) -> Vec<String> {
        match self {
            Self::Sqlite(row) => row.columns().map(str::to_owned).collect(),
            Self::Postgres(row) => row.columns().iter().map(|column| column.name().to_owned()).collect(),
        }
    }

    /// A column of bytes. NULL is an error.
    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Sqlite(row) => match row.cell(column).ok_or_else(|| missing(column))? {
                Cell::Bytes(bytes) => Ok(bytes.clone()),
                Cell::Null | Cell::Number(_) | Cell::Text(_) => Err(other_type(column)),
            },
            Self::Postgres(row) => row.try_get(column).map_err(StoreError::during(CONTEXT)),
        }
    }
}

fn missing(column: &str) -> StoreError {
    StoreError::new(CONTEXT, format!("there is no column {column}"))
}

fn other_type(column: &str) -> StoreError {
    StoreError::new(CONTEXT, format!("column {column} has another type"))
}
