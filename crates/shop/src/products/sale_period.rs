//! Reads, checks and writes sale periods.

use jiff::civil::DateTime;
use model::{ProductId, catalogue::SalePeriod};

use crate::{ShopError, clock::from_shanghai, shanghai, typed};

/// The words for no time.
const NONE: [&str; 3] = ["无", "none", "-"];

/// Reads a time in Shanghai to the minute, and returns ms since 1970: `2026-11-30T12:00` from a form, `2026/11/30
/// 12:00` from a spreadsheet, or only a day, which means 00:00. `None` for an empty text or a word of [`NONE`].
pub(super) fn read_time(text: &str) -> Result<Option<i64>, ShopError> {
    const WRONG: ShopError = ShopError::invalid(
        "时间请填写如 2026-11-30 12:00（北京时间）",
        "Please enter a time like 2026-11-30 12:00 (in China).",
    );
    let text = typed::number(text);
    if text.is_empty() || NONE.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    if !text.chars().all(|character| character.is_ascii_digit() || "-/.: T年月日".contains(character)) {
        return Err(WRONG);
    }
    let mut parts = Vec::new();
    for part in text.split(|character: char| !character.is_ascii_digit()).filter(|part| !part.is_empty()) {
        parts.push(part.parse::<i16>().map_err(|_| WRONG)?);
    }
    let (year, rest) = parts.split_first().ok_or(WRONG)?;
    let (month, day, hour, minute) = match rest {
        [month, day] => (month, day, &0, &0),
        [month, day, hour, minute] | [month, day, hour, minute, _] => (month, day, hour, minute),
        _ => return Err(WRONG),
    };
    let small = |number: &i16| i8::try_from(*number).map_err(|_| WRONG);
    let time = DateTime::new(*year, small(month)?, small(day)?, small(hour)?, small(minute)?, 0, 0);
    let time = time.ok().filter(|_| (2000..=2100).contains(year)).ok_or(WRONG)?;
    Ok(Some(from_shanghai(time)))
}

/// The text of a time in the catalogue file; empty for `None`.
pub(super) fn written_time(ms: Option<i64>) -> String {
    ms.map(|ms| shanghai(ms).strftime("%F %H:%M").to_string()).unwrap_or_default()
}

/// Checks that a period begins before it ends.
pub(super) fn check_period(period: SalePeriod) -> Result<SalePeriod, ShopError> {
    match (period.from_ms, period.until_ms) {
        (Some(from), Some(until)) if from >= until => Err(ShopError::invalid(
            "停售时间要晚于开售时间",
            "The end of the sale must be after its beginning.",
        )),
        _ => Ok(period),
    }
}

/// Reads a typed period: the beginning and the end, times in Shanghai. An empty text means no limit.
pub(super) fn read_period([from, until]: &[String; 2]) -> Result<SalePeriod, ShopError> {
    check_period(SalePeriod { from_ms: read_time(from)?, until_ms: read_time(until)? })
}

/// The text of a period in the audit log.
pub(super) fn detail(id: &ProductId, period: SalePeriod) -> String {
    let word = |ms: Option<i64>| if ms.is_some() { written_time(ms) } else { "no limit".to_owned() };
    format!("{id}: from {}, until {}", word(period.from_ms), word(period.until_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_forms_and_spreadsheets_write_it() {
        let noon = Some(1_796_011_200_000);
        for text in
            ["2026-11-30T12:00", "2026-11-30 12:00:59", "2026/11/30 12:00", "２０２６年11月30日 12:00"]
        {
            assert_eq!(read_time(text).unwrap(), noon, "{text}");
        }
        assert_eq!(written_time(noon), "2026-11-30 12:00");
        assert_eq!(read_time("2026/1/5").unwrap(), read_time("2026-01-05T00:00").unwrap());
        assert_eq!((read_time(" ").unwrap(), read_time("无").unwrap()), (None, None));
        for wrong in
            ["30/11/2026", "2026-11-31", "2026-11-30 25:00", "明天", "2026-11-30 2:00 PM", "99999", "1"]
        {
            assert!(read_time(wrong).is_err(), "{wrong}");
        }
    }
}
