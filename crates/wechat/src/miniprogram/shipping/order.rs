use serde::Deserialize;

use super::ShippingInfo;

/// An order under trade management (`get_order`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ManagedOrder {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// The shop's number of the payment.
    pub merchant_trade_no: String,
    /// The state of the order.
    #[serde(rename = "order_state")]
    pub state: ManagedOrderState,
    /// Whether the payer has an open complaint about the order.
    #[serde(default)]
    pub in_complaint: bool,
    /// What the shop reported. `None` before the first report.
    #[serde(default, deserialize_with = "shipping")]
    pub shipping: Option<ReportedShipping>,
}

/// The state of an order under trade management.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "i64")]
#[non_exhaustive]
pub enum ManagedOrderState {
    /// No delivery is reported.
    Unshipped,
    /// The delivery is reported.
    Shipped,
    /// The payer confirmed the receipt.
    Confirmed,
    /// The trade is complete.
    Done,
    /// The payment was refunded.
    Refunded,
    /// The trade is complete, and WeChat has not paid out the money yet.
    Settling,
    /// A state that this version does not know.
    Other(i64),
}

impl From<i64> for ManagedOrderState {
    fn from(state: i64) -> Self {
        match state {
            1 => Self::Unshipped,
            2 => Self::Shipped,
            3 => Self::Confirmed,
            4 => Self::Done,
            5 => Self::Refunded,
            6 => Self::Settling,
            other => Self::Other(other),
        }
    }
}

/// What the shop reported about the delivery of an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReportedShipping {
    /// How the goods are sent: 1 express, 2 same city, 3 virtual goods, 4 pickup.
    #[serde(default)]
    pub logistics_type: i64,
    /// Whether the report covers the whole order.
    #[serde(default)]
    pub finish_shipping: bool,
    /// How often the shop reported the order as complete. `2` means that the one repetition is used up.
    #[serde(default)]
    pub finish_shipping_count: i64,
    /// The parcels. An order without express has one, without a tracking number.
    #[serde(default)]
    pub shipping_list: Vec<ReportedParcel>,
}

impl ReportedShipping {
    /// Whether WeChat has this report: the same kind of delivery, the same parcels, and as complete. The goods are not
    /// compared, because WeChat may cut their description.
    #[must_use]
    pub fn is_report_of(&self, info: &ShippingInfo) -> bool {
        // the documents do not say in which order WeChat lists the parcels
        let mut reported: Vec<_> = self
            .shipping_list
            .iter()
            .map(|parcel| (&*parcel.express_company, &*parcel.tracking_no))
            .collect();
        let mut parcels: Vec<_> = info.parcels().collect();
        reported.sort_unstable();
        parcels.sort_unstable();
        self.logistics_type == info.logistics_type()
            && self.finish_shipping == info.is_complete()
            && reported == parcels
    }
}

/// A parcel that the shop reported.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReportedParcel {
    /// The tracking number; empty if the order is not sent by express.
    #[serde(default)]
    pub tracking_no: String,
    /// The id of the company; empty if the order is not sent by express.
    #[serde(default)]
    pub express_company: String,
    /// When the shop reported it, in seconds since 1970.
    #[serde(default)]
    pub upload_time: i64,
}

/// An express company of `get_delivery_list`. Other calls of WeChat use other ids for the same companies.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeliveryCompany {
    /// The id, such as `YTO`.
    pub delivery_id: String,
    /// The name, such as 圆通速递.
    pub delivery_name: String,
}

/// Reads `"shipping": {}`, which WeChat sends before the first report, as `None`.
fn shipping<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<ReportedShipping>, D::Error> {
    let shipping = Option::<ReportedShipping>::deserialize(deserializer)?;
    Ok(shipping.filter(|shipping| !shipping.shipping_list.is_empty()))
}
