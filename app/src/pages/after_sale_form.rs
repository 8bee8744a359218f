use leptos::prelude::*;
use model::{Fen, LocalizedText, after_sale::AfterSaleKind, order::OrderKind};
use shop::{LineLeft, OrderDetail, OrderLine, ShopError};

use super::{
    PageStyle,
    order::{order_page, redirect_to_order},
};
use crate::{
    components::{HelpPanel, Layout, Price, Problem, Summary, TextField, draft},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The form with which a shopper asks for an after-sale of their own order.
#[component]
pub(super) fn AfterSaleFormPage() -> impl IntoView {
    order_page(|order| match order.may_ask_for_after_sale() {
        _ if !order.is_own => Err(ShopError::NotFound),
        true => Ok(show(&order)),
        false => Ok(redirect_to_order(&order.id)),
    })
}

fn show(order: &OrderDetail) -> AnyView {
    let (action, page) = (format!("/orders/{}/after-sale", order.id), format!("/orders/{}", order.id));
    let is_sent = order.shipment.is_some();
    let kind = if is_sent {
        kinds().into_any()
    } else {
        view! {
            <input type="hidden" name="kind" value=AfterSaleKind::RefundOnly.as_str()/>
            <section class="panel">
                <p>{t(messages::REFUND_ONLY)}</p>
                <p class="muted">{t(messages::NOT_SENT_YET)}</p>
            </section>
        }
        .into_any()
    };
    let left = order.left.iter().cloned().zip(order.lines.iter().cloned());
    let lines: Vec<_> = left.filter(|(left, _)| left.pieces > 0).collect();
    let several = lines.len() > 1;
    // before the shipment, the delivery cost goes back with the last piece
    let freight = if is_sent { 0 } else { order.freight_fee.0 };
    let lines = (!lines.is_empty()).then(|| {
        view! {
            <section class="panel">
            <fieldset>
                <legend>{t(messages::AFTER_SALE_LINES)}</legend>
                // an unsent order usually goes back as a whole
                {lines.into_iter().map(|(left, line)| choice(left, line, several && is_sent)).collect_view()}
                <Problem name="pieces"/>
                {(!is_sent && order.freight_fee.0 > 0)
                    .then(|| view! { <p class="muted">{t(messages::AFTER_SALE_FREIGHT_HINT)}</p> })}
                // the script shows this sum and updates it
                <p class="cell total" data-freight=freight hidden>
                    <span>{t(messages::AFTER_SALE_EXPECTED)}</span>
                    <Price fen=Fen::ZERO/>
                </p>
            </fieldset>
            </section>
        }
    });
    let reasons = reasons(order.kind, is_sent);
    let is_top_up = order.kind == OrderKind::TopUp;
    let details = if is_top_up { messages::AFTER_SALE_REASON } else { messages::AFTER_SALE_DETAILS };
    let reason = draft().value("reason").unwrap_or_default().to_owned();
    view! {
        <Layout title=t(messages::ASK_FOR_AFTER_SALE).to_owned() tab="/orders" styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::ASK_FOR_AFTER_SALE)}</h1>
            <form method="post" action=action enctype="multipart/form-data">
                <Summary/>
                {kind}
                {lines}
                {reasons}
                <section class="panel form">
                    <TextField name="reason" label=details rows=3 longest=180 value=reason required=is_top_up/>
                    <div class="field">
                        <label class="above">
                            <span>{t(messages::AFTER_SALE_PICTURES)}</span>
                            <input type="file" name="picture" accept="image/jpeg,image/png,image/webp" multiple/>
                            // the script shows this instead of the browser's own button
                            <span class="button" hidden>{t(messages::CHOOSE_PICTURES)}</span>
                        </label>
                        <div class="previews"></div>
                        <Problem name="picture"/>
                    </div>
                    <button class="button primary wide">{t(messages::SEND_REQUEST)}</button>
                    <a class="link" href=page>{t(messages::BACK_TO_ORDER)}</a>
                </section>
            </form>
            <HelpPanel/>
            <InlineScript script=Script::AfterSale/>
        </Layout>
    }
    .into_any()
}

/// The choice between the money alone and a return.
fn kinds() -> impl IntoView {
    let chosen = draft().value("kind").map(str::to_owned);
    let choices = [
        (AfterSaleKind::Return, messages::RETURN_AND_REFUND_HINT),
        (AfterSaleKind::RefundOnly, messages::REFUND_ONLY_HINT),
    ]
    .map(|(kind, hint)| {
        let checked = chosen.as_deref() == Some(kind.as_str());
        view! {
            <label class="choice">
                <input type="radio" name="kind" value=kind.as_str() checked=checked required/>
                <span class="delivery-text">
                    <strong>{t(messages::after_sale_kind(kind))}</strong>
                    <span class="muted">{t(hint)}</span>
                </span>
            </label>
        }
    });
    view! {
        <section class="panel">
            <fieldset>
                <legend>{t(messages::AFTER_SALE_KIND)}</legend>
                {choices.collect_view()}
                <Problem name="kind"/>
            </fieldset>
        </section>
    }
}

/// The reasons for a refund before the goods are sent.
const REASONS_BEFORE_SHIPMENT: [LocalizedText; 3] = [
    LocalizedText { zh: "不想要了", en: "I changed my mind" },
    LocalizedText { zh: "拍错了，或信息填错", en: "I ordered the wrong thing" },
    LocalizedText { zh: "没有按时发货", en: "It was not shipped in time" },
];

/// The reasons for an after-sale of goods that were sent.
const REASONS_AFTER_SHIPMENT: [LocalizedText; 4] = [
    LocalizedText { zh: "质量问题或破损", en: "Faulty or damaged" },
    LocalizedText { zh: "少件，或发错货", en: "Items are missing or wrong" },
    LocalizedText { zh: "与描述不符", en: "Not as described" },
    LocalizedText { zh: "不想要了，或尺寸不合适", en: "I changed my mind, or it does not fit" },
];

/// The choice of a reason. The server puts the shopper's own words after it.
fn reasons(kind: OrderKind, is_sent: bool) -> impl IntoView {
    let chosen = draft().value("why").map(str::to_owned);
    let reasons = match kind {
        OrderKind::TopUp => &[][..],
        OrderKind::Goods if is_sent => &REASONS_AFTER_SHIPMENT,
        OrderKind::Goods => &REASONS_BEFORE_SHIPMENT,
    };
    let choice = |value: &'static str, word: &'static str| {
        let checked = chosen.as_deref() == Some(value);
        view! {
            <label class="choice">
                <input type="radio" name="why" value=value checked=checked/>
                <span>{word}</span>
            </label>
        }
    };
    (!reasons.is_empty()).then(|| {
        view! {
            <section class="panel">
                <fieldset>
                    <legend>{t(messages::AFTER_SALE_REASON)}</legend>
                    {reasons.iter().map(|reason| choice(t(*reason), t(*reason))).collect_view()}
                    // its reason is the text below
                    {choice("", t(messages::OTHER_REASON))}
                </fieldset>
            </section>
        }
    })
}

/// A line of the order, with the choice of the number of pieces.
fn choice(left: LineLeft, line: OrderLine, starts_empty: bool) -> AnyView {
    let name = format!("pieces-{}", left.position);
    let fees = left.fees.iter().map(|fee| fee.0.to_string()).collect::<Vec<_>>().join(" ");
    let pieces = draft()
        .value(&name)
        .map_or_else(|| if starts_empty { "0".to_owned() } else { left.pieces.to_string() }, str::to_owned);
    let label = if line.spec.is_empty() { line.name.clone() } else { format!("{} {}", line.name, line.spec) };
    view! {
        <div class="line">
            <img src=line.picture alt="" width="72" height="72"/>
            <div class="line-text">
                <p>{line.name}</p>
                <p class="muted">{line.spec}</p>
                <p class="muted">{messages::pieces_left(left.pieces, left.fee())}</p>
            </div>
            <div class="line-fee">
                <input
                    class="pieces"
                    type="number"
                    inputmode="numeric"
                    name=name
                    aria-label=messages::labelled(messages::QUANTITY, &label)
                    min="0"
                    max=left.pieces.to_string()
                    data-fees=fees
                    value=pieces
                />
            </div>
        </div>
    }
    .into_any()
}
