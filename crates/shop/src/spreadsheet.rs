//! Rows of the CSV files that staff open in a spreadsheet.

/// A row of a CSV file.
pub(crate) fn row(cells: &[&str]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell that a spreadsheet reads as text: it does not run a formula, and long numbers keep their digits.
fn cell(text: &str) -> String {
    let begins_a_formula =
        !is_amount(text) && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_long_number = text.len() > 11 && text.bytes().all(|byte| byte.is_ascii_digit());
    let before = if begins_a_formula {
        "'"
    } else if is_long_number {
        "\t"
    } else {
        ""
    };
    let text = format!("{before}{text}");
    if text.contains([',', '"', '\n', '\r', '\'', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// Whether a text is an amount in yuan: `-19.90`. A spreadsheet reads it as a number, and adds it up.
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.strip_prefix('-').unwrap_or(text);
    amount.split_once('.').is_some_and(|(yuan, fen)| digits(yuan) && fen.len() == 2 && digits(fen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_no_number_loses_its_digits() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(cell(evil).starts_with("\"'"), "{evil:?}: {}", cell(evil));
        }
        assert_eq!(
            cell("=HYPERLINK(\"http://evil\",\"x\")"),
            "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\""
        );
        assert_eq!(cell("一行\n两行"), "\"一行\n两行\"");
        assert_eq!(cell("202611211200000001234567"), "\"\t202611211200000001234567\"");
        assert_eq!(cell("13800138000"), "13800138000");
        assert_eq!((cell("19.90"), cell("-19.90")), ("19.90".to_owned(), "-19.90".to_owned()));
        assert!(cell("-1.0A").starts_with("\"'") && cell("-1.00+1").starts_with("\"'"));
    }
}
