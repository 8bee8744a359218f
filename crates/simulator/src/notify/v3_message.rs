//! The content of a V3 notification (wechat-protocol.md, 5.9).

use serde_json::{Value, json};
use wechat::wire::aead;

use crate::{
    account::Merchant,
    clock::{Millis, rfc3339},
    database::Database,
    pay::{Order, Outcome, Payment, Refund},
    random,
    v3::{combined_transaction, encrypt, refund_notified, transaction},
};

/// The message of a payment. With `extras`, every second one has an unknown field.
pub(super) fn payment(
    merchant: &Merchant,
    order: &Order,
    payment: &Payment,
    now: Millis,
    extras: bool,
) -> String {
    let mut plain = transaction(order, now);
    if extras && payment.number % 2 == 1 {
        plain["xiaodian_future_field"] = "字段 & <未知>".into();
    }
    message(merchant, "TRANSACTION.SUCCESS", "支付成功", "transaction", &plain, now)
}

/// The message of a combined order.
pub(super) fn combined_payment(
    db: &Database,
    merchant: &Merchant,
    order: &Order,
    payment: &Payment,
    now: Millis,
) -> String {
    let plain = combined_transaction(db, order, now);
    message(merchant, "TRANSACTION.SUCCESS", "支付成功", "transaction", &plain, payment.paid_at)
}

/// The message of a refund that has settled.
pub(super) fn refund(merchant: &Merchant, order: &Order, payment: &Payment, refund: &Refund) -> String {
    let (event, summary) = match refund.outcome {
        Outcome::Success => ("REFUND.SUCCESS", "退款成功"),
        Outcome::Closed => ("REFUND.CLOSED", "退款关闭"),
        Outcome::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
    };
    message(merchant, event, summary, "refund", &refund_notified(order, payment, refund), refund.settles_at)
}

/// The message about a complaint. The documents do not name its `original_type`.
pub(super) fn complaint(merchant: &Merchant, complaint_id: &str, action: &str, at: Millis) -> String {
    let (event, summary) = match action {
        "CREATE_COMPLAINT" => ("COMPLAINT.CREATE", "产生新投诉"),
        _ => ("COMPLAINT.STATE_CHANGE", "投诉单状态变化"),
    };
    let plain = json!({ "complaint_id": complaint_id, "action_type": action });
    message(merchant, event, summary, "complaint", &plain, at)
}

fn message(merchant: &Merchant, event: &str, summary: &str, kind: &str, plain: &Value, at: Millis) -> String {
    let id = random::hex(32);
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    let (nonce, ciphertext) = encrypt(merchant, kind, plain.to_string().as_bytes());
    json!({
        "id": id,
        "create_time": rfc3339(at),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": summary,
        "resource": {
            "original_type": kind,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": ciphertext,
            "associated_data": kind,
            "nonce": nonce,
        },
    })
    .to_string()
}

/// The message with its encrypted part changed and encrypted again.
pub(super) fn changed(merchant: &Merchant, message: &str, change: impl FnOnce(&mut Value)) -> String {
    try_changed(merchant, message, change).unwrap_or_else(|| message.to_owned())
}

fn try_changed(merchant: &Merchant, message: &str, change: impl FnOnce(&mut Value)) -> Option<String> {
    let mut message: Value = serde_json::from_str(message).ok()?;
    let resource = &message["resource"];
    let kind = resource["associated_data"].as_str()?.to_owned();
    let plain = aead::decrypt(
        merchant.api_v3_key(),
        resource["nonce"].as_str()?,
        &kind,
        resource["ciphertext"].as_str()?,
    )
    .ok()?;
    let mut plain: Value = serde_json::from_slice(&plain).ok()?;
    change(&mut plain);
    let (nonce, ciphertext) = encrypt(merchant, &kind, plain.to_string().as_bytes());
    message["resource"]["nonce"] = nonce.into();
    message["resource"]["ciphertext"] = ciphertext.into();
    Some(message.to_string())
}
