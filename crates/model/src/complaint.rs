//! The states of complaints that shoppers make at WeChat about paid orders (消费者投诉2.0). The use cases are in
//! `crates/shop/src/complaints`.

use crate::word::words;

/// The first reply is due 24 hours after the complaint, ms. Source: Tencent's guide for merchants
/// (kf.qq.com/faq/230125a6NbmA230125vMNZnE.html); the documents of the API give no limit.
pub const REPLY_WITHIN_MS: i64 = 24 * 3_600_000;

/// A complaint must end 72 hours after it was made, ms. The source is the same guide.
pub const END_WITHIN_MS: i64 = 72 * 3_600_000;

/// The shop reminds staff four hours before a complaint is due, ms.
pub const ALARM_BEFORE_MS: i64 = 4 * 3_600_000;

/// The maximum length of a reply and of a reason, characters.
pub const MAX_ANSWER_CHARS: usize = 200;

words! {
    /// The state of a complaint.
    ComplaintState {
        /// The shop knows its number, and has not read it from WeChat yet.
        Unread = "unread",
        /// Staff have not replied.
        Pending = "pending",
        /// Staff have replied.
        Processing = "processing",
        /// It has ended.
        Processed = "processed",
        /// WeChat reports a state that the shop does not know.
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

    /// Whether staff can end it. They must reply first.
    #[must_use]
    pub const fn may_finish(self) -> bool {
        match self {
            Self::Processing | Self::Unknown => true,
            Self::Unread | Self::Pending | Self::Processed => false,
        }
    }

    /// When staff have to act at the latest, ms since 1970. `complained_ms` is the time of the complaint. `None` if it
    /// has ended.
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
        /// The complaint is resolved.
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
        /// The shop sends it, or got no answer from WeChat. The shop asks WeChat before it sends it again.
        Sending = "sending",
        /// WeChat has it.
        Sent = "sent",
        /// WeChat refused it for good.
        Refused = "refused",
        /// The shop could not send it within a day, and gave up.
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
