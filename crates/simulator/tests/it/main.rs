//! Tests of the simulator over HTTP.
#![expect(clippy::unwrap_used, reason = "a test may stop at an unwrap")]

mod accounts;
mod bills;
mod combined;
mod command_line;
mod complaints;
mod controls;
mod diagnosis;
mod fake_shop;
mod fidelity;
mod h5;
mod http_details;
mod login;
mod messages;
mod miniprogram;
mod notifications;
mod partner;
mod payment_codes;
mod persistence;
mod phone;
mod pushes;
mod requests;
mod test_simulator;
mod tokens;
mod trade_management;
mod trigger;
mod v2_orders;
mod v2_refunds;
mod v3_calls;
mod website;
mod worlds;
