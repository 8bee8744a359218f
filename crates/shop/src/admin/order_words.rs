//! The Chinese words for an order's state and kind that staff read, in the console and in the CSV file.

use model::{
    admin::OrderView,
    order::{OrderKind, OrderState, Standing},
};

/// The word for a state.
#[must_use]
pub const fn state_word(state: OrderState) -> &'static str {
    match state {
        OrderState::Created => "待付款",
        OrderState::Paying => "付款中",
        OrderState::Closing => "取消中",
        OrderState::Closed => "已关闭",
        OrderState::Paid => "已支付",
        OrderState::PartlyRefunded => "部分退款",
        OrderState::Refunded => "已退款",
    }
}

/// The part of the status that the state does not hold: refunds in progress.
#[must_use]
pub const fn standing_word(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Returning => Some("退款中"),
        Standing::Unknown => Some("退款待核对"),
        Standing::NoMoney | Standing::Kept => None,
    }
}

/// The word for a list of orders.
#[must_use]
pub const fn view_word(view: OrderView) -> &'static str {
    match view {
        OrderView::Unpaid => "待付款",
        OrderView::ToShip => "待发货",
        OrderView::Shipped => "已发货",
        OrderView::RefundApplication => "退款申请",
        OrderView::RefundStuck => "退款受阻",
    }
}

/// The word for a kind of order.
#[must_use]
pub const fn kind_word(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Goods => "商品",
        OrderKind::TopUp => "充值",
    }
}
