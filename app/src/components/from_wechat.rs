use leptos::prelude::*;

use crate::{
    islands::WechatAddress,
    messages::{self, t},
};

/// Fills the form around it with an address out of WeChat, where WeChat can do that.
#[component]
pub(crate) fn FromWechat() -> impl IntoView {
    view! {
        <button class="button wide from-wechat" type="button" hidden>
            {t(messages::WECHAT_ADDRESS)}
        </button>
        <WechatAddress/>
    }
}
