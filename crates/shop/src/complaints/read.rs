//! Reads a complaint with its negotiation from WeChat.

use model::{
    Fen, OrderId, OutTradeNo,
    complaint::{ComplaintProblem, ComplaintState, ComplaintWriter},
    record::{ComplaintEntryRecord, ComplaintRecord},
};
use wechat::{pay::v3, time::parse_rfc3339};

use super::{Complaints, enter::StoreComplaint};
use crate::ShopError;

/// The number of entries in one page of the negotiation.
const PAGE: u32 = 50;

/// The maximum number of pages of the negotiation that the shop reads. WeChat's own pages show later entries.
const MAX_PAGES: u32 = 20;

impl Complaints {
    /// Reads a complaint from WeChat and stores it. Returns its state.
    ///
    /// # Errors
    /// [`ShopError::NoPayV3`]; [`ShopError::WechatBusy`] and [`ShopError::WechatRefuses`] if the call fails; a failing
    /// database.
    pub(crate) async fn read(&self, id: &str) -> Result<ComplaintState, ShopError> {
        self.read_entries(id).await.map(|(state, _)| state)
    }

    /// Reads a complaint from WeChat and stores it. Returns its state and the entries of its negotiation.
    pub(super) async fn read_entries(
        &self,
        id: &str,
    ) -> Result<(ComplaintState, Vec<v3::NegotiationEntry>), ShopError> {
        let client = self.client()?;
        // taken before the call, so that a change during the call counts as newer
        let now_ms = self.clock.now_ms();
        let complaint = client.complaint(id).await?;
        let mut entries = Vec::new();
        for page in 0..MAX_PAGES {
            let read = client.negotiation_history(id, PAGE, page * PAGE).await?.data;
            let is_last = read.len() < PAGE as usize;
            entries.extend(read);
            if is_last {
                break;
            }
        }
        let order_id = self.order_of(&complaint).await?;
        let rows: Vec<_> = entries.iter().filter_map(|entry| entry_of(id, entry)).collect();
        let record = record_of(&complaint, order_id, &rows, now_ms);
        let state = record.state;
        self.store.write(StoreComplaint { complaint: record, entries: rows, now_ms }).await?;
        Ok((state, entries))
    }

    async fn order_of(&self, complaint: &v3::Complaint) -> Result<Option<OrderId>, ShopError> {
        let number = complaint.orders.first().and_then(|order| order.out_trade_no.parse::<OutTradeNo>().ok());
        let Some(number) = number else { return Ok(None) };
        Ok(self.store.attempt(&number).await?.map(|attempt| attempt.order_id))
    }
}

fn record_of(
    complaint: &v3::Complaint,
    order_id: Option<OrderId>,
    entries: &[ComplaintEntryRecord],
    now_ms: i64,
) -> ComplaintRecord {
    let order = complaint.orders.first();
    let of_shopper = entries.iter().filter(|entry| entry.writer == ComplaintWriter::Shopper);
    let newest = of_shopper.max_by(|a, b| (a.at_ms, &a.log_id).cmp(&(b.at_ms, &b.log_id)));
    ComplaintRecord {
        id: complaint.complaint_id.clone(),
        state: state_of(&complaint.state),
        order_id,
        out_trade_no: order.map(|order| order.out_trade_no.clone()).unwrap_or_default(),
        transaction_id: order.map(|order| order.transaction_id.clone()).unwrap_or_default(),
        problem: match &complaint.problem_kind {
            Some(v3::ProblemKind::Refund) => ComplaintProblem::Refund,
            Some(v3::ProblemKind::ServiceNotWork) => ComplaintProblem::Service,
            _ => ComplaintProblem::Other,
        },
        problem_words: complaint.problem_description.clone().unwrap_or_default(),
        refund_wanted: Fen(complaint.apply_refund_amount.unwrap_or(0)),
        detail: complaint.detail.clone(),
        sealed_phone: complaint.encrypted_payer_phone.clone().unwrap_or_default(),
        pictures: complaint.media.iter().flat_map(|media| media.urls.clone()).collect(),
        times: complaint.times,
        is_fully_refunded: complaint.is_fully_refunded,
        has_unanswered_response: complaint.has_unanswered_response,
        newest_of_shopper: newest.map(|entry| entry.log_id.clone()).unwrap_or_default(),
        // the client has checked the form of the time
        complained_ms: parse_rfc3339(&complaint.complaint_time).map_or(now_ms, |seconds| seconds * 1000),
        read_ms: Some(now_ms),
    }
}

/// The shop's word for WeChat's state.
pub(super) fn state_of(state: &v3::ComplaintState) -> ComplaintState {
    match state {
        v3::ComplaintState::Pending => ComplaintState::Pending,
        v3::ComplaintState::Processing => ComplaintState::Processing,
        v3::ComplaintState::Processed => ComplaintState::Processed,
        _ => ComplaintState::Unknown,
    }
}

/// The row of an entry; `None` if its time is not valid.
fn entry_of(complaint_id: &str, entry: &v3::NegotiationEntry) -> Option<ComplaintEntryRecord> {
    use v3::NegotiationKind as Kind;

    let writer = match &entry.kind {
        Kind::UserCreateComplaint
        | Kind::UserContinueComplaint
        | Kind::UserResponse
        | Kind::UserConfirmComplaint => ComplaintWriter::Shopper,
        Kind::MerchantResponse
        | Kind::MerchantConfirmComplete
        | Kind::MerchantApproveRefund
        | Kind::MerchantRefuseRefund => ComplaintWriter::Shop,
        _ => ComplaintWriter::Wechat,
    };
    Some(ComplaintEntryRecord {
        complaint_id: complaint_id.to_owned(),
        log_id: entry.log_id.clone(),
        writer,
        kind: entry.kind.as_str().to_owned(),
        text: entry.details.clone(),
        pictures: entry.picture_urls().into_iter().map(str::to_owned).collect(),
        at_ms: parse_rfc3339(&entry.operate_time).ok()? * 1000,
    })
}
