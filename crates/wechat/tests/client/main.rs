//! Tests of the client with a fake WeChat server.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

mod bit_flips;
mod complaints;
mod fake_wechat;
mod futures_are_send;
mod message;
mod miniprogram;
mod official;
mod pay_v2_orders;
mod pay_v2_refunds_and_bills;
mod pay_v3;
mod shipping;
mod tls;
