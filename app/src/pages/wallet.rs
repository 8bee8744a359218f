use leptos::prelude::*;
use model::Fen;
use shop::Shop;

use super::suspended_page::SuspendedPage;
use crate::{
    Visitor,
    components::{Layout, Price},
    messages::{self, t},
};

/// The amounts that the page offers, yuan.
const OFFERED: [i64; 6] = [10, 50, 100, 200, 500, 1000];

/// The shopper's balance, with forms that top it up.
#[component]
pub(super) fn WalletPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! { <SuspendedPage load=async move { Ok(show(shop.checkout().balance(visitor.openid()?).await?)) }/> }
}

fn show(balance: Fen) -> AnyView {
    let amounts = OFFERED
        .map(|yuan| {
            view! { <button class="button" name="yuan" value=yuan.to_string()>"¥" {yuan}</button> }
        })
        .collect_view();
    view! {
        <Layout title=t(messages::TOP_UP).to_owned() tab="/me">
            <section class="panel balance">
                <p class="muted">{t(messages::BALANCE)}</p>
                <Price fen=balance/>
            </section>
            <section class="panel">
                <h1>{t(messages::TOP_UP)}</h1>
                <form class="amounts" method="post" action="/wallet">{amounts}</form>
                <form class="field-row" method="post" action="/wallet">
                    <label class="field">
                        <span>{t(messages::TOP_UP_OTHER)}</span>
                        <input
                            name="yuan"
                            inputmode="decimal"
                            required
                            maxlength="7"
                            aria-label=t(messages::TOP_UP_AMOUNT)
                        />
                    </label>
                    <button class="button primary">{t(messages::TOP_UP)}</button>
                </form>
            </section>
        </Layout>
    }
    .into_any()
}
