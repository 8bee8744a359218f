#![doc = include_str!("../README.md")]

mod account;
mod bill;
mod clock;
mod config;
mod control;
mod env;
mod faults;
mod h5;
mod header_case;
mod html;
mod jssdk;
mod login;
mod notify;
mod page;
mod pay;
mod persist;
mod phone;
mod query;
mod random;
mod reached;
mod serve;
mod simulator;
mod state;
mod user;
mod v3;
mod world;

pub use config::Config;
pub use serve::TlsError;
pub use simulator::{Running, Simulator, StartError};
