use leptos::prelude::*;
use model::Fen;
use shop::Shop;

use super::{PageStyle, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{Field, FieldKind, Layout, Price, draft},
    messages::{self, t},
};

/// The amounts that the page offers, yuan.
const OFFERED: [i64; 6] = [10, 50, 100, 200, 500, 1000];

const OTHER: FieldKind = FieldKind {
    name: "yuan",
    label: messages::TOP_UP_OTHER,
    input: "text",
    autocomplete: "transaction-amount",
    longest: 12,
    placeholder: Some(messages::TOP_UP_AMOUNT),
};

/// The shopper's balance, with forms that top it up.
#[component]
pub(super) fn WalletPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            // guests have no balance
            visitor.openid()?;
            Ok(show(shop.checkout().balance(visitor.shopper()?).await?))
        }/>
    }
}

fn show(balance: Fen) -> AnyView {
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
        </Layout>
    }
    .into_any()
}
