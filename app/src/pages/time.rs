/// A time in Shanghai: `2026-11-21 12:30`. `ms`: since 1970.
pub(super) fn shanghai(ms: i64) -> String {
    // yyyyMMddHHmmss, the form of Pay V2, is Shanghai time too
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
