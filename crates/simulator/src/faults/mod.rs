//! Faults on request: failures of WeChat and of the connection.

mod endpoints;
mod layer;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::endpoints::{BRIDGE, HASHED, SIGNED, V3};
pub(crate) use self::endpoints::{ENDPOINTS, endpoint_of};
pub(crate) use self::layer::{FaultApplied, HangUp, fault_layer};
use crate::random;

/// The duration of a timeout in seconds, if the fault has none.
const TIMEOUT_S: u64 = 60;

/// The duration of a delay in seconds, if the fault has none.
const DELAY_S: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The connection is closed without a response. The request has no effect.
    Refuse,
    /// The response is late.
    Delay,
    /// No response. The request has no effect.
    TimeoutBefore,
    /// No response, but the request takes effect.
    TimeoutAfter,
    /// The connection is closed without a response, but the request takes effect.
    HangUpAfter,
    /// HTTP 500. The request has no effect.
    #[serde(rename = "http_500")]
    Http500,
    /// HTTP 502 with an HTML page. The request has no effect.
    #[serde(rename = "http_502")]
    Http502,
    /// `-1`, or a signed `SYSTEMERROR`. The request has no effect.
    SystemError,
    /// `-1`, or a signed `SYSTEMERROR`, but the request takes effect.
    SystemErrorAfter,
    /// The documented response with the code and message of the fault. The request has no effect.
    Error,
    /// Payment endpoints: a response without a signature. V2: `return_code` FAIL with the message of the fault. V3:
    /// its code and message. The request has no effect.
    UnsignedError,
    /// An HTML page with the HTTP status of the fault, like that of a proxy or a firewall. The request has no effect.
    HttpStatus,
    /// The signature of the response is wrong.
    WrongSignature,
    /// V3: the `Wechatpay-Serial` of the response is unknown.
    UnknownSerial,
    /// V3: the signature of the response is more than five minutes old.
    StaleTime,
    /// V3: the time of the signature is more than five minutes in the future.
    FutureTime,
    /// V3: a signature that begins with `WECHATPAY/SIGNTEST/`.
    Signtest,
    /// V3: the response contains the hash of another file.
    WrongHash,
    /// The login returns the code of the user's last login, as if the client had sent the request twice.
    SameCode,
    /// The response ends in the middle.
    TruncatedBody,
    /// The bridge never calls the page's callback.
    CallbackNever,
}

/// `POST /_simulator/faults`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) endpoint: String,
    pub(crate) kind: FaultKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u64>,
    /// For [`FaultKind::HttpStatus`]: 300 to 599.
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

    /// Checks that the endpoint supports the fault.
    pub(crate) fn check(&self) -> Result<(), String> {
        let endpoint = self.endpoint.as_str();
        if endpoint != "*" && !ENDPOINTS.contains(&endpoint) {
            return Err(format!("unknown endpoint {endpoint:?}"));
        }
        let fits = match self.kind {
            FaultKind::Refuse | FaultKind::Delay => true,
            FaultKind::CallbackNever => BRIDGE.contains(&endpoint),
            FaultKind::SameCode => endpoint == "authorize",
            FaultKind::WrongHash => HASHED.contains(&endpoint),
            FaultKind::HttpStatus if !self.status.is_some_and(|status| (300..600).contains(&status)) => {
                return Err("http_status needs a status from 300 to 599".to_owned());
            }
            FaultKind::UnsignedError => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            FaultKind::WrongSignature => SIGNED.contains(&endpoint) || V3.contains(&endpoint),
            FaultKind::UnknownSerial | FaultKind::StaleTime | FaultKind::FutureTime | FaultKind::Signtest => {
                V3.contains(&endpoint)
            }
            _ => !BRIDGE.contains(&endpoint),
        };
        if !fits {
            return Err(format!("{endpoint} does not support this fault"));
        }
        if self.times == Some(0) || self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err("times must be at least 1, probability must be from 0 to 1".to_owned());
        }
        Ok(())
    }

    /// The duration of a [`FaultKind::Delay`].
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(DELAY_S))
    }

    /// The duration of a timeout.
    fn timeout(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(TIMEOUT_S))
    }
}

/// The planned faults. The first one that applies is used.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// Takes the fault for this call, if there is one.
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

    #[track_caller]
    fn fault(endpoint: &str, times: Option<u32>) -> Fault {
        let text = serde_json::json!({ "endpoint": endpoint, "kind": "refuse", "times": times });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn a_fault_applies_the_given_number_of_times() {
        let mut faults = Faults(vec![fault("orderquery", Some(2))]);
        assert!(faults.take("unifiedorder").is_none());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_some());
        assert!(faults.take("orderquery").is_none());
    }

    #[test]
    fn a_fault_without_a_number_applies_until_it_is_cleared() {
        let mut faults = Faults(vec![fault("*", None)]);
        assert!((0..100).all(|_| faults.take("token").is_some()));
    }
}
