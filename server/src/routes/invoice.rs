//! The form for the invoice of an order.

use app::messages;
use axum::{
    Form,
    extract::{Path, State, rejection::FormRejection},
    response::Response,
};
use shop::{InvoiceField, InvoiceForm, ShopError};

use super::{fields::Fields, form_page::FormPage, orders::OwnOrder};
use crate::{request_context::RequestContext, response, state::AppState};

/// `POST /orders/{id}/invoice`: the shopper asks for an invoice or changes it.
pub(super) async fn ask(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let own = match OwnOrder::of(&context, &id, messages::NOT_SAVED) {
        Ok(own) => own,
        Err(response) => return response,
    };
    let fields = Fields::of(form);
    let Some(kind) = fields.one("kind").and_then(|word| word.parse().ok()) else {
        return own.refused(&ShopError::BadRequest("kind is person or company"), messages::NOT_SAVED);
    };
    let form = InvoiceForm {
        kind,
        title: fields.text("title"),
        tax_number: fields.text("tax_number"),
        email: fields.text("email"),
    };
    let problems: Vec<_> = form
        .problems()
        .iter()
        .map(|(field, problem)| (name_of(*field), messages::field_problem(problem)))
        .collect();
    match state.shop.invoices().ask(&own.shopper, &own.id, &form).await {
        Ok(()) => response::see_other(&format!("{}?done=invoice", own.page)),
        Err(error @ ShopError::Invalid(_)) => {
            page.show(&format!("{}/invoice", own.page), fields, &error, problems).await
        }
        Err(error) => own.refused(&error, messages::NOT_SAVED),
    }
}

/// The name of a field in the form.
const fn name_of(field: InvoiceField) -> &'static str {
    match field {
        InvoiceField::Title => "title",
        InvoiceField::TaxNumber => "tax_number",
        InvoiceField::Email => "email",
    }
}
