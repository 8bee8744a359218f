use model::delivery::REPORT_ALARM_MS;
use prometheus_client::{
    metrics::{family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use store::{Store, StoreError};

use super::Labels;

/// The gauges whose values come from the database.
pub(super) struct Gauges {
    orders: Family<Labels, Gauge>,
    due_jobs: Gauge,
    job_lag: Gauge,
    differences: Gauge,
    unreported: Gauge,
    due_complaints: Gauge,
    tokens: Family<Labels, Gauge>,
}

impl Gauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let own = Self {
            orders: Family::default(),
            due_jobs: Gauge::default(),
            job_lag: Gauge::default(),
            differences: Gauge::default(),
            unreported: Gauge::default(),
            due_complaints: Gauge::default(),
            tokens: Family::default(),
        };
        registry.register("shop_orders", "Orders by state", own.orders.clone());
        registry.register("shop_jobs_due", "Jobs that are due", own.due_jobs.clone());
        let help = "How long the oldest due job has been waiting";
        registry.register_with_unit("shop_job_lag", help, Unit::Seconds, own.job_lag.clone());
        let help = "What does not fit the books and is not settled";
        registry.register("shop_differences_open", help, own.differences.clone());
        let help = "Orders of the mini program whose delivery WeChat does not know 36 hours after the payment, or refuses";
        registry.register("shop_deliveries_unreported", help, own.unreported.clone());
        let help = "Complaints that staff have to answer within four hours, or that are overdue";
        registry.register("shop_complaints_due", help, own.due_complaints.clone());
        let help = "How long WeChat's tokens live on; below zero: ended";
        registry.register_with_unit("wechat_token_lifetime", help, Unit::Seconds, own.tokens.clone());
        own
    }

    pub(super) async fn read(&self, store: &Store, now_ms: i64) -> Result<(), StoreError> {
        // otherwise a state without orders would keep its last number
        self.orders.clear();
        for (state, count) in store.orders_by_state().await? {
            self.orders.get_or_create(&vec![("state", state)]).set(count);
        }
        let (due, oldest_ms) = store.due_jobs(now_ms).await?;
        self.due_jobs.set(due);
        self.job_lag.set(oldest_ms.map_or(0, |oldest| (now_ms - oldest).div_euclid(1000)));
        self.differences.set(store.open_discrepancy_count().await?);
        self.unreported.set(store.unreported_deliveries(now_ms - REPORT_ALARM_MS).await?);
        let due = store.due_complaints(now_ms).await?.len();
        self.due_complaints.set(i64::try_from(due).unwrap_or(i64::MAX));
        self.tokens.clear();
        for (appid, kind, left_ms) in store.token_lifetimes().await? {
            self.tokens.get_or_create(&vec![("appid", appid), ("kind", kind)]).set(left_ms.div_euclid(1000));
        }
        Ok(())
    }
}
