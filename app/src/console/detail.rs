//! The functions that the details of discrepancies, events and the audit log share.

use model::Fen;

use super::language::t;

/// Reads an amount in the form of the program: `23700 fen`.
pub(super) fn fen_of(text: &str) -> Option<Fen> {
    text.strip_suffix(" fen")?.parse().ok().map(Fen)
}

/// Splits the detail of a refund: the detail without its end about the stock, and this end in the page's language. The
/// end is empty if the detail has none.
pub(super) fn split_restock(detail: &str) -> (&str, &'static str) {
    match detail.strip_suffix(", the pieces return to the stock") {
        Some(start) => (start, t("，商品退回库存", ", the pieces return to the stock")),
        None => (detail, ""),
    }
}

/// The name of a person, or the words for the command line.
pub(super) fn who_word(name: &str) -> &str {
    if name == "command-line" { t("命令行", "command line") } else { name }
}

/// Replaces all amounts in a text: `23700 fen` becomes `¥237.00`.
pub(super) fn in_yuan(text: &str) -> String {
    let mut parts = text.split(" fen");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = written.len() - written.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        match written[written.len() - digits..].parse() {
            Ok(fen) => {
                written.truncate(written.len() - digits);
                written.push_str(&format!("¥{}", Fen(fen)));
            }
            Err(_) => written.push_str(" fen"),
        }
        written.push_str(part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_in_yuan() {
        assert_eq!(in_yuan("R1, 23700 fen, by demo"), "R1, ¥237.00, by demo");
        assert_eq!((fen_of("23700 fen"), fen_of("a fen")), (Some(Fen(23_700)), None));
        assert_eq!((in_yuan("a fen"), in_yuan("")), ("a fen".to_owned(), String::new()));
    }
}
