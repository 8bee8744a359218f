//! Compares the payments in a bill with the books: amounts, states and WeChat's numbers.

use std::collections::HashSet;

use model::{
    discrepancy::DiscrepancyKind,
    payment::{AttemptState, TradeType},
    record::AttemptRecord,
};
use wechat::{bill::Trade, pay::v2::TradeState};

use super::BillReport;
use crate::{Reconciliation, ShopError, clock::DAY_MS, payments::AttemptStatus};

impl Reconciliation {
    pub(super) async fn compare_payment(
        &self,
        report: &mut BillReport,
        line: &Trade,
        attempt: &AttemptRecord,
    ) -> Result<(), ShopError> {
        report.sums.payments += 1;
        report.sums.order_fee.0 += line.order_fee;
        let number = &line.out_trade_no;
        let known = attempt.transaction_id.as_ref().map(ToString::to_string);
        let is_paid = attempt.state == AttemptState::Paid;
        let is_success = line.trade_state == TradeState::Success;
        let same_number = known.as_ref().is_none_or(|known| *known == line.transaction_id);
        if line.order_fee == attempt.wechat_fee().0 && is_paid && is_success && same_number {
            return Ok(());
        }
        let answer = self.payments.query(attempt).await;
        let said = match &answer {
            Ok(answer) => format!("a query says {}", word(*answer)),
            Err(error) => {
                tracing::warn!(out_trade_no = number, %error, "a query about an attempt failed");
                format!("WeChat did not answer: {error}")
            }
        };
        if line.order_fee != attempt.wechat_fee().0 {
            let detail = format!(
                "{} fen on the books, {} in the bill; {said}",
                attempt.wechat_fee().0,
                line.order_fee
            );
            report.add_discrepancy(DiscrepancyKind::BillAmount, number, detail, "");
        }
        if !is_success {
            let detail = format!("{} in the bill; {said}", line.trade_state.as_str());
            report.add_discrepancy(DiscrepancyKind::BillTradeState, number, detail, "");
        }
        if !same_number {
            let detail = format!(
                "{} on the books, {} in the bill; {said}",
                known.unwrap_or_default(),
                line.transaction_id
            );
            report.add_discrepancy(DiscrepancyKind::BillTransactionId, number, detail, "");
        }
        if !is_paid {
            let settled = matches!(answer, Ok(AttemptStatus::Paid));
            let done = if settled { "resolved by a query: it is paid in the books now" } else { "" };
            let detail = format!("{} on the books, paid in the bill; {said}", attempt.state.as_str());
            report.add_discrepancy(DiscrepancyKind::BillUnpaidOnBooks, number, detail, done);
        }
        Ok(())
    }

    /// Finds payments of the day that are in the books and not in the bill.
    pub(super) async fn find_missing_payments(
        &self,
        report: &mut BillReport,
        payments: &HashSet<String>,
    ) -> Result<(), ShopError> {
        let from_ms = report.day.begins_at() * 1000;
        for attempt in self.store.paid_between(from_ms, from_ms + DAY_MS).await? {
            let is_at_wechat = attempt.trade_type != TradeType::Balance;
            if !is_at_wechat || payments.contains(attempt.out_trade_no.as_str()) {
                continue;
            }
            let said = match self.payments.query(&attempt).await {
                Ok(answer) => word(answer).to_owned(),
                Err(error) => error.to_string(),
            };
            let number = attempt.transaction_id.as_ref().map_or("", |number| number.as_str());
            let detail = format!(
                "{number}, {} fen, paid that day as WeChat reported it; a query says: {said}",
                attempt.wechat_fee().0
            );
            report.add_discrepancy(
                DiscrepancyKind::BillMissingPayment,
                attempt.out_trade_no.as_str(),
                detail,
                "",
            );
        }
        Ok(())
    }
}

const fn word(answer: AttemptStatus) -> &'static str {
    match answer {
        AttemptStatus::Paid => "paid",
        AttemptStatus::Closed => "closed",
        AttemptStatus::Open => "not paid",
        AttemptStatus::Unknown => "no such order",
    }
}
