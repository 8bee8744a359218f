//! Sends an answer of staff to WeChat. If the outcome of an earlier try is unknown, the shop asks WeChat before it
//! sends again.

use model::{
    complaint::{ComplaintAnswerKind, ComplaintState},
    record::ComplaintAnswerRecord,
};
use wechat::{
    pay::v3::{ComplaintReply, NegotiationEntry, NegotiationKind, RefundProgress},
    time::parse_rfc3339,
};

use super::{
    Complaints,
    send_outcome::{BeginSending, Outcome, StoreOutcome},
};
use crate::{ShopError, clock::DAY_MS};

/// WeChat's clock may be this much behind the shop's clock, ms.
const CLOCKS_DIFFER_MS: i64 = 60_000;

impl Complaints {
    /// Sends an answer. Returns `true` if nothing is left to do, `false` if the job has to try again.
    ///
    /// # Errors
    /// [`ShopError::NoPayV3`] if Pay V3 is no longer configured, or a failing database. The job runs again.
    pub(crate) async fn send(&self, answer_id: &str) -> Result<bool, ShopError> {
        let Some(answer) = self.store.complaint_answer(answer_id).await? else { return Ok(true) };
        let _turn = self.answering.lock(&answer.complaint_id).await;
        // another request may have sent it while this one waited for the lock
        let answer = self.store.complaint_answer(answer_id).await?.filter(|answer| answer.state.is_open());
        let Some(answer) = answer else { return Ok(true) };
        let outcome = self.deliver(&answer).await?;
        let done = outcome.is_end();
        if let Outcome::Refused { code, message } = &outcome {
            tracing::error!(
                alert = "complaint_answer_refused",
                complaint = answer.complaint_id,
                code,
                message,
                "WeChat refuses an answer to a complaint: the console's page of the complaint says what to do"
            );
        }
        let sent = outcome == Outcome::Sent;
        let store_outcome = StoreOutcome {
            id: answer.id.clone(),
            complaint_id: answer.complaint_id.clone(),
            outcome,
            now_ms: self.clock.now_ms(),
        };
        self.store.write(store_outcome).await?;
        if sent && let Err(error) = self.read(&answer.complaint_id).await {
            // the next list of complaints shows the new state
            tracing::warn!(complaint = answer.complaint_id, %error, "a complaint was not read after an answer");
        }
        Ok(done)
    }

    async fn deliver(&self, answer: &ComplaintAnswerRecord) -> Result<Outcome, ShopError> {
        let client = self.client()?.clone();
        let now_ms = self.clock.now_ms();
        if answer.state == model::complaint::ComplaintAnswerState::Sending {
            match self.is_known_at_wechat(answer).await {
                Ok(true) => return Ok(Outcome::Sent),
                Ok(false) => {}
                Err(ShopError::Store(error)) => return Err(error.into()),
                Err(error) => return Ok(Outcome::unanswered(&error)),
            }
        }
        if now_ms - answer.created_ms > DAY_MS {
            return Ok(Outcome::TooLate);
        }
        let begin = BeginSending { id: answer.id.clone(), complaint_id: answer.complaint_id.clone(), now_ms };
        if !self.store.write(begin).await? {
            return Ok(Outcome::Sent);
        }
        let id = &answer.complaint_id;
        let sent = match answer.kind {
            ComplaintAnswerKind::Reply => {
                client.reply_to_complaint(id, &ComplaintReply::new(answer.text.as_str())).await
            }
            ComplaintAnswerKind::Finish => client.complete_complaint(id).await,
            ComplaintAnswerKind::ApproveRefund => {
                client.update_refund_progress(id, &RefundProgress::Approve { launch_refund_day: 0 }).await
            }
            ComplaintAnswerKind::RefuseRefund => {
                let progress = RefundProgress::Reject { reason: answer.text.clone() };
                client.update_refund_progress(id, &progress).await
            }
        };
        let outcome = match sent {
            Ok(()) => Outcome::Sent,
            Err(error) => Outcome::of(&error),
        };
        // WeChat also refuses an answer that it has already
        if matches!(outcome, Outcome::Refused { .. })
            && self.is_known_at_wechat(answer).await.unwrap_or(false)
        {
            return Ok(Outcome::Sent);
        }
        Ok(outcome)
    }

    /// Asks WeChat whether it has this answer.
    async fn is_known_at_wechat(&self, answer: &ComplaintAnswerRecord) -> Result<bool, ShopError> {
        let (state, entries) = self.read_entries(&answer.complaint_id).await?;
        let has = |kind: NegotiationKind, text: &str| {
            entries.iter().any(|entry| entry.kind == kind && is_of(entry, answer.created_ms, text))
        };
        Ok(match answer.kind {
            ComplaintAnswerKind::Reply => has(NegotiationKind::MerchantResponse, &answer.text),
            ComplaintAnswerKind::Finish => state == ComplaintState::Processed,
            ComplaintAnswerKind::ApproveRefund => has(NegotiationKind::MerchantApproveRefund, ""),
            ComplaintAnswerKind::RefuseRefund => has(NegotiationKind::MerchantRefuseRefund, ""),
        })
    }
}

/// Whether an entry contains this text and is not older than the answer.
fn is_of(entry: &NegotiationEntry, created_ms: i64, text: &str) -> bool {
    let at_ms = parse_rfc3339(&entry.operate_time).map_or(0, |seconds| seconds * 1000);
    at_ms >= created_ms - CLOCKS_DIFFER_MS && entry.details.contains(text)
}
