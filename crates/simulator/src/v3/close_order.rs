//! `POST /v3/pay/transactions/out-trade-no/{…}/close` (wechat-protocol.md, 5.5).

use axum::http::StatusCode;

use super::{Answer, Request, V3Error, field_tables, partner, prepay::check_mchid};
use crate::{
    account::EarlyClose,
    app_state::AppState,
    clock::MINUTE,
    pay::{Order, TradeState, order_key},
};

pub(super) fn call(app: &AppState, out_trade_no: &str, request: &Request<'_>) -> Answer {
    let sub_mchid = if partner::is_path(request.path) {
        let body = request.json(field_tables::PARTNER_CLOSE)?;
        partner::check_merchants(&body, request.merchant())?;
        body["sub_mchid"].as_str().map(str::to_owned)
    } else {
        check_mchid(&request.json(field_tables::CLOSE)?, request.merchant())?;
        partner::check_named(request.merchant(), None)?;
        None
    };
    let bad =
        |code, message: &str, internal| Err(V3Error::new(StatusCode::BAD_REQUEST, code, message, internal));
    let now = app.clock.now();
    let early_close = app.settings().early_close;
    let key = order_key(request.mch_id(), out_trade_no);
    let mut db = app.database_mut();
    // an order of a combined order cannot be closed alone
    let alone = |order: &&mut Order| !order.is_combined() && order.part_of.is_none();
    let order = db.orders.get_mut(&key).filter(alone).ok_or_else(V3Error::no_order)?;
    partner::check_order(Some(&*order), sub_mchid.as_deref())?;
    match order.state(now) {
        TradeState::Success | TradeState::Refund => bad("ORDER_PAID", "该订单已支付", 268_498_689),
        TradeState::UserPaying | TradeState::PayError | TradeState::Revoked => {
            bad("INVALID_REQUEST", "付款码支付的订单请调用撤销接口", 268_449_641)
        }
        // the call may be repeated
        TradeState::Closed => Ok(None),
        TradeState::NotPay if early_close == EarlyClose::Refuse && now < order.created_at + 5 * MINUTE => {
            bad("INVALID_REQUEST", "订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟", 268_449_641)
        }
        TradeState::NotPay => {
            order.closed_at = Some(now);
            Ok(None)
        }
    }
}
