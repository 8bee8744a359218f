use std::fmt;

use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, offset},
};

/// UTC+8. China has no daylight saving time.
const SHANGHAI: Offset = offset(8);

/// The day of a bill, in Shanghai time.
///
/// ```
/// let date = wechat::bill::BillDate::parse("2026-01-31")?;
/// assert_eq!((date.to_string(), date.v2()), ("2026-01-31".into(), "20260131".into()));
/// assert_eq!(wechat::bill::BillDate::parse("20260131")?, date);
/// assert!(wechat::bill::BillDate::parse("2026-02-30").is_err());
/// # Ok::<(), wechat::bill::InvalidDate>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillDate(Date);

/// The text is not a day of the form `yyyy-MM-dd` or `yyyyMMdd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form yyyy-MM-dd")]
pub struct InvalidDate;

impl BillDate {
    /// Reads `yyyy-MM-dd` or `yyyyMMdd`.
    ///
    /// # Errors
    /// [`InvalidDate`] if the text has another form.
    pub fn parse(text: &str) -> Result<Self, InvalidDate> {
        let plain =
            text.len() == 8 || (text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2);
        if !plain || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(InvalidDate);
        }
        text.parse().map(Self).map_err(|_| InvalidDate)
    }

    /// The day in Shanghai of a time in seconds since 1970. WeChat's bills use Shanghai days.
    ///
    /// ```
    /// use wechat::bill::BillDate;
    ///
    /// // 2026-01-01 00:00:00 in Shanghai is still December in UTC
    /// let date = BillDate::of(1_767_196_800);
    /// assert_eq!((date.to_string(), date.begins_at()), ("2026-01-01".into(), 1_767_196_800));
    /// assert_eq!(BillDate::of(1_767_196_799).to_string(), "2025-12-31");
    /// ```
    ///
    /// # Panics
    /// If the year is after 9999.
    #[must_use]
    pub fn of(unix_seconds: i64) -> Self {
        let time = Timestamp::from_second(unix_seconds).expect("a time of our calendar");
        Self(SHANGHAI.to_datetime(time).date())
    }

    /// The start of the day in Shanghai, in seconds since 1970.
    ///
    /// # Panics
    /// If the year is after 9999.
    #[must_use]
    pub fn begins_at(self) -> i64 {
        let midnight = SHANGHAI.to_timestamp(self.0.at(0, 0, 0, 0)).expect("a time of our calendar");
        midnight.as_second()
    }

    /// The day in the form of V2: `yyyyMMdd`.
    ///
    /// ```
    /// assert_eq!(wechat::bill::BillDate::parse("2026-01-31")?.v2(), "20260131");
    /// # Ok::<(), wechat::bill::InvalidDate>(())
    /// ```
    #[must_use]
    pub fn v2(self) -> String {
        self.0.strftime("%Y%m%d").to_string()
    }
}

/// The day in the form of V3: `yyyy-MM-dd`.
impl fmt::Display for BillDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d"))
    }
}
