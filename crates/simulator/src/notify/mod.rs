//! The notifications to the shop: their content, their schedule and their faults.

mod delivery_faults;
mod delivery_worker;
mod notification;
mod queue;
mod retry_schedule;
mod tamper;
mod tamper_v3;
mod v2_payment;
mod v2_refund;
mod v3_message;

pub(crate) use delivery_faults::{DeliveryFaults, Frequency, release_held};
pub(crate) use delivery_worker::run;
pub(crate) use notification::{Attempt, Notification};
pub(crate) use queue::{enqueue_complaint, enqueue_payment, enqueue_refund, resend};
pub(crate) use tamper::Tamper;
