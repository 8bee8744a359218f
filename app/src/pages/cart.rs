use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, Quantity, Sku};
use shop::{CartLine, Shop};

use super::{PageStyle, availability::why_not, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{EmptyState, Icon, Layout, Price},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The cart. One form orders the selected lines, and each line has a form that changes its quantity.
#[component]
pub(super) fn CartPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let removed = use_query_map().get_untracked().get("removed");
    view! {
        <SuspendedPage load=async move {
            let lines = match visitor.session {
                Some(shopper) => shop.checkout().cart(&shopper).await?,
                None => Vec::new(),
            };
            let removed = removed.as_deref().and_then(|word| Removed::parse(&shop, word));
            Ok(show(lines, removed))
        }/>
    }
}

/// The line that the shopper has just removed.
struct Removed {
    sku: Sku,
    quantity: Quantity,
    name: String,
}

impl Removed {
    /// Reads the parameter `removed`: `SKU*QUANTITY`.
    fn parse(shop: &Shop, word: &str) -> Option<Self> {
        let (sku, quantity) = word.split_once('*')?;
        let (sku, quantity) = (sku.parse().ok()?, quantity.parse().ok()?);
        let name = shop.products().catalogue().sku(&sku).map(|(product, _)| product.name.clone())?;
        Some(Self { sku, quantity, name })
    }
}

/// Says what the shopper removed, with the form that undoes this.
#[component]
fn Undo(removed: Removed) -> impl IntoView {
    view! {
        <form class="panel cell" method="post" action="/cart" role="status">
            <span>{t(messages::REMOVED_FROM_CART)} " " {removed.name}</span>
            <input type="hidden" name="sku" value=removed.sku.to_string()/>
            <input type="hidden" name="quantity" value=removed.quantity.to_string()/>
            <button class="link inline">{t(messages::UNDO)}</button>
        </form>
    }
}

fn show(lines: Vec<CartLine>, removed: Option<Removed>) -> AnyView {
    let total = lines.iter().filter(|line| line.is_available()).try_fold(Fen::ZERO, |total, line| {
        line.price.checked_mul(line.quantity.get()).and_then(|fee| total.checked_add(fee))
    });
    let buyable = lines.iter().any(CartLine::is_available);
    let empty = lines.is_empty();
    let rows = lines.into_iter().map(|line| view! { <Row line/> }).collect_view();
    view! {
        <Layout title=t(messages::CART).to_owned() tab="/cart" styles=&[PageStyle::Cart]>
            <h1 class="page-title">{t(messages::CART)}</h1>
            {removed.map(|removed| view! { <Undo removed/> })}
            {if empty {
                view! {
                    <EmptyState icon=Icon::Cart text=t(messages::EMPTY_CART)>
                        <a class="button primary" href="/">{t(messages::BROWSE)}</a>
                    </EmptyState>
                }
                    .into_any()
            } else {
                view! {
                    <div class="cart">{rows}</div>
                    // opens the confirmation, which orders nothing yet
                    <form id="check-out" class="check-out" method="get" action="/cart/confirm">
                        // the script shows this box and handles it
                        <label class="choose-all" hidden>
                            <input class="all" type="checkbox" checked/>
                            {t(messages::CHOOSE_ALL)}
                        </label>
                        <span class="sum">{t(messages::TOTAL)} " " {total.map(|fen| view! { <Price fen/> })}</span>
                        <button class="button primary" disabled=!buyable>{t(messages::CHECK_OUT)}</button>
                    </form>
                    <InlineScript script=Script::CartTotal/>
                }
                    .into_any()
            }}
        </Layout>
    }
    .into_any()
}

#[component]
fn Row(line: CartLine) -> impl IntoView {
    let available = line.is_available();
    let (quantity, name) = (line.quantity.get(), line.name.clone());
    // the purchase limit counts all lines of the product together
    let why = why_not(line.sale, line.stock_left, quantity)
        .or_else(|| line.limit.filter(|_| line.is_over_limit).map(|limit| limit.words(messages::language())));
    let most = line.limit.map_or(line.stock_left, |limit| limit.left.min(line.stock_left));
    let changed = line.price != line.price_when_added;
    let sku = line.sku.to_string();
    let step = |to: i64, sign: &'static str, label: &'static str| {
        let possible = (1..=99).contains(&to) && to <= most.max(1);
        view! {
            <button class="step" name="quantity" value=to.to_string() aria-label=label disabled=!possible>{sign}</button>
        }
    };
    view! {
        <section class="panel line cart-line">
            <input
                class="tick"
                type="checkbox"
                form="check-out"
                name="sku"
                // send the price that the shopper saw: if it has changed, the server asks the shopper to confirm
                value=format!("{sku}*{}", line.price.0)
                data-fen=line.price.checked_mul(quantity).map(|fee| fee.0)
                checked=available
                disabled=!available
                aria-label=format!("{} {}", t(messages::CHOOSE), name)
            />
            <a class="line-picture" href=format!("/products/{}", line.product) tabindex="-1" aria-hidden="true">
                <img src=line.picture alt="" width="64" height="64"/>
            </a>
            <div class="line-text">
                <p><a href=format!("/products/{}", line.product)>{line.name}</a></p>
                <p class="muted">{line.spec}</p>
                {changed.then(|| view! { <p class="warn">{t(messages::PRICE_WAS)} " ¥" {line.price_when_added.to_string()}</p> })}
                {why.map(|why| view! { <p class="warn">{why}</p> })}
                <Price fen=line.price/>
                <form class="stepper" method="post" action="/cart/change">
                    <input type="hidden" name="sku" value=sku/>
                    {step(quantity - 1, "−", t(messages::DECREASE))}
                    <span class="count">{quantity}</span>
                    {step(quantity + 1, "+", t(messages::INCREASE))}
                    <input type="hidden" name="was" value=quantity/>
                    <button class="link" name="quantity" value="0">{t(messages::REMOVE)}</button>
                </form>
            </div>
        </section>
    }
}
