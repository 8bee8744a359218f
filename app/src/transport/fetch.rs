use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// The server's answer to a request.
pub(super) struct Answer {
    /// Whether the HTTP status is a success.
    pub(super) is_ok: bool,
    pub(super) text: String,
}

/// Sends a text with `POST`. `None` if no answer came.
pub(super) fn post(path: &str, text: &str) -> impl Future<Output = Option<Answer>> + use<> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&text.into());
    let response = window().fetch_with_str_and_init(path, &request);
    async move {
        let response: Response = JsFuture::from(response).await.ok()?.unchecked_into();
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        Some(Answer { is_ok: response.ok(), text })
    }
}
