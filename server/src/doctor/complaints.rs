use wechat::pay::v3::KeyRing;

use super::{CheckContext, Finding, advice};
use crate::startup;

const CHECK: &str = "complaints";

/// How to test the address: only WeChat's API shows it, no page of the merchant platform.
const HOW: &str = "then complain about a cheap order with a phone, and look at /console/complaints";

/// Checks that WeChat reports complaints to this shop.
pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let wechat = &context.config.wechat;
    let url = context.config.shop.complaint_notify_url();
    let keys = KeyRing::new();
    let Some(client) = startup::v3_client(wechat, &context.http, &keys, &wechat.appid) else {
        return vec![Finding::warning(
            CHECK,
            "Pay V3 is not configured, so the shop does not see complaints",
            "answer complaints in 微信支付商家助手 → 消费者投诉 or in the merchant platform, or set WECHAT_API_V3_KEY and the variables beside it",
        )];
    };
    vec![match client.complaint_notification_url().await {
        Ok(Some(known)) if known == url => Finding::ok(CHECK, format!("WeChat reports them to {url}")),
        Ok(Some(known)) => Finding::warning(
            CHECK,
            format!("WeChat reports them to {known}, not to {url}; the shop lists them every five minutes"),
            format!("`server complaints register --replace`, if no other system needs them; {HOW}"),
        ),
        Ok(None) => Finding::warning(
            CHECK,
            "no address is registered; the shop lists them every five minutes",
            format!("`server complaints register`; {HOW}"),
        ),
        Err(error) => advice::pay_v3(CHECK, &error),
    }]
}
