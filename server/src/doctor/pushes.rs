use std::time::Duration;

use wechat::push::PushReceiver;

use super::{CheckContext, Finding};

/// The time limit for an answer of the shop's own address.
const WITHIN: Duration = Duration::from_secs(8);

/// The text that the shop must send back.
const ECHO: &str = "doctor-echo";

const SETTINGS: &str = "developers.weixin.qq.com/platform → the account → 消息与事件推送";

/// Checks that WeChat's pushed messages reach the running shop. It sends the same check of the URL as WeChat.
pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let pushes = &context.config.wechat.pushes;
    let mut found = Vec::new();
    for (check, name, path, receiver) in [
        ("official account's messages", "WECHAT_PUSH_TOKEN", "/api/wechat/push", &pushes.official),
        (
            "mini program's messages",
            "WECHAT_MINIPROGRAM_PUSH_TOKEN",
            "/api/wechat/miniprogram/push",
            &pushes.miniprogram,
        ),
    ] {
        let url = format!("{}{path}", context.config.shop.public_url);
        match receiver {
            Some(receiver) => found.push(reach(context, check, &url, receiver).await),
            None if check.starts_with("mini") && context.config.wechat.miniprogram.is_none() => {}
            None => found.push(Finding::warning(
                check,
                format!(
                    "{name} is not set: the shop does not hear of events, such as money that WeChat keeps"
                ),
                format!("set a token and a key, restart, then save them with the address {url}: {SETTINGS}"),
            )),
        }
    }
    found
}

async fn reach(
    context: &CheckContext<'_>,
    check: &'static str,
    url: &str,
    receiver: &PushReceiver,
) -> Finding {
    let query = receiver.sign_check(context.now_s(), "doctor", ECHO);
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build();
    let answer = match client {
        Ok(client) => client.get(url).query(&query).send().await,
        Err(error) => Err(error),
    };
    let text = match answer {
        Ok(answer) => answer.text().await,
        Err(error) => Err(error),
    };
    match text {
        Ok(text) if text == ECHO => Finding::ok(check, format!("{url} answers WeChat's check")),
        Ok(_) => Finding::wrong(
            check,
            format!("{url} does not answer WeChat's check of the URL"),
            "restart the server with this configuration, and pass /api/wechat on to SHOP_ADDR",
        ),
        Err(error) => Finding::warning(
            check,
            format!("{url} cannot be opened from here: {}", error.without_url()),
            "start the server and the proxy; if WeChat reaches it all the same, leave it",
        ),
    }
}
