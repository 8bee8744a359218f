//! The commands that store the beginning and the outcome of an upload.

use model::{
    OrderId,
    delivery::{ReportState, WechatOrderState},
    event::{EventKind, EventSource},
};
use store::{Command, EventEntry, ReadSet, UnitOfWork};

use super::confirm_receipt::receive;

/// The minimum step between two `upload_time`s, ms. WeChat requires a later time for each upload, and may cut it to
/// seconds.
const UPLOAD_STEP_MS: i64 = 1000;

/// Marks the beginning of an upload. Its outcome is unknown until [`StoreOutcome`] stores it.
pub(super) struct BeginUpload {
    pub(super) id: OrderId,
    pub(super) version: i64,
    pub(super) is_split: bool,
    pub(super) now_ms: i64,
}

impl Command for BeginUpload {
    /// The `upload_time`, ms; `None` if there is a newer version, or the report does not wait any more.
    type Reply = Option<i64>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let mut report = unit.delivery_report(&self.id)?.clone();
        if report.version != self.version || report.state != ReportState::Waiting {
            return None;
        }
        report.upload_ms = self.now_ms.max(report.upload_ms + UPLOAD_STEP_MS);
        report.is_unanswered = true;
        report.is_split |= self.is_split;
        let upload_ms = report.upload_ms;
        unit.set_delivery_report(report);
        Some(upload_ms)
    }
}

/// The outcome of an upload, or of a question about the order.
pub(super) enum UploadOutcome {
    /// WeChat has the report.
    Accepted {
        /// Whether the report contains all parcels.
        is_complete: bool,
        /// WeChat's state of the order.
        state: WechatOrderState,
    },
    /// WeChat refused the report.
    Refused {
        /// WeChat's code, or a word of the shop.
        code: String,
        /// WeChat's message.
        message: String,
        /// WeChat's state of the order.
        state: WechatOrderState,
    },
    /// The job tries again.
    Later {
        /// WeChat's code; empty if there was no answer.
        code: String,
        /// WeChat's message, or what failed.
        message: String,
        /// Whether WeChat may have the report.
        is_unanswered: bool,
    },
    /// All money was refunded, so WeChat needs no report.
    NotNeeded,
    /// Nothing was uploaded. WeChat reported this state of the order.
    Asked(WechatOrderState),
}

/// Stores the outcome of an upload.
pub(super) struct StoreOutcome {
    pub(super) id: OrderId,
    pub(super) version: i64,
    pub(super) outcome: UploadOutcome,
    pub(super) now_ms: i64,
}

impl Command for StoreOutcome {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_with_after_sales(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let Some(mut report) = unit.delivery_report(&self.id).cloned() else { return };
        let is_current = report.version == self.version;
        let (before, mut said) = (report.state, None);
        let state = match &self.outcome {
            UploadOutcome::Accepted { is_complete, state } => {
                report.is_unanswered &= !is_current;
                if *is_complete {
                    report.reported_ms.get_or_insert(self.now_ms);
                }
                said = Some((ReportState::Reported, EventKind::ReportAccepted, String::new(), String::new()));
                *state
            }
            UploadOutcome::Refused { code, message, state } => {
                report.is_unanswered &= !is_current;
                said = Some((ReportState::Refused, EventKind::ReportRefused, code.clone(), message.clone()));
                *state
            }
            UploadOutcome::Later { code, message, is_unanswered } if is_current => {
                report.is_unanswered = *is_unanswered;
                report.code.clone_from(code);
                report.message.clone_from(message);
                WechatOrderState::Unknown
            }
            UploadOutcome::Later { .. } => WechatOrderState::Unknown,
            UploadOutcome::NotNeeded if is_current => {
                report.state = ReportState::NotNeeded;
                report.is_unanswered = false;
                WechatOrderState::Refunded
            }
            UploadOutcome::NotNeeded => WechatOrderState::Refunded,
            UploadOutcome::Asked(state) => *state,
        };
        if state != WechatOrderState::Unknown {
            report.wechat_state = state;
        }
        // staff may have reported the delivery on WeChat's own page
        if state.is_reported() {
            report.reported_ms.get_or_insert(self.now_ms);
        }
        if let Some((now, what, code, message)) = said.filter(|_| is_current) {
            if before != now {
                let detail = if code.is_empty() { state.to_string() } else { format!("{code} {message}") };
                let note = EventEntry {
                    at_ms: self.now_ms,
                    source: EventSource::Wechat,
                    kind: what,
                    out_trade_no: Some(&report.out_trade_no.clone()),
                    detail,
                };
                unit.record_event(&self.id, note);
            }
            (report.state, report.code, report.message) = (now, code, message);
        }
        if report.state != before {
            report.changed_ms = self.now_ms;
        }
        unit.set_delivery_report(report);
        if state.is_received() {
            receive(unit, &self.id, EventSource::Wechat, self.now_ms);
        }
    }
}
