//! What staff read.

use model::{
    Language,
    message::{DropReason, MessageSubject},
    record::MessageRecord,
};

use super::Messages;
use crate::ShopError;

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
}
