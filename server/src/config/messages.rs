//! The configuration of messages to shoppers and staff.

use std::{collections::BTreeMap, time::Duration};

use model::Language;
use shop::{
    MailSecurity, Mailbox, MessageSettings, MessageSubject, MessageTemplate, OfficialMessages, StaffChannels,
    StaffMail, Webhook,
};
use wechat::Secret;

use super::{environment::Environment, is_local_host};

/// The templates of the official account.
const OFFICIAL: [(MessageSubject, &str); 6] = [
    (MessageSubject::Paid, "WECHAT_TEMPLATE_PAID"),
    (MessageSubject::Shipped, "WECHAT_TEMPLATE_SHIPPED"),
    (MessageSubject::Refunded, "WECHAT_TEMPLATE_REFUNDED"),
    (MessageSubject::ReturnAgreed, "WECHAT_TEMPLATE_RETURN_AGREED"),
    (MessageSubject::RefundDeclined, "WECHAT_TEMPLATE_REFUND_DECLINED"),
    (MessageSubject::Expiring, "WECHAT_TEMPLATE_EXPIRING"),
];

/// The templates of the mini program.
const MINIPROGRAM: [(MessageSubject, &str); 6] = [
    (MessageSubject::Paid, "WECHAT_MINIPROGRAM_TEMPLATE_PAID"),
    (MessageSubject::Shipped, "WECHAT_MINIPROGRAM_TEMPLATE_SHIPPED"),
    (MessageSubject::Refunded, "WECHAT_MINIPROGRAM_TEMPLATE_REFUNDED"),
    (MessageSubject::ReturnAgreed, "WECHAT_MINIPROGRAM_TEMPLATE_RETURN_AGREED"),
    (MessageSubject::RefundDeclined, "WECHAT_MINIPROGRAM_TEMPLATE_REFUND_DECLINED"),
    (MessageSubject::Expiring, "WECHAT_MINIPROGRAM_TEMPLATE_EXPIRING"),
];

pub(super) fn messages(env: &mut Environment, has_miniprogram: bool, order_expire_s: u64) -> MessageSettings {
    let official_messages = match env.text_or("WECHAT_TEMPLATE_KIND", "subscription").as_str() {
        "template" => OfficialMessages::Template,
        other => {
            if other != "subscription" {
                env.wrong("WECHAT_TEMPLATE_KIND", "subscription or template");
            }
            OfficialMessages::Subscription
        }
    };
    let settings = MessageSettings {
        official: templates(env, OFFICIAL),
        official_messages,
        miniprogram: templates(env, MINIPROGRAM),
        miniprogram_order_page: env.text("WECHAT_MINIPROGRAM_ORDER_PAGE").map(str::to_owned),
        remind_before: remind_before(env, order_expire_s),
        staff: StaffChannels { webhook: webhook(env), mail: mail(env), language: language(env) },
    };
    if !has_miniprogram {
        for (_, name) in MINIPROGRAM {
            if env.text(name).is_some() {
                env.wrong(name, "it needs WECHAT_MINIPROGRAM_APPID");
            }
        }
    }
    settings
}

/// How long before the end of the time to pay the shop reminds the shopper. The default is ten minutes, or a third of a
/// short time to pay.
fn remind_before(env: &mut Environment, order_expire_s: u64) -> Duration {
    const NAME: &str = "SHOP_REMIND_BEFORE_S";
    let default_s = 600.min(order_expire_s / 3);
    let seconds = env.parse_or(NAME, &default_s.to_string(), "a number of seconds");
    if env.text(NAME).is_some() && seconds >= order_expire_s {
        env.wrong(NAME, "less than SHOP_ORDER_EXPIRE_S: an order would end before its reminder");
    }
    Duration::from_secs(seconds)
}

fn templates(
    env: &mut Environment,
    names: [(MessageSubject, &str); 6],
) -> BTreeMap<MessageSubject, MessageTemplate> {
    let mut templates = BTreeMap::new();
    for (subject, name) in names {
        let Some(text) = env.text(name).map(str::to_owned) else { continue };
        match MessageTemplate::parse(subject, &text) {
            Ok(template) => {
                templates.insert(subject, template);
            }
            Err(why) => env.wrong(name, &why.to_string()),
        }
    }
    templates
}

fn language(env: &mut Environment) -> Language {
    const NAME: &str = "SHOP_STAFF_LANGUAGE";
    Language::of_tag(&env.text_or(NAME, "zh")).unwrap_or_else(|| {
        env.wrong(NAME, "zh or en");
        Language::default()
    })
}

fn webhook(env: &mut Environment) -> Option<Webhook> {
    const NAME: &str = "SHOP_STAFF_WEBHOOK";
    let url = env.text(NAME)?.to_owned();
    Webhook::new(&url).map_err(|why| env.wrong(NAME, &why.to_string())).ok()
}

/// The mail server, the sender and the receivers. If one of them is set, all three are required.
fn mail(env: &mut Environment) -> Option<StaffMail> {
    const SERVER: &str = "SHOP_STAFF_MAIL_SERVER";
    const USER: &str = "SHOP_STAFF_MAIL_USER";
    const PASSWORD: &str = "SHOP_STAFF_MAIL_PASSWORD";
    const FROM: &str = "SHOP_STAFF_MAIL_FROM";
    const TO: &str = "SHOP_STAFF_MAIL_TO";
    if [SERVER, USER, PASSWORD, FROM, TO].iter().all(|name| env.text(name).is_none()) {
        return None;
    }
    let server =
        env.required(SERVER, "smtps://smtp.example.com or smtp://smtp.example.com, perhaps with a port");
    let from = env.required(FROM, "the sender: shop@example.com");
    let to = env.required(TO, "the receivers, separated by commas");
    let login = match (env.text(USER).map(str::to_owned), env.text(PASSWORD).map(Secret::new)) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => {
            env.wrong(PASSWORD, "a name needs its password");
            None
        }
        (None, Some(_)) => {
            env.wrong(USER, "a password needs its name");
            None
        }
    };
    let server = if server.is_empty() { None } else { server_of(env, SERVER, &server) };
    let from = mailboxes(env, FROM, &from);
    let to = mailboxes(env, TO, &to);
    let (host, port, security) = server?;
    let [from] = from?.try_into().ok()?;
    Some(StaffMail { host, port, security, login, from, to: to? })
}

fn server_of(env: &mut Environment, name: &str, text: &str) -> Option<(String, u16, MailSecurity)> {
    let url = url::Url::parse(text).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
    let port = url.as_ref().and_then(url::Url::port);
    let found = match url.as_ref().map(url::Url::scheme) {
        Some("smtps") => Some((port.unwrap_or(465), MailSecurity::Tls)),
        Some("smtp") if is_local_host(&host) => Some((port.unwrap_or(25), MailSecurity::Plain)),
        Some("smtp") => Some((port.unwrap_or(587), MailSecurity::StartTls)),
        _ => None,
    };
    match found {
        Some((port, security)) if !host.is_empty() => Some((host, port, security)),
        _ => {
            env.wrong(
                name,
                "smtps://smtp.example.com (TLS, port 465) or smtp://smtp.example.com (STARTTLS, port 587)",
            );
            None
        }
    }
}

/// The settings as the console shows them to the owner, without secrets.
pub(super) fn redacted(settings: &MessageSettings) -> Vec<(&'static str, String)> {
    let of = |templates: &BTreeMap<MessageSubject, MessageTemplate>,
              names: [(MessageSubject, &'static str); 6]| {
        names.map(|(subject, name)| {
            (name, templates.get(&subject).map_or_else(String::new, |each| each.id.clone()))
        })
    };
    let kind = match settings.official_messages {
        OfficialMessages::Subscription => "subscription",
        OfficialMessages::Template => "template",
    };
    let staff = &settings.staff;
    let mail = staff.mail.as_ref();
    let mut all = Vec::from(of(&settings.official, OFFICIAL));
    all.extend(of(&settings.miniprogram, MINIPROGRAM));
    all.extend([
        ("WECHAT_TEMPLATE_KIND", kind.to_owned()),
        ("WECHAT_MINIPROGRAM_ORDER_PAGE", settings.miniprogram_order_page.clone().unwrap_or_default()),
        ("SHOP_REMIND_BEFORE_S", settings.remind_before.as_secs().to_string()),
        ("SHOP_STAFF_WEBHOOK", staff.webhook.as_ref().map(Webhook::host).unwrap_or_default()),
        ("SHOP_STAFF_MAIL_SERVER", mail.map(|mail| mail.host.clone()).unwrap_or_default()),
        ("SHOP_STAFF_MAIL_TO", mail.map(|mail| list(&mail.to)).unwrap_or_default()),
        ("SHOP_STAFF_LANGUAGE", staff.language.tag().to_owned()),
    ]);
    all
}

fn list(mailboxes: &[Mailbox]) -> String {
    mailboxes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Addresses separated by commas. Records a problem if one is wrong.
fn mailboxes(env: &mut Environment, name: &str, text: &str) -> Option<Vec<Mailbox>> {
    if text.is_empty() {
        return None;
    }
    let all: Option<Vec<Mailbox>> = text.split(',').map(StaffMail::mailbox).collect();
    if all.is_none() {
        env.wrong(name, "addresses such as shop@example.com, separated by commas");
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> (MessageSettings, String) {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut env = Environment::new(variables);
        let settings = messages(&mut env, true, 1800);
        let problems = env.finish(()).map_err(|error| error.to_string()).err().unwrap_or_default();
        (settings, problems)
    }

    #[test]
    fn nothing_is_sent_without_configuration() {
        let (settings, problems) = read(&[]);
        assert_eq!(problems, "");
        assert!(settings.official.is_empty() && settings.miniprogram.is_empty());
        assert!(settings.staff.webhook.is_none() && settings.staff.mail.is_none());
        assert_eq!(settings.remind_before.as_secs(), 600);
        let short = messages(&mut Environment::new([]), true, 30);
        assert_eq!(short.remind_before.as_secs(), 10);
    }

    #[test]
    fn templates_and_the_staffs_channels_are_read() {
        let (settings, problems) = read(&[
            ("WECHAT_TEMPLATE_PAID", "abc:thing1=goods"),
            ("WECHAT_TEMPLATE_KIND", "template"),
            ("WECHAT_MINIPROGRAM_TEMPLATE_SHIPPED", "def:thing1=goods,character_string2=tracking"),
            ("SHOP_STAFF_WEBHOOK", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden"),
            ("SHOP_STAFF_MAIL_SERVER", "smtps://smtp.example.com"),
            ("SHOP_STAFF_MAIL_USER", "shop"),
            ("SHOP_STAFF_MAIL_PASSWORD", "hidden"),
            ("SHOP_STAFF_MAIL_FROM", "shop@example.com"),
            ("SHOP_STAFF_MAIL_TO", "a@example.com, b@example.com"),
        ]);
        assert_eq!(problems, "");
        assert_eq!(settings.official[&MessageSubject::Paid].id, "abc");
        assert_eq!(settings.official_messages, OfficialMessages::Template);
        assert_eq!(settings.miniprogram[&MessageSubject::Shipped].id, "def");
        let mail = settings.staff.mail.as_ref().unwrap();
        assert_eq!((mail.port, mail.security, mail.to.len()), (465, MailSecurity::Tls, 2));
        assert!(!format!("{settings:?}").contains("hidden"));
    }

    #[test]
    fn each_mistake_is_reported_without_secrets() {
        let (_, problems) = read(&[
            ("WECHAT_TEMPLATE_PAID", "abc"),
            ("WECHAT_TEMPLATE_SHIPPED", "abc:thing1=goods,number2=goods"),
            ("WECHAT_TEMPLATE_KIND", "both"),
            ("SHOP_REMIND_BEFORE_S", "1800"),
            ("SHOP_STAFF_WEBHOOK", "http://robot.example/?key=hidden"),
            ("SHOP_STAFF_MAIL_SERVER", "smtp.example.com"),
            ("SHOP_STAFF_MAIL_PASSWORD", "hidden"),
            ("SHOP_STAFF_MAIL_FROM", "shop"),
            ("SHOP_STAFF_LANGUAGE", "fr"),
        ]);
        for name in [
            "WECHAT_TEMPLATE_PAID",
            "WECHAT_TEMPLATE_SHIPPED",
            "WECHAT_TEMPLATE_KIND",
            "SHOP_REMIND_BEFORE_S",
            "SHOP_STAFF_WEBHOOK",
            "SHOP_STAFF_MAIL_SERVER",
            "SHOP_STAFF_MAIL_USER",
            "SHOP_STAFF_MAIL_FROM",
            "SHOP_STAFF_MAIL_TO",
            "SHOP_STAFF_LANGUAGE",
        ] {
            assert!(problems.contains(name), "{name} is not in: {problems}");
        }
        assert!(!problems.contains("hidden"), "{problems}");
    }

    #[test]
    fn a_mail_server_elsewhere_is_always_encrypted() {
        let security = |server: &str| {
            let (settings, _) = read(&[
                ("SHOP_STAFF_MAIL_SERVER", server),
                ("SHOP_STAFF_MAIL_FROM", "shop@example.com"),
                ("SHOP_STAFF_MAIL_TO", "a@example.com"),
            ]);
            settings.staff.mail.map(|mail| (mail.port, mail.security))
        };
        assert_eq!(security("smtp://smtp.example.com"), Some((587, MailSecurity::StartTls)));
        assert_eq!(security("smtp://127.0.0.1:2525"), Some((2525, MailSecurity::Plain)));
        assert_eq!(security("http://smtp.example.com"), None);
    }
}
