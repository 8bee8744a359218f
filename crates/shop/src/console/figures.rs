//! What the dashboard shows: sums over the last thirty days in Shanghai, made at most once a minute.

use std::{collections::BTreeMap, sync::Arc};

use model::Fen;
use sqlx::Row;
use tokio::sync::Mutex;

use super::list::{WAITING, to_ship};
use crate::{Shop, ShopError, Store, StoreError, clock::DAY_MS, refunds::needs_a_person, v2_time};

/// Days that are shown.
const DAYS: i64 = 30;

/// How long figures are kept. ms.
const FRESH_MS: i64 = 60_000;

/// Shanghai's clocks are this far ahead. ms.
const AHEAD_MS: i64 = 8 * 3_600_000;

/// The ends of the classes of the time from order to payment, seconds; the last class has none.
pub const LATENCIES: [i64; 5] = [15, 30, 60, 300, 900];

/// A day of the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// `11-21`.
    pub day: String,
    /// What was paid.
    pub turnover: Fen,
    /// Orders that were placed.
    pub placed: i64,
    /// Those of them that were paid.
    pub paid: i64,
}

/// The figures of the last thirty days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Each day, the oldest first.
    pub days: Vec<DayFigures>,
    /// How many orders are in each state.
    pub states: BTreeMap<String, i64>,
    /// How many orders were paid within each class of [`LATENCIES`], and behind them.
    pub latencies: [i64; LATENCIES.len() + 1],
}

/// What waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToDo {
    /// Orders to be sent.
    pub to_ship: i64,
    /// Shoppers who want money back.
    pub requests: i64,
    /// Refunds that do not get on: the payer's account did not take them, or WeChat has not made them for long.
    pub refunds: i64,
    /// What does not fit.
    pub differences: i64,
}

/// The figures, and when they were made.
pub(crate) type Kept = Mutex<Option<(i64, Arc<Figures>)>>;

impl Shop {
    /// The figures of the last thirty days, a minute old at most. Made once for all who look.
    ///
    /// # Errors
    /// A failing database.
    pub async fn figures(&self) -> Result<Arc<Figures>, ShopError> {
        let now_ms = self.clock().now_ms();
        let mut kept = self.kept_figures().lock().await;
        if let Some((at_ms, figures)) = &*kept
            && (0..FRESH_MS).contains(&(now_ms - at_ms))
        {
            return Ok(Arc::clone(figures));
        }
        let figures = Arc::new(self.store().figures(now_ms).await?);
        *kept = Some((now_ms, Arc::clone(&figures)));
        Ok(figures)
    }

    /// What waits for somebody, now.
    ///
    /// # Errors
    /// A failing database.
    pub async fn to_do(&self) -> Result<ToDo, ShopError> {
        Ok(self.store().to_do(self.clock().now_ms()).await?)
    }
}

impl Store {
    async fn to_do(&self, now_ms: i64) -> Result<ToDo, StoreError> {
        let sql = format!(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE {}), \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM refund_requests WHERE {WAITING}), \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM refunds WHERE {}), \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM differences WHERE resolution = '')",
            to_ship(),
            needs_a_person(now_ms)
        );
        let rows = self.select(sql, &[]).await?;
        let Some(row) = rows.first() else { return Ok(ToDo::default()) };
        let read = || {
            Ok(ToDo {
                to_ship: row.try_get(0)?,
                requests: row.try_get(1)?,
                refunds: row.try_get(2)?,
                differences: row.try_get(3)?,
            })
        };
        read().map_err(StoreError::during::<sqlx::Error>("counting what is to be done"))
    }

    async fn figures(&self, now_ms: i64) -> Result<Figures, StoreError> {
        let today = (now_ms + AHEAD_MS).div_euclid(DAY_MS);
        let first = today - DAYS + 1;
        let from_ms = first * DAY_MS - AHEAD_MS;
        let mut figures = Figures {
            days: (first..=today)
                .map(|day| DayFigures {
                    day: month_and_day(day * DAY_MS - AHEAD_MS),
                    ..DayFigures::default()
                })
                .collect(),
            ..Figures::default()
        };
        let doing = "summing up the figures";
        let sql = format!(
            "SELECT (a.paid_ms + {AHEAD_MS}) / {DAY_MS} AS day, CAST(SUM(a.total_fee) AS BIGINT) FROM attempts a \
             WHERE a.paid_ms >= {from_ms} GROUP BY (a.paid_ms + {AHEAD_MS}) / {DAY_MS}"
        );
        for row in &self.select(sql, &[]).await? {
            let day: i64 = row.try_get(0).map_err(StoreError::during(doing))?;
            if let Some(of_day) = figures.of(day - first) {
                of_day.turnover = Fen(row.try_get(1).map_err(StoreError::during(doing))?);
            }
        }
        // ids begin with the time in Shanghai: the range is one of the primary key, and it is read once
        let classes: String = LATENCIES
            .iter()
            .enumerate()
            .map(|(class, end)| format!("WHEN o.paid_ms - o.created_ms < {} THEN {class} ", end * 1000))
            .collect();
        let class = format!("CASE WHEN o.paid_ms IS NULL THEN -1 {classes}ELSE {} END", LATENCIES.len());
        let day = format!("(o.created_ms + {AHEAD_MS}) / {DAY_MS}");
        let sql = format!(
            "SELECT {day}, o.state, CAST({class} AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM orders o WHERE o.id >= $1 \
             GROUP BY {day}, o.state, {class}"
        );
        let from = v2_time(from_ms.div_euclid(1000));
        for row in &self.select(sql, &[from.get(..8).unwrap_or_default()]).await? {
            let read = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
            let (day, state, class, count): (i64, String, i64, i64) =
                read().map_err(StoreError::during::<sqlx::Error>(doing))?;
            *figures.states.entry(state).or_default() += count;
            let was_paid = class >= 0;
            if let Some(of_day) = figures.of(day - first) {
                of_day.placed += count;
                of_day.paid += if was_paid { count } else { 0 };
            }
            if let Some(of_class) =
                usize::try_from(class).ok().and_then(|class| figures.latencies.get_mut(class))
            {
                *of_class += count;
            }
        }
        Ok(figures)
    }
}

impl Figures {
    fn of(&mut self, day: i64) -> Option<&mut DayFigures> {
        usize::try_from(day).ok().and_then(|day| self.days.get_mut(day))
    }
}

fn month_and_day(ms: i64) -> String {
    let digits = v2_time(ms.div_euclid(1000));
    format!("{}-{}", digits.get(4..6).unwrap_or_default(), digits.get(6..8).unwrap_or_default())
}
