//! Faults in the delivery of notifications, on request.

use serde::{Deserialize, Serialize};

use super::tamper::Tamper;
use crate::{
    clock::{Millis, SECOND},
    database::Database,
    random,
};

/// `POST /_simulator/notifications`. An empty object clears all faults.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DeliveryFaults {
    /// The attempts that do not reach the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<Frequency>,
    /// The number of copies of each attempt, sent at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate: Option<u32>,
    /// The delay of the first attempt of new notifications, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_s: Option<i64>,
    /// Holds back this many new notifications, then sends the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reorder: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tamper: Option<Tampering>,
}

/// How often a fault applies: `true` for always, a number of times, or a probability with a decimal point.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Frequency {
    Always(bool),
    Times(u32),
    Probability(f64),
}

impl Frequency {
    fn take(amount: &mut Option<Self>) -> bool {
        match amount {
            None | Some(Self::Always(false) | Self::Times(0)) => false,
            Some(Self::Always(true)) => true,
            Some(Self::Times(times)) => {
                *times -= 1;
                true
            }
            Some(Self::Probability(probability)) => random::happens(*probability),
        }
    }
}

/// `"sign"`, or `{"kind": "sign", "times": 1}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Tampering {
    Always(Tamper),
    Times { kind: Tamper, times: u32 },
}

/// The faults of one attempt.
pub(super) struct AttemptFaults {
    pub(super) dropped: bool,
    pub(super) copies: u32,
    pub(super) tamper: Option<Tamper>,
}

impl DeliveryFaults {
    pub(super) fn next_attempt(&mut self) -> AttemptFaults {
        if Frequency::take(&mut self.drop) {
            return AttemptFaults { dropped: true, copies: 0, tamper: None };
        }
        let tamper = match &mut self.tamper {
            None | Some(Tampering::Times { times: 0, .. }) => None,
            Some(Tampering::Always(kind)) => Some(*kind),
            Some(Tampering::Times { kind, times }) => {
                *times -= 1;
                Some(*kind)
            }
        };
        AttemptFaults { dropped: false, copies: self.duplicate.unwrap_or(0), tamper }
    }
}

/// Sends the notifications that were held back, if there are enough.
pub(super) fn release_when_full(db: &mut Database, now: Millis) {
    let held = db.notifications.iter().filter(|notification| notification.held).count();
    if db.delivery_faults.reorder.is_some_and(|full| held >= full.max(2)) {
        release_held(db, now);
    }
}

/// Sends the notifications that were held back, the newest first, with a short time between them.
pub(crate) fn release_held(db: &mut Database, now: Millis) {
    let held = db.notifications.iter_mut().rev().filter(|notification| notification.held);
    for (notification, at) in held.zip((0..).map(|step| now + step * SECOND / 4)) {
        notification.held = false;
        // a refund is not notified before it has settled
        notification.next_at = notification.next_at.map(|due| due.max(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_drops_counts_down() {
        let mut delivery_faults: DeliveryFaults = serde_json::from_str(r#"{"drop":2}"#).unwrap();
        assert!(delivery_faults.next_attempt().dropped);
        assert!(delivery_faults.next_attempt().dropped);
        assert!(!delivery_faults.next_attempt().dropped);
    }
}
