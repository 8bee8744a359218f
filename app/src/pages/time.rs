/// A time in Shanghai, `2026-11-21 12:30`, from milliseconds since 1970.
pub(super) fn shanghai(ms: i64) -> String {
    shop::shanghai(ms).strftime("%F %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_shown_in_shanghai() {
        assert_eq!(super::shanghai(1_414_587_457_000), "2014-10-29 20:57");
    }
}
