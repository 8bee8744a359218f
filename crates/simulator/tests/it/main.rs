//! Tests of the simulator over HTTP.
#![expect(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

mod bills;
mod combined;
mod controls;
mod fake_shop;
mod h5;
mod http_details;
mod login;
mod miniprogram;
mod notifications;
mod payment_codes;
mod persistence;
mod phone;
mod test_simulator;
mod tokens;
mod v2_orders;
mod v2_refunds;
mod v3_calls;
