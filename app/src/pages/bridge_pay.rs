use leptos::prelude::*;
use model::{OrderId, PaymentParameters};
use shop::{Shop, ShopError};

use super::{PageStyle, order::redirect_to_order, params::order_id, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::Layout,
    inline::Script,
    messages::{self, t},
    raw_text::InlineScript,
};

/// The page that `POST /orders/{id}/pay` opens in WeChat. A short script hands the parameters of the payment to
/// WeChat's bridge, so it works without WebAssembly and without the JS-SDK.
#[component]
pub(super) fn BridgePayPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let id = id?;
            match continuation(&shop, &visitor, &id).await {
                Ok(continuation) => Ok(show(&id, continuation)),
                Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => Ok(redirect_to_order(&id)),
                Err(error) => Err(error),
            }
        }/>
    }
}

/// What the script of the page opens.
enum Continuation {
    /// WeChat's payment sheet, with the order's link.
    Sheet(PaymentParameters, Option<String>),
    /// A page of the mini program.
    MiniProgram(String),
}

async fn continuation(shop: &Shop, visitor: &Visitor, id: &OrderId) -> Result<Continuation, ShopError> {
    let shopper = visitor.shopper()?;
    if visitor.in_miniprogram {
        let order = shop.orders().order(shopper, id).await?;
        if let Some(page) = order.miniprogram_page {
            return if order.state.is_payable() {
                Ok(Continuation::MiniProgram(page))
            } else {
                Err(ShopError::OrderClosed)
            };
        }
    }
    let parameters = shop.payments().prepaid(shopper, visitor.openid()?, id).await?;
    Ok(Continuation::Sheet(parameters, shop.orders().order_link(shopper, id).await?))
}

fn show(id: &OrderId, continuation: Continuation) -> AnyView {
    let order = format!("/orders/{id}");
    view! {
        <Layout title=t(messages::PAY).to_owned() without_tabs=true styles=&[PageStyle::Message]>
            <section class="message">
                <h1>{t(messages::OPENING_PAY)}</h1>
                <p>{t(messages::OPENING_PAY_HINT)}</p>
                <a class="button" href=order.clone()>{t(messages::BACK_TO_ORDER)}</a>
            </section>
            {match continuation {
                Continuation::Sheet(payment, link) => view! {
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
                Continuation::MiniProgram(page) => {
                    view! { <div id="payment" data-order-page=order data-miniprogram=page></div> }.into_any()
                }
            }}
            <InlineScript script=Script::Payer/>
            <InlineScript script=Script::BridgePayment/>
        </Layout>
    }
    .into_any()
}
