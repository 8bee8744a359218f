//! `POST /secapi/pay/refund` (wechat-protocol.md, 4.5), and the certificate without which nothing under `/secapi` is
//! reached.

use axum::{
    extract::{Request as HttpRequest, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use wechat::wire::Fields;

use super::{
    AskedRefund, NotRefundable, Order, Payment, Refund, Refusal, Request, Source, message, refund as accept,
};
use crate::{
    serve::PeerCertificate,
    world::{Shared, World},
};

const NO_CERTIFICATE: &str = "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n\
    <body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
    <center>No required SSL certificate was sent</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// The one path elsewhere that asks for it too.
const FUND_FLOW: &str = "/pay/downloadfundflow";

/// Around everything: a path under `/secapi` asks for the merchant's certificate.
pub(crate) async fn certificate_layer(
    State(world): State<Shared>,
    request: HttpRequest,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if !path.starts_with("/secapi/") && path != FUND_FLOW {
        return next.run(request).await;
    }
    let Some(PeerCertificate(shown)) = request.extensions().get::<PeerCertificate>() else {
        let html = [(header::CONTENT_TYPE, "text/html")];
        return (StatusCode::BAD_REQUEST, html, NO_CERTIFICATE).into_response();
    };
    let pem = world.look().keys.merchant_cert_pem.clone();
    if CertificateDer::from_pem_slice(pem.as_bytes()).is_ok_and(|own| own.as_ref() == shown.as_ref()) {
        next.run(request).await
    } else {
        message::unsigned("请检查证书是否正确，证书是否过期或作废")
    }
}

pub(super) fn refund(world: &World, request: &Request) -> Result<Fields, Refusal> {
    let sum = |name: &str| {
        request.required(name).parse().map_err(|_| Refusal::Communication(format!("{name}参数格式错误")))
    };
    let (total_fee, refund_fee): (i64, i64) = (sum("total_fee")?, sum("refund_fee")?);
    if refund_fee > total_fee {
        return Err(Refusal::Business("PARAM_ERROR", "退款金额大于订单金额"));
    }
    let out_trade_no = named(world, request)?;
    let asked = AskedRefund {
        out_refund_no: request.required("out_refund_no").to_owned(),
        refund_fee,
        total_fee,
        account: request.get("refund_account").unwrap_or("REFUND_SOURCE_UNSETTLED_FUNDS").to_owned(),
        reason: request.owned("refund_desc"),
        notify_url: request.owned("notify_url"),
        source: Source::Api,
        v3: false,
        reversal: false,
    };
    let refund = accept(world, &out_trade_no, asked).map_err(refusal)?;
    let state = world.look();
    let order = state.orders.get(&out_trade_no).ok_or(refusal(NotRefundable::Unpaid))?;
    let payment = order.payment.as_ref().ok_or(refusal(NotRefundable::Unpaid))?;
    Ok(reply(order, payment, &refund))
}

/// The order's number, whichever way it was named; given both, the transaction wins.
fn named(world: &World, request: &Request) -> Result<String, Refusal> {
    let state = world.look();
    let of_program = |order: &&Order| Some(order.appid.as_str()) == request.get("appid");
    match (request.get("transaction_id"), request.get("out_trade_no")) {
        (Some(transaction_id), _) => state
            .order_named(transaction_id)
            .filter(|order| order.has_transaction(transaction_id))
            .filter(of_program)
            .map(|order| order.out_trade_no.clone())
            .ok_or(Refusal::Business("INVALID_TRANSACTIONID", "无效transaction_id")),
        (None, Some(out_trade_no)) => state
            .orders
            .get(out_trade_no)
            .filter(of_program)
            .map(|order| order.out_trade_no.clone())
            .ok_or(refusal(NotRefundable::Unpaid)),
        (None, None) => Err(Refusal::Communication("缺少参数out_trade_no".to_owned())),
    }
}

fn refusal(why: NotRefundable) -> Refusal {
    let code = match why {
        NotRefundable::Unpaid => "ORDERNOTEXIST",
        NotRefundable::Overdue => "TRADE_OVERDUE",
        NotRefundable::Changed
        | NotRefundable::OtherTotal
        | NotRefundable::Fully
        | NotRefundable::TooMuch
        | NotRefundable::TooManyParts
        // V3 alone asks for a pause
        | NotRefundable::TooSoon => "ERROR",
    };
    Refusal::Business(code, why.message())
}

fn reply(order: &Order, payment: &Payment, refund: &Refund) -> Fields {
    let mut fields = Fields::new()
        .with("transaction_id", payment.transaction_id.as_str())
        .with("out_trade_no", order.out_trade_no.as_str())
        .with("out_refund_no", refund.out_refund_no.as_str())
        .with("refund_id", refund.refund_id.as_str())
        .with("refund_fee", refund.refund_fee.to_string())
        .with("total_fee", order.total_fee.to_string())
        .with("fee_type", "CNY")
        .with("cash_fee", (order.total_fee - payment.coupon_fee()).to_string())
        .with("cash_fee_type", "CNY")
        .with("cash_refund_fee", refund.cash_refund_fee().to_string());
    if let Some(coupon) = &payment.coupon {
        let given = payment.settlement_refund_fee(refund).to_string();
        fields.set("settlement_refund_fee", given);
        fields.set("settlement_total_fee", payment.settlement_total_fee(order.total_fee).to_string());
        fields.set("coupon_refund_fee", refund.coupon_refund_fee.to_string());
        if refund.coupon_refund_fee > 0 {
            fields.set("coupon_refund_count", "1");
            fields.set("coupon_type_0", coupon.kind.as_str());
            fields.set("coupon_refund_id_0", coupon.coupon_id.as_str());
            fields.set("coupon_refund_fee_0", refund.coupon_refund_fee.to_string());
        }
    }
    fields
}
