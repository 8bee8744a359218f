//! The server: configuration, routes, middleware, connections and the job loops.
//!
//! `main.rs` is small, so that tests can start the same server on a port of their own.

mod assets;
mod compression;
pub mod config;
mod connections;
pub mod doctor;
mod jobs;
mod metrics;
mod middleware;
mod rate_limiter;
mod readiness;
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
