use super::environment::Environment;

/// The export of spans over OTLP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelemetryConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: a collector of OTLP over HTTP.
    pub endpoint: String,
    /// `OTEL_SERVICE_NAME`: the name of this service in the collector.
    pub service_name: String,
}

impl TelemetryConfig {
    /// Reads the variables. `None` if no collector is configured.
    pub(super) fn read(env: &mut Environment) -> Option<Self> {
        const NAME: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let endpoint = env.text(NAME)?.to_owned();
        if !url::Url::parse(&endpoint).is_ok_and(|url| ["http", "https"].contains(&url.scheme())) {
            env.wrong(NAME, "the address of a collector that takes OTLP over HTTP: http://127.0.0.1:4318");
        }
        Some(Self { endpoint, service_name: env.text_or("OTEL_SERVICE_NAME", "xiaodian") })
    }
}
