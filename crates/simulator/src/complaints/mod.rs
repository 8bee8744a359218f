//! Complaints of shoppers (wechat-protocol-2.md, 8). The calls of the merchant are in `v3/complaints`.

mod complaint;
mod picture;
mod shopper;

pub(crate) use complaint::{Complaint, ComplaintState, Entry, EntryKind, ProblemType, RefundDecision};
pub(crate) use picture::bitmap;
pub(crate) use shopper::{NewComplaint, ShopperAction, act, complain, refund_accepted};
