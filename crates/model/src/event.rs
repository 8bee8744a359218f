//! What happens to an order, and who reports it. Each event of an order stores one word of each.

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
        /// WeChat's bill of a day.
        Bill = "bill",
        /// An import of orders from another system.
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
        /// WeChat gave the attempt its `prepay_id` or address.
        Prepaid = "prepaid",
        /// The shopper's browser reported how WeChat's payment sheet ended. It proves nothing about the payment.
        SheetReported = "sheet_reported",
        /// An attempt was paid.
        Paid = "paid",
        /// A second attempt of the order was paid.
        SecondPayment = "second_payment",
        /// An attempt was paid after the order was closed.
        PaidAfterClose = "paid_after_close",
        /// The unpaid order gave its pieces back to the stock.
        StockReleased = "stock_released",
        /// A payment began, and the order took its pieces from the stock again.
        StockHeldAgain = "stock_held_again",
        /// The order is to be closed.
        CloseRequested = "close_requested",
        /// WeChat confirmed that an attempt can no longer be paid.
        AttemptClosed = "attempt_closed",
        /// The order is closed.
        Closed = "closed",
        /// Staff sent the order.
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
        /// WeChat says that the delivery of the paid order was not reported for 48 hours.
        ShippingOverdue = "shipping_overdue",
        /// WeChat knows that the whole order was shipped.
        DeliveryReported = "delivery_reported",
        /// WeChat gave the merchant the money of the delivered order.
        Settled = "settled",
        /// The shopper applied for a refund.
        RefundWanted = "refund_wanted",
        /// Staff agreed that the goods come back.
        ReturnAgreed = "return_agreed",
        /// The shopper sent the goods back.
        GoodsSentBack = "goods_sent_back",
        /// The shop has the goods that came back.
        ReturnReceived = "return_received",
        /// The shopper did not send the goods back in time.
        ReturnExpired = "return_expired",
        /// The shopper took the application back.
        RefundWithdrawn = "refund_withdrawn",
        /// Staff declined the application.
        RefundDeclined = "refund_declined",
        /// The shop recorded a refund that it will send to WeChat.
        RefundRequested = "refund_requested",
        /// WeChat did not accept the refund yet; the shop will ask again.
        RefundDelayed = "refund_delayed",
        /// WeChat accepted the refund.
        RefundAccepted = "refund_accepted",
        /// The shopper has the money.
        RefundSucceeded = "refund_succeeded",
        /// WeChat closed the refund.
        RefundClosed = "refund_closed",
        /// The shopper's account does not take the money.
        RefundAbnormal = "refund_abnormal",
        /// The refund was made in the merchant platform.
        RefundElsewhere = "refund_elsewhere",
        /// The refunded pieces are back in the stock.
        Restocked = "restocked",
    }
}
