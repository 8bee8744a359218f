//! Work that the shop does later.

use crate::word::words;

words! {
    /// A kind of job.
    JobKind {
        /// Asks WeChat about an attempt that no notification has settled. Subject: `out_trade_no`.
        Query = "query",
        /// Closes an attempt that stayed open beside a newer one, as soon as WeChat allows it. Subject: `out_trade_no`.
        Close = "close",
        /// Closes an order whose time to pay is over. Subject: the order's id.
        Expire = "expire",
        /// Sends a refund to WeChat and queries its state. Subject: `out_refund_no`.
        Refund = "refund",
        /// Handles a message that WeChat pushed. Subject: its id.
        Push = "push",
        /// Reports the delivery of an order to WeChat. Subject: the order's id, a full stop, and the version of its report.
        DeliveryReport = "delivery_report",
        /// Counts an order as received when its time is over. Subject: the order's id.
        Receipt = "receipt",
        /// Sends a message to a shopper or to staff. Subject: its id.
        Message = "message",
        /// Reads a complaint from WeChat. Subject: its number, a full stop, and the number of the notification.
        Complaint = "complaint",
        /// Sends an answer of staff to a complaint. Subject: the answer's id.
        ComplaintAnswer = "complaint_answer",
        /// Lists the complaints at WeChat, every five minutes. Subject: `daily`, like each recurring job.
        ComplaintPoll = "complaint_poll",
        /// Takes the next step of an after-sale when its time is over. Subject: the after-sale's id.
        AfterSale = "after_sale",
        /// Deletes the pictures of an order's after-sales that are outside the database and that no row names. Subject: the
        /// order's id.
        UnusedPictures = "unused_pictures",
        /// Compares WeChat's bills with the books, every day. Subject: `daily`.
        Bill = "bill",
    }
}
