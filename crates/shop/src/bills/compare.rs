use std::collections::HashSet;

use model::{OutRefundNo, OutTradeNo};
use wechat::bill::{BillDate, Trade, TradeRefund};

use super::BillReport;
use crate::{
    Shop, ShopError,
    clock::DAY_MS,
    differences::Keep,
    ids::nonce,
    payments::Answer,
    refunds::{RefundSettled, SettleRefund},
    store::rows::{AttemptRow, AttemptState},
};

impl Shop {
    /// Fetches WeChat's bill of a day and compares it with the books, line by line and both ways. What the bill has and
    /// the books lack is asked about and written down; what cannot be settled is kept as a difference.
    ///
    /// # Errors
    /// WeChat not answering, the bill not being ready ([`wechat::Error::is_bill_creating`]), or a failing database.
    pub async fn compare_bill(&self, day: BillDate) -> Result<BillReport, ShopError> {
        let lines = self.fetch_bill(day).await?;
        let mut report = BillReport::new(day);
        let mut payments = HashSet::new();
        let mut refunds = HashSet::new();
        for line in &lines {
            let attempt = match line.out_trade_no.parse::<OutTradeNo>() {
                Ok(number) => self.store().attempt(&number).await?,
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
                }
            }
        }
        self.find_missing(&mut report, &payments, &refunds).await?;
        let now_ms = self.clock().now_ms();
        self.store().writer.write(Keep(report.rows(now_ms))).await?;
        self.store().keep_bill(&report, now_ms).await?;
        Ok(report)
    }

    async fn compare_payment(
        &self,
        report: &mut BillReport,
        line: &Trade,
        attempt: &AttemptRow,
    ) -> Result<(), ShopError> {
        report.sums.payments += 1;
        report.sums.order_fee.0 += line.order_fee;
        if line.order_fee != attempt.total_fee.0 {
            let detail = format!("{} fen on the books, {} in the bill", attempt.total_fee.0, line.order_fee);
            report.differ("bill_amount", &line.out_trade_no, detail, "");
        }
        if attempt.state != AttemptState::Paid {
            let done = match self.query(attempt).await {
                Ok(Answer::Paid) => "WeChat was asked: it is paid on the books now".to_owned(),
                Ok(answer) => {
                    tracing::error!(out_trade_no = %attempt.out_trade_no, ?answer, "the bill says paid, the query does not");
                    String::new()
                }
                Err(error) => {
                    tracing::warn!(%error, "WeChat was asked in vain");
                    String::new()
                }
            };
            let detail = format!("{} on the books, paid in the bill", attempt.state.as_str());
            report.differ("bill_unpaid_on_books", &line.out_trade_no, detail, &done);
        }
        Ok(())
    }

    async fn compare_refund(
        &self,
        report: &mut BillReport,
        line: &Trade,
        refund: &TradeRefund,
        attempt: &AttemptRow,
    ) -> Result<(), ShopError> {
        let asked = refund.applied_refund_fee.unwrap_or(refund.refund_fee);
        report.sums.refunds += 1;
        report.sums.refund_fee.0 += asked;
        let number = &refund.out_refund_no;
        let known = match number.parse::<OutRefundNo>() {
            Ok(number) => self.store().refund(&number).await?,
            Err(_) => None,
        };
        match known {
            Some(known) if known.refund_fee.0 == asked => {}
            Some(known) => {
                let detail = format!("{} fen on the books, {asked} in the bill", known.refund_fee.0);
                report.differ("bill_refund_amount", number, detail, "");
            }
            None => {
                let done = if self.import_refund(number, attempt).await? {
                    "WeChat was asked: it is on the books now"
                } else {
                    ""
                };
                let detail = format!("{asked} fen of {}, not on the books", line.out_trade_no);
                report.differ("bill_unknown_refund", number, detail, done);
            }
        }
        Ok(())
    }

    /// A refund made in the merchant platform whose notification never came.
    async fn import_refund(&self, number: &str, attempt: &AttemptRow) -> Result<bool, ShopError> {
        let Ok(out_refund_no) = number.parse::<OutRefundNo>() else { return Ok(false) };
        let told = match self.gateway_of(attempt)?.query_refund(number, &nonce(self.ids())).await {
            Ok(told) => told,
            Err(error) => {
                tracing::warn!(out_refund_no = number, %error, "WeChat was asked about a refund in vain");
                return Ok(false);
            }
        };
        let settle = SettleRefund {
            order_id: attempt.order_id.clone(),
            out_trade_no: attempt.out_trade_no.clone(),
            out_refund_no,
            told,
            source: "bill",
            now_ms: self.clock().now_ms(),
        };
        Ok(matches!(self.store().writer.write(settle).await?, RefundSettled::Settled(_)))
    }

    /// What the books have of that day and the bill lacks.
    async fn find_missing(
        &self,
        report: &mut BillReport,
        payments: &HashSet<String>,
        refunds: &HashSet<String>,
    ) -> Result<(), ShopError> {
        let from_ms = report.day.begins_at() * 1000;
        for attempt in self.store().paid_between(from_ms, from_ms + DAY_MS).await? {
            if !payments.contains(attempt.out_trade_no.as_str()) {
                let number = attempt.transaction_id.as_ref().map_or("", |number| number.as_str());
                let detail =
                    format!("{number}, {} fen, paid that day by WeChat's own word", attempt.total_fee.0);
                report.differ("bill_missing_payment", attempt.out_trade_no.as_str(), detail, "");
            }
        }
        for refund in self.store().refunds_between(from_ms, from_ms + DAY_MS).await? {
            let number = refund.out_refund_no.as_str();
            if refund.refund_id.is_none() || refunds.contains(number) {
                continue;
            }
            // asked for before midnight, it may have been accepted after: then it is in the next day's bill
            let Some(attempt) = self.store().attempt(&refund.out_trade_no).await? else { continue };
            if self.gateway_of(&attempt)?.query_refund(number, &nonce(self.ids())).await.is_ok() {
                continue;
            }
            let detail = format!("{} fen, {}", refund.refund_fee.0, refund.state);
            report.differ("bill_missing_refund", number, detail, "");
        }
        Ok(())
    }
}
