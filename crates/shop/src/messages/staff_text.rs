//! The texts of messages to staff.

use model::{
    Language,
    after_sale::{AfterSaleKind, AfterSaleState},
    message::{DropReason, MessageSubject},
    record::{AfterSaleRecord, MessageRecord},
};

use super::{Messages, facts::after_sale_of};
use crate::{ShopError, clock::shanghai};

impl Messages {
    /// The text of a message to staff: what happened, and the URL of the console's page about it. Or why the shop does
    /// not send it.
    pub(super) async fn staff_text(
        &self,
        message: &MessageRecord,
    ) -> Result<Result<String, DropReason>, ShopError> {
        let (url, zh) =
            (&self.settings.public_url, self.settings.messages.staff.language == Language::Chinese);
        if message.subject == MessageSubject::Discrepancy {
            let what = if zh {
                "有一笔对账差异，请到后台处理。"
            } else {
                "There is a discrepancy. Please resolve it in the console."
            };
            return Ok(Ok(format!("{what}\n{url}/console/differences")));
        }
        if message.subject == MessageSubject::Complaint {
            return self.complaint_text(message, zh).await;
        }
        if message.subject == MessageSubject::RefundWanted {
            return self.after_sale_text(message, zh).await;
        }
        let content = match self.facts(message).await? {
            Ok(content) => content,
            Err(why) => return Ok(Err(why)),
        };
        let (id, goods, amount) = (content.order, content.goods, content.amount);
        let what = if zh {
            format!("新订单 {id}：{goods}，¥{amount}")
        } else {
            format!("New paid order {id}: {goods}, ¥{amount}")
        };
        Ok(Ok(format!("{what}\n{url}/console/orders/{id}")))
    }

    /// The text about an after-sale: what the shopper asks for, what staff have to do until when, and what happens
    /// after that.
    async fn after_sale_text(
        &self,
        message: &MessageRecord,
        zh: bool,
    ) -> Result<Result<String, DropReason>, ShopError> {
        let after_sale = match after_sale_of(&message.about) {
            Some(id) => self.store.after_sale(&id).await?,
            None => None,
        };
        let Some(after_sale) = after_sale else { return Ok(Err(DropReason::Gone)) };
        let url = format!("{}/console/orders/{}", self.settings.public_url, after_sale.order_id);
        let (what, to_do) = if zh { words_zh(&after_sale) } else { words_en(&after_sale) };
        Ok(Ok(format!("{what}\n{to_do}\n{url}")))
    }

    /// The text about a complaint. `about` is the complaint's number, a full stop, and the reason of the message.
    async fn complaint_text(
        &self,
        message: &MessageRecord,
        zh: bool,
    ) -> Result<Result<String, DropReason>, ShopError> {
        let (id, why) = message.about.split_once('.').unwrap_or((message.about.as_str(), ""));
        let Some(complaint) = self.store.complaint(id).await? else { return Ok(Err(DropReason::Gone)) };
        let Some(due_ms) = complaint.state.due_ms(complaint.complained_ms) else {
            return Ok(Err(DropReason::OrderEnded));
        };
        let due = shanghai(due_ms).strftime("%m-%d %H:%M").to_string();
        // a robot accepts 2,048 bytes
        let words: String = complaint.detail.chars().take(100).collect();
        let what = match (why.starts_with("due"), zh) {
            (true, true) => format!("投诉快到期了，请在 {due} 前处理：{words}"),
            (true, false) => format!("A complaint is due at {due}: {words}"),
            (false, true) => format!("买家在微信投诉，请在 {due} 前处理：{words}"),
            (false, false) => format!("A buyer complained at WeChat, due at {due}: {words}"),
        };
        let url = &self.settings.public_url;
        Ok(Ok(format!("{what}\n{url}/console/complaints/{id}")))
    }
}

/// When the shop takes the next step by itself: month, day and time.
fn due(after_sale: &AfterSaleRecord) -> Option<String> {
    after_sale.due_ms.map(|ms| shanghai(ms).strftime("%m-%d %H:%M").to_string())
}

/// Two sentences in Chinese: what the shopper asks for or has done, and what staff have to do.
fn words_zh(asked: &AfterSaleRecord) -> (String, String) {
    let AfterSaleRecord { order_id, fee, reason, carrier, tracking_no, .. } = asked;
    let what = match (asked.state, asked.kind) {
        (AfterSaleState::Returned, _) => {
            format!("退货已寄回，订单 {order_id}：{carrier} {tracking_no}")
        }
        (_, AfterSaleKind::RefundOnly) => format!("买家申请仅退款 ¥{fee}，订单 {order_id}：{reason}"),
        (_, AfterSaleKind::Return) => format!("买家申请退货退款 ¥{fee}，订单 {order_id}：{reason}"),
    };
    let (to_do, then) = match (asked.state, asked.kind) {
        (AfterSaleState::Requested, AfterSaleKind::RefundOnly) => ("退款或拒绝", "自动退款"),
        (AfterSaleState::Requested, AfterSaleKind::Return) => {
            ("同意退货并填写退货地址，或拒绝", "自动同意退货")
        }
        (AfterSaleState::Returned, _) => ("确认收货，再退款或拒绝", "自动退款"),
        (AfterSaleState::Received, _) => ("退款或拒绝", "自动退款"),
        _ => return (what, "这个申请已有处理，请到后台查看。".to_owned()),
    };
    let to_do = match due(asked) {
        Some(due) => format!("请在 {due} 前{to_do}；逾期{then}。"),
        None => format!("请尽快{to_do}。"),
    };
    (what, to_do)
}

/// As [`words_zh`], in English.
fn words_en(asked: &AfterSaleRecord) -> (String, String) {
    let AfterSaleRecord { order_id, fee, reason, carrier, tracking_no, .. } = asked;
    let what = match (asked.state, asked.kind) {
        (AfterSaleState::Returned, _) => {
            format!("The buyer of order {order_id} has sent the goods back: {carrier} {tracking_no}")
        }
        (_, AfterSaleKind::RefundOnly) => {
            format!("The buyer of order {order_id} asks for ¥{fee} back, without a return: {reason}")
        }
        (_, AfterSaleKind::Return) => {
            format!("The buyer of order {order_id} asks to return goods for ¥{fee}: {reason}")
        }
    };
    let (to_do, then) = match (asked.state, asked.kind) {
        (AfterSaleState::Requested, AfterSaleKind::RefundOnly) => ("refund or decline", "refunds"),
        (AfterSaleState::Requested, AfterSaleKind::Return) => {
            ("agree with the address for the parcel, or decline", "agrees")
        }
        (AfterSaleState::Returned, _) => ("receive the goods, then refund or decline", "refunds"),
        (AfterSaleState::Received, _) => ("refund or decline", "refunds"),
        _ => return (what, "Somebody has answered it. See the console.".to_owned()),
    };
    let to_do = match due(asked) {
        Some(due) => format!("Please {to_do} before {due}; after that the shop {then} by itself."),
        None => format!("Please {to_do} soon."),
    };
    (what, to_do)
}

#[cfg(test)]
mod tests {
    use model::Fen;

    use super::*;

    fn asked(kind: AfterSaleKind, state: AfterSaleState, due_ms: Option<i64>) -> AfterSaleRecord {
        AfterSaleRecord {
            id: "20261121120000000001S1".parse().unwrap(),
            order_id: "20261121120000000001".parse().unwrap(),
            kind,
            state,
            lines: Vec::new(),
            fee: Fen(5900),
            reason: "太小".to_owned(),
            pictures: 0,
            asked_ms: 0,
            due_ms,
            answer: String::new(),
            who: String::new(),
            answered_ms: None,
            carrier: "顺丰速运".to_owned(),
            tracking_no: "SF1".to_owned(),
            sent_ms: None,
            received_ms: None,
            restock: false,
            cancels_pieces: true,
            out_refund_no: String::new(),
        }
    }

    #[test]
    fn each_state_says_what_to_do_in_both_languages() {
        use AfterSaleKind::{RefundOnly, Return};
        use AfterSaleState::{Declined, Requested, Returned};
        // 2026-03-31 12:00 in Shanghai
        let due = Some(1_774_929_600_000);
        let words = |kind, state, due_ms| {
            let row = asked(kind, state, due_ms);
            (words_zh(&row).1, words_en(&row).1)
        };
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(
            words(RefundOnly, Requested, due),
            both(
                "请在 03-31 12:00 前退款或拒绝；逾期自动退款。",
                "Please refund or decline before 03-31 12:00; after that the shop refunds by itself."
            )
        );
        // without a return address the shop does not agree by itself
        assert_eq!(
            words(Return, Requested, None),
            both(
                "请尽快同意退货并填写退货地址，或拒绝。",
                "Please agree with the address for the parcel, or decline soon."
            )
        );
        assert_eq!(
            words(Return, Returned, due),
            both(
                "请在 03-31 12:00 前确认收货，再退款或拒绝；逾期自动退款。",
                "Please receive the goods, then refund or decline before 03-31 12:00; after that the shop refunds by itself."
            )
        );
        assert_eq!(
            words(RefundOnly, Declined, None),
            both("这个申请已有处理，请到后台查看。", "Somebody has answered it. See the console.")
        );
        let row = asked(Return, Requested, due);
        assert!(words_zh(&row).0.starts_with("买家申请退货退款 ¥59.00，订单 2026"), "{row:?}");
        assert!(words_en(&row).0.contains("asks to return goods for ¥59.00: 太小"), "{row:?}");
    }
}
