#![doc = include_str!("../README.md")]

mod account;
mod app_state;
mod base_url;
mod bill;
mod clock;
mod config;
mod control;
mod control_page;
mod database;
mod diagnosis;
mod env_file;
mod event;
mod faults;
mod h5_cashier;
mod header_case;
mod html;
mod jssdk;
mod listener;
mod login;
mod merchants;
mod notify;
mod pay;
mod phone;
mod query;
mod random;
mod request_log;
mod simulator;
mod state_file;
mod user;
mod v3;
mod worlds;

pub use account::{Seed, SeedError};
pub use config::Config;
pub use event::{Event, OrderApi};
pub use listener::TlsError;
pub use simulator::{Running, Simulator, StartError};
