//! The simulator from outside, over HTTP.
#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod bills;
mod clients;
mod combined;
mod controls;
mod h5;
mod login;
mod miniprogram;
mod notifications;
mod pay;
mod payment_codes;
mod persistence;
mod phone;
mod refunds;
mod shop;
mod tokens;
mod v3;
mod world;
