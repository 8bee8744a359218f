//! `POST /pay/closeorder` (wechat-protocol.md, 4.4).

use wechat::wire::Fields;

use super::{Refusal, Request, TradeState};
use crate::{
    account::EarlyClose,
    clock::{DAY, MINUTE, Millis},
    world::World,
};

/// "Not sooner than five minutes after the order was created."
const SOONEST: Millis = 5 * MINUTE;

/// An order older than this can no longer be closed: it has closed itself.
const LATEST: Millis = 7 * DAY;

pub(super) fn call(world: &World, request: &Request) -> Result<Fields, Refusal> {
    let now = world.clock.now();
    let early_close = world.registered().early_close;
    let mut state = world.change();
    let order = state
        .orders
        .get_mut(request.required("out_trade_no"))
        .filter(|order| Some(order.appid.as_str()) == request.get("appid") && order.part_of.is_none())
        .ok_or(Refusal::Business("ORDERNOTEXIST", "订单不存在"))?;
    let age = now - order.created_at;
    match order.state(now) {
        TradeState::Success | TradeState::Refund => {
            return Err(Refusal::Business("ORDERPAID", "该订单已支付"));
        }
        TradeState::Closed if age >= LATEST => return Err(Refusal::Business("ORDERCLOSED", "该订单已关闭")),
        TradeState::UserPaying | TradeState::PayError | TradeState::Revoked => {
            return Err(Refusal::Business("TRADE_STATE_ERROR", "付款码支付的订单请调用撤销订单接口"));
        }
        // repeatable
        TradeState::Closed => {}
        TradeState::NotPay if age < SOONEST && early_close == EarlyClose::Refuse => {
            return Err(Refusal::Business(
                "TRADE_STATE_ERROR",
                "订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟",
            ));
        }
        TradeState::NotPay => order.closed_at = Some(now),
    }
    Ok(Fields::new().with("result_code", "SUCCESS").with("result_msg", "OK"))
}
