//! The kinds of jobs: work that the shop does later. `crates/shop/src/jobs` runs them.

use crate::word::words;

words! {
    /// A kind of job. The subject of a job says what the job is about.
    JobKind {
        /// Asks WeChat about an open attempt, because its notification may be lost. Subject: `out_trade_no`.
        Query = "query",
        /// Closes an attempt that stayed open beside a newer attempt, as soon as WeChat allows it. Subject:
        /// `out_trade_no`.
        Close = "close",
        /// Returns the stock of an order after the hold time, and closes the order after the time to pay. Subject: the
        /// order's id.
        Expire = "expire",
        /// Sends a refund to WeChat and queries its state. Subject: `out_refund_no`.
        Refund = "refund",
        /// Handles a message that WeChat pushed. Subject: the message's id.
        Push = "push",
        /// Reports the delivery of an order to WeChat. Subject: the order's id, a full stop, and the version of its
        /// report.
        DeliveryReport = "delivery_report",
        /// Marks an order as received some days after its last parcel. Subject: the order's id.
        Receipt = "receipt",
        /// Sends a message to a shopper or to staff. Subject: the message's id.
        Message = "message",
        /// Reads a complaint from WeChat. Subject: the complaint's number, a full stop, and the id of the notification.
        Complaint = "complaint",
        /// Sends an answer of staff to a complaint. Subject: the answer's id.
        ComplaintAnswer = "complaint_answer",
        /// Lists the complaints at WeChat, every five minutes. Subject: `daily`, as for each recurring job.
        ComplaintPoll = "complaint_poll",
        /// Takes the next step of an after-sale when its time limit is over. Subject: the after-sale's id, a full stop,
        /// and the time, ms.
        AfterSale = "after_sale",
        /// Deletes pictures of an order's after-sales in a folder or a bucket, if no row names them. Subject: the
        /// order's id.
        UnusedPictures = "unused_pictures",
        /// Compares WeChat's bills with the books, every day. Subject: `daily`.
        Bill = "bill",
    }
}
