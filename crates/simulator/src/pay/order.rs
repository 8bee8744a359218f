//! An order in WeChat's records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CodePayment, Refund};
use crate::{
    app_state::AppState,
    clock::{DAY, HOUR, Millis},
};

/// How long a `prepay_id` is valid, for any `time_expire`.
pub(crate) const PREPAY_LIFETIME: Millis = 2 * HOUR;

/// An unpaid order is closed after this time.
const ORDER_LIFETIME: Millis = 7 * DAY;

/// The prefix of the number of a combined order. The shop's numbers have no colon, so the two kinds of numbers cannot
/// collide.
const COMBINED: &str = "combined:";

/// The number of a combined order in the records, for [`order_key`].
pub(crate) fn combined_number(combine_out_trade_no: &str) -> String {
    format!("{COMBINED}{combine_out_trade_no}")
}

/// The key of an order: a number is unique for its merchant only. The shop's numbers have no slash.
pub(crate) fn order_key(mch_id: &str, out_trade_no: &str) -> String {
    format!("{mch_id}/{out_trade_no}")
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// A running number from 0.
    pub(crate) number: usize,
    pub(crate) out_trade_no: String,
    pub(crate) mch_id: String,
    /// The account of the payer's openid: in partner mode the `sub_appid`, or the `sp_appid` without one.
    pub(crate) appid: String,
    /// The sub-merchant, if a provider placed the order.
    #[serde(default)]
    pub(crate) partner: Option<PartnerOrder>,
    pub(crate) trade_type: String,
    /// `MD5` or `HMAC-SHA256`; `RSA` for an order made through V3.
    pub(crate) sign_type: String,
    /// Whether the order was made through V3 by a merchant that verifies with the public key. Its notifications are
    /// signed with that key.
    #[serde(default)]
    pub(crate) by_public_key: bool,
    pub(crate) openid: Option<String>,
    /// The amount, in fen.
    pub(crate) total_fee: i64,
    pub(crate) body: String,
    pub(crate) attach: Option<String>,
    pub(crate) device_info: Option<String>,
    /// The payer's IP address in the order.
    #[serde(default)]
    pub(crate) payer_ip: Option<String>,
    pub(crate) notify_url: String,
    /// The request without `nonce_str` and `sign`. The same request again returns the same order.
    pub(crate) request: BTreeMap<String, String>,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    /// Each call for the order creates a new `prepay_id`. The newest is the last.
    pub(crate) prepays: Vec<Prepay>,
    pub(crate) closed_at: Option<Millis>,
    pub(crate) payment: Option<Payment>,
    /// In the order of their creation.
    #[serde(default)]
    pub(crate) refunds: Vec<Refund>,
    /// The keys of the orders of a combined order. Empty for a normal order.
    #[serde(default)]
    pub(crate) parts: Vec<String>,
    /// The key of the combined order to which this order belongs.
    #[serde(default)]
    pub(crate) part_of: Option<String>,
    /// The state of a payment by code.
    #[serde(default)]
    pub(crate) by_code: Option<CodePayment>,
}

/// The additional fields of a provider's (服务商) order (wechat-protocol-2.md, 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartnerOrder {
    /// The provider's own account.
    pub(crate) sp_appid: String,
    pub(crate) sub_mch_id: String,
    /// The account of the sub-merchant, if the order names one.
    pub(crate) sub_appid: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Prepay {
    pub(crate) prepay_id: String,
    pub(crate) issued_at: Millis,
    pub(crate) code_url: Option<String>,
    pub(crate) mweb_url: Option<String>,
    /// The user who opened the `code_url` first. Only this user can pay with it (wechat-protocol-2.md, 12).
    #[serde(default)]
    pub(crate) opened_by: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    /// A running number from 0.
    pub(crate) number: u64,
    pub(crate) transaction_id: String,
    pub(crate) openid: String,
    /// The payer's openid for the provider's account, in partner mode.
    #[serde(default)]
    pub(crate) sp_openid: Option<String>,
    pub(crate) bank_type: String,
    pub(crate) coupon: Option<Coupon>,
    pub(crate) paid_at: Millis,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Coupon {
    pub(crate) coupon_id: String,
    /// The amount of the coupon, in fen.
    pub(crate) fee: i64,
    pub(crate) kind: CouponKind,
}

/// `coupon_type_$n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CouponKind {
    /// The shopper bought the coupon: the merchant receives the full amount.
    #[serde(rename = "CASH")]
    Cash,
    /// The coupon was free: the settled amount is lower.
    #[serde(rename = "NO_CASH")]
    NoCash,
}

impl CouponKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "CASH",
            Self::NoCash => "NO_CASH",
        }
    }
}

/// `trade_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TradeState {
    NotPay,
    Success,
    /// Paid, with a refund that is not closed.
    Refund,
    Closed,
    /// Payment by code: WeChat waits for the password.
    UserPaying,
    /// Payment by code: the password did not come.
    PayError,
    /// Payment by code: reversed.
    Revoked,
}

impl TradeState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotPay => "NOTPAY",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::Closed => "CLOSED",
            Self::UserPaying => "USERPAYING",
            Self::PayError => "PAYERROR",
            Self::Revoked => "REVOKED",
        }
    }

    /// `trade_state_desc`.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::NotPay => "订单未支付",
            Self::Success => "支付成功",
            Self::Refund => "订单发生过退款，退款详情请查询退款单",
            Self::Closed => "订单已关闭",
            Self::UserPaying => "需要用户输入支付密码",
            Self::PayError => "支付失败，请撤销订单",
            Self::Revoked => "订单已撤销",
        }
    }
}

impl Order {
    /// The account that V2 and the bills call `appid`: the provider's, in partner mode.
    pub(crate) fn merchants_appid(&self) -> &str {
        self.partner.as_ref().map_or(&self.appid, |partner| &partner.sp_appid)
    }

    /// Whether all of the money went back.
    pub(crate) fn is_refunded_completely(&self, now: Millis) -> bool {
        let back: i64 =
            self.refunds.iter().filter(|refund| refund.counts(now)).map(|refund| refund.refund_fee).sum();
        back == self.total_fee
    }

    pub(crate) fn state(&self, now: Millis) -> TradeState {
        let over = self.closed_at.is_some()
            || self.expires_at.is_some_and(|expires_at| now >= expires_at)
            || now >= self.created_at + ORDER_LIFETIME;
        if self.by_code.as_ref().is_some_and(|by_code| by_code.revoked_at.is_some()) {
            return TradeState::Revoked;
        }
        match &self.payment {
            Some(_) if self.refunds.iter().any(|refund| refund.counts(now)) => TradeState::Refund,
            Some(_) => TradeState::Success,
            None if self.by_code.as_ref().is_some_and(|code| !code.refused && now < code.waits_until) => {
                TradeState::UserPaying
            }
            None if self.by_code.is_some() => TradeState::PayError,
            None if over => TradeState::Closed,
            None => TradeState::NotPay,
        }
    }
}

impl Order {
    /// A new order that is paid by code. It has no notification.
    pub(crate) fn by_code(
        app: &AppState,
        (mch_id, appid): (&str, &str),
        out_trade_no: &str,
        total_fee: i64,
        body: &str,
        sign_type: &str,
    ) -> Self {
        Self {
            number: app.database().orders.len(),
            out_trade_no: out_trade_no.to_owned(),
            mch_id: mch_id.to_owned(),
            appid: appid.to_owned(),
            trade_type: "MICROPAY".to_owned(),
            sign_type: sign_type.to_owned(),
            by_public_key: false,
            openid: None,
            total_fee,
            body: body.to_owned(),
            attach: None,
            device_info: None,
            payer_ip: None,
            notify_url: String::new(),
            request: BTreeMap::new(),
            created_at: app.clock.now(),
            expires_at: None,
            prepays: Vec::new(),
            closed_at: None,
            payment: None,
            refunds: Vec::new(),
            parts: Vec::new(),
            part_of: None,
            by_code: None,
            partner: None,
        }
    }

    /// The key of the order in the records.
    pub(crate) fn key(&self) -> String {
        order_key(&self.mch_id, &self.out_trade_no)
    }

    pub(crate) fn is_v3(&self) -> bool {
        self.sign_type == "RSA"
    }

    /// Whether this is a combined order.
    pub(crate) const fn is_combined(&self) -> bool {
        !self.parts.is_empty()
    }

    /// The number of the combined order, if this is one or belongs to one.
    pub(crate) fn combine_out_trade_no(&self) -> Option<&str> {
        match self.part_of.as_deref() {
            Some(key) => key.split_once('/').and_then(|(_, number)| number.strip_prefix(COMBINED)),
            None => self.out_trade_no.strip_prefix(COMBINED),
        }
    }

    /// The shop's number of the order.
    pub(crate) fn shops_number(&self) -> &str {
        self.out_trade_no.strip_prefix(COMBINED).unwrap_or(&self.out_trade_no)
    }

    /// Whether the payment of the order has this number.
    pub(crate) fn has_transaction(&self, transaction_id: &str) -> bool {
        self.payment.as_ref().is_some_and(|payment| payment.transaction_id == transaction_id)
    }
}

impl Payment {
    /// The amount that the merchant pays back, without free coupons.
    pub(crate) fn settlement_refund_fee(&self, refund: &Refund) -> i64 {
        match &self.coupon {
            Some(coupon) if coupon.kind == CouponKind::NoCash => refund.cash_refund_fee(),
            _ => refund.refund_fee,
        }
    }

    pub(crate) fn coupon_fee(&self) -> i64 {
        self.coupon.as_ref().map_or(0, |coupon| coupon.fee)
    }

    /// The amount that the merchant receives, without free coupons.
    pub(crate) fn settlement_total_fee(&self, total_fee: i64) -> i64 {
        match &self.coupon {
            Some(coupon) if coupon.kind == CouponKind::NoCash => total_fee - coupon.fee,
            _ => total_fee,
        }
    }
}
