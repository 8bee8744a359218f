//! The content of a V2 refund notification (wechat-protocol.md, 4.12).

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use wechat::wire::{
    Fields,
    aes::{decrypt_ecb, encrypt_ecb},
    xml,
};

use super::v2_payment::set_sub_merchant;
use crate::{
    account::Merchant,
    clock,
    pay::{Order, Outcome, Payment, Refund, RefundStatus},
    random,
};

/// The fields in `req_info`.
pub(super) fn plain(order: &Order, payment: &Payment, refund: &Refund) -> Fields {
    let status = RefundStatus::from(refund.outcome);
    let mut fields = Fields::new()
        .with("out_refund_no", refund.out_refund_no.as_str())
        .with("out_trade_no", order.out_trade_no.as_str())
        .with("refund_account", refund.account.as_str())
        .with("refund_fee", refund.refund_fee.to_string())
        .with("refund_id", refund.refund_id.as_str())
        .with("refund_recv_accout", refund.received_by())
        .with("refund_request_source", refund.source.as_str())
        .with("refund_status", status.as_str())
        .with("settlement_refund_fee", payment.settlement_refund_fee(refund).to_string())
        .with("settlement_total_fee", payment.settlement_total_fee(order.total_fee).to_string())
        .with("total_fee", order.total_fee.to_string())
        .with("transaction_id", payment.transaction_id.as_str());
    if refund.outcome == Outcome::Success {
        fields.set("success_time", clock::spaced_time(refund.settles_at));
    }
    fields
}

/// The message that contains `req_info`.
pub(super) fn message(merchant: &Merchant, order: &Order, plain: &Fields) -> Fields {
    let mut fields = Fields::new()
        .with("return_code", "SUCCESS")
        .with("appid", order.merchants_appid())
        .with("mch_id", merchant.mch_id.as_str());
    set_sub_merchant(&mut fields, order);
    fields
        .with("nonce_str", random::alphanumeric(32))
        .with("req_info", encrypted(&xml::write_rooted(plain, "root"), &key(&merchant.api_v2_key)))
}

/// The key that encrypts `req_info`: the lower-case hexadecimal MD5 of the API key.
fn key(api_key: &str) -> [u8; 32] {
    let mut key = [0; 32];
    hex::encode_to_slice(Md5::digest(api_key.as_bytes()), &mut key).expect("a digest has 16 bytes");
    key
}

fn encrypted(text: &str, key: &[u8; 32]) -> String {
    STANDARD.encode(encrypt_ecb(key, text.as_bytes()))
}

/// A copy of the message, encrypted with a wrong key.
pub(super) fn under_another_key(merchant: &Merchant, message: &Fields) -> Fields {
    match decrypted(merchant, message) {
        Some(plain) => {
            message.clone().with("req_info", encrypted(&xml::write_rooted(&plain, "root"), &[b'0'; 32]))
        }
        None => message.clone(),
    }
}

/// The message with one field changed, in the encrypted part if the field is there.
pub(super) fn changed(merchant: &Merchant, message: &Fields, name: &str, value: &str) -> Fields {
    if message.get(name).is_some() {
        return message.clone().with(name, value);
    }
    match decrypted(merchant, message) {
        Some(plain) => {
            let plain = xml::write_rooted(&plain.with(name, value), "root");
            message.clone().with("req_info", encrypted(&plain, &key(&merchant.api_v2_key)))
        }
        None => message.clone(),
    }
}

fn decrypted(merchant: &Merchant, message: &Fields) -> Option<Fields> {
    let encrypted = STANDARD.decode(message.get("req_info")?).ok()?;
    xml::parse_rooted(&decrypt_ecb(&key(&merchant.api_v2_key), &encrypted).ok()?, "root").ok()
}
