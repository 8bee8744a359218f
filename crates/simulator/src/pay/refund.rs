//! A refund in WeChat's records.

use serde::{Deserialize, Serialize};

use crate::clock::{Millis, SECOND};

/// How long a refund is in progress by default.
pub(super) const DEFAULT_DURATION: Millis = SECOND;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// A running number from 0.
    pub(crate) number: u64,
    pub(crate) refund_id: String,
    pub(crate) out_refund_no: String,
    /// The amount of the order in the request, in fen.
    pub(crate) total_fee: i64,
    /// The refunded amount, in fen.
    pub(crate) refund_fee: i64,
    /// The part that goes back to the coupon, in fen.
    pub(crate) coupon_refund_fee: i64,
    pub(crate) account: String,
    pub(crate) reason: Option<String>,
    pub(crate) notify_url: Option<String>,
    pub(crate) source: Source,
    /// Whether the refund was requested through V3. If so, its notification has V3's form.
    #[serde(default)]
    pub(crate) v3: bool,
    /// Whether this is the reversal of a payment by code.
    #[serde(default)]
    pub(crate) reversal: bool,
    /// The receiving account, if an abnormal refund was paid to another account.
    #[serde(default)]
    pub(crate) received_by: Option<String>,
    pub(crate) created_at: Millis,
    pub(crate) settles_at: Millis,
    pub(crate) outcome: Outcome,
}

/// The outcome of a refund.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    #[default]
    Success,
    Closed,
    /// The payer's card is closed: the merchant must decide in the merchant platform.
    Abnormal,
}

/// The source of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    Api,
    VendorPlatform,
}

impl Source {
    /// `refund_request_source`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::VendorPlatform => "VENDOR_PLATFORM",
        }
    }
}

/// `refund_status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundStatus {
    Processing,
    Success,
    Closed,
    Abnormal,
}

impl RefundStatus {
    /// The word in V3.
    pub(crate) const fn v3(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Abnormal => "ABNORMAL",
        }
    }

    /// The word in V2.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Closed => "REFUNDCLOSE",
            Self::Abnormal => "CHANGE",
        }
    }
}

impl From<Outcome> for RefundStatus {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::Success,
            Outcome::Closed => Self::Closed,
            Outcome::Abnormal => Self::Abnormal,
        }
    }
}

impl Refund {
    pub(crate) fn status(&self, now: Millis) -> RefundStatus {
        if now < self.settles_at { RefundStatus::Processing } else { self.outcome.into() }
    }

    /// Whether this refund reduces the amount that can still be refunded.
    pub(crate) fn counts(&self, now: Millis) -> bool {
        self.status(now) != RefundStatus::Closed
    }

    /// `user_received_account`, and `refund_recv_accout` of V2.
    pub(crate) fn received_by(&self) -> &str {
        self.received_by.as_deref().unwrap_or("支付用户零钱")
    }

    /// `channel`, and `refund_channel` of V2.
    pub(crate) const fn channel(&self) -> &'static str {
        if self.received_by.is_some() { "OTHER_BANKCARD" } else { "ORIGINAL" }
    }

    pub(crate) const fn cash_refund_fee(&self) -> i64 {
        self.refund_fee - self.coupon_refund_fee
    }
}

/// `POST /_simulator/refund`: the outcome of future refunds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) outcome: Outcome,
    /// The number of refunds that get this outcome. `None` means all.
    pub(crate) times: Option<u32>,
    /// The time until the refund settles, on the simulator's clock.
    pub(crate) after: Option<Millis>,
}

impl Outcomes {
    /// The outcome of the next refund, and the time until it settles.
    pub(crate) fn take(&mut self) -> (Outcome, Millis) {
        let taken = (self.outcome, self.after.unwrap_or(DEFAULT_DURATION));
        match &mut self.times {
            Some(times) if *times > 1 => *times -= 1,
            Some(_) => *self = Self::default(),
            None => {}
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_applies_the_given_number_of_times() {
        let mut outcomes = Outcomes { outcome: Outcome::Closed, times: Some(2), after: Some(0) };
        assert_eq!(outcomes.take(), (Outcome::Closed, 0));
        assert_eq!(outcomes.take(), (Outcome::Closed, 0));
        assert_eq!(outcomes.take(), (Outcome::Success, DEFAULT_DURATION));
    }
}
