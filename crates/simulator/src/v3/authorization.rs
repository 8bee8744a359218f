//! Checks the `Authorization` header and its signature (wechat-protocol.md, 5.1).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use wechat::wire::v3;

use super::V3Error;
use crate::{
    app_state::AppState,
    clock::{self, SECOND},
    diagnosis::{Claims, V3Message, explain_authorization, explain_v3},
    merchants::ActiveMerchant,
};

/// The largest difference between the signature's time and now, in seconds.
const MAX_CLOCK_SKEW_S: u64 = 300;

const MALFORMED: &str = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》";

const MALFORMED_AT_ORDERS: &str = "签名信息错误，验签失败";

/// Checks the header. Returns the merchant that signed.
pub(super) fn check(
    app: &AppState,
    method: &str,
    url: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Arc<ActiveMerchant>, V3Error> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let now = clock::real_now() / SECOND;
    let merchants = app.merchants();
    let named = sent.and_then(Authorization::parse).and_then(|header| merchants.get(header.mchid));
    verify(named.as_deref(), method, url, sent, now, body).map_err(|error| {
        // for an unknown merchant, the doctor compares with the first one
        let active = named.clone().unwrap_or_else(|| merchants.first());
        let mch_id = active.merchant.mch_id.as_str();
        let (platform_serial, public_key_id) = active.signer.key_names();
        let other_serials: Vec<String> =
            merchants.others(mch_id).map(|other| other.signer.merchant_serial.clone()).collect();
        let claims = Claims {
            header: sent,
            mch_id,
            appids: &merchants.appids,
            merchant_serial: &active.signer.merchant_serial,
            other_serials: &other_serials,
            platform_serial,
            public_key_id,
            now,
        };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let diagnosis = explain_authorization(&claims).or_else(|| {
            let authorization = sent.and_then(Authorization::parse)?;
            explain_v3(&V3Message {
                method: method.to_owned(),
                url: url.to_owned(),
                host: host.to_owned(),
                timestamp: authorization.timestamp.parse().ok()?,
                nonce: authorization.nonce_str.to_owned(),
                body: body.to_vec(),
                signature: authorization.signature.to_owned(),
                keys: active.known_keys.clone(),
                certificate: active.signer.merchant_numbers.clone(),
                other_certificates: merchants
                    .others(mch_id)
                    .map(|other| other.signer.merchant_numbers.clone())
                    .collect(),
            })
        });
        error.diagnosed(diagnosis)
    })?;
    named.ok_or_else(|| V3Error::sign(MALFORMED))
}

fn verify(
    named: Option<&ActiveMerchant>,
    method: &str,
    url: &str,
    sent: Option<&str>,
    now: i64,
    body: &[u8],
) -> Result<(), V3Error> {
    // for orders WeChat has another message than for the other calls (wechat-protocol-2.md, 12)
    let text = if url.starts_with("/v3/pay/transactions/") { MALFORMED_AT_ORDERS } else { MALFORMED };
    let malformed = || V3Error::sign(text);
    let authorization = sent.and_then(Authorization::parse).ok_or_else(malformed)?;
    let signer = &named.ok_or_else(|| V3Error::sign("商户号不存在"))?.signer;
    if !authorization.serial_no.eq_ignore_ascii_case(&signer.merchant_serial) {
        return Err(V3Error::sign("商户证书序列号有误。请使用签名私钥匹配的证书序列号"));
    }
    // more digits mean a time in milliseconds
    let digits = authorization.timestamp.len() == 10
        && authorization.timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let timestamp: i64 = Some(authorization.timestamp)
        .filter(|_| digits)
        .and_then(|text| text.parse().ok())
        .ok_or_else(malformed)?;
    if timestamp.abs_diff(now) > MAX_CLOCK_SKEW_S {
        return Err(V3Error::sign("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"));
    }
    let message = v3::request_message(method, url, timestamp, authorization.nonce_str, body);
    if signer.verifies(&message, authorization.signature) {
        Ok(())
    } else {
        Err(V3Error::sign("签名错误"))
    }
}

/// The values of the header, in any order.
struct Authorization<'a> {
    mchid: &'a str,
    nonce_str: &'a str,
    signature: &'a str,
    timestamp: &'a str,
    serial_no: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let pairs = text.strip_prefix("WECHATPAY2-SHA256-RSA2048 ")?;
        let pairs: Vec<(&str, &str)> = pairs
            .split(',')
            .map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                Some((name, value.strip_prefix('"')?.strip_suffix('"')?))
            })
            .collect::<Option<_>>()?;
        let get = |name: &str| {
            let mut found = pairs.iter().filter(|(known, value)| *known == name && !value.is_empty());
            found.next().map(|(_, value)| *value).filter(|_| found.next().is_none())
        };
        let authorization = Self {
            mchid: get("mchid")?,
            nonce_str: get("nonce_str").filter(|nonce| nonce.len() <= 32)?,
            signature: get("signature")?,
            timestamp: get("timestamp")?,
            serial_no: get("serial_no")?,
        };
        (pairs.len() == 5).then_some(authorization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_may_have_any_order_but_no_repetition() {
        let pairs = [
            r#"mchid="1""#,
            r#"serial_no="2""#,
            r#"nonce_str="3""#,
            r#"timestamp="4""#,
            r#"signature="5==""#,
        ];
        let parse = |pairs: &[&str]| {
            let text = format!("WECHATPAY2-SHA256-RSA2048 {}", pairs.join(","));
            Authorization::parse(&text).map(|authorization| authorization.signature.to_owned())
        };
        assert_eq!(parse(&pairs).as_deref(), Some("5=="));
        let mut other = pairs;
        other.reverse();
        assert!(parse(&other).is_some());
        assert!(parse(&pairs[1..]).is_none());
        assert!(parse(&[&pairs[..], &pairs[..1]].concat()).is_none());
        assert!(Authorization::parse(&pairs.join(",")).is_none());
    }
}
