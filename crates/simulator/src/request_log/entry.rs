//! One request, its answer and its verdict.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use wechat::wire::xml;

use crate::{
    clock::{self, rfc3339_ms},
    diagnosis::Diagnosis,
};

/// A request to WeChat. It contains no secret.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Counts from 1.
    pub(crate) number: u64,
    /// When the request arrived, the real time: RFC 3339 with milliseconds.
    pub(crate) at: String,
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// The HTTP status. `None` if the connection was closed without an answer.
    pub(crate) status: Option<u16>,
    pub(crate) milliseconds: u64,
    pub(crate) verdict: Verdict,
    /// The error of the answer, or the fault.
    pub(crate) reason: Option<String>,
    #[serde(flatten)]
    pub(crate) diagnosis: Option<Diagnosis>,
    pub(crate) headers: BTreeMap<&'static str, String>,
    pub(crate) request: String,
    pub(crate) answer: String,
}

/// How the request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Accepted,
    Refused,
    WrongSignature,
    /// A planned fault changed the answer.
    Fault,
    /// The client closed the connection before the answer arrived.
    NoAnswer,
}

impl Verdict {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::WrongSignature => "wrong_signature",
            Self::Fault => "fault",
            Self::NoAnswer => "no_answer",
        }
    }
}

impl Entry {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            number: 0,
            at: rfc3339_ms(clock::real_now()),
            method: method.to_owned(),
            path: path.to_owned(),
            status: None,
            milliseconds: 0,
            verdict: Verdict::NoAnswer,
            reason: None,
            diagnosis: None,
            headers: BTreeMap::new(),
            request: String::new(),
            answer: String::new(),
        }
    }
}

/// The error of an answer, in the forms of the three interfaces.
pub(super) fn error_of(status: u16, answer: &[u8]) -> Option<String> {
    if let Ok(json) = serde_json::from_slice::<Value>(answer) {
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        return match json["errcode"].as_i64() {
            Some(code) if code != 0 => Some(format!("{code} {}", text("errmsg"))),
            _ if status >= 400 => Some(format!("{} {}", text("code"), text("message"))),
            _ => None,
        };
    }
    if let Ok(fields) = xml::parse(answer) {
        let get = |name: &str| fields.get(name).unwrap_or_default();
        return match (get("return_code"), get("result_code")) {
            ("FAIL", _) => Some(get("return_msg").to_owned()),
            (_, "FAIL") => Some(format!("{} {}", get("err_code"), get("err_code_des"))),
            _ => None,
        };
    }
    (status >= 400).then(|| format!("HTTP {status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_read_from_every_form_of_answer() {
        let error = |status, answer: &str| error_of(status, answer.as_bytes());
        assert_eq!(error(200, r#"{"errcode":40029,"errmsg":"invalid code"}"#).unwrap(), "40029 invalid code");
        assert_eq!(error(401, r#"{"code":"SIGN_ERROR","message":"x"}"#).unwrap(), "SIGN_ERROR x");
        assert_eq!(
            error(200, "<xml><return_code>FAIL</return_code><return_msg>x</return_msg></xml>").unwrap(),
            "x"
        );
        assert_eq!(
            error(200, "<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>E</err_code></xml>").unwrap(),
            "E "
        );
        assert_eq!(error(404, "nothing").unwrap(), "HTTP 404");
        for fine in [
            r#"{"errcode":0}"#,
            r#"{"prepay_id":"wx1"}"#,
            "",
            "<xml><return_code>SUCCESS</return_code></xml>",
        ] {
            assert_eq!(error(200, fine), None, "{fine}");
        }
    }
}
