use wechat::{Official, Secret, TokenMode};

use super::{CheckContext, Finding, advice};

pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let wechat = &context.config.wechat;
    let account = account(context, &wechat.appid, &wechat.secret);
    let mut found = Vec::new();
    match account.access_token().await {
        Ok(_) => {
            found.push(Finding::ok("official account's token", &*wechat.appid));
            found.push(match account.jsapi_ticket().await {
                Ok(_) => Finding::ok("JS-SDK's ticket", "given out"),
                Err(error) => advice::platform("JS-SDK's ticket", "WECHAT_SECRET", &error),
            });
        }
        Err(error) => found.push(advice::platform("official account's token", "WECHAT_SECRET", &error)),
    }
    if let Some((appid, secret)) = &wechat.miniprogram {
        const CHECK: &str = "mini program's token";
        found.push(match self::account(context, appid, secret).access_token().await {
            Ok(_) => Finding::ok(CHECK, &**appid),
            Err(error) => advice::platform(CHECK, "WECHAT_MINIPROGRAM_SECRET", &error),
        });
    }
    found
}

/// Uses the stable token even if the configuration says otherwise: a stable token does not end other tokens.
fn account(context: &CheckContext<'_>, appid: &str, secret: &Secret) -> Official {
    let endpoints = context.config.wechat.endpoints.clone();
    Official::new(context.http.clone(), endpoints, appid, secret.clone(), TokenMode::Stable)
}
