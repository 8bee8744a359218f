//! The life of a refund.

use std::{fmt, str::FromStr};

use crate::order::UnknownState;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefundState {
    /// Written down, its amount reserved; WeChat has not accepted it yet, as far as is known.
    Requested,
    /// WeChat has accepted it.
    Processing,
    /// The shopper has the money.
    Success,
    /// WeChat closed it or refused it: the amount is refundable again.
    Closed,
    /// The shopper's account does not take it (`CHANGE`, `ABNORMAL`): a person decides in the merchant platform. The
    /// amount stays reserved.
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

    /// Whether WeChat will not change it any more.
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
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(UnknownState)
    }
}

/// Why what WeChat says does not move a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// The order is in that state already.
    #[error("the refund is already there")]
    AlreadyInState,
    /// It had ended otherwise: a person has to look.
    #[error("the refund had ended otherwise")]
    Contradiction,
}

/// The only way in which a refund changes its state: pure, and total.
///
/// # Errors
/// [`RefundRefusal`] if WeChat's answer does not change the refund. The state stays as it was.
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
        // the shop may have closed it, wrongly; that the shopper has the money is WeChat's word
        (S::Closed, S::Success) => Ok(S::Success),
        (S::Requested, said) => Ok(said),
        // an abnormal refund goes on once the merchant has named another account
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
