//! Compares WeChat's daily bill with the books, row by row.

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

/// The length of an `out_trade_no` of this shop.
const ATTEMPT_DIGITS: usize = 26;

/// The length of the time at its beginning.
const TIME_DIGITS: usize = 14;

impl Reconciliation {
    /// Downloads WeChat's bill of a day and compares each payment and refund with the books: amounts, states and
    /// WeChat's numbers. Then finds the payments and refunds that only the books have. For each difference the shop
    /// queries WeChat, books the answer, and records a discrepancy.
    ///
    /// # Errors
    /// [`ShopError::WechatBusy`] or [`ShopError::WechatRefuses`], also if the bill is not ready
    /// ([`wechat::Error::is_bill_creating`]); [`ShopError::BadRequest`] if the bill cannot be read; or a failing
    /// database.
    pub async fn compare_bill(&self, day: BillDate) -> Result<BillReport, ShopError> {
        let lines = self.fetch_bill(day).await?;
        let mut report = BillReport::new(day);
        let mut payments = HashSet::new();
        let mut refunds = HashSet::new();
        // payments first, because the books need the payment of a refund
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
                    self.store.write(RefundsKnown::from_books(order_id, out_trade_no)).await?;
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

    /// Whether the `out_trade_no` has this shop's form (an order id, which begins with a time, and two digits) and one
    /// of its accounts. Other systems with the same merchant number use other accounts or forms.
    fn is_number_of_this_shop(&self, line: &Trade) -> bool {
        let number = &line.out_trade_no;
        number.len() == ATTEMPT_DIGITS
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && parse_v2_time(&number[..TIME_DIGITS]).is_ok()
            && self.accounts.all().any(|account| account.is_of(line))
    }
}

/// Records a payment of this shop that the books do not have, for example after a restore from an older backup.
fn add_unknown_order(report: &mut BillReport, line: &Trade) {
    let detail = format!(
        "{}, {} fen, paid at {} by {}: the books do not have this order. Was the database restored from a backup?",
        line.transaction_id, line.order_fee, line.time, line.openid
    );
    report.add_discrepancy(DiscrepancyKind::UnknownOrder, &line.out_trade_no, detail, "");
}
