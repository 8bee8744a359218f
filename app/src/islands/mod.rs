//! What reacts in the browser: each island brings the element around it to life.
//!
//! All that is seen is rendered on the server; an island is a mark in it, and reads `data-*` from the elements around it.
//! None of them needs a signal, an effect, a child or a prop; whoever adds one that does may use them all, at their price:
//! the reactive graph weighs as much as a third of all that is here, and a prop brings a JSON library along, which lint
//! refuses.

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
