//! `/_simulator`: the controls for developers and tests.

mod account;
mod accounts;
mod clock;
mod complaints;
mod confirm_receipt;
mod faults;
mod input;
mod ledger;
mod messages;
mod miniprogram;
mod notifications;
mod open_platform;
mod pay;
mod payment_code;
mod push;
mod ready;
mod refund;
mod resend;
mod reset;
mod snapshot;
mod trigger;
mod users;
mod worlds;

use axum::{
    Router,
    routing::{delete, get, post},
};

use crate::{app_state::SharedState, request_log};

/// The routes of all controls.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/_simulator/account", get(account::show).post(account::update))
        .route("/_simulator/accounts", get(accounts::list).post(accounts::add))
        .route("/_simulator/open-platform", post(open_platform::bind))
        .route("/_simulator/env", get(crate::env_file::show))
        .route("/_simulator/users", get(users::list).post(users::create))
        .route("/_simulator/follow", post(messages::follow))
        .route("/_simulator/messages", get(messages::show))
        .route("/_simulator/messages/consent", post(messages::consent))
        .route("/_simulator/miniprogram", post(miniprogram::open))
        .route("/_simulator/pay", post(pay::pay))
        .route("/_simulator/payment-code", post(payment_code::show))
        .route("/_simulator/confirm-receipt", post(confirm_receipt::confirm))
        .route("/_simulator/refund", post(refund::refund))
        .route("/_simulator/complaints", get(complaints::list).post(complaints::complaint))
        .route("/_simulator/faults", get(faults::list).post(faults::add))
        .route("/_simulator/notifications", get(notifications::show).post(notifications::set))
        .route("/_simulator/clock", get(clock::show).post(clock::advance))
        .route("/_simulator/ready", get(ready::show))
        .route("/_simulator/reset", post(reset::reset))
        .route("/_simulator/push", post(push::push))
        .route("/_simulator/push/check", post(push::check))
        .route("/_simulator/resend", post(resend::resend))
        .route("/_simulator/trigger", post(trigger::trigger))
        .route("/_simulator/snapshot", get(snapshot::show).put(snapshot::restore))
        .route("/_simulator/worlds", get(worlds::list).post(worlds::create))
        .route("/_simulator/worlds/{world}", delete(worlds::end))
        .route("/_simulator/requests", get(request_log::list))
        .route("/_simulator/ledger", get(ledger::show))
}
