use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, LocalizedText, Quantity, catalogue::SaleState};
use shop::{Product, PurchaseLimit, Shop, ShopError, Specification};

use super::{
    PageStyle, availability::sale_words, combinations::Combinations, delivery_fees::DeliveryFeesLink,
    params::product_id, suspended_page::SuspendedPage, time::shanghai,
};
use crate::{
    components::{HelpPanel, Icon, IconView, Layout, Price, QuantityInput, Share, has_help},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The page of a product, with the form that orders it.
#[component]
pub(super) fn ProductPage() -> impl IntoView {
    let (shop, id) = (expect_context::<Shop>(), product_id());
    let query = use_query_map().get_untracked();
    let (sku, quantity) = (query.get("sku"), query.get("quantity"));
    view! {
        <SuspendedPage load=async move {
            let catalogue = shop.products().catalogue();
            let product = catalogue.product(&id?).cloned().ok_or(ShopError::NotFound)?;
            let sale = catalogue.sale_state(&product);
            let stock = shop.products().stock_of(&product.id).await?;
            let left = product
                .skus
                .iter()
                .map(|spec| stock.iter().find(|row| row.sku == spec.sku).map_or(0, |row| row.stock))
                .collect();
            let quantity = quantity.and_then(|text| text.parse().ok()).unwrap_or(Quantity::ONE);
            Ok(show(product, sale, left, sku, quantity))
        }/>
    }
}

fn show(
    product: Product,
    sale: SaleState,
    left: Vec<i64>,
    chosen: Option<String>,
    quantity: Quantity,
) -> AnyView {
    let share =
        Share { title: product.name.clone(), desc: product.summary.clone(), image: product.picture.clone() };
    let sold_out = sale.is_on_sale() && left.iter().all(|left| *left == 0);
    let pictures = std::iter::once(product.picture.clone()).chain(product.pictures.clone()).collect();
    let first = product
        .skus
        .iter()
        .zip(&left)
        .position(|(spec, left)| *left > 0 && chosen.as_deref().is_none_or(|sku| sku == spec.sku.as_str()))
        .unwrap_or(0);
    // the largest stock of all specifications: the server checks the stock of the chosen one
    let max = left.iter().copied().max().unwrap_or(0).clamp(1, Quantity::MAX.get());
    let combinations = Combinations::of(&product, &left, chosen.as_deref());
    let combination = combinations.as_ref().and_then(Combinations::chosen);
    let max = combination.map_or(max, |(_, left)| left.clamp(1, Quantity::MAX.get()));
    let max = product.purchase_limit.map_or(max, |limit| max.min(limit));
    let limit = product.purchase_limit.map(|limit| PurchaseLimit::new(limit, 0).words(messages::language()));
    // with options, show the price of the chosen combination
    let price =
        combination.map(|(spec, _)| spec.price).or_else(|| product.skus.iter().map(|spec| spec.price).min());
    let chosen_price = product.skus.get(first).map(|spec| spec.price);
    // then the page needs no sheet with specifications
    let single = product.skus.len() == 1 || combination.is_some();
    let several_prices = combination.is_none() && product.skus.iter().any(|spec| Some(spec.price) != price);
    let from = several_prices.then(|| view! { <small class="muted from">" " {t(messages::AND_UP)}</small> });
    let state = match sale {
        SaleState::OnSale if combination.map_or(sold_out, |(_, left)| left == 0) => Availability::SoldOut,
        SaleState::OnSale => Availability::OnSale,
        SaleState::OffSale => Availability::OffShelf,
        SaleState::NotYet(_) => Availability::NotYet,
        SaleState::Ended(_) => Availability::Ended,
    };
    // grey out the picture only if all combinations are sold out
    let gallery = if state == Availability::SoldOut && !sold_out { Availability::OnSale } else { state };
    let period = match (sale, product.sale.until_ms) {
        (SaleState::OnSale, Some(until_ms)) => Some(messages::sale_ends(&shanghai(until_ms))),
        _ => sale_words(sale),
    };
    let period = period.map(|words| view! { <p class="muted">{words}</p> });
    let ships_within = expect_context::<Shop>().settings().ship_within;
    let ships_within = ships_within.map(|within| messages::ships_within(within.as_secs() / 3_600));
    let names = product.skus.iter().map(|spec| spec.spec.as_str()).collect::<Vec<_>>().join(" · ");
    let options = match product.skus.as_slice() {
        _ if let Some((spec, left)) = combination => {
            let quantity =
                if quantity == Quantity::ONE { String::new() } else { format!("&quantity={quantity}") };
            let groups = combinations.as_ref().map(|all| all.groups(&quantity));
            let stock = if left == 0 { t(messages::SOLD_OUT).to_owned() } else { messages::left(left) };
            view! {
                <input type="hidden" name="sku" value=spec.sku.to_string()/>
                {groups}
                <p class="muted">{spec.spec.clone()} " · " {stock}</p>
            }
            .into_any()
        }
        // a single specification without a name needs no choice
        [only] if only.spec.is_empty() => {
            let stock = (state == Availability::OnSale).then(|| messages::left(left.iter().sum()));
            view! {
                <input type="hidden" name="sku" value=only.sku.to_string()/>
                <p class="muted">{stock}</p>
            }
            .into_any()
        }
        _ => {
            let specs = grouped(product.skus, left)
                .into_iter()
                .map(|(group, specs)| view! { <SpecGroup group specs first several_prices/> })
                .collect_view();
            view! { <fieldset><legend>{t(messages::SPEC)}</legend> {specs}</fieldset> }.into_any()
        }
    };
    let choice = view! {
        {options}
        <div class="cell">
            <span>{t(messages::QUANTITY)}</span>
            <QuantityInput quantity max/>
        </div>
    };
    let choice = if single {
        view! { <section class="panel" id="choice">{choice}</section> }.into_any()
    } else {
        let picture = product.picture.clone();
        view! { <Sheet picture price=chosen_price names state>{choice}</Sheet> }.into_any()
    };
    view! {
        <Layout title=product.name.clone() share=Some(share) without_tabs=true styles=&[PageStyle::Product]>
            // `:target` shows this after the form below has put the product into the cart
            <p class="toast" id="added" role="status">
                {t(messages::ADDED_TO_CART)} " " <a href="/cart">{t(messages::GO_TO_CART)}</a>
            </p>
            <Gallery pictures name=product.name.clone() state=gallery/>
            <form class="product" method="get" action="/orders/new">
                <section class="panel headline">
                    {price.map(|fen| view! { <Price fen/> })}
                    {from}
                    <h1>{product.name}</h1>
                    <p class="muted">{product.summary}</p>
                    {limit.map(|limit| view! { <p class="warn">{limit}</p> })}
                    {period}
                </section>
                <DeliveryFeesLink/>
                <section class="panel services">
                    {ships_within.map(|words| view! { <span><IconView icon=Icon::Truck/> {words}</span> })}
                    <span><IconView icon=Icon::Shield/> {t(messages::SERVICE_PAY)}</span>
                    <span><IconView icon=Icon::Refund/> {t(messages::SERVICE_REFUND)}</span>
                    {has_help().then(|| view! { <a href="#help"><IconView icon=Icon::Chat/> {t(messages::SERVICE_HELP)}</a> })}
                </section>
                {choice}
                {(!product.description.is_empty())
                    .then(|| {
                        view! {
                            <section class="panel">
                                <h2>{t(messages::DESCRIPTION)}</h2>
                                <p class="description">{product.description}</p>
                            </section>
                        }
                    })}
                <HelpPanel/>
                <details class="panel share-hint">
                    <summary><IconView icon=Icon::Share/> {t(messages::SHARE)}</summary>
                    <p class="muted">{t(messages::SHARE_HINT)}</p>
                </details>
                <div class="bottom">
                    <nav class="bar">
                        <a href="/"><IconView icon=Icon::Home/>{t(messages::HOME)}</a>
                        <a href="/cart"><IconView icon=Icon::Cart/>{t(messages::CART)}</a>
                    </nav>
                    // `stay` makes the server redirect back to this page
                    <input type="hidden" name="stay" value="1"/>
                    {if single { view! { <SubmitButtons state/> }.into_any() } else { view! { <SheetButtons state/> }.into_any() }}
                </div>
            </form>
            <InlineScript script=Script::ProductPrice/>
            <InlineScript script=Script::CartBadge/>
        </Layout>
    }
    .into_any()
}

/// Whether a shopper can order the product.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Availability {
    OnSale,
    SoldOut,
    OffShelf,
    NotYet,
    Ended,
}

impl Availability {
    /// The word on the button that orders.
    const fn buy(self) -> LocalizedText {
        match self {
            Self::OnSale => messages::BUY_NOW,
            Self::SoldOut => messages::SOLD_OUT,
            Self::OffShelf => messages::OFF_SHELF,
            Self::NotYet => messages::NOT_YET_ON_SALE,
            Self::Ended => messages::SALE_ENDED,
        }
    }
}

/// The two buttons that submit the form.
#[component]
fn SubmitButtons(state: Availability) -> impl IntoView {
    let disabled = state != Availability::OnSale;
    view! {
        <button class="button" formmethod="post" formaction="/cart" disabled=disabled>
            {t(messages::ADD_TO_CART)}
        </button>
        <button class="button primary" disabled=disabled>{t(state.buy())}</button>
    }
}

/// Two buttons with the same words that open the sheet of the specifications.
#[component]
fn SheetButtons(state: Availability) -> impl IntoView {
    let disabled = state != Availability::OnSale;
    view! {
        <button class="button opener" type="button" popovertarget="sheet" disabled=disabled>
            {t(messages::ADD_TO_CART)}
        </button>
        <button class="button primary opener" type="button" popovertarget="sheet" disabled=disabled>
            {t(state.buy())}
        </button>
    }
}

/// The sheet with the specifications. The browser opens it without a script (`popover`: Chromium 114, WebKit 17). In an
/// older browser it is a part of the page: see style/pages/product.css.
#[component]
fn Sheet(
    picture: String,
    /// The price of the chosen specification.
    price: Option<Fen>,
    /// The names of all specifications.
    names: String,
    state: Availability,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <button class="panel cell opener choose" type="button" popovertarget="sheet">
            <span>{t(messages::CHOOSE_SPEC)}</span>
            // the script shows the chosen specification here
            <span class="muted chosen">{names}</span>
            <IconView icon=Icon::Chevron/>
        </button>
        <dialog id="sheet" class="panel sheet" popover="auto" aria-label=t(messages::CHOOSE_SPEC)>
            <div class="cell sheet-head">
                <img src=picture alt="" width="72" height="72" loading="lazy"/>
                <p>{price.map(|fen| view! { <Price fen/> })}</p>
                <button
                    class="button"
                    type="button"
                    popovertarget="sheet"
                    popovertargetaction="hide"
                    aria-label=t(messages::CLOSE)
                >
                    <IconView icon=Icon::Close/>
                </button>
            </div>
            {children()}
            <div class="sheet-end">
                <SubmitButtons state/>
            </div>
        </dialog>
    }
}

/// The pictures of a product, in a row. The shopper can swipe without a script.
#[component]
fn Gallery(pictures: Vec<String>, name: String, state: Availability) -> impl IntoView {
    let count = pictures.len();
    let pictures = (1..)
        .zip(pictures)
        .map(|(number, picture)| {
            let href = picture.clone();
            let (priority, loading) = if number == 1 { (Some("high"), "eager") } else { (None, "lazy") };
            view! {
                <figure>
                    // a tap opens the whole picture; in WeChat the script makes WeChat show it
                    <a href=href>
                        <img
                            class="hero"
                            src=picture
                            alt=if number == 1 { name.clone() } else { format!("{name} {number}") }
                            width="390"
                            height="390"
                            fetchpriority=priority
                            loading=loading
                        />
                    </a>
                    {(count > 1).then(|| view! { <figcaption>{number} "/" {count}</figcaption> })}
                </figure>
            }
        })
        .collect_view();
    view! {
        <div class="gallery" tabindex=(count > 1).then_some("0") aria-label=t(messages::PICTURES) role="group">
            {pictures}
            {(state != Availability::OnSale).then(|| view! { <span class="sold-out">{t(state.buy())}</span> })}
        </div>
    }
}

/// A specification, its index in the product, and its stock.
type Spec = (usize, Specification, i64);

/// Groups specifications with two parts (`米白 / L`) by the first part: each colour becomes a row with its sizes.
fn grouped(skus: Vec<Specification>, left: Vec<i64>) -> Vec<(String, Vec<Spec>)> {
    let mut groups: Vec<(String, Vec<Spec>)> = Vec::new();
    for (at, (spec, left)) in skus.into_iter().zip(left).enumerate() {
        let name = spec.spec.split_once(" / ").map_or("", |(name, _)| name).to_owned();
        match groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, specs)) => specs.push((at, spec, left)),
            None => groups.push((name, vec![(at, spec, left)])),
        }
    }
    groups
}

#[component]
fn SpecGroup(group: String, specs: Vec<Spec>, first: usize, several_prices: bool) -> impl IntoView {
    let specs = specs
        .into_iter()
        .map(|(at, spec, left)| {
            let name = spec.spec.split_once(" / ").map_or(spec.spec.as_str(), |(_, name)| name).to_owned();
            let stock = if left == 0 { t(messages::SOLD_OUT).to_owned() } else { messages::left(left) };
            let yuan = spec.price.to_string();
            let detail = if several_prices { format!("¥{yuan} · {stock}") } else { stock };
            view! {
                <label class="spec">
                    <input
                        type="radio"
                        name="sku"
                        value=spec.sku.to_string()
                        data-yuan=yuan
                        checked=at == first
                        disabled=left == 0
                    />
                    <span>{name}</span>
                    <span class="muted">{detail}</span>
                </label>
            }
        })
        .collect_view();
    if group.is_empty() {
        specs.into_any()
    } else {
        view! {
            <div class="spec-group" role="group" aria-label=group.clone()>
                <p>{group.clone()}</p>
                {specs}
            </div>
        }
        .into_any()
    }
}
