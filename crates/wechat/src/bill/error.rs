/// Why a bill cannot be read.
///
/// ```
/// use wechat::bill::{BillError, TradeBill};
///
/// assert_eq!(TradeBill::parse(b"\x1f\x8bdamaged"), Err(BillError::Gzip));
/// assert_eq!(TradeBill::parse("交易时间".as_bytes()), Err(BillError::NoSummary));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillError {
    /// The file is longer than [`super::MAX_LENGTH`].
    #[error("the bill is longer than 256 MiB")]
    TooLong,
    /// The compressed file is damaged.
    #[error("the compressed bill is damaged")]
    Gzip,
    /// The file is not UTF-8.
    #[error("the bill is not UTF-8")]
    NotUtf8,
    /// A required column is missing.
    #[error("the bill has no column {0}")]
    Column(&'static str),
    /// The file has no summary at its end. It may be cut off.
    #[error("the bill ends without its summary")]
    NoSummary,
    /// A row does not have as many fields as the header, or does not begin with a backtick.
    #[error("line {0} of the bill does not have the fields of the header")]
    Row(usize),
    /// A field does not have the expected form.
    #[error("line {line} of the bill: {column} has a wrong form")]
    Field {
        /// Counted from 1.
        line: usize,
        /// The current name of the column, as WeChat writes it.
        column: &'static str,
    },
    /// The summary does not match the rows: it has another number of rows, or another sum.
    #[error("the bill's summary does not match its rows: {0}")]
    Sum(&'static str),
}
