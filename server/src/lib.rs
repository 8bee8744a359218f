//! The server: configuration, routes around the shop and its pages, the job loop.
//!
//! `main` is thin so that tests start the same server on a port of their own.

mod answer;
mod assets;
pub mod config;
mod connections;
pub mod doctor;
mod jobs;
mod limits;
mod metrics;
mod middleware;
mod open;
mod routes;
mod serve;
mod session;
mod shared_pages;
mod state;
mod telemetry;
mod visitor;

pub use self::{
    assets::{Assets, AssetsError},
    connections::ConnectionLimits,
    metrics::Metrics,
    open::{OpenError, open_shop},
    serve::{ServeError, Server},
    telemetry::{Telemetry, TelemetryError},
};
