//! Translates the details of discrepancies for staff. The database keeps the program's English words, so old rows can
//! be translated too. Words that a person typed stay unchanged.

use model::{Fen, discrepancy::DiscrepancyKind, refund::RefundState};

use super::{
    detail::{fen_of, in_yuan},
    language::{t, tf},
    messages::refund_word,
};

/// The detail of a discrepancy. A detail without a translation keeps its words, with its amounts in yuan.
pub(super) fn detail_words(kind: DiscrepancyKind, detail: &str) -> String {
    fixed(detail)
        .map(str::to_owned)
        .or_else(|| mismatch(kind, detail))
        .or_else(|| of_refund(kind, detail))
        .or_else(|| of_payment(detail))
        .or_else(|| of_bill(detail))
        .unwrap_or_else(|| in_yuan(detail))
}

/// The resolution of a discrepancy: the shop's own words translated, or the note of a person.
pub(super) fn resolution_words(resolution: &str) -> String {
    if let Some(word) = resolution.strip_prefix("the refund has ended: ")
        && let Ok(ended) = word.parse::<RefundState>()
    {
        let word = refund_word(ended);
        return tf!("退款已有结果：{word}", "The refund has ended: {word}");
    }
    if let Some(number) = resolution.strip_prefix("refunded: ").filter(|number| is_number(number)) {
        return tf!("已退款，退款单 {number}", "Refunded: {number}");
    }
    match resolution {
        "its refunds are on the books now" => t("退款已补记", "Its refunds are on the books now").to_owned(),
        "resolved by a query: it is paid in the books now" => {
            t("已向微信查询并记为已支付", "WeChat was asked, and the payment is on the books now").to_owned()
        }
        "resolved by a query: the books have the same state now" => {
            t("已向微信查询，账目已一致", "WeChat was asked, and the books agree now").to_owned()
        }
        other => other.to_owned(),
    }
}

/// The number that a discrepancy is about, or the line of the bill.
pub(super) fn subject_words(number: &str) -> String {
    match number.strip_prefix("line ") {
        Some(line) => tf!("账单第 {line} 行", "line {line} of the bill"),
        None => number.to_owned(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
}

/// Reads an amount in fen, with or without its unit.
fn fee_of(text: &str) -> Option<Fen> {
    fen_of(text).or_else(|| text.parse().ok().map(Fen))
}

/// The details without a variable part.
fn fixed(detail: &str) -> Option<&'static str> {
    Some(match detail {
        "no attempt has this out_trade_no" => {
            t("本店没有这个商户订单号", "This shop has no payment with this out_trade_no")
        }
        "the shopper's account does not take it: decide in the merchant platform" => t(
            "买家的付款账户收不了这笔退款，钱还在微信",
            "The account that paid cannot receive this refund. WeChat still has the money",
        ),
        "the order was shipped meanwhile: its pieces were not returned to the stock" => t(
            "退款完成前订单已发货，商品没有放回库存",
            "The order was shipped before the refund ended, and its goods did not return to stock",
        ),
        "WECHAT_API_V2_KEY is not set: a refund that was made in the merchant platform cannot be read" => t(
            "小店没有 APIv2 密钥，读不了在商户平台做的退款",
            "The shop has no APIv2 key, so it cannot read a refund that was made in the merchant platform",
        ),
        "WeChat says trade_state=REFUND, and the shop cannot list the refunds: Pay V3 has no list, Pay V2 needs the APIv2 key"
        | "WeChat says trade_state=REFUND, and Pay V3 has no list of an order's refunds" => t(
            "微信说这笔付款有退款，但没有说退了多少",
            "WeChat says that this payment was refunded, and not how much of it",
        ),
        _ => return None,
    })
}

/// Reads `expected 5900, got 6000`.
fn mismatch(kind: DiscrepancyKind, detail: &str) -> Option<String> {
    let (expected, got) = detail.strip_prefix("expected ")?.split_once(", got ")?;
    let is_amount = matches!(kind, DiscrepancyKind::OtherAmount | DiscrepancyKind::OtherRefundAmount);
    let words = |text: &str| match fee_of(text).filter(|_| is_amount) {
        Some(fee) => format!("¥{fee}"),
        None => text.to_owned(),
    };
    let (expected, got) = (words(expected), words(got));
    Some(tf!("应为 {expected}，实际为 {got}", "expected {expected}, got {got}"))
}

fn of_refund(kind: DiscrepancyKind, detail: &str) -> Option<String> {
    if let Some((fee, why)) = detail.split_once(" were not given back: ") {
        let (fee, why) = (fen_of(fee)?, error_words(why));
        return Some(tf!("¥{fee} 没有退给买家：{why}", "¥{fee} did not go back to the buyer: {why}"));
    }
    if let Some(number) =
        detail.strip_prefix("it is a refund of ").and_then(|rest| rest.strip_suffix(" on the books"))
    {
        return Some(tf!("在账上，它是付款 {number} 的退款", "on the books it is a refund of {number}"));
    }
    if let Some(left) = detail.strip_prefix("it is closed on the books, WeChat says success; ") {
        let (left, of) = left.strip_suffix(" are left")?.split_once(" fen of ")?;
        let (left, of) = (fee_of(left)?, fee_of(of)?);
        return Some(tf!(
            "账上已关闭，微信说已退款 ¥{of}；这笔付款只剩 ¥{left} 可退",
            "closed on the books, and WeChat says that ¥{of} were refunded; only ¥{left} can be refunded"
        ));
    }
    if let Some((books, wechat)) =
        detail.strip_prefix("it is ").and_then(|rest| rest.split_once(" on the books, WeChat says "))
    {
        let (books, wechat) = (state(books), state(wechat));
        return Some(tf!(
            "账上为“{books}”，微信为“{wechat}”",
            "on the books: {books}, WeChat says: {wechat}"
        ));
    }
    if let Some((left, fee)) =
        detail.strip_suffix(" were").and_then(|rest| rest.split_once(" fen can be refunded, "))
    {
        let (left, fee) = (fee_of(left)?, fee_of(fee)?);
        return Some(tf!("只剩 ¥{left} 可退，却退了 ¥{fee}", "¥{left} could be refunded, and ¥{fee} were"));
    }
    if let Some((fee, left)) =
        detail.strip_suffix(" were left").and_then(|rest| rest.split_once(" fen were refunded, "))
    {
        let (fee, left) = (fee_of(fee)?, fee_of(left)?);
        return Some(tf!(
            "退了 ¥{fee}，余额里只剩 ¥{left}",
            "¥{fee} were refunded, and ¥{left} were left in the balance"
        ));
    }
    match kind {
        DiscrepancyKind::RefundStuck => {
            let (own, why) = detail.split_once(": ")?;
            let (own, word) = own.rsplit_once(", ")?;
            let (number, fee) = own.split_once(", ")?;
            let (fee, word, why) = (fen_of(fee)?, state(word), error_words(why));
            Some(tf!("退款单 {number}，¥{fee}，{word}：{why}", "refund {number}, ¥{fee}, {word}: {why}"))
        }
        DiscrepancyKind::RefundOfUnknownOrder => {
            let (number, fee) = detail.split_once(", ")?;
            let fee = fen_of(fee)?;
            Some(tf!("退款单 {number}，¥{fee}", "refund {number}, ¥{fee}"))
        }
        _ => None,
    }
}

fn of_payment(detail: &str) -> Option<String> {
    if let Some(number) = detail.strip_prefix("the order does not need this payment: refund ") {
        return Some(tf!(
            "订单不需要这笔付款，自动退款单 {number}",
            "the order does not need this payment: refund {number}"
        ));
    }
    if let Some(why) = detail.strip_prefix("the order does not need this payment, and it was not refunded: ")
    {
        let why = error_words(why);
        return Some(tf!(
            "订单不需要这笔付款，自动退款没有成功：{why}",
            "the order does not need this payment, and it was not refunded: {why}"
        ));
    }
    if let Some(number) = detail.strip_suffix(" is on the books").filter(|number| is_number(number)) {
        return Some(tf!("账上已有微信支付单号 {number}", "the books have the transaction_id {number}"));
    }
    if let Some(text) = detail.strip_suffix(" is not a transaction_id") {
        let text = text.trim_matches('"');
        return Some(tf!("“{text}”不是微信支付单号", "“{text}” is not a transaction_id"));
    }
    let end = ": the books do not have this order. Was the database restored from a backup?";
    let (own, who) = detail.strip_suffix(end)?.rsplit_once(" by ")?;
    let (own, at) = own.split_once(", paid at ")?;
    let (number, fee) = own.split_once(", ")?;
    let fee = fen_of(fee)?;
    Some(tf!(
        "微信支付单号 {number}，¥{fee}，{at} 付款，买家 {who}：账上没有这笔订单。数据库是否从备份恢复过？",
        "transaction_id {number}, ¥{fee}, paid at {at} by {who}: the books do not have this order. Was the database restored from a backup?"
    ))
}

fn of_bill(detail: &str) -> Option<String> {
    if let Some((line, rest)) =
        detail.strip_prefix("line ").and_then(|rest| rest.split_once(" of the bill: "))
    {
        let text = ["has a wrong form: ", "does not have the fields of the header: "];
        let text = text.into_iter().find_map(|error| rest.split_once(error)).map_or(rest, |(_, text)| text);
        return Some(tf!("第 {line} 行格式不对：{text}", "line {line} has a wrong form: {text}"));
    }
    if let Some(own) = detail.strip_suffix(": it has no number that the books take") {
        let (fee, number) = own.split_once(" fen of ")?;
        let fee = fee_of(fee)?;
        return Some(tf!(
            "付款 {number} 的退款 ¥{fee}：退款单号本店记不了账",
            "¥{fee} of {number}: it has no number that the books take"
        ));
    }
    let (what, said) = detail.split_once("; ")?;
    let what = bill_and_books(what)?;
    let said = answer(said)?;
    Some(tf!("{what}；{said}", "{what}; {said}"))
}

/// Reads what the bill and the books say.
fn bill_and_books(what: &str) -> Option<String> {
    if let Some(own) = what.strip_suffix(", not on the books") {
        let (fee, number) = own.split_once(" fen of ")?;
        let fee = fee_of(fee)?;
        return Some(tf!("付款 {number} 的退款 ¥{fee}，账上没有", "¥{fee} of {number}, not on the books"));
    }
    if let Some(own) = what.strip_suffix(", paid that day as WeChat reported it") {
        let (number, fee) = own.split_once(", ")?;
        let fee = fen_of(fee)?;
        return Some(tf!(
            "微信支付单号 {number}，¥{fee}，微信当天通知已支付",
            "transaction_id {number}, ¥{fee}, paid that day as WeChat reported it"
        ));
    }
    if let Some(bill) = what.strip_suffix(" in the bill") {
        let Some((books, bill)) = bill.split_once(" on the books, ") else {
            let bill = state(bill);
            return Some(tf!("账单上为“{bill}”", "in the bill: {bill}"));
        };
        if let (Some(books), Some(bill)) = (fen_of(books), fee_of(bill)) {
            return Some(tf!("账上 ¥{books}，账单上 ¥{bill}", "¥{books} on the books, ¥{bill} in the bill"));
        }
        let (books, bill) = (state(books), state(bill));
        return Some(tf!("账上为“{books}”，账单上为“{bill}”", "on the books: {books}, in the bill: {bill}"));
    }
    let (fee, word) = what.split_once(", ")?;
    let (fee, word) = (fen_of(fee)?, state(word));
    Some(tf!("退款 ¥{fee}，账上为“{word}”", "¥{fee}, on the books: {word}"))
}

/// Reads WeChat's answer to the shop's query about a discrepancy.
fn answer(said: &str) -> Option<String> {
    if said == "a query finds no such refund" {
        return Some(t("向微信查询：没有这笔退款", "WeChat says: no such refund").to_owned());
    }
    if let Some(error) = said.strip_prefix("WeChat did not answer: ") {
        let error = error_words(error);
        return Some(tf!("向微信查询，没有结果：{error}", "WeChat gave no answer: {error}"));
    }
    let word = said.strip_prefix("a query says")?.trim_start_matches([':', ' ']);
    let word = state(word);
    Some(tf!("向微信查询：{word}", "WeChat says: {word}"))
}

/// The state of a payment or a refund. `word` is a word of our books or of WeChat.
fn state(word: &str) -> String {
    if let Ok(known) = word.parse::<RefundState>() {
        return refund_word(known).to_owned();
    }
    let known = match word {
        "" => t("没有", "none"),
        "SUCCESS" => refund_word(RefundState::Success),
        "PROCESSING" => refund_word(RefundState::Processing),
        "CHANGE" | "ABNORMAL" => refund_word(RefundState::Abnormal),
        "CLOSED" | "REFUNDCLOSE" => refund_word(RefundState::Closed),
        "FAIL" => t("退款失败", "Refund failed"),
        "paid" => t("已支付", "Paid"),
        "open" | "not paid" | "NOTPAY" => t("未支付", "Not paid"),
        "USERPAYING" => t("支付中", "The buyer is paying"),
        "PAYERROR" => t("支付失败", "The payment failed"),
        "REVOKED" => t("已撤销", "Revoked"),
        "REFUND" => t("有退款", "Refunded"),
        "no such order" => t("没有这笔订单", "No such order"),
        other => return error_words(other),
    };
    known.to_owned()
}

/// The text of an error. WeChat's own words stay unchanged.
pub(super) fn error_words(error: &str) -> String {
    if let Some((_, refusal)) = error.split_once("WeChat refused: ") {
        return tf!("微信拒绝：{refusal}", "WeChat refused: {refusal}");
    }
    let known = [
        ("WeChat closed the refund", t("微信关闭了这笔退款", "WeChat closed the refund")),
        (
            "WeChat says no more than that it has accepted it",
            t("微信已受理，还没有结果", "WeChat has accepted it, and gives no result yet"),
        ),
        (
            "WeChat's answer does not name the refund",
            t("微信的应答里没有这笔退款", "WeChat's answer does not name the refund"),
        ),
        ("no response in time", t("微信没有及时应答", "WeChat did not answer in time")),
        ("cannot connect: ", t("连接不上微信", "WeChat cannot be reached")),
        ("the connection failed: ", t("与微信的连接中断", "the connection to WeChat failed")),
        (
            "the call was cancelled before its response",
            t("请求中断，没有等到应答", "the call ended before its answer"),
        ),
        (
            "cannot verify the response: ",
            t(
                "微信的应答无法验证，请检查密钥和证书",
                "WeChat's answer cannot be verified: check the keys and certificates",
            ),
        ),
        (
            "cannot decrypt the response",
            t("微信的应答无法解密，请检查密钥", "WeChat's answer cannot be decrypted: check the key"),
        ),
        ("cannot read the response: ", t("看不懂微信的应答", "WeChat's answer cannot be read")),
        (
            "the payment has fifty refunds already",
            t("这笔付款已有 50 次退款，微信不允许更多", "the payment has fifty refunds already"),
        ),
        (
            "the out_refund_no belongs to another refund",
            t("退款单号已被另一笔退款使用", "the refund number belongs to another refund"),
        ),
        ("it has no number for a refund", t("这笔付款没有可用的退款单号", "it has no number for a refund")),
        (
            "the attempt was made with an account that is not configured",
            t(
                "付款所用的商户号或应用现在没有配置",
                "the payment was made with an account that is not configured",
            ),
        ),
    ];
    if let Some((_, words)) = known.into_iter().find(|(program, _)| error.contains(*program)) {
        return words.to_owned();
    }
    if let Some((_, status)) = error.split_once("WeChat answered with HTTP status ") {
        return tf!("微信应答出错（HTTP {status}）", "WeChat answered with HTTP status {status}");
    }
    in_yuan(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_a_detail_has_words() {
        use DiscrepancyKind as Kind;
        for (kind, detail, expected) in [
            (Kind::OtherAmount, "expected 5900, got 6000", "应为 ¥59.00，实际为 ¥60.00"),
            (Kind::OtherRefundAmount, "expected 5900 fen, got 6000", "应为 ¥59.00，实际为 ¥60.00"),
            (Kind::OtherMchId, "expected 1900000001, got 1900000002", "应为 1900000001，实际为 1900000002"),
            (
                Kind::RefundClosed,
                "11800 fen were not given back: WeChat closed the refund",
                "¥118.00 没有退给买家：微信关闭了这笔退款",
            ),
            (
                Kind::RefundClosed,
                "11800 fen were not given back: refund: WeChat refused: NOTENOUGH 余额不足",
                "¥118.00 没有退给买家：微信拒绝：NOTENOUGH 余额不足",
            ),
            (
                Kind::RefundAbnormal,
                "the shopper's account does not take it: decide in the merchant platform",
                "买家的付款账户收不了这笔退款，钱还在微信",
            ),
            (
                Kind::RefundContradiction,
                "it is closed on the books, WeChat says success; 100 fen of 5900 are left",
                "账上已关闭，微信说已退款 ¥59.00；这笔付款只剩 ¥1.00 可退",
            ),
            (
                Kind::RefundContradiction,
                "it is success on the books, WeChat says closed",
                "账上为“已退款”，微信为“已关闭”",
            ),
            (Kind::RefundContradiction, "it is a refund of 42 on the books", "在账上，它是付款 42 的退款"),
            (
                Kind::RefundExceedsPayment,
                "100 fen can be refunded, 200 were",
                "只剩 ¥1.00 可退，却退了 ¥2.00",
            ),
            (
                Kind::RefundedTopUpWasSpent,
                "500 fen were refunded, 200 were left",
                "退了 ¥5.00，余额里只剩 ¥2.00",
            ),
            (
                Kind::RefundStuck,
                "R1, 5900 fen, processing: WeChat says no more than that it has accepted it",
                "退款单 R1，¥59.00，退款中：微信已受理，还没有结果",
            ),
            (Kind::RefundOfUnknownOrder, "R1, 5900 fen", "退款单 R1，¥59.00"),
            (
                Kind::SecondPayment,
                "the order does not need this payment: refund 42R01",
                "订单不需要这笔付款，自动退款单 42R01",
            ),
            (Kind::SecondTransactionId, "4200 is on the books", "账上已有微信支付单号 4200"),
            (Kind::BadTransactionId, "\"a b\" is not a transaction_id", "“a b”不是微信支付单号"),
            (
                Kind::UnknownOrder,
                "4200, 5900 fen, paid at 2026-11-30 10:00:00 by oA: the books do not have this order. Was the database restored from a backup?",
                "微信支付单号 4200，¥59.00，2026-11-30 10:00:00 付款，买家 oA：账上没有这笔订单。数据库是否从备份恢复过？",
            ),
            (
                Kind::BillUnreadableRow,
                "line 5 of the bill: line 5 of the bill: 订单金额 has a wrong form: `x",
                "第 5 行格式不对：`x",
            ),
            (
                Kind::BillAmount,
                "5900 fen on the books, 6000 in the bill; a query says paid",
                "账上 ¥59.00，账单上 ¥60.00；向微信查询：已支付",
            ),
            (
                Kind::BillUnpaidOnBooks,
                "open on the books, paid in the bill; a query says paid",
                "账上为“未支付”，账单上为“已支付”；向微信查询：已支付",
            ),
            (
                Kind::BillTradeState,
                "REVOKED in the bill; WeChat did not answer: orderquery: no response in time",
                "账单上为“已撤销”；向微信查询，没有结果：微信没有及时应答",
            ),
            (
                Kind::BillUnknownRefund,
                "5900 fen of 42, not on the books; a query finds no such refund",
                "付款 42 的退款 ¥59.00，账上没有；向微信查询：没有这笔退款",
            ),
            (
                Kind::BillMissingPayment,
                "4200, 5900 fen, paid that day as WeChat reported it; a query says: closed",
                "微信支付单号 4200，¥59.00，微信当天通知已支付；向微信查询：已关闭",
            ),
            (
                Kind::BillMissingRefund,
                "5900 fen, success; a query says processing",
                "退款 ¥59.00，账上为“已退款”；向微信查询：退款中",
            ),
            // a text without a rule stays unchanged
            (Kind::UnknownEvent, "TRANSACTION.NEW", "TRANSACTION.NEW"),
            (Kind::OtherAmount, "expected 5900", "expected 5900"),
        ] {
            assert_eq!(detail_words(kind, detail), expected, "{detail}");
        }
    }

    #[test]
    fn a_typed_resolution_stays_as_it_is() {
        assert_eq!(resolution_words("the refund has ended: success"), "退款已有结果：已退款");
        assert_eq!(resolution_words("refunded: 42R01"), "已退款，退款单 42R01");
        for typed in ["已在商户平台退款 (clerk)", "refunded: by hand (clerk)", "it is 100 fen (clerk)"]
        {
            assert_eq!(resolution_words(typed), typed);
        }
        assert_eq!(
            (subject_words("line 5"), subject_words("42")),
            ("账单第 5 行".to_owned(), "42".to_owned())
        );
    }
}
