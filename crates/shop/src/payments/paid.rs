use wechat::pay::{v2, v3};

/// WeChat's word that money was taken, in whichever generation it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paid {
    pub(super) transaction_id: String,
    /// What was asked for, in fen: the only amount that is compared. What the payer paid may be less by coupons.
    pub(super) total: i64,
    pub(super) currency: String,
    /// What the payer paid, less by coupons, where WeChat told. Never compared.
    pub(super) payer_total: Option<i64>,
    /// What the merchant is paid out of, where WeChat told. Never compared.
    pub(super) settlement_total: Option<i64>,
    /// When, as WeChat wrote it.
    pub(super) time: String,
    /// When, seconds since 1970, where that can be read.
    pub(super) time_s: Option<i64>,
}

impl From<v2::Payment> for Paid {
    fn from(payment: v2::Payment) -> Self {
        Self {
            total: payment.total_fee,
            payer_total: Some(payment.cash_fee),
            settlement_total: payment.settlement_total_fee,
            currency: payment.currency().to_owned(),
            time_s: payment.paid_at(),
            time: payment.time_end,
            transaction_id: payment.transaction_id,
        }
    }
}

impl From<v3::Payment> for Paid {
    fn from(payment: v3::Payment) -> Self {
        Self {
            total: payment.total,
            payer_total: payment.payer_total,
            settlement_total: None,
            currency: payment.currency().to_owned(),
            time_s: payment.paid_at(),
            time: payment.success_time,
            transaction_id: payment.transaction_id,
        }
    }
}
