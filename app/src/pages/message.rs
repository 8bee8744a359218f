use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shop::ShopError;

use super::Files;
use model::{Language, Said};

use crate::{
    components::Layout,
    messages::{self, t},
    raw_text::{DocumentTitle, Style},
};

/// Something said in plain words, with a way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub title: Said,
    /// What to do.
    pub text: Said,
    /// Where the button leads.
    pub href: String,
    /// What the button says.
    pub action: Said,
}

#[component]
fn Say(message: Message, language: Language) -> impl IntoView {
    view! {
        <section class="message">
            <h1>{message.title.to(language)}</h1>
            <p>{message.text.to(language)}</p>
            <a class="button primary" href=message.href>{message.action.to(language)}</a>
        </section>
    }
}

/// A page that says something, without the application around it: for the handlers beside the pages.
#[must_use]
pub fn message_page(files: &Files, message: Message, language: Language) -> String {
    let title = message.title.to(language);
    let page = view! {
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <DocumentTitle text=title.to_owned()/>
                <link rel="icon" href="/pictures/shop.svg" type="image/svg+xml"/>
                <Style files=files.clone()/>
            </head>
            <body>
                <main class="bare">
                    <Say message language/>
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
    let title = if matches!(error, ShopError::NotFound) { messages::NOT_FOUND } else { messages::ERROR };
    tell(title, error.sentence())
}

#[component]
pub(super) fn NotFound() -> impl IntoView {
    failed(&ShopError::NotFound)
}

fn tell(title: Said, text: Said) -> AnyView {
    let message = Message { title, text, href: "/".to_owned(), action: messages::GO_HOME };
    view! {
        <Layout title=t(title).to_owned()>
            <Say message language=messages::language()/>
        </Layout>
    }
    .into_any()
}

fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
