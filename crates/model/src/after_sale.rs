//! The states of an after-sale (售后): a shopper asks for money back for pieces of an order, and returns or keeps them.
//! The use cases are in `crates/shop/src/after_sales`.

use crate::{Fen, word::words};

words! {
    /// What a shopper asks for.
    AfterSaleKind {
        /// Money only: nothing is sent back (仅退款).
        RefundOnly = "refund",
        /// The shopper sends the goods back, then gets the money (退货退款).
        Return = "return",
    }
}

words! {
    /// The state of an after-sale.
    AfterSaleState {
        /// The shop has to answer.
        Requested = "requested",
        /// The shop agreed. The shopper has to send the goods back.
        Returning = "returning",
        /// The shopper sent the goods back. The shop has to receive them.
        Returned = "returned",
        /// The shop has the goods, and has to refund or to decline.
        Received = "received",
        /// The shop created the refund, and the refund has not ended.
        Refunding = "refunding",
        /// The shopper has the money.
        Refunded = "refunded",
        /// The shop declined and gave a reason.
        Declined = "declined",
        /// WeChat closed the refund: the shop has to act again.
        Failed = "failed",
        /// The shopper withdrew the request.
        Withdrawn = "withdrawn",
        /// The shopper did not send the goods back in time.
        Expired = "expired",
    }
}

impl AfterSaleState {
    /// Whether staff have to act.
    #[must_use]
    pub const fn waits_for_staff(self) -> bool {
        matches!(self, Self::Requested | Self::Returned | Self::Received | Self::Failed)
    }

    /// Whether the after-sale claims its pieces: no other after-sale can be about them.
    #[must_use]
    pub const fn claims_pieces(self) -> bool {
        !matches!(self, Self::Declined | Self::Withdrawn | Self::Expired)
    }

    /// Whether the shop can still create a refund for it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.waits_for_staff() || matches!(self, Self::Returning)
    }

    /// Whether its money is refunded, or is being refunded.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Refunding | Self::Refunded)
    }
}

/// What happens to an after-sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterSaleEvent {
    /// The shop agrees that the goods come back.
    Agreed,
    /// The shopper sent the goods.
    Sent,
    /// The shop has the goods.
    Received,
    /// The shop created the refund.
    RefundCreated,
    /// The refund succeeded.
    RefundSucceeded,
    /// WeChat closed the refund.
    RefundClosed,
    /// The shop declines.
    Declined,
    /// The shopper withdraws the request.
    Withdrawn,
    /// The time to send the goods back is over.
    TimeOver,
    /// Another refund gave all money of the order back.
    AllRefunded,
}

/// The after-sale is in a state in which the event cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the after-sale is in another state")]
pub struct AfterSaleRefusal;

/// The next state of an after-sale. Only this function decides it; it has no side effects.
///
/// # Errors
/// [`AfterSaleRefusal`] if the event does not fit the state. The state stays as it was.
///
/// ```
/// use model::after_sale::{AfterSaleEvent, AfterSaleState, transition};
///
/// let agreed = transition(AfterSaleState::Requested, AfterSaleEvent::Agreed);
/// assert_eq!(agreed, Ok(AfterSaleState::Returning));
/// assert!(transition(AfterSaleState::Refunded, AfterSaleEvent::Declined).is_err());
/// ```
pub const fn transition(
    state: AfterSaleState,
    event: AfterSaleEvent,
) -> Result<AfterSaleState, AfterSaleRefusal> {
    use AfterSaleEvent as E;
    use AfterSaleState as S;
    match (state, event) {
        (S::Requested, E::Agreed) => Ok(S::Returning),
        // the shopper may correct the tracking number
        (S::Returning | S::Returned, E::Sent) => Ok(S::Returned),
        (S::Returning | S::Returned, E::Received) => Ok(S::Received),
        (S::Requested | S::Returning | S::Returned | S::Received | S::Failed, E::RefundCreated) => {
            Ok(S::Refunding)
        }
        (S::Requested | S::Returned | S::Received | S::Failed, E::Declined) => Ok(S::Declined),
        (S::Requested | S::Returning, E::Withdrawn) => Ok(S::Withdrawn),
        (S::Returning, E::TimeOver) => Ok(S::Expired),
        (S::Refunding, E::RefundClosed) => Ok(S::Failed),
        // WeChat may report success after it reported the refund as closed
        (S::Refunding | S::Failed, E::RefundSucceeded)
        | (S::Requested | S::Returning | S::Returned | S::Received | S::Failed, E::AllRefunded) => {
            Ok(S::Refunded)
        }
        _ => Err(AfterSaleRefusal),
    }
}

/// A line of an order, with the pieces that after-sales claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedLine {
    /// The number of bought pieces; at least 1.
    pub quantity: i64,
    /// The price of all pieces, less the line's part of the reduction, fen.
    pub fee: Fen,
    /// The number of pieces that other after-sales claim.
    pub claimed: i64,
    /// The amount that those after-sales ask for, fen.
    pub claimed_fee: Fen,
}

impl ClaimedLine {
    /// The number of pieces that no after-sale claims.
    #[must_use]
    pub const fn left(&self) -> i64 {
        self.quantity - self.claimed
    }

    /// What so many pieces cost, fen: their part of the line, rounded down. The last pieces get the rest, so the parts
    /// add up to the line. `None` if fewer pieces are left.
    ///
    /// ```
    /// use model::{Fen, after_sale::ClaimedLine};
    ///
    /// let line = ClaimedLine { quantity: 3, fee: Fen(100), claimed: 0, claimed_fee: Fen(0) };
    /// assert_eq!(line.fee_of(1), Some(Fen(33)));
    /// let line = ClaimedLine { claimed: 2, claimed_fee: Fen(66), ..line };
    /// assert_eq!(line.fee_of(1), Some(Fen(34)));
    /// assert_eq!(line.fee_of(2), None);
    /// ```
    #[must_use]
    pub fn fee_of(&self, pieces: i64) -> Option<Fen> {
        if pieces < 1 || pieces > self.left() {
            return None;
        }
        if pieces == self.left() {
            return Some(Fen((self.fee.0 - self.claimed_fee.0).max(0)));
        }
        let part = i128::from(self.fee.0) * i128::from(pieces) / i128::from(self.quantity);
        i64::try_from(part).ok().map(Fen)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The test adds and removes after-sales. Their amounts never exceed the line, and add up to it when all pieces
        /// are claimed.
        #[test]
        fn the_parts_of_a_line_add_up_to_the_fen(
            quantity in 1_i64..20,
            fee in 0_i64..1_000_000,
            steps in prop::collection::vec((1_i64..20, any::<bool>(), 0_usize..8), 1..40),
        ) {
            let mut requests: Vec<(i64, Fen)> = Vec::new();
            for (pieces, is_declined, which) in steps {
                if is_declined && !requests.is_empty() {
                    requests.remove(which % requests.len());
                }
                let line = ClaimedLine {
                    quantity,
                    fee: Fen(fee),
                    claimed: requests.iter().map(|(pieces, _)| pieces).sum(),
                    claimed_fee: Fen(requests.iter().map(|(_, fee)| fee.0).sum()),
                };
                if let Some(part) = line.fee_of(pieces) {
                    prop_assert!(part >= Fen::ZERO);
                    requests.push((pieces, part));
                }
                let claimed: i64 = requests.iter().map(|(pieces, _)| pieces).sum();
                let sum: i64 = requests.iter().map(|(_, fee)| fee.0).sum();
                prop_assert!(claimed <= quantity && sum <= fee, "{sum} of {fee}");
                if claimed == quantity {
                    prop_assert_eq!(sum, fee);
                }
            }
        }

        #[test]
        fn an_ended_after_sale_stays_ended(
            events in prop::collection::vec(prop::sample::select(EVENTS.to_vec()), 0..40),
        ) {
            let mut state = AfterSaleState::Requested;
            for event in events {
                let ended = !state.is_open() && state != AfterSaleState::Refunding;
                if let Ok(next) = transition(state, event) {
                    prop_assert!(!ended, "{state} was moved to {next} by {event:?}");
                    state = next;
                }
            }
        }
    }

    const EVENTS: [AfterSaleEvent; 10] = [
        AfterSaleEvent::Agreed,
        AfterSaleEvent::Sent,
        AfterSaleEvent::Received,
        AfterSaleEvent::RefundCreated,
        AfterSaleEvent::RefundSucceeded,
        AfterSaleEvent::RefundClosed,
        AfterSaleEvent::Declined,
        AfterSaleEvent::Withdrawn,
        AfterSaleEvent::TimeOver,
        AfterSaleEvent::AllRefunded,
    ];
}
