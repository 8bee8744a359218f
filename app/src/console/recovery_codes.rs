use leptos::prelude::*;

use super::language::t;

/// The list of the recovery codes of an account. The console shows it only once.
pub(super) fn recovery_codes(codes: &[String]) -> AnyView {
    let codes = codes.iter().map(|code| view! { <li class="copy">{code.clone()}</li> }).collect_view();
    view! {
        <p><strong>{t("这一页只显示一次。", "This page is shown once.")}</strong> " " {t("请打印或抄下这些备用验证码，放在安全的地方。手机不在身边时，登录时用其中一个代替 6 位动态验证码；每个只能用一次。", "Print these recovery codes or write them down, and keep them in a safe place. Without your phone, one of them signs you in instead of the 6 digits; each works once.")}</p>
        <ol class="codes" data-testid="recovery-codes">{codes}</ol>
    }
    .into_any()
}
