//! WeChat Pay V2.

mod accept_refund;
mod closeorder;
mod downloadbill;
mod downloadfundflow;
mod field_formats;
mod field_tables;
mod fields;
mod micropay;
mod order;
mod orderquery;
mod pay_order;
mod payment_code;
mod refund;
mod xml_call;

mod client_certificate;
mod refundquery;
mod report;
mod reverse_payment;
mod secapi_refund;
mod unifiedorder;

use axum::{
    Extension, Router,
    body::Bytes,
    extract::State,
    http::Method,
    response::Response,
    routing::{MethodRouter, any},
};

pub(crate) use accept_refund::{RefundParams, RefundRefusal, accept_refund};
pub(crate) use client_certificate::{CertificateOf, certificate_layer};
pub(crate) use order::{
    Coupon, CouponKind, Order, PREPAY_LIFETIME, PartnerOrder, Payment, Prepay, TradeState, combined_number,
    order_key,
};
pub(crate) use orderquery::paid;
pub(crate) use pay_order::{PaymentRefusal, decline, pay};
pub(crate) use payment_code::{ChargeError, CodePayment, PaymentCode, charge, issue as issue_payment_code};
pub(crate) use refund::{Outcome, Outcomes, Refund, RefundStatus, Source};
pub(crate) use reverse_payment::{ReversalRefusal, reverse};
pub(crate) use unifiedorder::{is_user_of, issue};
pub(crate) use xml_call::has_four_byte_character;

use crate::{app_state::SharedState, base_url::BaseUrl, faults::Fault};
pub(crate) use field_formats::{ip_address, is_cny, notify_url, out_refund_no, out_trade_no, printable};
use fields::Field;
use xml_call::{Call, Endpoint, RawRequest, Refusal, Request};

/// `/pay/*`, `/secapi/*` and `/payitil/*`.
pub(crate) fn routes() -> Router<SharedState> {
    Router::new()
        .route("/pay/unifiedorder", endpoint(field_tables::UNIFIEDORDER, unifiedorder::call))
        .route("/pay/orderquery", endpoint(field_tables::ORDERQUERY, orderquery::call))
        .route("/pay/closeorder", endpoint(field_tables::CLOSEORDER, closeorder::call))
        .route("/pay/micropay", endpoint(field_tables::MICROPAY, micropay::pay))
        .route("/secapi/pay/reverse", mounted(REVERSE))
        .route("/secapi/pay/refund", endpoint(field_tables::REFUND, secapi_refund::refund))
        .route("/pay/refundquery", endpoint(field_tables::REFUNDQUERY, refundquery::call))
        .route("/pay/downloadbill", any(downloadbill::endpoint))
        .route("/pay/downloadfundflow", any(downloadfundflow::endpoint))
        .route("/payitil/report", endpoint(field_tables::REPORT, report::call))
}

const REVERSE: Endpoint = Endpoint { table: field_tables::REVERSE, call: micropay::reverse, recalls: true };

fn endpoint(table: &'static [Field], call: Call) -> MethodRouter<SharedState> {
    mounted(Endpoint { table, call, recalls: false })
}

fn mounted(endpoint: Endpoint) -> MethodRouter<SharedState> {
    // the protocol has its own answer for a wrong HTTP method
    any(
        async move |State(app): State<SharedState>,
                    method: Method,
                    fault: Option<Extension<Fault>>,
                    certificate: Option<Extension<CertificateOf>>,
                    base_url: BaseUrl,
                    body: Bytes| {
            let certificate = certificate.map(|Extension(certificate)| certificate);
            let raw = RawRequest { app: &app, method, body, base_url, certificate };
            let answer: Response = xml_call::answer(raw, fault.as_deref(), endpoint);
            answer
        },
    )
}
