use leptos::prelude::*;
use model::{Fen, OrderId};
use shop::{Payments, Shop, ShopError};

use super::{PageStyle, order::redirect_to_order, params::order_id, suspended_page::SuspendedPage};
use crate::{
    Visitor,
    components::{Layout, Price, QrCode},
    inline::Script,
    islands::OrderStatusWatch,
    messages::{self, t},
    raw_text::{InlineScript, ReloadWithoutScript},
};

/// The page with the QR code of a Native payment, for a computer. It watches the order until it is paid.
#[component]
pub(super) fn NativePayPage() -> impl IntoView {
    let (shop, visitor, id) = (expect_context::<Shop>(), expect_context::<Visitor>(), order_id());
    view! {
        <SuspendedPage load=async move {
            let id = id?;
            match load(shop.payments(), &visitor, &id).await {
                Ok((code_url, fee)) => Ok(show(&id, code_url, fee)),
                Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => Ok(redirect_to_order(&id)),
                Err(error) => Err(error),
            }
        }/>
    }
}

async fn load(payments: &Payments, visitor: &Visitor, id: &OrderId) -> Result<(String, Fen), ShopError> {
    let shopper = visitor.session.as_ref().ok_or(ShopError::NotFound)?;
    // without WebAssembly the page reloads itself, so each load must query WeChat
    let order = payments.order_after_query(shopper, id).await?;
    Ok((payments.native_code(shopper, id).await?, order.price().to_pay()))
}

fn show(id: &OrderId, code_url: String, fee: Fen) -> AnyView {
    let (id, order) = (id.to_string(), format!("/orders/{id}"));
    view! {
        <Layout title=t(messages::PAY).to_owned() without_tabs=true styles=&[PageStyle::Message]>
            <ReloadWithoutScript after_s=5/>
            <InlineScript script=Script::NativeReload/>
            <section class="message" data-order=id data-state="paying" data-patient="">
                <h1>{t(messages::SCAN)}</h1>
                <QrCode text=code_url label=t(messages::SCAN)/>
                <Price fen=fee/>
                <p>{t(messages::SCAN_HINT)}</p>
                <OrderStatusWatch>""</OrderStatusWatch>
                <a class="button" href=order>{t(messages::BACK_TO_ORDER)}</a>
            </section>
        </Layout>
    }
    .into_any()
}
