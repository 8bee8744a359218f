//! Caches which specifications are sold out. In a rush thousands of shoppers want the last pieces. Most of them get the
//! answer from this cache, without the writer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::Sku;

use super::NewOrderLine;

/// How long an entry is valid, ms. After a change of stock by this server the next caller asks the database; a change by
/// another server is not noticed before.
const MAX_AGE_MS: i64 = 500;

/// The cache, by sku. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct SoldOut(Arc<Mutex<HashMap<Sku, Refused>>>);

#[derive(Clone, Copy, Debug)]
struct Refused {
    /// The number of pieces that the database refused.
    quantity: i64,
    /// The store's stock version before the refused order.
    version: u64,
    /// When the database refused them, ms.
    at_ms: i64,
}

impl SoldOut {
    /// Whether the database refused this many pieces or fewer a moment ago, and this server has not changed stock since. For an
    /// old entry only the first caller gets `false` and asks the database; the others use the old answer meanwhile.
    pub(super) fn is_sold_out(&self, line: &NewOrderLine, version: u64, now_ms: i64) -> bool {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = refused.get_mut(&line.sku) else { return false };
        if line.quantity.get() < known.quantity {
            return false;
        }
        if known.version == version && (0..MAX_AGE_MS).contains(&(now_ms - known.at_ms)) {
            return true;
        }
        *known = Refused { version, at_ms: now_ms, ..*known };
        false
    }

    /// Stores that the stock was too low for this line.
    pub(super) fn remember(&self, line: &NewOrderLine, version: u64, at_ms: i64) {
        let refused = Refused { quantity: line.quantity.get(), version, at_ms };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(line.sku.clone(), refused);
    }

    /// Removes the entry: the stock was enough, or another check failed.
    pub(super) fn forget(&self, line: &NewOrderLine) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&line.sku);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_asks_again_when_stock_has_moved_or_the_answer_is_old() {
        let line = |pieces: i64| NewOrderLine {
            sku: "throw-wool-1".parse().unwrap(),
            quantity: pieces.try_into().unwrap(),
        };
        let sold_out = SoldOut::default();
        assert!(!sold_out.is_sold_out(&line(1), 1, 0));
        sold_out.remember(&line(2), 1, 0);
        assert!(sold_out.is_sold_out(&line(2), 1, 499) && sold_out.is_sold_out(&line(3), 1, 499));
        assert!(!sold_out.is_sold_out(&line(1), 1, 0), "one piece may be left");
        assert_eq!([(); 3].map(|()| sold_out.is_sold_out(&line(2), 1, 500)), [false, true, true]);
        assert_eq!([(); 3].map(|()| sold_out.is_sold_out(&line(2), 2, 501)), [false, true, true]);
        sold_out.forget(&line(2));
        assert!(!sold_out.is_sold_out(&line(2), 2, 501));
    }
}
