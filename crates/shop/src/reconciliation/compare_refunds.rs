//! Compares the refunds of a bill with the books: amounts and states.

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
use crate::{Reconciliation, ShopError, clock::DAY_MS, ids::nonce, refunds::SettleRefund};

/// WeChat's answer to a refund query.
enum RefundQueryResult {
    /// The refund has this state, and the books have it now.
    Stands(RefundState),
    /// WeChat has no such refund.
    Nothing,
    /// WeChat did not answer, or the answer was not verified.
    Silent(String),
}

impl RefundQueryResult {
    fn words(&self) -> String {
        match self {
            Self::Stands(state) => format!("asked, WeChat says {state}"),
            Self::Nothing => "asked, WeChat knows no such refund".to_owned(),
            Self::Silent(error) => format!("WeChat did not answer: {error}"),
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
            && known.refund_fee.0 == asked_for
            && agrees(&refund.status, known.state)
        {
            return Ok(());
        }
        let said = self.ask_about(&out_refund_no, attempt).await?;
        let words = said.words();
        // resolved if the books agree with WeChat's answer now
        let after = self.store.refund(&out_refund_no).await?;
        let settled = match (&said, &after) {
            (RefundQueryResult::Stands(state), Some(known)) => {
                known.state == *state && known.refund_fee.0 == asked_for
            }
            _ => false,
        };
        let done = if settled { "WeChat was asked: the books say the same now" } else { "" };
        match before {
            None => {
                let detail = format!("{asked_for} fen of {}, not on the books; {words}", line.out_trade_no);
                report.add_discrepancy(DiscrepancyKind::BillUnknownRefund, number, detail, done);
            }
            Some(known) if known.refund_fee.0 != asked_for => {
                let detail =
                    format!("{} fen on the books, {asked_for} in the bill; {words}", known.refund_fee.0);
                report.add_discrepancy(DiscrepancyKind::BillRefundAmount, number, detail, "");
            }
            Some(known) => {
                let detail = format!("{} on the books, {} in the bill; {words}", known.state, refund.status);
                report.add_discrepancy(DiscrepancyKind::BillRefundState, number, detail, done);
            }
        }
        Ok(())
    }

    /// Finds refunds of the day that WeChat accepted and that the bill lacks.
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
            // WeChat may have accepted it after midnight: then the next day's bill has it
            if let RefundQueryResult::Stands(state) = &said
                && self.state_of(&refund).await? == Some(*state)
            {
                continue;
            }
            let detail = format!("{} fen, {}; {}", refund.refund_fee.0, refund.state, said.words());
            report.add_discrepancy(DiscrepancyKind::BillMissingRefund, number, detail, "");
        }
        Ok(())
    }

    async fn state_of(&self, refund: &RefundRecord) -> Result<Option<RefundState>, StoreError> {
        Ok(self.store.refund(&refund.out_refund_no).await?.map(|refund| refund.state))
    }

    /// Queries WeChat about a refund and books the answer, also for a refund that was made in the merchant platform.
    async fn ask_about(
        &self,
        number: &OutRefundNo,
        attempt: &AttemptRecord,
    ) -> Result<RefundQueryResult, ShopError> {
        let asked =
            self.accounts.gateway_of(attempt)?.query_refund(number.as_str(), &nonce(&*self.ids)).await;
        let told = match asked {
            Ok(told) if told.state == RefundState::Requested => return Ok(RefundQueryResult::Nothing),
            Ok(told) => told,
            Err(error) if error.is_refund_not_exist() => return Ok(RefundQueryResult::Nothing),
            Err(error) => {
                tracing::warn!(out_refund_no = %number, %error, "WeChat was asked about a refund in vain");
                return Ok(RefundQueryResult::Silent(error.to_string()));
            }
        };
        let state = told.state;
        let settle = SettleRefund {
            order_id: attempt.order_id.clone(),
            out_trade_no: attempt.out_trade_no.clone(),
            out_refund_no: number.clone(),
            told,
            source: EventSource::Bill,
            now_ms: self.clock.now_ms(),
        };
        self.store.write(settle).await?;
        Ok(RefundQueryResult::Stands(state))
    }
}

/// Whether the state in a bill (退款状态) and the state on the books can both be true: the bill has the state of the time when
/// WeChat made it, and the refund may have moved on.
fn agrees(in_bill: &str, on_books: RefundState) -> bool {
    match in_bill {
        "SUCCESS" => on_books == RefundState::Success,
        "FAIL" | "REFUNDCLOSE" | "CLOSED" => on_books == RefundState::Closed,
        "CHANGE" | "ABNORMAL" => {
            matches!(on_books, RefundState::Abnormal | RefundState::Success | RefundState::Closed)
        }
        "PROCESSING" => on_books != RefundState::Requested,
        // an unknown word, or none, is a reason to query
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_and_the_books_agree_only_where_the_refund_can_have_gone_from_one_to_the_other() {
        use RefundState as S;
        let agreed = |word: &str| S::ALL.into_iter().filter(|state| agrees(word, *state)).collect::<Vec<_>>();
        assert_eq!(agreed("SUCCESS"), [S::Success]);
        assert_eq!(agreed("FAIL"), [S::Closed]);
        assert_eq!(agreed("CHANGE"), [S::Success, S::Closed, S::Abnormal]);
        assert_eq!(agreed("PROCESSING"), [S::Processing, S::Success, S::Closed, S::Abnormal]);
        assert_eq!(agreed("NEW"), []);
    }
}
