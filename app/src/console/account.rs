use leptos::prelude::*;
use shop::OwnSession;

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::time,
};

/// The own account of a signed-in person: password, second factor, sessions. `has_code`: whether it has a second factor.
#[must_use]
pub fn account_page(head: &Head<'_>, sessions: &[OwnSession], has_code: bool) -> String {
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
        <section class="panel">
            <h2>{t("已登录的设备", "Where you are signed in")}</h2>
            <ul class="sessions">{sessions}</ul>
        </section>
    };
    page(head, "/console/account", t("我的账号", "My account"), body)
}

fn current_password(has_code: bool) -> impl IntoView {
    let code = has_code.then(|| {
        view! { <label>{t("动态验证码", "One-time code")} <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"/></label> }
    });
    view! {
        <label>{t("当前密码", "Current password")} <input type="password" name="password" required autocomplete="current-password"/></label>
        {code}
    }
}

fn session(session: &OwnSession) -> impl IntoView + use<> {
    let from = session.address.clone();
    let end = if session.is_this {
        view! { <span class="tag">{t("本设备", "This device")}</span> }.into_any()
    } else {
        view! {
            <form method="post" action="/console/account/sessions" class="row">
                <input type="hidden" name="id" value=session.id.clone()/>
                <button>{tf!("结束 {from} 的登录", "End the session from {from}")}</button>
            </form>
        }
        .into_any()
    };
    view! { <li>{session.address.clone()} " · " {time(session.since_ms)} " " {end}</li> }
}
