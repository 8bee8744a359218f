//! The dashboard: sums of the last thirty days in Shanghai, computed at most once a minute.

use std::sync::Arc;

use model::admin::{Dashboard, DaySums, LATENCIES, ToDo};
use tokio::sync::Mutex;

use crate::{
    Admin, ShopError,
    clock::{DAY_MS, shanghai},
    refunds::stuck_refunds,
};

/// The number of days that the dashboard shows.
const DAYS: i64 = 30;

/// How long the server reuses a computed dashboard, ms.
const FRESH_MS: i64 = 60_000;

/// Shanghai is so far ahead of UTC, ms.
const AHEAD_MS: i64 = 8 * 3_600_000;

/// The last computed dashboard, and when the server computed it, ms.
pub(crate) type DashboardCache = Mutex<Option<(i64, Arc<Dashboard>)>>;

impl Admin {
    /// The sums of the last thirty days, at most a minute old. All callers share one computation.
    ///
    /// # Errors
    /// A failing database.
    pub async fn dashboard(&self) -> Result<Arc<Dashboard>, ShopError> {
        let now_ms = self.clock.now_ms();
        let mut cached = self.dashboard.lock().await;
        if let Some((at_ms, dashboard)) = &*cached
            && (0..FRESH_MS).contains(&(now_ms - at_ms))
        {
            return Ok(Arc::clone(dashboard));
        }
        let dashboard = Arc::new(self.compute_dashboard(now_ms).await?);
        *cached = Some((now_ms, Arc::clone(&dashboard)));
        Ok(dashboard)
    }

    /// The numbers of things that wait for staff now.
    ///
    /// # Errors
    /// A failing database.
    pub async fn to_do(&self) -> Result<ToDo, ShopError> {
        Ok(self.store.to_do(stuck_refunds(self.clock.now_ms())).await?)
    }

    async fn compute_dashboard(&self, now_ms: i64) -> Result<Dashboard, ShopError> {
        let today = (now_ms + AHEAD_MS).div_euclid(DAY_MS);
        let first = today - DAYS + 1;
        let from_ms = first * DAY_MS - AHEAD_MS;
        let mut dashboard = Dashboard {
            days: (first..=today)
                .map(|day| DaySums { day: month_and_day(day * DAY_MS - AHEAD_MS), ..DaySums::default() })
                .collect(),
            ..Dashboard::default()
        };
        for (day, turnover) in self.store.turnover_by_day(from_ms, AHEAD_MS).await? {
            if let Some(sums) = at_mut(&mut dashboard.days, day - first) {
                sums.turnover = turnover;
            }
        }
        let from_id = shanghai(from_ms).strftime("%Y%m%d").to_string();
        for counted in self.store.orders_by_day(&from_id, AHEAD_MS, &LATENCIES).await? {
            *dashboard.states.entry(counted.state).or_default() += counted.orders;
            if let Some(sums) = at_mut(&mut dashboard.days, counted.day - first) {
                sums.placed += counted.orders;
                sums.paid += if counted.class.is_some() { counted.orders } else { 0 };
            }
            if let Some(class) = counted.class.and_then(|class| dashboard.latencies.get_mut(class)) {
                *class += counted.orders;
            }
        }
        Ok(dashboard)
    }
}

fn at_mut(days: &mut [DaySums], index: i64) -> Option<&mut DaySums> {
    usize::try_from(index).ok().and_then(|index| days.get_mut(index))
}

fn month_and_day(ms: i64) -> String {
    shanghai(ms).strftime("%m-%d").to_string()
}
