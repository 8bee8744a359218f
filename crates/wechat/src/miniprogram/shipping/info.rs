use serde::{Serialize, Serializer, ser::SerializeMap};

/// WeChat's limit for the parcels of one payment.
const MAX_PARCELS: usize = 15;

/// WeChat's limit for the description of the goods, in characters.
const MAX_DESCRIPTION: usize = 120;

/// WeChat's limit for a tracking number and for the id of a company, in characters.
const MAX_ID: usize = 128;

/// The id of 顺丰. WeChat refuses its parcels without a telephone number.
const NEEDS_CONTACT: &str = "SF";

/// The number with which a report names its payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentKey {
    /// WeChat's number of the payment.
    TransactionId(String),
    /// The merchant number and the shop's number of the payment.
    OutTradeNo {
        /// The number of the merchant who created the order.
        mch_id: String,
        /// The shop's number of the payment.
        out_trade_no: String,
    },
}

impl PaymentKey {
    /// WeChat's number of the payment.
    #[must_use]
    pub fn transaction_id(transaction_id: impl Into<String>) -> Self {
        Self::TransactionId(transaction_id.into())
    }
}

/// The fields of `upload_shipping_info`. `get_order` has other names for them.
impl Serialize for PaymentKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::OutTradeNo { mch_id, out_trade_no } => {
                map.serialize_entry("order_number_type", &1)?;
                map.serialize_entry("mchid", mch_id)?;
                map.serialize_entry("out_trade_no", out_trade_no)?;
            }
            Self::TransactionId(transaction_id) => {
                map.serialize_entry("order_number_type", &2)?;
                map.serialize_entry("transaction_id", transaction_id)?;
            }
        }
        map.end()
    }
}

/// One parcel of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parcel {
    tracking_no: String,
    express_company: String,
    item_desc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ParcelContact>,
}

/// The masked telephone numbers of a parcel: see [`mask_phone`]. 顺丰 (`SF`) needs one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ParcelContact {
    /// The masked number of the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignor_contact: Option<String>,
    /// The masked number of the receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver_contact: Option<String>,
}

impl Parcel {
    /// A parcel. `express_company` is an id of
    /// [`MiniProgram::delivery_companies`](crate::miniprogram::MiniProgram::delivery_companies), and `item_desc` names
    /// the goods. White space in the tracking number is removed. A description of more than 120 characters is cut.
    #[must_use]
    pub fn new(express_company: impl Into<String>, tracking_no: &str, item_desc: &str) -> Self {
        Self {
            express_company: express_company.into(),
            tracking_no: tracking_no.chars().filter(|c| !c.is_whitespace()).collect(),
            item_desc: cut(item_desc),
            contact: None,
        }
    }

    /// Adds the masked telephone number of the receiver.
    #[must_use]
    pub fn with_receiver_phone(mut self, phone: &str) -> Self {
        self.contact.get_or_insert_default().receiver_contact = Some(mask_phone(phone));
        self
    }

    /// Adds the masked telephone number of the sender.
    #[must_use]
    pub fn with_sender_phone(mut self, phone: &str) -> Self {
        self.contact.get_or_insert_default().consignor_contact = Some(mask_phone(phone));
        self
    }
}

/// Masks a telephone number as WeChat requires: the last four digits stay, and the four digits before them become `*`.
///
/// ```
/// use wechat::miniprogram::shipping::mask_phone;
///
/// assert_eq!(mask_phone("18912341234"), "189****1234");
/// assert_eq!(mask_phone("021-60001234"), "021-****1234");
/// assert_eq!(mask_phone("1234"), "1234");
/// ```
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let mut position = 0;
    phone
        .chars()
        .map(|c| {
            if !c.is_ascii_digit() {
                return c;
            }
            position += 1;
            let is_masked = position + 4 <= digits && position + 8 > digits;
            if is_masked { '*' } else { c }
        })
        .collect()
}

/// A report of what was sent for one payment. The constructors check its texts and numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingInfo {
    pub(super) order_key: PaymentKey,
    pub(super) payer: String,
    logistics: Logistics,
    is_all_delivered: bool,
    keeps_split: bool,
    parcels: Vec<Parcel>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Logistics {
    Express = 1,
    SameCity = 2,
    Virtual = 3,
    Pickup = 4,
}

/// Why WeChat would refuse the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidShippingInfo {
    /// There is no parcel, or there are more than 15.
    #[error("report 1 to 15 parcels for a payment")]
    Parcels,
    /// A tracking number is empty or too long.
    #[error("give each parcel a tracking number of 1 to 128 characters")]
    TrackingNumber,
    /// A company's id is empty or too long.
    #[error("give each parcel the id of its company from get_delivery_list")]
    Company,
    /// The description of the goods is empty.
    #[error("describe the goods of each parcel")]
    Description,
    /// A parcel of 顺丰 has no telephone number.
    #[error("give a parcel of SF (顺丰) the telephone number of its sender or receiver")]
    Contact,
}

impl ShippingInfo {
    /// Parcels by express that complete the order (快递).
    ///
    /// # Errors
    /// [`InvalidShippingInfo`] says what WeChat would refuse.
    pub fn express(
        order: PaymentKey,
        payer: impl Into<String>,
        parcels: Vec<Parcel>,
    ) -> Result<Self, InvalidShippingInfo> {
        if parcels.is_empty() || parcels.len() > MAX_PARCELS {
            return Err(InvalidShippingInfo::Parcels);
        }
        for parcel in &parcels {
            let is_id = |text: &str| (1..=MAX_ID).contains(&text.chars().count());
            if !is_id(&parcel.tracking_no) {
                return Err(InvalidShippingInfo::TrackingNumber);
            }
            if !is_id(&parcel.express_company) {
                return Err(InvalidShippingInfo::Company);
            }
            if parcel.item_desc.is_empty() {
                return Err(InvalidShippingInfo::Description);
            }
            if parcel.express_company == NEEDS_CONTACT && parcel.contact.is_none() {
                return Err(InvalidShippingInfo::Contact);
            }
        }
        Ok(Self {
            order_key: order,
            payer: payer.into(),
            logistics: Logistics::Express,
            is_all_delivered: true,
            keeps_split: false,
            parcels,
        })
    }

    /// Says that more parcels follow. The later report lists all parcels again.
    #[must_use]
    pub fn with_more_to_follow(mut self) -> Self {
        self.is_all_delivered = false;
        self
    }

    /// Reports even a single parcel as one of several (`delivery_mode` 2). Call it if an earlier report said that more
    /// parcels follow: a change of the mode uses up the one repetition of a report. It has no effect without express.
    #[must_use]
    pub const fn in_split_mode(mut self) -> Self {
        self.keeps_split = matches!(self.logistics, Logistics::Express);
        self
    }

    /// Whether the report names several parcels (`delivery_mode` 2).
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.parcels.len() > 1 || !self.is_all_delivered || self.keeps_split
    }

    /// The payer collects the order (自提).
    ///
    /// # Errors
    /// [`InvalidShippingInfo::Description`].
    pub fn pickup(
        order: PaymentKey,
        payer: impl Into<String>,
        item_desc: &str,
    ) -> Result<Self, InvalidShippingInfo> {
        Self::without_parcel(order, payer, Logistics::Pickup, item_desc)
    }

    /// A courier of the same city brings the order (同城).
    ///
    /// # Errors
    /// [`InvalidShippingInfo::Description`].
    pub fn same_city(
        order: PaymentKey,
        payer: impl Into<String>,
        item_desc: &str,
    ) -> Result<Self, InvalidShippingInfo> {
        Self::without_parcel(order, payer, Logistics::SameCity, item_desc)
    }

    /// No goods are sent, for example for a top-up or a voucher (虚拟).
    ///
    /// # Errors
    /// [`InvalidShippingInfo::Description`].
    pub fn virtual_goods(
        order: PaymentKey,
        payer: impl Into<String>,
        item_desc: &str,
    ) -> Result<Self, InvalidShippingInfo> {
        Self::without_parcel(order, payer, Logistics::Virtual, item_desc)
    }

    fn without_parcel(
        order: PaymentKey,
        payer: impl Into<String>,
        logistics: Logistics,
        item_desc: &str,
    ) -> Result<Self, InvalidShippingInfo> {
        let only = Parcel::new("", "", item_desc);
        if only.item_desc.is_empty() {
            return Err(InvalidShippingInfo::Description);
        }
        Ok(Self {
            order_key: order,
            payer: payer.into(),
            logistics,
            is_all_delivered: true,
            keeps_split: false,
            parcels: vec![only],
        })
    }

    /// WeChat's number: 1 express, 2 same city, 3 virtual goods, 4 pickup.
    pub(super) const fn logistics_type(&self) -> i64 {
        self.logistics as i64
    }

    /// Whether no more parcels follow.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_all_delivered
    }

    /// The company and the tracking number of each parcel. Without express they are empty.
    pub(super) fn parcels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parcels.iter().map(|parcel| (&*parcel.express_company, &*parcel.tracking_no))
    }

    /// The body of the request, or one of the `sub_orders` of a combined request.
    pub(super) fn body(&self) -> ShippingBody<'_> {
        let is_split = self.is_split();
        ShippingBody {
            order_key: &self.order_key,
            logistics_type: self.logistics as u8,
            delivery_mode: if is_split { 2 } else { 1 },
            is_all_delivered: is_split.then_some(self.is_all_delivered),
            shipping_list: self
                .parcels
                .iter()
                .map(|parcel| ListedParcel {
                    parcel: (self.logistics == Logistics::Express).then_some(parcel),
                    item_desc: (self.logistics != Logistics::Express).then_some(&*parcel.item_desc),
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ShippingBody<'a> {
    order_key: &'a PaymentKey,
    logistics_type: u8,
    delivery_mode: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_all_delivered: Option<bool>,
    shipping_list: Vec<ListedParcel<'a>>,
}

/// Only express has a company and a tracking number.
#[derive(Serialize)]
struct ListedParcel<'a> {
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    parcel: Option<&'a Parcel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_desc: Option<&'a str>,
}

fn cut(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MAX_DESCRIPTION {
        return text.to_owned();
    }
    text.chars().take(MAX_DESCRIPTION - 1).chain(['…']).collect()
}
