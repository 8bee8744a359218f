//! The content of a V2 payment notification (wechat-protocol.md, 4.11).

use wechat::wire::{
    Fields,
    sign::{self, SignType},
};

use crate::{
    account::Merchant,
    pay::{Order, Payment, paid},
    random,
};

/// The signed message.
///
/// With `extras`, every second message contains its `sign_type`, and every fourth has an unknown field. The real
/// WeChat does both.
pub(super) fn payment(merchant: &Merchant, order: &Order, payment: &Payment, extras: bool) -> Fields {
    let mut fields = Fields::new()
        .with("return_code", "SUCCESS")
        .with("appid", order.merchants_appid())
        .with("mch_id", merchant.mch_id.as_str())
        .with("nonce_str", random::alphanumeric(32))
        .with("result_code", "SUCCESS");
    set_sub_merchant(&mut fields, order);
    for (name, value) in paid(order, payment).iter() {
        fields.set(name, value);
    }
    fields.set("out_trade_no", order.out_trade_no.as_str());
    if let Some(attach) = &order.attach {
        fields.set("attach", attach.as_str());
    }
    if extras && payment.number % 2 == 1 {
        fields.set("sign_type", order.sign_type.as_str());
    }
    if extras && payment.number % 4 == 1 {
        fields.set("xiaodian_future_field", "字段 & <未知>");
    }
    sign(merchant, fields, &order.sign_type)
}

/// Adds the sub-merchant of a provider's order.
pub(super) fn set_sub_merchant(fields: &mut Fields, order: &Order) {
    let Some(partner) = &order.partner else { return };
    fields.set("sub_mch_id", &partner.sub_mch_id);
    if let Some(sub_appid) = &partner.sub_appid {
        fields.set("sub_appid", sub_appid);
    }
}

/// Signs the fields. Replaces an existing signature.
pub(super) fn sign(merchant: &Merchant, mut fields: Fields, sign_type: &str) -> Fields {
    fields.remove("sign");
    let sign_type: SignType = sign_type.parse().unwrap_or_default();
    let sign = sign::sign(&fields, &merchant.api_v2_key, sign_type);
    fields.with("sign", sign)
}
