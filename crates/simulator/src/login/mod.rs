//! Login, access tokens and tickets.

mod api_error;
mod authorize;
mod consent;
mod error_page;
mod miniprogram_session;
mod open_data;
mod phone_number;
mod qrconnect;
mod sns;
mod ticket;
mod token;
mod token_call;
mod web_token;

use axum::{
    Router,
    routing::{any, get, post},
};

pub(crate) use api_error::ApiError;
pub(crate) use authorize::Code;
pub(crate) use consent::Consent;
pub(crate) use miniprogram_session::{ProgramCode, program_code};
pub(crate) use open_data::{phone_number, user_info};
pub(crate) use phone_number::{PhoneCode, phone_code};
pub(crate) use ticket::{Ticket, all_tickets, live_tickets};
pub(crate) use token::Token;
pub(crate) use token_call::{AccountKind, TokenCall};
pub(crate) use web_token::WebToken;

use crate::app_state::SharedState;

/// `/connect/*`, `/sns/*`, `/cgi-bin/*` and `/wxa/*`.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/connect/oauth2/authorize", get(authorize::page))
        .route("/connect/oauth2/consent", post(consent::answer))
        .route("/connect/qrconnect", get(qrconnect::page).post(qrconnect::scan))
        .route("/sns/oauth2/access_token", get(sns::access_token))
        .route("/sns/oauth2/refresh_token", get(sns::refresh_token))
        .route("/sns/userinfo", get(sns::userinfo))
        .route("/sns/auth", get(sns::auth))
        .route("/sns/jscode2session", get(miniprogram_session::jscode2session))
        .route("/cgi-bin/token", get(token::classic))
        .route("/cgi-bin/stable_token", any(token::stable))
        .route("/wxa/business/getuserphonenumber", any(phone_number::getuserphonenumber))
        .route("/cgi-bin/ticket/getticket", get(ticket::getticket))
}
