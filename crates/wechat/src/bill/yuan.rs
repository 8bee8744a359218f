/// Converts yuan to fen: `12.30` is 1230, `-0.01` is -1, `7.79000` is 779. Uses no floating-point numbers.
///
/// Returns `None` if the text is not an amount, not a whole number of fen, or too large.
///
/// ```
/// assert_eq!(wechat::bill::fen_from_yuan("19.90"), Some(1990));
/// assert_eq!(wechat::bill::fen_from_yuan("-3"), Some(-300));
/// assert_eq!(wechat::bill::fen_from_yuan("0.11940"), None);
/// assert_eq!(wechat::bill::fen_from_yuan("1e3"), None);
/// ```
#[must_use]
pub fn fen_from_yuan(yuan: &str) -> Option<i64> {
    let value = hundred_thousandths(yuan)?;
    (value % 1000 == 0).then_some(value / 1000)
}

/// Converts yuan to hundred-thousandths of a yuan, because fees have five decimal places. Returns `None` if the text is
/// not an amount, has more decimal places, or is too large.
///
/// ```
/// assert_eq!(wechat::bill::hundred_thousandths("0.11940"), Some(11_940));
/// assert_eq!(wechat::bill::hundred_thousandths("0.119401"), None);
/// ```
#[must_use]
pub fn hundred_thousandths(yuan: &str) -> Option<i64> {
    let (negative, digits) = match yuan.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, yuan),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // trailing zeros do not change the amount
    let fraction = fraction
        .get(..5)
        .filter(|_| fraction[5..].bytes().all(|byte| byte == b'0'))
        .or_else(|| (fraction.len() <= 5).then_some(fraction))?;
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let value = format!("{whole}{fraction:0<5}").parse::<i64>().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn trap_14_yuan_become_exact_fen() {
        for (yuan, amount) in [
            ("19.90", Some(1990)),
            ("0.29", Some(29)),
            ("1.1", Some(110)),
            ("100", Some(10_000)),
            ("7.79000", Some(779)),
            ("0.0000000", Some(0)),
            ("-0.01", Some(-1)),
            ("92233720368547.75", Some(9_223_372_036_854_775)),
            ("92233720368547758.07", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("5.", None),
            ("1,000.00", None),
            ("+1", None),
            ("--1", None),
            ("1.-1", None),
            ("1.1.1", None),
            ("0.001", None),
            ("１", None),
            ("0.1１2345", None),
        ] {
            assert_eq!(fen_from_yuan(yuan), amount, "{yuan}");
        }
    }

    proptest! {
        #[test]
        fn a_written_amount_parses_to_the_same_value(amount in -9_000_000_000_000_i64..9_000_000_000_000) {
            let sign = if amount < 0 { "-" } else { "" };
            let yuan = format!("{sign}{}.{:02}", amount.abs() / 100, amount.abs() % 100);
            prop_assert_eq!(fen_from_yuan(&yuan), Some(amount));
        }

        #[test]
        fn no_text_causes_a_panic(text in "\\PC{0,20}") {
            let _ = fen_from_yuan(&text);
        }
    }
}
