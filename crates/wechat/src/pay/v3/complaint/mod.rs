//! Complaints of shoppers about paid orders (消费者投诉2.0; wiki/doc/apiv3, chapter10_2).
//!
//! A new complaint is [`ComplaintState::Pending`]. The first reply makes it [`ComplaintState::Processing`].
//! [`super::Client::complete_complaint`], a refused refund, or the arrival of an approved refund makes it
//! [`ComplaintState::Processed`]. The shopper may continue a processed complaint.

#[allow(clippy::module_inception, reason = "the record of a complaint")]
mod complaint;
mod negotiation;
#[cfg(feature = "client")]
mod notification_url;
#[cfg(feature = "client")]
mod picture;
#[cfg(feature = "client")]
mod queries;
#[cfg(feature = "client")]
mod refund_progress;
#[cfg(feature = "client")]
mod reply;
mod words;

pub use self::{
    complaint::{Complaint, ComplaintMedia, ComplaintOrder},
    negotiation::NegotiationEntry,
    words::{ComplaintAction, ComplaintState, MediaKind, NegotiationKind, ProblemKind, UserTag},
};
#[cfg(feature = "client")]
pub use self::{
    queries::{ComplaintPage, ComplaintQuery, NegotiationPage},
    refund_progress::RefundProgress,
    reply::ComplaintReply,
};
