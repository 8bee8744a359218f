//! Compares WeChat's bill of a day with the books.

use std::collections::HashSet;

use model::{OutTradeNo, discrepancy::DiscrepancyKind};
use wechat::{
    bill::{BillDate, Trade},
    time::parse_v2_time,
};

use super::BillReport;
use crate::{
    Reconciliation, ShopError, gateway::paid_merchant, record_discrepancies::RecordDiscrepancies,
    refunds::RefundsKnown,
};

/// The digits of an `out_trade_no` of this shop.
const ATTEMPT_DIGITS: usize = 26;

/// The digits of the time at its beginning.
const TIME_DIGITS: usize = 14;

impl Reconciliation {
    /// Downloads WeChat's bill of a day and compares each payment and refund with the books: amounts, states and WeChat's
    /// numbers. Then it finds those in the books that the bill lacks. The shop queries WeChat about each difference, books the
    /// answer, and records a discrepancy.
    ///
    /// # Errors
    /// WeChat does not answer, the bill is not ready ([`wechat::Error::is_bill_creating`]), or the database fails.
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
            let Some(attempt) = attempt.filter(|attempt| attempt.mch_id == paid_merchant(line)) else {
                if line.refund.is_none() && self.is_number_of_this_shop(line) {
                    add_unknown_order(&mut report, line);
                } else {
                    report.foreign.push(line.out_trade_no.clone());
                }
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

    /// Whether this shop made the number: an order's id, which begins with its time, and two digits, for one of its accounts.
    /// Other systems with the same merchant number use other accounts or other forms.
    fn is_number_of_this_shop(&self, line: &Trade) -> bool {
        let number = &line.out_trade_no;
        number.len() == ATTEMPT_DIGITS
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && parse_v2_time(&number[..TIME_DIGITS]).is_ok()
            && self.accounts.all().any(|account| account.is_of(line))
    }
}

/// A payment whose order is lost: the database was restored from an older copy.
fn add_unknown_order(report: &mut BillReport, line: &Trade) {
    let detail = format!(
        "{}, {} fen, paid at {} by {}: the books do not have this order. Was the database restored from a backup?",
        line.transaction_id, line.order_fee, line.time, line.openid
    );
    report.add_discrepancy(DiscrepancyKind::UnknownOrder, &line.out_trade_no, detail, "");
}
