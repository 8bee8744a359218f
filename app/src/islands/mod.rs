//! What reacts in the browser. Islands take no props (a prop would link a JSON library): they read `data-*` from
//! the elements around them, and their words are server-rendered children.

mod gate;
mod js_sdk;
mod login;
mod pay;
mod status;
mod stepper;
mod wechat_address;

pub use gate::LoginGate;
pub use js_sdk::JsSdk;
pub use pay::PayButton;
pub use status::OrderStatusWatch;
pub use stepper::QuantityStepper;
pub use wechat_address::WechatAddress;
