//! The server: configuration, routes around the shop and its pages, the job loop.
//!
//! `main` is thin so that tests start the same server on a port of their own.

mod assets;
pub mod config;
mod connections;
pub mod doctor;
mod jobs;
mod metrics;
mod middleware;
mod rate_limiter;
mod request_context;
mod response;
mod routes;
mod serve;
mod session;
mod shared_pages;
mod startup;
mod state;
mod telemetry;

pub use self::{
    assets::{Assets, AssetsError},
    connections::ConnectionLimits,
    metrics::Metrics,
    serve::{ServeError, Server},
    startup::{StartupError, open_shop},
    telemetry::{Telemetry, TelemetryError},
};
