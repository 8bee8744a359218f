//! The bills of V2 and V3, which are the same files (doc/v3/merchant: 下载账单): what WeChat says took place on a
//! day. Amounts in them are in yuan; what is read here is in fen.

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
pub use fund_flow::{Direction, Flow, FlowSummary, FundFlowBill};
pub use table::UnreadableRow;
pub use trade::{Trade, TradeBill, TradeRefund, TradeSummary};
pub use unpack::{MAX_LENGTH, unpack};
pub use yuan::{fen, hundred_thousandths};

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
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
        }
    }
}

/// Which account's flow a fund-flow bill tells.
///
/// ```
/// use wechat::bill::AccountType;
///
/// // the generations spell it differently
/// assert_eq!((AccountType::Basic.v2(), AccountType::Basic.v3()), ("Basic", "BASIC"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AccountType {
    /// What payments flow into.
    #[default]
    Basic,
    /// What the merchant works with.
    Operation,
    /// What fees are taken from.
    Fees,
}

impl AccountType {
    /// The word on V2's wire.
    #[must_use]
    pub const fn v2(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Operation => "Operation",
            Self::Fees => "Fees",
        }
    }

    /// The word on V3's wire.
    #[must_use]
    pub const fn v3(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Operation => "OPERATION",
            Self::Fees => "FEES",
        }
    }
}
