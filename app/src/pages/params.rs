use leptos::{Params, prelude::*};
use leptos_router::{hooks::use_params, params::Params};
use model::{AfterSaleId, OrderId};
use shop::ShopError;

/// The parameters of `/orders/:id` and the pages below it.
#[derive(Clone, Debug, PartialEq, Params)]
struct OrderParams {
    id: OrderId,
}

/// The order in the page's URL.
pub(super) fn order_id() -> Result<OrderId, ShopError> {
    use_params::<OrderParams>().get_untracked().map(|params| params.id).map_err(|_| ShopError::NotFound)
}

/// The parameters of `/orders/:id/after-sales/:after_sale`.
#[derive(Clone, Debug, PartialEq, Params)]
struct AfterSaleParams {
    after_sale: AfterSaleId,
}

/// The after-sale in the page's URL.
pub(super) fn after_sale_id() -> Result<AfterSaleId, ShopError> {
    let params = use_params::<AfterSaleParams>().get_untracked();
    params.map(|params| params.after_sale).map_err(|_| ShopError::NotFound)
}

/// The parameters of `/products/:id`.
#[derive(Clone, Debug, PartialEq, Params)]
struct ProductParams {
    id: String,
}

/// The product in the page's URL.
pub(super) fn product_id() -> Result<String, ShopError> {
    use_params::<ProductParams>().get_untracked().map(|params| params.id).map_err(|_| ShopError::NotFound)
}
