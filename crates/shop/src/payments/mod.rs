//! Payments: attempts, notifications, and the gateway to both versions of WeChat Pay.

mod attempts;
mod gateway;
mod merchant_account;
mod miniprogram;
mod notifications;
mod payment_method;
mod platform_certificates;
mod settle_payment;
mod sign_type;

pub(crate) use self::{
    attempts::AttemptStatus,
    gateway::{Gateway, RefundResult},
    sign_type::to_wire,
};
use self::{gateway::PaymentResult, payment_method::PaymentMethod};
pub use self::{
    merchant_account::MerchantAccount,
    miniprogram::MiniPayment,
    notifications::{ApiVersion, NotificationOutcome},
};
