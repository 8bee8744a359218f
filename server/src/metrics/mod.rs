//! Metrics for Prometheus. Each request of `/metrics` reads the gauges from the database.

mod gauges;
mod refusal_codes;

use std::{fmt, sync::Arc, time::Duration};

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use shop::{ApiVersion, NotificationOutcome};
use store::{Store, StoreError};
use wechat::CallObserver;

use self::{gauges::Gauges, refusal_codes::RefusalCodes};

/// The labels of a metric: names and values.
type Labels = Vec<(&'static str, String)>;

/// The buckets for the duration of a call, in seconds. WeChat usually answers within one second, and the client gives
/// up after eight.
const CALL_SECONDS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 8.0];

/// The server's metrics. Cheap to clone; clones share their counters.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    notifications: Family<[(&'static str, &'static str); 2], Counter>,
    calls: Family<Labels, Histogram>,
    refusals: Family<Labels, Counter>,
    codes: RefusalCodes,
    gauges: Gauges,
}

impl Metrics {
    /// New metrics, all zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let notifications = Family::default();
        let help = "WeChat Pay's notifications, by version and outcome";
        registry.register("wechat_notifications", help, notifications.clone());
        let calls = Family::new_with_constructor((|| Histogram::new(CALL_SECONDS)) as fn() -> Histogram);
        let help = "Calls to WeChat, by endpoint and HTTP status; status none: no answer";
        registry.register_with_unit("wechat_call", help, Unit::Seconds, calls.clone());
        let refusals = Family::default();
        let help = "Calls that WeChat refused, by endpoint and its code";
        registry.register("wechat_refusals", help, refusals.clone());
        let gauges = Gauges::register(&mut registry);
        Self(Arc::new(Inner {
            registry,
            notifications,
            calls,
            refusals,
            codes: RefusalCodes::default(),
            gauges,
        }))
    }

    pub(crate) fn notified(&self, version: ApiVersion, outcome: &NotificationOutcome) {
        let version = match version {
            ApiVersion::V2 => "v2",
            ApiVersion::V3 => "v3",
        };
        let outcome = match outcome {
            NotificationOutcome::Acknowledged => "acknowledged",
            NotificationOutcome::Refused(_) => "refused",
            NotificationOutcome::Discrepancy(_) => "different",
            NotificationOutcome::Busy => "busy",
            NotificationOutcome::Failed => "failed",
        };
        let labels = [("generation", version), ("outcome", outcome)];
        self.0.notifications.get_or_create(&labels).inc();
    }

    /// All metrics in the text format of Prometheus, at the time `now_ms` (milliseconds since 1970).
    pub(crate) async fn text(&self, store: &Store, now_ms: i64) -> Result<String, StoreError> {
        self.0.gauges.read(store, now_ms).await?;
        let mut text = String::new();
        // writing to a string cannot fail
        let _ = encode(&mut text, &self.0.registry);
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl CallObserver for Metrics {
    fn answered(&self, endpoint: &'static str, status: Option<u16>, took: Duration) {
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        let labels = vec![("endpoint", endpoint.to_owned()), ("status", status)];
        self.0.calls.get_or_create(&labels).observe(took.as_secs_f64());
    }

    fn refused(&self, endpoint: &'static str, code: &str) {
        let labels = vec![("endpoint", endpoint.to_owned()), ("code", self.0.codes.label(code))];
        self.0.refusals.get_or_create(&labels).inc();
    }
}
