//! `POST /pay/micropay` and `POST /secapi/pay/reverse`: payment by code (pay.weixin.qq.com/doc/v2/merchant/4011937125).

use wechat::wire::Fields;

use super::{
    Order, Refusal, Request,
    code::{NotCharged, charge},
    orderquery::paid,
    reversing::{NotReversed, reverse as take_back},
    unifiedorder::parameters,
};
use crate::world::World;

pub(super) fn pay(world: &World, request: &Request) -> Result<Fields, Refusal> {
    let wrong = || Refusal::Communication("total_fee参数格式错误".to_owned());
    let order = Order {
        device_info: request.owned("device_info"),
        attach: request.owned("attach"),
        request: parameters(request),
        ..Order::by_code(
            world,
            request.required("appid"),
            request.required("out_trade_no"),
            request.required("total_fee").parse().map_err(|_| wrong())?,
            request.required("body"),
            request.sign_type.as_str(),
        )
    };
    let (order, payment) = charge(world, order, request.required("auth_code")).map_err(refusal)?;
    let mut reply = paid(&order, &payment).with("out_trade_no", order.out_trade_no.as_str());
    if let Some(attach) = &order.attach {
        reply.set("attach", attach.as_str());
    }
    Ok(reply)
}

fn refusal(why: NotCharged) -> Refusal {
    Refusal::Business(why.code(), why.message())
}

pub(super) fn reverse(world: &World, request: &Request) -> Result<Fields, Refusal> {
    let refused = |why: NotReversed| Refusal::Business(why.code(), why.message());
    let named = {
        let state = world.look();
        let order = match (request.get("transaction_id"), request.get("out_trade_no")) {
            // given both, the transaction wins
            (Some(transaction_id), _) => Some(
                state
                    .order_named(transaction_id)
                    .filter(|order| order.has_transaction(transaction_id))
                    .ok_or(Refusal::Business("INVALID_TRANSACTIONID", "无效transaction_id"))?,
            ),
            (None, Some(out_trade_no)) => state.orders.get(out_trade_no),
            (None, None) => return Err(Refusal::Communication("缺少参数out_trade_no".to_owned())),
        };
        let order = order.filter(|order| Some(order.appid.as_str()) == request.get("appid"));
        order.ok_or_else(|| refused(NotReversed::Unknown))?.out_trade_no.clone()
    };
    take_back(world, &named).map_err(refused)?;
    Ok(Fields::new().with("result_code", "SUCCESS").with("recall", "N"))
}
