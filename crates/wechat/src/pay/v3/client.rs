use std::{fmt, sync::Arc};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{sync::Mutex, time::Instant};

use super::{InvalidField, KeyRing, Merchant, Stamps, SystemStamps, response};
use crate::{
    Endpoints, Error, Http,
    http::HttpResponse,
    json,
    pay::failover::{failover, failover_on_connect},
};

/// What stands in a path or a query as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The calls of WeChat Pay V3 for one merchant. Cheap to clone.
///
/// Each call here may be repeated with the same bytes, so each is tried twice at most: where no answer came, the
/// second time at the backup host; where WeChat was busy (`SYSTEM_ERROR`, HTTP 5xx), at the same host. Each attempt
/// is signed anew. Every answer is verified with the key that it names before anything in it is believed; a refusal
/// that is not signed gives its code for people only.
///
/// ```
/// use wechat::{Endpoints, Http, HttpOptions, pay::v3::{ApiV3Key, Client, Credential, KeyRing, Merchant}};
///
/// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
/// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
/// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
/// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
/// let client = Client::new(Http::new(&HttpOptions::default())?, Endpoints::default(), merchant, KeyRing::new());
/// assert_eq!(client.merchant().mchid(), "1900009191");
/// assert!(client.keys().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) http: Http,
    pub(super) endpoints: Endpoints,
    pub(super) merchant: Merchant,
    pub(super) keys: KeyRing,
    pub(super) stamps: Arc<dyn Stamps>,
    /// When certificates were last asked for because a serial was not known.
    pub(super) rotated_at: Mutex<Option<Instant>>,
}

/// One request, before it is signed.
pub(super) struct Call<'a> {
    /// As the documentation names it.
    pub(super) endpoint: &'static str,
    pub(super) method: Method,
    /// Path and query, encoded.
    pub(super) url: &'a str,
    pub(super) body: &'a str,
    /// With what sensitive fields of the body are encrypted.
    pub(super) serial: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) const fn get(endpoint: &'static str, url: &'a str) -> Self {
        Self { endpoint, method: Method::GET, url, body: "", serial: None }
    }

    pub(super) const fn post(endpoint: &'static str, url: &'a str, body: &'a str) -> Self {
        Self { endpoint, method: Method::POST, url, body, serial: None }
    }
}

impl Client {
    /// The merchant's calls over these connections. `keys` is the ring to verify answers with, shared with the
    /// notifications: it holds the WeChat Pay public key, or is filled by [`Client::update_certificates`].
    #[must_use]
    pub fn new(http: Http, endpoints: Endpoints, merchant: Merchant, keys: KeyRing) -> Self {
        Self::with_stamps(http, endpoints, merchant, keys, SystemStamps)
    }

    /// The same with another source of times and random texts.
    ///
    /// ```
    /// use wechat::{Endpoints, Http, HttpOptions};
    /// use wechat::pay::v3::{ApiV3Key, Client, Credential, KeyRing, Merchant, SystemStamps};
    ///
    /// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
    /// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
    /// let (http, keys) = (Http::new(&HttpOptions::default())?, KeyRing::new());
    /// let client = Client::with_stamps(http, Endpoints::default(), merchant, keys, SystemStamps);
    /// assert_eq!(client.merchant().appid(), "wxd678efh567hg6787");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_stamps(
        http: Http,
        endpoints: Endpoints,
        merchant: Merchant,
        keys: KeyRing,
        stamps: impl Stamps,
    ) -> Self {
        let stamps = Arc::new(stamps);
        Self(Arc::new(Inner { http, endpoints, merchant, keys, stamps, rotated_at: Mutex::new(None) }))
    }

    /// Whose calls these are.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// The ring that answers are verified with.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// A verified answer of 200 or 204.
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = failover(&self.0.endpoints, |host| self.attempt(host, call)).await;
        answer.inspect_err(|error| self.0.http.refused(call.endpoint, error))
    }

    /// The same for what may not be sent twice: the backup host is asked only where no connection was made.
    pub(super) async fn call_once(&self, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = failover_on_connect(&self.0.endpoints, |host| self.attempt(host, call)).await;
        answer.inspect_err(|error| self.0.http.refused(call.endpoint, error))
    }

    async fn attempt(&self, host: &str, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = self.answer(host, call).await?;
        self.accept(call.endpoint, answer).await
    }

    /// One attempt, signed now.
    pub(super) async fn answer(&self, host: &str, call: &Call<'_>) -> Result<HttpResponse, Error> {
        self.0.http.send_any_status(call.endpoint, self.sign(host, call)).await
    }

    pub(super) fn sign(&self, host: &str, call: &Call<'_>) -> reqwest::RequestBuilder {
        let Inner { http, merchant, keys, stamps, .. } = &*self.0;
        let (timestamp, nonce_str) = (stamps.now(), stamps.nonce_str());
        let Call { method, url, body, .. } = call;
        let authorization =
            merchant.credential().authorization(method.as_str(), url, body.as_bytes(), timestamp, &nonce_str);
        let url = format!("{host}{url}");
        let request = if *method == Method::GET { http.get(&url) } else { http.post(&url) };
        let mut request = request.header("accept", "application/json").header("authorization", authorization);
        // the reply is then signed with this key
        if let Some(serial) = call.serial.map(str::to_owned).or_else(|| keys.public_key_id()) {
            request = request.header("wechatpay-serial", serial);
        }
        if *method == Method::GET {
            return request;
        }
        request.header("content-type", "application/json").body((*body).to_owned())
    }

    /// Verifies the answer, then tells success from refusal. A serial that is not known is a reason to look for new
    /// certificates, once.
    async fn accept(&self, endpoint: &'static str, answer: HttpResponse) -> Result<Vec<u8>, Error> {
        let Inner { keys, stamps, .. } = &*self.0;
        let signed = match response::verify(&answer, keys, stamps.now()) {
            Err(super::VerificationError::UnknownSerial(serial)) if self.rotate(&serial).await => {
                response::verify(&answer, keys, stamps.now())
            }
            done => done,
        };
        response::read(endpoint, answer, signed)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        endpoint: &'static str,
        url: &str,
    ) -> Result<T, Error> {
        let answer = self.call(&Call::get(endpoint, url)).await?;
        json::read(&answer).map_err(|error| Error::malformed(endpoint, error))
    }

    /// Posts to the path that the endpoint itself names, and takes the one text from the answer that stands under this
    /// name: what a payment is started with.
    pub(super) async fn post_for(
        &self,
        endpoint: &'static str,
        request: &str,
        name: &'static str,
    ) -> Result<String, Error> {
        let url = format!("/{endpoint}");
        let answer = self.call(&Call::post(endpoint, &url, request)).await?;
        let answer: Value = json::read(&answer).map_err(|error| Error::malformed(endpoint, error))?;
        match answer.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(Error::malformed(endpoint, InvalidField(name))),
        }
    }
}

/// A text as part of a path or a query.
pub(super) fn segment(text: &str) -> impl fmt::Display {
    utf8_percent_encode(text, SEGMENT)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("merchant", &self.0.merchant)
            .field("keys", &self.0.keys)
            .finish_non_exhaustive()
    }
}
