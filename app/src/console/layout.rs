//! The layout of every page of the console.

use leptos::prelude::*;
use shop::{Right, Staff};

use super::messages::{notice, role_word};
use crate::raw_text::DocumentTitle;

/// The console's style sheet. Shoppers never load it.
pub const STYLE: &str = include_str!("../../../style/console.css");

/// The style sheet's path. The query holds a hash, so that browsers load a changed style sheet.
pub const STYLE_PATH: &str = "/console/style.css";

/// FNV-1a, at compile time.
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
    /// The action that succeeded before: the `done` of the query.
    pub done: Option<&'a str>,
}

const TABS: [(&str, &str, Option<Right>); 7] = [
    ("/console", "概览", None),
    ("/console/orders", "订单", None),
    ("/console/catalogue", "商品", None),
    ("/console/differences", "对账差异", None),
    ("/console/settings", "设置", Some(Right::Settings)),
    ("/console/staff", "人员", Some(Right::Staff)),
    ("/console/audit", "记录", Some(Right::Staff)),
];

/// A page for a signed-in person.
pub(super) fn page(head: &Head<'_>, tab: &str, title: &str, body: impl IntoView + 'static) -> String {
    let staff = head.staff;
    let tabs = TABS
        .iter()
        .filter(|(_, _, right)| right.is_none_or(|right| staff.role.may(right)))
        .map(|(href, name, _)| {
            let current = (*href == tab).then_some("page");
            view! { <a href=*href aria-current=current>{*name}</a> }
        })
        .collect_view();
    let notice = head.done.and_then(notice).map(|text| view! { <p class="notice" role="status">{text}</p> });
    let body = view! {
        <header class="top">
            <a class="skip" href="#main">"跳到正文"</a>
            <strong class="brand">"小店管理"</strong>
            <nav aria-label="主导航">{tabs}</nav>
            <form class="me" method="post" action="/console/sign-out">
                <span>{staff.name.to_string()} " · " {role_word(staff.role)}</span>
                <button class="plain">"退出"</button>
            </form>
        </header>
        <main id="main">
            <h1>{title.to_owned()}</h1>
            {notice}
            {body}
        </main>
    };
    document(title, body)
}

/// The HTML document around a page.
pub(super) fn document(title: &str, body: impl IntoView + 'static) -> String {
    let title = format!("{title} · 小店管理");
    let style = format!("{STYLE_PATH}?v={:016x}", const { hash(STYLE) });
    let page = view! {
        <html lang="zh-CN">
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
