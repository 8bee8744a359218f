//! The account as the lines of a `.env`.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{
    account::{API_V2_KEY, APPID, MCH_ID, SECRET},
    world::Shared,
};

pub(super) async fn show(State(world): State<Shared>) -> impl IntoResponse {
    let addresses = &world.addresses;
    let main = &addresses.main;
    let text = format!(
        "SHOP_PUBLIC_URL={}\n\
         WECHAT_APPID={APPID}\n\
         WECHAT_SECRET={SECRET}\n\
         WECHAT_TOKEN_MODE=stable\n\
         WECHAT_MCH_ID={MCH_ID}\n\
         WECHAT_PAY_API=v2\n\
         WECHAT_SIGN_TYPE=HMAC-SHA256\n\
         WECHAT_API_V2_KEY={API_V2_KEY}\n\
         WECHAT_OPEN_URL={main}\n\
         WECHAT_API_URL={main}\n\
         WECHAT_MCH_URL={main}\n\
         WECHAT_JSSDK_URL={main}/open/js/jweixin-1.6.0.js\n",
        addresses.phone
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
