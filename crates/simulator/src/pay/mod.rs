//! WeChat Pay V2.

mod closeorder;
mod code;
mod downloadbill;
mod downloadfundflow;
mod fields;
mod message;
mod micropay;
mod order;
mod orderquery;
mod payment;
mod refund;
mod refunding;
mod refundquery;
mod report;
mod reversing;
mod secapi;
mod unifiedorder;

use axum::{
    Extension, Router,
    body::Bytes,
    extract::State,
    http::Method,
    response::Response,
    routing::{MethodRouter, any},
};

pub(crate) use code::{ByCode, NotCharged, PaymentCode, charge, show as show_code};
pub(crate) use message::has_long_character;
pub(crate) use order::{
    Coupon, CouponKind, Order, PREPAY_LIFETIME, Payment, Prepay, TradeState, combined_key,
};
pub(crate) use orderquery::paid;
pub(crate) use payment::{NotPayable, decline, pay};
pub(crate) use refund::{Outcome, Outcomes, Refund, RefundStatus, Source};
pub(crate) use refunding::{AskedRefund, NotRefundable, refund};
pub(crate) use reversing::{NotReversed, reverse};
pub(crate) use secapi::certificate_layer;
pub(crate) use unifiedorder::{is_user_of, issue};

use crate::{faults::Fault, reached::Reached, world::Shared};
use fields::Field;
pub(crate) use fields::{ip_address, notify_url, out_refund_no, out_trade_no};
use message::{Call, Endpoint, Refusal, Request};

/// `/pay/*`, `/secapi/*` and `/payitil/*`.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/pay/unifiedorder", endpoint(fields::UNIFIEDORDER, unifiedorder::call))
        .route("/pay/orderquery", endpoint(fields::ORDERQUERY, orderquery::call))
        .route("/pay/closeorder", endpoint(fields::CLOSEORDER, closeorder::call))
        .route("/pay/micropay", endpoint(fields::MICROPAY, micropay::pay))
        .route("/secapi/pay/reverse", mounted(REVERSE))
        .route("/secapi/pay/refund", endpoint(fields::REFUND, secapi::refund))
        .route("/pay/refundquery", endpoint(fields::REFUNDQUERY, refundquery::call))
        .route("/pay/downloadbill", any(downloadbill::endpoint))
        .route("/pay/downloadfundflow", any(downloadfundflow::endpoint))
        .route("/payitil/report", endpoint(fields::REPORT, report::call))
}

const REVERSE: Endpoint = Endpoint { table: fields::REVERSE, call: micropay::reverse, recalls: true };

fn endpoint(table: &'static [Field], call: Call) -> MethodRouter<Shared> {
    mounted(Endpoint { table, call, recalls: false })
}

fn mounted(endpoint: Endpoint) -> MethodRouter<Shared> {
    // every method is answered in the protocol's own way
    any(
        async move |State(world): State<Shared>,
                    method: Method,
                    fault: Option<Extension<Fault>>,
                    reached: Reached,
                    body: Bytes| {
            let answer: Response =
                message::answer(&world, fault.as_deref(), &method, &body, endpoint, reached);
            answer
        },
    )
}
