//! The account as lines of a `.env` file, and the key files that some lines name.

use std::{
    io,
    path::{Path, PathBuf},
};

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{app_state::SharedState, database::Database};

/// The file names of the merchant platform.
const KEY: &str = "apiclient_key.pem";
const CERTIFICATE: &str = "apiclient_cert.pem";
const PUBLIC_KEY: &str = "pub_key.pem";
const AUTHORITY: &str = "ca.pem";

/// Writes the files of the first merchant. Returns the full path of the folder.
pub(crate) fn write(folder: &Path, db: &Database) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let keys = &db.accounts.first_merchant().keys;
    for (name, text) in [
        (KEY, &keys.merchant_private_key_pem),
        (CERTIFICATE, &keys.merchant_cert_pem),
        (PUBLIC_KEY, &keys.public_key_pem),
        (AUTHORITY, &db.keys.ca_pem),
    ] {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(folder)
}

/// `GET /_simulator/env`.
pub(crate) async fn show(State(app): State<SharedState>) -> impl IntoResponse {
    let addresses = &app.addresses;
    let main = &addresses.main;
    // with the files, the shop can trust the simulator's certificate authority and send its client certificate over TLS
    let pay = if app.env_dir.is_some() { &addresses.tls } else { main };
    let accounts = app.database().accounts.clone();
    let (service_account, merchant) = (accounts.first_service_account(), accounts.first_merchant());
    let mut lines = vec![
        ("SHOP_PUBLIC_URL", addresses.phone.clone()),
        ("WECHAT_APPID", service_account.appid.clone()),
        ("WECHAT_SECRET", service_account.secret.clone()),
        ("WECHAT_TOKEN_MODE", "stable".to_owned()),
        ("WECHAT_PUSH_TOKEN", service_account.push.token.clone()),
        ("WECHAT_PUSH_AES_KEY", service_account.push.encoding_aes_key.clone()),
    ];
    if let Some(miniprogram) = accounts.miniprograms.first() {
        lines.extend([
            ("WECHAT_MINIPROGRAM_APPID", miniprogram.appid.clone()),
            ("WECHAT_MINIPROGRAM_SECRET", miniprogram.secret.clone()),
            ("WECHAT_MINIPROGRAM_PUSH_TOKEN", miniprogram.push.token.clone()),
            ("WECHAT_MINIPROGRAM_PUSH_AES_KEY", miniprogram.push.encoding_aes_key.clone()),
        ]);
    }
    if let Some(website) = accounts.websites.first() {
        lines.extend([
            ("WECHAT_WEBSITE_APPID", website.appid.clone()),
            ("WECHAT_WEBSITE_SECRET", website.secret.clone()),
        ]);
    }
    lines.extend([
        ("WECHAT_MCH_ID", merchant.mch_id.clone()),
        ("WECHAT_PAY_API", "v2".to_owned()),
        ("WECHAT_SIGN_TYPE", "HMAC-SHA256".to_owned()),
        ("WECHAT_API_V2_KEY", merchant.api_v2_key.clone()),
        ("WECHAT_OPEN_URL", main.clone()),
        ("WECHAT_API_URL", main.clone()),
        ("WECHAT_MCH_URL", pay.clone()),
        ("WECHAT_JSSDK_URL", format!("{main}/open/js/jweixin-1.6.0.js")),
    ]);
    if let Some(folder) = &app.env_dir {
        let file = |name: &str| folder.join(name).display().to_string();
        lines.extend([
            ("WECHAT_API_V3_KEY", merchant.api_v3_key.clone()),
            ("WECHAT_MERCHANT_SERIAL", merchant.keys.merchant_serial.clone()),
            ("WECHAT_MERCHANT_KEY_FILE", file(KEY)),
            ("WECHAT_MERCHANT_CERT_FILE", file(CERTIFICATE)),
            ("WECHAT_PUBLIC_KEY_ID", merchant.keys.public_key_id.clone()),
            ("WECHAT_PUBLIC_KEY_FILE", file(PUBLIC_KEY)),
            ("WECHAT_CA_FILE", file(AUTHORITY)),
        ]);
    }
    let text: String = lines.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}
