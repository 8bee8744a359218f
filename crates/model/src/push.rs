//! Messages that WeChat pushes to the server of an account (消息推送). `crates/shop/src/pushes` handles them.

use crate::word::words;

words! {
    /// The account that a pushed message belongs to.
    PushAccount {
        /// The official account.
        Official = "official",
        /// The mini program.
        MiniProgram = "miniprogram",
    }
}

words! {
    /// What the shop did with a pushed message.
    PushOutcome {
        /// No job has handled it yet.
        Waiting = "waiting",
        /// The shop recorded an event of an order.
        OrderEvent = "order event",
        /// The shop deleted the shopper's profile.
        ProfileDeleted = "profile deleted",
        /// The order is not in this shop: another system uses the same merchant number.
        UnknownOrder = "unknown order",
        /// The shop only stores messages of this kind.
        Stored = "stored",
    }
}
