//! Checks the content of a report.

use serde::Deserialize;
use serde_json::Value;

use super::{
    delivery::{Delivery, EXPRESS, Parcel},
    refusal::{self, Refusal},
};
use crate::clock::{Millis, parse_rfc3339};

const MAX_PARCELS: usize = 15;
const MAX_DESCRIPTION: usize = 120;
const MAX_ID: usize = 128;

/// `delivery_mode` for several parcels, each with its tracking number.
const SPLIT: i64 = 2;

#[derive(Deserialize)]
pub(super) struct OrderKey {
    order_number_type: Option<i64>,
    transaction_id: Option<String>,
    mchid: Option<String>,
    out_trade_no: Option<String>,
}

/// The number of a payment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PaymentNumber {
    Transaction(String),
    Order { mch_id: String, out_trade_no: String },
}

#[derive(Deserialize)]
pub(super) struct ShippingInfo {
    pub(super) order_key: OrderKey,
    logistics_type: Option<i64>,
    delivery_mode: Option<i64>,
    is_all_delivered: Option<bool>,
    #[serde(default)]
    shipping_list: Vec<ListedParcel>,
}

#[derive(Deserialize)]
struct ListedParcel {
    #[serde(default)]
    tracking_no: String,
    #[serde(default)]
    express_company: String,
    #[serde(default)]
    item_desc: String,
    contact: Option<Value>,
}

impl OrderKey {
    pub(super) const fn number_type(&self) -> Option<i64> {
        self.order_number_type
    }

    pub(super) fn read(&self) -> Result<PaymentNumber, Refusal> {
        let filled =
            |text: &Option<String>, missing| text.clone().filter(|text| !text.is_empty()).ok_or(missing);
        match self.order_number_type {
            Some(1) => Ok(PaymentNumber::Order {
                mch_id: filled(&self.mchid, refusal::MCHID_MISSING)?,
                out_trade_no: filled(&self.out_trade_no, refusal::OUT_TRADE_NO_MISSING)?,
            }),
            Some(2) => {
                filled(&self.transaction_id, refusal::TRANSACTION_ID_MISSING).map(PaymentNumber::Transaction)
            }
            _ => Err(refusal::NUMBER_TYPE),
        }
    }
}

/// `upload_time`.
pub(super) fn upload_time(text: Option<&str>) -> Result<Millis, Refusal> {
    text.and_then(parse_rfc3339).ok_or(refusal::UPLOAD_TIME)
}

impl ShippingInfo {
    /// Checks the content. Returns the delivery.
    pub(super) fn check(self, uploaded_at: Millis) -> Result<Delivery, Refusal> {
        let logistics_type =
            self.logistics_type.filter(|kind| (1..=4).contains(kind)).ok_or(refusal::LOGISTICS_TYPE)?;
        let delivery_mode =
            self.delivery_mode.filter(|mode| (1..=2).contains(mode)).ok_or(refusal::DELIVERY_MODE)?;
        let is_split = delivery_mode == SPLIT;
        if is_split && logistics_type != EXPRESS {
            return Err(refusal::SPLIT_WITHOUT_EXPRESS);
        }
        let is_complete = match self.is_all_delivered {
            Some(all) if is_split => all,
            None if is_split => return Err(refusal::ALL_DELIVERED_MISSING),
            _ => true,
        };
        if self.shipping_list.is_empty() {
            return Err(refusal::ARGUMENTS);
        }
        if !is_split && self.shipping_list.len() != 1 {
            return Err(refusal::ONE_PARCEL);
        }
        if self.shipping_list.len() > MAX_PARCELS {
            return Err(refusal::TOO_MANY_PARCELS);
        }
        let parcels = self.shipping_list.into_iter().map(|parcel| parcel.check(logistics_type));
        Ok(Delivery {
            logistics_type,
            delivery_mode,
            is_complete,
            parcels: parcels.collect::<Result<_, _>>()?,
            uploaded_at,
            shipped_at: None,
            completions: 0,
            is_changed: false,
            is_reminded: false,
            confirmed_at: None,
        })
    }
}

impl ListedParcel {
    fn check(self, logistics_type: i64) -> Result<Parcel, Refusal> {
        let description = self.item_desc.trim();
        if description.is_empty() {
            return Err(refusal::DESCRIPTION_MISSING);
        }
        if description.chars().count() > MAX_DESCRIPTION {
            return Err(refusal::DESCRIPTION_TOO_LONG);
        }
        if logistics_type == EXPRESS {
            if self.tracking_no.is_empty() {
                return Err(refusal::NUMBER_MISSING);
            }
            if self.express_company.is_empty() {
                return Err(refusal::COMPANY_MISSING);
            }
            if self.tracking_no.chars().count() > MAX_ID {
                return Err(refusal::NUMBER_TOO_LONG);
            }
            if self.express_company.chars().count() > MAX_ID {
                return Err(refusal::COMPANY_TOO_LONG);
            }
            // 顺丰 takes no parcel without a masked telephone number
            if self.express_company == "SF" && !self.contact.as_ref().is_some_and(has_masked_phone) {
                return Err(refusal::ARGUMENTS);
            }
        }
        Ok(Parcel {
            tracking_no: self.tracking_no,
            express_company: self.express_company,
            item_desc: self.item_desc,
            contact: self.contact,
        })
    }
}

/// Whether one of the numbers is masked and shows its last four digits.
fn has_masked_phone(contact: &Value) -> bool {
    ["consignor_contact", "receiver_contact"].iter().any(|name| {
        contact[name].as_str().is_some_and(|phone| {
            let last: Vec<char> = phone.chars().rev().filter(|c| *c != '-').take(4).collect();
            phone.contains('*') && last.len() == 4 && last.iter().all(char::is_ascii_digit)
        })
    })
}
