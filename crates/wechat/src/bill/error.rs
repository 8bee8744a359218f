/// Why a bill was not read.
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
    /// Longer than [`super::MAX_LENGTH`].
    #[error("the bill is longer than 256 MiB")]
    TooLong,
    /// The packed file is damaged.
    #[error("the bill is damaged: it does not unpack")]
    Gzip,
    /// Not UTF-8.
    #[error("the bill is not UTF-8")]
    NotUtf8,
    /// A column that the bill must have is missing.
    #[error("the bill has no column {0}")]
    Column(&'static str),
    /// There is no summary at its end, so it may have been cut off.
    #[error("the bill ends without its summary")]
    NoSummary,
    /// A row has not as many fields as the header, or does not begin with a backtick.
    #[error("line {0} of the bill has not the fields of its header")]
    Row(usize),
    /// A field has not its form.
    #[error("line {line} of the bill: {column} has not its form")]
    Field {
        /// From 1.
        line: usize,
        /// The column.
        column: &'static str,
    },
    /// The summary tells another number of rows, or another sum, than the rows.
    #[error("the bill's summary does not fit its rows: {0}")]
    Sum(&'static str),
}
