//! The states of a refund. The use cases are in `crates/shop/src/refunds`.

use std::{fmt, str::FromStr};

use crate::UnknownWord;

/// The state of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundState {
    /// The shop recorded it and reserved its amount. It does not know yet whether WeChat accepted it.
    Requested,
    /// WeChat has accepted it.
    Processing,
    /// WeChat refunded the money.
    Success,
    /// WeChat closed or refused it. Its amount can be refunded again.
    Closed,
    /// The payer's account does not take the money (`CHANGE`, `ABNORMAL`). Staff send it to another account; the amount
    /// stays reserved.
    Abnormal,
}

impl RefundState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Requested, Self::Processing, Self::Success, Self::Closed, Self::Abnormal];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Processing => "processing",
            Self::Success => "success",
            Self::Closed => "closed",
            Self::Abnormal => "abnormal",
        }
    }

    /// Whether it has ended. WeChat may still report the success of a closed refund.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Closed)
    }
}

impl fmt::Display for RefundState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RefundState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(UnknownWord)
    }
}

/// Why WeChat's report does not change the state of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// The refund is in that state already, or in a later one.
    #[error("the refund is already there")]
    AlreadyInState,
    /// The refund ended with another result. Staff have to check it.
    #[error("the refund had ended otherwise")]
    Contradiction,
}

/// The next state of a refund. `said` is the state that WeChat reports. Only this function decides it; it has no side
/// effects.
///
/// # Errors
/// [`RefundRefusal`] if the report does not change the state.
///
/// ```
/// use model::refund::{RefundRefusal, RefundState, transition};
///
/// assert_eq!(transition(RefundState::Processing, RefundState::Success), Ok(RefundState::Success));
/// // an answer that is older than the state changes nothing
/// assert_eq!(transition(RefundState::Success, RefundState::Processing), Err(RefundRefusal::AlreadyInState));
/// ```
pub const fn transition(state: RefundState, said: RefundState) -> Result<RefundState, RefundRefusal> {
    use RefundState as S;
    match (state, said) {
        (_, S::Requested)
        | (S::Processing, S::Processing)
        | (S::Abnormal, S::Abnormal)
        | (S::Success, S::Success | S::Processing)
        | (S::Closed, S::Closed | S::Processing) => Err(RefundRefusal::AlreadyInState),
        // the shop closes a refund that WeChat refused; WeChat may have accepted it all the same
        (S::Closed, S::Success) => Ok(S::Success),
        (S::Requested, said) => Ok(said),
        // an abnormal refund continues after the merchant named another account
        (S::Processing | S::Abnormal, said) => Ok(said),
        (S::Success, S::Closed | S::Abnormal) | (S::Closed, S::Abnormal) => Err(RefundRefusal::Contradiction),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_final_state_changes_only_from_closed_to_success(
            said in prop::collection::vec(prop::sample::select(RefundState::ALL.to_vec()), 0..40),
        ) {
            let mut state = RefundState::Requested;
            for said in said {
                match transition(state, said) {
                    Ok(next) => {
                        let arrived = (state, next) == (RefundState::Closed, RefundState::Success);
                        prop_assert!(!state.is_final() || arrived, "{state} was moved to {next}");
                        prop_assert_ne!(next, state);
                        state = next;
                    }
                    Err(RefundRefusal::Contradiction) => prop_assert!(state.is_final() && said != state),
                    Err(RefundRefusal::AlreadyInState) => {}
                }
            }
        }
    }
}
