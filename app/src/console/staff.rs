use leptos::prelude::*;
use shop::{Role, StaffAccount};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::{role_word, time},
};

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
        <p class="muted">{t("店主可以做所有操作。店员可以发货、改商品、导出订单、处理对账差异，不能退款，也不能管理员工和设置。只读账号只能查看。", "Owners may do everything. Clerks ship, change products, export orders and resolve discrepancies; they cannot refund, and cannot manage staff or settings. Read-only accounts only look.")}</p>
        {people}
        <section class="panel">
            <h2>{t("邀请员工", "Invite a person")}</h2>
            <p class="muted">{t("将生成邀请链接，对方用它设置自己的密码和动态验证码。", "You get a link. With it the person sets a password and a one-time code.")}</p>
            <form method="post" action="/console/staff" class="row">
                <label>{t("账号（小写字母、数字）", "Account (a–z, 0–9)")} <input name="name" required pattern="[a-z0-9_\\-]{2,32}" autocomplete="off" autocapitalize="none"/></label>
                <label>{t("角色", "Role")} <select name="role">{roles(Role::Clerk)}</select></label>
                <button class="primary">{t("邀请", "Invite")}</button>
            </form>
        </section>
    };
    page(head, "/console/staff", t("员工", "Staff"), body)
}

fn person(account: &StaffAccount) -> AnyView {
    let (name, path) = (account.name.to_string(), format!("/console/staff/{}", account.name));
    let factor = if !account.has_password {
        t("已邀请，尚未设置密码", "Invited; has not set a password yet")
    } else if account.has_totp {
        t("动态验证码已启用", "One-time code is on")
    } else {
        t("没有动态验证码（仅本机试用）", "No one-time code (only for a trial on this machine)")
    };
    let sessions = account.sessions;
    let online = tf!("{sessions} 台设备在线", "sessions: {sessions}");
    view! {
        <section class="panel">
            <h2>{name.clone()} " " <span class="tag">{role_word(account.role)}</span></h2>
            <p class="muted">{factor} {t(" · 最近变动 ", " · last change ")} {time(account.changed_ms)} " · " {online}</p>
            <div class="columns">
                <form method="post" action=format!("{path}/role") class="row">
                    <label>{tf!("{name} 的角色", "Role of {name}")} <select name="role">{roles(account.role)}</select></label>
                    <button>{t("修改角色", "Change role")}</button>
                </form>
                <details>
                    <summary>{tf!("重置 {name}…", "Reset {name}…")}</summary>
                    <p class="muted">{t("旧密码和动态验证码立即失效，您会得到一个新的链接。", "The old password and one-time code end at once, and you get a new link.")}</p>
                    <form method="post" action=format!("{path}/reset") class="row">
                        <button class="danger">{tf!("确认重置 {name}", "Yes, reset {name}")}</button>
                    </form>
                </details>
                <form method="post" action=format!("{path}/sign-out") class="row">
                    <button>{tf!("强制下线所有设备", "End all sessions of {name}")}</button>
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
