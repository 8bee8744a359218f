use leptos::prelude::*;
use model::{
    Fen, Quantity,
    order::{DeliveryProgress, OrderProgress, PaymentProgress, RefundProgress},
};
use shop::{Shop, ShopError};

use super::{PageStyle, message::error_page};
use crate::{
    components::{EmptyState, Field, FieldKind, Icon, IconView, Layout, Price, ProgressTags, QuantityInput},
    messages,
};

/// The style guide: all components in all states, for people who change the styles. It exists only if the shop's
/// address is this machine.
#[component]
pub(super) fn StyleGuidePage() -> impl IntoView {
    let is_local = expect_context::<Shop>().settings().is_on_this_machine();
    if cfg!(debug_assertions) && is_local { show() } else { error_page(&ShopError::NotFound) }
}

const TOKENS: [&str; 12] =
    ["bg", "panel", "text", "muted", "line", "fill", "brand", "brand-soft", "price", "warn", "link", "paid"];

const FIELD: FieldKind = FieldKind {
    name: "sample",
    label: messages::RECIPIENT,
    input: "text",
    autocomplete: "off",
    longest: 30,
    placeholder: Some(messages::REGION_PLACEHOLDER),
};

fn show() -> AnyView {
    let progress = |payment, delivery, refund| OrderProgress { payment, delivery, refund };
    let tags = [
        progress(PaymentProgress::Awaiting, DeliveryProgress::Nothing, RefundProgress::Nothing),
        progress(PaymentProgress::Cancelling, DeliveryProgress::Nothing, RefundProgress::Nothing),
        progress(PaymentProgress::Closed, DeliveryProgress::Nothing, RefundProgress::Nothing),
        progress(PaymentProgress::Paid, DeliveryProgress::ToShip, RefundProgress::Requested),
        progress(PaymentProgress::Paid, DeliveryProgress::Shipped, RefundProgress::Partly(Fen(2000))),
        progress(PaymentProgress::Paid, DeliveryProgress::Received, RefundProgress::Nothing),
        progress(PaymentProgress::Paid, DeliveryProgress::ToCollect, RefundProgress::Processing),
        progress(PaymentProgress::Paid, DeliveryProgress::Collected, RefundProgress::Nothing),
        progress(PaymentProgress::Paid, DeliveryProgress::Nothing, RefundProgress::Fully),
    ];
    view! {
        <Layout title="Styles".to_owned() styles=&PageStyle::ALL>
            <h1 class="page-title">"Styles"</h1>
            <section class="panel">
                <h2>"Colours"</h2>
                <div class="swatches">
                    {TOKENS.map(|token| view! { <span class=format!("swatch {token}")>{token}</span> }).collect_view()}
                </div>
            </section>
            <section class="panel">
                <h2>"Icons"</h2>
                <div class="swatches">{Icon::ALL.map(|icon| view! { <IconView icon/> }).collect_view()}</div>
            </section>
            <section class="panel">
                <h2>"Buttons"</h2>
                <div class="swatches">
                    <button class="button primary">"Primary"</button>
                    <button class="button primary" disabled>"Disabled"</button>
                    <button class="button">"Default"</button>
                    <button class="button" disabled>"Disabled"</button>
                    <button class="button small primary">"Small"</button>
                    <button class="link">"Link"</button>
                </div>
            </section>
            <a class="panel cell" href="#cell">"Cell" <IconView icon=Icon::Chevron/></a>
            <section class="panel">
                <h2>"Prices"</h2>
                <p><Price fen=Fen(1)/> " " <Price fen=Fen(5900)/> " " <Price fen=Fen(99_999_999)/></p>
            </section>
            <section class="panel">
                <h2>"Tags"</h2>
                {tags.map(|progress| view! { <ProgressTags progress labelled=true/> }).collect_view()}
                <p><span class="count-badge">"3"</span></p>
            </section>
            <section class="panel form">
                <h2>"Fields"</h2>
                <Field kind=FIELD value=String::new()/>
                <Field kind=FIELD value="小王".to_owned()/>
                <div class="field invalid">
                    <label><span>"Wrong"</span><input value="1" aria-invalid="true"/></label>
                    <p class="problem">"Please fill this in"</p>
                </div>
                <label class="choice"><input type="radio" name="choice" checked/> "SelectedLine"</label>
                <label class="choice"><input type="radio" name="choice"/> "Not chosen"</label>
                <label class="choice"><input type="radio" name="choice" disabled/> "Disabled"</label>
            </section>
            <section class="panel">
                <h2>"Specifications"</h2>
                <label class="spec"><input type="radio" name="spec" checked/><span>"SelectedLine"</span><span class="muted">"40 left"</span></label>
                <label class="spec"><input type="radio" name="spec"/><span>"Not chosen"</span><span class="muted">"¥59.00 · 3 left"</span></label>
                <label class="spec"><input type="radio" name="spec" disabled/><span>"Disabled"</span><span class="muted">"Sold out"</span></label>
                <QuantityInput quantity=Quantity::ONE max=9/>
            </section>
            <button class="panel cell opener choose" type="button" popovertarget="sheet">
                <span>"A sheet"</span>
                <span class="muted chosen">"opens from the bottom"</span>
                <IconView icon=Icon::Chevron/>
            </button>
            <dialog id="sheet" class="panel sheet" popover="auto" aria-label="A sheet">
                <p>"The content of a sheet"</p>
                <div class="sheet-end"><button class="button primary">"Do it"</button></div>
            </dialog>
            <p class="notice">"A notice"</p>
            <p class="notice bad">"A notice of an error"</p>
            <nav class="order-tabs" aria-label="Tabs">
                <a href="#tab" aria-current="page">"Tab"</a>
                <a href="#tab">"Tab" <span class="count-badge">"2"</span></a>
            </nav>
            <ol class="panel timeline">
                <li><span>"Paid"</span><span class="muted">"2026-11-29 10:00"</span></li>
                <li><span>"Placed"</span><span class="muted">"2026-11-29 09:59"</span></li>
            </ol>
            <EmptyState icon=Icon::Cart text="An empty state">
                <a class="button" href="/">"Do something"</a>
            </EmptyState>
        </Layout>
    }
    .into_any()
}
