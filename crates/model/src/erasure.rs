//! What stands in the way before a shopper's data can be erased.

use crate::word::words;

words! {
    /// Something that has to end before a shopper's data can be erased.
    ErasureObstacle {
        /// An order that can be paid, or is being closed.
        Unpaid = "unpaid",
        /// A paid order that the shopper does not have yet, or whose delivery WeChat does not know.
        Undelivered = "undelivered",
        /// A refund application without an answer, or a refund that has not ended.
        Refund = "refund",
        /// Money in the balance.
        Balance = "balance",
        /// A complaint at WeChat that has not ended.
        Complaint = "complaint",
        /// A payment about which the shop and WeChat differ.
        Discrepancy = "discrepancy",
    }
}
