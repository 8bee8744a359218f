use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::Fen;
use shop::{Shop, ShopError};

use super::{message::failed, order::lead_to_order};
use crate::{
    Visitor,
    components::{Layout, Price, QrCode},
    inline::Script,
    islands::OrderStatusWatch,
    messages::{self, t},
    raw_text::{InlineScript, ReloadWithoutScript},
};

/// The code that pays an order from a phone, on a screen outside WeChat. It watches until the order is paid.
#[component]
pub(super) fn NativePayPage() -> impl IntoView {
    let (shop, visitor) = (expect_context::<Shop>(), expect_context::<Visitor>());
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match look(&shop, &visitor, &id).await {
                    Ok((code_url, fee)) => show(id, code_url, fee),
                    Err(ShopError::AlreadyPaid | ShopError::OrderClosed) => lead_to_order(id),
                    Err(error) => failed(&error),
                }
            })}
        </Suspense>
    }
}

async fn look(shop: &Shop, visitor: &Visitor, id: &str) -> Result<(String, Fen), ShopError> {
    let id = id.parse().map_err(|_| ShopError::NotFound)?;
    let shopper = visitor.session.as_ref().ok_or(ShopError::NotFound)?;
    // without WebAssembly the page looks again by itself, and has to be the one that asks
    let order = shop.order_now(shopper, &id).await?;
    Ok((shop.native_code(shopper, &id).await?, order.total_fee))
}

fn show(id: String, code_url: String, fee: Fen) -> AnyView {
    let order = format!("/orders/{id}");
    view! {
        <Layout title=t(messages::PAY).to_owned() bare=true>
            <ReloadWithoutScript after_s=5/>
            <InlineScript script=Script::NativeReload/>
            <section class="message" data-order=id data-state="paying" data-patient="">
                <h1>{t(messages::SCAN)}</h1>
                <QrCode text=code_url label=t(messages::SCAN)/>
                <Price fen=fee/>
                <p>{t(messages::SCAN_HINT)}</p>
                <OrderStatusWatch/>
                <a class="button" href=order>{t(messages::BACK_TO_ORDER)}</a>
            </section>
        </Layout>
    }
    .into_any()
}
