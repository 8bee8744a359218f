//! What staff read.

use model::{
    Language,
    message::{DropReason, MessageSubject},
    record::MessageRecord,
};

use super::Messages;
use crate::{ShopError, clock::shanghai};

impl Messages {
    /// The text of a message to staff: a line that says what happened, and the console's page about it.
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
        let content = match self.facts(message).await? {
            Ok(content) => content,
            Err(why) => return Ok(Err(why)),
        };
        let (id, goods, amount, reason) = (content.order, content.goods, content.amount, content.reason);
        let what = match (message.subject, zh) {
            (MessageSubject::RefundWanted, true) => format!("买家申请退款，订单 {id}：{reason}"),
            (MessageSubject::RefundWanted, false) => {
                format!("The buyer of order {id} asks for a refund: {reason}")
            }
            (_, true) => format!("新订单 {id}：{goods}，¥{amount}"),
            (_, false) => format!("New paid order {id}: {goods}, ¥{amount}"),
        };
        Ok(Ok(format!("{what}\n{url}/console/orders/{id}")))
    }

    /// What staff read about a complaint. `about` is its number, a full stop, and why staff are told.
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
        // a robot takes 2,048 bytes
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
