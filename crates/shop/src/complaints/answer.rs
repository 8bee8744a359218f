//! Staff answer a complaint. `send.rs` sends the answer to WeChat.

use model::{
    audit::AuditAction,
    complaint::{ComplaintAnswerKind, ComplaintAnswerState, ComplaintProblem, MAX_ANSWER_CHARS},
    job::JobKind,
    record::{AuditRecord, ComplaintAnswerRecord},
};
use store::{Command, ReadSet, UnitOfWork};

use super::Complaints;
use crate::{Right, ShopError, Staff, ids::nonce, typed};

/// The job runs this long after the request, which sends the answer itself, ms.
const JOB_AFTER_MS: i64 = 60_000;

/// What staff answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintAnswer {
    /// The kind of the answer.
    pub kind: ComplaintAnswerKind,
    /// The reply or the reason; ignored for the other kinds.
    pub text: String,
    /// The number of answers that the page showed, as an optimistic lock: the shop refuses the answer if another person
    /// has answered since.
    pub seen: usize,
}

impl Complaints {
    /// Answers a complaint. The shop stores the answer with its job, then sends it.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::Invalid`] for a wrong text, a complaint that has ended, or an answer
    /// that its state does not allow; [`ShopError::Changed`] if another person has answered since;
    /// [`ShopError::NotFound`]; [`ShopError::NoPayV3`]; a failing database. A refusal by WeChat is not an error: the
    /// page shows it.
    pub async fn answer(&self, staff: &Staff, id: &str, answer: &ComplaintAnswer) -> Result<(), ShopError> {
        let is_about_refund =
            matches!(answer.kind, ComplaintAnswerKind::ApproveRefund | ComplaintAnswerKind::RefuseRefund);
        staff.check(if is_about_refund { Right::Refund } else { Right::Complaints })?;
        self.client()?;
        let text = checked(answer)?;
        let now_ms = self.clock.now_ms();
        let action = match answer.kind {
            ComplaintAnswerKind::Reply => AuditAction::ReplyToComplaint,
            ComplaintAnswerKind::Finish => AuditAction::FinishComplaint,
            ComplaintAnswerKind::ApproveRefund | ComplaintAnswerKind::RefuseRefund => {
                AuditAction::DecideComplaintRefund
            }
        };
        let command = WriteAnswer {
            answer: ComplaintAnswerRecord {
                id: nonce(&*self.ids),
                complaint_id: id.to_owned(),
                kind: answer.kind,
                text,
                who: staff.name.to_string(),
                state: ComplaintAnswerState::Waiting,
                code: String::new(),
                message: String::new(),
                created_ms: now_ms,
                changed_ms: now_ms,
            },
            seen: answer.seen,
            audit: self.audit.record(staff.name.as_str(), action, format!("{id}: {}", answer.kind)),
        };
        let answer_id = command.answer.id.clone();
        self.store.write(command).await??;
        if let Err(error) = self.send(&answer_id).await {
            // the answer is stored, and its job sends it
            tracing::warn!(complaint = id, %error, "an answer to a complaint was not sent yet");
        }
        Ok(())
    }
}

/// The text in the form that WeChat accepts; empty for an answer without a text.
fn checked(answer: &ComplaintAnswer) -> Result<String, ShopError> {
    let text = answer.text.replace("\r\n", "\n").trim().to_owned();
    match answer.kind {
        ComplaintAnswerKind::Finish | ComplaintAnswerKind::ApproveRefund => return Ok(String::new()),
        ComplaintAnswerKind::Reply | ComplaintAnswerKind::RefuseRefund => {}
    }
    if text.is_empty() || text.chars().count() > MAX_ANSWER_CHARS {
        return Err(ShopError::invalid("请填写 1 到 200 字", "Please write 1 to 200 characters."));
    }
    if !typed::fits_wechat_pay(&text) || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(ShopError::invalid(
            "请不要使用表情符号，微信支付不支持",
            "Please use no emoji: WeChat Pay does not support them.",
        ));
    }
    Ok(text)
}

struct WriteAnswer {
    answer: ComplaintAnswerRecord,
    seen: usize,
    audit: AuditRecord,
}

impl Command for WriteAnswer {
    type Reply = Result<(), ShopError>;

    fn reads(&self, reads: &mut ReadSet) {
        reads.complaint(&self.answer.complaint_id);
    }

    fn apply(&self, unit: &mut UnitOfWork) -> Self::Reply {
        let new = &self.answer;
        // the writer applies the command again after a commit with an unknown outcome
        if unit.complaint_answer(&new.id).is_some() {
            return Ok(());
        }
        let complaint = unit.complaint(&new.complaint_id).ok_or(ShopError::NotFound)?;
        if !complaint.state.is_open() {
            return Err(ShopError::invalid(
                "投诉已经处理完成，不能再操作；买家继续投诉后可以再回复",
                "The complaint has ended. You can reply again if the buyer continues it.",
            ));
        }
        let fits = match new.kind {
            ComplaintAnswerKind::Reply => true,
            ComplaintAnswerKind::Finish => complaint.state.may_finish(),
            ComplaintAnswerKind::ApproveRefund | ComplaintAnswerKind::RefuseRefund => {
                complaint.problem == ComplaintProblem::Refund
            }
        };
        if !fits {
            return Err(ShopError::invalid(
                "这条投诉现在不能这样处理，请先回复买家",
                "The complaint cannot be answered this way now. Please reply to the buyer first.",
            ));
        }
        let mut answers = 0;
        for answer in unit.complaint_answers_to(&new.complaint_id) {
            if answer.state.is_open() {
                return Err(ShopError::invalid(
                    "上一条回复还没有发出，请稍后再试",
                    "The last answer is not sent yet. Please try again in a moment.",
                ));
            }
            answers += 1;
        }
        if answers != self.seen {
            return Err(ShopError::Changed);
        }
        unit.set_complaint_answer(new.clone());
        unit.enqueue(JobKind::ComplaintAnswer, &new.id, new.created_ms + JOB_AFTER_MS);
        unit.record_audit(self.audit.clone());
        Ok(())
    }
}
