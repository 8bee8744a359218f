//! Small things that islands ask of the browser.

use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventTarget, HtmlDocument, PageTransitionEvent};

/// Whether the page is shown by WeChat.
pub(crate) fn in_wechat() -> bool {
    window().navigator().user_agent().is_ok_and(|agent| contains(&agent, "MicroMessenger"))
}

/// Whether a text has this part, in capitals or not. `str::contains` would bring its two-way search along.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Whether the page is written in English.
#[cfg(not(feature = "ssr"))]
pub(crate) fn in_english() -> bool {
    document().document_element().and_then(|root| root.get_attribute("lang")).is_some_and(|tag| tag == "en")
}

/// A readable cookie.
pub(crate) fn cookie(name: &str) -> Option<String> {
    let all = document().unchecked_into::<HtmlDocument>().cookie().ok()?;
    all.split(';')
        .find_map(|pair| Some(pair.trim_start_matches(' ').strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Forgets a readable cookie.
pub(crate) fn forget_cookie(name: &str) {
    let gone = [name, "=; Max-Age=0; Path=/; SameSite=Lax"].concat();
    // a browser that keeps no cookies has none to forget
    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&gone);
}

/// The page's address without what follows `#`: what the JS-SDK signs.
pub(crate) fn page_url() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// What WeChat adds to the address of a page that somebody has shared.
const SHARE_MARKS: [&str; 3] = ["from", "isappinstalled", "nsukey"];

/// The address without the marks of earlier shares: else a link grows each time that it is passed on.
pub(crate) fn without_share_marks(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let is_ours = |pair: &&str| !SHARE_MARKS.contains(&pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(is_ours).collect();
    if kept.is_empty() { path.to_owned() } else { [path, "?", &kept.join("&")].concat() }
}

/// Leaves the page, without a way back to it.
pub(crate) fn replace(url: &str) {
    // refused only for an address that is none
    let _ = window().location().replace(url);
}

/// The value of `data-NAME` on the nearest element around that has one.
pub(crate) fn data_around(element: &Element, name: &str) -> Option<String> {
    let attribute = ["data-", name].concat();
    element.closest(&["[", &attribute, "]"].concat()).ok()??.get_attribute(&attribute)
}

/// Says that an island reacts from now on: tests wait for it.
pub(crate) fn set_live(element: &Element) {
    let _ = element.set_attribute("data-live", "");
}

/// Shows an element, or hides it.
pub(crate) fn set_shown(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Says something to developers.
pub(crate) fn warn(message: &str) {
    web_sys::console::warn_1(&message.into());
}

/// Waits.
pub(crate) async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // a browser without timers runs nothing at all
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(promise).await;
}

/// Calls back at each event of this name, as long as the page lives.
pub(crate) fn on(target: &EventTarget, event: &str, callback: impl Fn(Event) + 'static) {
    let callback = Closure::<dyn Fn(Event)>::new(callback).into_js_value();
    let _ = target.add_event_listener_with_callback(event, callback.unchecked_ref());
}

/// Calls back whenever the page is shown again: from the history, or from behind another app.
pub(crate) fn on_shown(callback: impl Fn() + 'static) {
    let callback = Rc::new(callback);
    let again = Rc::clone(&callback);
    on(&window(), "pageshow", move |event| {
        // the islands may be awake before the page is shown for the first time
        if event.unchecked_ref::<PageTransitionEvent>().persisted() {
            again();
        }
    });
    on(&document(), "visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            callback();
        }
    });
}

/// Whether the history led here: browsers then show a page as they have kept it, `no-cache` or not.
pub(crate) fn came_back() -> bool {
    let of = |value: &JsValue, name: &str| js_sys::Reflect::get(value, &name.into()).unwrap_or_default();
    let navigation = of(&of(&js_sys::global(), "performance"), "navigation");
    of(&navigation, "type").as_f64() == Some(2.0)
}

/// The text of a thrown value.
pub(crate) fn text_of(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::without_share_marks;

    #[test]
    fn a_link_that_is_passed_on_does_not_grow() {
        for (url, link) in [
            ("https://s/p?from=singlemessage&isappinstalled=0", "https://s/p"),
            (
                "https://s/p?sku=a&from=timeline&isappinstalled=0&quantity=2&from=groupmessage",
                "https://s/p?sku=a&quantity=2",
            ),
            ("https://s/p?fromage=1", "https://s/p?fromage=1"),
            ("https://s/p", "https://s/p"),
        ] {
            assert_eq!(without_share_marks(url), link);
        }
    }
}
