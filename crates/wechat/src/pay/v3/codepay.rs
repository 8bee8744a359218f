//! Payment by the code on the shopper's phone (doc/v3/merchant/4012382150: 付款码支付).

use serde::Serialize;

use super::{
    Client, Merchant, RequestBody, Transaction,
    client::{Call, segment},
    order_calls::RequestedOrder,
    prepay::Amount,
    response::parse_body,
};
use crate::{
    Error, json,
    pay::v2::{Polling, TradeState},
};

/// A payment by code, for `v3/pay/transactions/codepay`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePayRequest {
    /// The name of the goods, at most 127 characters.
    pub description: String,
    /// The shop's order number, 6 to 32 of `0-9A-Za-z_-|*`. A merchant must not use it twice.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total: i64,
    /// The shopper's payment code: 18 digits. It is valid for one payment and for one minute.
    pub auth_code: String,
    /// The store in which the shopper pays.
    pub store: Store,
    /// The number of the till, at most 32 bytes.
    pub device_id: Option<String>,
    /// The IP address of the till, v4 or v6.
    pub device_ip: Option<String>,
    /// A text that queries and notifications return, at most 128 characters.
    pub attach: Option<String>,
    /// A tag for coupons, at most 32 bytes.
    pub goods_tag: Option<String>,
    /// Whether the payment offers an invoice.
    pub support_fapiao: Option<bool>,
}

/// The store of a payment by code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Store {
    /// WeChat's number of the store, at most 32 bytes.
    #[serde(rename = "id")]
    Id(String),
    /// The merchant's number of the store, at most 32 bytes.
    #[serde(rename = "out_id")]
    OutId(String),
}

/// The outcome of a payment by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePayOutcome {
    /// The order is paid and has a [`Transaction::payment`]. Compare its amount with the order.
    Paid(Box<Transaction>),
    /// The payment has ended, and the shopper has not paid.
    Ended(TradeState),
    /// The outcome is unknown. Call [`Client::reverse`]; otherwise the shopper may still pay.
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
    /// A payment with the required fields. Set optional fields afterwards.
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
        }
    }

    /// The JSON. Sign and send exactly these bytes.
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
    /// assert!(payment.request(&merchant).as_str().contains(r#""scene_info":{"store_info":{"out_id":"A1"}}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant) -> RequestBody<Self> {
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
        })
    }
}

impl Client {
    /// Charges the shopper's payment code (`v3/pay/transactions/codepay`). Queries the order if the shopper must type
    /// the password or the response was lost. `request` comes from [`CodePayRequest::request`]. The client sends it
    /// only once, because a code pays only once.
    ///
    /// ```no_run
    /// # use wechat::pay::v3::{Client, CodePayRequest, CodePayOutcome, Polling, Store};
    /// # async fn pay(client: Client, auth_code: &str) -> Result<(), wechat::Error> {
    /// let payment = CodePayRequest::new("Tea", "20260101000001", 1990, auth_code, Store::OutId("A1".into()));
    /// let request = payment.request(client.merchant());
    /// if client.codepay(&request, Polling::default()).await? == CodePayOutcome::Pending {
    ///     client.reverse("20260101000001").await?; // at the earliest fifteen seconds after the payment
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A verified refusal of the code or the number: `AUTHCODEEXPIRE`, `NOTENOUGH`, `AUTH_CODE_INVALID`. If the
    /// response is unsigned, has another HTTP status or an unknown code, the outcome is unknown. This is
    /// [`CodePayOutcome::Pending`] and not an error.
    pub async fn codepay(
        &self,
        request: &RequestBody<CodePayRequest>,
        polling: Polling,
    ) -> Result<CodePayOutcome, Error> {
        const ENDPOINT: &str = "v3/pay/transactions/codepay";
        let RequestedOrder { out_trade_no } = json::read(request.as_str().as_bytes())
            .map_err(|_| Error::configuration("the request was not created by CodePayRequest::request"))?;
        let url = "/v3/pay/transactions/codepay";
        let answer = self.call_once(&Call::post(ENDPOINT, url, request.as_str())).await;
        match answer
            .and_then(|answer| self.own(ENDPOINT, parse_body(ENDPOINT, &answer, Transaction::from_json)?))
        {
            Ok(transaction) if transaction.out_trade_no == out_trade_no => match outcome_of(transaction) {
                CodePayOutcome::Pending => {}
                done => return Ok(done),
            },
            Ok(_) => tracing::warn!(
                endpoint = ENDPOINT,
                "the response is about another payment; querying the order"
            ),
            Err(error) if error.is_code_payment_refused() => return Err(error),
            Err(error) => {
                tracing::info!(endpoint = ENDPOINT, %error, "the outcome is unknown; querying the order")
            }
        }
        for _ in 0..polling.queries {
            tokio::time::sleep(polling.interval).await;
            let Ok(transaction) = self.query_by_out_trade_no(&out_trade_no).await else { continue };
            match outcome_of(transaction) {
                CodePayOutcome::Pending => {}
                done => return Ok(done),
            }
        }
        Ok(CodePayOutcome::Pending)
    }

    /// Ends a payment by code whose outcome is unknown (`v3/pay/transactions/out-trade-no/{out_trade_no}/reverse`).
    /// WeChat closes an unpaid order and refunds a paid one. The call may be repeated. Make it at the earliest fifteen
    /// seconds after the payment. Unlike V2 it needs no certificate.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// client.reverse("20260101000001").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`]; otherwise the last refusal. Until this call succeeds, the outcome is unknown.
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
        let body = super::request_json::<()>(&Body { appid: merchant.appid(), mchid: merchant.mchid() });
        let answer = self.call(&Call::post(ENDPOINT, &url, body.as_str())).await?;
        let reversed: Reversed = json::read(&answer).map_err(|error| Error::malformed(ENDPOINT, error))?;
        if reversed.mchid != merchant.mchid() || reversed.out_trade_no != out_trade_no {
            return Err(Error::verification(ENDPOINT, "the response is about another order"));
        }
        Ok(())
    }
}

fn outcome_of(transaction: Transaction) -> CodePayOutcome {
    match &transaction.trade_state {
        _ if transaction.payment.is_some() => CodePayOutcome::Paid(Box::new(transaction)),
        TradeState::UserPaying | TradeState::NotPay | TradeState::Accept | TradeState::Unknown(_) => {
            CodePayOutcome::Pending
        }
        state => CodePayOutcome::Ended(state.clone()),
    }
}
