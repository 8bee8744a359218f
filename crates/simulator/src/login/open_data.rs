//! The signed and encrypted user data of a mini program's page, for its server (wechat-protocol.md, 6).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat::wire::aes::encrypt_cbc;

use crate::{
    clock::{SECOND, real_now},
    random,
    user::User,
};

/// `wx.getUserInfo`: `rawData`, its `signature`, and encrypted data with the openid and the unionid.
pub(crate) fn user_info(
    appid: &str,
    openid: &str,
    unionid: Option<&str>,
    user: &User,
    session_key: &str,
) -> Value {
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
    private["openId"] = openid.into();
    if let Some(unionid) = unionid {
        private["unionId"] = unionid.into();
    }
    let mut data = encrypt(appid, private, session_key);
    data["signature"] = hex::encode(Sha1::digest(format!("{raw}{session_key}"))).into();
    data["rawData"] = raw.into();
    data
}

/// `getPhoneNumber` of older clients.
pub(crate) fn phone_number(appid: &str, user: &User, session_key: &str) -> Value {
    encrypt(appid, phone_info(appid, user), session_key)
}

pub(super) fn phone_info(appid: &str, user: &User) -> Value {
    json!({
        "phoneNumber": user.phone,
        "purePhoneNumber": user.phone,
        "countryCode": "86",
        "watermark": watermark(appid),
    })
}

/// The mini program and the real time.
fn watermark(appid: &str) -> Value {
    json!({ "timestamp": real_now() / SECOND, "appid": appid })
}

fn encrypt(appid: &str, mut plain: Value, session_key: &str) -> Value {
    plain["watermark"] = watermark(appid);
    let key = STANDARD.decode(session_key).ok().and_then(|key| key.try_into().ok()).unwrap_or_default();
    let mut iv = [0; 16];
    iv.copy_from_slice(random::alphanumeric(16).as_bytes());
    let encrypted = encrypt_cbc(&key, &iv, plain.to_string().as_bytes());
    json!({ "encryptedData": STANDARD.encode(encrypted), "iv": STANDARD.encode(iv) })
}
