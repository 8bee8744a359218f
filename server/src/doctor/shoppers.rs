use store::inspect;

use super::{CheckContext, Finding};

const CHECK: &str = "one shopper for a person";

/// Checks that logins return the unionid. `None` if shoppers log in to only one account.
pub(super) async fn check(context: &CheckContext<'_>) -> Option<Finding> {
    let wechat = &context.config.wechat;
    let official = ("the official account", &wechat.appid);
    let miniprogram = wechat.miniprogram.as_ref().map(|(appid, _)| ("the mini program", appid));
    let website = wechat.website.as_ref().map(|(appid, _)| ("the website application", appid));
    let accounts: Vec<_> = [Some(official), miniprogram, website].into_iter().flatten().collect();
    if accounts.len() == 1 {
        return None;
    }
    // the check of the database has reported a missing table
    let known = inspect::known_openids(&context.config.database_url.0).await.ok()?;
    let of =
        |appid: &str| known.of_accounts.iter().find(|(of, _)| of == appid).map_or(0, |(_, count)| *count);
    let counts: Vec<_> = accounts.iter().map(|(name, appid)| format!("{} in {name}", of(appid))).collect();
    let what = format!(
        "openids with a unionid: {}; shoppers with several openids: {}",
        counts.join(", "),
        known.shoppers_with_several
    );
    let missing: Vec<_> =
        accounts.iter().filter(|(_, appid)| of(appid) == 0).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Some(Finding::ok(CHECK, what));
    }
    let remedy = format!(
        "bind {} to the same open platform account as the others (open.weixin.qq.com → 管理中心), then log in there once: in the \
         official account with 使用微信头像和昵称 on /me",
        missing.join(" and ")
    );
    Some(Finding::warning(CHECK, what, remedy))
}
