use leptos::prelude::*;

use crate::{
    islands::WechatAddress,
    words::{self, say},
};

/// Fills the form around it with an address out of WeChat, where WeChat can do that.
#[component]
pub(crate) fn FromWechat() -> impl IntoView {
    view! {
        <button class="button wide from-wechat" type="button" hidden>
            {say(words::WECHAT_ADDRESS)}
        </button>
        <WechatAddress/>
    }
}
