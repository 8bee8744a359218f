//! Writes and reads the CSV files that staff open in a spreadsheet.

use encoding_rs::{GB18030, UTF_8};

use crate::ShopError;

/// The error for a file that is not CSV.
pub(crate) const UNREADABLE: ShopError = ShopError::invalid(
    "无法读取文件：请在表格软件里另存为 CSV（UTF-8 或 GBK）",
    "The file cannot be read. Please save it as CSV (UTF-8 or GBK) in your spreadsheet.",
);

/// A row of a CSV file, with its line end.
pub(crate) fn row(cells: &[&str]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Whether a spreadsheet would run this text as a formula.
fn begins_a_formula(text: &str) -> bool {
    !is_amount(text) && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that a spreadsheet shows as text: it runs no formula, and long numbers keep their digits.
fn cell(text: &str) -> String {
    let is_long_number = text.len() > 11 && text.bytes().all(|byte| byte.is_ascii_digit());
    // a text with an apostrophe gets another one, so that `text_of` returns it unchanged
    let before = if begins_a_formula(text) || text.starts_with('\'') {
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

/// Whether a text is an amount in yuan, such as `-19.90`. A spreadsheet should read it as a number.
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.strip_prefix('-').unwrap_or(text);
    amount.split_once('.').is_some_and(|(yuan, fen)| digits(yuan) && fen.len() == 2 && digits(fen))
}

/// The text of a cell, without the marks that [`row`] adds, and without spaces at the ends.
pub(crate) fn text_of(cell: &str) -> &str {
    let cell = cell.trim();
    let is_marked = |rest: &&str| begins_a_formula(rest) || rest.starts_with('\'');
    cell.strip_prefix('\'').filter(is_marked).unwrap_or(cell).trim()
}

/// Decodes a file: UTF-8 with or without a byte order mark, or GB18030, which includes GBK. Converts all line ends to
/// line feeds, because the CSV reader would count a carriage return as a line of its own.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, ShopError> {
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    let (text, _) = UTF_8.decode_with_bom_removal(bytes);
    if !text.contains('\u{fffd}') && !text.contains('\0') {
        return Ok(lines(&text));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        // a spreadsheet's own format, or UTF-16
        Some(text) if text.contains('\0') => Err(UNREADABLE),
        Some(text) => Ok(lines(&text)),
        None => Err(UNREADABLE),
    }
}

/// The separator of the cells, from the first line. Some spreadsheets write semicolons or tabs.
pub(crate) fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    [b',', b'\t', b';'].into_iter().find(|byte| head.bytes().any(|other| other == *byte)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_text_is_the_same_after_the_file(text in "[='+\\-@＝\",a1]{0,6}[0-9]{0,13}") {
            let text = text.trim();
            let file = row(&[text, "end"]);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!((text_of(&record[0]), &record[1]), (text, "end"));
        }
    }
}
