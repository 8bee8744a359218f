//! The form with which staff correct the address of an order that waits for its first parcel.

use leptos::prelude::*;
use model::{OrderId, record::DeliveryRecord};
use shop::AddressForm;

use super::{language::t, typed_form::TypedAddress};

/// The form, folded. A refused form is open, with the typed values.
pub(super) fn correct_address(id: &OrderId, known: &DeliveryRecord, typed: Option<&TypedAddress>) -> AnyView {
    let is_open = typed.is_some();
    let problem = typed.map(|typed| view! { <p class="error" role="alert">{typed.problem}</p> });
    let form = typed.map_or_else(
        || AddressForm {
            name: known.name.clone(),
            phone: known.phone.clone(),
            address: known.address.clone(),
        },
        |typed| typed.form.clone(),
    );
    view! {
        <details class="no-print" open=is_open>
            <summary>{t("修改收货地址", "Correct the address")}</summary>
            {problem}
            <form method="post" action=format!("/console/orders/{id}/address") class="stack" autocomplete="off">
                <label>{t("收货人", "Recipient")} <input name="name" required maxlength="30" value=form.name/></label>
                <label>{t("电话", "Telephone")} <input name="phone" inputmode="tel" required maxlength="30" value=form.phone/></label>
                <label>{t("地址", "Address")} <input name="address" required maxlength="180" value=form.address/></label>
                <p class="muted">{t("请先与买家确认。运费不变；已打印的发货单请作废。", "Ask the buyer first. The delivery fee stays. Throw away delivery notes that are printed already.")}</p>
                <button>{t("保存地址", "Save the address")}</button>
            </form>
        </details>
    }
    .into_any()
}
