use std::collections::HashSet;

use model::{OutTradeNo, discrepancy::DiscrepancyKind, payment::AttemptState, record::AttemptRecord};
use wechat::{
    bill::{BillDate, Trade},
    pay::v2::TradeState,
};

use super::BillReport;
use crate::{
    Reconciliation, ShopError, clock::DAY_MS, payments::AttemptStatus,
    record_discrepancies::RecordDiscrepancies, refunds::RefundsKnown,
};

impl Reconciliation {
    /// Downloads WeChat's bill of a day and compares it with the books, row by row and both ways: amounts and states. The shop
    /// queries WeChat about each difference, books the answer, and records a discrepancy.
    ///
    /// # Errors
    /// WeChat not answering, the bill not being ready ([`wechat::Error::is_bill_creating`]), or a failing database.
    pub async fn compare_bill(&self, day: BillDate) -> Result<BillReport, ShopError> {
        let lines = self.fetch_bill(day).await?;
        let mut report = BillReport::new(day);
        let mut payments = HashSet::new();
        let mut refunds = HashSet::new();
        // payments first: a refund needs its payment in the books
        let (of_payments, of_refunds): (Vec<_>, Vec<_>) =
            lines.readable.iter().partition(|line| line.refund.is_none());
        for line in of_payments.into_iter().chain(of_refunds) {
            let attempt = match line.out_trade_no.parse::<OutTradeNo>() {
                Ok(number) => self.store.attempt(&number).await?,
                Err(_) => None,
            };
            let Some(attempt) = attempt.filter(|attempt| attempt.mch_id == line.mch_id) else {
                report.foreign.push(line.out_trade_no.clone());
                continue;
            };
            match &line.refund {
                None => {
                    payments.insert(line.out_trade_no.clone());
                    self.compare_payment(&mut report, line, &attempt).await?;
                }
                Some(refund) => {
                    refunds.insert(refund.out_refund_no.clone());
                    self.compare_refund(&mut report, line, refund, &attempt).await?;
                    let (order_id, out_trade_no) = (attempt.order_id, attempt.out_trade_no);
                    self.store.write(RefundsKnown { order_id, out_trade_no }).await?;
                }
            }
        }
        for row in &lines.unreadable {
            let detail = format!("line {} of the bill: {}: {}", row.line, row.error, row.text);
            report.add_discrepancy(
                DiscrepancyKind::BillUnreadableRow,
                &format!("line {}", row.line),
                detail,
                "",
            );
        }
        self.find_missing_payments(&mut report, &payments).await?;
        self.find_missing_refunds(&mut report, &refunds).await?;
        let now_ms = self.clock.now_ms();
        self.store.write(RecordDiscrepancies(report.rows(now_ms))).await?;
        self.store.record_bill(&report.record(now_ms)).await?;
        Ok(report)
    }

    async fn compare_payment(
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
        if line.order_fee == attempt.total_fee.0 && is_paid && is_success && same_number {
            return Ok(());
        }
        let answer = self.payments.query(attempt).await;
        let said = match &answer {
            Ok(answer) => format!("asked, WeChat says {}", word(*answer)),
            Err(error) => {
                tracing::warn!(out_trade_no = number, %error, "WeChat was asked in vain");
                format!("WeChat did not answer: {error}")
            }
        };
        if line.order_fee != attempt.total_fee.0 {
            let detail =
                format!("{} fen on the books, {} in the bill; {said}", attempt.total_fee.0, line.order_fee);
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
            let done = if settled { "WeChat was asked: it is paid on the books now" } else { "" };
            let detail = format!("{} on the books, paid in the bill; {said}", attempt.state.as_str());
            report.add_discrepancy(DiscrepancyKind::BillUnpaidOnBooks, number, detail, done);
        }
        Ok(())
    }

    /// Finds payments of the day in the books that the bill lacks.
    async fn find_missing_payments(
        &self,
        report: &mut BillReport,
        payments: &HashSet<String>,
    ) -> Result<(), ShopError> {
        let from_ms = report.day.begins_at() * 1000;
        for attempt in self.store.paid_between(from_ms, from_ms + DAY_MS).await? {
            if payments.contains(attempt.out_trade_no.as_str()) {
                continue;
            }
            let said = match self.payments.query(&attempt).await {
                Ok(answer) => word(answer).to_owned(),
                Err(error) => error.to_string(),
            };
            let number = attempt.transaction_id.as_ref().map_or("", |number| number.as_str());
            let detail = format!(
                "{number}, {} fen, paid that day by WeChat's own word; asked again, WeChat says: {said}",
                attempt.total_fee.0
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
