//! Says that the simulator accepts requests, and where.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::app_state::SharedState;

pub(super) async fn show(State(app): State<SharedState>) -> Json<Value> {
    let addresses = &app.addresses;
    Json(json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "url": addresses.main,
        "tls_url": addresses.tls,
        "phone_url": addresses.phone,
        "shop": addresses.shop.as_str(),
    }))
}
