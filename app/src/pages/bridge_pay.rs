use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::PaymentParameters;
use shop::{Shop, ShopError};

use super::{message::failed, order::lead_to_order};
use crate::{
    Visitor,
    components::Layout,
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// Where `POST /orders/{id}/pay` leads: it carries the payment's parameters, and a few lines of script hand them to
/// WeChat's bridge. It works without WebAssembly and without the JS-SDK.
#[component]
pub(super) fn BridgePayPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match way(shop, visitor, &id).await {
                    Ok(way) => show(&id, way),
                    Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => lead_to_order(id),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

/// How the page goes on by itself.
enum Way {
    /// WeChat's sheet over this page.
    Sheet(PaymentParameters, Option<String>),
    /// This page of the mini program over this one.
    MiniProgram(String),
}

async fn way(shop: Shop, visitor: Visitor, id: &str) -> Result<Way, ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    let shopper = visitor.shopper()?;
    if visitor.in_miniprogram {
        let order = shop.order(shopper, &id).await?;
        if let Some(page) = order.miniprogram_page {
            return if order.state.is_payable() {
                Ok(Way::MiniProgram(page))
            } else {
                Err(ShopError::OrderClosed)
            };
        }
    }
    let parameters = shop.prepaid(shopper, &id).await?;
    Ok(Way::Sheet(parameters, shop.order_link(shopper, &id).await?))
}

fn show(id: &str, way: Way) -> AnyView {
    let order = format!("/orders/{id}");
    view! {
        <Layout title=t(messages::PAY).to_owned() bare=true>
            <section class="message">
                <h1>{t(messages::OPENING_PAY)}</h1>
                <p>{t(messages::OPENING_PAY_HINT)}</p>
                <a class="button" href=order.clone()>{t(messages::BACK_TO_ORDER)}</a>
            </section>
            {match way {
                Way::Sheet(payment, link) => view! {
                    <div
                        id="payment"
                        data-order-page=order
                        data-link=link
                        data-app-id=payment.app_id
                        data-time-stamp=payment.time_stamp
                        data-nonce-str=payment.nonce_str
                        data-package=payment.package
                        data-sign-type=payment.sign_type
                        data-pay-sign=payment.pay_sign
                    ></div>
                }
                .into_any(),
                Way::MiniProgram(page) => {
                    view! { <div id="payment" data-order-page=order data-miniprogram=page></div> }.into_any()
                }
            }}
            <InlineScript script=Script::BridgePayment/>
        </Layout>
    }
    .into_any()
}
