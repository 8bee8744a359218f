//! What happens to notifications on their way, on demand.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat::wire::{Fields, xml};

use super::{Notification, body, refund, v3};
use crate::{
    clock::{Millis, SECOND},
    random,
    state::State,
    v3::Spoil,
};

/// `POST /_simulator/notifications`; `{}` clears all of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Disturbances {
    /// Attempts that do not reach the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<Amount>,
    /// Copies that come with each attempt, at the same moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate: Option<u32>,
    /// Seconds by which the first attempt of new notifications is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_s: Option<i64>,
    /// Keeps that many new notifications back, then sends the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reorder: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tamper: Option<Tampering>,
}

/// How often: `true` for always, a number of times, or a probability with a decimal point.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Amount {
    Always(bool),
    Times(u32),
    Probability(f64),
}

impl Amount {
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

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tamper {
    // What does not verify
    Sign,
    NoSign,
    NoReturnCode,
    TotalFee,
    OutTradeNo,
    Doctype,
    Entity,
    DuplicateField,
    Truncate,
    Oversize,
    Empty,
    NotXml,
    // The same, of V3; a message of V2 is sent as with `Sign`
    Signtest,
    UnknownSerial,
    StaleTime,
    FutureTime,
    // What verifies, but does not fit
    SignedTotalFee,
    SignedAppid,
    SignedMchId,
    SignedFeeType,
    SignedUnknownOrder,
    SignedTransactionId,
}

/// What is done to one attempt.
pub(super) struct Plan {
    pub(super) dropped: bool,
    pub(super) copies: u32,
    pub(super) tamper: Option<Tamper>,
}

impl Disturbances {
    pub(super) fn plan(&mut self) -> Plan {
        if Amount::take(&mut self.drop) {
            return Plan { dropped: true, copies: 0, tamper: None };
        }
        let tamper = match &mut self.tamper {
            None | Some(Tampering::Times { times: 0, .. }) => None,
            Some(Tampering::Always(kind)) => Some(*kind),
            Some(Tampering::Times { kind, times }) => {
                *times -= 1;
                Some(*kind)
            }
        };
        Plan { dropped: false, copies: self.duplicate.unwrap_or(0), tamper }
    }
}

/// Sends what was kept back once there is enough of it.
pub(super) fn release_when_full(state: &mut State, now: Millis) {
    let held = state.notifications.iter().filter(|notification| notification.held).count();
    if state.disturbances.reorder.is_some_and(|full| held >= full.max(2)) {
        release_held(state, now);
    }
}

/// Sends what was kept back, the newest first and a moment apart.
pub(crate) fn release_held(state: &mut State, now: Millis) {
    let held = state.notifications.iter_mut().rev().filter(|notification| notification.held);
    for (notification, at) in held.zip((0..).map(|step| now + step * SECOND / 4)) {
        notification.held = false;
        // a refund is not told of before it has settled
        notification.next_at = notification.next_at.map(|due| due.max(at));
    }
}

/// The bytes that are sent.
pub(super) fn bytes(notification: &Notification, tamper: Option<Tamper>) -> Vec<u8> {
    let fields: Fields = notification.fields.iter().cloned().collect();
    if notification.kind == super::REFUND {
        return refund_message(&fields, tamper);
    }
    message(&fields, &notification.sign_type, tamper)
}

fn message(fields: &Fields, sign_type: &str, tamper: Option<Tamper>) -> Vec<u8> {
    let signed =
        |name: &str, value: &str| xml::write(&body::seal(fields.clone().with(name, value), sign_type));
    match tamper {
        Some(
            Tamper::Signtest | Tamper::UnknownSerial | Tamper::StaleTime | Tamper::FutureTime | Tamper::Sign,
        ) => {
            let wrong = "0".repeat(fields.get("sign").map_or(32, str::len));
            xml::write(&fields.clone().with("sign", wrong)).into_bytes()
        }
        Some(Tamper::NoSign) => without(fields, "sign"),
        Some(Tamper::TotalFee) => xml::write(&fields.clone().with("total_fee", "1000000")).into_bytes(),
        Some(Tamper::OutTradeNo) => {
            xml::write(&fields.clone().with("out_trade_no", "0000000000")).into_bytes()
        }
        other => common(fields, other, signed),
    }
}

/// The bytes of V3 and what is done to their signature.
pub(super) fn v3_bytes(json: &str, tamper: Option<Tamper>) -> (Vec<u8>, Option<Spoil>) {
    let Some(tamper) = tamper else { return (json.as_bytes().to_vec(), None) };
    // the second path is that of several orders paid together
    let set = |paths: [&str; 2], value: Value| {
        v3::changed(json, |plain| {
            if let Some(path) = paths.into_iter().find(|path| plain.pointer(path).is_some())
                && let Some(field) = plain.pointer_mut(path)
            {
                *field = value;
            }
        })
    };
    let inner = json.strip_prefix('{').unwrap_or(json);
    let total = || set(["/amount/total", "/sub_orders/0/amount/total_amount"], Value::from(1_000_000));
    let unknown_order = || set(["/out_trade_no", "/combine_out_trade_no"], Value::from("0000000000"));
    let spoil = match tamper {
        Tamper::NoSign => Some(Spoil::Missing),
        Tamper::Signtest => Some(Spoil::Probe),
        Tamper::UnknownSerial => Some(Spoil::UnknownSerial),
        Tamper::StaleTime => Some(Spoil::StaleTime),
        Tamper::FutureTime => Some(Spoil::FutureTime),
        Tamper::SignedTotalFee
        | Tamper::SignedAppid
        | Tamper::SignedMchId
        | Tamper::SignedFeeType
        | Tamper::SignedUnknownOrder
        | Tamper::SignedTransactionId => None,
        // changed on its way, so that the signature is not its own
        _ => Some(Spoil::Signature),
    };
    let text = match tamper {
        Tamper::TotalFee | Tamper::SignedTotalFee => total(),
        Tamper::OutTradeNo | Tamper::SignedUnknownOrder => unknown_order(),
        Tamper::SignedAppid => set(["/appid", "/combine_appid"], Value::from("wx0000000000000000")),
        Tamper::SignedMchId => set(["/mchid", "/combine_mchid"], Value::from("1900000000")),
        Tamper::SignedFeeType => {
            set(["/amount/currency", "/sub_orders/0/amount/currency"], Value::from("USD"))
        }
        Tamper::SignedTransactionId => set(
            ["/transaction_id", "/sub_orders/0/transaction_id"],
            Value::from("4200000000000000000000000000"),
        ),
        Tamper::NoReturnCode => json.replace("\"event_type\"", "\"other_type\""),
        Tamper::Doctype | Tamper::Entity | Tamper::NotXml => "<xml></xml>".to_owned(),
        Tamper::DuplicateField => format!("{{\"event_type\":\"TRANSACTION.OTHER\",{inner}"),
        Tamper::Truncate => json.get(..json.len() / 2).unwrap_or_default().to_owned(),
        Tamper::Oversize => format!("{{\"b\":\"{}\",{inner}", "x".repeat(2 * 1024 * 1024)),
        Tamper::Empty => String::new(),
        Tamper::Sign
        | Tamper::NoSign
        | Tamper::Signtest
        | Tamper::UnknownSerial
        | Tamper::StaleTime
        | Tamper::FutureTime => json.to_owned(),
    };
    (text.into_bytes(), spoil)
}

/// A refund's message is not signed: it is believed because it was encrypted.
fn refund_message(fields: &Fields, tamper: Option<Tamper>) -> Vec<u8> {
    match tamper {
        Some(
            Tamper::Signtest
            | Tamper::UnknownSerial
            | Tamper::StaleTime
            | Tamper::FutureTime
            | Tamper::Sign
            | Tamper::TotalFee
            | Tamper::OutTradeNo,
        ) => xml::write(&refund::under_another_key(fields)).into_bytes(),
        Some(Tamper::NoSign) => without(fields, "req_info"),
        other => common(fields, other, |name, value| xml::write(&refund::changed(fields, name, value))),
    }
}

fn without(fields: &Fields, name: &str) -> Vec<u8> {
    let mut fields = fields.clone();
    fields.remove(name);
    xml::write(&fields).into_bytes()
}

/// What is done to both kinds in the same way; `sealed` is the message with one field changed, and sealed again.
fn common(fields: &Fields, tamper: Option<Tamper>, sealed: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let text = xml::write(fields);
    let inner = text.strip_prefix("<xml>").unwrap_or(&text);
    match tamper {
        None
        | Some(
            Tamper::Signtest
            | Tamper::UnknownSerial
            | Tamper::StaleTime
            | Tamper::FutureTime
            | Tamper::Sign
            | Tamper::NoSign
            | Tamper::TotalFee
            | Tamper::OutTradeNo,
        ) => text,
        Some(Tamper::NoReturnCode) => return without(fields, "return_code"),
        Some(Tamper::Doctype) => {
            format!("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><b>&a;</b>{inner}")
        }
        Some(Tamper::Entity) => format!("<xml><b>&a;</b>{inner}"),
        Some(Tamper::DuplicateField) => format!("<xml><total_fee>1000000</total_fee>{inner}"),
        Some(Tamper::Truncate) => return text.as_bytes()[..text.len() / 2].to_vec(),
        Some(Tamper::Oversize) => format!("<xml><b>{}</b>{inner}", "x".repeat(2 * 1024 * 1024)),
        Some(Tamper::Empty) => String::new(),
        Some(Tamper::NotXml) => "{\"return_code\":\"SUCCESS\"}".to_owned(),
        Some(Tamper::SignedTotalFee) => sealed("total_fee", "1000000"),
        Some(Tamper::SignedAppid) => sealed("appid", "wx0000000000000000"),
        Some(Tamper::SignedMchId) => sealed("mch_id", "1900000000"),
        Some(Tamper::SignedFeeType) => sealed("fee_type", "USD"),
        Some(Tamper::SignedUnknownOrder) => sealed("out_trade_no", "0000000000"),
        Some(Tamper::SignedTransactionId) => sealed("transaction_id", "4200000000000000000000000000"),
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use wechat::wire::sign::{SignType, verify};

    use super::*;
    use crate::account::API_V2_KEY;

    fn notification() -> Fields {
        let fields = Fields::new().with("return_code", "SUCCESS").with("total_fee", "1");
        body::seal(fields.with("out_trade_no", "order1"), "MD5")
    }

    fn verifies(tamper: Tamper) -> bool {
        let message = message(&notification(), "MD5", Some(tamper));
        xml::parse(&message).is_ok_and(|fields| verify(&fields, API_V2_KEY, SignType::Md5))
    }

    #[test]
    fn what_is_tampered_with_does_not_verify() {
        use Tamper::{
            Doctype, DuplicateField, Empty, Entity, NoReturnCode, NoSign, NotXml, OutTradeNo, Oversize, Sign,
            TotalFee, Truncate,
        };
        for tamper in [
            Sign,
            NoSign,
            NoReturnCode,
            TotalFee,
            OutTradeNo,
            Doctype,
            Entity,
            DuplicateField,
            Truncate,
            Oversize,
            Empty,
            NotXml,
        ] {
            assert!(!verifies(tamper), "{tamper:?}");
        }
    }

    #[test]
    fn what_does_not_fit_verifies_all_the_same() {
        use Tamper::{
            SignedAppid, SignedFeeType, SignedMchId, SignedTotalFee, SignedTransactionId, SignedUnknownOrder,
        };
        for tamper in
            [SignedTotalFee, SignedAppid, SignedMchId, SignedFeeType, SignedUnknownOrder, SignedTransactionId]
        {
            assert!(verifies(tamper), "{tamper:?}");
        }
    }

    #[test]
    fn a_number_of_drops_is_used_up() {
        let mut disturbances: Disturbances = serde_json::from_str(r#"{"drop":2}"#).unwrap();
        assert!(disturbances.plan().dropped);
        assert!(disturbances.plan().dropped);
        assert!(!disturbances.plan().dropped);
    }
}
