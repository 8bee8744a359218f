//! Reports the deliveries of a mini program's orders to WeChat (发货信息录入, `wxa/sec/order/…`).
//!
//! If a mini program is under trade management, WeChat keeps the money of an order until the delivery is reported and
//! the goods are received. The shop must report the delivery within 48 hours. Source: developers.weixin.qq.com,
//! order_shipping.
//!
//! ```
//! use wechat::miniprogram::shipping::{Parcel, PaymentKey, ShippingInfo};
//!
//! let order = PaymentKey::transaction_id("4200000000202611210000000001");
//! let parcel = Parcel::new("YTO", "YT6282666394", "青瓷马克杯 ×2");
//! let info = ShippingInfo::express(order, "the openid of the payer", vec![parcel])?;
//! # Ok::<(), wechat::miniprogram::shipping::InvalidShippingInfo>(())
//! ```

mod calls;
mod info;
mod order;

pub use self::{
    info::{InvalidShippingInfo, Parcel, ParcelContact, PaymentKey, ShippingInfo, mask_phone},
    order::{DeliveryCompany, ManagedOrder, ManagedOrderState, ReportedParcel, ReportedShipping},
};
