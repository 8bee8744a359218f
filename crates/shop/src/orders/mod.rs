//! Orders: what an order's page shows, its link, who may see it, and the commands that close it or return its stock.

mod close_order;
mod find_order;
mod fulfilment;
mod goods_in_words;
mod import;
mod order_detail;
mod order_link;
mod standing;
mod stock_hold;

use store::Store;

use crate::shop::Parts;

pub(crate) use self::{
    close_order::{CloseConfirmed, RequestClose},
    fulfilment::has_pieces,
    goods_in_words::{first_and_pieces, goods_in_words},
    standing::standing,
    stock_hold::{ReturnStock, check_sale, check_stock},
};
pub use self::{
    fulfilment::Fulfilment,
    import::OpenOrder,
    order_detail::{LineLeft, ORDERS_PAGE, OrderDetail, OrderLine, RefundLine},
};

/// The handle of orders, as their shoppers see them: details, links, and who may see an order.
#[derive(Clone)]
pub struct Orders {
    store: Store,
    /// The page of the mini program that pays an order (`WECHAT_MINIPROGRAM_PAY_PAGE`).
    miniprogram_pay_page: Option<String>,
}

impl Orders {
    pub(crate) fn new(parts: &Parts) -> Self {
        Self { store: parts.store.clone(), miniprogram_pay_page: parts.settings.miniprogram_pay_page.clone() }
    }
}
