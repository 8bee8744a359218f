//! The dashboard: sums of the last thirty days in Shanghai, cached for a minute.

use std::sync::Arc;

use model::{
    Fen,
    admin::{Dashboard, DaySums, LATENCIES, ToDo},
    order::OrderKind,
};
use tokio::sync::Mutex;

use super::overdue::overdue;
use crate::{
    Admin, ShopError,
    clock::{DAY_MS, shanghai},
};

/// The number of days that the dashboard shows.
const DAYS: i64 = 30;

/// The number of days for the best sellers.
pub const BEST_DAYS: i64 = 7;

/// The number of best sellers.
const BEST_SELLERS: u32 = 5;

/// How long the cache of the dashboard and of the comparisons is valid, ms.
pub(super) const FRESH_MS: i64 = 60_000;

/// The time zone of Shanghai: 8 hours ahead of UTC, ms.
pub(super) const AHEAD_MS: i64 = 8 * 3_600_000;

/// The cached dashboard, and when the server computed it, ms.
pub(crate) type DashboardCache = Mutex<Option<(i64, Arc<Dashboard>)>>;

impl Admin {
    /// The sums of the last thirty days, at most a minute old. Simultaneous callers share one computation.
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
        Ok(self.store.to_do(overdue(self.clock.now_ms())).await?)
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
        for money in self.store.money_by_day(from_ms, AHEAD_MS).await? {
            let Some(sums) = at_mut(&mut dashboard.days, money.day - first) else { continue };
            let net = Fen(money.paid.0 - money.refunded.0);
            match money.kind {
                OrderKind::Goods => {
                    sums.turnover = Fen(sums.turnover.0 + net.0);
                    sums.refunded = Fen(sums.refunded.0 + money.refunded.0);
                    sums.paid_orders += money.orders;
                }
                OrderKind::TopUp => sums.top_ups = Fen(sums.top_ups.0 + net.0),
            }
        }
        let from_id = first_id(from_ms);
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
        let best_from_ms = (today - BEST_DAYS + 1) * DAY_MS - AHEAD_MS;
        dashboard.best_sellers = self.store.best_sellers(best_from_ms, BEST_SELLERS).await?;
        Ok(dashboard)
    }
}

/// A text that sorts before all order ids of the day that begins at this time: an id begins with the day in Shanghai.
fn first_id(ms: i64) -> String {
    shanghai(ms).strftime("%Y%m%d").to_string()
}

fn at_mut(days: &mut [DaySums], index: i64) -> Option<&mut DaySums> {
    usize::try_from(index).ok().and_then(|index| days.get_mut(index))
}

fn month_and_day(ms: i64) -> String {
    shanghai(ms).strftime("%m-%d").to_string()
}
