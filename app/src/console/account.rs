use leptos::prelude::*;
use shop::{OwnSession, RECOVERY_CODES};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::time,
    recovery_codes::recovery_codes,
};

/// With fewer recovery codes, the page asks to renew them.
const FEW: usize = 3;

/// The page with new recovery codes. The console shows it only once.
#[must_use]
pub fn recovery_codes_page(head: &Head<'_>, codes: &[String]) -> String {
    let body = view! {
        <section class="panel stack">
            <p>{t("旧的备用验证码已失效。", "The old recovery codes have ended.")}</p>
            {recovery_codes(codes)}
            <p class="no-print"><a class="button primary" href="/console/account">{t("已保存，返回", "Kept, back to the account")}</a></p>
        </section>
    };
    page(head, "/console/account", t("备用验证码", "Recovery codes"), body)
}

/// The page on which staff members manage their own account: password, second factor, sessions. `codes_left` is the
/// number of recovery codes that are left; `None` without a second factor.
#[must_use]
pub fn account_page(head: &Head<'_>, sessions: &[OwnSession], codes_left: Option<usize>) -> String {
    let has_code = codes_left.is_some();
    let (factor, factor_hint, factor_button) = if has_code {
        (
            t("更换动态验证码", "Renew the one-time code"),
            t(
                "例如换了手机。在新的验证码设置好之前，旧的仍然有效。",
                "For example for a new phone. The old code is valid until the new one is set up.",
            ),
            t("更换", "Renew"),
        )
    } else {
        (
            t("开启动态验证码", "Turn on the one-time code"),
            t(
                "登录时除密码外，还需要手机上的 6 位数字。",
                "A sign-in then needs 6 digits of your phone, beside the password.",
            ),
            t("开启", "Turn on"),
        )
    };
    let sessions = sessions.iter().map(session).collect_view();
    let body = view! {
        <section class="panel">
            <h2>{t("修改密码", "Change the password")}</h2>
            <p class="muted">{t("修改后，您在所有设备上都要重新登录。", "Afterwards you sign in again on every device.")}</p>
            <form method="post" action="/console/account/password" class="row">
                {current_password(has_code)}
                <label>{t("新密码（至少 10 个字符）", "New password (at least 10 characters)")} <input type="password" name="new_password" required minlength="10" autocomplete="new-password"/></label>
                <label>{t("再输入一次新密码", "The new password again")} <input type="password" name="new_password_again" required minlength="10" autocomplete="new-password"/></label>
                <button class="primary">{t("修改密码", "Change the password")}</button>
            </form>
        </section>
        <section class="panel">
            <h2>{factor}</h2>
            <p class="muted">{factor_hint}</p>
            <form method="post" action="/console/account/factor" class="row">
                {current_password(has_code)}
                <button>{factor_button}</button>
            </form>
        </section>
        {codes_left.map(own_codes)}
        <section class="panel">
            <h2>{t("已登录的设备", "Where you are signed in")}</h2>
            <ul class="sessions">{sessions}</ul>
        </section>
    };
    page(head, "/console/account", t("我的账号", "My account"), body)
}

/// How many recovery codes are left, and the form that makes new ones.
fn own_codes(left: usize) -> AnyView {
    let class = if left < FEW { "tag warn" } else { "tag" };
    view! {
        <section class="panel">
            <h2>{t("备用验证码", "Recovery codes")} " " <span class=class>{tf!("剩 {left} 个", "{left} left")}</span></h2>
            <p class="muted">{tf!("手机不在身边时，用一个备用验证码代替 6 位动态验证码登录，每个只能用一次。更换后得到 {RECOVERY_CODES} 个新的，旧的立即失效。", "Without your phone, a recovery code signs you in instead of the 6 digits; each works once. Renewing gives you {RECOVERY_CODES} new ones and ends the old ones.")}</p>
            <form method="post" action="/console/account/recovery-codes" class="row">
                {current_password(true)}
                <button>{t("更换备用验证码", "Renew the recovery codes")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn current_password(has_code: bool) -> impl IntoView {
    let code = has_code.then(|| {
        view! { <label>{t("动态验证码", "One-time code")} <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20"/></label> }
    });
    view! {
        <label>{t("当前密码", "Current password")} <input type="password" name="password" required autocomplete="current-password"/></label>
        {code}
    }
}

fn session(session: &OwnSession) -> impl IntoView + use<> {
    let (from, since) = (session.address.clone(), time(session.since_ms));
    let end = if session.is_this {
        view! {
            <span class="tag">{t("本次登录", "This session")}</span>
            <form method="post" action="/console/sign-out" class="row"><button>{t("退出本次登录", "Sign out here")}</button></form>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action="/console/account/sessions" class="row">
                <input type="hidden" name="id" value=session.id.clone()/>
                <button>{tf!("结束 {since} 的登录（{from}）", "End the session of {since} ({from})")}</button>
            </form>
        }
        .into_any()
    };
    let device = (!session.device.is_empty()).then(|| format!(" · {}", session.device));
    view! { <li>{time(session.since_ms)} " · " {session.address.clone()} {device} " " {end}</li> }
}
