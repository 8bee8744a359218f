use wechat::pay::{v2, v3};

/// WeChat's word that money was taken, in whichever generation it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::payments) struct PaymentResult {
    pub(in crate::payments) transaction_id: String,
    /// What was asked for, in fen: the only amount that is compared. What the payer paid may be less by coupons.
    pub(in crate::payments) total: i64,
    pub(in crate::payments) currency: String,
    /// What the payer paid, less by coupons, where WeChat told. Never compared.
    pub(in crate::payments) payer_total: Option<i64>,
    /// What the merchant is paid out of, where WeChat told. Never compared.
    pub(in crate::payments) settlement_total: Option<i64>,
    /// When, as WeChat wrote it.
    pub(in crate::payments) time: String,
    /// When, seconds since 1970, where that can be read.
    pub(in crate::payments) time_s: Option<i64>,
    /// Documented fields that WeChat did not send: for the log.
    pub(in crate::payments) missing_fields: Vec<&'static str>,
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
    /// The payment of a V3 transaction, if it has been paid.
    pub(in crate::payments) fn of_transaction(transaction: &v3::Transaction) -> Option<Self> {
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

    /// Writes to the log what WeChat did not tell. The payment is booked all the same.
    pub(in crate::payments) fn log_missing_fields(&self, out_trade_no: &str) {
        if !self.missing_fields.is_empty() {
            let fields = self.missing_fields.join(", ");
            tracing::warn!(out_trade_no, fields, "WeChat reports a payment without documented fields");
        }
    }
}
