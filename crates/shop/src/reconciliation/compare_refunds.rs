//! Compares the refunds in a bill with the books: amounts and states.

use std::collections::HashSet;

use model::{
    OutRefundNo,
    discrepancy::DiscrepancyKind,
    event::EventSource,
    record::{AttemptRecord, RefundRecord},
    refund::RefundState,
};
use store::StoreError;
use wechat::bill::{Trade, TradeRefund};

use super::BillReport;
use crate::{Reconciliation, ShopError, clock::DAY_MS, refunds::SettleRefund};

/// The result of a query about a refund.
enum RefundQueryResult {
    /// WeChat answered with this state. The shop booked the answer, or recorded it as a discrepancy.
    Booked(RefundState),
    /// WeChat does not know the refund.
    NotFound,
    /// WeChat did not answer, or its answer could not be verified.
    NoAnswer(String),
}

impl RefundQueryResult {
    fn words(&self) -> String {
        match self {
            Self::Booked(state) => format!("a query says {state}"),
            Self::NotFound => "a query finds no such refund".to_owned(),
            Self::NoAnswer(error) => format!("WeChat did not answer: {error}"),
        }
    }
}

impl Reconciliation {
    pub(super) async fn compare_refund(
        &self,
        report: &mut BillReport,
        line: &Trade,
        refund: &TradeRefund,
        attempt: &AttemptRecord,
    ) -> Result<(), ShopError> {
        let asked_for = refund.applied_refund_fee.unwrap_or(refund.refund_fee);
        report.sums.refunds += 1;
        report.sums.refund_fee.0 += asked_for;
        let number = &refund.out_refund_no;
        let Ok(out_refund_no) = number.parse::<OutRefundNo>() else {
            let detail =
                format!("{asked_for} fen of {}: it has no number that the books take", line.out_trade_no);
            report.add_discrepancy(DiscrepancyKind::BillUnknownRefund, number, detail, "");
            return Ok(());
        };
        let before = self.store.refund(&out_refund_no).await?;
        if let Some(known) = &before
            && known.wechat_fee().0 == asked_for
            && agrees(&refund.status, known.state)
        {
            return Ok(());
        }
        let said = self.ask_about(&out_refund_no, attempt).await?;
        let words = said.words();
        // the discrepancy is resolved if the books now agree with WeChat's answer
        let after = self.store.refund(&out_refund_no).await?;
        let settled = match (&said, &after) {
            (RefundQueryResult::Booked(state), Some(known)) => {
                known.state == *state && known.wechat_fee().0 == asked_for
            }
            _ => false,
        };
        let done = if settled { "resolved by a query: the books have the same state now" } else { "" };
        match before {
            None => {
                let detail = format!("{asked_for} fen of {}, not on the books; {words}", line.out_trade_no);
                report.add_discrepancy(DiscrepancyKind::BillUnknownRefund, number, detail, done);
            }
            Some(known) if known.wechat_fee().0 != asked_for => {
                let detail =
                    format!("{} fen on the books, {asked_for} in the bill; {words}", known.wechat_fee().0);
                report.add_discrepancy(DiscrepancyKind::BillRefundAmount, number, detail, "");
            }
            Some(known) => {
                let detail = format!("{} on the books, {} in the bill; {words}", known.state, refund.status);
                report.add_discrepancy(DiscrepancyKind::BillRefundState, number, detail, done);
            }
        }
        Ok(())
    }

    /// Finds accepted refunds of the day that are in the books and not in the bill, unless a query confirms their
    /// state.
    pub(super) async fn find_missing_refunds(
        &self,
        report: &mut BillReport,
        refunds: &HashSet<String>,
    ) -> Result<(), ShopError> {
        let from_ms = report.day.begins_at() * 1000;
        for refund in self.store.refunds_between(from_ms, from_ms + DAY_MS).await? {
            let number = refund.out_refund_no.as_str();
            if refund.refund_id.is_none() || refunds.contains(number) {
                continue;
            }
            let Some(attempt) = self.store.attempt(&refund.out_trade_no).await? else { continue };
            let said = self.ask_about(&refund.out_refund_no, &attempt).await?;
            // a refund that WeChat accepted after midnight is in the next day's bill
            if let RefundQueryResult::Booked(state) = &said
                && self.state_of(&refund).await? == Some(*state)
            {
                continue;
            }
            let detail = format!("{} fen, {}; {}", refund.wechat_fee().0, refund.state, said.words());
            report.add_discrepancy(DiscrepancyKind::BillMissingRefund, number, detail, "");
        }
        Ok(())
    }

    async fn state_of(&self, refund: &RefundRecord) -> Result<Option<RefundState>, StoreError> {
        Ok(self.store.refund(&refund.out_refund_no).await?.map(|refund| refund.state))
    }

    /// Queries WeChat about a refund and books the answer. This also imports a refund that a person made in the
    /// merchant platform.
    async fn ask_about(
        &self,
        number: &OutRefundNo,
        attempt: &AttemptRecord,
    ) -> Result<RefundQueryResult, ShopError> {
        let asked = self.accounts.gateway_of(attempt)?.query_refund(number.as_str()).await;
        let reported = match asked {
            Ok(reported) if reported.state == RefundState::Requested => {
                return Ok(RefundQueryResult::NotFound);
            }
            Ok(reported) => reported,
            Err(error) if error.is_refund_not_exist() => return Ok(RefundQueryResult::NotFound),
            Err(error) => {
                tracing::warn!(out_refund_no = %number, %error, "a query about a refund failed");
                return Ok(RefundQueryResult::NoAnswer(error.to_string()));
            }
        };
        let state = reported.state;
        let settle = SettleRefund {
            order_id: attempt.order_id.clone(),
            out_trade_no: attempt.out_trade_no.clone(),
            out_refund_no: number.clone(),
            reported,
            source: EventSource::Bill,
            now_ms: self.clock.now_ms(),
        };
        self.store.write(settle).await?;
        Ok(RefundQueryResult::Booked(state))
    }
}

/// Whether the state in a bill (退款状态) does not contradict the state in the books. The refund may have changed after
/// WeChat made the bill.
fn agrees(in_bill: &str, on_books: RefundState) -> bool {
    match in_bill {
        "SUCCESS" => on_books == RefundState::Success,
        "FAIL" | "REFUNDCLOSE" | "CLOSED" => on_books == RefundState::Closed,
        "CHANGE" | "ABNORMAL" => {
            matches!(on_books, RefundState::Abnormal | RefundState::Success | RefundState::Closed)
        }
        "PROCESSING" => on_books != RefundState::Requested,
        // for an unknown or empty state the shop queries WeChat
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_agrees_with_the_books_if_the_refund_can_have_changed_since() {
        use RefundState as S;
        let agreed = |word: &str| S::ALL.into_iter().filter(|state| agrees(word, *state)).collect::<Vec<_>>();
        assert_eq!(agreed("SUCCESS"), [S::Success]);
        assert_eq!(agreed("FAIL"), [S::Closed]);
        assert_eq!(agreed("CHANGE"), [S::Success, S::Closed, S::Abnormal]);
        assert_eq!(agreed("PROCESSING"), [S::Processing, S::Success, S::Closed, S::Abnormal]);
        assert_eq!(agreed("NEW"), []);
    }
}
