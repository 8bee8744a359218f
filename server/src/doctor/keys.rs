use shop::{Clock, PayApi};
use wechat::wire::{
    certificate::Certificate,
    rsa::{InvalidKey, PrivateKey},
};

use super::{Finding, advice::API_SAFETY};
use crate::config::Config;

const DAY_S: i64 = 86_400;

/// How many seconds before its end a certificate should be replaced: 30 days.
const REPLACE_WITHIN: i64 = 30 * DAY_S;

pub(super) fn check(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let mut found = vec![data_keys(config)];
    match &config.wechat.client_certificate {
        Some((certificate, key)) => {
            let now_s = clock.now_ms().div_euclid(1000);
            found.extend(merchant(certificate, key.expose(), now_s));
        }
        None => found.push(Finding::warning(
            "merchant certificate",
            "none is configured",
            format!(
                "V2 refunds need it, and when it ends cannot be seen without it: set WECHAT_MERCHANT_CERT_FILE and \
                 WECHAT_MERCHANT_KEY_FILE ({API_SAFETY} → 商户API证书)"
            ),
        )),
    }
    if config.wechat.pay_api == PayApi::V3 && config.wechat.api_v2_key.is_none() {
        found.push(Finding::warning(
            "refunds made in the merchant platform",
            "WECHAT_API_V2_KEY is not set: WeChat reports these refunds in V2's form, which only this key opens",
            format!(
                "set WECHAT_API_V2_KEY beside WECHAT_PAY_API=v3 ({API_SAFETY} → APIv2密钥); without it such a refund is found \
                 in the bill of the next morning"
            ),
        ));
    }
    if let Some(pay) = &config.wechat.pay_v3 {
        let mode = match &pay.public_key {
            Some((id, _)) => format!("the 微信支付公钥 {id}, and platform certificates where there are some"),
            None => "platform certificates, downloaded".to_owned(),
        };
        found.push(Finding::ok("what WeChat's answers are verified with", mode));
    }
    found
}

fn data_keys(config: &Config) -> Finding {
    const CHECK: &str = "encryption of secrets";
    if config.data_keys.is_empty() {
        return Finding::warning(
            CHECK,
            "SHOP_DATA_KEYS is not set: second factors and tokens are in the database and its backups in plain text",
            "set it to the output of `openssl rand -hex 32`; the next start encrypts what is there. Keep a copy of the key: \
             without it every second factor has to be set up again",
        );
    }
    Finding::ok(CHECK, "SHOP_DATA_KEYS is set")
}

fn merchant(certificate: &str, key: &str, now_s: i64) -> Vec<Finding> {
    const CHECK: &str = "merchant certificate";
    const PAIR: &str = "certificate and key";
    let unusable = |name: &str, error: InvalidKey| {
        let remedy = format!(
            "take apiclient_cert.pem and apiclient_key.pem as the certificate tool wrote them: {API_SAFETY}"
        );
        vec![Finding::wrong(CHECK, format!("{name} is {error}"), remedy)]
    };
    let certificate = match Certificate::from_pem(certificate) {
        Ok(certificate) => certificate,
        Err(error) => return unusable("WECHAT_MERCHANT_CERT_FILE", error),
    };
    let key = match PrivateKey::from_pem(key) {
        Ok(key) => key,
        Err(error) => return unusable("WECHAT_MERCHANT_KEY_FILE", error),
    };
    let days = (certificate.not_after - now_s).div_euclid(DAY_S);
    let replace = format!("apply for a new one, and replace both files: {API_SAFETY} → 商户API证书 → 更换");
    let serial = &certificate.serial_no;
    let age = if now_s < certificate.not_before {
        Finding::wrong(CHECK, format!("{serial} is not valid yet"), "check this machine's clock")
    } else if !certificate.is_valid_at(now_s) {
        Finding::wrong(CHECK, format!("{serial} has expired {} days ago", -days), replace)
    } else if certificate.not_after - now_s < REPLACE_WITHIN {
        Finding::warning(CHECK, format!("{serial} expires in {days} days"), replace)
    } else {
        Finding::ok(CHECK, format!("{serial} is valid for {days} days"))
    };
    let trial = b"server doctor";
    let pair = if certificate.public_key.verify(trial, &key.sign(trial)) {
        Finding::ok(PAIR, "they belong together")
    } else {
        Finding::wrong(
            PAIR,
            "the key in WECHAT_MERCHANT_KEY_FILE does not belong to the certificate in WECHAT_MERCHANT_CERT_FILE",
            format!("take both files of the same application: {API_SAFETY} → 商户API证书"),
        )
    };
    vec![age, pair]
}
