/// A time as people in China read it: `2026-11-21 12:30`.
pub(super) fn shanghai(ms: i64) -> String {
    // V2's form, yyyyMMddHHmmss, is the same time zone
    let digits = shop::v2_time(ms.div_euclid(1000));
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    format!("{}-{}-{} {}:{}", part(0..4), part(4..6), part(6..8), part(8..10), part(10..12))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_shown_in_shanghai() {
        assert_eq!(super::shanghai(1_414_587_457_000), "2014-10-29 20:57");
    }
}
