use model::refund::RefundState;
use wechat::{
    pay::{v2, v3},
    wire::xml,
};

/// A refund that WeChat reports, in one form for both API versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefundResult {
    pub(crate) state: RefundState,
    pub(crate) out_trade_no: String,
    pub(crate) out_refund_no: String,
    pub(crate) refund_id: String,
    /// Fen.
    pub(crate) refund_fee: i64,
    /// What the payer gets back, fen.
    pub(crate) payer_refund: Option<i64>,
    /// What the merchant pays, fen.
    pub(crate) settlement_refund: Option<i64>,
    /// WeChat's report, for the records: the fields of V2's XML, V3's decrypted notification, or the debug text of V3's
    /// answer.
    pub(crate) payload: Vec<u8>,
}

impl RefundResult {
    /// One refund in the answer to a query. If the answer does not contain it, its state is `Requested`: WeChat has not
    /// accepted it.
    pub(crate) fn of_query(refunds: &v2::Refunds, is_it: impl Fn(&Self) -> bool) -> Self {
        Self::all_of(refunds).find(is_it).unwrap_or_else(|| Self {
            state: RefundState::Requested,
            out_trade_no: refunds.out_trade_no.clone(),
            out_refund_no: String::new(),
            refund_id: String::new(),
            refund_fee: 0,
            payer_refund: None,
            settlement_refund: None,
            payload: xml::write(refunds.fields()).into_bytes(),
        })
    }

    /// All refunds in the answer to a query.
    pub(crate) fn all_of(refunds: &v2::Refunds) -> impl Iterator<Item = Self> {
        refunds.refunds.iter().map(|refund| Self {
            state: v2_state(&refund.refund_status),
            out_trade_no: refunds.out_trade_no.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            refund_id: refund.refund_id.clone(),
            refund_fee: refund.refund_fee,
            payer_refund: None,
            settlement_refund: refund.settlement_refund_fee,
            payload: xml::write(refunds.fields()).into_bytes(),
        })
    }
}

const fn v2_state(status: &v2::RefundStatus) -> RefundState {
    match status {
        v2::RefundStatus::Success => RefundState::Success,
        v2::RefundStatus::RefundClose => RefundState::Closed,
        v2::RefundStatus::Change => RefundState::Abnormal,
        // an unknown state counts as not final, so the shop queries again
        _ => RefundState::Processing,
    }
}

/// V2's answer to a refund call only says that WeChat accepted the refund.
impl From<v2::RefundResponse> for RefundResult {
    fn from(reply: v2::RefundResponse) -> Self {
        let fee = |name: &str| reply.fields().get(name).and_then(|digits| digits.parse().ok());
        Self {
            state: RefundState::Processing,
            payer_refund: fee("cash_refund_fee"),
            settlement_refund: fee("settlement_refund_fee"),
            payload: xml::write(reply.fields()).into_bytes(),
            out_trade_no: reply.out_trade_no,
            out_refund_no: reply.out_refund_no,
            refund_id: reply.refund_id,
            refund_fee: reply.refund_fee,
        }
    }
}

impl From<v3::Refund> for RefundResult {
    fn from(refund: v3::Refund) -> Self {
        Self {
            state: match refund.status {
                v3::RefundStatus::Success => RefundState::Success,
                v3::RefundStatus::Closed => RefundState::Closed,
                v3::RefundStatus::Abnormal => RefundState::Abnormal,
                _ => RefundState::Processing,
            },
            payload: format!("{refund:?}").into_bytes(),
            payer_refund: Some(refund.amount.payer_refund),
            settlement_refund: refund.amount.settlement_refund,
            refund_fee: refund.amount.refund,
            out_trade_no: refund.out_trade_no,
            out_refund_no: refund.out_refund_no,
            refund_id: refund.refund_id,
        }
    }
}
