//! The times of WeChat Pay. V2 uses `yyyyMMddHHmmss` in Asia/Shanghai, V3 uses RFC 3339. Asia/Shanghai has had no
//! daylight saving time since 1991, so it is UTC+8.

use jiff::{SignedDuration, Timestamp, civil::DateTime};

/// 1970-01-01T00:00:00Z at UTC+8.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 8, 0, 0, 0);

/// The last second of the format, 9999-12-31T23:59:59+08:00.
const LAST: i64 = 253_402_271_999;

/// The text is not a time of the expected form.
///
/// ```
/// assert_eq!(wechat::time::parse_v2_time("yesterday"), Err(wechat::time::InvalidTime));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the documented form")]
pub struct InvalidTime;

/// Formats a time for V2. The argument is in seconds since 1970-01-01T00:00:00Z.
///
/// The format has four digits for the year: a time before 1970 or after 9999 becomes the nearest valid time.
///
/// ```
/// assert_eq!(wechat::time::v2_time(1_414_587_457), "20141029205737");
/// ```
#[must_use]
pub fn v2_time(unix_seconds: i64) -> String {
    shanghai(unix_seconds).strftime("%Y%m%d%H%M%S").to_string()
}

/// The local time in Shanghai.
fn shanghai(unix_seconds: i64) -> DateTime {
    let since = SignedDuration::from_secs(unix_seconds.clamp(0, LAST));
    EPOCH.checked_add(since).expect("the limits are within jiff's own")
}

/// Reads a time of V2 as seconds since 1970-01-01T00:00:00Z.
///
/// # Errors
/// [`InvalidTime`] unless the text is fourteen digits that are a valid time.
///
/// ```
/// assert_eq!(wechat::time::parse_v2_time("20141029205737"), Ok(1_414_587_457));
/// assert!(wechat::time::parse_v2_time("20260230000000").is_err());
/// ```
pub fn parse_v2_time(text: &str) -> Result<i64, InvalidTime> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidTime);
    }
    let two = |at: usize| text[at..at + 2].parse::<i8>().map_err(|_| InvalidTime);
    let year = text[..4].parse::<i16>().map_err(|_| InvalidTime)?;
    let time =
        DateTime::new(year, two(4)?, two(6)?, two(8)?, two(10)?, two(12)?, 0).map_err(|_| InvalidTime)?;
    Ok(time.duration_since(EPOCH).as_secs())
}

/// Reads `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai as seconds since 1970-01-01T00:00:00Z. V2 refunds and bills have this
/// form.
///
/// # Errors
/// [`InvalidTime`] if the text has another form.
///
/// ```
/// assert_eq!(wechat::time::parse_v2_date_time("2014-10-29 20:57:37"), Ok(1_414_587_457));
/// assert!(wechat::time::parse_v2_date_time("2014-10-29T20:57:37").is_err());
/// ```
pub fn parse_v2_date_time(text: &str) -> Result<i64, InvalidTime> {
    let bytes = text.as_bytes();
    let stands = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    if text.len() != 19
        || !text.is_ascii()
        || ![(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')]
            .iter()
            .all(|(at, byte)| stands(*at, *byte))
    {
        return Err(InvalidTime);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    parse_v2_time(&digits)
}

/// Formats a time for V3, RFC 3339 at UTC+8. The argument is in seconds since 1970-01-01T00:00:00Z.
///
/// A time before 1970 or after 9999 becomes the nearest valid time.
///
/// ```
/// assert_eq!(wechat::time::rfc3339(1_414_587_457), "2014-10-29T20:57:37+08:00");
/// ```
#[must_use]
pub fn rfc3339(unix_seconds: i64) -> String {
    shanghai(unix_seconds).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// Formats a time with milliseconds, RFC 3339 at UTC+8. The argument is in milliseconds since 1970-01-01T00:00:00Z.
///
/// ```
/// assert_eq!(wechat::time::rfc3339_millis(1_671_082_175_120), "2022-12-15T13:29:35.120+08:00");
/// ```
#[must_use]
pub fn rfc3339_millis(unix_millis: i64) -> String {
    let millis = unix_millis.rem_euclid(1000);
    let seconds = shanghai(unix_millis.div_euclid(1000)).strftime("%Y-%m-%dT%H:%M:%S");
    format!("{seconds}.{millis:03}+08:00")
}

/// Reads a time in RFC 3339 as seconds since 1970-01-01T00:00:00Z. It drops a fraction of a second.
///
/// # Errors
/// [`InvalidTime`] if the text has no valid time or no offset.
///
/// ```
/// assert_eq!(wechat::time::parse_rfc3339("2018-06-08T10:34:56+08:00"), Ok(1_528_425_296));
/// assert_eq!(wechat::time::parse_rfc3339("2018-06-08T02:34:56.789Z"), Ok(1_528_425_296));
/// assert!(wechat::time::parse_rfc3339("2018-06-08 10:34:56").is_err());
/// ```
pub fn parse_rfc3339(text: &str) -> Result<i64, InvalidTime> {
    text.parse::<Timestamp>().map(Timestamp::as_second).map_err(|_| InvalidTime)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_seconds() {
        for (seconds, text) in [
            (0, "19700101080000"),
            (951_753_600, "20000229000000"),
            (1_709_135_999, "20240228235959"),
            (1_709_136_000, "20240229000000"),
            (1_735_660_799, "20241231235959"),
            (LAST, "99991231235959"),
        ] {
            assert_eq!(v2_time(seconds), text);
            assert_eq!(parse_v2_time(text), Ok(seconds));
        }
    }

    #[test]
    fn an_invalid_time_is_refused() {
        for text in [
            "",
            "2024022900000",
            "202402290000000",
            "20230229000000",
            "20240001000000",
            "20241301000000",
            "20240229240000",
            "20240229006000",
            "20240229000060",
            "2024022900000a",
            "+0240229000000",
            "２０２４02",
        ] {
            assert_eq!(parse_v2_time(text), Err(InvalidTime), "{text}");
        }
    }

    #[test]
    fn a_time_outside_the_format_becomes_the_nearest_valid_time() {
        assert_eq!(v2_time(i64::MIN), "19700101080000");
        assert_eq!(v2_time(i64::MAX), "99991231235959");
    }

    proptest! {
        #[test]
        fn a_written_time_parses_to_the_same_second(seconds in 0..=LAST) {
            prop_assert_eq!(parse_v2_time(&v2_time(seconds)), Ok(seconds));
            prop_assert_eq!(parse_rfc3339(&rfc3339(seconds)), Ok(seconds));
        }

        #[test]
        fn no_text_causes_a_panic(text in ".{0,20}") {
            let _ = parse_v2_time(&text);
            let _ = parse_rfc3339(&text);
            let _ = parse_v2_date_time(&text);
        }
    }
}
