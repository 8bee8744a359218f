//! Writes a bill: a header, rows, a header for the sums, the sums. The file is UTF-8 with a byte order mark, its lines
//! end with CRLF, and each field of a row begins with a backtick.

const MARK: &str = "\u{feff}";

/// WeChat's fee in thousandths of the settled amount: 0.60%.
const RATE: i64 = 6;
pub(super) const RATE_TEXT: &str = "0.60%";

pub(super) fn write(header: &str, rows: &[Vec<String>], sums_header: &str, sums: &[String]) -> String {
    let mut file = format!("{MARK}{header}\r\n");
    for row in rows {
        file.push_str(&line(row));
    }
    file.push_str(sums_header);
    file.push_str("\r\n");
    file.push_str(&line(sums));
    file
}

fn line(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}")).collect();
    format!("{}\r\n", fields.join(","))
}

/// Formats fen as yuan with two decimal places.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// Formats a fee as yuan with five decimal places.
pub(super) fn fee_text(fen: i64) -> String {
    format!("{}000", yuan(fen))
}

/// The fee for an amount, rounded to fen.
pub(super) const fn fee(fen: i64) -> i64 {
    (fen * RATE + 500) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_whole_fen_with_five_digits() {
        // 1299.02 is in the published sample
        assert_eq!(fee_text(fee(129_902)), "7.79000");
        assert_eq!(fee_text(fee(1)), "0.00000");
        assert_eq!(fee_text(-12), "-0.12000");
        assert_eq!(yuan(-1_990), "-19.90");
    }

    #[test]
    fn a_line_has_a_backtick_before_each_field() {
        assert_eq!(line(&["a,b".to_owned(), String::new()]), "`a,b,`\r\n");
    }
}
