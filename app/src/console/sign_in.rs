use leptos::prelude::*;

use super::layout::document;

/// The sign-in form. `next` is the path of the page that opens after it.
#[must_use]
pub fn sign_in_page(next: &str, name: &str, refused: Option<&str>) -> String {
    let refused = refused.map(|text| view! { <p class="error" role="alert">{text.to_owned()}</p> });
    let body = view! {
        <main id="main" class="door">
            <h1>"小店管理"</h1>
            {refused}
            <form method="post" action="/console/sign-in" class="stack panel">
                <input type="hidden" name="next" value=next.to_owned()/>
                <label>
                    "账号"
                    <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required value=name.to_owned()/>
                </label>
                <label>
                    "密码"
                    <input type="password" name="password" autocomplete="current-password" required/>
                </label>
                <label>
                    "动态验证码"
                    <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" aria-describedby="code-hint"/>
                </label>
                <p id="code-hint" class="muted">"验证器应用里的 6 位数字；未设置的账号留空"</p>
                <button class="primary">"登录"</button>
            </form>
        </main>
    };
    document("登录", body)
}
