//! What reacts in the browser: each island brings the element around it to life.
//!
//! All that is seen is rendered on the server; an island is a mark in it, and reads `data-*` from the elements around it.
//! None of them needs a signal, an effect, a child or a prop; whoever adds one that does may use them all, at their price:
//! the reactive graph weighs as much as a third of all that is here, and a prop brings a JSON library along, which lint
//! refuses.

mod js_sdk;
mod login;
mod login_gate;
mod mark;
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
