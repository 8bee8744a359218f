use leptos::prelude::*;
use shop::{LINK_DAYS, Product};

use super::{
    language::{t, tf},
    layout::{Head, page},
};

/// The page with the code and the link that open a product in the mini program.
#[must_use]
pub fn share_page(head: &Head<'_>, product: &Product, link: &str) -> String {
    let id = &product.id;
    let body = view! {
        <section class="panel stack">
            <h2>{product.name.clone()}</h2>
            <img
                class="preview"
                src=format!("/console/catalogue/{id}/code")
                alt=t("商品的小程序码", "Mini program code of the product")
                width="240"
                height="240"
            />
            <p class="muted no-print">{t("打印本页得到小程序码，长期有效。", "Print this page for the code. It stays valid.")}</p>
            <p class="no-print">
                {t("小程序链接：", "Link to the mini program: ")}
                <span class="copy" data-testid="link">{link.to_owned()}</span>
            </p>
            <p class="muted no-print">{tf!("轻点灰底的链接即可选中并复制，可发到短信、邮件或网页，{LINK_DAYS} 天内有效。", "One tap selects the link, to copy it into a text message, an e-mail or a page. It is valid for {LINK_DAYS} days.")}</p>
            <p class="no-print"><a class="button" href=format!("/console/catalogue/{id}")>{t("返回商品", "Back to the product")}</a></p>
        </section>
    };
    page(head, "/console/catalogue", t("小程序码和链接", "Code and link"), body)
}
