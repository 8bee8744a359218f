//! The delivery of an order, and the state that follows from it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    clock::{DAY, Millis, SECOND},
    pay::{Order, TradeState},
};

/// How long after the delivery WeChat settles an order that the payer does not confirm.
const EXPRESS_SETTLES_AFTER: Millis = 10 * DAY;
const OTHERS_SETTLE_AFTER: Millis = 2 * DAY;

/// `logistics_type` for express delivery.
pub(super) const EXPRESS: i64 = 1;

/// The delivery of an order, as the merchant reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(super) logistics_type: i64,
    pub(super) delivery_mode: i64,
    pub(super) is_complete: bool,
    pub(super) parcels: Vec<Parcel>,
    pub(super) uploaded_at: Millis,
    /// When the order was reported as complete.
    pub(super) shipped_at: Option<Millis>,
    /// How often the order was reported as complete: at most twice.
    pub(super) completions: u8,
    /// Whether a report changed the way or mode of an incomplete one. This counts as the one repetition that WeChat
    /// allows.
    #[serde(default)]
    pub(super) is_changed: bool,
    pub(super) is_reminded: bool,
    pub(super) confirmed_at: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parcel {
    pub(super) tracking_no: String,
    pub(super) express_company: String,
    pub(super) item_desc: String,
    pub(super) contact: Option<Value>,
}

impl Delivery {
    /// Whether another report has the same content.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.logistics_type, self.delivery_mode, self.is_complete, &self.parcels)
            == (other.logistics_type, other.delivery_mode, other.is_complete, &other.parcels)
    }

    /// Whether the one repetition that WeChat allows is used.
    pub(super) const fn is_repeated(&self) -> bool {
        self.completions >= 2 || self.is_changed
    }

    /// Whether another report sends the goods in another way or mode.
    pub(super) const fn is_sent_otherwise(&self, other: &Self) -> bool {
        self.logistics_type != other.logistics_type || self.delivery_mode != other.delivery_mode
    }

    /// When WeChat settles the order.
    pub(super) fn settles_at(&self) -> Option<Millis> {
        let after = if self.logistics_type == EXPRESS { EXPRESS_SETTLES_AFTER } else { OTHERS_SETTLE_AFTER };
        self.confirmed_at.or_else(|| Some(self.shipped_at? + after))
    }

    fn shown(&self) -> Value {
        let parcels: Vec<Value> = self
            .parcels
            .iter()
            .map(|parcel| {
                json!({
                    "tracking_no": parcel.tracking_no,
                    "express_company": parcel.express_company,
                    "goods_desc": parcel.item_desc,
                    "upload_time": self.uploaded_at / SECOND,
                    "contact": parcel.contact,
                })
            })
            .collect();
        json!({
            "delivery_mode": self.delivery_mode,
            "logistics_type": self.logistics_type,
            "finish_shipping": self.is_complete,
            "finish_shipping_count": self.completions,
            "goods_desc": self.parcels.first().map(|parcel| &parcel.item_desc),
            "shipping_list": parcels,
        })
    }
}

/// The state: 1 not shipped, 2 shipped, 3 confirmed, 4 done, 5 refunded.
pub(super) fn state(order: &Order, delivery: Option<&Delivery>, now: Millis) -> i64 {
    if order.state(now) == TradeState::Refund && order.is_refunded_completely(now) {
        return 5;
    }
    match delivery {
        Some(delivery) if delivery.confirmed_at.is_some() => 3,
        Some(delivery) if delivery.settles_at().is_some_and(|at| at <= now) => 4,
        Some(delivery) if delivery.is_complete => 2,
        _ => 1,
    }
}

/// The order as `get_order` shows it.
pub(crate) fn shown(order: &Order, delivery: Option<&Delivery>, now: Millis) -> Value {
    let payment = order.payment.as_ref();
    json!({
        "transaction_id": payment.map(|payment| &payment.transaction_id),
        "merchant_id": order.mch_id,
        "sub_merchant_id": "",
        "merchant_trade_no": order.out_trade_no,
        "description": order.body.chars().take(120).collect::<String>(),
        "paid_amount": order.total_fee,
        "openid": payment.map(|payment| &payment.openid),
        "trade_create_time": order.created_at / SECOND,
        "pay_time": payment.map(|payment| payment.paid_at / SECOND),
        "order_state": state(order, delivery, now),
        "in_complaint": false,
        "shipping": delivery.map_or_else(|| json!({}), Delivery::shown),
    })
}
