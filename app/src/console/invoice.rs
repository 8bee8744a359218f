//! The invoice that the shopper of an order asks for.

use leptos::prelude::*;
use model::record::{InvoiceKind, InvoiceRecord};

use super::{
    language::{t, tf},
    messages::time,
};

/// The fields of the invoice, and the button that marks it as issued.
pub(super) fn invoice_section(invoice: &InvoiceRecord, may_issue: bool) -> AnyView {
    let kind = match invoice.kind {
        InvoiceKind::Person => t("个人", "Person"),
        InvoiceKind::Company => t("企业", "Company"),
    };
    let (class, state) = match invoice.issued_ms {
        Some(_) => ("tag", t("已开票", "Issued")),
        None => ("tag warn", t("待开票", "To issue")),
    };
    let number = (!invoice.tax_number.is_empty()).then(|| {
        view! { <dt>{t("税号", "Tax number")}</dt><dd><span class="copy">{invoice.tax_number.clone()}</span></dd> }
    });
    let issued = invoice.issued_ms.map(|ms| {
        view! { <dt>{t("开票时间", "Issued")}</dt><dd>{time(ms)} " " {tf!("（{}）", "({})", invoice.who)}</dd> }
    });
    let form = (may_issue && invoice.issued_ms.is_none()).then(|| {
        view! {
            <form method="post" action=format!("/console/orders/{}/invoice", invoice.order_id) class="actions">
                <input type="hidden" name="asked_ms" value=invoice.asked_ms.to_string()/>
                <button>{t("标记为已开票", "Mark as issued")}</button>
            </form>
            <p class="muted">{t("开票后买家不能再修改。请在税务平台开具并发到上面的邮箱。", "After that the buyer cannot change it. Issue it in the tax platform, and send it to this e-mail address.")}</p>
        }
    });
    view! {
        <section class="panel no-print" id="invoice">
            <h2>{t("发票 ", "Invoice ")} <span class=class>{state}</span></h2>
            <dl class="facts">
                <dt>{t("抬头", "Name")}</dt>
                <dd><span class="copy">{invoice.title.clone()}</span> " " {tf!("（{kind}）", "({kind})")}</dd>
                {number}
                <dt>{t("邮箱", "E-mail")}</dt><dd><span class="copy">{invoice.email.clone()}</span></dd>
                <dt>{t("申请时间", "Asked for")}</dt><dd>{time(invoice.asked_ms)}</dd>
                {issued}
            </dl>
            {form}
        </section>
    }
    .into_any()
}
