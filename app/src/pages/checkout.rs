use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Fen, LocalizedText, Quantity, Sku, catalogue::SaleState};
use shop::{CartLine, OverLimit, PriceBreakdown, Shop};

use super::{
    PageStyle,
    availability::why_not,
    delivery_costs::DeliveryCosts,
    delivery_fields::{DeliveryFields, Known, NoteField, selected},
    message::error_page,
    suspended_page::SuspendedPage,
};
use crate::{
    Visitor,
    components::{EmptyState, Icon, Layout, OrderLine, Price, draft},
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The content of the confirmation, and the fields of its form.
struct Purchase {
    lines: Vec<shop::OrderLine>,
    /// The fields that name the lines.
    fields: Vec<(&'static str, String)>,
    /// The path to which the form posts.
    action: &'static str,
    /// The page that the back button opens after the order is placed.
    back: String,
    /// The reasons why lines cannot be ordered; empty if all can.
    unavailable: Vec<String>,
    /// The products whose purchase limit the lines exceed.
    over_limits: Vec<OverLimit>,
    /// Whether a price or a quantity differs from what the shopper saw before.
    is_stale: bool,
    known: Known,
}

/// The confirmation of one product. It orders nothing yet. The choice is in the address, so that a login can return to
/// this page.
#[component]
pub(super) fn BuyPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let sku = query.get("sku").and_then(|text| text.parse::<Sku>().ok());
    let quantity =
        query.get("quantity").and_then(|text| text.parse::<Quantity>().ok()).unwrap_or(Quantity::ONE);
    let found = sku.and_then(|sku| {
        shop.products().catalogue().sku(&sku).map(|(product, spec)| (product.clone(), spec.clone()))
    });
    let Some((product, spec)) = found else { return error_page(&shop::ShopError::NotFound) };
    view! {
        <SuspendedPage load=async move {
            let stock = shop.products().stock_of(&product.id).await?;
            let stock = stock.iter().find(|row| row.sku == spec.sku);
            let price = stock.map_or(spec.price, |row| row.price);
            let line = shop::OrderLine {
                sku: spec.sku.clone(),
                name: product.name,
                spec: spec.spec,
                picture: product.picture,
                price,
                quantity,
            };
            let sale = stock.map_or(SaleState::OffSale, |row| row.sale_state(shop.clock().now_ms()));
            let left = stock.map_or(0, |row| row.stock);
            Ok(show(&shop, Purchase {
                lines: vec![line],
                fields: vec![("sku", spec.sku.to_string()), ("quantity", quantity.to_string()),
                    // the server refuses the order if the price has changed
                    ("price_seen", price.0.to_string()),
                ],
                action: "/orders",
                back: format!("/products/{}", product.id),
                unavailable: why_not(sale, left, quantity.get()).into_iter().collect(),
                over_limits: shop
                    .checkout()
                    .over_limits(visitor.session.as_ref(), &[(spec.sku, quantity)])
                    .await?,
                is_stale: false,
                known: Known::of(&shop, visitor.session.as_ref()).await?,
            }))
        }/>
    }
    .into_any()
}

/// The confirmation of the selected lines of the cart. It orders nothing yet.
#[component]
pub(super) fn CartConfirmPage() -> impl IntoView {
    let ticks = use_query_map().get_untracked().get_all("sku").unwrap_or_default();
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    view! {
        <SuspendedPage load=async move {
            let cart = match &visitor.session {
                Some(shopper) => shop.checkout().cart(shopper).await?,
                None => Vec::new(),
            };
            let mut is_stale = false;
            let mut chosen: Vec<CartLine> = Vec::new();
            for tick in &ticks {
                let (sku, price) = tick.split_once('*').unwrap_or((tick, ""));
                match cart.iter().find(|line| line.sku.as_str() == sku) {
                    Some(line) => {
                        is_stale |= price.split('*').next() != Some(&line.price.0.to_string());
                        chosen.push(line.clone());
                    }
                    None => is_stale = true,
                }
            }
            if chosen.is_empty() {
                return Ok(nothing_left());
            }
            let pieces: Vec<_> = chosen.iter().map(|line| (line.sku.clone(), line.quantity)).collect();
            let over_limits = shop.checkout().over_limits(visitor.session.as_ref(), &pieces).await?;
            let known = Known::of(&shop, visitor.session.as_ref()).await?;
            Ok(show(&shop, of_cart(chosen, over_limits, is_stale, known)))
        }/>
    }
}

fn of_cart(chosen: Vec<CartLine>, over_limits: Vec<OverLimit>, is_stale: bool, known: Known) -> Purchase {
    let why_not = |line: &CartLine| {
        let why = why_not(line.sale, line.stock_left, line.quantity.get())?;
        Some(messages::about(&line.name, &why))
    };
    Purchase {
        unavailable: chosen.iter().filter_map(why_not).collect(),
        over_limits,
        // send the price and the quantity that the shopper sees: the server refuses the order if one has changed
        fields: chosen
            .iter()
            .map(|line| ("sku", format!("{}*{}*{}", line.sku, line.price.0, line.quantity)))
            .collect(),
        lines: chosen
            .into_iter()
            .map(|line| shop::OrderLine {
                sku: line.sku,
                name: line.name,
                spec: line.spec,
                picture: line.picture,
                price: line.price,
                quantity: line.quantity,
            })
            .collect(),
        action: "/cart/order",
        back: "/cart".to_owned(),
        is_stale,
        known,
    }
}

/// The page for a cart that was ordered or emptied in the meantime.
fn nothing_left() -> AnyView {
    view! {
        <Layout title=t(messages::CONFIRM_ORDER).to_owned() tab="/cart">
            <h1 class="page-title">{t(messages::CONFIRM_ORDER)}</h1>
            <EmptyState icon=Icon::Cart text=t(messages::CART_CHANGED)>
                <a class="button" href="/orders">{t(messages::MY_ORDERS)}</a>
                <a class="button primary" href="/cart">{t(messages::GO_TO_CART)}</a>
            </EmptyState>
        </Layout>
    }
    .into_any()
}

fn show(shop: &Shop, purchase: Purchase) -> AnyView {
    let Purchase { lines, fields, action, back, unavailable, over_limits, is_stale, known } = purchase;
    let may_order = unavailable.is_empty() && over_limits.is_empty();
    let priced: Vec<_> = lines.iter().map(|line| (line.sku.clone(), line.price, line.quantity)).collect();
    let goods = shop.checkout().price(&priced, None).unwrap_or_default();
    let costs = DeliveryCosts::of(shop, &priced, &known.addresses);
    let to = selected(&known.addresses, None);
    let freight = costs.known(&to).unwrap_or_default();
    let no_fee = costs.words(&to);
    let (is_known, comma) = (!costs.depends_on_region(&to), t(COMMA));
    let price = PriceBreakdown { freight, ..goods };
    let (balance, key) = (known.balance, shop.checkout().confirmation_key());
    let price = PriceBreakdown {
        balance: if uses_balance() { balance.min(price.total()) } else { Fen::ZERO },
        ..price
    };
    let pieces = lines.iter().map(|line| line.quantity.get()).sum();
    let (from_product, after) = (action == "/orders", back.clone());
    view! {
        <Layout title=t(messages::CONFIRM_ORDER).to_owned() without_tabs=true styles=&[PageStyle::Form]>
            <h1 class="page-title">{t(messages::CONFIRM_ORDER)}</h1>
            {is_stale.then(|| view! { <p class="notice" role="status">{t(messages::CART_CHANGED)}</p> })}
            <form class="delivery-form" method="post" action=action data-back=after data-goods=(price.total().0 - freight.0).to_string()>
                {fields
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                    .collect_view()}
                <input type="hidden" name="pay" value="1"/>
                <DeliveryFields known costs chosen=None/>
                <section class="panel">
                    {lines.into_iter().map(|line| view! { <OrderLine line/> }).collect_view()}
                    {unavailable.into_iter().map(|why| view! { <p class="warn" role="status">{why}</p> }).collect_view()}
                    {over_limits
                        .into_iter()
                        .map(|over| {
                            let limit = over.limit.words(messages::language());
                            view! { <p class="warn" role="status">{over.product} " · " {limit}</p> }
                        })
                        .collect_view()}
                    <div class="cell total">
                        <span>{t(messages::DELIVERY_FEE)}</span>
                        <span data-freight=t(messages::FREE) data-pickup=t(messages::PICKUP_FREE) data-region=t(messages::FEE_BY_REGION)>
                            {if freight == Fen::ZERO {
                                no_fee.into_any()
                            } else {
                                view! { <Price fen=freight/> }.into_any()
                            }}
                        </span>
                    </div>
                    {(balance > Fen::ZERO).then(|| view! { <UseBalance key balance/> })}
                </section>
                <NoteField/>
                {(from_product && may_order)
                    .then(|| {
                        view! {
                            <button class="link" formaction="/cart" formnovalidate>{t(messages::ADD_TO_CART)}</button>
                        }
                    })}
                <div class="bottom">
                    <span class="sum">
                        <span class="muted">
                            {messages::pieces(pieces)} {comma}
                            <span data-with-freight hidden=!is_known>{t(messages::TO_PAY)}</span>
                            <span data-without-freight hidden=is_known>{t(messages::GOODS_TOTAL)}</span>
                        </span>
                        <Price fen=price.to_pay()/>
                    </span>
                    {if may_order {
                        let (pay, order) = (t(messages::PAY), t(messages::PLACE_ORDER));
                        let text = if price.to_pay() == Fen::ZERO { order } else { pay };
                        view! {
                            <button class="button primary" data-pay=pay data-order=order>{text}</button>
                        }
                            .into_any()
                    } else {
                        let text = if from_product { messages::BACK_TO_PRODUCT } else { messages::GO_TO_CART };
                        view! { <a class="button primary" href=back>{t(text)}</a> }.into_any()
                    }}
                </div>
                <InlineScript script=Script::DeliveryForm/>
            </form>
        </Layout>
    }
    .into_any()
}

/// The text between the number of pieces and the sum.
const COMMA: LocalizedText = LocalizedText { zh: "，", en: ", " };

/// Whether the refused form used the balance.
fn uses_balance() -> bool {
    draft().value("balance").is_some()
}

/// The box 使用余额: the balance pays as much as it can. `key` is the idempotency key of the order.
#[component]
fn UseBalance(key: String, balance: Fen) -> impl IntoView {
    let key = draft().value("key").map_or(key, str::to_owned);
    view! {
        <label class="cell total">
            <span>{messages::use_balance(balance)}</span>
            <input type="checkbox" name="balance" value=balance.0.to_string() checked=uses_balance()/>
        </label>
        <input type="hidden" name="key" value=key/>
    }
}
