//! What goes wrong on the way to WeChat and back, on demand.

mod endpoints;
mod layer;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::endpoints::{BRIDGE, ENDPOINTS, HASHED, SIGNED, V3};
pub(crate) use self::layer::{HangUp, fault_layer};
use crate::random;

/// Seconds that a time-out lasts where the fault names none.
const TIMEOUT_S: u64 = 60;

/// Seconds that a delay lasts where the fault names none.
const DELAY_S: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The connection is closed without an answer; nothing was done.
    Refuse,
    /// The answer is late.
    Delay,
    /// No answer, and nothing was done.
    TimeoutBefore,
    /// No answer, but it was done.
    TimeoutAfter,
    /// The connection is closed without an answer, but it was done.
    HangUpAfter,
    /// HTTP 500; nothing was done.
    #[serde(rename = "http_500")]
    Http500,
    /// HTTP 502 with a page of HTML; nothing was done.
    #[serde(rename = "http_502")]
    Http502,
    /// `-1`, or a signed `SYSTEMERROR`; nothing was done.
    SystemError,
    /// The same, but it was done.
    SystemErrorAfter,
    /// The documented answer with the code and message that the fault names; nothing was done.
    Error,
    /// Payment endpoints: an answer without a signature. V2: `return_code` FAIL with the message that the fault names; V3:
    /// its code and message. Nothing was done.
    UnsignedError,
    /// A page of HTML with the HTTP status that the fault names, as a proxy or a firewall sends it; nothing was done.
    HttpStatus,
    /// The answer's `sign` is not its own.
    WrongSignature,
    /// V3: the answer's `Wechatpay-Serial` is nobody's.
    UnknownSerial,
    /// V3: the answer was signed more than five minutes ago.
    StaleTime,
    /// V3: the answer was signed more than five minutes from now.
    FutureTime,
    /// V3: a signature that begins with `WECHATPAY/SIGNTEST/`.
    Signtest,
    /// V3: the answer tells another file's hash.
    WrongHash,
    /// The login hands out the code that this person's last login was given: clients that ask twice get it twice.
    SameCode,
    /// The answer ends in the middle.
    TruncatedBody,
    /// The bridge never calls back.
    CallbackNever,
}

/// `POST /_simulator/faults`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) endpoint: String,
    pub(crate) kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u64>,
    /// Of [`Kind::HttpStatus`]: 300 to 599.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

impl Fault {
    fn applies_to(&self, endpoint: &str) -> bool {
        self.endpoint == endpoint || (self.endpoint == "*" && !BRIDGE.contains(&endpoint))
    }

    /// What is wrong with the fault, if it cannot happen.
    pub(crate) fn check(&self) -> Result<(), String> {
        let endpoint = self.endpoint.as_str();
        if endpoint != "*" && !ENDPOINTS.contains(&endpoint) {
            return Err(format!("unknown endpoint {endpoint:?}"));
        }
        let fits = match self.kind {
            Kind::Refuse | Kind::Delay => true,
            Kind::CallbackNever => BRIDGE.contains(&endpoint),
            Kind::SameCode => endpoint == "authorize",
            Kind::WrongHash => HASHED.contains(&endpoint),
            Kind::HttpStatus if !self.status.is_some_and(|status| (300..600).contains(&status)) => {
                return Err("http_status has a status from 300 to 599".to_owned());
            }
            Kind::UnsignedError => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            Kind::WrongSignature => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            Kind::UnknownSerial | Kind::StaleTime | Kind::FutureTime | Kind::Signtest => {
                V3.contains(&endpoint)
            }
            _ => !BRIDGE.contains(&endpoint),
        };
        if !fits {
            return Err(format!("{endpoint} cannot fail in this way"));
        }
        if self.times == Some(0) || self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err("times is at least 1, probability is from 0 to 1".to_owned());
        }
        Ok(())
    }

    /// How long a [`Kind::Delay`] lasts.
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(DELAY_S))
    }

    /// How long the other side waits in vain.
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(TIMEOUT_S))
    }
}

/// The faults that are to come, first come, first served.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// The fault that this call runs into.
    pub(crate) fn take(&mut self, endpoint: &str) -> Option<Fault> {
        let at = self
            .0
            .iter()
            .position(|fault| fault.applies_to(endpoint) && fault.probability.is_none_or(random::happens))?;
        let fault = self.0.get_mut(at)?;
        match &mut fault.times {
            Some(1) => Some(self.0.remove(at)),
            Some(times) => {
                *times -= 1;
                Some(fault.clone())
            }
            None => Some(fault.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(endpoint: &str, times: Option<u32>) -> Fault {
        let text = serde_json::json!({ "endpoint": endpoint, "kind": "refuse", "times": times });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn a_fault_happens_as_often_as_it_says() {
        let mut faults = Faults(vec![fault("orderquery", Some(2))]);
        assert!(faults.take("unifiedorder").is_none());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_none());
    }

    #[test]
    fn a_fault_without_a_number_happens_until_it_is_cleared() {
        let mut faults = Faults(vec![fault("*", None)]);
        assert!((0..100).all(|_| faults.take("token").is_some()));
    }
}
