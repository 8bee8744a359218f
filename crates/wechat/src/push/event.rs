use serde_json::Value;

use super::message::text;

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushEvent {
    /// `subscribe`: a user follows the official account.
    Subscribe {
        /// The scene of the QR code that the user scanned. `None` if the user followed in another way.
        scene: Option<String>,
    },
    /// `unsubscribe`: a user no longer follows the official account. The merchant must delete the user's profile.
    Unsubscribe,
    /// `subscribe_msg_popup_event` and `subscribe_msg_change_event`: a user allowed or refused messages.
    SubscribeAnswers(Vec<SubscribeAnswer>),
    /// `subscribe_msg_sent_event`: the results of the delivery of subscription messages.
    SubscribeSent(Vec<SubscribeSent>),
    /// `TEMPLATESENDJOBFINISH`: the result of the delivery of a template message.
    TemplateSent {
        /// The `msgid` that the call returned.
        msg_id: String,
        /// `success`, `failed:user block` or `failed: system failed`.
        status: String,
    },
    /// `trade_manage_remind_access_api`: the mini program sells goods and has never reported a delivery.
    DeliveriesNotReported,
    /// `trade_manage_remind_shipping`: the shop has not reported the delivery of a paid order within 48 hours.
    ShippingOverdue(TradeManagement),
    /// `trade_manage_order_settlement`: a delivery is complete, or WeChat has paid out the money. WeChat sends it
    /// twice.
    ///
    /// This leaves out `confirm_receive_method`: developers report that its values mean the reverse of the documents.
    Settlement {
        /// The order.
        order: TradeManagement,
        /// When WeChat paid out the money, in seconds since 1970. `None` in the first of the two events.
        settlement_time: Option<i64>,
    },
    /// `complaint_callback`: a trade complaint (交易类投诉) in the mini program. It is not a complaint of WeChat Pay.
    TradeComplaint {
        /// The number of the complaint.
        complaint_order_id: String,
        /// WeChat's number of the step that the complaint has reached.
        status: String,
        /// The shop's order number, if WeChat names it.
        out_trade_no: Option<String>,
    },
    /// An event that this crate does not read: its name.
    Other(String),
}

/// Whether a user allows messages of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribeAnswer {
    /// The id of the template.
    pub template_id: String,
    /// Whether the user allowed the messages.
    pub is_accepted: bool,
}

/// The result of the delivery of one subscription message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribeSent {
    /// The id of the template.
    pub template_id: String,
    /// The `msgid` that the call returned.
    pub msg_id: String,
    /// `0` means delivered.
    pub error_code: String,
    /// WeChat's word for the code.
    pub error_status: String,
}

/// The order of a trade management event. WeChat often leaves fields out, for example in the first settlement event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeManagement {
    /// WeChat's number of the payment.
    pub transaction_id: Option<String>,
    /// The merchant number.
    pub merchant_id: Option<String>,
    /// The shop's number of the payment (`out_trade_no`).
    pub merchant_trade_no: Option<String>,
}

impl PushEvent {
    pub(super) fn from_value(name: &str, value: &Value) -> Self {
        match name {
            "subscribe" => Self::Subscribe {
                scene: text(value, "EventKey")
                    .and_then(|key| key.strip_prefix("qrscene_").map(str::to_owned)),
            },
            "unsubscribe" => Self::Unsubscribe,
            "subscribe_msg_popup_event" => Self::SubscribeAnswers(answers(value, "SubscribeMsgPopupEvent")),
            "subscribe_msg_change_event" => Self::SubscribeAnswers(answers(value, "SubscribeMsgChangeEvent")),
            "subscribe_msg_sent_event" => {
                Self::SubscribeSent(list(value, "SubscribeMsgSentEvent").into_iter().map(sent).collect())
            }
            "TEMPLATESENDJOBFINISH" => Self::TemplateSent {
                msg_id: text(value, "MsgID").unwrap_or_default(),
                status: text(value, "Status").unwrap_or_default(),
            },
            "trade_manage_remind_access_api" => Self::DeliveriesNotReported,
            "trade_manage_remind_shipping" => Self::ShippingOverdue(order(value)),
            "trade_manage_order_settlement" => Self::Settlement {
                order: order(value),
                settlement_time: text(value, "settlement_time").and_then(|time| time.parse().ok()),
            },
            "complaint_callback" => {
                let complaint = value.get("BussiCallBackInfo").unwrap_or(value);
                Self::TradeComplaint {
                    complaint_order_id: text(complaint, "complaint_order_id").unwrap_or_default(),
                    status: text(complaint, "status").unwrap_or_default(),
                    out_trade_no: filled(complaint, "out_trade_no"),
                }
            }
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Reads the entries of an event: XML has `<SubscribeMsg…Event><List>…`, JSON has `List` at the top level. A single
/// entry has no array.
fn list<'a>(value: &'a Value, group: &str) -> Vec<&'a Value> {
    match value.get(group).unwrap_or(value).get("List") {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn answers(value: &Value, group: &str) -> Vec<SubscribeAnswer> {
    let answer = |entry: &Value| SubscribeAnswer {
        template_id: text(entry, "TemplateId").unwrap_or_default(),
        is_accepted: text(entry, "SubscribeStatusString").is_some_and(|word| word == "accept"),
    };
    list(value, group).into_iter().map(answer).collect()
}

fn sent(entry: &Value) -> SubscribeSent {
    let field = |name| text(entry, name).unwrap_or_default();
    SubscribeSent {
        template_id: field("TemplateId"),
        msg_id: field("MsgID"),
        error_code: field("ErrorCode"),
        error_status: field("ErrorStatus"),
    }
}

fn order(value: &Value) -> TradeManagement {
    TradeManagement {
        transaction_id: filled(value, "transaction_id"),
        merchant_id: filled(value, "merchant_id"),
        merchant_trade_no: filled(value, "merchant_trade_no"),
    }
}

fn filled(value: &Value, name: &str) -> Option<String> {
    text(value, name).filter(|text| !text.is_empty())
}
