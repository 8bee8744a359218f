//! The events that a developer can trigger.

use serde::{Deserialize, Serialize};

/// An event that `POST /_simulator/trigger` and the verb `trigger` make happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// An order that is not paid.
    Order,
    /// A paid order.
    Payment,
    /// A closed order.
    Close,
    /// A refund of the whole order.
    Refund,
    /// A refund that WeChat closes.
    RefundClosed,
    /// A refund that cannot reach the payer's account.
    RefundAbnormal,
    /// A complaint about a paid order: the shopper wants the money back.
    Complaint,
}

/// The interface of an order that [`Event`] makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderApi {
    /// V2, with XML.
    V2,
    /// V3, with JSON.
    #[default]
    V3,
}
