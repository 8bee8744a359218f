//! The page of the settings, which cannot be changed here. It says in the words of a merchant what is configured and
//! what is missing, and lists the configuration for the developer.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::message::MessageSubject;
use shop::{ASK_FOR_PICKUP, MessageTemplate, Settings};

use super::{
    language::{t, tf},
    layout::{Head, page},
    order_messages::subject_word,
};

/// The text in place of a secret that is set.
pub const SECRET: &str = "a secret";

/// The name of a shop without a configured name.
const DEFAULT_NAME: &str = "小店";

/// The subjects of the messages to shoppers.
const TO_SHOPPERS: [MessageSubject; 6] = [
    MessageSubject::Paid,
    MessageSubject::Shipped,
    MessageSubject::Refunded,
    MessageSubject::ReturnAgreed,
    MessageSubject::RefundDeclined,
    MessageSubject::Expiring,
];

/// Whether a setting is set.
enum SettingState {
    /// The setting is set: its value.
    Set(String),
    /// The setting is missing: what this means for shoppers or staff.
    Missing(String),
    /// The setting is not set, and a shop does not need it.
    Optional(String),
}

/// A setting of a merchant.
struct Setting {
    name: &'static str,
    /// The name of the variable of the configuration.
    variable: &'static str,
    state: SettingState,
}

/// The state of a value. `without` says what a missing value means.
fn of(value: Option<&str>, without: &'static str) -> SettingState {
    match value.filter(|value| !value.is_empty()) {
        Some(value) => SettingState::Set(value.to_owned()),
        None => SettingState::Missing(without.to_owned()),
    }
}

fn shop(settings: &Settings) -> Vec<Setting> {
    let name = if settings.name == DEFAULT_NAME {
        SettingState::Missing(
            t("还是默认的“小店”，买家付款时会看到", "Still the default name, which buyers see when they pay")
                .to_owned(),
        )
    } else {
        SettingState::Set(settings.name.clone())
    };
    let pickup = match settings.pickup.as_deref() {
        None => SettingState::Set(t("不提供到店自取", "No store pickup").to_owned()),
        Some(place) if place == ASK_FOR_PICKUP.zh => SettingState::Missing(
            t("买家不知道到哪里取货，只能问您", "Buyers do not know where to collect, and have to ask you")
                .to_owned(),
        ),
        Some(place) => SettingState::Set(place.to_owned()),
    };
    let back = match settings.after_sale.return_address.clone() {
        Some(address) => SettingState::Set(address),
        None => SettingState::Optional(
            t(
                "每次同意退货时填写；逾期没有回复时不会自动同意",
                "Staff write it each time they agree to a return; the shop does not agree by itself",
            )
            .to_owned(),
        ),
    };
    let ship_within = match settings.ship_within {
        Some(within) => {
            let hours = within.as_secs() / 3_600;
            SettingState::Set(tf!("付款后 {hours} 小时内", "within {hours} hours after the payment"))
        }
        None => SettingState::Optional(
            t("买家不知道什么时候发货", "Buyers do not know when their order is sent").to_owned(),
        ),
    };
    vec![
        Setting { name: t("店铺名称", "Name of the shop"), variable: "SHOP_NAME", state: name },
        Setting {
            name: t("店铺网址", "Address of the shop"),
            variable: "SHOP_PUBLIC_URL",
            state: SettingState::Set(settings.public_url.clone()),
        },
        Setting { name: t("自取地点", "Pickup place"), variable: "SHOP_PICKUP", state: pickup },
        Setting {
            name: t("发货时限", "Shipping time"),
            variable: "SHOP_SHIP_WITHIN_HOURS",
            state: ship_within,
        },
        Setting {
            name: t("退货地址", "Address for returns"), variable: "SHOP_RETURN_ADDRESS", state: back
        },
    ]
}

fn help(settings: &Settings) -> Vec<Setting> {
    let help = &settings.help;
    let hours = match help.hours.clone() {
        Some(hours) => SettingState::Set(hours),
        None => SettingState::Optional(
            t("买家不知道什么时候有人回复", "Buyers do not know when somebody answers").to_owned(),
        ),
    };
    let url = match help.url.clone() {
        Some(url) => SettingState::Set(url),
        None => SettingState::Optional(
            t("买家页面没有“联系客服”的按钮", "Buyers have no button for WeChat's customer service")
                .to_owned(),
        ),
    };
    vec![
        Setting {
            name: t("客服电话", "Telephone"),
            variable: "SHOP_HELP_PHONE",
            state: of(
                help.phone.as_deref(),
                t("买家有问题时找不到您", "Buyers with a question cannot reach you"),
            ),
        },
        Setting { name: t("客服时间", "Hours"), variable: "SHOP_HELP_HOURS", state: hours },
        Setting {
            name: t("微信客服", "WeChat's customer service"), variable: "SHOP_HELP_URL", state: url
        },
    ]
}

fn legal(settings: &Settings) -> Vec<Setting> {
    let legal = &settings.legal;
    let law = t("电子商务法要求在店里公示", "The law on electronic commerce wants it on the shop's pages");
    vec![
        Setting {
            name: t("经营者", "Operator"),
            variable: "SHOP_OPERATOR",
            state: of(legal.operator.as_deref(), law),
        },
        Setting {
            name: t("营业执照", "Business licence"),
            variable: "SHOP_LICENCE",
            state: of(legal.licence.as_ref().map(shop::Licence::as_str), law),
        },
        Setting {
            name: t("ICP 备案号", "ICP number"),
            variable: "SHOP_ICP",
            state: of(
                legal.icp.as_deref(),
                t("在中国大陆的网站要公示备案号", "Websites in mainland China have to show it"),
            ),
        },
        Setting {
            name: t("投诉电话", "Telephone for complaints"),
            variable: "SHOP_COMPLAINT_TELEPHONE",
            state: of(legal.complaint_telephone.as_deref(), law),
        },
    ]
}

fn notices(settings: &Settings) -> Vec<Setting> {
    let staff = &settings.messages.staff;
    let has_other = |other: bool| -> fn(String) -> SettingState {
        if other { SettingState::Optional } else { SettingState::Missing }
    };
    let not_told =
        t("有新订单、售后、投诉时没有人收到通知", "Nobody is told of new orders, after-sales and complaints")
            .to_owned();
    let robot = match &staff.webhook {
        Some(robot) if robot.is_complete() => SettingState::Set(robot.host()),
        Some(_) => SettingState::Missing(
            t(
                "地址不完整：复制时要带上最后的 key=…",
                "The address is not complete: copy it with key=… at its end",
            )
            .to_owned(),
        ),
        None => has_other(staff.mail.is_some())(not_told.clone()),
    };
    let mail = match &staff.mail {
        Some(mail) => {
            let to: Vec<String> = mail.to.iter().map(|mailbox| mailbox.email.to_string()).collect();
            SettingState::Set(to.join(t("、", ", ")))
        }
        None => has_other(staff.webhook.is_some())(not_told),
    };
    let templates = |all: &BTreeMap<MessageSubject, MessageTemplate>| {
        let words = |is_set: bool| {
            let these = TO_SHOPPERS.iter().filter(|subject| all.contains_key(subject) == is_set);
            these.map(|subject| subject_word(*subject)).collect::<Vec<_>>().join(t("、", ", "))
        };
        let (set, missing) = (words(true), words(false));
        if set.is_empty() {
            SettingState::Optional(
                t(
                    "买家收不到付款、发货、退款的微信消息",
                    "Buyers get no messages about payment, delivery and refund",
                )
                .to_owned(),
            )
        } else if missing.is_empty() {
            SettingState::Set(set)
        } else {
            SettingState::Set(tf!("{set}（没有：{missing}）", "{set} (without: {missing})"))
        }
    };
    vec![
        Setting {
            name: t("员工通知：企业微信群机器人", "Staff: robot of a WeCom group"),
            variable: "SHOP_STAFF_WEBHOOK",
            state: robot,
        },
        Setting {
            name: t("员工通知：邮件", "Staff: e-mail"),
            variable: "SHOP_STAFF_MAIL_SERVER",
            state: mail,
        },
        Setting {
            name: t("买家消息：公众号", "Buyers: official account"),
            variable: "WECHAT_TEMPLATE_…",
            state: templates(&settings.messages.official),
        },
        Setting {
            name: t("买家消息：小程序", "Buyers: mini program"),
            variable: "WECHAT_MINIPROGRAM_TEMPLATE_…",
            state: templates(&settings.messages.miniprogram),
        },
    ]
}

/// The setting of the pictures. `place` is the value of `SHOP_PICTURES`.
fn pictures(place: &str) -> Vec<Setting> {
    let words = if let Some(folder) = place.strip_prefix("file://") {
        tf!("服务器的文件夹 {folder}", "the server's folder {folder}")
    } else if place.starts_with("s3://") {
        tf!("对象存储 {place}", "object storage {place}")
    } else {
        t("数据库", "the database").to_owned()
    };
    vec![Setting {
        name: t("图片保存在", "Pictures are in"),
        variable: "SHOP_PICTURES",
        state: SettingState::Set(words),
    }]
}

/// The page of the settings: first in the words of a merchant, then each variable with its value. It shows no secrets.
#[must_use]
pub fn settings_page(head: &Head<'_>, settings: &Settings, variables: &[(&'static str, String)]) -> String {
    let place = variables.iter().find(|(name, _)| *name == "SHOP_PICTURES").map_or("", |(_, value)| value);
    let parts = [
        (t("店铺", "Shop"), shop(settings)),
        (t("客服", "Customer service"), help(settings)),
        (t("经营信息", "Who runs the shop"), legal(settings)),
        (t("消息通知", "Notices"), notices(settings)),
        (t("图片", "Pictures"), pictures(place)),
    ];
    let missing = parts
        .iter()
        .flat_map(|(_, entries)| entries)
        .filter(|entry| matches!(entry.state, SettingState::Missing(_)));
    let summary = match missing.count() {
        0 => view! { <p class="notice">{t("该设置的都已设置。", "Everything that a shop needs is set up.")}</p> }.into_any(),
        count => view! { <p class="error">{tf!("还有 {count} 项没有设置，见下面标出的地方。", "Missing: {count}, see below.")}</p> }.into_any(),
    };
    let parts = parts.into_iter().map(|(title, entries)| part(title, entries)).collect_view();
    let body = view! {
        {summary}
        <p class="muted">{t("这一页只能查看。要修改时，请把右边的小字（设置的名称）和新的内容告诉开发者；重启后生效。", "This page is read only. To change something, tell the developer the name in small print and the new value; it applies after a restart.")}</p>
        {parts}
        {for_the_developer(variables)}
    };
    page(head, "/console/settings", t("设置", "Settings"), body)
}

fn part(title: &'static str, entries: Vec<Setting>) -> AnyView {
    let entries = entries
        .into_iter()
        .map(|Setting { name, variable, state }| {
            let value = match state {
                SettingState::Set(value) => value.into_any(),
                SettingState::Missing(without) => {
                    view! { <span class="tag warn">{t("未设置", "Missing")}</span> " " {without} }.into_any()
                }
                SettingState::Optional(without) => {
                    view! { <span class="tag">{t("未设置，可选", "Not set, optional")}</span> " " <span class="muted">{without}</span> }.into_any()
                }
            };
            view! {
                <dt>{name}</dt>
                <dd class="text">{value} <span class="variable">{variable}</span></dd>
            }
        })
        .collect_view();
    view! { <section class="panel"><h2>{title}</h2><dl class="facts settled">{entries}</dl></section> }
        .into_any()
}

/// The folded list of the variables with their values.
fn for_the_developer(variables: &[(&'static str, String)]) -> AnyView {
    let rows = variables
        .iter()
        .map(|(name, value)| {
            let value = match value.as_str() {
                "" => "—".to_owned(),
                SECRET => t("已设置（不显示）", "set (not shown)").to_owned(),
                other => other.to_owned(),
            };
            view! { <tr><th scope="row" class="id">{*name}</th><td data-label=t("值", "Value") class="id">{value}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="panel fold">
            <summary>{t("全部设置（给开发者）", "All settings (for the developer)")}</summary>
            <p class="muted">{t("设置写在环境变量或 .env 里，重启后生效；每一项的含义见 .env.sample。密钥不显示。", "Settings are environment variables or lines of .env. They apply after a restart. .env.sample explains each. Secrets are not shown.")}</p>
            <table class="list settings">
                <caption class="hidden">{t("当前设置", "Current settings")}</caption>
                <thead><tr><th scope="col">{t("变量", "Variable")}</th><th scope="col">{t("值", "Value")}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}
