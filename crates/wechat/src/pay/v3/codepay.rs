//! Payment by the code that the shopper shows (doc/v3/merchant/4012382150: 付款码支付).

use serde::Serialize;

use super::{
    Client, Merchant, Transaction,
    client::{Call, segment},
    order_calls::RequestedOrder,
    prepay::{Amount, SettleInfo},
    response::parse_body,
};
use crate::{
    Error, json,
    pay::v2::{Polling, TradeState},
};

/// A payment by the shopper's code, for `v3/pay/transactions/codepay`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePayRequest {
    /// What is bought, at most 127 characters.
    pub description: String,
    /// The shop's number, 6 to 32 of `0-9A-Za-z_-|*`, used once for each merchant.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total: i64,
    /// What the shopper's code says: 18 digits. Good for one payment and a minute.
    pub auth_code: String,
    /// Which shop it is.
    pub store: Store,
    /// The till's number, at most 32 bytes.
    pub device_id: Option<String>,
    /// The till's address, IPv4 or IPv6.
    pub device_ip: Option<String>,
    /// A text that query and notification hand back, at most 128 characters.
    pub attach: Option<String>,
    /// A mark for coupons, at most 32 bytes.
    pub goods_tag: Option<String>,
    /// Whether the payment offers an invoice.
    pub support_fapiao: Option<bool>,
    /// Whether the amount is frozen for sharing.
    pub profit_sharing: Option<bool>,
}

/// How a payment by code names its shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Store {
    /// By WeChat's number, at most 32 bytes.
    #[serde(rename = "id")]
    Id(String),
    /// By the merchant's own, at most 32 bytes.
    #[serde(rename = "out_id")]
    OutId(String),
}

/// How a payment by code ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePayment {
    /// It is paid: there is a [`Transaction::payment`]. Compare its amount with the order's.
    Paid(Box<Transaction>),
    /// It is over and not paid.
    Ended(TradeState),
    /// It is not known: reverse it ([`Client::reverse`]), or the shopper may pay for nothing.
    Pending,
}

#[derive(Serialize)]
struct Body<'a> {
    appid: &'a str,
    mchid: &'a str,
    description: &'a str,
    out_trade_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attach: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_fapiao: Option<bool>,
    payer: Payer<'a>,
    amount: Amount,
    scene_info: Scene<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle_info: Option<SettleInfo>,
}

#[derive(Serialize)]
struct Payer<'a> {
    auth_code: &'a str,
}

#[derive(Serialize)]
struct Scene<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_ip: Option<&'a str>,
    store_info: &'a Store,
}

impl CodePayRequest {
    /// A payment with what every payment has; the rest is set on the fields.
    #[must_use]
    pub fn new(
        description: impl Into<String>,
        out_trade_no: impl Into<String>,
        total: i64,
        auth_code: impl Into<String>,
        store: Store,
    ) -> Self {
        Self {
            description: description.into(),
            out_trade_no: out_trade_no.into(),
            total,
            auth_code: auth_code.into(),
            store,
            device_id: None,
            device_ip: None,
            attach: None,
            goods_tag: None,
            support_fapiao: None,
            profit_sharing: None,
        }
    }

    /// The JSON, exactly as it is to be sent and signed.
    ///
    /// ```
    /// use wechat::pay::v3::{ApiV3Key, CodePayRequest, Credential, Merchant, Store};
    ///
    /// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
    /// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
    /// let store = Store::OutId("A1".into());
    /// let payment = CodePayRequest::new("Tea", "20260101000001", 1990, "130061098828009406", store);
    /// assert!(payment.request(&merchant).contains(r#""scene_info":{"store_info":{"out_id":"A1"}}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant) -> String {
        super::request_json(&Body {
            appid: merchant.appid(),
            mchid: merchant.mchid(),
            description: &self.description,
            out_trade_no: &self.out_trade_no,
            attach: self.attach.as_deref(),
            goods_tag: self.goods_tag.as_deref(),
            support_fapiao: self.support_fapiao,
            payer: Payer { auth_code: &self.auth_code },
            amount: Amount { total: self.total, currency: "CNY" },
            scene_info: Scene {
                device_id: self.device_id.as_deref(),
                device_ip: self.device_ip.as_deref(),
                store_info: &self.store,
            },
            settle_info: self.profit_sharing.map(|profit_sharing| SettleInfo { profit_sharing }),
        })
    }
}

impl Client {
    /// Takes a payment by the shopper's code (`v3/pay/transactions/codepay`), and waits for it where the shopper has to
    /// type the password or the answer was lost. `request` is what [`CodePayRequest::request`] gave; it is sent once,
    /// for a code is good for one payment.
    ///
    /// ```no_run
    /// # use wechat::pay::v3::{Client, CodePayRequest, CodePayment, Polling, Store};
    /// # async fn pay(client: Client, auth_code: &str) -> Result<(), wechat::Error> {
    /// let payment = CodePayRequest::new("Tea", "20260101000001", 1990, auth_code, Store::OutId("A1".into()));
    /// let request = payment.request(client.merchant());
    /// if client.codepay(&request, Polling::default()).await? == CodePayment::Pending {
    ///     client.reverse("20260101000001").await?; // fifteen seconds after the payment at the soonest
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A verified refusal of the code or the number ends it: `AUTHCODEEXPIRE`, `NOTENOUGH`, `AUTH_CODE_INVALID`. An
    /// unsigned answer, an HTTP status or an unknown code leaves the outcome open, and what leaves it open is no error
    /// but [`CodePayment::Pending`].
    pub async fn codepay(&self, request: &str, polling: Polling) -> Result<CodePayment, Error> {
        const ENDPOINT: &str = "v3/pay/transactions/codepay";
        let RequestedOrder { out_trade_no } = json::read(request.as_bytes())
            .map_err(|_| Error::configuration("the request for a payment is not one of this crate's"))?;
        let url = "/v3/pay/transactions/codepay";
        let answer = self.call_once(&Call::post(ENDPOINT, url, request)).await;
        match answer
            .and_then(|answer| self.own(ENDPOINT, parse_body(ENDPOINT, &answer, Transaction::from_json)?))
        {
            Ok(told) if told.out_trade_no == out_trade_no => match ended(told) {
                CodePayment::Pending => {}
                done => return Ok(done),
            },
            Ok(_) => tracing::warn!(endpoint = ENDPOINT, "the answer is about another payment: querying"),
            Err(error) if error.is_code_payment_refused() => return Err(error),
            Err(error) => tracing::info!(endpoint = ENDPOINT, %error, "the payment is open: querying"),
        }
        for _ in 0..polling.queries {
            tokio::time::sleep(polling.interval).await;
            let Ok(told) = self.query_by_out_trade_no(&out_trade_no).await else { continue };
            match ended(told) {
                CodePayment::Pending => {}
                done => return Ok(done),
            }
        }
        Ok(CodePayment::Pending)
    }

    /// Ends a payment by the shopper's code whose outcome is not known
    /// (`v3/pay/transactions/out-trade-no/{out_trade_no}/reverse`): one not paid is closed, one paid is refunded. May be
    /// repeated; not sooner than fifteen seconds after the payment was asked for. Unlike V2's it needs no certificate.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// client.reverse("20260101000001").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`]; else the last refusal. Until it succeeds, the outcome is open.
    pub async fn reverse(&self, out_trade_no: &str) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            appid: &'a str,
            mchid: &'a str,
        }
        #[derive(serde::Deserialize)]
        struct Reversed {
            mchid: String,
            out_trade_no: String,
        }
        const ENDPOINT: &str = "v3/pay/transactions/out-trade-no/reverse";
        let merchant = self.merchant();
        let url = format!("/v3/pay/transactions/out-trade-no/{}/reverse", segment(out_trade_no));
        let body = super::request_json(&Body { appid: merchant.appid(), mchid: merchant.mchid() });
        let answer = self.call(&Call::post(ENDPOINT, &url, &body)).await?;
        let told: Reversed = json::read(&answer).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if told.mchid != merchant.mchid() || told.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "it is about another order"));
        }
        Ok(())
    }
}

fn ended(told: Transaction) -> CodePayment {
    match &told.trade_state {
        _ if told.payment.is_some() => CodePayment::Paid(Box::new(told)),
        TradeState::UserPaying | TradeState::NotPay | TradeState::Accept | TradeState::Unknown(_) => {
            CodePayment::Pending
        }
        state => CodePayment::Ended(state.clone()),
    }
}
