//! The history of an order: what happened, and who reported it. [`EventRecord`](crate::record::EventRecord) stores one
//! word of each enum.

use crate::word::words;

words! {
    /// Who or what reported an event of an order.
    EventSource {
        /// The shopper did it.
        Shopper = "shopper",
        /// Staff did it in the console or over the API.
        Merchant = "merchant",
        /// The shop did it by itself.
        Shop = "shop",
        /// A time limit passed.
        Clock = "clock",
        /// WeChat answered a call.
        Wechat = "wechat",
        /// WeChat sent a notification.
        Notification = "notification",
        /// WeChat pushed a message.
        Push = "push",
        /// WeChat answered a query.
        Query = "query",
        /// WeChat answered a close.
        Close = "close",
        /// WeChat's daily bill has it.
        Bill = "bill",
        /// The shop imported the order from another system.
        Import = "import",
    }
}

words! {
    /// What happened to an order.
    EventKind {
        /// The shopper placed the order.
        Placed = "placed",
        /// The shopper chose where the order goes.
        DeliveryChosen = "delivery_chosen",
        /// A payment attempt began.
        AttemptStarted = "attempt_started",
        /// WeChat answered the prepay call with a `prepay_id` or a URL.
        Prepaid = "prepaid",
        /// The shopper's browser reported how WeChat's payment sheet ended. It proves nothing about the payment.
        SheetReported = "sheet_reported",
        /// An attempt was paid.
        Paid = "paid",
        /// A second attempt of the order was paid.
        SecondPayment = "second_payment",
        /// An attempt was paid after the order was closed.
        PaidAfterClose = "paid_after_close",
        /// The hold time was over, and the pieces of the unpaid order returned to the stock.
        StockReleased = "stock_released",
        /// A payment began, and the order took its pieces from the stock again.
        StockHeldAgain = "stock_held_again",
        /// The shopper cancelled the order, or its time to pay was over.
        CloseRequested = "close_requested",
        /// WeChat confirmed that an attempt can no longer be paid.
        AttemptClosed = "attempt_closed",
        /// The order is closed.
        Closed = "closed",
        /// Staff sent the first parcel, or handed the order over.
        Shipped = "shipped",
        /// Staff corrected the carrier or the tracking number.
        ShipmentCorrected = "shipment_corrected",
        /// Staff sent a further parcel, or said that no parcel follows.
        ParcelAdded = "parcel_added",
        /// The shopper has the goods.
        Received = "received",
        /// WeChat accepted the report of the delivery.
        ReportAccepted = "report_accepted",
        /// WeChat refused the report of the delivery.
        ReportRefused = "report_refused",
        /// WeChat says that the shop did not report the delivery within 48 hours after the payment.
        ShippingOverdue = "shipping_overdue",
        /// WeChat knows that the whole order was shipped.
        DeliveryReported = "delivery_reported",
        /// WeChat paid the money of the order out to the merchant.
        Settled = "settled",
        /// The shopper asked for an after-sale.
        RefundWanted = "refund_wanted",
        /// Staff agreed that the goods come back.
        ReturnAgreed = "return_agreed",
        /// The shopper sent the goods back.
        GoodsSentBack = "goods_sent_back",
        /// The shop has the goods that came back.
        ReturnReceived = "return_received",
        /// The shopper did not send the goods back in time.
        ReturnExpired = "return_expired",
        /// The shopper withdrew the after-sale.
        RefundWithdrawn = "refund_withdrawn",
        /// Staff declined the after-sale.
        RefundDeclined = "refund_declined",
        /// The shop recorded a refund that it will send to WeChat.
        RefundRequested = "refund_requested",
        /// WeChat has not accepted the refund, or does not finish it. The shop tries again.
        RefundDelayed = "refund_delayed",
        /// WeChat accepted the refund.
        RefundAccepted = "refund_accepted",
        /// The shopper has the money.
        RefundSucceeded = "refund_succeeded",
        /// WeChat closed the refund.
        RefundClosed = "refund_closed",
        /// The shopper's account does not take the money.
        RefundAbnormal = "refund_abnormal",
        /// A person made the refund in the merchant platform.
        RefundElsewhere = "refund_elsewhere",
        /// The refunded pieces are back in the stock.
        Restocked = "restocked",
    }
}
