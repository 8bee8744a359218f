use leptos::prelude::*;
use shop::{Enrolment, Role, StaffAccount};

use super::{
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
        <p class="muted">"店主可以做所有操作。店员可以发货、改商品、导出订单、处理对账差异，不能退款，也不能管理人员和设置。只读账号只能查看。"</p>
        {people}
        <section class="panel">
            <h2>"添加人员"</h2>
            <form method="post" action="/console/staff" class="row">
                <label>"账号（小写字母、数字）" <input name="name" required pattern="[a-z0-9_\\-]{2,32}" autocomplete="off" autocapitalize="none"/></label>
                <label>"角色" <select name="role">{roles(Role::Clerk)}</select></label>
                <label>"初始密码（至少 10 个字符）" <input type="password" name="password" required minlength="10" autocomplete="new-password"/></label>
                <button class="primary">"添加"</button>
            </form>
        </section>
    };
    page(head, "/console/staff", "人员", body)
}

fn person(account: &StaffAccount) -> AnyView {
    let (name, path) = (account.name.to_string(), format!("/console/staff/{}", account.name));
    let factor = if account.has_totp {
        "动态验证码已启用"
    } else {
        "没有动态验证码（仅本机试用）"
    };
    view! {
        <section class="panel">
            <h2>{name.clone()} " " <span class="tag">{role_word(account.role)}</span></h2>
            <p class="muted">{factor} " · 最近变动 " {time(account.changed_ms)} " · 已在 " {account.sessions.to_string()} " 处登录"</p>
            <div class="columns">
                <form method="post" action=format!("{path}/role") class="row">
                    <label>{format!("{name} 的角色")} <select name="role">{roles(account.role)}</select></label>
                    <button>"修改角色"</button>
                </form>
                <form method="post" action=format!("{path}/reset") class="row">
                    <label>
                        {format!("{name} 的新密码")}
                        <input type="password" name="password" required minlength="10" autocomplete="new-password"/>
                    </label>
                    <button>"重置密码和验证码"</button>
                </form>
                <form method="post" action=format!("{path}/sign-out") class="row">
                    <button>{format!("结束 {name} 的全部登录")}</button>
                </form>
                <details>
                    <summary>{format!("移除 {name}…")}</summary>
                    <form method="post" action=format!("{path}/remove") class="row">
                        <button class="danger">{format!("确认移除 {name}")}</button>
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
            <p><strong>"这一页只显示一次。"</strong> "请让 " {name.to_owned()} " 现在用验证器应用扫码，或手工输入密钥。"</p>
            <QrCode text=enrolment.uri.clone() label="验证器的二维码"/>
            <dl class="facts">
                <dt>"密钥"</dt><dd class="id" data-testid="totp-secret">{enrolment.secret.clone()}</dd>
                <dt>"地址"</dt><dd class="id">{enrolment.uri.clone()}</dd>
            </dl>
            <p><a class="button primary" href="/console/staff">"已保存，返回"</a></p>
        </section>
    };
    page(head, "/console/staff", "动态验证码", body)
}
