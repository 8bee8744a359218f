//! The words for the states and kinds of orders that staff read in the console and in the CSV file.

use model::{
    LocalizedText,
    admin::OrderView,
    order::{OrderKind, OrderState, Standing},
};

/// The word for a state.
#[must_use]
pub const fn state_word(state: OrderState) -> LocalizedText {
    match state {
        OrderState::Created => LocalizedText { zh: "待付款", en: "Unpaid" },
        OrderState::Paying => LocalizedText { zh: "付款中", en: "Paying" },
        OrderState::Closing => LocalizedText { zh: "取消中", en: "Cancelling" },
        OrderState::Closed => LocalizedText { zh: "已关闭", en: "Closed" },
        OrderState::Paid => LocalizedText { zh: "已支付", en: "Paid" },
        OrderState::PartlyRefunded => LocalizedText { zh: "部分退款", en: "Part refund" },
        OrderState::Refunded => LocalizedText { zh: "已退款", en: "Refunded" },
    }
}

/// The word for open or unknown refunds, which the state does not include; `None` if the word of the state is enough.
#[must_use]
pub const fn standing_word(standing: Standing) -> Option<LocalizedText> {
    match standing {
        Standing::Returning => Some(LocalizedText { zh: "退款中", en: "Refunding" }),
        Standing::Unknown => Some(LocalizedText { zh: "退款待核对", en: "Refund to check" }),
        Standing::NoMoney | Standing::Kept => None,
    }
}

/// The word for a list of orders.
#[must_use]
pub const fn view_word(view: OrderView) -> LocalizedText {
    match view {
        OrderView::Unpaid => LocalizedText { zh: "待付款", en: "Unpaid" },
        OrderView::ToShip => LocalizedText { zh: "待发货", en: "To ship" },
        OrderView::ToCollect => LocalizedText { zh: "待取货", en: "To collect" },
        OrderView::Shipped => LocalizedText { zh: "待收货", en: "On the way" },
        OrderView::Received => LocalizedText { zh: "已收货", en: "Received" },
        OrderView::ToReport => LocalizedText { zh: "发货信息未录入", en: "Not reported to WeChat" },
        OrderView::RefundApplication => LocalizedText { zh: "售后申请", en: "After-sale requests" },
        OrderView::RefundStuck => LocalizedText { zh: "退款异常", en: "Blocked refunds" },
        OrderView::ToInvoice => LocalizedText { zh: "待开票", en: "To invoice" },
    }
}

/// The word for a kind of order.
#[must_use]
pub const fn kind_word(kind: OrderKind) -> LocalizedText {
    match kind {
        OrderKind::Goods => LocalizedText { zh: "商品", en: "Goods" },
        OrderKind::TopUp => LocalizedText { zh: "充值", en: "Top-up" },
    }
}
