use leptos::prelude::*;

use super::{
    language::t,
    layout::{document, language_form},
    messages::notice,
};

/// The sign-in form. `next` is the path of the page that opens after it, `done` the action that ended
/// the session, `name` the typed name, `refused` why the sign-in was refused.
#[must_use]
pub fn sign_in_page(next: &str, name: &str, refused: Option<&str>, done: Option<&str>) -> String {
    let notice = done.and_then(notice).map(|text| view! { <p class="notice" role="status">{text}</p> });
    let refused = refused.map(|text| view! { <p class="error" role="alert">{text.to_owned()}</p> });
    let body = view! {
        <main id="main" class="door">
            <h1>{t("小店管理", "Shop console")}</h1>
            {notice}
            {refused}
            <form method="post" action="/console/sign-in" class="stack panel">
                <input type="hidden" name="next" value=next.to_owned()/>
                <label>
                    {t("账号", "Account")}
                    <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required value=name.to_owned()/>
                </label>
                <label>
                    {t("密码", "Password")}
                    <input type="password" name="password" autocomplete="current-password" required/>
                </label>
                <label>
                    {t("动态验证码（没有开启的不填）", "One-time code (only if you have turned it on)")}
                    <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" aria-describedby="code-hint"/>
                </label>
                <p id="code-hint" class="muted">{t("填验证器应用里的 6 位数字，或一个 12 位备用验证码。", "6 digits from your authenticator app, or a recovery code of 12 digits.")}</p>
                <button class="primary">{t("登录", "Sign in")}</button>
            </form>
            {language_form("/console/sign-in")}
        </main>
    };
    document(t("登录", "Sign in"), body)
}
