use std::time::Duration;

use super::{
    Client, Merchant, Order, Payment, SignType, SignedRequest, TradeState, payment, response, sign_request,
};
use crate::{
    Error,
    pay::failover::{BUSY_DELAY, failover, failover_on_connect},
    wire::xml,
};

/// A payment with the code on the shopper's phone, for `pay/micropay` (doc/v2/merchant: 付款码支付).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicropayRequest {
    /// The name of the goods, at most 128 characters.
    pub body: String,
    /// The shop's order number, 6 to 32 of `0-9A-Za-z_-|*`. A merchant must not use it twice.
    pub out_trade_no: String,
    /// The amount in fen, at least 1.
    pub total_fee: i64,
    /// The IP address of the till.
    pub spbill_create_ip: String,
    /// The shopper's payment code: 18 digits that begin with 10 to 15. It is valid for one minute.
    pub auth_code: String,
    /// The terminal's number, at most 32 bytes.
    pub device_info: Option<String>,
    /// The goods, a JSON text of at most 6,000 bytes.
    pub detail: Option<String>,
    /// A text that queries and notifications return. Never use a text that a shopper wrote.
    pub attach: Option<String>,
    /// A tag for coupons, at most 32 bytes.
    pub goods_tag: Option<String>,
    /// `no_credit` excludes credit cards.
    pub limit_pay: Option<String>,
    /// The shop, a JSON text: `{"store_info":{"id":"…"}}`.
    pub scene_info: Option<String>,
}

impl MicropayRequest {
    /// A payment with the required fields. Set optional fields afterwards.
    #[must_use]
    pub fn new(
        body: impl Into<String>,
        out_trade_no: impl Into<String>,
        total_fee: i64,
        spbill_create_ip: impl Into<String>,
        auth_code: impl Into<String>,
    ) -> Self {
        Self {
            body: body.into(),
            out_trade_no: out_trade_no.into(),
            total_fee,
            spbill_create_ip: spbill_create_ip.into(),
            auth_code: auth_code.into(),
            device_info: None,
            detail: None,
            attach: None,
            goods_tag: None,
            limit_pay: None,
            scene_info: None,
        }
    }

    /// The signed XML. Send exactly these bytes. `nonce_str` is random, at most 32 letters and digits.
    ///
    /// ```
    /// use wechat::pay::v2::{Merchant, MicropayRequest, SignType};
    ///
    /// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    /// let payment = MicropayRequest::new("Tea", "20260101000001", 1990, "203.0.113.7", "120061098828009406");
    /// let request = payment.request(&merchant, SignType::HmacSha256, "a nonce");
    /// let sent = wechat::wire::xml::parse(request.as_str().as_bytes())?;
    /// assert_eq!(sent.get("auth_code"), Some("120061098828009406"));
    /// # Ok::<(), wechat::wire::xml::XmlError>(())
    /// ```
    #[must_use]
    pub fn request(&self, merchant: &Merchant, sign_type: SignType, nonce_str: &str) -> SignedRequest<Self> {
        let mut fields = merchant
            .fields(sign_type, nonce_str)
            .with("body", &self.body)
            .with("out_trade_no", &self.out_trade_no)
            .with("total_fee", self.total_fee.to_string())
            .with("spbill_create_ip", &self.spbill_create_ip)
            .with("auth_code", &self.auth_code);
        for (name, value) in [
            ("device_info", &self.device_info),
            ("detail", &self.detail),
            ("attach", &self.attach),
            ("goods_tag", &self.goods_tag),
            ("limit_pay", &self.limit_pay),
            ("scene_info", &self.scene_info),
        ] {
            if let Some(value) = value {
                fields.set(name, value);
            }
        }
        sign_request(&fields, merchant.key(), sign_type)
    }
}

/// How long the client waits while the shopper types the password.
///
/// ```
/// let polling = wechat::pay::v2::Polling::default();
/// assert_eq!(polling.interval.as_secs() * u64::from(polling.queries), 45);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    /// The time between two queries.
    pub interval: Duration,
    /// The largest number of queries.
    pub queries: u32,
}

impl Default for Polling {
    /// Nine queries, one every five seconds: WeChat gives the shopper 45 seconds.
    fn default() -> Self {
        Self { interval: Duration::from_secs(5), queries: 9 }
    }
}

/// The outcome of a payment by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicropayOutcome {
    /// The order is paid.
    Paid(Box<Payment>),
    /// The payment has ended, and the shopper has not paid.
    Ended(TradeState),
    /// The outcome is unknown. Call [`Client::reverse`]; otherwise the shopper may still pay.
    Pending,
}

/// How often the client requests a reversal if WeChat asks for a repetition.
const REVERSALS: u32 = 5;

impl Client {
    /// Charges the shopper's payment code (`pay/micropay`). Queries the order if the shopper must type the password or
    /// the response was lost. `request` comes from [`MicropayRequest::request`]. The client sends it only once, because
    /// a code pays only once.
    ///
    /// ```no_run
    /// use wechat::pay::v2::{Client, MicropayOutcome, MicropayRequest, Polling, SignType, SignedRequest};
    ///
    /// # async fn example(client: Client, request: SignedRequest<MicropayRequest>) -> Result<(), wechat::Error> {
    /// match client.micropay(&request, Polling::default()).await? {
    ///     MicropayOutcome::Paid(payment) => println!("{} fen", payment.total_fee),
    ///     MicropayOutcome::Ended(state) => println!("not paid: {}", state.as_str()),
    ///     MicropayOutcome::Pending => client.reverse("20260101000001", SignType::HmacSha256).await?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A verified refusal of the code or the number: `AUTHCODEEXPIRE`, `NOTENOUGH`, `AUTH_CODE_INVALID`. If the
    /// response is unsigned, has another HTTP status or an unknown code, the outcome is unknown. This is
    /// [`MicropayOutcome::Pending`] and not an error.
    pub async fn micropay(
        &self,
        request: &SignedRequest<MicropayRequest>,
        polling: Polling,
    ) -> Result<MicropayOutcome, Error> {
        const ENDPOINT: &str = "pay/micropay";
        let out_trade_no = xml::parse(request.as_str().as_bytes())
            .ok()
            .and_then(|fields| payment::optional(&fields, "out_trade_no"))
            .ok_or_else(|| Error::configuration("the request for a payment has no out_trade_no"))?;
        let sent = failover_on_connect(self.endpoints(), |host| self.attempt(host, ENDPOINT, request));
        match sent.await {
            Ok(fields) => match Payment::from_fields(&fields) {
                Ok(payment) if fields.get("out_trade_no") == Some(&*out_trade_no) => {
                    return Ok(MicropayOutcome::Paid(Box::new(payment)));
                }
                _ => tracing::warn!(
                    endpoint = ENDPOINT,
                    "the response does not match the payment; querying the order"
                ),
            },
            Err(error) if error.is_code_payment_refused() => return Err(error),
            Err(error) => {
                tracing::info!(endpoint = ENDPOINT, %error, "the outcome is unknown; querying the order")
            }
        }
        for _ in 0..polling.queries {
            tokio::time::sleep(polling.interval).await;
            let Ok(order) = self.orderquery(&out_trade_no, request.sign_type()).await else { continue };
            match ended(order) {
                MicropayOutcome::Pending => {}
                done => return Ok(done),
            }
        }
        Ok(MicropayOutcome::Pending)
    }

    /// Ends a payment by code whose outcome is unknown (`secapi/pay/reverse`). WeChat closes an unpaid order and
    /// refunds a paid one. Call it at the earliest fifteen seconds after the payment. Requires
    /// [`Client::with_certificate`].
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v2::Client) -> Result<(), wechat::Error> {
    /// client.reverse("20260101000001", wechat::pay::v2::SignType::HmacSha256).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A configuration error without the certificate; otherwise the last refusal. Until this call succeeds, the outcome
    /// is unknown.
    pub async fn reverse(&self, out_trade_no: &str, sign_type: SignType) -> Result<(), Error> {
        const ENDPOINT: &str = "secapi/pay/reverse";
        let request = self.request_for(out_trade_no, sign_type);
        for left in (0..REVERSALS).rev() {
            let answer =
                failover(self.endpoints(), |host| self.attempt_certified(host, ENDPOINT, &request)).await;
            let recall = answer.as_ref().is_ok_and(|fields| fields.get("recall") == Some("Y"));
            match answer.and_then(|fields| response::succeeded(ENDPOINT, fields)) {
                Ok(_) if !recall => return Ok(()),
                Err(error) if left == 0 || !(recall || error.is_retryable()) => return Err(error),
                _ => tokio::time::sleep(BUSY_DELAY).await,
            }
        }
        Err(Error::service(ENDPOINT, None, "WeChat keeps asking for a repetition of the reversal".into()))
    }
}

fn ended(order: Order) -> MicropayOutcome {
    match (order.payment, order.trade_state) {
        (Some(payment), _) => MicropayOutcome::Paid(Box::new(payment)),
        (None, TradeState::UserPaying | TradeState::NotPay | TradeState::Accept | TradeState::Unknown(_)) => {
            MicropayOutcome::Pending
        }
        (None, state) => MicropayOutcome::Ended(state),
    }
}
