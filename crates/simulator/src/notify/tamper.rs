//! Changes notifications: forged ones that do not verify, and signed ones that contradict the order.

use serde::{Deserialize, Serialize};
use wechat::wire::{Fields, xml};

use super::{Notification, v2_payment, v2_refund};
use crate::account::Merchant;

/// How a notification is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tamper {
    // Forged: the signature is wrong. A V2 refund notification has none: another key encrypts it, or `req_info` is missing
    /// The signature has the right length and is wrong.
    Sign,
    /// The signature is missing.
    NoSign,
    /// `return_code` is missing; V3: `event_type`.
    NoReturnCode,
    /// Another amount, not signed again.
    TotalFee,
    /// Another `out_trade_no`, not signed again.
    OutTradeNo,
    /// A document type with an external entity; V3: XML instead of JSON.
    Doctype,
    /// An entity that is not declared; V3: XML instead of JSON.
    Entity,
    /// A field twice, with different values.
    DuplicateField,
    /// The first half of the message.
    Truncate,
    /// A field of 2 MB.
    Oversize,
    /// An empty body.
    Empty,
    /// JSON instead of XML; V3: XML instead of JSON.
    NotXml,
    // Forged, V3 only. For V2 they work like `Sign`
    /// WeChat's signature probe (`WECHATPAY/SIGNTEST/…`).
    Signtest,
    /// An unknown `Wechatpay-Serial`.
    UnknownSerial,
    /// A signed time that is too old.
    StaleTime,
    /// A signed time that is too far in the future.
    FutureTime,
    // The signature is right, but the content contradicts the order
    /// Another amount.
    SignedTotalFee,
    /// Another `appid`.
    SignedAppid,
    /// Another merchant number.
    SignedMchId,
    /// Another currency.
    SignedFeeType,
    /// An `out_trade_no` that the shop does not have.
    SignedUnknownOrder,
    /// Another `transaction_id`.
    SignedTransactionId,
}

/// The changed notification, as bytes to send. `None` leaves it unchanged.
pub(super) fn tampered(merchant: &Merchant, notification: &Notification, tamper: Option<Tamper>) -> Vec<u8> {
    let fields: Fields = notification.fields.iter().cloned().collect();
    if notification.kind == super::notification::REFUND {
        return refund_message(merchant, &fields, tamper);
    }
    message(merchant, &fields, &notification.sign_type, tamper)
}

fn message(merchant: &Merchant, fields: &Fields, sign_type: &str, tamper: Option<Tamper>) -> Vec<u8> {
    let signed = |name: &str, value: &str| {
        xml::write(&v2_payment::sign(merchant, fields.clone().with(name, value), sign_type))
    };
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

/// Changes a refund notification. It has no signature, so its encryption is changed instead.
fn refund_message(merchant: &Merchant, fields: &Fields, tamper: Option<Tamper>) -> Vec<u8> {
    match tamper {
        Some(
            Tamper::Signtest
            | Tamper::UnknownSerial
            | Tamper::StaleTime
            | Tamper::FutureTime
            | Tamper::Sign
            | Tamper::TotalFee
            | Tamper::OutTradeNo,
        ) => xml::write(&v2_refund::under_another_key(merchant, fields)).into_bytes(),
        Some(Tamper::NoSign) => without(fields, "req_info"),
        other => common(fields, other, |name, value| {
            xml::write(&v2_refund::changed(merchant, fields, name, value))
        }),
    }
}

fn without(fields: &Fields, name: &str) -> Vec<u8> {
    let mut fields = fields.clone();
    fields.remove(name);
    xml::write(&fields).into_bytes()
}

/// The changes that payments and refunds share. `signed_with` changes one field and signs the message again.
fn common(fields: &Fields, tamper: Option<Tamper>, signed_with: impl Fn(&str, &str) -> String) -> Vec<u8> {
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
        Some(Tamper::SignedTotalFee) => signed_with("total_fee", "1000000"),
        Some(Tamper::SignedAppid) => signed_with("appid", "wx0000000000000000"),
        Some(Tamper::SignedMchId) => signed_with("mch_id", "1900000000"),
        Some(Tamper::SignedFeeType) => signed_with("fee_type", "USD"),
        Some(Tamper::SignedUnknownOrder) => signed_with("out_trade_no", "0000000000"),
        Some(Tamper::SignedTransactionId) => signed_with("transaction_id", "4200000000000000000000000000"),
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
        v2_payment::sign(&Merchant::demo(), fields.with("out_trade_no", "order1"), "MD5")
    }

    fn verifies(tamper: Tamper) -> bool {
        let message = message(&Merchant::demo(), &notification(), "MD5", Some(tamper));
        xml::parse(&message).is_ok_and(|fields| verify(&fields, API_V2_KEY, SignType::Md5))
    }

    #[test]
    fn a_forged_message_does_not_verify() {
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
    fn a_message_that_does_not_match_the_order_verifies() {
        use Tamper::{
            SignedAppid, SignedFeeType, SignedMchId, SignedTotalFee, SignedTransactionId, SignedUnknownOrder,
        };
        for tamper in
            [SignedTotalFee, SignedAppid, SignedMchId, SignedFeeType, SignedUnknownOrder, SignedTransactionId]
        {
            assert!(verifies(tamper), "{tamper:?}");
        }
    }
}
