//! The limits of the stock that unpaid orders hold, and the return of this stock after the hold time.

use model::{
    OrderId, Shopper,
    catalogue::SaleState,
    event::{EventKind, EventSource},
    order::OrderState,
    record::ItemRecord,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork, Unpaid};

use crate::{HoldLimits, ShopError};

impl HoldLimits {
    /// Checks the limits for the orders and pieces that a command adds. The command has read the unpaid orders with
    /// `ReadSet::holds`.
    ///
    /// # Errors
    /// [`ShopError::TooManyUnpaid`], [`ShopError::TooMuchHeld`] or [`ShopError::TooMuchHeldFromAddress`].
    pub(crate) fn check(
        &self,
        unit: &UnitOfWork,
        shopper: &Shopper,
        placed_from: &str,
        requested: Unpaid,
    ) -> Result<(), ShopError> {
        let exceeds = |has: Unpaid, orders: u32, pieces: u32| {
            (
                requested.orders > 0 && has.orders + requested.orders > i64::from(orders),
                has.pieces + requested.pieces > i64::from(pieces),
            )
        };
        match exceeds(unit.unpaid_of(shopper), self.unpaid_per_shopper, self.held_per_shopper) {
            (true, _) => return Err(ShopError::TooManyUnpaid),
            (_, true) => return Err(ShopError::TooMuchHeld),
            (false, false) => {}
        }
        if placed_from.is_empty() {
            return Ok(());
        }
        match exceeds(unit.unpaid_from(placed_from), self.unpaid_per_address, self.held_per_address) {
            (false, false) => Ok(()),
            _ => {
                tracing::warn!(
                    address = placed_from,
                    "unpaid orders from this IP address have reached a limit: if many shoppers share it, raise \
                     SHOP_MAX_UNPAID_PER_ADDRESS and SHOP_MAX_HELD_PER_ADDRESS"
                );
                Err(ShopError::TooMuchHeldFromAddress)
            }
        }
    }
}

/// Checks that every line is in stock, and on sale at `now_ms`.
///
/// # Errors
/// [`ShopError::NotFound`], [`ShopError::OffShelf`], [`ShopError::NotYetOnSale`] or [`ShopError::OutOfStock`].
pub(crate) fn check_stock(unit: &UnitOfWork, items: &[ItemRecord], now_ms: i64) -> Result<(), ShopError> {
    for item in items {
        let sku = unit.stock(&item.sku).ok_or(ShopError::NotFound)?;
        check_sale(sku.sale_state(now_ms))?;
        if sku.stock < item.quantity.get() {
            return Err(ShopError::OutOfStock);
        }
    }
    Ok(())
}

/// Checks that a product is on sale.
///
/// # Errors
/// [`ShopError::OffShelf`] or [`ShopError::NotYetOnSale`].
pub(crate) const fn check_sale(state: SaleState) -> Result<(), ShopError> {
    match state {
        SaleState::OnSale => Ok(()),
        SaleState::OffSale | SaleState::Ended(_) => Err(ShopError::OffShelf),
        SaleState::NotYet(_) => Err(ShopError::NotYetOnSale),
    }
}

/// Returns the pieces of an unpaid order to the stock, if no payment has begun. The `expire` job runs it after the hold
/// time. The order can still be paid: the first attempt takes the pieces again, and is refused if they are sold out.
pub(crate) struct ReturnStock {
    pub(crate) id: OrderId,
    pub(crate) now_ms: i64,
}

impl Command for ReturnStock {
    type Reply = ();

    fn reads(&self, reads: &mut ReadSet) {
        reads.order_that_returns_stock(&self.id);
    }

    fn apply(&self, unit: &mut UnitOfWork) {
        let order = unit.order(&self.id);
        if !order.is_some_and(|order| order.state == OrderState::Created && order.held > 0) {
            return;
        }
        unit.release(&self.id);
        let note = EventEntry {
            at_ms: self.now_ms,
            source: EventSource::Clock,
            kind: EventKind::StockReleased,
            out_trade_no: None,
            detail: "no payment has begun: the stock is back, the order can still be paid".to_owned(),
        };
        unit.record_event(&self.id, note);
    }
}
