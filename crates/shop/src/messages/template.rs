//! Reads the configuration of a message template: its id, and what its fields show.

use model::{Fen, message::MessageSubject};
use wechat::message::{InvalidField, MessageData};

use super::content::{Content, Source};

/// A template with the contents of its fields: `ID:thing1=goods,amount2=amount,phrase3=text:已付款`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTemplate {
    /// WeChat's id of the template.
    pub id: String,
    fields: Vec<(String, Source)>,
}

/// Why a text is not a valid configuration of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The whole text has a wrong form.
    #[error("write the template's id, a colon and its fields: ID:thing1=goods,amount2=amount")]
    Form,
    /// The content of a field is not a known word.
    #[error("{0} shows order, goods, amount, time, shop, carrier, tracking, reason or text:…")]
    Source(String),
    /// The messages of this subject do not have what the field shows.
    #[error("{field} shows {source_word}, which only {known_of} has")]
    NotKnown {
        /// The name of the field.
        field: String,
        /// The word of the configuration.
        source_word: &'static str,
        /// The messages that have it.
        known_of: &'static str,
    },
    /// The kind of the field is too short for an order number.
    #[error("{0} would cut the order number: show it in a field of the kind character_string or number")]
    Cut(String),
    /// The example value does not fit the kind of the field.
    #[error("{0}")]
    Field(InvalidField),
}

impl MessageTemplate {
    /// Reads the configuration of a template for this subject, and tests it with an example.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong.
    pub fn parse(subject: MessageSubject, text: &str) -> Result<Self, TemplateError> {
        let (id, list) = text.split_once(':').ok_or(TemplateError::Form)?;
        let (id, list) = (id.trim(), list.trim());
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if id.is_empty() || !id.bytes().all(is_id) || list.is_empty() {
            return Err(TemplateError::Form);
        }
        let fields = list.split(',').map(|part| field(subject, part)).collect::<Result<Vec<_>, _>>()?;
        let template = Self { id: id.to_owned(), fields };
        template.data(&example()).map_err(TemplateError::Field)?;
        Ok(template)
    }

    /// The fields of a message with their values.
    ///
    /// # Errors
    /// [`InvalidField`] if a value does not fit its field.
    pub(super) fn data(&self, content: &Content) -> Result<MessageData, InvalidField> {
        self.fields.iter().try_fold(MessageData::new(), |data, (name, source)| {
            data.with(name, &content.value(source, kind_of(name)))
        })
    }
}

/// The kind of a field: `thing` of `thing1`.
fn kind_of(name: &str) -> &str {
    name.trim_end_matches(|character: char| character.is_ascii_digit())
}

fn field(subject: MessageSubject, part: &str) -> Result<(String, Source), TemplateError> {
    let (name, source) = part.split_once('=').ok_or(TemplateError::Form)?;
    let (name, source) = (name.trim().to_owned(), source.trim());
    let source = Source::parse(source).ok_or_else(|| TemplateError::Source(name.clone()))?;
    if let Some(known_of) = source.where_available(subject) {
        return Err(TemplateError::NotKnown { field: name, source_word: source.word(), known_of });
    }
    if source == Source::Order && !["character_string", "number"].contains(&kind_of(&name)) {
        return Err(TemplateError::Cut(name));
    }
    Ok((name, source))
}

fn example() -> Content {
    Content {
        order: "202611291300000000000001".to_owned(),
        goods: "青瓷马克杯等3件".to_owned(),
        amount: Fen(5900),
        time_ms: 1_795_000_000_000,
        shop: "小店".to_owned(),
        carrier: "顺丰速运".to_owned(),
        tracking: "SF1234567890123".to_owned(),
        reason: "已过退货期限".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "MiniProgram-Paid---------------------------";

    #[track_caller]
    fn refusal(subject: MessageSubject, fields: &str) -> String {
        MessageTemplate::parse(subject, &format!("{ID}:{fields}")).unwrap_err().to_string()
    }

    #[test]
    fn each_field_shows_what_the_configuration_says() {
        let text = format!(
            "{ID}: character_string1=order, thing2=goods,amount3=amount,time4=time,phrase5=text:已付款"
        );
        let template = MessageTemplate::parse(MessageSubject::Paid, &text).unwrap();
        assert_eq!(template.id, ID);
        let data = template.data(&example()).unwrap();
        let shown = ["character_string1", "thing2", "amount3", "time4", "phrase5"].map(|name| data.get(name));
        let expected =
            ["202611291300000000000001", "青瓷马克杯等3件", "59.00元", "2026年11月18日 19:06", "已付款"];
        assert_eq!(shown.map(Option::unwrap_or_default), expected);
    }

    #[test]
    fn a_mistake_is_explained() {
        let paid = |fields: &str| refusal(MessageSubject::Paid, fields);
        assert!(MessageTemplate::parse(MessageSubject::Paid, ID).is_err());
        assert!(paid("thing1").starts_with("write the template's id"));
        assert!(paid("thing1=colour").starts_with("thing1 shows order, goods"));
        assert!(paid("thing1=tracking").contains("only the message about a shipped order"));
        assert!(paid("thing1=reason").contains("reason"));
        assert!(paid("thing1=order").contains("cut the order number"));
        assert!(paid("colour1=goods").contains("colour1"));
        assert!(paid("number1=goods").contains("number1"));
        assert!(MessageTemplate::parse(MessageSubject::Shipped, &format!("{ID}:thing1=carrier")).is_ok());
    }
}
