//! What an order costs. [`price_order`] computes it for the confirmation page, for the order and for programs.

use crate::{Fen, Quantity, freight::FreightRule};

/// What the price of an order needs to know about one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// The price of a piece, fen.
    pub price: Fen,
    /// The number of pieces.
    pub quantity: Quantity,
    /// The weight of a piece, grams; 0 if unknown.
    pub weight_g: i64,
}

/// What an order costs, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceBreakdown {
    /// The price of all lines, fen.
    pub goods: Fen,
    /// The delivery cost, fen.
    pub freight: Fen,
    /// The reduction of the price of the goods, fen; not negative.
    pub reduction: Fen,
    /// The part of the total that the shopper's balance pays, fen.
    pub balance: Fen,
    /// The part of the reduction for each line, fen, in the order of the lines. The parts add up to `reduction`.
    pub shares: Vec<Fen>,
}

impl PriceBreakdown {
    /// The price of the order, fen: goods and delivery, less the reduction.
    #[must_use]
    pub const fn total(&self) -> Fen {
        Fen(self.goods.0 + self.freight.0 - self.reduction.0)
    }

    /// The amount that WeChat Pay takes, fen: what the balance does not pay.
    #[must_use]
    pub const fn to_pay(&self) -> Fen {
        Fen(self.total().0 - self.balance.0)
    }
}

/// Computes the price of lines. `freight` is the rule for the address; `None` if the delivery is free. `reduction` is
/// limited so that at least one fen is left to pay, because WeChat Pay refuses an amount of 0. Returns `None` if there
/// are no lines, or on overflow.
///
/// ```
/// use model::{Fen, Quantity, price::{PriceLine, price_order}};
///
/// let line = |price| PriceLine { price: Fen(price), quantity: Quantity::ONE, weight_g: 0 };
/// let price = price_order(&[line(1000), line(2000)], None, Fen(100)).unwrap();
/// assert_eq!(price.total(), Fen(2900));
/// assert_eq!(price.shares, [Fen(33), Fen(67)]);
/// ```
#[must_use]
pub fn price_order(
    lines: &[PriceLine],
    freight: Option<&FreightRule>,
    reduction: Fen,
) -> Option<PriceBreakdown> {
    let sums: Vec<Fen> =
        lines.iter().map(|line| line.price.checked_mul(line.quantity.get())).collect::<Option<_>>()?;
    let goods = sums.iter().try_fold(Fen::ZERO, |sum, line| sum.checked_add(*line))?;
    let pieces = lines.iter().map(|line| line.quantity.get()).sum();
    let grams = lines
        .iter()
        .try_fold(0_i64, |sum, line| sum.checked_add(line.weight_g.checked_mul(line.quantity.get())?))?;
    if goods.0 < 1 {
        return None;
    }
    let reduction = Fen(reduction.0.clamp(0, goods.0 - 1));
    let freight = match freight {
        Some(rule) => rule.fee(pieces, grams, Fen(goods.0 - reduction.0))?,
        None => Fen::ZERO,
    };
    goods.checked_add(freight)?;
    Some(PriceBreakdown { goods, freight, reduction, balance: Fen::ZERO, shares: spread(reduction, &sums) })
}

/// Divides an amount in proportion to weights, with the largest remainder method: the parts add up to the amount.
/// Neither the amount nor a weight may be negative. If all weights are 0, all parts are 0.
///
/// ```
/// use model::{Fen, price::spread};
///
/// assert_eq!(spread(Fen(100), &[Fen(1), Fen(1), Fen(1)]), [Fen(34), Fen(33), Fen(33)]);
/// ```
#[must_use]
pub fn spread(amount: Fen, weights: &[Fen]) -> Vec<Fen> {
    let all: i128 = weights.iter().map(|weight| i128::from(weight.0)).sum();
    if all == 0 {
        return vec![Fen::ZERO; weights.len()];
    }
    let exact = |weight: &Fen| i128::from(amount.0) * i128::from(weight.0);
    let mut parts: Vec<i64> = weights
        .iter()
        .map(|weight| i64::try_from(exact(weight) / all).expect("a part is at most the amount"))
        .collect();
    let left = amount.0 - parts.iter().sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    // the sort is stable: among equal remainders the first line gets the fen
    by_remainder.sort_by_key(|at| std::cmp::Reverse(exact(&weights[*at]) % all));
    for at in by_remainder.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] += 1;
    }
    parts.into_iter().map(Fen).collect()
}

/// The part of a refund that returns to the shopper's balance. WeChat Pay refunds the rest. The division is in
/// proportion to what is left of both, so all refunds of a payment together return to each what came from it.
///
/// ```
/// use model::{Fen, price::balance_part};
///
/// // 70 fen of WeChat's part and 30 fen of the balance's part are left
/// assert_eq!(balance_part(Fen(10), Fen(70), Fen(30)), Fen(3));
/// assert_eq!(balance_part(Fen(100), Fen(70), Fen(30)), Fen(30));
/// ```
#[must_use]
pub fn balance_part(refund: Fen, wechat_left: Fen, balance_left: Fen) -> Fen {
    spread(refund, &[wechat_left, balance_left])[1]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::freight::FreightUnit;

    fn lines() -> impl Strategy<Value = Vec<PriceLine>> {
        let line =
            (1..=100_000_000_i64, 1..=99_i64, 0..=50_000_i64).prop_map(|(price, quantity, weight_g)| {
                PriceLine { price: Fen(price), quantity: quantity.try_into().unwrap(), weight_g }
            });
        proptest::collection::vec(line, 1..50)
    }

    fn rules() -> impl Strategy<Value = FreightRule> {
        let unit = prop_oneof![Just(FreightUnit::Piece), Just(FreightUnit::Gram)];
        (
            unit,
            0..5000_i64,
            0..10_000_i64,
            1..5000_i64,
            0..10_000_i64,
            proptest::option::of(0..10_000_000_i64),
        )
            .prop_map(
                |(unit, first_units, first_fee, additional_units, additional_fee, free_from)| FreightRule {
                    provinces: Vec::new(),
                    unit,
                    first_units,
                    first_fee: Fen(first_fee),
                    additional_units,
                    additional_fee: Fen(additional_fee),
                    free_from: free_from.map(Fen),
                },
            )
    }

    proptest! {
        #[test]
        fn the_refunds_of_a_payment_return_what_came_from_each(
            wechat in 0..1_000_000_000_i64,
            balance in 0..1_000_000_000_i64,
            parts in proptest::collection::vec(1..500_000_000_i64, 0..30),
        ) {
            let (mut wechat_left, mut balance_left) = (wechat, balance);
            for part in parts {
                let refund = part.min(wechat_left + balance_left);
                let to_balance = balance_part(Fen(refund), Fen(wechat_left), Fen(balance_left)).0;
                prop_assert!((0..=balance_left).contains(&to_balance));
                prop_assert!((0..=wechat_left).contains(&(refund - to_balance)));
                balance_left -= to_balance;
                wechat_left -= refund - to_balance;
            }
            let rest = wechat_left + balance_left;
            prop_assert_eq!(balance_part(Fen(rest), Fen(wechat_left), Fen(balance_left)).0, balance_left);
        }

        #[test]
        fn the_parts_add_up(lines in lines(), rule in rules(), reduction in 0..1_000_000_000_000_i64) {
            let price = price_order(&lines, Some(&rule), Fen(reduction)).unwrap();
            let goods: i64 = lines.iter().map(|line| line.price.0 * line.quantity.get()).sum();
            prop_assert_eq!(price.goods.0, goods);
            prop_assert_eq!(price.total().0, goods + price.freight.0 - price.reduction.0);
            prop_assert!(price.total().0 >= 1 && price.freight.0 >= 0);
            prop_assert!(price.reduction.0 <= reduction);
            prop_assert_eq!(price.shares.iter().map(|share| share.0).sum::<i64>(), price.reduction.0);
            for (share, line) in price.shares.iter().zip(&lines) {
                prop_assert!(share.0 >= 0 && share.0 <= line.price.0 * line.quantity.get());
            }
        }

        #[test]
        fn a_part_differs_from_its_exact_size_by_less_than_a_fen(
            amount in 0..1_000_000_000_i64,
            weights in proptest::collection::vec(0..1_000_000_000_i64, 1..50),
        ) {
            let weights: Vec<Fen> = weights.into_iter().map(Fen).collect();
            let all: i128 = weights.iter().map(|weight| i128::from(weight.0)).sum();
            prop_assume!(all > 0);
            let parts = spread(Fen(amount), &weights);
            prop_assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), amount);
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(part.0) * all - i128::from(amount) * i128::from(weight.0);
                prop_assert!(off.abs() < all);
            }
        }

        #[test]
        fn more_goods_never_make_the_delivery_cheaper_below_the_free_sum(lines in lines(), rule in rules()) {
            let rule = FreightRule { free_from: None, ..rule };
            let fewer = price_order(&lines[..1], Some(&rule), Fen::ZERO).unwrap();
            let more = price_order(&lines, Some(&rule), Fen::ZERO).unwrap();
            prop_assert!(more.freight >= fewer.freight);
        }
    }

    #[test]
    fn an_amount_that_is_too_large_is_refused() {
        let line = |price| PriceLine { price: Fen(price), quantity: Quantity::MAX, weight_g: 0 };
        assert_eq!(price_order(&[line(i64::MAX)], None, Fen::ZERO), None);
        assert_eq!(price_order(&[], None, Fen::ZERO), None);
    }
}
