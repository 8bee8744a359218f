use leptos::prelude::*;
use shop::{Role, StaffAccount};

use super::{
    language::{t, tf},
    layout::{Head, page},
    messages::{role_word, time},
};

fn roles(chosen: Option<Role>) -> impl IntoView {
    let none = chosen.is_none().then(|| view! { <option value="">{t("请选择", "Please choose")}</option> });
    let all = Role::ALL
        .map(|role| view! { <option value=role.as_str() selected=chosen == Some(role)>{role_word(role)}</option> })
        .collect_view();
    view! { {none} {all} }
}

/// The page with the staff accounts.
#[must_use]
pub fn staff_page(head: &Head<'_>, accounts: &[StaffAccount]) -> String {
    let people = accounts.iter().map(person).collect_view();
    let body = view! {
        <dl class="facts">
            <dt>{role_word(Role::Owner)}</dt>
            <dd>{t("可以做所有操作。", "May do everything.")}</dd>
            <dt>{role_word(Role::Clerk)}</dt>
            <dd>{t("可以发货、改商品、导出订单、处理对账差异；不能退款，也不能管理员工和设置。", "Ships, changes products, exports orders and resolves discrepancies; cannot refund, and cannot manage staff or settings.")}</dd>
            <dt>{role_word(Role::Shipping)}</dt>
            <dd>{t("只能看到待发货、待取货和未收货的订单，可以发货、打印发货单、导入运单号、确认取货；看不到金额、数据、售后和买家的其他信息。", "Sees only the orders to ship, to collect or on their way; ships them, prints delivery notes, imports tracking numbers and hands over pickups. Sees no money, figures, after-sales or other data of buyers.")}</dd>
            <dt>{role_word(Role::Reader)}</dt>
            <dd>{t("只能查看。", "Only looks.")}</dd>
        </dl>
        {people}
        <section class="panel">
            <h2>{t("邀请员工", "Invite a person")}</h2>
            <p class="muted">{t("将生成邀请链接，对方用它设置自己的密码和动态验证码。", "You get a link. With it the person sets a password and a one-time code.")}</p>
            <form method="post" action="/console/staff" class="row">
                <label>{t("账号（汉字、小写字母、数字）", "Account (Chinese characters, a–z, 0–9)")} <input name="name" required pattern="[a-z0-9_\\-\\u4e00-\\u9fff]{2,32}" autocomplete="off" autocapitalize="none"/></label>
                <label>{t("角色", "Role")} <select name="role">{roles(Some(Role::Clerk))}</select></label>
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
    let role = account.role.map_or_else(
        || t("新版本的角色，本版本不能登录", "A role of a newer version: cannot sign in here"),
        role_word,
    );
    let sessions = account.sessions;
    let online = tf!("{sessions} 台设备在线", "sessions: {sessions}");
    view! {
        <section class="panel">
            <h2>{name.clone()} " " <span class="tag">{role}</span></h2>
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
