use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shop::ShopError;

use super::Files;
use crate::components::Frame;

/// Something said in plain words, with a way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: String,
    /// What to do.
    pub text: String,
    /// Where the button leads.
    pub href: String,
    /// What the button says.
    pub action: &'static str,
}

#[component]
fn Say(message: Message) -> impl IntoView {
    view! {
        <section class="message">
            <h1>{message.title}</h1>
            <p>{message.text}</p>
            <a class="button primary" href=message.href>{message.action}</a>
        </section>
    }
}

/// A page that says something, without the application around it: for the handlers beside the pages.
#[must_use]
pub fn message_page(files: &Files, message: Message) -> String {
    let title = message.title.clone();
    let page = view! {
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title}</title>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=files.style().to_owned()/>
            </head>
            <body>
                <main class="bare">
                    <Say message/>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

/// The page of an error, with its status.
pub(super) fn failed(error: &ShopError) -> AnyView {
    if error.is_ours() {
        tracing::error!(%error, "a page failed");
    }
    status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    let title = if matches!(error, ShopError::NotFound) { "没有找到" } else { "出了点问题" };
    say(title, error.sentence())
}

#[component]
pub(super) fn NotFound() -> impl IntoView {
    failed(&ShopError::NotFound)
}

fn say(title: &str, text: &str) -> AnyView {
    let message =
        Message {
            title: title.to_owned(), text: text.to_owned(), href: "/".to_owned(), action: "回到首页"
        };
    view! {
        <Frame title=title.to_owned()>
            <Say message/>
        </Frame>
    }
    .into_any()
}

fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
