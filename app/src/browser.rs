//! Small helpers around `web_sys`.

use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventTarget, HtmlDocument, PageTransitionEvent};

/// Whether WeChat's browser shows the page.
pub(crate) fn in_wechat() -> bool {
    window().navigator().user_agent().is_ok_and(|agent| contains(&agent, "MicroMessenger"))
}

/// Whether a text contains `part`, ignoring ASCII case. It does not use `str::contains`, whose search algorithm would
/// make the WebAssembly larger.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Whether the page is in English.
#[cfg(not(feature = "ssr"))]
pub(crate) fn in_english() -> bool {
    document().document_element().and_then(|root| root.get_attribute("lang")).is_some_and(|tag| tag == "en")
}

/// The value of a readable cookie; `None` if it does not exist.
pub(crate) fn cookie(name: &str) -> Option<String> {
    let all = document().unchecked_into::<HtmlDocument>().cookie().ok()?;
    all.split(';')
        .find_map(|pair| Some(pair.trim_start_matches(' ').strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Deletes a readable cookie.
pub(crate) fn delete_cookie(name: &str) {
    let expired = [name, "=; Max-Age=0; Path=/; SameSite=Lax"].concat();
    // this fails only in a browser that stores no cookies
    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&expired);
}

/// The address of this page without the fragment. The JS-SDK signs this address.
pub(crate) fn page_url() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The query parameters that WeChat adds to the address of a shared page.
const SHARE_PARAMETERS: [&str; 3] = ["from", "isappinstalled", "nsukey"];

/// The address without WeChat's share parameters. With them, the address would grow with each share.
pub(crate) fn without_share_parameters(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let is_ours = |pair: &&str| !SHARE_PARAMETERS.contains(&pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(is_ours).collect();
    if kept.is_empty() { path.to_owned() } else { [path, "?", &kept.join("&")].concat() }
}

/// Opens another address and removes this page from the history.
pub(crate) fn replace_page(url: &str) {
    // this fails only for an invalid address
    let _ = window().location().replace(url);
}

/// The value of `data-NAME` on the element, or on the nearest ancestor that has the attribute.
pub(crate) fn closest_data(element: &Element, name: &str) -> Option<String> {
    let attribute = ["data-", name].concat();
    element.closest(&["[", &attribute, "]"].concat()).ok()??.get_attribute(&attribute)
}

/// Writes a warning to the browser's console.
pub(crate) fn warn(message: &str) {
    web_sys::console::warn_1(&message.into());
}

/// Waits for `ms` milliseconds.
pub(crate) async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // all browsers have timers
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// Calls `callback` each time that the shopper returns to the page, from the history or from another app.
pub(crate) fn on_return(callback: impl Fn() + 'static) {
    let callback = Rc::new(callback);
    let again = Rc::clone(&callback);
    listen(&window(), "pageshow", move |event| {
        // the first `pageshow` is not a return; it may come after the start of the islands
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            again();
        }
    });
    listen(&document(), "visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            callback();
        }
    });
}

/// Listens to an event as long as the page exists.
fn listen(target: &EventTarget, event: &str, callback: impl Fn(Event) + 'static) {
    let callback = Closure::<dyn Fn(Event)>::new(callback).into_js_value();
    let _ = target.add_event_listener_with_callback(event, callback.unchecked_ref());
}

/// Whether the shopper came to this page through the history. The browser may then show an old copy, even with `no-cache`.
pub(crate) fn came_from_history() -> bool {
    let get = |value: &JsValue, name: &str| js_sys::Reflect::get(value, &name.into()).unwrap_or_default();
    let navigation = get(&get(&js_sys::global(), "performance"), "navigation");
    get(&navigation, "type").as_f64() == Some(2.0)
}

/// The text of a JavaScript value. Empty if the value is not a string.
pub(crate) fn text_of(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::without_share_parameters;

    #[test]
    fn a_shared_link_does_not_grow() {
        for (url, link) in [
            ("https://s/p?from=singlemessage&isappinstalled=0", "https://s/p"),
            (
                "https://s/p?sku=a&from=timeline&isappinstalled=0&quantity=2&from=groupmessage",
                "https://s/p?sku=a&quantity=2",
            ),
            ("https://s/p?fromage=1", "https://s/p?fromage=1"),
            ("https://s/p", "https://s/p"),
        ] {
            assert_eq!(without_share_parameters(url), link);
        }
    }
}
