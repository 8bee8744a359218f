//! The details of events and of the audit, as staff read them. The database keeps the English words of the program, so that
//! old rows read like new ones.

use model::{Fen, Language};

use super::language::language;

/// Whole details.
const WHOLE: [(&str, &str); 6] = [
    ("the time to pay is over", "支付时间已过"),
    (
        "no payment has begun: the stock is back, the order can still be paid",
        "未开始支付，库存已退回，订单仍可支付",
    ),
    ("no attempt can be paid any more: the stock is back", "已无法再支付，库存已退回"),
    ("the shopper cancelled it", "买家取消"),
    ("fetched at the shop", "到店自取"),
    ("sent", "配送"),
];

/// Ends of details.
const ENDS: [(&str, &str); 6] = [
    (", owner", "，店主"),
    (", clerk", "，店员"),
    (", reader", "，只读"),
    (", the pieces return to the stock", "，商品退回库存"),
    (", after an earlier attempt", "，此前已有支付尝试"),
    (" pieces", " 件"),
];

/// Parts that the program wrote, with the signs beside them: what a person typed stays as it is.
const PARTS: [(&str, &str); 14] = [
    (": all that is left", "：全部剩余金额"),
    (", was ¥", "，原为 ¥"),
    ("top-up, ¥", "充值，¥"),
    ("collected by the shopper, handed over by ", "买家已取货，操作人 "),
    ("no parcel follows, by ", "没有其他包裹，操作人 "),
    (", parcel ", "，包裹 "),
    (": first /pictures/", "：设为首图 /pictures/"),
    (": earlier /pictures/", "：前移 /pictures/"),
    (": remove /pictures/", "：删除 /pictures/"),
    (" into ", " 并入 "),
    (", orders ", "，订单 "),
    (", cart lines ", "，购物车商品 "),
    (", addresses ", "，地址 "),
    (", balance ¥", "，余额 ¥"),
];

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

/// A detail in the page's language, with its amounts in yuan.
pub(super) fn detail_words(detail: &str) -> String {
    if language() == Language::English {
        // the program wrote it for its log
        return match detail {
            "fetched at the shop" => "store pickup".to_owned(),
            "sent" => "delivery".to_owned(),
            _ => in_yuan(detail),
        };
    }
    if let Some((_, words)) = WHOLE.iter().find(|(program, _)| *program == detail) {
        return (*words).to_owned();
    }
    let end = ENDS.iter().find_map(|(program, words)| Some((detail.strip_suffix(program)?, *words)));
    let (start, end) = end.unwrap_or((detail, ""));
    if let Some(words) = stock_words(start) {
        return words;
    }
    let text = PARTS.iter().fold(in_yuan(start), |text, (program, words)| text.replace(program, words));
    // the reason comes behind the name
    let text = match text.split_once(": ") {
        Some((own, typed)) => format!("{}：{typed}", own.replace(", by ", "，操作人 ")),
        None => text,
    };
    text + end
}

/// `sku: 10 to 12` and `sku: +2`: a corrected stock.
fn stock_words(detail: &str) -> Option<String> {
    let (sku, change) = detail.split_once(": ")?;
    if let Some((from, to)) = change.split_once(" to ") {
        let (from, to): (i64, i64) = (from.parse().ok()?, to.parse().ok()?);
        return Some(format!("{sku}：库存从 {from} 改为 {to}"));
    }
    let pieces: i64 = change.strip_prefix(['+', '-']).and_then(|digits| digits.parse().ok())?;
    Some(format!("{sku}：库存{} {pieces} 件", if change.starts_with('+') { "增加" } else { "减少" }))
}

/// `23700 fen` is `¥237.00`.
fn in_yuan(text: &str) -> String {
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
    fn a_discrepancy_and_a_stock_are_in_chinese() {
        assert_eq!(difference_words("expected 5900 fen, got 6000"), "应为 ¥59.00，实际 ¥60.00");
        assert_eq!(
            difference_words("5900 fen on the books, 6000 in the bill; a query says paid"),
            "¥59.00（账上），¥60.00（账单）；查询结果：paid"
        );
        assert_eq!(difference_words("已在商户平台退款 (clerk)"), "已在商户平台退款 (clerk)");
        assert_eq!(detail_words("mug-300: 10 to 12"), "mug-300：库存从 10 改为 12");
        assert_eq!(detail_words("mug-300: -3"), "mug-300：库存减少 3 件");
    }

    #[test]
    fn amounts_are_in_yuan_and_words_in_chinese() {
        assert_eq!(
            detail_words("R1, 23700 fen, by demo: 少发一件, the pieces return to the stock"),
            "R1, ¥237.00，操作人 demo：少发一件，商品退回库存"
        );
        assert_eq!(detail_words("mug: 大, 5900 fen, was 6900 fen"), "mug：大, ¥59.00，原为 ¥69.00");
        assert_eq!(detail_words("sent"), "配送");
        assert_eq!(detail_words("anna, clerk"), "anna，店员");
        assert_eq!(detail_words("mug: first /pictures/a.svg"), "mug：设为首图 /pictures/a.svg");
        assert_eq!(detail_words("2 pieces"), "2 件");
        assert_eq!(
            detail_words("O1: all that is left, box of tea, by hand"),
            "O1：全部剩余金额, box of tea, by hand"
        );
        assert_eq!(detail_words("a fen"), "a fen");
        assert_eq!(detail_words(""), "");
    }
}
