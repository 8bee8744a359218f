//! The details of discrepancies, as staff read them, and the parts that the details of events and of the audit share. The
//! database keeps the English words of the program, so that old rows read like new ones.

use model::{Fen, Language};

use super::language::{language, t};

/// Between two amounts of a discrepancy. Only the first one has its unit.
const BETWEEN: [&str; 4] =
    [" fen, got ", " fen on the books, ", " fen can be refunded, ", " fen were refunded, "];

/// Parts of the details of discrepancies, all by the program. A longer part comes before a part of it.
const DIFFERENCE: [(&str, &str); 28] = [
    (
        "WeChat says trade_state=REFUND, and Pay V3 has no list of an order's refunds",
        "微信说已退款，V3 接口没有退款明细",
    ),
    ("WeChat says no more than that it has accepted it", "微信只说已受理"),
    ("the order does not need this payment, and it was not refunded: ", "订单不需要这笔付款，退款没有成功："),
    ("the order does not need this payment: refund ", "订单不需要这笔付款，退款单 "),
    ("resolved by a query: it is paid in the books now", "已查询并记账"),
    ("its refunds are on the books now", "退款已补记"),
    ("it has no number that the books take", "单号无法记账"),
    ("the refund has ended: ", "退款已结束："),
    ("it is a refund of ", "账上是另一笔付款的退款："),
    ("WeChat did not answer: ", "微信没有应答："),
    ("WeChat says ", "微信为 "),
    ("a query says ", "查询结果："),
    ("expected ", "应为 "),
    (", got ", "，实际 "),
    (", not on the books; ", "，账上没有；"),
    (" is on the books", " 已在账上"),
    (" on the books, ", "（账上），"),
    (" on the books", "（账上）"),
    ("paid in the bill; ", "已支付（账单）；"),
    (" in the bill; ", "（账单）；"),
    (" in the bill", "（账单）"),
    (" can be refunded, ", " 可退，"),
    (" were refunded, ", " 已退，"),
    (" were not given back: ", " 没有退给买家："),
    (" were left", " 还在余额里"),
    (" is not a transaction_id", " 不是微信支付单号"),
    ("refunded: ", "已退款："),
    ("it is ", "账上为 "),
];

/// The detail or the resolution of a discrepancy in the page's language, with its amounts in yuan.
pub(super) fn difference_words(detail: &str) -> String {
    let mut text = detail.to_owned();
    for between in BETWEEN {
        if let Some(at) = text.find(between).map(|at| at + between.len()) {
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 && !text[at + digits..].starts_with(" fen") {
                text.insert_str(at + digits, " fen");
            }
        }
    }
    if language() == Language::English {
        return in_yuan(&text);
    }
    DIFFERENCE.iter().fold(in_yuan(&text), |text, (program, words)| text.replace(program, words))
}

/// An amount as the program writes it: `23700 fen`.
pub(super) fn fen_of(text: &str) -> Option<Fen> {
    text.strip_suffix(" fen")?.parse().ok().map(Fen)
}

/// The detail of a refund without the words that its pieces return to the stock, and these words in the page's language.
pub(super) fn split_restock(detail: &str) -> (&str, &'static str) {
    match detail.strip_suffix(", the pieces return to the stock") {
        Some(start) => (start, t("，商品退回库存", ", the pieces return to the stock")),
        None => (detail, ""),
    }
}

/// The name of a person; the command line has none.
pub(super) fn who_word(name: &str) -> &str {
    if name == "command-line" { t("命令行", "command line") } else { name }
}

/// `23700 fen` is `¥237.00`.
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
    fn a_discrepancy_is_in_chinese() {
        assert_eq!(difference_words("expected 5900 fen, got 6000"), "应为 ¥59.00，实际 ¥60.00");
        assert_eq!(
            difference_words("5900 fen on the books, 6000 in the bill; a query says paid"),
            "¥59.00（账上），¥60.00（账单）；查询结果：paid"
        );
        assert_eq!(difference_words("已在商户平台退款 (clerk)"), "已在商户平台退款 (clerk)");
    }

    #[test]
    fn amounts_are_in_yuan() {
        assert_eq!(in_yuan("R1, 23700 fen, by demo"), "R1, ¥237.00, by demo");
        assert_eq!((fen_of("23700 fen"), fen_of("a fen")), (Some(Fen(23_700)), None));
        assert_eq!((in_yuan("a fen"), in_yuan("")), ("a fen".to_owned(), String::new()));
    }
}
