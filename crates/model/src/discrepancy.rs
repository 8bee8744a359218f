//! The kinds of discrepancies. `crates/shop/src/reconciliation/discrepancies.rs` says what staff should do about each.

use crate::word::words;

words! {
    /// What does not match between WeChat and the books, or what else staff may have to decide about money.
    DiscrepancyKind {
        /// A payment with an `out_trade_no` that the shop does not know.
        UnknownOrder = "unknown_order",
        /// A payment with another amount than the attempt.
        OtherAmount = "other_amount",
        /// A payment in a currency other than CNY.
        OtherCurrency = "other_currency",
        /// A payment with another appid than the attempt.
        OtherAppid = "other_appid",
        /// A payment or a refund with another merchant number than the attempt.
        OtherMchId = "other_mch_id",
        /// A `trade_state` that the shop does not know.
        UnknownTradeState = "unknown_trade_state",
        /// A `transaction_id` in an unknown form.
        BadTransactionId = "bad_transaction_id",
        /// A genuine notification that the shop cannot read.
        UnusableNotification = "unusable_notification",
        /// A genuine notification of a kind that the shop does not know.
        UnknownEvent = "unknown_event",
        /// A second `transaction_id` of one attempt.
        SecondTransactionId = "second_transaction_id",
        /// A second attempt of an order was paid.
        SecondPayment = "second_payment",
        /// An attempt was paid after its order was closed.
        PaidAfterClose = "paid_after_close",
        /// A refund of an order that the shop does not know.
        RefundOfUnknownOrder = "refund_of_unknown_order",
        /// A refund with another amount than in the books.
        OtherRefundAmount = "other_refund_amount",
        /// WeChat and the books contradict each other about a refund.
        RefundContradiction = "refund_contradiction",
        /// WeChat reports a refund that is larger than the rest of the payment.
        RefundExceedsPayment = "refund_exceeds_payment",
        /// A refund has not succeeded for a long time.
        RefundStuck = "refund_stuck",
        /// WeChat closed a refund: the money did not go back.
        RefundClosed = "refund_closed",
        /// WeChat refunded money, and the books do not know how much.
        RefundsUnknown = "refunds_unknown",
        /// A refund notification that only an APIv2 key decrypts, and the shop has none.
        RefundNotificationWithoutKey = "refund_notification_without_key",
        /// A refund should return pieces to the stock, but the order was shipped meanwhile.
        RestockAfterShipment = "restock_after_shipment",
        /// The shopper's account does not take the money.
        RefundAbnormal = "refund_abnormal",
        /// A top-up was refunded that the shopper has spent in part.
        RefundedTopUpWasSpent = "refunded_top_up_was_spent",
        /// The payment is in the bill, and the books do not have it as paid.
        BillUnpaidOnBooks = "bill_unpaid_on_books",
        /// The bill has another amount of a payment.
        BillAmount = "bill_amount",
        /// The bill has another amount of a refund.
        BillRefundAmount = "bill_refund_amount",
        /// The bill has another state of a refund.
        BillRefundState = "bill_refund_state",
        /// The bill has another state of a payment.
        BillTradeState = "bill_trade_state",
        /// The bill has another `transaction_id`.
        BillTransactionId = "bill_transaction_id",
        /// The payment is in the books and not in the bill.
        BillMissingPayment = "bill_missing_payment",
        /// The refund is in the books and not in the bill.
        BillMissingRefund = "bill_missing_refund",
        /// A row of the bill that cannot be read.
        BillUnreadableRow = "bill_unreadable_row",
        /// The refund is in the bill, and the books did not have it.
        BillUnknownRefund = "bill_unknown_refund",
    }
}
