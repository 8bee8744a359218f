//! The bindings to `wx`, the global object of WeChat's JS-SDK.
//!
//! The global object appears late, or never. So each call looks it up again, and each wait has a time limit. `wx.ready`
//! also runs after a failed configuration. Outside WeChat neither `wx.ready` nor `wx.error` runs.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::document;
use model::{JsConfig, PaymentParameters};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use crate::browser;

#[wasm_bindgen]
extern "C" {
    type Wx;

    #[wasm_bindgen(method)]
    fn config(this: &Wx, options: &Object);

    #[wasm_bindgen(method)]
    fn ready(this: &Wx, callback: &Function);

    #[wasm_bindgen(method)]
    fn error(this: &Wx, callback: &Function);

    #[wasm_bindgen(method, catch, js_name = chooseWXPay)]
    fn choose_wx_pay(this: &Wx, options: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter, js_name = miniProgram)]
    fn mini_program(this: &Wx) -> Option<MiniProgram>;

    #[wasm_bindgen(method, catch, js_name = openAddress)]
    fn open_address(this: &Wx, options: &Object) -> Result<(), JsValue>;

    type MiniProgram;

    #[wasm_bindgen(method, catch, js_name = navigateTo)]
    fn navigate_to(this: &MiniProgram, options: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = updateAppMessageShareData)]
    fn update_app_message_share_data(this: &Wx, options: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = updateTimelineShareData)]
    fn update_timeline_share_data(this: &Wx, options: &Object) -> Result<(), JsValue>;
}

/// The functions that the pages use. If the list has only `chooseWXPay`, WeChat does not report a wrong signature.
const JS_API_LIST: &[&str] =
    &["chooseWXPay", "openAddress", "updateAppMessageShareData", "updateTimelineShareData"];

/// The global object, if the browser has loaded the script.
fn global() -> Option<Wx> {
    let wx = Reflect::get(&js_sys::global(), &"wx".into()).ok()?;
    (wx.is_object() || wx.is_function()).then(|| wx.unchecked_into())
}

/// Waits for the global object, at most five seconds.
async fn wait_for_global() -> Option<Wx> {
    for _ in 0..50 {
        if let Some(wx) = global() {
            return Some(wx);
        }
        browser::sleep(100).await;
    }
    None
}

fn object(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // this cannot fail for a plain object
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// A shared function for all lists, to keep the WebAssembly small.
fn list(texts: &[&str]) -> JsValue {
    texts.iter().map(|text| JsValue::from(*text)).collect::<Array>().into()
}

/// The result of `wx.config`. It is in `data-wx` of the document, so that all islands can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Config {
    Ready,
    Failed,
}

const CONFIG_ATTRIBUTE: &str = "data-wx";

fn set_config(config: Config) {
    if let Some(root) = document().document_element() {
        let word = match config {
            Config::Ready => "ready",
            Config::Failed => "failed",
        };
        let _ = root.set_attribute(CONFIG_ATTRIBUTE, word);
    }
}

/// Waits for the result of `wx.config`, at most `within_ms` milliseconds. `None` after that.
pub(crate) async fn configured(within_ms: i32) -> Option<Config> {
    const STEP: i32 = 50;
    for _ in 0..=(within_ms / STEP) {
        let word = document().document_element().and_then(|root| root.get_attribute(CONFIG_ATTRIBUTE));
        match word.as_deref() {
            Some("ready") => return Some(Config::Ready),
            Some("failed") => return Some(Config::Failed),
            _ => browser::sleep(STEP).await,
        }
    }
    None
}

/// Calls `wx.config`, and `when_ready` if it succeeds.
pub(crate) async fn configure(config: &JsConfig, when_ready: impl FnOnce() + 'static) {
    let Some(wx) = wait_for_global().await else { return set_config(Config::Failed) };
    let on_error = Closure::once_into_js(|reason: JsValue| {
        browser::warn(&["wx.config: ", &message(&reason)].concat());
        set_config(Config::Failed);
    });
    let on_ready = Closure::once_into_js(move || {
        let failed = document().document_element().is_some_and(|root| root.has_attribute(CONFIG_ATTRIBUTE));
        if !failed {
            set_config(Config::Ready);
            when_ready();
        }
    });
    wx.error(on_error.unchecked_ref());
    wx.config(&object(&[
        ("debug", &false.into()),
        ("appId", &(&*config.app_id).into()),
        // as text, because an i64 would become a BigInt, which the script cannot append to a string
        ("timestamp", &config.timestamp.to_string().into()),
        ("nonceStr", &(&*config.nonce_str).into()),
        ("signature", &(&*config.signature).into()),
        ("openTagList", &list(&["wx-open-subscribe"])),
        ("jsApiList", &list(JS_API_LIST)),
    ]));
    wx.ready(on_ready.unchecked_ref());
}

/// Sets the card that WeChat sends when the shopper shares this page.
pub(crate) fn share(title: &str, desc: &str, link: &str, image: &str) {
    let Some(wx) = global() else { return };
    let fields = object(&[
        ("title", &title.into()),
        ("desc", &desc.into()),
        ("link", &link.into()),
        ("imgUrl", &image.into()),
    ]);
    for outcome in [wx.update_app_message_share_data(&fields), wx.update_timeline_share_data(&fields)] {
        if let Err(reason) = outcome {
            browser::warn(&["share data: ", &message(&reason)].concat());
        }
    }
}

/// Whether the page is in a mini program's web view. WeChat refuses `chooseWXPay` there.
pub(crate) fn in_miniprogram() -> bool {
    let environment = Reflect::get(&js_sys::global(), &"__wxjs_environment".into());
    environment.is_ok_and(|word| word == "miniprogram")
}

/// Opens a page of the mini program over this page. Returns false if the call was not possible.
pub(crate) async fn navigate_to(url: &str) -> bool {
    let Some(program) = wait_for_global().await.and_then(|wx| wx.mini_program()) else { return false };
    program.navigate_to(&object(&[("url", &url.into())])).is_ok()
}

/// An address that the shopper has saved in WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WechatAddress {
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) region: String,
    pub(crate) detail: String,
}

/// Lets the shopper choose a saved address. `None` if the shopper cancelled or WeChat failed.
pub(crate) async fn open_address() -> Option<WechatAddress> {
    let wx = global()?;
    let promise = Promise::new(&mut |resolve, reject| {
        let options =
            object(&[("success", resolve.as_ref()), ("cancel", reject.as_ref()), ("fail", reject.as_ref())]);
        if wx.open_address(&options).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    let answer = JsFuture::from(promise).await.ok()?;
    let text = |name: &str| {
        Reflect::get(&answer, &name.into()).map(|text| browser::text_of(&text)).unwrap_or_default()
    };
    let region = [text("provinceName"), text("cityName"), text("countryName")];
    Some(WechatAddress {
        name: text("userName"),
        phone: text("telNumber"),
        region: region.join(" ").trim_matches(' ').to_owned(),
        detail: text("detailInfo"),
    })
}

/// The outcome of the payment sheet. It does not prove a payment: the server queries WeChat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// WeChat reported a payment.
    Ok,
    /// The shopper closed the sheet.
    Cancelled,
    /// WeChat reported a failure.
    Failed,
    /// The JS-SDK could not open the sheet.
    Unavailable,
}

/// Opens the payment sheet and waits until it ends.
pub(crate) async fn choose_wx_pay(payment: &PaymentParameters) -> Sheet {
    let Some(wx) = global() else { return Sheet::Unavailable };
    let promise = Promise::new(&mut |resolve, _| {
        let ended = |word: &'static str| {
            let resolve = resolve.clone();
            Closure::once_into_js(move |answer: JsValue| {
                let message = message(&answer);
                let word = if word == "fail" && is_refused(&message) { "unavailable" } else { word };
                let _ = resolve.call1(&JsValue::NULL, &word.into());
            })
        };
        let options = object(&[
            // chooseWXPay takes `timestamp` and sends it as `timeStamp`, which the signature covers
            ("timestamp", &(&*payment.time_stamp).into()),
            ("nonceStr", &(&*payment.nonce_str).into()),
            ("package", &(&*payment.package).into()),
            // without this the script sends "SHA1"
            ("signType", &(&*payment.sign_type).into()),
            ("paySign", &(&*payment.pay_sign).into()),
            ("success", &ended("ok")),
            ("cancel", &ended("cancel")),
            ("fail", &ended("fail")),
        ]);
        if wx.choose_wx_pay(&options).is_err() {
            let _ = resolve.call1(&JsValue::NULL, &"unavailable".into());
        }
    });
    match JsFuture::from(promise).await.ok().and_then(|word| word.as_string()).as_deref() {
        Some("ok") => Sheet::Ok,
        Some("cancel") => Sheet::Cancelled,
        Some("unavailable") => Sheet::Unavailable,
        _ => Sheet::Failed,
    }
}

/// Whether the call failed, and not the payment. Then WeChat's bridge may still open the sheet.
fn is_refused(message: &str) -> bool {
    ["permission denied", "function not exist", "offline verifying"]
        .iter()
        .any(|reason| browser::contains(message, reason))
}

/// The `errMsg` that the script passes to a callback.
fn message(answer: &JsValue) -> String {
    Reflect::get(answer, &"errMsg".into()).map(|text| browser::text_of(&text)).unwrap_or_default()
}
