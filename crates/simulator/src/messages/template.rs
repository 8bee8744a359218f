//! The templates of an account.

use serde::{Deserialize, Serialize};

use super::field;
use crate::random;

/// What a template is for. Each kind has its own call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageKind {
    /// Each consent of the user allows one message (一次性订阅).
    #[default]
    OneTime,
    /// One consent allows any number of messages (长期订阅).
    LongTerm,
    /// A template message (模板消息) to the followers of a service account.
    Template,
}

/// A template that the merchant has added to the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) kind: MessageKind,
    /// The names of the fields, for example `thing1`. A message must contain all of them.
    pub(crate) fields: Vec<String>,
}

/// A template in a seed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateSeed {
    /// `None` makes a random id.
    id: Option<String>,
    title: String,
    #[serde(default)]
    kind: MessageKind,
    fields: Vec<String>,
}

/// The length of a template's id.
const ID_LENGTH: usize = 43;

/// The largest number of templates of an account.
const MAX_TEMPLATES: usize = 25;

impl TemplateSeed {
    /// Checks and creates the template. An error is the name of the wrong field and a sentence.
    fn build(self, is_miniprogram: bool) -> Result<Template, (&'static str, String)> {
        let id = self.id.unwrap_or_else(|| random::alphanumeric(ID_LENGTH));
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if id.len() != ID_LENGTH || !id.bytes().all(is_id) {
            return Err(("id", format!("{id:?} is not {ID_LENGTH} letters, digits, - or _")));
        }
        if is_miniprogram && self.kind == MessageKind::Template {
            return Err(("kind", "only a service account has template messages".to_owned()));
        }
        if self.fields.is_empty() {
            return Err(("fields", "a template has at least one field".to_owned()));
        }
        if let Some(name) = self.fields.iter().find(|name| field::kind(name).is_none()) {
            return Err(("fields", format!("{name:?} is not a kind with a number, for example thing1")));
        }
        if self.fields.iter().enumerate().any(|(at, name)| self.fields[..at].contains(name)) {
            return Err(("fields", "a field is there twice".to_owned()));
        }
        Ok(Template { id, title: self.title, kind: self.kind, fields: self.fields })
    }
}

/// Checks and creates the templates of an account. An error is the place of the mistake and a sentence.
pub(crate) fn templates(
    seeds: Vec<TemplateSeed>,
    is_miniprogram: bool,
) -> Result<Vec<Template>, (String, String)> {
    if seeds.len() > MAX_TEMPLATES {
        return Err(("templates".to_owned(), format!("an account has at most {MAX_TEMPLATES}")));
    }
    let mut all: Vec<Template> = Vec::new();
    for (number, seed) in seeds.into_iter().enumerate() {
        let place = |name: &str| format!("templates[{number}].{name}");
        let template = seed.build(is_miniprogram).map_err(|(name, why)| (place(name), why))?;
        if all.iter().any(|known| known.id == template.id) {
            return Err((place("id"), format!("{} is used twice", template.id)));
        }
        all.push(template);
    }
    Ok(all)
}

/// The subjects of the demo templates: the word in their ids, the title, and the fields.
const DEMO: [(&str, &str, &[&str]); 6] = [
    ("Paid", "订单支付成功通知", &["character_string1", "thing2", "amount3", "time4"]),
    ("Shipped", "订单发货通知", &["character_string1", "thing2", "thing3", "character_string4", "time5"]),
    ("Refunded", "退款成功通知", &["character_string1", "thing2", "amount3", "time4"]),
    ("ReturnAgreed", "退货申请通过通知", &["character_string1", "thing2", "thing3", "time4"]),
    ("RefundDeclined", "退款申请未通过通知", &["character_string1", "thing2", "amount3", "thing4"]),
    ("Expiring", "待付款提醒", &["character_string1", "thing2", "amount3", "time4"]),
];

/// The templates of the demo service account, or of the demo mini program.
pub(crate) fn demo_templates(is_miniprogram: bool) -> Vec<TemplateSeed> {
    if is_miniprogram {
        return demo_set("MiniProgram", MessageKind::OneTime).collect();
    }
    demo_set("ServiceNotice", MessageKind::OneTime)
        .chain(demo_set("ServiceTemplate", MessageKind::Template))
        .collect()
}

/// Templates of one kind, with ids that begin with this text.
fn demo_set(prefix: &str, kind: MessageKind) -> impl Iterator<Item = TemplateSeed> {
    DEMO.iter().map(move |(word, title, fields)| TemplateSeed {
        id: Some(format!("{:-<ID_LENGTH$}", format!("{prefix}-{word}"))),
        title: (*title).to_owned(),
        kind,
        fields: fields.iter().map(|name| (*name).to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut TemplateSeed)) -> (String, String) {
        let mut seed =
            TemplateSeed { title: "t".into(), fields: vec!["thing1".into()], ..Default::default() };
        change(&mut seed);
        templates(vec![seed], true).unwrap_err()
    }

    #[test]
    fn a_template_that_cannot_be_is_refused() {
        assert!(
            templates(demo_templates(true), true).is_ok() && templates(demo_templates(false), false).is_ok()
        );
        assert_eq!(refusal(|seed| seed.id = Some("short".into())).0, "templates[0].id");
        assert_eq!(refusal(|seed| seed.kind = MessageKind::Template).0, "templates[0].kind");
        assert_eq!(refusal(|seed| seed.fields.clear()).0, "templates[0].fields");
        assert_eq!(refusal(|seed| seed.fields.push("colour1".into())).0, "templates[0].fields");
        assert_eq!(refusal(|seed| seed.fields.push("thing1".into())).1, "a field is there twice");
        let twice = [demo_templates(true), demo_templates(true)].into_iter().flatten().collect();
        assert_eq!(templates(twice, true).unwrap_err().0, format!("templates[{}].id", DEMO.len()));
    }
}
