use crate::{json::JsonError, pay::v2::InvalidField};

/// Why a text is not a valid order, refund or complaint.
///
/// ```
/// use wechat::pay::v3::{InvalidField, ReadError, Transaction};
///
/// let paid = r#"{"appid":"wx1","mchid":"1","out_trade_no":"S1","trade_state":"SUCCESS"}"#;
/// assert_eq!(Transaction::from_json(paid), Err(ReadError::Field(InvalidField("amount"))));
/// assert!(matches!(Transaction::from_json("{}"), Err(ReadError::Json(_))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is not the documented JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A required field is missing or has a wrong form.
    #[error(transparent)]
    Field(#[from] InvalidField),
}
