//! Translates the details of an order's events for staff. The database keeps the program's English words, so old rows
//! can be translated too. Words that a person typed stay unchanged.

use model::{
    Fen,
    event::EventKind,
    record::{EventRecord, ItemRecord},
};

use super::{
    detail::{fen_of, in_yuan, split_restock, who_word},
    discrepancy_detail::error_words,
    language::{t, tf},
};

/// The detail of an event. `items` are the lines of its order, for the names of the products.
pub(super) fn event_words(event: &EventRecord, items: &[ItemRecord]) -> String {
    let detail = event.detail.as_str();
    match event.kind {
        EventKind::Placed => placed(detail, items),
        EventKind::AttemptStarted => started(detail),
        EventKind::AttemptClosed => closed(detail),
        EventKind::StockReleased => t(
            "未开始支付，库存已退回，订单仍可支付",
            "No payment has begun: the stock is back, and the order can still be paid",
        )
        .to_owned(),
        EventKind::StockHeldAgain => pieces(detail, " pieces").unwrap_or_else(|| detail.to_owned()),
        EventKind::Prepaid => tf!("预支付单号 {detail}", "prepay_id {detail}"),
        EventKind::Paid | EventKind::SecondPayment | EventKind::PaidAfterClose => paid(detail),
        EventKind::CloseRequested => match detail {
            "the time to pay is over" => t("支付时间已过", "The time to pay is over").to_owned(),
            "the shopper cancelled it" => t("买家取消", "The buyer cancelled it").to_owned(),
            _ => detail.to_owned(),
        },
        EventKind::Closed => {
            t("已无法再支付，库存已退回", "It cannot be paid any more. The stock is back").to_owned()
        }
        EventKind::DeliveryChosen => match detail {
            "fetched at the shop" => t("到店自取", "Store pickup").to_owned(),
            "sent" => t("配送", "Delivery").to_owned(),
            "changed after the payment" => {
                t("付款后修改了地址", "The address was changed after the payment").to_owned()
            }
            _ => detail.to_owned(),
        },
        EventKind::SheetReported => match detail {
            "ok" => t("支付成功", "Paid").to_owned(),
            "cancel" => t("买家取消支付", "Cancelled by the buyer").to_owned(),
            "fail" => t("支付失败", "The payment failed").to_owned(),
            _ => detail.to_owned(),
        },
        EventKind::Shipped
        | EventKind::ShipmentCorrected
        | EventKind::ParcelAdded
        | EventKind::RefundDeclined
        | EventKind::ReturnAgreed
        | EventKind::GoodsSentBack
        | EventKind::ReturnReceived
        | EventKind::ReturnExpired
        | EventKind::RefundWithdrawn => with_person(detail),
        EventKind::RefundRequested => refund_started(detail),
        EventKind::RefundDelayed => after_number(detail, ": "),
        EventKind::RefundAccepted
        | EventKind::RefundSucceeded
        | EventKind::RefundClosed
        | EventKind::RefundAbnormal
        | EventKind::RefundElsewhere
        | EventKind::Restocked => of_refund(detail),
        // words of the shopper or of WeChat
        EventKind::RefundWanted
        | EventKind::Received
        | EventKind::ReportAccepted
        | EventKind::ReportRefused
        | EventKind::ShippingOverdue
        | EventKind::DeliveryReported
        | EventKind::Settled => detail.to_owned(),
    }
}

/// Reads `mug-300*2 pen*1, 15000 fen, 5000 of them from the balance`, or `top-up, 5000 fen`.
fn placed(detail: &str, items: &[ItemRecord]) -> String {
    let mut parts = detail.split(", ").map(|part| {
        if part == "top-up" {
            return t("充值", "top-up").to_owned();
        }
        if let Some(fen) = part.strip_suffix(" of them from the balance").and_then(|fen| fen.parse().ok()) {
            let fee = Fen(fen);
            return tf!("其中余额支付 ¥{fee}", "¥{fee} of it from the balance");
        }
        if let Some(fee) = fen_of(part) {
            return format!("¥{fee}");
        }
        part.split(' ').map(|line| bought(line, items)).collect::<Vec<_>>().join(t("、", ", "))
    });
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |text, part| text + t("，", ", ") + &part)
}

/// Reads `mug-300*2`, and replaces the SKU with the product's name.
fn bought(line: &str, items: &[ItemRecord]) -> String {
    let found = line.rsplit_once('*').and_then(|(sku, pieces)| {
        let item = items.iter().find(|item| item.sku.as_str() == sku)?;
        Some(item.in_words(pieces))
    });
    found.unwrap_or_else(|| line.to_owned())
}

/// Reads `v2 JSAPI HMAC-SHA256`, or `JSAPI, after an earlier attempt`.
fn started(detail: &str) -> String {
    let way = if detail.contains("MWEB") || detail.contains("H5") {
        t("手机浏览器支付", "Payment in a browser")
    } else if detail.contains("NATIVE") {
        t("扫码支付", "Payment with a QR code")
    } else {
        t("微信内支付", "Payment in WeChat")
    };
    let again = if detail.ends_with(", after an earlier attempt") {
        t("，此前已有支付尝试", ", after an earlier attempt")
    } else {
        ""
    };
    format!("{way}{again}")
}

fn closed(detail: &str) -> String {
    match detail {
        "close" => t("微信已关单", "WeChat closed it").to_owned(),
        "WeChat never had this order" => t("微信没有这笔订单", "WeChat never had this order").to_owned(),
        // an error or a state of WeChat that means the same
        other => tf!("微信已关单（{other}）", "WeChat closed it ({other})"),
    }
}

/// Reads `4200…, 5900 fen, 2026-…`, or `5000 fen from the balance`.
fn paid(detail: &str) -> String {
    if let Some(fee) = detail.strip_suffix(" from the balance").and_then(fen_of) {
        return tf!("余额支付 ¥{fee}", "¥{fee} from the balance");
    }
    let mut parts = detail.split(", ");
    // leave out WeChat's time, because the event has a time
    match (parts.next(), parts.next().and_then(fen_of)) {
        (Some(id), Some(fee)) => tf!("微信支付单号 {id}，¥{fee}", "transaction_id {id}, ¥{fee}"),
        _ => in_yuan(detail),
    }
}

/// Reads a detail that ends with the name of a person: `顺丰 SF1, by anna`.
fn with_person(detail: &str) -> String {
    if let Some(who) = detail.strip_prefix("collected by the shopper, handed over by ") {
        let who = who_word(who);
        return tf!("买家已取货，操作人 {who}", "collected by the buyer, handed over by {who}");
    }
    let Some((what, who)) = detail.rsplit_once(", by ") else { return detail.to_owned() };
    let who = who_word(who);
    let what = if what == "no parcel follows" { t("没有其他包裹", "no parcel follows") } else { what };
    if what.is_empty() {
        return tf!("操作人 {who}", "by {who}");
    }
    tf!("{what}，操作人 {who}", "{what}, by {who}")
}

/// Reads `R1, 5900 fen, by anna: 少发一件, the pieces return to the stock`.
fn refund_started(detail: &str) -> String {
    let (detail, end) = split_restock(detail);
    let parsed = detail.split_once(": ").and_then(|(own, reason)| {
        let (number, own) = own.split_once(", ")?;
        let (fee, who) = own.split_once(", by ")?;
        Some((number, fen_of(fee)?, who_word(who), reason))
    });
    match parsed {
        Some((number, fee, who, reason)) => tf!(
            "退款单 {number}，¥{fee}，操作人 {who}：{reason}{end}",
            "Refund {number}, ¥{fee}, by {who}: {reason}{end}"
        ),
        None => in_yuan(detail) + end,
    }
}

/// Reads `R1: what WeChat answered`.
fn after_number(detail: &str, between: &str) -> String {
    match detail.split_once(between) {
        Some((number, rest)) => {
            let rest = error_words(rest);
            tf!("退款单 {number}：{rest}", "Refund {number}: {rest}")
        }
        None => detail.to_owned(),
    }
}

/// Reads `R1, 5900 fen, 5000…` and `R1, 1 pieces are back in the stock`.
fn of_refund(detail: &str) -> String {
    let mut parts = detail.split(", ");
    let Some(number) = parts.next() else { return String::new() };
    let rest = parts.filter(|part| !part.is_empty()).map(|part| {
        if let Some(fee) = fen_of(part) {
            return format!("¥{fee}");
        }
        if let Some(back) = part.strip_suffix(" pieces are back in the stock") {
            return tf!("{back} 件已放回库存", "pieces back in stock: {back}");
        }
        tf!("微信退款单号 {part}", "refund_id {part}")
    });
    rest.fold(tf!("退款单 {number}", "Refund {number}"), |text, part| text + t("，", ", ") + &part)
}

fn pieces(detail: &str, end: &str) -> Option<String> {
    let number: i64 = detail.strip_suffix(end)?.parse().ok()?;
    Some(tf!("{number} 件", "pieces: {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_a_detail_has_words() {
        let words = |what, detail: &str| {
            let event = EventRecord {
                order_id: "202611210000000000000001".parse().unwrap(),
                seq: 1,
                at_ms: 1,
                source: model::event::EventSource::Shop,
                kind: what,
                out_trade_no: None,
                detail: detail.to_owned(),
            };
            event_words(&event, &[])
        };
        for (what, detail, expected) in [
            (EventKind::Placed, "top-up, 5000 fen", "充值，¥50.00"),
            (EventKind::AttemptStarted, "v3 JSAPI RSA", "微信内支付"),
            (EventKind::AttemptStarted, "JSAPI, after an earlier attempt", "微信内支付，此前已有支付尝试"),
            (EventKind::AttemptClosed, "close", "微信已关单"),
            (EventKind::StockHeldAgain, "2 pieces", "2 件"),
            (EventKind::Paid, "5000 fen from the balance", "余额支付 ¥50.00"),
            (EventKind::Paid, "42, 5900 fen, 2026-11-30", "微信支付单号 42，¥59.00"),
            (EventKind::CloseRequested, "the shopper cancelled it", "买家取消"),
            (EventKind::SheetReported, "cancel", "买家取消支付"),
            (EventKind::Shipped, "collected by the shopper, handed over by anna", "买家已取货，操作人 anna"),
            (EventKind::ReturnReceived, ", by anna", "操作人 anna"),
            (EventKind::RefundDeclined, "已经用过, by command-line", "已经用过，操作人 命令行"),
            // the words of a shopper stay unchanged
            (EventKind::RefundWanted, "5000 fen, by hand", "5000 fen, by hand"),
            (
                EventKind::RefundRequested,
                "R1, 23700 fen, by demo: 少发一件, the pieces return to the stock",
                "退款单 R1，¥237.00，操作人 demo：少发一件，商品退回库存",
            ),
            (
                EventKind::RefundDelayed,
                "R1: refund: WeChat refused: NOTENOUGH 余额不足",
                "退款单 R1：微信拒绝：NOTENOUGH 余额不足",
            ),
            (EventKind::RefundSucceeded, "R1, 100 fen, 50", "退款单 R1，¥1.00，微信退款单号 50"),
            (EventKind::RefundSucceeded, "R1, 100 fen, ", "退款单 R1，¥1.00"),
            (EventKind::Restocked, "R1, 1 pieces are back in the stock", "退款单 R1，1 件已放回库存"),
        ] {
            assert_eq!(words(what, detail), expected, "{what}: {detail}");
        }
    }
}
