//! What has to end before the shop can erase a shopper's data. The erasure itself is in
//! `crates/store/src/queries/erasure.rs`.

use crate::word::words;

words! {
    /// Something that has to end before the shop can erase a shopper's data.
    ErasureObstacle {
        /// An order that can be paid, or is being closed.
        Unpaid = "unpaid",
        /// A paid order that the shopper has not received, or whose delivery WeChat does not know.
        Undelivered = "undelivered",
        /// An after-sale or a refund that has not ended.
        Refund = "refund",
        /// Money in the balance.
        Balance = "balance",
        /// A complaint at WeChat that has not ended.
        Complaint = "complaint",
        /// An open discrepancy about a payment.
        Discrepancy = "discrepancy",
    }
}
