//! The layout of all pages of the console.

use leptos::prelude::*;
use model::{Language, LocalizedText};
use shop::{Right, Staff};

use super::{
    language::{language, t, tf, translate},
    messages::{notice, role_word},
};
use crate::raw_text::DocumentTitle;

/// The console's style sheet. Shoppers never load it.
pub const STYLE: &str = include_str!("../../../style/console.css");

/// The path of the style sheet. A link adds a hash as the query, so that browsers load a changed style sheet.
pub const STYLE_PATH: &str = "/console/style.css";

/// The FNV-1a hash of a text. It runs at compile time.
const fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The values at the top of a page.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    /// The signed-in person.
    pub staff: &'a Staff,
    /// The word of the action before this page, from the parameter `done`; `None` without one.
    pub done: Option<&'a str>,
}

const TABS: [(&str, LocalizedText, Right); 10] = [
    ("/console", LocalizedText { zh: "概览", en: "Overview" }, Right::Read),
    ("/console/orders", LocalizedText { zh: "订单", en: "Orders" }, Right::OrdersToShip),
    ("/console/after-sales", LocalizedText { zh: "售后", en: "After-sales" }, Right::Read),
    ("/console/figures", LocalizedText { zh: "数据", en: "Figures" }, Right::Read),
    ("/console/complaints", LocalizedText { zh: "投诉", en: "Complaints" }, Right::Read),
    ("/console/catalogue", LocalizedText { zh: "商品", en: "Products" }, Right::Read),
    ("/console/differences", LocalizedText { zh: "对账差异", en: "Discrepancies" }, Right::Read),
    ("/console/settings", LocalizedText { zh: "设置", en: "Settings" }, Right::Settings),
    ("/console/staff", LocalizedText { zh: "员工", en: "Staff" }, Right::Staff),
    ("/console/audit", LocalizedText { zh: "记录", en: "Log" }, Right::Staff),
];

/// A page for a signed-in person.
pub(super) fn page(head: &Head<'_>, tab: &str, title: &str, body: impl IntoView + 'static) -> String {
    let staff = head.staff;
    let tabs = TABS
        .iter()
        .filter(|(_, _, right)| staff.role.may(*right))
        .map(|(href, name, _)| {
            let current = (*href == tab).then_some("page");
            view! { <a href=*href aria-current=current>{translate(*name)}</a> }
        })
        .collect_view();
    let notice = head.done.and_then(notice).map(|text| view! { <p class="notice" role="status">{text}</p> });
    let body = view! {
        <header class="top">
            <a class="skip" href="#main">{t("跳到正文", "Skip to the content")}</a>
            <strong class="brand">{t("小店管理", "Shop console")}</strong>
            <nav aria-label=t("主导航", "Main menu")>{tabs}</nav>
            <div class="me">
                <a href="/console/account">{staff.name.to_string()} " · " {role_word(staff.role)}</a>
                {language_form(if tab.is_empty() { "/console" } else { tab })}
                <form method="post" action="/console/sign-out">
                    <button class="plain">{t("退出", "Sign out")}</button>
                </form>
            </div>
        </header>
        <main id="main">
            <h1>{title.to_owned()}</h1>
            {notice}
            {body}
        </main>
    };
    document(title, body)
}

/// The button that changes the language. Its text is the name of the other language, and it returns to the page `back`.
pub(super) fn language_form(back: &str) -> AnyView {
    let other = match language() {
        Language::Chinese => Language::English,
        Language::English => Language::Chinese,
    };
    let name = match other {
        Language::Chinese => "中文",
        Language::English => "English",
    };
    view! {
        <form class="language" method="post" action="/console/language">
            <input type="hidden" name="next" value=back.to_owned()/>
            <button class="plain" name="to" value=other.tag() lang=other.tag()>{name}</button>
        </form>
    }
    .into_any()
}

/// The HTML document around a page.
pub(super) fn document(title: &str, body: impl IntoView + 'static) -> String {
    let title = tf!("{title} · 小店管理", "{title} · Shop console");
    let style = format!("{STYLE_PATH}?v={:016x}", const { hash(STYLE) });
    let page = view! {
        <html lang=language().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex, nofollow"/>
                <meta name="format-detection" content="telephone=no"/>
                <DocumentTitle text=title/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
            </head>
            <body>{body}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}
