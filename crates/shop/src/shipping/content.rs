//! Builds the content of a delivery report.

use model::{
    order::OrderKind,
    record::{AttemptRecord, DeliveryRecord, ItemRecord, OrderRecord, ShipmentRecord},
};
use wechat::miniprogram::shipping::{InvalidShippingInfo, Parcel, PaymentKey, ShippingInfo};

use crate::orders::goods_in_words;

/// The id of 顺丰 (SF Express): for its parcels WeChat requires the masked telephone number of the recipient.
const NEEDS_PHONE: &str = "SF";

/// How WeChat's trade management identifies the payment.
pub(super) fn payment_key(attempt: &AttemptRecord) -> PaymentKey {
    match &attempt.transaction_id {
        Some(id) => PaymentKey::transaction_id(id.as_str()),
        None => PaymentKey::OutTradeNo {
            mch_id: attempt.mch_id.clone(),
            out_trade_no: attempt.out_trade_no.to_string(),
        },
    }
}

/// The content for an order: its parcels, a pickup, or, for a top-up, virtual goods.
pub(super) fn content(
    order: &OrderRecord,
    attempt: &AttemptRecord,
    items: &[ItemRecord],
    shipment: Option<&ShipmentRecord>,
    delivery: Option<&DeliveryRecord>,
) -> Result<ShippingInfo, InvalidShippingInfo> {
    let (key, payer) = (payment_key(attempt), attempt.openid.as_ref().map_or("", |openid| openid.as_str()));
    if order.kind == OrderKind::TopUp {
        return ShippingInfo::virtual_goods(key, payer, &goods_in_words(order.kind, items));
    }
    let goods = goods(items);
    let Some(shipment) = shipment else { return Err(InvalidShippingInfo::Parcels) };
    if shipment.parcels.is_empty() {
        return ShippingInfo::pickup(key, payer, &goods);
    }
    let phone = delivery.map(|delivery| &*delivery.phone).filter(|phone| !phone.is_empty());
    let parcels = shipment.parcels.iter().map(|parcel| {
        let told = Parcel::new(&*parcel.company_id, &parcel.tracking_no, &goods);
        match phone {
            Some(phone) if parcel.company_id == NEEDS_PHONE => told.with_receiver_phone(phone),
            _ => told,
        }
    });
    let info = ShippingInfo::express(key, payer, parcels.collect())?;
    Ok(if shipment.is_complete { info } else { info.with_more_to_follow() })
}

/// The goods in one text: `青瓷马克杯 300 ml ×2；…`. The client cuts a long text.
fn goods(items: &[ItemRecord]) -> String {
    items.iter().map(|item| item.in_words(item.quantity)).collect::<Vec<_>>().join("；")
}
