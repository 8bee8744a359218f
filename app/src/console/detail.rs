//! The details of events and of the audit, as staff read them. The database keeps the English words of the program, so that
//! old rows read like new ones.

use model::Fen;

/// Whole details.
const WHOLE: [(&str, &str); 6] = [
    ("the time to pay is over", "支付时间已过"),
    (
        "no payment has begun: the stock is back, the order can still be paid",
        "未开始支付，库存已退回，订单仍可支付",
    ),
    ("no attempt can be paid any more: the stock is back", "已无法再支付，库存已退回"),
    ("the shopper cancelled it", "顾客取消"),
    ("fetched at the shop", "到店自取"),
    ("sent", "配送"),
];

/// Ends of details.
const ENDS: [(&str, &str); 3] = [
    (", the pieces return to the stock", "，商品退回库存"),
    (", after an earlier attempt", "，此前已有支付尝试"),
    (" pieces", " 件"),
];

/// Parts that the program wrote, with the signs beside them: what a person typed stays as it is.
const PARTS: [(&str, &str); 3] =
    [(": all that is left", "：全部剩余金额"), (", was ¥", "，原为 ¥"), ("top-up, ¥", "充值，¥")];

/// A detail in Chinese, with its amounts in yuan.
pub(super) fn detail_words(detail: &str) -> String {
    if let Some((_, words)) = WHOLE.iter().find(|(program, _)| *program == detail) {
        return (*words).to_owned();
    }
    let end = ENDS.iter().find_map(|(program, words)| Some((detail.strip_suffix(program)?, *words)));
    let (start, end) = end.unwrap_or((detail, ""));
    let text = PARTS.iter().fold(in_yuan(start), |text, (program, words)| text.replace(program, words));
    // the reason comes behind the name
    let text = match text.split_once(": ") {
        Some((own, typed)) => format!("{}：{typed}", own.replace(", by ", "，操作人 ")),
        None => text,
    };
    text + end
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
    fn amounts_are_in_yuan_and_words_in_chinese() {
        assert_eq!(
            detail_words("R1, 23700 fen, by demo: 少发一件, the pieces return to the stock"),
            "R1, ¥237.00，操作人 demo：少发一件，商品退回库存"
        );
        assert_eq!(detail_words("mug: 大, 5900 fen, was 6900 fen"), "mug：大, ¥59.00，原为 ¥69.00");
        assert_eq!(detail_words("sent"), "配送");
        assert_eq!(detail_words("2 pieces"), "2 件");
        assert_eq!(
            detail_words("O1: all that is left, box of tea, by hand"),
            "O1：全部剩余金额, box of tea, by hand"
        );
        assert_eq!(detail_words("a fen"), "a fen");
        assert_eq!(detail_words(""), "");
    }
}
