//! Lists and resolves discrepancies, and says what staff should do about each kind. Commands record them; the shop
//! resolves some itself.

use model::{admin::Discrepancy, audit::AuditAction, discrepancy::DiscrepancyKind};
use store::Update;

use crate::{Reconciliation, Right, ShopError, Staff};

/// What staff should do about a discrepancy of this kind, in English.
#[must_use]
pub fn advice_for(kind: DiscrepancyKind) -> &'static str {
    match kind {
        DiscrepancyKind::UnknownOrder => {
            "another system uses the same merchant number, or the database is older than the payment: find the \
             out_trade_no in the merchant platform, restore or refund there"
        }
        DiscrepancyKind::OtherAmount | DiscrepancyKind::OtherCurrency => {
            "the amount is not the amount of the order: refund it in the merchant platform, and find out who could change the order"
        }
        DiscrepancyKind::OtherAppid | DiscrepancyKind::OtherMchId => {
            "the notification is another account's: correct its notify_url"
        }
        DiscrepancyKind::UnknownTradeState => {
            "look at the order in the merchant platform: the shop queries it again; if it is paid there, update the shop"
        }
        DiscrepancyKind::BadTransactionId
        | DiscrepancyKind::UnusableNotification
        | DiscrepancyKind::UnknownEvent => {
            "read the payload; WeChat may have changed a format: update the shop"
        }
        DiscrepancyKind::SecondTransactionId => {
            "one out_trade_no was paid twice: refund the second in the merchant platform"
        }
        DiscrepancyKind::SecondPayment | DiscrepancyKind::PaidAfterClose => {
            "the shop refunds it by itself, and this is settled once the refund has succeeded; if it fails, refund that payment \
             from the order's page"
        }
        DiscrepancyKind::RefundOfUnknownOrder => "a refund of another system's order: nothing to do here",
        DiscrepancyKind::OtherRefundAmount
        | DiscrepancyKind::RefundContradiction
        | DiscrepancyKind::RefundExceedsPayment => {
            "compare the refund in the merchant platform with the books, and correct whichever is wrong"
        }
        DiscrepancyKind::RefundStuck => {
            "WeChat has not made the refund for long: its reason is in the detail. Recharge the balance, renew the certificate \
             or correct the key; the shop sends it again with the same number"
        }
        DiscrepancyKind::RefundClosed => {
            "the money was not given back: look at the reason, then refund again from the order's page; the shopper may wait"
        }
        DiscrepancyKind::RefundsUnknown => {
            "look up in the merchant platform how much was given back; the order is not shipped until the daily bill brings the \
             refund or you settle this difference"
        }
        DiscrepancyKind::RefundNotificationWithoutKey => {
            "set WECHAT_API_V2_KEY: without it, refunds that are made in the merchant platform are found in the daily bill only"
        }
        DiscrepancyKind::RestockAfterShipment => {
            "the order was shipped although its pieces were to return: find out where they are, and correct the stock"
        }
        DiscrepancyKind::RefundAbnormal => {
            "the shopper's account does not take the money: handle it in the merchant platform; never refund it again"
        }
        DiscrepancyKind::RefundedTopUpWasSpent => "the shopper spent what was refunded: settle it with them",
        DiscrepancyKind::BillUnpaidOnBooks => {
            "the shop queried WeChat and booked the answer; check it if it stays open"
        }
        DiscrepancyKind::BillAmount | DiscrepancyKind::BillRefundAmount => {
            "the bill's amount is not the books': compare both with the merchant platform"
        }
        DiscrepancyKind::BillRefundState
        | DiscrepancyKind::BillTradeState
        | DiscrepancyKind::BillTransactionId => {
            "the shop queried WeChat, and the books still differ: compare both with the merchant platform"
        }
        DiscrepancyKind::BillMissingPayment | DiscrepancyKind::BillMissingRefund => {
            "WeChat's bill lacks what the books have: ask WeChat Pay's support with the transaction_id"
        }
        DiscrepancyKind::BillUnreadableRow => {
            "the other rows were compared: look for this one in the merchant platform; it is mostly another program's"
        }
        DiscrepancyKind::BillUnknownRefund => "a query imported it; check it if it stays open",
    }
}

impl Reconciliation {
    /// The open discrepancies, oldest first.
    ///
    /// # Errors
    /// A failing database.
    pub async fn open_discrepancies(&self) -> Result<Vec<Discrepancy>, ShopError> {
        Ok(self.store.open_discrepancies().await?)
    }

    /// Resolves a discrepancy, for `server`'s command line. Returns whether it was open.
    ///
    /// # Errors
    /// [`ShopError::BadRequest`] for an empty resolution, or a failing database.
    pub async fn resolve_discrepancy(&self, id: &str, resolution: &str) -> Result<bool, ShopError> {
        if resolution.trim().is_empty() {
            return Err(ShopError::BadRequest("say what was done about the difference"));
        }
        let resolution = resolution.trim();
        if self.refunds.release_held_order(id, resolution, None).await? {
            return Ok(true);
        }
        Ok(self.store.resolve_discrepancy(id, resolution).await?)
    }

    /// Resolves a discrepancy with the note of a staff member. Writes an audit row.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`], [`ShopError::Invalid`] for an empty or long note, [`ShopError::Changed`] if the
    /// discrepancy is not open, or a failing database.
    pub async fn resolve_discrepancy_by(&self, staff: &Staff, id: &str, note: &str) -> Result<(), ShopError> {
        staff.check(Right::Resolve)?;
        let note = note.trim();
        if note.is_empty() || note.chars().count() > 500 {
            return Err(ShopError::invalid(
                "请写明处理结果，不超过 500 个字",
                "Please describe the result in at most 500 letters.",
            ));
        }
        let resolution = format!("{note} ({})", staff.name);
        let audit =
            self.audit.record(staff.name.as_str(), AuditAction::ResolveDiscrepancy, format!("{id}: {note}"));
        if self.refunds.release_held_order(id, &resolution, Some(audit.clone())).await? {
            return Ok(());
        }
        let update = Update::resolve_discrepancy(id, &resolution);
        if !self.store.apply_audited("resolving a discrepancy", vec![update], vec![audit]).await? {
            return Err(ShopError::Changed);
        }
        Ok(())
    }
}
