//! The client against a WeChat of a few lines.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, end the test where something is wrong")]

mod bit_flips;
mod fake_wechat;
mod futures_are_send;
mod miniprogram;
mod official;
mod pay_v2_orders;
mod pay_v2_refunds_and_bills;
mod pay_v3;
mod tls;
