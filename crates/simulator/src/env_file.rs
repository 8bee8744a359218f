//! The account as lines of a `.env` file, and the key files that some lines name.

use std::{
    fmt::Write,
    io,
    path::{Path, PathBuf},
};

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{
    account::{API_V2_KEY, API_V3_KEY, APPID, Keys, MCH_ID, MINIPROGRAM_APPID, MINIPROGRAM_SECRET, SECRET},
    app_state::SharedState,
};

/// The file names of the merchant platform.
const KEY: &str = "apiclient_key.pem";
const CERTIFICATE: &str = "apiclient_cert.pem";
const PUBLIC_KEY: &str = "pub_key.pem";
const AUTHORITY: &str = "ca.pem";

/// Writes the files. Returns the full path of the folder.
pub(crate) fn write(folder: &Path, keys: &Keys) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    for (name, text) in [
        (KEY, &keys.merchant_private_key_pem),
        (CERTIFICATE, &keys.merchant_cert_pem),
        (PUBLIC_KEY, &keys.public_key_pem),
        (AUTHORITY, &keys.ca_pem),
    ] {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(folder)
}

/// `GET /_simulator/env`.
pub(crate) async fn show(State(app): State<SharedState>) -> impl IntoResponse {
    let addresses = &app.addresses;
    let main = &addresses.main;
    // if there is a file with the authority, the shop can use TLS and show its certificate
    let pay = if app.env_dir.is_some() { &addresses.tls } else { main };
    let mut text = format!(
        "SHOP_PUBLIC_URL={}\n\
         WECHAT_APPID={APPID}\n\
         WECHAT_SECRET={SECRET}\n\
         WECHAT_TOKEN_MODE=stable\n\
         WECHAT_MINIPROGRAM_APPID={MINIPROGRAM_APPID}\n\
         WECHAT_MINIPROGRAM_SECRET={MINIPROGRAM_SECRET}\n\
         WECHAT_MCH_ID={MCH_ID}\n\
         WECHAT_PAY_API=v2\n\
         WECHAT_SIGN_TYPE=HMAC-SHA256\n\
         WECHAT_API_V2_KEY={API_V2_KEY}\n\
         WECHAT_OPEN_URL={main}\n\
         WECHAT_API_URL={main}\n\
         WECHAT_MCH_URL={pay}\n\
         WECHAT_JSSDK_URL={main}/open/js/jweixin-1.6.0.js\n",
        addresses.phone
    );
    if let Some(folder) = &app.env_dir {
        let keys = app.database().keys.clone();
        let (serial, id) = (keys.merchant_serial, keys.public_key_id);
        let file = |name: &str| folder.join(name).display().to_string();
        for (name, value) in [
            ("WECHAT_API_V3_KEY", API_V3_KEY.to_owned()),
            ("WECHAT_MERCHANT_SERIAL", serial),
            ("WECHAT_MERCHANT_KEY_FILE", file(KEY)),
            ("WECHAT_MERCHANT_CERT_FILE", file(CERTIFICATE)),
            ("WECHAT_PUBLIC_KEY_ID", id),
            ("WECHAT_PUBLIC_KEY_FILE", file(PUBLIC_KEY)),
            ("WECHAT_CA_FILE", file(AUTHORITY)),
        ] {
            // writing to a string cannot fail
            let _ = writeln!(text, "{name}={value}");
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
