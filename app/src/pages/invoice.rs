use leptos::prelude::*;
use model::record::{InvoiceKind, InvoiceRecord};
use shop::{OrderDetail, Shop};

use super::{
    PageStyle,
    order::{redirect_to_order, visible_order},
    params::order_id,
    suspended_page::SuspendedPage,
    time::shanghai,
};
use crate::{
    Visitor,
    components::{Field, FieldKind, Layout, Summary, draft},
    messages::{self, t},
};

const TITLE: FieldKind = FieldKind {
    name: "title",
    label: messages::INVOICE_TITLE,
    input: "text",
    autocomplete: "organization",
    longest: 100,
    placeholder: Some(messages::INVOICE_TITLE_PLACEHOLDER),
};

const TAX_NUMBER: FieldKind = FieldKind {
    name: "tax_number",
    label: messages::TAX_NUMBER,
    input: "text",
    autocomplete: "off",
    longest: 40,
    placeholder: Some(messages::TAX_NUMBER_PLACEHOLDER),
};

const EMAIL: FieldKind = FieldKind {
    name: "email",
    label: messages::EMAIL,
    input: "email",
    autocomplete: "email",
    longest: 254,
    placeholder: Some(messages::EMAIL_PLACEHOLDER),
};

/// The invoice of a paid order. It is a form until staff have issued the invoice.
#[component]
pub(super) fn InvoicePage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let order = visible_order(shop.orders(), &visitor, &id?).await?;
            Ok(match &order.invoice {
                Some(invoice) if invoice.issued_ms.is_some() => show_issued(&order, invoice.clone()),
                _ if order.may_ask_for_invoice() => show_form(&order),
                _ => redirect_to_order(&order.id),
            })
        }/>
    }
}

fn show_form(order: &OrderDetail) -> AnyView {
    let known = order.invoice.clone();
    let draft = draft();
    let typed = |name: &str, otherwise: fn(&InvoiceRecord) -> &str| {
        let known = known.as_ref().map(otherwise).unwrap_or_default();
        draft.value(name).unwrap_or(known).to_owned()
    };
    let kind = typed("kind", |known| known.kind.as_str());
    let choices =
        [(InvoiceKind::Person, messages::INVOICE_PERSON), (InvoiceKind::Company, messages::INVOICE_COMPANY)]
            .map(|(choice, word)| {
                let checked = kind == choice.as_str() || (kind.is_empty() && choice == InvoiceKind::Person);
                view! {
                    <label class="choice">
                        <input type="radio" name="kind" value=choice.as_str() checked=checked/>
                        <span>{t(word)}</span>
                    </label>
                }
            })
            .collect_view();
    let (title, tax_number) =
        (typed("title", |known| &known.title), typed("tax_number", |known| &known.tax_number));
    let email = typed("email", |known| &known.email);
    let (action, page) = (format!("/orders/{}/invoice", order.id), format!("/orders/{}", order.id));
    let button = if known.is_some() { messages::SAVE } else { messages::ASK_FOR_INVOICE };
    view! {
        <Layout title=t(messages::INVOICE).to_owned() tab="/orders" styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::INVOICE)}</h1>
            <form class="panel form" method="post" action=action>
                <Summary/>
                <fieldset>
                    <legend>{t(messages::INVOICE_FOR)}</legend>
                    {choices}
                </fieldset>
                <Field kind=TITLE value=title required=true/>
                <Field kind=TAX_NUMBER value=tax_number/>
                <Field kind=EMAIL value=email required=true/>
                <p class="muted">{t(messages::INVOICE_HINT)}</p>
                <button class="button primary wide">{t(button)}</button>
                <a class="link" href=page>{t(messages::BACK_TO_ORDER)}</a>
            </form>
        </Layout>
    }
    .into_any()
}

fn show_issued(order: &OrderDetail, invoice: InvoiceRecord) -> AnyView {
    let page = format!("/orders/{}", order.id);
    let number = (!invoice.tax_number.is_empty())
        .then(|| view! { <p>{messages::labelled(messages::TAX_NUMBER, &invoice.tax_number)}</p> });
    view! {
        <Layout title=t(messages::INVOICE).to_owned() tab="/orders" styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::INVOICE)}</h1>
            <section class="panel facts">
                <h2>{t(messages::INVOICE_ISSUED)}</h2>
                <p>{messages::labelled(messages::INVOICE_TITLE, &invoice.title)}</p>
                {number}
                <p>{messages::labelled(messages::EMAIL, &invoice.email)}</p>
                {invoice.issued_ms.map(|ms| view! { <p>{shanghai(ms)}</p> })}
                <p class="muted">{t(messages::INVOICE_ISSUED_HINT)}</p>
            </section>
            <p class="more"><a href=page>{t(messages::BACK_TO_ORDER)}</a></p>
        </Layout>
    }
    .into_any()
}
