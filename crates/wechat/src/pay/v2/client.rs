use std::{fmt, sync::Arc};

use super::{Merchant, SignType, SignedRequest, response, sign_request};
use crate::{
    Endpoints, Error, Http,
    pay::{ClockAndNonce, SystemClockAndNonce, failover::failover},
    wire::{Fields, sign, xml},
};

/// The calls of WeChat Pay V2 for one merchant. Cheap to clone.
///
/// A call that may be sent twice is tried twice. If no response came, the second try goes to the backup host. If WeChat
/// was busy (`SYSTEMERROR`, HTTP 5xx), it goes to the same host. The client verifies each response, except a bill and a
/// report: the signature with the sign type of the request, `appid` and `mch_id`.
///
/// ```
/// use wechat::{Endpoints, Http, HttpOptions, pay::v2::{Client, Merchant}};
///
/// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// let client = Client::new(Http::new(&HttpOptions::default())?, Endpoints::default(), merchant);
/// assert_eq!(client.merchant().mch_id(), "10000100");
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    http: Http,
    certified: Option<Http>,
    endpoints: Endpoints,
    merchant: Merchant,
    clock_and_nonce: Arc<dyn ClockAndNonce>,
}

impl Client {
    /// Creates a client that uses these connections.
    #[must_use]
    pub fn new(http: Http, endpoints: Endpoints, merchant: Merchant) -> Self {
        Self::with_clock_and_nonce(http, endpoints, merchant, SystemClockAndNonce)
    }

    /// Creates a client with another source of random texts. V2 does not sign the time.
    ///
    /// ```
    /// use wechat::{Endpoints, Http, HttpOptions, pay::{SystemClockAndNonce, v2::{Client, Merchant}}};
    ///
    /// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
    /// let http = Http::new(&HttpOptions::default())?;
    /// let client = Client::with_clock_and_nonce(http, Endpoints::default(), merchant, SystemClockAndNonce);
    /// assert_eq!(client.merchant().appid(), "wxd930ea5d5a258f4f");
    /// # Ok::<(), wechat::Error>(())
    /// ```
    #[must_use]
    pub fn with_clock_and_nonce(
        http: Http,
        endpoints: Endpoints,
        merchant: Merchant,
        clock_and_nonce: impl ClockAndNonce,
    ) -> Self {
        let clock_and_nonce = Arc::new(clock_and_nonce);
        Self(Arc::new(Inner { http, certified: None, endpoints, merchant, clock_and_nonce }))
    }

    /// Adds the connections with the merchant's certificate, which `secapi/pay/refund`, `secapi/pay/reverse` and
    /// `pay/downloadfundflow` require; see [`Http::with_client_certificate`].
    ///
    /// ```
    /// use wechat::{Http, HttpOptions, pay::v2::Client};
    ///
    /// # fn certified(client: Client, certificate_pem: &str, key_pem: &str) -> Result<Client, wechat::Error> {
    /// let certified = Http::with_client_certificate(&HttpOptions::default(), certificate_pem, key_pem)?;
    /// Ok(client.with_certificate(certified))
    /// # }
    /// ```
    #[must_use]
    pub fn with_certificate(self, certified: Http) -> Self {
        let inner = Inner::clone(&self.0);
        Self(Arc::new(Inner { certified: Some(certified), ..inner }))
    }

    /// The merchant whose calls this client makes.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// The request of a query, a close or a reversal.
    pub(super) fn request_for(&self, out_trade_no: &str, sign_type: SignType) -> SignedRequest<()> {
        self.sign(self.fields(sign_type).with("out_trade_no", out_trade_no), sign_type)
    }

    /// The fields that each request has, with a new `nonce_str`.
    pub(super) fn fields(&self, sign_type: SignType) -> Fields {
        self.0.merchant.fields(sign_type, &self.0.clock_and_nonce.nonce_str())
    }

    pub(super) fn sign(&self, fields: Fields, sign_type: SignType) -> SignedRequest<()> {
        sign_request(&fields, self.0.merchant.key(), sign_type)
    }

    /// Prepares a stored request for sending. If an earlier APIv2 key signed it, this signs it again with the current
    /// key. All other fields stay, so WeChat treats it as the same request.
    ///
    /// ```
    /// use wechat::{Endpoints, Http, HttpOptions};
    /// use wechat::pay::{PaymentId, RefundRequestAmount, v2::{Client, Merchant, RefundRequest, SignType}};
    ///
    /// let client = |key: &str| {
    ///     let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", key);
    ///     Ok::<_, wechat::Error>(Client::new(Http::new(&HttpOptions::default())?, Endpoints::default(), merchant))
    /// };
    /// let (old, new) = (client("192006250b4c09247ec02edce69f6a2d")?, client("00000000000000000000000000000000")?);
    /// let amount = RefundRequestAmount { total: 1990, refund: 990 };
    /// let stored = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount)
    ///     .request(old.merchant(), SignType::Md5, "a nonce");
    /// assert_eq!(old.signed_now(&stored), stored);
    /// assert_ne!(new.signed_now(&stored), stored);
    /// # Ok::<(), wechat::Error>(())
    /// ```
    #[must_use]
    pub fn signed_now<T>(&self, request: &SignedRequest<T>) -> SignedRequest<T> {
        let (key, sign_type) = (self.0.merchant.key(), request.sign_type());
        match xml::parse(request.as_str().as_bytes()) {
            Ok(mut fields) if !sign::verify(&fields, key.expose(), sign_type) => {
                fields.remove("sign");
                sign_request(&fields, key, sign_type)
            }
            // send an unreadable request as it is: WeChat refuses it
            _ => request.clone(),
        }
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(super) fn certified(&self) -> Result<&Http, Error> {
        self.0.certified.as_ref().ok_or_else(|| {
            Error::configuration(
                "this call needs the merchant's client certificate: see Client::with_certificate",
            )
        })
    }

    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    pub(super) async fn call<T>(
        &self,
        endpoint: &'static str,
        request: &SignedRequest<T>,
    ) -> Result<Fields, Error> {
        failover(self.endpoints(), |host| self.attempt(host, endpoint, request)).await
    }

    /// One attempt with the merchant's certificate. It returns a signed refusal as fields, not as an error.
    pub(super) async fn attempt_certified<T>(
        &self,
        host: &str,
        endpoint: &'static str,
        request: &SignedRequest<T>,
    ) -> Result<Fields, Error> {
        let answer = send(self.certified()?, host, endpoint, request.as_str()).await?;
        response::verified(endpoint, &self.0.merchant, request.sign_type(), &answer)
    }

    pub(super) async fn attempt<T>(
        &self,
        host: &str,
        endpoint: &'static str,
        request: &SignedRequest<T>,
    ) -> Result<Fields, Error> {
        let Inner { http, merchant, .. } = &*self.0;
        let answer = send(http, host, endpoint, request.as_str()).await?;
        response::read(endpoint, merchant, request.sign_type(), &answer)
            .inspect_err(|error| http.refused(endpoint, error))
    }
}

async fn send(http: &Http, host: &str, endpoint: &'static str, request: &str) -> Result<Vec<u8>, Error> {
    let post = http
        .post(&format!("{host}/{endpoint}"))
        .header("content-type", "text/xml; charset=utf-8")
        .body(request.to_owned());
    http.send(endpoint, post).await
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("merchant", &self.0.merchant).finish_non_exhaustive()
    }
}
