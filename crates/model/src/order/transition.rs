use super::OrderState;

/// What can happen to an order. Notifications, queries, close calls and the clock report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderEvent {
    /// A payment attempt began.
    AttemptStarted,
    /// WeChat says that an attempt of this order was paid with the right amount, or the balance paid the order.
    Paid,
    /// The shopper cancelled, or the time to pay is over.
    CloseRequested,
    /// WeChat confirmed that no attempt of this order can be paid any more, or the order has no attempt.
    CloseConfirmed,
    /// A refund of a part of the money succeeded.
    PartlyRefunded,
    /// All of the money is refunded.
    Refunded,
}

/// Why an event does not change an order's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The order is in that state already.
    #[error("the order is already there")]
    AlreadyInState,
    /// The order has been paid.
    #[error("the order has been paid")]
    AlreadyPaid,
    /// The order is being closed, or is closed: it takes no new attempt.
    #[error("the order is closed")]
    Closed,
    /// The payment came after the close and has to be refunded.
    #[error("the order was closed before it was paid")]
    PaidAfterClose,
    /// The close was confirmed, but the order is not closing.
    #[error("the order is not being closed")]
    NotClosing,
    /// The order was never paid, so it has no money to refund.
    #[error("the order was not paid")]
    NotPaid,
}

/// The next state of an order. Only this function decides it; it has no side effects.
///
/// # Errors
/// [`Refusal`] if the event does not change the state.
///
/// ```
/// use model::order::{OrderEvent, OrderState, Refusal, transition};
///
/// assert_eq!(transition(OrderState::Paying, OrderEvent::Paid), Ok(OrderState::Paid));
/// assert_eq!(transition(OrderState::Paid, OrderEvent::Paid), Err(Refusal::AlreadyInState));
/// ```
pub const fn transition(state: OrderState, event: OrderEvent) -> Result<OrderState, Refusal> {
    use {OrderEvent as E, OrderState as S};
    match (state, event) {
        (S::Created, E::AttemptStarted) => Ok(S::Paying),
        (S::Paying, E::AttemptStarted) => Err(Refusal::AlreadyInState),

        // a payment counts until WeChat confirms the close
        (S::Created | S::Paying | S::Closing, E::Paid) => Ok(S::Paid),
        (S::Paid | S::PartlyRefunded | S::Refunded, E::Paid) => Err(Refusal::AlreadyInState),
        (S::Closed, E::Paid) => Err(Refusal::PaidAfterClose),

        (S::Created | S::Paying, E::CloseRequested) => Ok(S::Closing),
        (S::Closing | S::Closed, E::CloseRequested) => Err(Refusal::AlreadyInState),

        (S::Closing, E::CloseConfirmed) => Ok(S::Closed),
        (S::Closed, E::CloseConfirmed) => Err(Refusal::AlreadyInState),
        (S::Created | S::Paying, E::CloseConfirmed) => Err(Refusal::NotClosing),

        (S::Closing | S::Closed, E::AttemptStarted) => Err(Refusal::Closed),
        (
            S::Paid | S::PartlyRefunded | S::Refunded,
            E::AttemptStarted | E::CloseRequested | E::CloseConfirmed,
        ) => Err(Refusal::AlreadyPaid),

        (S::Paid, E::PartlyRefunded) => Ok(S::PartlyRefunded),
        (S::Paid | S::PartlyRefunded, E::Refunded) => Ok(S::Refunded),
        (S::PartlyRefunded | S::Refunded, E::PartlyRefunded) | (S::Refunded, E::Refunded) => {
            Err(Refusal::AlreadyInState)
        }
        (S::Created | S::Paying | S::Closing | S::Closed, E::PartlyRefunded | E::Refunded) => {
            Err(Refusal::NotPaid)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event() -> impl Strategy<Value = OrderEvent> {
        prop::sample::select(vec![
            OrderEvent::AttemptStarted,
            OrderEvent::Paid,
            OrderEvent::CloseRequested,
            OrderEvent::CloseConfirmed,
            OrderEvent::PartlyRefunded,
            OrderEvent::Refunded,
        ])
    }

    proptest! {
        #[test]
        fn whatever_happens_paid_stays_paid_and_closed_stays_closed(events in prop::collection::vec(event(), 0..40)) {
            let mut state = OrderState::Created;
            for event in events {
                let before = state;
                match transition(state, event) {
                    Ok(next) => {
                        prop_assert_ne!(next, before, "a transition moves");
                        prop_assert!(!before.was_paid() || next.was_paid(), "{before} was unpaid by {event:?}");
                        prop_assert!(before != OrderState::Closed && before != OrderState::Refunded);
                        state = next;
                    }
                    Err(Refusal::PaidAfterClose) => prop_assert_eq!(before, OrderState::Closed),
                    Err(_) => {}
                }
            }
        }

        #[test]
        fn money_is_never_turned_away_silently(events in prop::collection::vec(event(), 0..40)) {
            let mut state = OrderState::Created;
            for event in events {
                state = transition(state, event).unwrap_or(state);
            }
            let outcome = transition(state, OrderEvent::Paid);
            prop_assert!(matches!(
                outcome,
                Ok(OrderState::Paid) | Err(Refusal::AlreadyInState | Refusal::PaidAfterClose)
            ));
        }
    }

    #[test]
    fn a_payment_while_the_order_is_closing_counts() {
        assert_eq!(transition(OrderState::Closing, OrderEvent::Paid), Ok(OrderState::Paid));
    }
}
