//! A complaint and its state.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Millis,
    pay::{Order, RefundStatus},
    random,
};

/// A complaint in WeChat's records.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Complaint {
    pub(crate) complaint_id: String,
    pub(crate) mch_id: String,
    /// The key of its order.
    pub(crate) order: String,
    pub(crate) openid: String,
    pub(crate) phone: String,
    pub(crate) detail: String,
    pub(crate) problem_type: ProblemType,
    /// How much the shopper wants back, in fen.
    pub(crate) apply_refund_amount: Option<i64>,
    /// The ids of the shopper's pictures.
    pub(crate) pictures: Vec<String>,
    pub(crate) created_at: Millis,
    /// How often the shopper complained.
    pub(crate) times: u32,
    /// The stored state, without the arrival of a refund: see [`Complaint::state()`].
    pub(crate) state: ComplaintState,
    /// What the merchant decided about the refund, and when.
    pub(crate) refund: Option<(RefundDecision, Millis)>,
    /// Whether the shopper wrote something that the merchant has not answered.
    pub(crate) unanswered: bool,
    pub(crate) history: Vec<Entry>,
}

/// An entry of the negotiation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) log_id: String,
    pub(crate) at: Millis,
    pub(crate) kind: EntryKind,
    pub(crate) text: String,
    pub(crate) pictures: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ComplaintState {
    Pending,
    Processing,
    Processed,
}

impl ComplaintState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Processing => "PROCESSING",
            Self::Processed => "PROCESSED",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProblemType {
    Refund,
    ServiceNotWork,
    #[default]
    Others,
}

impl ProblemType {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "REFUND",
            Self::ServiceNotWork => "SERVICE_NOT_WORK",
            Self::Others => "OTHERS",
        }
    }

    /// `problem_description`: the words that the shopper chose.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Refund => "申请退款",
            Self::ServiceNotWork => "服务权益未生效",
            Self::Others => "其他类型",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RefundDecision {
    Approved,
    Rejected,
}

/// `operate_type`, with WeChat's own spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EntryKind {
    UserCreateComplaint,
    UserContinueComplaint,
    UserResponse,
    UserConfirmComplaint,
    MerchantResponse,
    MerchantConfirmComplete,
    MerchantApproveRefund,
    MerchantRefuseRefund,
}

impl EntryKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::UserCreateComplaint => "USER_CREATE_COMPLAINT",
            Self::UserContinueComplaint => "USER_CONTINUE_COMPLAINT",
            Self::UserResponse => "USER_RESPONSE",
            Self::UserConfirmComplaint => "USER_COMFIRM_COMPLAINT",
            Self::MerchantResponse => "MERCHANT_RESPONSE",
            Self::MerchantConfirmComplete => "MERCHANT_CONFIRM_COMPLETE",
            Self::MerchantApproveRefund => "MERCHANT_APPROVE_REFUND",
            Self::MerchantRefuseRefund => "MERCHANT_REFUSE_RERUND",
        }
    }

    pub(crate) const fn operator(self) -> &'static str {
        match self {
            Self::UserCreateComplaint
            | Self::UserContinueComplaint
            | Self::UserResponse
            | Self::UserConfirmComplaint => "投诉人",
            Self::MerchantResponse
            | Self::MerchantConfirmComplete
            | Self::MerchantApproveRefund
            | Self::MerchantRefuseRefund => "商户",
        }
    }
}

impl Complaint {
    /// The state now. The arrival of an approved refund ends a complaint.
    pub(crate) fn state(&self, order: Option<&Order>, now: Millis) -> ComplaintState {
        let approved = self.refund.is_some_and(|(decision, _)| decision == RefundDecision::Approved);
        let arrived = order.is_some_and(|order| {
            order.refunds.iter().any(|refund| {
                refund.status(now) == RefundStatus::Success && refund.settles_at >= self.created_at
            })
        });
        if approved && arrived { ComplaintState::Processed } else { self.state }
    }

    pub(crate) fn add(&mut self, kind: EntryKind, text: &str, pictures: Vec<String>, at: Millis) {
        let text = text.to_owned();
        self.history.push(Entry { log_id: random::digits(28), at, kind, text, pictures });
    }
}
