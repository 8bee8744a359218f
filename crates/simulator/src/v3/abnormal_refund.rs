//! `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`: pays an abnormal refund to another account
//! (wechat-protocol.md, 5.3 and 5.6).

use axum::http::StatusCode;

use super::{Answer, Request, V3Error, field_tables, partner, refunds::by_id};
use crate::{app_state::AppState, notify, pay::RefundStatus};

pub(super) fn call(app: &AppState, refund_id: &str, request: &Request<'_>) -> Answer {
    let body = request.json(field_tables::ABNORMAL)?;
    let received_by = match body["type"].as_str() {
        Some("USER_BANK_CARD") => {
            let bank = body["bank_type"]
                .as_str()
                .ok_or_else(|| V3Error::field("/bank_type", &body["bank_type"], "必填项缺失"))?;
            let account = decrypted(request, &body, "bank_account")?;
            let name = decrypted(request, &body, "real_name")?;
            if account.len() < 4 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(V3Error::param("bank_account解密后格式错误"));
            }
            format!("{bank}{}，{name}", &account[account.len() - 4..])
        }
        _ => "交易商户银行账户".to_owned(),
    };
    let now = app.clock.now();
    let mut db = app.database_mut();
    let known = db.refund_with_id(request.mch_id(), refund_id);
    let unknown = || V3Error::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "退款单不存在", 268_512_771);
    let (order, refund) = known.ok_or_else(unknown)?;
    if body["out_refund_no"] != refund.out_refund_no.as_str() {
        return Err(V3Error::field("/out_refund_no", &body["out_refund_no"], "与退款单不一致"));
    }
    if refund.status(now) != RefundStatus::Abnormal {
        let message = "退款单不是退款异常状态";
        return Err(V3Error::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, 268_435_464));
    }
    partner::check_order(Some(order), body["sub_mchid"].as_str())?;
    let key = order.key();
    let (outcome, after) = db.refund_outcomes.take();
    let refunds = db.orders.get_mut(&key).map(|order| &mut order.refunds);
    let refund = refunds.and_then(|refunds| refunds.iter_mut().find(|refund| refund.refund_id == refund_id));
    if let Some(refund) = refund {
        refund.outcome = outcome;
        refund.settles_at = now + after;
        refund.received_by = Some(received_by);
    }
    notify::enqueue_refund(&mut db, request.mch_id(), refund_id, now);
    drop(db);
    app.delivery_wakeup.notify_one();
    by_id(app, refund_id, request)
}

/// Decrypts a field that the merchant encrypted with the key that the request names.
pub(super) fn decrypted(
    request: &Request<'_>,
    body: &serde_json::Value,
    name: &str,
) -> Result<String, V3Error> {
    let encrypted = body[name].as_str();
    let encrypted =
        encrypted.ok_or_else(|| V3Error::field(&format!("/{name}"), &body[name], "必填项缺失"))?;
    if !request.names_key {
        return Err(V3Error::param("HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)"));
    }
    let text =
        request.active.signer.decrypt(request.by_public_key, encrypted).filter(|text| !text.is_empty());
    text.ok_or_else(|| V3Error::param(format!("{name}解密失败，请使用Wechatpay-Serial对应的公钥加密")))
}
