//! The periods of the dashboard and of the figures, in days of Shanghai.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;
use model::figures::{Comparison, Period};
use tokio::sync::Mutex;

use super::dashboard::{AHEAD_MS, FRESH_MS};
use crate::{
    Admin, ShopError,
    clock::{DAY_MS, shanghai},
};

/// The cached comparison of each period, and when the server computed it, ms.
pub(crate) type ComparisonCache = Mutex<BTreeMap<Period, (i64, Comparison)>>;

/// A period of whole days in Shanghai.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day: `2026-11-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The beginning and the end, ms since 1970. The end is not included.
    pub(super) ms: (i64, i64),
}

/// The beginning of the day in Shanghai that contains this time, ms.
fn day_of(ms: i64) -> i64 {
    (ms + AHEAD_MS).div_euclid(DAY_MS) * DAY_MS - AHEAD_MS
}

/// The beginning of the month in Shanghai that contains this time, ms.
fn month_of(ms: i64) -> i64 {
    day_of(ms) - i64::from(shanghai(ms).day() - 1) * DAY_MS
}

/// The period until now, and the period before, ms. The ends are not included.
fn ranges(period: Period, now_ms: i64) -> (Range<i64>, Range<i64>) {
    let end = now_ms + 1;
    let days = |count: i64| {
        let from = day_of(now_ms) - (count - 1) * DAY_MS;
        (from..end, from - count * DAY_MS..end - count * DAY_MS)
    };
    match period {
        Period::Today => days(1),
        Period::SevenDays => days(7),
        Period::ThirtyDays => days(30),
        Period::Month => {
            let from = month_of(now_ms);
            let before = month_of(from - 1);
            // the month before may be shorter: then it ends before the same day
            (from..end, before..(before + end - from).min(from))
        }
    }
}

impl Admin {
    /// The sums of a period and of the period before, at most a minute old.
    ///
    /// # Errors
    /// A failing database.
    pub async fn comparison(&self, period: Period) -> Result<Comparison, ShopError> {
        let now_ms = self.clock.now_ms();
        let mut computed = self.comparisons.lock().await;
        if let Some((at_ms, comparison)) = computed.get(&period)
            && (0..FRESH_MS).contains(&(now_ms - at_ms))
        {
            return Ok(*comparison);
        }
        let (now, before) = ranges(period, now_ms);
        let comparison = Comparison {
            now: self.store.period_sums(now.start, now.end).await?,
            before: self.store.period_sums(before.start, before.end).await?,
        };
        computed.insert(period, (now_ms, comparison));
        Ok(comparison)
    }

    /// Reads the days that a person typed (`2026-11-21`). If both are empty: this month until today.
    ///
    /// # Errors
    /// [`ShopError::Invalid`] for another form, or if the first day is after the last.
    pub fn days(&self, from: &str, to: &str) -> Result<Days, ShopError> {
        let now_ms = self.clock.now_ms();
        let day = |typed: &str, otherwise_ms: i64| match typed.trim() {
            "" => Some(shanghai(otherwise_ms).date()),
            typed => typed.parse::<Date>().ok().filter(|day| (1970..=9000).contains(&day.year())),
        };
        let chosen = day(from, month_of(now_ms)).zip(day(to, now_ms)).filter(|(from, to)| from <= to);
        let Some((from, to)) = chosen else {
            return Err(ShopError::invalid(
                "请选择开始和结束的日期，开始不晚于结束",
                "Please choose the first and the last day, the first one not after the last one.",
            ));
        };
        let begin = |day: Date| {
            let since = day.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
            since * DAY_MS - AHEAD_MS
        };
        Ok(Days { from: from.to_string(), to: to.to_string(), ms: (begin(from), begin(to) + DAY_MS) })
    }
}

impl Days {
    /// The periods that the console suggests: today, the last seven days, this month until today, and the month before.
    #[must_use]
    pub fn usual(now_ms: i64) -> [Self; 4] {
        let (today, month) = (day_of(now_ms), month_of(now_ms));
        let tomorrow = today + DAY_MS;
        let day = |ms: i64| shanghai(ms).date().to_string();
        let between = |begin: i64, end: i64| Self { from: day(begin), to: day(end - 1), ms: (begin, end) };
        [
            between(today, tomorrow),
            between(today - 6 * DAY_MS, tomorrow),
            between(month, tomorrow),
            between(month_of(month - 1), month),
        ]
    }

    /// The period with which these days are compared: the same number of days before. Days from the first day of a
    /// month are compared with the month before up to the same day. If these days are not over, the comparison ends at
    /// the same time of the day.
    #[must_use]
    pub fn before(&self, now_ms: i64) -> Self {
        let (begin, end) = self.ms;
        let is_over = end <= now_ms + 1;
        let until = if is_over || now_ms < begin { end } else { now_ms + 1 };
        let ms = if month_of(begin) == begin && month_of(end - 1) == begin {
            let from = month_of(begin - 1);
            let is_whole = month_of(end) == end;
            (from, if is_over && is_whole { begin } else { (from + until - begin).min(begin) })
        } else {
            (begin - (end - begin), until - (end - begin))
        };
        let day = |ms: i64| shanghai(ms).date().to_string();
        Self { from: day(ms.0), to: day(ms.1 - 1), ms }
    }

    /// The days in words, for the audit log.
    pub(super) fn words(&self) -> String {
        format!("{} – {}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_compared_with_those_before_them() {
        let ms = |day: &str| {
            let since = day.parse::<Date>().unwrap().since(Date::constant(1970, 1, 1)).unwrap();
            i64::from(since.get_days()) * DAY_MS - AHEAD_MS
        };
        // 2026-03-31 12:00 in Shanghai
        let now_ms = 1_774_929_600_000;
        let before = |from: &str, to: &str| {
            let days = Days { from: from.to_owned(), to: to.to_owned(), ms: (ms(from), ms(to) + DAY_MS) };
            let before = days.before(now_ms);
            (before.from, before.to, shanghai(before.ms.1 - 1).strftime("%H:%M").to_string())
        };
        let is = |from: &str, to: &str, time: &str| (from.to_owned(), to.to_owned(), time.to_owned());
        assert_eq!(before("2026-03-10", "2026-03-12"), is("2026-03-07", "2026-03-09", "23:59"));
        assert_eq!(before("2026-03-30", "2026-03-31"), is("2026-03-28", "2026-03-29", "12:00"));
        assert_eq!(before("2026-02-01", "2026-02-28"), is("2026-01-01", "2026-01-31", "23:59"));
        assert_eq!(before("2026-02-01", "2026-02-10"), is("2026-01-01", "2026-01-10", "23:59"));
        assert_eq!(before("2026-03-01", "2026-03-31"), is("2026-02-01", "2026-02-28", "23:59"));
        assert_eq!(before("2026-03-31", "2026-03-31"), is("2026-03-30", "2026-03-30", "12:00"));
    }

    #[test]
    fn the_usual_days_end_today_or_with_the_month_before() {
        // 2026-03-31 12:00 in Shanghai
        let usual = Days::usual(1_774_929_600_000).map(|days| (days.from, days.to));
        let is = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(usual[0], is("2026-03-31", "2026-03-31"));
        assert_eq!(usual[1], is("2026-03-25", "2026-03-31"));
        assert_eq!(usual[2], is("2026-03-01", "2026-03-31"));
        assert_eq!(usual[3], is("2026-02-01", "2026-02-28"));
    }

    #[test]
    fn a_period_is_compared_with_the_same_time_before_it() {
        let words = |range: Range<i64>| {
            [range.start, range.end - 1].map(|ms| shanghai(ms).strftime("%m-%d %H:%M").to_string())
        };
        // 2026-03-31 12:00 in Shanghai
        let now_ms = 1_774_929_600_000;
        let both = |period| {
            let (now, before) = ranges(period, now_ms);
            [words(now), words(before)].concat()
        };
        assert_eq!(both(Period::Today), ["03-31 00:00", "03-31 12:00", "03-30 00:00", "03-30 12:00"]);
        assert_eq!(both(Period::SevenDays), ["03-25 00:00", "03-31 12:00", "03-18 00:00", "03-24 12:00"]);
        assert_eq!(both(Period::ThirtyDays), ["03-02 00:00", "03-31 12:00", "01-31 00:00", "03-01 12:00"]);
        assert_eq!(both(Period::Month), ["03-01 00:00", "03-31 12:00", "02-01 00:00", "02-28 23:59"]);
    }
}
