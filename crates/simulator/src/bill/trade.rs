//! The trade bill: one row for each payment and each requested refund of the day.
//!
//! The columns are those of docs/merchant/products/bill-download/format-trade (2024-11).

use serde::{Deserialize, Serialize};

use super::{
    ready_at,
    table::{RATE_TEXT, fee, fee_text, write, yuan},
};
use crate::{
    clock::{self, Millis},
    database::Database,
    pay::{CouponKind, Order, Outcome, Payment, Refund, RefundStatus},
};

/// `bill_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TradeKind {
    All,
    Success,
    Refund,
    /// Refunds of recharges by the merchant. The simulator has none.
    RechargeRefund,
}

impl TradeKind {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "ALL" => Some(Self::All),
            "SUCCESS" => Some(Self::Success),
            "REFUND" => Some(Self::Refund),
            "RECHARGE_REFUND" => Some(Self::RechargeRefund),
            _ => None,
        }
    }
}

const ALL: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,\
    付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,\
    商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUCCESS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,\
    付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注";
const REFUND: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,\
    付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,\
    充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";

const SUMS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const SUMS_OF_SUCCESS: &str = "总交易单数,应结订单总金额,手续费总金额,订单总金额";

/// One row. The fee of a refund is negative, because WeChat returns it.
struct Row<'a> {
    at: Millis,
    order: &'a Order,
    payment: &'a Payment,
    refund: Option<&'a Refund>,
    fee: i64,
}

/// The file. `None` if nothing happened on the day.
pub(super) fn file(
    db: &Database,
    (mch_id, sub_mch_id): (&str, Option<&str>),
    day: i64,
    kind: TradeKind,
) -> Option<String> {
    let mut rows: Vec<Row<'_>> = db
        .orders
        .values()
        .filter(|order| order.mch_id == mch_id)
        .filter(|order| {
            let sub = order.partner.as_ref().map(|partner| &*partner.sub_mch_id);
            sub_mch_id.is_none_or(|asked| sub == Some(asked))
        })
        .flat_map(rows_of)
        .filter(|row| clock::day(row.at) == day)
        .filter(|row| match kind {
            TradeKind::All => true,
            TradeKind::Success => row.refund.is_none(),
            TradeKind::Refund => row.refund.is_some(),
            TradeKind::RechargeRefund => false,
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.sort_by_key(|row| row.at);
    let written: Vec<Vec<String>> = rows.iter().map(|row| row.written(day, kind)).collect();
    let count = rows.len().to_string();
    let settled = yuan(sum(&rows, |row| row.settlement()));
    let fees = fee_text(sum(&rows, |row| row.fee));
    let total = yuan(sum(&rows, |row| row.total()));
    let file = if kind == TradeKind::Success {
        write(SUCCESS, &written, SUMS_OF_SUCCESS, &[count, settled, fees, total])
    } else {
        let refunded = yuan(sum(&rows, |row| row.refunded()));
        let coupons = yuan(sum(&rows, |row| row.coupon_refunded()));
        let requested = yuan(sum(&rows, |row| row.requested()));
        let header = if kind == TradeKind::Refund { REFUND } else { ALL };
        write(header, &written, SUMS, &[count, settled, refunded, coupons, fees, total, requested])
    };
    Some(file)
}

fn sum<'a>(rows: &[Row<'a>], of: impl Fn(&Row<'a>) -> i64) -> i64 {
    rows.iter().map(of).sum()
}

/// The rows of a payment and its refunds.
fn rows_of(order: &Order) -> Vec<Row<'_>> {
    let Some(payment) = order.payment.as_ref().filter(|_| !order.is_combined()) else { return Vec::new() };
    let settled = payment.settlement_total_fee(order.total_fee);
    let mut rows = vec![Row { at: payment.paid_at, order, payment, refund: None, fee: fee(settled) }];
    for (refund, fee) in returned_fees(order, payment) {
        rows.push(Row { at: refund.created_at, order, payment, refund: Some(refund), fee: -fee });
    }
    rows
}

/// The part of the fee that each refund returns. Refunds of the whole amount return the whole fee.
pub(super) fn returned_fees<'a>(order: &'a Order, payment: &Payment) -> Vec<(&'a Refund, i64)> {
    let mut before = 0;
    let returned = order.refunds.iter().map(|refund| {
        if refund.outcome == Outcome::Closed {
            return (refund, 0);
        }
        let after = before + payment.settlement_refund_fee(refund);
        let returned = fee(after) - fee(before);
        before = after;
        (refund, returned)
    });
    returned.collect()
}

impl Row<'_> {
    fn settlement(&self) -> i64 {
        if self.refund.is_some() { 0 } else { self.payment.settlement_total_fee(self.order.total_fee) }
    }

    fn total(&self) -> i64 {
        if self.refund.is_some() { 0 } else { self.order.total_fee }
    }

    fn refunded(&self) -> i64 {
        self.refund.map_or(0, |refund| self.payment.settlement_refund_fee(refund))
    }

    fn requested(&self) -> i64 {
        self.refund.map_or(0, |refund| refund.refund_fee)
    }

    /// The amount of bought coupons. Free coupons only lower the settled amount.
    fn coupon(&self) -> i64 {
        let bought = self.payment.coupon.as_ref().filter(|coupon| coupon.kind == CouponKind::Cash);
        bought.filter(|_| self.refund.is_none()).map_or(0, |coupon| coupon.fee)
    }

    fn coupon_refunded(&self) -> i64 {
        let bought = self.payment.coupon.as_ref().is_some_and(|coupon| coupon.kind == CouponKind::Cash);
        self.refund.filter(|_| bought).map_or(0, |refund| refund.coupon_refund_fee)
    }

    fn written(&self, day: i64, kind: TradeKind) -> Vec<String> {
        let (order, payment) = (self.order, self.payment);
        let state = match self.refund {
            None => "SUCCESS",
            Some(refund) if refund.reversal => "REVOKED",
            Some(_) => "REFUND",
        };
        let mut fields = vec![
            clock::spaced_time(self.at),
            order.merchants_appid().to_owned(),
            order.mch_id.clone(),
            order.partner.as_ref().map_or("0", |partner| &partner.sub_mch_id).to_owned(),
            order.device_info.clone().unwrap_or_default(),
            payment.transaction_id.clone(),
            order.out_trade_no.clone(),
            payment.openid.clone(),
            order.trade_type.clone(),
            state.to_owned(),
            payment.bank_type.clone(),
            "CNY".to_owned(),
            yuan(self.settlement()),
            yuan(self.coupon()),
        ];
        if kind != TradeKind::Success {
            self.write_refund(&mut fields, day, kind);
        }
        fields.extend([
            order.body.clone(),
            order.attach.clone().unwrap_or_default(),
            fee_text(self.fee),
            RATE_TEXT.to_owned(),
            yuan(self.total()),
        ]);
        if kind != TradeKind::Success {
            fields.push(yuan(self.requested()));
        }
        fields.push(String::new());
        fields
    }

    fn write_refund(&self, fields: &mut Vec<String>, day: i64, kind: TradeKind) {
        // the status at the time when the bill was created
        let status = self.refund.map(|refund| (refund, refund.status(ready_at(day))));
        if kind == TradeKind::Refund {
            let done = status.filter(|(_, status)| *status == RefundStatus::Success);
            fields.push(status.map_or_else(String::new, |(refund, _)| clock::spaced_time(refund.created_at)));
            fields.push(done.map_or_else(String::new, |(refund, _)| clock::spaced_time(refund.settles_at)));
        }
        let (id, number, way, status) = match status {
            None => ("0", "0", "", ""),
            Some((refund, status)) => {
                (refund.refund_id.as_str(), refund.out_refund_no.as_str(), "ORIGINAL", status.as_str())
            }
        };
        fields.extend([
            id.to_owned(),
            number.to_owned(),
            yuan(self.refunded()),
            yuan(self.coupon_refunded()),
        ]);
        fields.extend([way.to_owned(), status.to_owned()]);
    }
}
