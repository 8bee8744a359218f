use leptos::prelude::*;
use model::{
    Fen,
    after_sale::{AfterSaleKind, AfterSaleState},
    record::AfterSaleRecord,
    refund::RefundState,
};
use shop::{CARRIERS, ConsentMoment, OrderDetail, RefundLine, Shop, ShopError};

use super::{
    PageStyle, ask_for_messages::AskForMessages, order::visible_order, params::after_sale_id,
    suspended_page::SuspendedPage, time::shanghai,
};
use crate::{
    Visitor,
    components::{Done, Field, FieldKind, HelpPanel, Layout, Price, Summary, draft},
    messages::{self, t},
};

const CARRIER: FieldKind = FieldKind {
    name: "carrier",
    label: messages::CARRIER,
    input: "text",
    autocomplete: "off",
    longest: 40,
    placeholder: Some(messages::CARRIER_PLACEHOLDER),
};

const TRACKING: FieldKind = FieldKind {
    name: "tracking_no",
    label: messages::TRACKING_NUMBER,
    input: "text",
    autocomplete: "off",
    longest: 40,
    placeholder: Some(messages::TRACKING_PLACEHOLDER),
};

/// An after-sale of the shopper: its state, the shop's answer, and what the shopper can do.
#[component]
pub(super) fn AfterSalePage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), after_sale_id());
    view! {
        <SuspendedPage load=async move {
            let id = id?;
            let order = visible_order(shop.orders(), &visitor, &id.order_id().ok_or(ShopError::NotFound)?).await?;
            let found = order.after_sales.iter().find(|one| one.id == id).cloned();
            Ok(show(&order, &found.ok_or(ShopError::NotFound)?))
        }/>
    }
}

/// The path of an after-sale.
pub(super) fn path_of(after_sale: &AfterSaleRecord) -> String {
    format!("/orders/{}/after-sales/{}", after_sale.order_id, after_sale.id)
}

fn show(order: &OrderDetail, asked: &AfterSaleRecord) -> AnyView {
    let page = path_of(asked);
    let due = asked.due_ms.and_then(|ms| messages::after_sale_due(asked.kind, asked.state, &shanghai(ms)));
    let is_over = !asked.state.is_open() && asked.state != AfterSaleState::Refunding;
    let lines: Vec<_> = asked
        .lines
        .iter()
        .filter_map(|asked| {
            let at = order.left.iter().position(|line| line.position == asked.position)?;
            let line = order.lines.get(at)?.clone();
            Some(view! {
                <div class="line">
                    <img src=line.picture alt="" width="64" height="64"/>
                    <div class="line-text">
                        <p>{line.name}</p>
                        <p class="muted">{line.spec}</p>
                    </div>
                    <div class="line-fee">
                        <Price fen=asked.fee/>
                        <p class="muted">"×" {asked.pieces.to_string()}</p>
                    </div>
                </div>
            })
        })
        .collect();
    let refund = order.refund_of(asked);
    let amount = asked.amount(refund.map(|refund| refund.refund_fee));
    let ways_back = refund.and_then(ways_back);
    let pictures: Vec<_> = (1..=asked.pictures)
        .map(|number| {
            let (href, src) = (format!("{page}/pictures/{number}"), format!("{page}/pictures/{number}"));
            view! { <a href=href><img src=src alt=t(messages::PICTURE_OF_AFTER_SALE) width="72" height="72"/></a> }
        })
        .collect();
    let label = match asked.state {
        AfterSaleState::Declined => Some(messages::ANSWER_OF_SHOP),
        AfterSaleState::Returning | AfterSaleState::Returned => Some(messages::RETURN_TO),
        _ => None,
    };
    let answer = label.filter(|_| !asked.answer.is_empty()).map(|label| {
        view! { <p class="text">{messages::labelled(label, &asked.answer)}</p> }
    });
    let parcel = (!asked.tracking_no.is_empty()).then(|| {
        let words = format!("{} {}", asked.carrier, asked.tracking_no);
        view! { <p>{messages::labelled(messages::SENT_BACK, &words)}</p> }
    });
    let (form, may_withdraw) = (
        parcel_form(asked, &page),
        matches!(asked.state, AfterSaleState::Requested | AfterSaleState::Returning),
    );
    let (state, kind) = (asked.state, asked.kind);
    let (reason, asked_at) =
        (messages::labelled(messages::AFTER_SALE_REASON, &asked.reason), shanghai(asked.asked_ms));
    let order_page = format!("/orders/{}", order.id);
    view! {
        <Layout title=t(messages::AFTER_SALE).to_owned() tab="/orders" styles=&[PageStyle::Order]>
            <Summary/>
            <Done/>
            <section class="panel state" class:closed=is_over data-state=state.as_str()>
                <div>
                    <h1>{t(messages::after_sale_state(state))}</h1>
                    {due.map(|sentence| view! { <p>{sentence}</p> })}
                </div>
            </section>
            {ways_back}
            {(answer.is_some() || parcel.is_some()).then(|| view! { <section class="panel">{answer} {parcel}</section> })}
            {form}
            {may_withdraw.then(|| view! { <AskForMessages moment=ConsentMoment::AfterSale/> })}
            <section class="panel">
                <p>{t(messages::after_sale_kind(kind))}</p>
                {lines}
                <div class="cell total"><span>{t(messages::AFTER_SALE_AMOUNT)}</span><Price fen=amount/></div>
            </section>
            <section class="panel">
                <p class="text">{reason}</p>
                <div class="pictures">{pictures}</div>
                <p class="muted">{asked_at}</p>
            </section>
            {may_withdraw
                .then(|| {
                    view! {
                        <details class="panel">
                            <summary>{t(messages::WITHDRAW_REQUEST)}</summary>
                            <form method="post" action=format!("{page}/withdraw")>
                                <p class="muted">{t(messages::WITHDRAW_HINT)}</p>
                                <button class="button wide">{t(messages::WITHDRAW_FOR_SURE)}</button>
                            </form>
                        </details>
                    }
                })}
            <HelpPanel/>
            <p class="more"><a href=order_page>{t(messages::BACK_TO_ORDER)}</a></p>
        </Layout>
    }
    .into_any()
}

/// The accounts to which the money goes, and when it arrives. `None` if WeChat has not accepted the refund.
fn ways_back(refund: &RefundLine) -> Option<AnyView> {
    let part = |label, fen: Fen| {
        (fen > Fen::ZERO).then(|| view! { <div class="cell"><span>{t(label)}</span><Price fen/></div> })
    };
    let by_wechat =
        (refund.wechat_fee > Fen::ZERO).then(|| view! { <p class="muted">{t(messages::REFUND_ARRIVES)}</p> });
    matches!(refund.state, RefundState::Processing | RefundState::Success).then(|| {
        view! {
            <section class="panel">
                {part(messages::REFUND_TO_WECHAT, refund.wechat_fee)}
                {by_wechat}
                {part(messages::REFUND_TO_BALANCE, refund.balance_fee)}
            </section>
        }
        .into_any()
    })
}

/// The form for the parcel that goes back. `None` if the shop does not expect a parcel.
fn parcel_form(asked: &AfterSaleRecord, page: &str) -> Option<AnyView> {
    let expects = matches!(asked.state, AfterSaleState::Returning | AfterSaleState::Returned);
    (asked.kind == AfterSaleKind::Return && expects).then(|| {
        let draft = draft();
        let typed = |name: &str, known: &str| draft.value(name).unwrap_or(known).to_owned();
        let (carrier, tracking) =
            (typed("carrier", &asked.carrier), typed("tracking_no", &asked.tracking_no));
        let carriers = CARRIERS.iter().map(|carrier| view! { <option value=carrier.name></option> });
        let button =
            if asked.tracking_no.is_empty() { messages::SAVE_PARCEL } else { messages::CORRECT_PARCEL };
        view! {
            <form class="panel" method="post" action=format!("{page}/parcel")>
                <Field kind=CARRIER value=carrier list="carriers" required=true/>
                <datalist id="carriers">{carriers.collect_view()}</datalist>
                <Field kind=TRACKING value=tracking required=true/>
                <button class="button primary wide">{t(button)}</button>
            </form>
        }
        .into_any()
    })
}
