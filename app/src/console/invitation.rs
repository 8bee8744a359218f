use leptos::prelude::*;
use shop::Invitation;

use super::{
    language::{t, tf},
    layout::{Head, document, language_form, page},
    recovery_codes::recovery_codes,
};
use crate::components::QrCode;

/// The page with the link that an owner sends to an invited person. The console shows it only once.
#[must_use]
pub fn invited_page(head: &Head<'_>, name: &str, link: &str) -> String {
    let body = view! {
        <section class="panel stack">
            <p><strong>{t("这一页只显示一次。", "This page is shown once.")}</strong> " " {tf!("请把链接发给 {name}。三天内有效，只能使用一次。", "Send the link to {name}. It is valid for three days, and once.")}</p>
            <p class="id" data-testid="invitation">{link.to_owned()}</p>
            <p class="muted">{t("对方用它设置自己的密码和动态验证码，您无法看到。", "With it the person sets a password and a one-time code, which you never see.")}</p>
            <p><a class="button primary" href="/console/staff">{t("已发送，返回", "Sent, back to the list")}</a></p>
        </section>
    };
    page(head, "/console/staff", t("邀请", "Invitation"), body)
}

/// The page on which an invited person sets a password and a second factor.
#[must_use]
pub fn join_page(token: &str, invitation: &Invitation, refused: Option<&str>) -> String {
    let refused = refused.map(|text| view! { <p class="error" role="alert">{text.to_owned()}</p> });
    let name = invitation.name.to_string();
    let optional = invitation.is_code_optional.then(|| {
        view! { <p class="muted">{t("本店只在这台电脑上试用，可以先不设动态验证码：下面的扫码和验证码都可以跳过。", "This shop is tried on this machine only, so you may do without the one-time code: skip the QR code and the code below.")}</p> }
    });
    let password = (!invitation.keeps_password).then(|| {
        view! {
            <label>
                {t("新密码（至少 10 个字符）", "New password (at least 10 characters)")}
                <input type="password" name="password" required minlength="10" autocomplete="new-password"/>
            </label>
            <label>
                {t("再输入一次新密码", "The new password again")}
                <input type="password" name="password_again" required minlength="10" autocomplete="new-password"/>
            </label>
        }
    });
    let body = view! {
        <main id="main" class="door">
            <h1>{tf!("{name} 的账号", "Account of {name}")}</h1>
            {refused}
            <form method="post" action=format!("/console/join/{token}") class="stack panel">
                <input type="hidden" name="name" autocomplete="username" value=invitation.name.to_string()/>
                {password}
                {optional}
                <p>{t("用验证器应用（如微软、谷歌验证器）扫码，再输入它显示的 6 位数字：", "Scan this with an authenticator app, then type the 6 digits that it shows:")}</p>
                <QrCode text=invitation.enrolment.uri.clone() label=t("验证器的二维码", "QR code for the authenticator")/>
                <p class="muted">{t("不能扫码时输入密钥：", "If you cannot scan it, type the secret: ")} <span class="id" data-testid="totp-secret">{invitation.enrolment.secret.clone()}</span></p>
                <label>
                    {t("动态验证码", "One-time code")}
                    <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required=!invitation.is_code_optional/>
                </label>
                <button class="primary">{t("保存，去登录", "Save and go to sign-in")}</button>
            </form>
            {language_form(&format!("/console/join/{token}"))}
        </main>
    };
    document(t("设置账号", "Set up the account"), body)
}

/// The page with the recovery codes of a new account. The console shows it only once. `done` is the notice for the
/// sign-in page.
#[must_use]
pub fn joined_page(codes: &[String], done: &str) -> String {
    let body = view! {
        <main id="main" class="door">
            <h1>{t("备用验证码", "Recovery codes")}</h1>
            <section class="panel stack">
                <p class="notice" role="status">{t("动态验证码已设置。", "The one-time code is set up.")}</p>
                {recovery_codes(codes)}
                <p class="no-print"><a class="button primary" href=format!("/console/sign-in?done={done}")>{t("已保存，去登录", "Kept, sign in")}</a></p>
            </section>
        </main>
    };
    document(t("备用验证码", "Recovery codes"), body)
}

/// The page for an invalid link.
#[must_use]
pub fn no_invitation_page() -> String {
    let body = view! {
        <main id="main" class="door">
            <h1>{t("链接已失效", "This link is no longer valid")}</h1>
            <p>{t("它已被使用、已过期，或已被新的链接取代。请让店主重新邀请您。", "It was used, its time is over, or a newer link replaced it. Ask the owner to invite you again.")}</p>
            <p><a class="button" href="/console/sign-in">{t("去登录", "Sign in")}</a></p>
        </main>
    };
    document(t("链接已失效", "This link is no longer valid"), body)
}
