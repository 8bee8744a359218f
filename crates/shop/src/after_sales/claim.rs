//! Computes the amount that a shopper can ask for pieces of an order.

use model::{
    Fen,
    record::{AfterSaleLine, AfterSaleRecord, ItemRecord},
};

use crate::ShopError;

/// The pieces for which a shopper asks money back, and the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The claimed pieces of each line.
    pub(crate) lines: Vec<AfterSaleLine>,
    /// The amount, fen: the price of the pieces, and the delivery cost if all pieces are claimed before the shop has
    /// sent any. It is at most what can be refunded.
    pub(crate) fee: Fen,
}

/// What a claim depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimFacts<'a> {
    pub(crate) items: &'a [ItemRecord],
    pub(crate) after_sales: &'a [AfterSaleRecord],
    /// The delivery cost of the order, fen.
    pub(crate) freight_fee: Fen,
    pub(crate) is_shipped: bool,
    /// What can still be refunded of the payment, fen.
    pub(crate) refundable: Fen,
}

/// Computes a claim. `wanted` has the position of each line and the number of its pieces. Empty for all pieces that are
/// left.
///
/// # Errors
/// [`ShopError::AlreadyAsked`] if other after-sales claim all pieces and one of them is open, [`ShopError::Invalid`] if
/// fewer pieces are left than wanted, [`ShopError::NotPaid`] if no pieces or no money are left.
pub(crate) fn claim(facts: ClaimFacts<'_>, wanted: &[(i64, i64)]) -> Result<Claim, ShopError> {
    let ClaimFacts { items, after_sales, .. } = facts;
    // an after-sale without lines claims everything
    let is_all_claimed = after_sales.iter().any(|one| one.state.is_open() && one.lines.is_empty());
    let left =
        |item: &ItemRecord| if is_all_claimed { 0 } else { item.claimed_by(after_sales.iter()).left() };
    if is_all_claimed || (!items.is_empty() && items.iter().all(|item| left(item) == 0)) {
        let is_waiting = after_sales.iter().any(|one| one.state.is_open());
        return Err(if is_waiting { ShopError::AlreadyAsked } else { ShopError::NotPaid });
    }
    let wanted: Vec<(i64, i64)> = match wanted {
        [] => {
            items.iter().map(|item| (item.position, left(item))).filter(|(_, pieces)| *pieces > 0).collect()
        }
        wanted => wanted.to_vec(),
    };
    let mut lines = Vec::with_capacity(wanted.len());
    for (position, pieces) in wanted {
        let item = items.iter().find(|item| item.position == position).ok_or(TOO_MANY)?;
        if lines.iter().any(|line: &AfterSaleLine| line.position == position) {
            return Err(TOO_MANY);
        }
        let fee = item.claimed_by(after_sales.iter()).fee_of(pieces).ok_or(TOO_MANY)?;
        lines.push(AfterSaleLine { position, pieces, fee });
    }
    let wants_all = items.iter().all(|item| {
        let wanted: i64 =
            lines.iter().filter(|line| line.position == item.position).map(|line| line.pieces).sum();
        wanted == left(item)
    });
    let mut fee: i64 = lines.iter().map(|line| line.fee.0).sum();
    if items.is_empty() {
        fee = facts.refundable.0;
    } else if wants_all && !facts.is_shipped {
        fee += facts.freight_fee.0;
    }
    let fee = Fen(fee.min(facts.refundable.0));
    if fee < Fen(1) {
        return Err(ShopError::NotPaid);
    }
    Ok(Claim { lines, fee })
}

const TOO_MANY: ShopError = ShopError::invalid(
    "申请的件数超过了还可售后的件数，请刷新页面后重新选择",
    "You chose more pieces than can still be refunded. Please reload the page and choose again.",
);

#[cfg(test)]
mod tests {
    use model::{
        AfterSaleId, OrderId,
        after_sale::{AfterSaleKind, AfterSaleState},
    };
    use proptest::prelude::*;

    use super::*;

    fn order() -> OrderId {
        "202611210000000000000001".parse().unwrap()
    }

    fn item(position: i64, price: i64, quantity: i64, reduction: i64) -> ItemRecord {
        ItemRecord {
            order_id: order(),
            position,
            sku: format!("sku-{position}").parse().unwrap(),
            name: String::new(),
            spec: String::new(),
            picture: String::new(),
            price: Fen(price),
            quantity: quantity.try_into().unwrap(),
            reduction: Fen(reduction),
        }
    }

    fn after_sale(number: usize, claim: &Claim) -> AfterSaleRecord {
        AfterSaleRecord {
            id: AfterSaleId::new(&order(), number),
            order_id: order(),
            kind: AfterSaleKind::RefundOnly,
            state: AfterSaleState::Refunded,
            lines: claim.lines.clone(),
            fee: claim.fee,
            reason: String::new(),
            pictures: 0,
            asked_ms: 0,
            due_ms: None,
            answer: String::new(),
            who: String::new(),
            answered_ms: None,
            carrier: String::new(),
            tracking_no: String::new(),
            sent_ms: None,
            received_ms: None,
            restock: false,
            cancels_pieces: true,
            out_refund_no: String::new(),
        }
    }

    proptest! {
        /// The claims of an order that was not sent add up to what was paid, including delivery cost and reduction.
        #[test]
        fn the_claims_of_an_order_add_up_to_its_price(
            lines in prop::collection::vec((1_i64..50_000, 1_i64..9, 0_i64..100), 1..5),
            freight in 0_i64..3_000,
            is_shipped: bool,
            steps in prop::collection::vec((0_usize..5, 1_i64..9, any::<bool>()), 0..30),
        ) {
            let items: Vec<_> = (1..).zip(&lines).map(|(position, (price, quantity, percent))| {
                item(position, *price, *quantity, price * quantity * percent / 100)
            }).collect();
            let goods: i64 = items.iter().map(|item| item.price.0 * item.quantity.get() - item.reduction.0).sum();
            let total = goods + freight;
            let mut known: Vec<AfterSaleRecord> = Vec::new();
            let facts = |known: &[AfterSaleRecord]| {
                let refunded: i64 = known.iter().filter(|one| one.state.claims_pieces()).map(|one| one.fee.0).sum();
                Fen(total - refunded)
            };
            for (which, pieces, is_declined) in steps {
                let refundable = facts(&known);
                let facts = ClaimFacts { items: &items, after_sales: &known, freight_fee: Fen(freight), is_shipped, refundable };
                let position = items[which % items.len()].position;
                if let Ok(claim) = claim(facts, &[(position, pieces)]) {
                    let mut one = after_sale(known.len() + 1, &claim);
                    if is_declined {
                        one.state = AfterSaleState::Declined;
                    }
                    known.push(one);
                }
            }
            // the last claim takes everything that is left
            let refundable = facts(&known);
            let last = ClaimFacts { items: &items, after_sales: &known, freight_fee: Fen(freight), is_shipped, refundable };
            if let Ok(claim) = claim(last, &[]) {
                known.push(after_sale(known.len() + 1, &claim));
            }
            let sum: i64 = known.iter().filter(|one| one.state.claims_pieces()).map(|one| one.fee.0).sum();
            prop_assert!(sum <= total);
            let all = items.iter().all(|item| item.claimed_by(known.iter()).left() == 0);
            let claiming = known.iter().filter(|one| one.state.claims_pieces());
            let lines_sum: i64 = claiming.flat_map(|one| &one.lines).map(|line| line.fee.0).sum();
            if all {
                prop_assert_eq!(lines_sum, goods);
                prop_assert_eq!(sum, if is_shipped { goods } else { total });
            }
        }
    }

    #[test]
    fn more_pieces_than_were_bought_are_refused() {
        let items = [item(1, 1000, 2, 0)];
        let facts = ClaimFacts {
            items: &items,
            after_sales: &[],
            freight_fee: Fen::ZERO,
            is_shipped: true,
            refundable: Fen(2000),
        };
        for wrong in [&[(1, 3)][..], &[(2, 1)], &[(1, 0)], &[(1, -1)], &[(1, 1), (1, 1)]] {
            assert!(matches!(claim(facts, wrong), Err(ShopError::Invalid(_))), "{wrong:?}");
        }
        assert_eq!(claim(facts, &[(1, 1)]).unwrap().fee, Fen(1000));
    }
}
