//! The days for which bills exist.

use crate::clock::{self, HOUR, Millis};

/// A bill is available from this time of the next day.
const READY_TIME: Millis = 10 * HOUR;

/// A bill is available for this many calendar months.
const KEPT_MONTHS: i32 = 3;

/// Why there is no bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BillUnavailable {
    /// Nothing happened on the day, or the day is too long ago or in the future.
    None,
    /// The bill is not ready yet.
    Creating,
}

/// When the bill of a day is created. It contains nothing that happened later.
pub(crate) const fn ready_at(day: i64) -> Millis {
    clock::day_start(day + 1) + READY_TIME
}

pub(crate) fn check(day: i64, now: Millis) -> Result<(), BillUnavailable> {
    let today = clock::day(now);
    if day > today || day < clock::months_before(today, KEPT_MONTHS) {
        Err(BillUnavailable::None)
    } else if now < ready_at(day) {
        Err(BillUnavailable::Creating)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_ready_at_ten_and_available_for_three_months() {
        let day = |text: &str| clock::parse_day("%Y%m%d", text).unwrap();
        let at = |text: &str| clock::parse_v2_time(text).unwrap();
        let bill = day("20260331");
        for (now, expected) in [
            ("20260330235959", Err(BillUnavailable::None)),
            ("20260331000000", Err(BillUnavailable::Creating)),
            ("20260401095959", Err(BillUnavailable::Creating)),
            ("20260401100000", Ok(())),
            ("20260630235959", Ok(())),
            ("20260701000000", Err(BillUnavailable::None)),
        ] {
            assert_eq!(check(bill, at(now)), expected, "{now}");
        }
    }
}
