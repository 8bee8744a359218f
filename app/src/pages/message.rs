use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::{Language, LocalizedText};
use shop::ShopError;

use super::{PageStyle, StyleSheet};
use crate::{
    components::{Icon, IconView, Layout},
    messages::{self, t},
    raw_text::{DocumentTitle, InlineStyle},
};

/// A page with one message and one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: LocalizedText,
    /// What the shopper can do.
    pub text: LocalizedText,
    /// The link's URL.
    pub href: String,
    /// The link's text.
    pub action: LocalizedText,
}

#[component]
fn MessageSection(message: Message, language: Language) -> impl IntoView {
    view! {
        <section class="message">
            <span class="drawing"><IconView icon=Icon::Info/></span>
            <h1>{message.title.to(language)}</h1>
            <p>{message.text.to(language)}</p>
            <a class="button primary" href=message.href>{message.action.to(language)}</a>
        </section>
    }
}

/// The HTML document of a message, without islands. The handlers of the server use it.
#[must_use]
pub fn message_page(style: &StyleSheet, message: Message, language: Language) -> String {
    let title = message.title.to(language);
    let page = view! {
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <DocumentTitle text=title.to_owned()/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <InlineStyle css=style.css().to_owned()/>
                <InlineStyle css=PageStyle::Message.css().to_owned()/>
            </head>
            <body>
                <main>
                    <MessageSection message language/>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

/// The page of an error. Sets the HTTP status of the error.
pub(super) fn error_page(error: &ShopError) -> AnyView {
    if error.is_ours() {
        tracing::error!(%error, "a page failed");
    }
    set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    let title = if matches!(error, ShopError::NotFound) { messages::NOT_FOUND } else { messages::ERROR };
    let message = Message { title, text: error.sentence(), href: "/".to_owned(), action: messages::GO_HOME };
    view! {
        <Layout title=t(title).to_owned() styles=&[PageStyle::Message]>
            <MessageSection message language=messages::language()/>
        </Layout>
    }
    .into_any()
}

#[component]
pub(super) fn NotFound() -> impl IntoView {
    error_page(&ShopError::NotFound)
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
