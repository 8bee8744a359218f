//! The words for an order's state and kind that staff read, in the console and in the CSV file.

use model::{
    Said,
    admin::OrderView,
    order::{OrderKind, OrderState, Standing},
};

/// The word for a state.
#[must_use]
pub const fn state_word(state: OrderState) -> Said {
    match state {
        OrderState::Created => Said { zh: "待付款", en: "Unpaid" },
        OrderState::Paying => Said { zh: "付款中", en: "Paying" },
        OrderState::Closing => Said { zh: "取消中", en: "Cancelling" },
        OrderState::Closed => Said { zh: "已关闭", en: "Closed" },
        OrderState::Paid => Said { zh: "已支付", en: "Paid" },
        OrderState::PartlyRefunded => Said { zh: "部分退款", en: "Part refund" },
        OrderState::Refunded => Said { zh: "已退款", en: "Refunded" },
    }
}

/// The part of the status that the state does not hold: refunds in progress.
#[must_use]
pub const fn standing_word(standing: Standing) -> Option<Said> {
    match standing {
        Standing::Returning => Some(Said { zh: "退款中", en: "Refunding" }),
        Standing::Unknown => Some(Said { zh: "退款待核对", en: "Refund to check" }),
        Standing::NoMoney | Standing::Kept => None,
    }
}

/// The word for a list of orders.
#[must_use]
pub const fn view_word(view: OrderView) -> Said {
    match view {
        OrderView::Unpaid => Said { zh: "待付款", en: "Unpaid" },
        OrderView::ToShip => Said { zh: "待发货", en: "To ship" },
        OrderView::Shipped => Said { zh: "待收货", en: "On the way" },
        OrderView::Received => Said { zh: "已收货", en: "Received" },
        OrderView::ToReport => Said { zh: "发货信息未录入", en: "Not reported to WeChat" },
        OrderView::RefundApplication => Said { zh: "退款申请", en: "Refund requests" },
        OrderView::RefundStuck => Said { zh: "退款受阻", en: "Blocked refunds" },
    }
}

/// The word for a kind of order.
#[must_use]
pub const fn kind_word(kind: OrderKind) -> Said {
    match kind {
        OrderKind::Goods => Said { zh: "商品", en: "Goods" },
        OrderKind::TopUp => Said { zh: "充值", en: "Top-up" },
    }
}
