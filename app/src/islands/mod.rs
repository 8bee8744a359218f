//! What reacts in the browser: each island brings the element around it to life.
//!
//! All that is seen is rendered on the server; an island is a mark in it. Islands take no props and no children, and use
//! neither signals nor effects: each of these would link a part of leptos that outweighs them all (a prop a JSON library,
//! an effect the reactive graph). They read `data-*` from the elements around them.

mod gate;
mod js_sdk;
mod login;
mod mark;
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
