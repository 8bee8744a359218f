use wechat::pay::{v2, v3};

/// A payment that WeChat reports, in one form for both API versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaymentResult {
    pub(crate) transaction_id: String,
    /// The amount of the attempt, fen. The shop compares only this amount, because coupons can lower `payer_total`.
    pub(crate) total: i64,
    pub(crate) currency: String,
    /// What the payer paid, fen.
    pub(crate) payer_total: Option<i64>,
    /// The amount that counts for the payout, fen.
    pub(crate) settlement_total: Option<i64>,
    /// The time of the payment, as WeChat wrote it; empty if WeChat sent none.
    pub(crate) time: String,
    /// The time of the payment, seconds since 1970; `None` if it cannot be read.
    pub(crate) time_s: Option<i64>,
    /// Documented fields that WeChat did not send, for the log.
    pub(crate) missing_fields: Vec<&'static str>,
}

impl From<v2::Payment> for PaymentResult {
    fn from(payment: v2::Payment) -> Self {
        Self {
            total: payment.total_fee,
            payer_total: payment.cash_fee,
            settlement_total: payment.settlement_total_fee,
            currency: payment.currency().to_owned(),
            time_s: payment.paid_at(),
            missing_fields: payment.missing_fields(),
            time: payment.time_end.unwrap_or_default(),
            transaction_id: payment.transaction_id,
        }
    }
}

impl PaymentResult {
    /// The payment in a V3 transaction; `None` if it is not paid.
    pub(crate) fn of_transaction(transaction: &v3::Transaction) -> Option<Self> {
        let payment = transaction.payment.as_ref()?;
        Some(Self {
            total: payment.total,
            payer_total: payment.payer_total,
            settlement_total: None,
            currency: payment.currency().to_owned(),
            time_s: payment.paid_at(),
            missing_fields: transaction.missing_fields(),
            time: payment.success_time.clone().unwrap_or_default(),
            transaction_id: payment.transaction_id.clone(),
        })
    }

    /// Logs documented fields that WeChat did not send. The shop books the payment all the same.
    pub(crate) fn log_missing_fields(&self, out_trade_no: &str) {
        if !self.missing_fields.is_empty() {
            let fields = self.missing_fields.join(", ");
            tracing::warn!(out_trade_no, fields, "WeChat reports a payment without documented fields");
        }
    }
}
