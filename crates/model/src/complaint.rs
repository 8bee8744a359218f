//! Complaints that shoppers make at WeChat about paid orders (消费者投诉2.0).

use crate::word::words;

/// The first reply is due so long after the complaint, ms: 24 hours. Tencent's guide for merchants says so
/// (kf.qq.com/faq/230125a6NbmA230125vMNZnE.html); no document of the interface does. Change it here if WeChat changes it.
pub const REPLY_WITHIN_MS: i64 = 24 * 3_600_000;

/// The end of a complaint is due so long after it was made, ms: 72 hours, as the same guide says.
pub const END_WITHIN_MS: i64 = 72 * 3_600_000;

/// A complaint is an alarm so long before it is due, ms.
pub const ALARM_BEFORE_MS: i64 = 4 * 3_600_000;

/// The longest reply and the longest reason, characters.
pub const MAX_ANSWER_CHARS: usize = 200;

words! {
    /// The state of a complaint.
    ComplaintState {
        /// The shop has its number, and has not read it at WeChat yet.
        Unread = "unread",
        /// Staff have not replied.
        Pending = "pending",
        /// Staff have replied.
        Processing = "processing",
        /// It has ended.
        Processed = "processed",
        /// WeChat says a word that the shop does not know.
        Unknown = "unknown",
    }
}

impl ComplaintState {
    /// Whether staff can still answer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Unread | Self::Pending | Self::Processing | Self::Unknown => true,
            Self::Processed => false,
        }
    }

    /// Whether staff can say that it is dealt with: they have replied.
    #[must_use]
    pub const fn may_finish(self) -> bool {
        match self {
            Self::Processing | Self::Unknown => true,
            Self::Unread | Self::Pending | Self::Processed => false,
        }
    }

    /// When staff have to act, for a complaint that was made at this time, ms. `None` if it has ended.
    ///
    /// ```
    /// use model::complaint::ComplaintState;
    ///
    /// assert_eq!(ComplaintState::Pending.due_ms(0), Some(24 * 3_600_000));
    /// assert_eq!(ComplaintState::Processing.due_ms(0), Some(72 * 3_600_000));
    /// assert_eq!(ComplaintState::Processed.due_ms(0), None);
    /// ```
    #[must_use]
    pub const fn due_ms(self, complained_ms: i64) -> Option<i64> {
        match self {
            Self::Unread | Self::Pending => Some(complained_ms + REPLY_WITHIN_MS),
            Self::Processing | Self::Unknown => Some(complained_ms + END_WITHIN_MS),
            Self::Processed => None,
        }
    }
}

words! {
    /// What a complaint is about.
    ComplaintProblem {
        /// The shopper wants a refund.
        Refund = "refund",
        /// A bought service does not work.
        Service = "service",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Who wrote an entry of the negotiation.
    ComplaintWriter {
        /// The shopper.
        Shopper = "shopper",
        /// The shop.
        Shop = "shop",
        /// WeChat, or an entry of a kind that the shop does not know.
        Wechat = "wechat",
    }
}

words! {
    /// What staff answer.
    ComplaintAnswerKind {
        /// A reply in words.
        Reply = "reply",
        /// The complaint is dealt with.
        Finish = "finish",
        /// The refund is approved. Staff make it on the order's page.
        ApproveRefund = "approve_refund",
        /// The refund is refused, with a reason.
        RefuseRefund = "refuse_refund",
    }
}

words! {
    /// The state of an answer.
    ComplaintAnswerState {
        /// It is not sent yet.
        Waiting = "waiting",
        /// It is being sent, or no answer of WeChat came. Before it is sent again, WeChat is asked.
        Sending = "sending",
        /// WeChat has it.
        Sent = "sent",
        /// WeChat refused it for good.
        Refused = "refused",
        /// It could not be sent for a day.
        TooLate = "too_late",
    }
}

impl ComplaintAnswerState {
    /// Whether the shop still sends it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Sending => true,
            Self::Sent | Self::Refused | Self::TooLate => false,
        }
    }
}
