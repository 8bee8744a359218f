//! Reads WeChat's bills: the payments and refunds of one day, and the movements of the merchant's money. V2 and V3 use
//! the same files (doc/v3/merchant: 下载账单). The files have amounts in yuan; this module returns fen.

mod date;
mod error;
mod fund_flow;
mod reader;
mod table;
mod trade;
mod unpack;
mod yuan;

pub use date::{BillDate, InvalidDate};
pub use error::BillError;
pub use fund_flow::{Direction, FlowSummary, FundFlow, FundFlowBill};
pub use table::UnreadableRow;
pub use trade::{Trade, TradeBill, TradeRefund, TradeSummary};
pub use unpack::{MAX_LENGTH, unpack};
pub use yuan::{fen_from_yuan, hundred_thousandths};

/// Which rows a trade bill has.
///
/// ```
/// assert_eq!(wechat::bill::BillType::default().as_str(), "ALL");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BillType {
    /// Payments and refunds.
    #[default]
    All,
    /// Payments.
    Success,
    /// Refunds.
    Refund,
}

impl BillType {
    /// The word in the request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
        }
    }
}

/// The account of a fund-flow bill.
///
/// ```
/// use wechat::bill::AccountType;
///
/// // V2 and V3 spell it differently
/// assert_eq!((AccountType::Basic.v2(), AccountType::Basic.v3()), ("Basic", "BASIC"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AccountType {
    /// The account that receives payments.
    #[default]
    Basic,
    /// The account for the merchant's operations.
    Operation,
    /// The account from which fees are paid.
    Fees,
}

impl AccountType {
    /// The word in a request of V2.
    #[must_use]
    pub const fn v2(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Operation => "Operation",
            Self::Fees => "Fees",
        }
    }

    /// The word in a request of V3.
    #[must_use]
    pub const fn v3(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Operation => "OPERATION",
            Self::Fees => "FEES",
        }
    }
}
