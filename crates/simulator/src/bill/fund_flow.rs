//! The fund-flow bill: the income and the expenses of the merchant's account. No document was available for its
//! columns.

use serde::{Deserialize, Serialize};

use super::{
    table::{fee, write, yuan},
    trade::returned_fees,
};
use crate::{
    clock::{self, Millis},
    database::Database,
    pay::{Order, Outcome},
};

/// `account_type`: V2 writes `Basic`, V3 `BASIC`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Account {
    Basic,
    /// The simulator never uses the other two accounts.
    Operation,
    Fees,
}

impl Account {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "Basic" | "BASIC" => Some(Self::Basic),
            "Operation" | "OPERATION" => Some(Self::Operation),
            "Fees" | "FEES" => Some(Self::Fees),
            _ => None,
        }
    }
}

const HEADER: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,\
    资金变更提交申请人,备注,业务凭证号";
const SUMS: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// One change of the account. An expense is negative.
struct Flow<'a> {
    at: Millis,
    business: &'a str,
    name: &'static str,
    amount: i64,
    remark: String,
    voucher: String,
}

pub(super) fn file(db: &Database, mch_id: &str, day: i64, account: Account) -> Option<String> {
    if account != Account::Basic {
        return None;
    }
    let mut flows: Vec<Flow<'_>> =
        db.orders.values().filter(|order| order.mch_id == mch_id).flat_map(flows_of).collect();
    flows.sort_by_key(|flow| flow.at);
    // the balance includes all earlier days
    let mut balance = 0;
    let mut rows = Vec::new();
    let (mut came, mut went) = (Vec::new(), Vec::new());
    for (number, flow) in flows.iter().enumerate() {
        balance += flow.amount;
        if clock::day(flow.at) != day {
            continue;
        }
        if flow.amount < 0 {
            went.push(-flow.amount)
        } else {
            came.push(flow.amount)
        }
        rows.push(flow.written(mch_id, number, balance));
    }
    if rows.is_empty() {
        return None;
    }
    let sums = [
        rows.len().to_string(),
        came.len().to_string(),
        yuan(came.iter().sum()),
        went.len().to_string(),
        yuan(went.iter().sum()),
    ];
    Some(write(HEADER, &rows, SUMS, &sums))
}

/// A payment, its fee, and its refunds minus the returned part of the fee.
fn flows_of(order: &Order) -> Vec<Flow<'_>> {
    let Some(payment) = order.payment.as_ref().filter(|_| !order.is_combined()) else { return Vec::new() };
    let settled = payment.settlement_total_fee(order.total_fee);
    let flow = |at, business, name, amount, remark| {
        let voucher = order.out_trade_no.clone();
        Flow { at, business, name, amount, remark, voucher }
    };
    let business = payment.transaction_id.as_str();
    let mut flows = vec![flow(payment.paid_at, business, "交易", settled, String::new())];
    if fee(settled) > 0 {
        let remark = format!("结算总金额 {} 元", yuan(settled));
        flows.push(flow(payment.paid_at, business, "扣除交易手续费", -fee(settled), remark));
    }
    for (refund, returned) in returned_fees(order, payment) {
        if refund.outcome == Outcome::Closed {
            continue;
        }
        let sum = payment.settlement_refund_fee(refund);
        let remark = format!("退款总金额{}元;含手续费{}元", yuan(sum), yuan(returned));
        flows.push(flow(refund.created_at, &refund.refund_id, "退款", returned - sum, remark));
    }
    flows
}

impl Flow<'_> {
    fn written(&self, mch_id: &str, number: usize, balance: i64) -> Vec<String> {
        let day = clock::v2_time(self.at);
        let direction = if self.amount < 0 { "支出" } else { "收入" };
        vec![
            clock::spaced_time(self.at),
            self.business.to_owned(),
            format!("{mch_id}{}{number:010}", day.get(..8).unwrap_or_default()),
            self.name.to_owned(),
            self.name.to_owned(),
            direction.to_owned(),
            yuan(self.amount.abs()),
            yuan(balance),
            "system".to_owned(),
            self.remark.clone(),
            self.voucher.clone(),
        ]
    }
}
