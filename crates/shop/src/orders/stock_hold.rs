//! How much stock unpaid orders may hold, and how it returns.

use model::{
    OrderId, Shopper,
    event::{EventKind, EventSource},
    order::OrderState,
    record::ItemRecord,
};
use store::{Command, EventEntry, ReadSet, UnitOfWork, Unpaid};

use crate::{HoldLimits, ShopError};

impl HoldLimits {
    /// Whether a shopper may hold `more`. The command's read set has the unpaid orders of the shopper and of the address.
    pub(crate) fn check(
        &self,
        unit: &UnitOfWork,
        shopper: &Shopper,
        placed_from: &str,
        more: Unpaid,
    ) -> Result<(), ShopError> {
        let beyond = |has: Unpaid, orders: u32, pieces: u32| {
            (
                more.orders > 0 && has.orders + more.orders > i64::from(orders),
                has.pieces + more.pieces > i64::from(pieces),
            )
        };
        match beyond(unit.unpaid_of(shopper), self.unpaid_per_shopper, self.held_per_shopper) {
            (true, _) => return Err(ShopError::TooManyUnpaid),
            (_, true) => return Err(ShopError::TooMuchHeld),
            (false, false) => {}
        }
        if placed_from.is_empty() {
            return Ok(());
        }
        match beyond(unit.unpaid_from(placed_from), self.unpaid_per_address, self.held_per_address) {
            (false, false) => Ok(()),
            _ => {
                tracing::warn!(
                    address = placed_from,
                    "unpaid orders from this address hold as much as they may: if many shoppers share it, raise \
                     SHOP_MAX_UNPAID_PER_ADDRESS and SHOP_MAX_HELD_PER_ADDRESS"
                );
                Err(ShopError::TooMuchHeldFromAddress)
            }
        }
    }
}

/// Whether every line is on sale and in stock.
pub(crate) fn on_shelf(unit: &UnitOfWork, items: &[ItemRecord]) -> Result<(), ShopError> {
    for item in items {
        let shelf = unit.stock(&item.sku).ok_or(ShopError::NotFound)?;
        if !shelf.on_sale {
            return Err(ShopError::OffShelf);
        }
        if shelf.stock < item.quantity.get() {
            return Err(ShopError::OutOfStock);
        }
    }
    Ok(())
}

/// Returns the stock of an order whose payment has not begun in time. The order can still be paid: the payment takes the stock
/// again.
pub(crate) struct Release {
    pub(crate) id: OrderId,
    pub(crate) now_ms: i64,
}

impl Command for Release {
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
            who: EventSource::Clock,
            what: EventKind::StockReleased,
            out_trade_no: None,
            detail: "no payment has begun: the stock is back, the order can still be paid".to_owned(),
        };
        unit.record_event(&self.id, note);
    }
}
