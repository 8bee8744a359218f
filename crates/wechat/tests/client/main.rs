//! The client against a WeChat of a few lines.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too, end the test where something is wrong")]

mod captured;
mod fake;
mod miniprogram;
mod official;
mod pay;
mod pay_rest;
mod pay_v3;
mod send;
mod tls;
