#![doc = include_str!("README.md")]

mod js_sdk;
mod live;
mod login;
mod login_gate;
mod order_status_watch;
mod pay_button;
mod payer;
mod quantity_stepper;
mod wechat_address;

pub use js_sdk::JsSdk;
pub use login_gate::LoginGate;
pub use order_status_watch::OrderStatusWatch;
pub use pay_button::PayButton;
pub use quantity_stepper::QuantityStepper;
pub use wechat_address::WechatAddress;
