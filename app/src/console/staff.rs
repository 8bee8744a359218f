use leptos::prelude::*;
use shop::{Enrolment, Role, StaffAccount};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::{role_word, time},
};
use crate::components::QrCode;

fn roles(chosen: Role) -> impl IntoView {
    Role::ALL
        .map(|role| view! { <option value=role.as_str() selected=role == chosen>{role_word(role)}</option> })
        .collect_view()
}

/// The staff accounts.
#[must_use]
pub fn staff_page(head: &Head<'_>, accounts: &[StaffAccount]) -> String {
    let people = accounts.iter().map(person).collect_view();
    let body = view! {
        <p class="muted">{t("店主可以做所有操作。店员可以发货、改商品、导出订单、处理对账差异，不能退款，也不能管理人员和设置。只读账号只能查看。", "Owners may do everything. Clerks ship, change products, export orders and resolve discrepancies; they cannot refund, and cannot manage staff or settings. Read-only accounts only look.")}</p>
        {people}
        <section class="panel">
            <h2>{t("添加人员", "Add a person")}</h2>
            <form method="post" action="/console/staff" class="row">
                <label>{t("账号（小写字母、数字）", "Account (a–z, 0–9)")} <input name="name" required pattern="[a-z0-9_\\-]{2,32}" autocomplete="off" autocapitalize="none"/></label>
                <label>{t("角色", "Role")} <select name="role">{roles(Role::Clerk)}</select></label>
                <label>{t("初始密码（至少 10 个字符）", "First password (at least 10 characters)")} <input type="password" name="password" required minlength="10" autocomplete="new-password"/></label>
                <button class="primary">{t("添加", "Add")}</button>
            </form>
        </section>
    };
    page(head, "/console/staff", t("人员", "Staff"), body)
}

fn person(account: &StaffAccount) -> AnyView {
    let (name, path) = (account.name.to_string(), format!("/console/staff/{}", account.name));
    let factor = if account.has_totp {
        t("动态验证码已启用", "One-time code is on")
    } else {
        t("没有动态验证码（仅本机试用）", "No one-time code (only for a trial on this machine)")
    };
    view! {
        <section class="panel">
            <h2>{name.clone()} " " <span class="tag">{role_word(account.role)}</span></h2>
            <p class="muted">{factor} {t(" · 最近变动 ", " · last change ")} {time(account.changed_ms)} {t(" · 已在 ", " · sessions: ")} {account.sessions.to_string()} {t(" 处登录", "")}</p>
            <div class="columns">
                <form method="post" action=format!("{path}/role") class="row">
                    <label>{tf!("{name} 的角色", "Role of {name}")} <select name="role">{roles(account.role)}</select></label>
                    <button>{t("修改角色", "Change role")}</button>
                </form>
                <form method="post" action=format!("{path}/reset") class="row">
                    <label>
                        {tf!("{name} 的新密码", "New password of {name}")}
                        <input type="password" name="password" required minlength="10" autocomplete="new-password"/>
                    </label>
                    <button>{t("重置密码和验证码", "Reset password and code")}</button>
                </form>
                <form method="post" action=format!("{path}/sign-out") class="row">
                    <button>{tf!("结束 {name} 的全部登录", "End all sessions of {name}")}</button>
                </form>
                <details>
                    <summary>{tf!("移除 {name}…", "Remove {name}…")}</summary>
                    <form method="post" action=format!("{path}/remove") class="row">
                        <button class="danger">{tf!("确认移除 {name}", "Yes, remove {name}")}</button>
                    </form>
                </details>
            </div>
        </section>
    }
    .into_any()
}

/// A new second factor. The page is shown once.
#[must_use]
pub fn enrolment_page(head: &Head<'_>, name: &str, enrolment: &Enrolment) -> String {
    let body = view! {
        <section class="panel stack">
            <p><strong>{t("这一页只显示一次。", "This page is shown once.")}</strong> {t("请让 ", " Ask ")} {name.to_owned()} {t(" 现在用验证器应用扫码，或手工输入密钥。", " to scan it with an authenticator app now, or to type the secret.")}</p>
            <QrCode text=enrolment.uri.clone() label=t("验证器的二维码", "QR code for the authenticator")/>
            <dl class="facts">
                <dt>{t("密钥", "Secret")}</dt><dd class="id" data-testid="totp-secret">{enrolment.secret.clone()}</dd>
                <dt>{t("地址", "Address")}</dt><dd class="id">{enrolment.uri.clone()}</dd>
            </dl>
            <p><a class="button primary" href="/console/staff">{t("已保存，返回", "Saved, back to the list")}</a></p>
        </section>
    };
    page(head, "/console/staff", t("动态验证码", "One-time code"), body)
}
