use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, record::WalletMoveRecord};
use shop::{LEDGER_PAGE, Shop};

use super::{PageStyle, suspended_page::SuspendedPage, time::shanghai};
use crate::{
    Visitor,
    components::{Field, FieldKind, Layout, Price, draft},
    messages::{self, t},
};

/// The amounts that the page offers, in yuan.
const OFFERED: [i64; 6] = [10, 50, 100, 200, 500, 1000];

const OTHER: FieldKind = FieldKind {
    name: "yuan",
    label: messages::TOP_UP_OTHER,
    input: "text",
    autocomplete: "transaction-amount",
    longest: 12,
    placeholder: Some(messages::TOP_UP_AMOUNT),
};

/// The wallet's page: the balance, the forms that top it up, and its ledger.
#[component]
pub(super) fn WalletPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let after = use_query_map().get_untracked().get("after");
    view! {
        <SuspendedPage load=async move {
            // guests have no balance
            visitor.openid()?;
            let shopper = visitor.shopper()?;
            let after = after.as_deref().and_then(position);
            let moves = shop.checkout().ledger(shopper, after).await?;
            Ok(show(shop.checkout().balance(shopper).await?, moves))
        }/>
    }
}

/// Reads the position of keyset pagination: the time (milliseconds since 1970) and the id of the last change on the
/// page before.
fn position(after: &str) -> Option<(i64, &str)> {
    let (at_ms, id) = after.split_once('*')?;
    Some((at_ms.parse().ok()?, id))
}

/// The ledger of the balance. Each change links to its order.
#[component]
fn Ledger(moves: Vec<WalletMoveRecord>) -> impl IntoView {
    let is_full = i64::try_from(moves.len()) == Ok(LEDGER_PAGE);
    let next = moves
        .last()
        .filter(|_| is_full)
        .map(|last| format!("/wallet?after={}*{}#ledger", last.at_ms, last.id));
    let is_empty = moves.is_empty();
    view! {
        <section class="panel" id="ledger">
            <h2>{t(messages::LEDGER)}</h2>
            {is_empty.then(|| view! { <p class="muted">{t(messages::LEDGER_EMPTY)}</p> })}
            {moves
                .into_iter()
                .map(|row| {
                    let (sign, amount) = if row.amount < Fen::ZERO { ("−", -row.amount.0) } else { ("+", row.amount.0) };
                    view! {
                        <a class="cell" href=format!("/orders/{}", row.order_id)>
                            <span>
                                {messages::wallet_reason(row.reason)} <br/> <span class="muted">{shanghai(row.at_ms)}</span>
                            </span>
                            <span>{sign} <Price fen=Fen(amount)/></span>
                        </a>
                    }
                })
                .collect_view()}
            {next.map(|href| view! { <a class="more" href=href>{t(messages::EARLIER)}</a> })}
        </section>
    }
}

fn show(balance: Fen, moves: Vec<WalletMoveRecord>) -> AnyView {
    let amounts = OFFERED
        .map(|yuan| {
            view! { <button class="button" name="yuan" value=yuan.to_string()>"¥" {yuan}</button> }
        })
        .collect_view();
    let typed = draft().value("yuan").unwrap_or_default().to_owned();
    view! {
        <Layout title=t(messages::TOP_UP).to_owned() tab="/me" styles=&[PageStyle::Form]>
            <section class="panel balance">
                <p class="muted">{t(messages::BALANCE)}</p>
                <Price fen=balance/>
            </section>
            <section class="panel form">
                <h1>{t(messages::TOP_UP)}</h1>
                <form class="amounts" method="post" action="/wallet">{amounts}</form>
                <form method="post" action="/wallet">
                    <Field kind=OTHER value=typed required=true/>
                    <button class="button primary wide">{t(messages::TOP_UP)}</button>
                </form>
            </section>
            <Ledger moves/>
        </Layout>
    }
    .into_any()
}
