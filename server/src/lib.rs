//! The server: configuration, routes, layers, connections, the job loops and the sub-commands.
//!
//! `main` is small, so that tests start the same server on their own port.

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
