//! `POST /pay/micropay` and `POST /secapi/pay/reverse`: payment by code (pay.weixin.qq.com/doc/v2/merchant/4011937125).

use wechat::wire::Fields;

use super::{
    Order, Refusal, Request,
    orderquery::paid,
    payment_code::{ChargeError, charge},
    reverse_payment::{ReversalRefusal, reverse as reverse_payment},
    unifiedorder::parameters,
};
use crate::app_state::AppState;

pub(super) fn pay(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let wrong = || Refusal::Communication("total_fee参数格式错误".to_owned());
    let order = Order {
        device_info: request.owned("device_info"),
        attach: request.owned("attach"),
        request: parameters(request),
        partner: request.partner.clone(),
        ..Order::by_code(
            app,
            (request.mch_id(), request.required("appid")),
            request.required("out_trade_no"),
            request.required("total_fee").parse().map_err(|_| wrong())?,
            request.required("body"),
            request.sign_type.as_str(),
        )
    };
    let (order, payment) = charge(app, order, request.required("auth_code")).map_err(refusal)?;
    let mut reply = paid(&order, &payment).with("out_trade_no", order.out_trade_no.as_str());
    if let Some(attach) = &order.attach {
        reply.set("attach", attach.as_str());
    }
    Ok(reply)
}

fn refusal(why: ChargeError) -> Refusal {
    Refusal::Business(why.code(), why.message())
}

pub(super) fn reverse(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let refused = |why: ReversalRefusal| Refusal::Business(why.code(), why.message());
    let named = {
        let db = app.database();
        let order = match (request.get("transaction_id"), request.get("out_trade_no")) {
            // if both are present, transaction_id wins
            (Some(transaction_id), _) => Some(
                db.paid_order(request.mch_id(), transaction_id)
                    .ok_or(Refusal::Business("INVALID_TRANSACTIONID", "无效transaction_id"))?,
            ),
            (None, Some(out_trade_no)) => db.order(request.mch_id(), out_trade_no),
            (None, None) => return Err(Refusal::Communication("缺少参数out_trade_no".to_owned())),
        };
        let order = order.filter(|order| request.names(order));
        order.ok_or_else(|| refused(ReversalRefusal::Unknown))?.key()
    };
    reverse_payment(app, &named).map_err(refused)?;
    Ok(Fields::new().with("result_code", "SUCCESS").with("recall", "N"))
}
