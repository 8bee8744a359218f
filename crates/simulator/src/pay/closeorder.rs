//! `POST /pay/closeorder` (wechat-protocol.md, 4.4).

use wechat::wire::Fields;

use super::{Refusal, Request, TradeState};
use crate::{
    account::EarlyClose,
    app_state::AppState,
    clock::{DAY, MINUTE, Millis},
};

/// "Not sooner than five minutes after the order was created."
const MIN_ORDER_AGE: Millis = 5 * MINUTE;

/// An older order is closed already.
const MAX_ORDER_AGE: Millis = 7 * DAY;

pub(super) fn call(app: &AppState, request: &Request) -> Result<Fields, Refusal> {
    let now = app.clock.now();
    let early_close = app.settings().early_close;
    let mut db = app.database_mut();
    let order = db
        .orders
        .get_mut(&request.order_key(request.required("out_trade_no")))
        .filter(|order| request.names(order) && order.part_of.is_none())
        .ok_or(Refusal::Business("ORDERNOTEXIST", "订单不存在"))?;
    let age = now - order.created_at;
    match order.state(now) {
        TradeState::Success | TradeState::Refund => {
            return Err(Refusal::Business("ORDERPAID", "该订单已支付"));
        }
        TradeState::Closed if age >= MAX_ORDER_AGE => {
            return Err(Refusal::Business("ORDERCLOSED", "该订单已关闭"));
        }
        TradeState::UserPaying | TradeState::PayError | TradeState::Revoked => {
            return Err(Refusal::Business("TRADE_STATE_ERROR", "付款码支付的订单请调用撤销订单接口"));
        }
        // the call may be repeated
        TradeState::Closed => {}
        TradeState::NotPay if age < MIN_ORDER_AGE && early_close == EarlyClose::Refuse => {
            return Err(Refusal::Business(
                "TRADE_STATE_ERROR",
                "订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟",
            ));
        }
        TradeState::NotPay => order.closed_at = Some(now),
    }
    Ok(Fields::new().with("result_code", "SUCCESS").with("result_msg", "OK"))
}
