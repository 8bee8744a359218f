use wechat::{Official, Secret, TokenMode, miniprogram::MiniProgram};

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
        let account = self::account(context, appid, secret);
        match account.access_token().await {
            Ok(_) => {
                found.push(Finding::ok(CHECK, &**appid));
                found.push(deliveries(&MiniProgram::new(account)).await);
            }
            Err(error) => found.push(advice::platform(CHECK, "WECHAT_MINIPROGRAM_SECRET", &error)),
        }
    }
    if let Some((appid, secret)) = &wechat.website {
        found.push(website(&self::account(context, appid, secret)).await);
    }
    found
}

/// Checks that AppID and AppSecret of the website application belong together. WeChat checks them before the code, so a
/// wrong code shows that they do.
async fn website(account: &Official) -> Finding {
    const CHECK: &str = "website application's login";
    match account.web_token("doctor").await {
        Err(error) if error.code() == Some("40029") => Finding::ok(CHECK, account.appid()),
        Err(error) => advice::website(CHECK, &error),
        Ok(_) => Finding::ok(CHECK, account.appid()),
    }
}

/// Says whether WeChat keeps the mini program's money until deliveries are reported (发货信息录入).
async fn deliveries(program: &MiniProgram) -> Finding {
    const CHECK: &str = "mini program's deliveries";
    match program.is_trade_managed().await {
        Ok(false) => Finding::ok(CHECK, "WeChat pays out without a report of deliveries"),
        Ok(true) => Finding::ok(
            CHECK,
            "WeChat keeps the money of each order until its delivery is reported (发货信息录入): the shop reports what you ship \
             in the console; ship within 48 hours of the payment",
        ),
        Err(error) => advice::platform(CHECK, "WECHAT_MINIPROGRAM_SECRET", &error),
    }
}

/// Uses the stable token even if the configuration says otherwise, because it does not invalidate the tokens of other
/// programs.
fn account(context: &CheckContext<'_>, appid: &str, secret: &Secret) -> Official {
    let endpoints = context.config.wechat.endpoints.clone();
    Official::new(context.http.clone(), endpoints, appid, secret.clone(), TokenMode::Stable)
}
