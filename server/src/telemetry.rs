//! The log, and the export of spans over OTLP if a collector is configured.

use std::{io::IsTerminal, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::runtime::Handle;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::TelemetryConfig;

/// The time limit for the collector, also for the last spans when the server stops.
const WITHIN: Duration = Duration::from_secs(5);

/// The exporter of spans, if a collector is configured.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

/// The address of the collector cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("spans cannot be exported: {0} (OTEL_EXPORTER_OTLP_ENDPOINT)")]
pub struct TelemetryError(String);

impl Telemetry {
    /// Starts the log on standard error, and the export if a collector is configured. `RUST_LOG` sets the level of both;
    /// otherwise `level` does.
    ///
    /// # Errors
    /// [`TelemetryError`] if the collector's address cannot be used. The log works anyway.
    pub fn start(config: Option<&TelemetryConfig>, level: &str) -> Result<Self, TelemetryError> {
        let provider = config.map(provider).transpose();
        let spans = match &provider {
            Ok(Some(provider)) => {
                let layer = tracing_opentelemetry::layer();
                Some(layer.with_tracer(provider.tracer("xiaodian")).with_threads(false).with_location(false))
            }
            _ => None,
        };
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
        tracing_subscriber::registry()
            .with(filter)
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            )
            .with(spans)
            .init();
        provider.map(Self)
    }

    /// Exports the spans that are not exported yet.
    pub async fn stop(self) {
        let Some(provider) = self.0 else { return };
        let stopped = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(WITHIN)).await;
        if let Ok(Err(error)) = stopped {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

fn provider(config: &TelemetryConfig) -> Result<SdkTracerProvider, TelemetryError> {
    let failed = |error: &dyn std::fmt::Display| TelemetryError(error.to_string());
    let client =
        reqwest::Client::builder().no_proxy().timeout(WITHIN).build().map_err(|error| failed(&error))?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", config.endpoint.trim_end_matches('/')))
        .with_http_client(Collector { client, runtime: Handle::current() })
        .build()
        .map_err(|error| failed(&error))?;
    let resource = Resource::builder().with_service_name(config.service_name.clone()).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// The HTTP client of the exporter. The exporter has a thread without tokio, so the calls run on the server's runtime.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), reqwest::Request::try_from(request)?);
        let sending = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        });
        let (status, body) = sending.await??;
        let mut answer = Response::new(body);
        *answer.status_mut() = status;
        Ok(answer)
    }
}
