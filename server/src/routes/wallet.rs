use app::messages;
use axum::{
    Form,
    body::Bytes,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::Fen;
use serde_json::{Value, json};
use shop::{ShopError, typed};

use super::{fields::Fields, form_page::FormPage, login::desk_login, login_path};
use crate::{request_context::RequestContext, response, state::AppState};

/// `POST /api/wechat/pay/payWallet`: tops up the balance. The form or JSON has `money` in fen.
pub(super) async fn pay_wallet(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visitor = &context.visitor;
    let (shopper, openid) = match (visitor.shopper(), visitor.openid()) {
        (Ok(shopper), Ok(openid)) => (shopper, openid),
        (Err(error), _) | (_, Err(error)) => return response::refusal(&error),
    };
    let Some(money) = money(&headers, &body) else {
        return response::refusal(&ShopError::BadRequest("money is a whole number of fen"));
    };
    match state.shop.checkout().top_up(shopper, openid, money, visitor.ip).await {
        Ok(payment) => response::data(json!({
            "timestamp": payment.time_stamp,
            "nonceStr": payment.nonce_str,
            "package": payment.package,
            "signType": payment.sign_type,
            "paySign": payment.pay_sign,
            "out_trade_no": payment.out_trade_no,
        })),
        Err(error) => response::refusal(&error),
    }
}

/// `POST /wallet`: the form of the wallet's page. 303 to the confirmation of the order.
pub(super) async fn top_up(
    State(state): State<AppState>,
    context: RequestContext,
    page: FormPage,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let shopper = match context.visitor.openid().and_then(|_| context.visitor.shopper()) {
        Ok(shopper) => shopper,
        Err(_) if context.visitor.in_wechat => return response::see_other(&login_path("/wallet")),
        Err(_) => {
            return response::outside_wechat(desk_login(&state, &context, "/wallet").as_deref());
        }
    };
    let fields = Fields::of(form);
    let money = Fen::parse_yuan(&typed::number(&fields.text("yuan"))).ok_or(ShopError::TopUpLimit);
    let placed = match money {
        Ok(money) => state.shop.checkout().place_top_up(shopper, money).await,
        Err(error) => Err(error),
    };
    match placed {
        Ok(id) => response::see_other(&format!("/orders/{id}/confirm")),
        Err(error @ ShopError::TopUpLimit) => {
            let problems = vec![("yuan", error.sentence())];
            page.show("/wallet", fields, &error, problems).await
        }
        Err(error) => response::page(&error, messages::NOT_TOPPED_UP, "/wallet", messages::BACK),
    }
}

/// Refuses other methods, because a link must not begin a payment.
pub(super) async fn only_post() -> Response {
    let answer = json!({ "code": 40501, "msg": "请使用 POST 请求" });
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], axum::Json(answer)).into_response()
}

/// The amount in fen, from JSON (a number or a text of digits) or from a form. It is never read as a float.
fn money(headers: &HeaderMap, body: &[u8]) -> Option<Fen> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if kind.starts_with("application/json") {
        return match serde_json::from_slice::<Value>(body).ok()?.get("money")? {
            Value::Number(number) => number.as_i64().map(Fen),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        };
    }
    let money = url::form_urlencoded::parse(body).find(|(name, _)| name == "money")?.1;
    money.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &'static str, body: &str) -> Option<Fen> {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
        money(&headers, body.as_bytes())
    }

    #[test]
    fn money_is_read_from_a_form_and_from_json_and_never_as_a_float() {
        assert_eq!(read("application/x-www-form-urlencoded", "a=1&money=1990"), Some(Fen(1990)));
        assert_eq!(read("application/json", r#"{"money":1990}"#), Some(Fen(1990)));
        assert_eq!(read("application/json; charset=utf-8", r#"{"money":"1990"}"#), Some(Fen(1990)));
        for wrong in
            [r#"{"money":19.9}"#, r#"{"money":"19.90"}"#, r#"{"money":null}"#, "{}", "[]", "", "money=1"]
        {
            assert_eq!(read("application/json", wrong), None, "{wrong}");
        }
        for wrong in ["money=19.90", "money=-1", "money=", "sum=1", ""] {
            assert_eq!(read("application/x-www-form-urlencoded", wrong), None, "{wrong}");
        }
    }
}
