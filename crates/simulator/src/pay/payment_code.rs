//! Payment codes: 18 digits on a shopper's phone, which a till reads.

use serde::{Deserialize, Serialize};

use super::{Order, Payment, PaymentRefusal, TradeState, pay_order};
use crate::{
    app_state::AppState,
    clock::{MINUTE, Millis},
    database::Database,
    random,
    user::User,
};

/// How long a code is valid.
const LIFETIME: Millis = MINUTE;

/// How long WeChat waits for the password.
const PASSWORD_TIMEOUT: Millis = MINUTE;

/// Above this amount in fen, WeChat always asks for the password.
const MAX_WITHOUT_PASSWORD: i64 = 100_000;

/// A code on a shopper's phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentCode {
    /// The user's openid for the first service account.
    openid: String,
    issued_at: Millis,
    used: bool,
    /// Whether WeChat asks for the password.
    asks_password: bool,
}

/// The additional state of an order that is paid by code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CodePayment {
    /// When WeChat stops waiting for the password.
    pub(crate) waits_until: Millis,
    /// Whether the shopper refused.
    pub(crate) refused: bool,
    /// When the shop reversed the payment.
    pub(crate) revoked_at: Option<Millis>,
}

/// Why a charge has not succeeded, or is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChargeError {
    /// The code is not 18 digits that begin with 10 to 15.
    Malformed,
    Unknown,
    Used,
    Expired,
    /// The shopper refused, or did not type the password in time.
    NotConfirmed,
    /// WeChat waits for the password.
    Paying,
    Paid,
    Closed,
    Revoked,
    /// The number belongs to another order.
    NumberUsed,
}

impl ChargeError {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Malformed | Self::Unknown | Self::Used => "AUTH_CODE_INVALID",
            Self::Expired => "AUTHCODEEXPIRE",
            Self::NotConfirmed => "TRADE_ERROR",
            Self::Paying => "USERPAYING",
            Self::Paid => "ORDERPAID",
            Self::Closed => "ORDERCLOSED",
            Self::Revoked => "ORDERREVERSED",
            Self::NumberUsed => "OUT_TRADE_NO_USED",
        }
    }

    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Malformed => "请扫描微信支付授权码(以10/11/12/13/14/15为前缀的18位数字)",
            Self::Unknown => "101 付款码无效，请重新扫码",
            Self::Used => "101 每个二维码仅限使用一次，请刷新再试",
            Self::Expired => "二维码已过期，请用户在微信上刷新后再试",
            Self::NotConfirmed => "用户没有输入支付密码",
            Self::Paying => "需要用户输入支付密码",
            Self::Paid => "该订单已支付",
            Self::Closed => "该订单已关闭",
            Self::Revoked => "订单已撤销，请重新下单支付",
            Self::NumberUsed => "商户订单号重复",
        }
    }
}

/// Issues a code to the phone of this user.
pub(crate) fn issue(db: &mut Database, user: &User, asks_password: bool, now: Millis) -> String {
    let second_digit = random::digits(4).bytes().map(u32::from).sum::<u32>() % 6;
    let code = format!("1{second_digit}{}", random::digits(16));
    let shown = PaymentCode { openid: user.openid.clone(), issued_at: now, used: false, asks_password };
    db.payment_codes.insert(code.clone(), shown);
    code
}

pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 18
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && ["10", "11", "12", "13", "14", "15"].iter().any(|prefix| text.starts_with(prefix))
}

/// Charges the user of the code. If the order exists already, the error says its state.
pub(crate) fn charge(app: &AppState, order: Order, auth_code: &str) -> Result<(Order, Payment), ChargeError> {
    let now = app.clock.now();
    let key = order.key();
    let mut db = app.database_mut();
    if let Some(existing) = db.orders.get(&key) {
        return Err(repeated_charge(existing, &order, now));
    }
    if !is_code(auth_code) {
        return Err(ChargeError::Malformed);
    }
    let shown = db.payment_codes.get_mut(auth_code).ok_or(ChargeError::Unknown)?;
    if shown.used {
        return Err(ChargeError::Used);
    }
    if now >= shown.issued_at + LIFETIME {
        return Err(ChargeError::Expired);
    }
    shown.used = true;
    let asks = shown.asks_password || order.total_fee > MAX_WITHOUT_PASSWORD;
    let openid = shown.openid.clone();
    let payer = db.user(&openid).map(|user| db.accounts.openid(user, &order.appid).to_owned());
    let by_code = CodePayment { waits_until: now + PASSWORD_TIMEOUT, refused: false, revoked_at: None };
    let order = Order { openid: payer, by_code: Some(by_code), ..order };
    db.orders.insert(key.clone(), order);
    drop(db);
    if asks {
        return Err(ChargeError::Paying);
    }
    pay_order::pay(app, &key, None, None).map_err(|why| match why {
        PaymentRefusal::Paid => ChargeError::Paid,
        _ => ChargeError::Closed,
    })?;
    let order = app.database().orders.get(&key).cloned().ok_or(ChargeError::Unknown)?;
    let payment = order.payment.clone().ok_or(ChargeError::Unknown)?;
    Ok((order, payment))
}

fn repeated_charge(existing: &Order, new: &Order, now: Millis) -> ChargeError {
    if existing.by_code.is_none() || existing.request != new.request {
        return ChargeError::NumberUsed;
    }
    match existing.state(now) {
        TradeState::Success | TradeState::Refund => ChargeError::Paid,
        TradeState::Closed | TradeState::NotPay => ChargeError::Closed,
        TradeState::UserPaying => ChargeError::Paying,
        TradeState::PayError => ChargeError::NotConfirmed,
        TradeState::Revoked => ChargeError::Revoked,
    }
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn a_code_has_18_digits_and_a_known_prefix() {
        assert!(is_code("134650328919428540") && is_code("100000000000000000"));
        for other in
            ["164650328919428540", "13465032891942854", "1346503289194285401", "13465032891942854a", ""]
        {
            assert!(!is_code(other), "{other}");
        }
    }
}
