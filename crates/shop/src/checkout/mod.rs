//! Everything before the payment: carts, addresses, deliveries, placing and cancelling orders, top-ups.

mod addresses;
mod balance;
mod buy_in_miniprogram;
mod cancel;
mod cart;
mod change_order_address;
mod confirmation;
mod delivery;
mod place_order;
mod price;
mod purchase_limit;
mod reorder;
mod sold_out;
mod top_up;

use std::{sync::Arc, time::Duration};

use store::Store;
use tokio::sync::Semaphore;

use crate::{Clock, HoldLimits, Ids, Orders, Payments, products::Snapshot, shop::Parts};

pub use self::{
    addresses::{AddressField, address_problems, check_recipient},
    cart::CartLine,
    confirmation::Confirmation,
    delivery::{Collector, Delivery, DeliveryField, Destination, MAX_NOTE_CHARS},
    place_order::{NewOrderLine, SelectedLine},
    purchase_limit::{OverLimit, PurchaseLimit},
    top_up::{LEDGER_PAGE, TOP_UP_LIMITS},
};

pub(crate) use self::{addresses::check_delivery, change_order_address::ChangeOrderAddress};

/// The maximum number of simultaneous queries for a second tap, see `Checkout::has_ordered`.
const SECOND_TAPS_AT_ONCE: usize = 2;

/// Everything before the payment: carts, addresses, deliveries, placing and cancelling orders, top-ups.
#[derive(Clone)]
pub struct Checkout {
    orders: Orders,
    payments: Payments,
    catalogue: Arc<Snapshot>,
    store: Store,
    /// How long an order can be paid (`SHOP_ORDER_EXPIRE_S`).
    order_expire: Duration,
    /// The limits of stock that unpaid orders hold.
    holds: HoldLimits,
    sold_out: sold_out::SoldOut,
    /// The permits for these queries.
    second_taps: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Checkout {
    pub(crate) fn new(parts: &Parts, orders: &Orders, payments: &Payments) -> Self {
        Self {
            orders: orders.clone(),
            payments: payments.clone(),
            catalogue: Arc::clone(&parts.catalogue),
            store: parts.store.clone(),
            order_expire: parts.settings.order_expire,
            holds: parts.settings.holds,
            sold_out: sold_out::SoldOut::default(),
            second_taps: Arc::new(Semaphore::new(SECOND_TAPS_AT_ONCE)),
            clock: Arc::clone(&parts.clock),
            ids: Arc::clone(&parts.ids),
        }
    }
}
