//! The signed and encrypted user data of a mini program's page, for its server (wechat-protocol.md, 6).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::wire::aes::encrypt_cbc;

use crate::{
    account::MINIPROGRAM_APPID,
    clock::{SECOND, real_now},
    random,
    user::User,
};

/// `wx.getUserInfo`: `rawData`, its `signature`, and encrypted data with the openid.
pub(crate) fn user_info(user: &User, session_key: &str) -> Value {
    let shown = json!({
        "nickName": user.nickname,
        "gender": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "avatarUrl": user.headimgurl,
    });
    let raw = shown.to_string();
    let mut private = shown;
    private["openId"] = user.miniprogram_openid.as_str().into();
    private["unionId"] = user.unionid.as_str().into();
    let mut data = encrypt(private, session_key);
    data["signature"] = hex::encode(Sha1::digest(format!("{raw}{session_key}"))).into();
    data["rawData"] = raw.into();
    data
}

/// `getPhoneNumber` of older clients.
pub(crate) fn phone_number(user: &User, session_key: &str) -> Value {
    encrypt(phone_info(user), session_key)
}

pub(super) fn phone_info(user: &User) -> Value {
    json!({
        "phoneNumber": user.phone,
        "purePhoneNumber": user.phone,
        "countryCode": "86",
        "watermark": watermark(),
    })
}

/// The mini program and the real time.
fn watermark() -> Value {
    json!({ "timestamp": real_now() / SECOND, "appid": MINIPROGRAM_APPID })
}

fn encrypt(mut plain: Value, session_key: &str) -> Value {
    plain["watermark"] = watermark();
    let key = STANDARD.decode(session_key).ok().and_then(|key| key.try_into().ok()).unwrap_or_default();
    let mut iv = [0; 16];
    iv.copy_from_slice(random::alphanumeric(16).as_bytes());
    let encrypted = encrypt_cbc(&key, &iv, plain.to_string().as_bytes());
    json!({ "encryptedData": STANDARD.encode(encrypted), "iv": STANDARD.encode(iv) })
}
