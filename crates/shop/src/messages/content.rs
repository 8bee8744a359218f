//! The values that a message to a shopper can show, and their form in a template.

use model::{Fen, message::MessageSubject};

use crate::clock::shanghai;

/// What a field of a template shows. The configuration has a word for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The order's id.
    Order,
    /// The first product, and the number of pieces if there are several.
    Goods,
    /// The amount that was paid or refunded, or is to be paid.
    Amount,
    /// The time of the event; in a reminder the end of the time to pay, for a return the end of the time to send the
    /// goods.
    Time,
    /// The shop's name.
    Shop,
    /// The carrier's name.
    Carrier,
    /// The tracking number.
    Tracking,
    /// The reason of a refund, or the answer to an after-sale: for a return the address of the shop.
    Reason,
    /// A fixed text of the configuration.
    Text(String),
}

impl Source {
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "order" => Self::Order,
            "goods" => Self::Goods,
            "amount" => Self::Amount,
            "time" => Self::Time,
            "shop" => Self::Shop,
            "carrier" => Self::Carrier,
            "tracking" => Self::Tracking,
            "reason" => Self::Reason,
            _ => Self::Text(word.strip_prefix("text:").filter(|text| !text.is_empty())?.to_owned()),
        })
    }

    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Goods => "goods",
            Self::Amount => "amount",
            Self::Time => "time",
            Self::Shop => "shop",
            Self::Carrier => "carrier",
            Self::Tracking => "tracking",
            Self::Reason => "reason",
            Self::Text(_) => "text",
        }
    }

    /// `None` if the messages of this subject have this value. Otherwise: which messages have it, in words.
    pub(super) fn where_available(&self, subject: MessageSubject) -> Option<&'static str> {
        match self {
            Self::Carrier | Self::Tracking if subject != MessageSubject::Shipped => {
                Some("the message about a shipped order (…_SHIPPED)")
            }
            Self::Reason
                if ![
                    MessageSubject::Refunded,
                    MessageSubject::RefundDeclined,
                    MessageSubject::ReturnAgreed,
                ]
                .contains(&subject) =>
            {
                Some(
                    "the message about a refund, a declined application or a return (…_REFUNDED, …_REFUND_DECLINED, …_RETURN_AGREED)",
                )
            }
            _ => None,
        }
    }
}

/// The values that a message can show.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) order: String,
    pub(super) goods: String,
    pub(super) amount: Fen,
    pub(super) time_ms: i64,
    pub(super) shop: String,
    pub(super) carrier: String,
    pub(super) tracking: String,
    pub(super) reason: String,
}

/// The kinds of fields whose value may be Chinese.
const CHINESE: [&str; 6] = ["thing", "short_thing", "name", "phrase", "const", "keyword"];

impl Content {
    /// The value in the form of the field's kind. WeChat refuses an empty value, so `无` or `-` replaces it.
    pub(super) fn value(&self, source: &Source, kind: &str) -> String {
        let text = match source {
            Source::Order => self.order.clone(),
            Source::Goods => self.goods.clone(),
            Source::Amount => match kind {
                "amount" => format!("{}元", self.amount),
                "number" | "character_string" => self.amount.to_string(),
                _ => format!("¥{}", self.amount),
            },
            Source::Time => {
                let form = if kind == "character_string" { "%F %H:%M" } else { "%Y年%-m月%-d日 %H:%M" };
                shanghai(self.time_ms).strftime(form).to_string()
            }
            Source::Shop => self.shop.clone(),
            Source::Carrier => self.carrier.clone(),
            Source::Tracking => self.tracking.clone(),
            Source::Reason => self.reason.clone(),
            Source::Text(text) => text.clone(),
        };
        match text.trim() {
            "" if CHINESE.contains(&kind) => "无".to_owned(),
            "" => "-".to_owned(),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_form_of_its_kind() {
        let content = Content {
            order: "1".into(),
            goods: String::new(),
            amount: Fen(1990),
            time_ms: 1_795_000_000_000,
            shop: String::new(),
            carrier: String::new(),
            tracking: String::new(),
            reason: String::new(),
        };
        for (source, kind, value) in [
            (Source::Amount, "amount", "19.90元"),
            (Source::Amount, "character_string", "19.90"),
            (Source::Amount, "thing", "¥19.90"),
            (Source::Time, "time", "2026年11月18日 19:06"),
            (Source::Time, "character_string", "2026-11-18 19:06"),
            (Source::Reason, "thing", "无"),
            (Source::Tracking, "character_string", "-"),
        ] {
            assert_eq!(content.value(&source, kind), value, "{source:?} {kind}");
        }
    }
}
