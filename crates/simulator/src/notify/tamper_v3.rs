//! Changes the notifications of V3.

use serde_json::Value;

use super::{tamper::Tamper, v3_message};
use crate::{account::Merchant, v3::SignatureFault};

/// The changed notification as bytes to send, and the fault of its signature. Without `tamper` it is unchanged. Faults that
/// only V2's XML has get the nearest change of JSON.
pub(super) fn tampered(
    merchant: &Merchant,
    json: &str,
    tamper: Option<Tamper>,
) -> (Vec<u8>, Option<SignatureFault>) {
    let Some(tamper) = tamper else { return (json.as_bytes().to_vec(), None) };
    // the second path is for combined orders
    let set = |paths: [&str; 2], value: Value| {
        v3_message::changed(merchant, json, |plain| {
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
    let signature_fault = match tamper {
        Tamper::NoSign => Some(SignatureFault::Missing),
        Tamper::Signtest => Some(SignatureFault::Probe),
        Tamper::UnknownSerial => Some(SignatureFault::UnknownSerial),
        Tamper::StaleTime => Some(SignatureFault::StaleTime),
        Tamper::FutureTime => Some(SignatureFault::FutureTime),
        Tamper::SignedTotalFee
        | Tamper::SignedAppid
        | Tamper::SignedMchId
        | Tamper::SignedFeeType
        | Tamper::SignedUnknownOrder
        | Tamper::SignedTransactionId => None,
        // the text is changed after it was signed, so the signature does not fit
        Tamper::Sign
        | Tamper::TotalFee
        | Tamper::OutTradeNo
        | Tamper::NoReturnCode
        | Tamper::Doctype
        | Tamper::Entity
        | Tamper::NotXml
        | Tamper::DuplicateField
        | Tamper::Truncate
        | Tamper::Oversize
        | Tamper::Empty => Some(SignatureFault::Signature),
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
    (text.into_bytes(), signature_fault)
}
