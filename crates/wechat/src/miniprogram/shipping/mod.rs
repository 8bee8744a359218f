//! Deliveries that a mini program reports to WeChat (发货信息录入, `wxa/sec/order/…`).
//!
//! WeChat keeps the money of a program under trade management until a delivery is reported and received. Goods are to be
//! reported within 48 hours. Source: developers.weixin.qq.com, order_shipping.
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
