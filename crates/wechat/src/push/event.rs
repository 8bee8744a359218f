use serde_json::Value;

use super::message::text;

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushEvent {
    /// `subscribe`: a user follows the service account.
    Subscribe {
        /// The scene of the QR code that the user scanned.
        scene: Option<String>,
    },
    /// `unsubscribe`: a user no longer follows the service account. The merchant deletes what WeChat told about the user.
    Unsubscribe,
    /// `subscribe_msg_popup_event` and `subscribe_msg_change_event`: a user allowed or refused messages.
    SubscribeAnswers(Vec<SubscribeAnswer>),
    /// `subscribe_msg_sent_event`: how the delivery of subscription messages ended.
    SubscribeSent(Vec<SubscribeSent>),
    /// `TEMPLATESENDJOBFINISH`: how the delivery of a template message ended.
    TemplateSent {
        /// The `msgid` that the call returned.
        msg_id: String,
        /// `success`, `failed:user block` or `failed: system failed`.
        status: String,
    },
    /// `trade_manage_remind_access_api`: the mini program sells goods and has never reported a delivery.
    DeliveriesNotReported,
    /// `trade_manage_remind_shipping`: a paid order was not shipped in 48 hours.
    ShippingOverdue(TradeManagement),
    /// `trade_manage_order_settlement`: a delivery is complete, or its money is settled. WeChat sends it twice.
    ///
    /// It has no `confirm_receive_method`: receivers report the reverse of the documented meaning.
    Settlement {
        /// The order.
        order: TradeManagement,
        /// When the money was settled, seconds. Missing in the first of the two events.
        settlement_time: Option<i64>,
    },
    /// `complaint_callback`: a trade complaint (交易类投诉) in the mini program. It is not a complaint of WeChat Pay.
    TradeComplaint {
        /// The number of the complaint.
        complaint_order_id: String,
        /// The step of the complaint, a number of WeChat.
        status: String,
        /// The order.
        out_trade_no: Option<String>,
    },
    /// Another event, with its name.
    Other(String),
}

/// A user's answer to the question about messages of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribeAnswer {
    /// The template.
    pub template_id: String,
    /// Whether the user allowed the messages.
    pub is_accepted: bool,
}

/// How the delivery of one subscription message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribeSent {
    /// The template.
    pub template_id: String,
    /// The `msgid` that the call returned.
    pub msg_id: String,
    /// `0`: delivered.
    pub error_code: String,
    /// The word for the code.
    pub error_status: String,
}

/// The order of a trade management event. WeChat leaves fields out, most of all in the first settlement event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeManagement {
    /// WeChat's number of the payment.
    pub transaction_id: Option<String>,
    /// The merchant number.
    pub merchant_id: Option<String>,
    /// The `out_trade_no`.
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

/// XML has `<SubscribeMsg…Event><List>…`, JSON has `List` at the top. Both may hold one entry without an array.
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
