//! Reads the fields of a row by the names of their columns.

use super::{
    BillError, fen_from_yuan, hundred_thousandths,
    table::{Columns, Row},
};

/// One row and its columns. `names[n]` is the current name of column `n`.
pub(super) struct Reader<'r, 'a, const N: usize> {
    pub(super) columns: &'r Columns<N>,
    pub(super) names: &'static [&'static str; N],
    pub(super) row: &'r Row<'a>,
}

impl<'a, const N: usize> Reader<'_, 'a, N> {
    fn wrong(&self, n: usize) -> BillError {
        BillError::Field { line: self.row.line, column: self.names[n] }
    }

    /// A text that may be empty.
    pub(super) fn text(&self, n: usize) -> Result<&'a str, BillError> {
        self.columns.get(self.row, n).ok_or(BillError::Column(self.names[n]))
    }

    /// A text that must not be empty.
    pub(super) fn required(&self, n: usize) -> Result<String, BillError> {
        let text = self.text(n)?;
        if text.is_empty() { Err(self.wrong(n)) } else { Ok(text.to_owned()) }
    }

    /// A text. `None` if the column is missing, or if the field is empty, `0` or `/`.
    pub(super) fn optional(&self, n: usize) -> Option<String> {
        self.columns.get(self.row, n).filter(|text| !matches!(*text, "" | "0" | "/")).map(str::to_owned)
    }

    /// An amount in fen.
    pub(super) fn fen(&self, n: usize) -> Result<i64, BillError> {
        fen_from_yuan(self.text(n)?).ok_or_else(|| self.wrong(n))
    }

    /// An amount in fen. `None` if the column is missing or the field is empty.
    pub(super) fn optional_fen(&self, n: usize) -> Result<Option<i64>, BillError> {
        match self.columns.get(self.row, n) {
            None | Some("") => Ok(None),
            Some(text) => fen_from_yuan(text).map(Some).ok_or_else(|| self.wrong(n)),
        }
    }

    /// A fee in hundred-thousandths of a yuan.
    pub(super) fn fee(&self, n: usize) -> Result<i64, BillError> {
        hundred_thousandths(self.text(n)?).ok_or_else(|| self.wrong(n))
    }

    /// A number of rows.
    pub(super) fn count(&self, n: usize) -> Result<usize, BillError> {
        self.text(n)?.parse().map_err(|_| self.wrong(n))
    }
}
