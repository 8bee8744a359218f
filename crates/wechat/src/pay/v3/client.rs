use std::{fmt, sync::Arc};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::{sync::Mutex, time::Instant};

use super::{ClockAndNonce, InvalidField, KeyRing, Merchant, SystemClockAndNonce, response};
use crate::{
    Endpoints, Error, Http,
    http::HttpResponse,
    json,
    pay::failover::{failover, failover_on_connect},
};

/// Characters that stay unchanged in a path or a query.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The calls of WeChat Pay V3 for one merchant. Cheap to clone.
///
/// A call that may be sent twice is tried twice. If no response came, the second try goes to the backup host. If WeChat
/// was busy (`SYSTEM_ERROR`, HTTP 5xx), it goes to the same host. Each try has a new signature. The client verifies a
/// response with the key that it names, before it uses its content. An unsigned refusal is not verified: see
/// [`Error::is_verified`].
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
    pub(super) clock_and_nonce: Arc<dyn ClockAndNonce>,
    /// When the client last downloaded certificates because of an unknown serial.
    pub(super) rotated_at: Mutex<Option<Instant>>,
}

/// One request, before it is signed.
pub(super) struct Call<'a> {
    /// The name of the call in WeChat's documentation.
    pub(super) endpoint: &'static str,
    pub(super) method: Method,
    /// The path and the query, percent-encoded.
    pub(super) url: &'a str,
    pub(super) body: &'a str,
    /// The serial of the key that encrypted the sensitive fields of the body.
    pub(super) serial: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) const fn get(endpoint: &'static str, url: &'a str) -> Self {
        Self { endpoint, method: Method::GET, url, body: "", serial: None }
    }

    pub(super) const fn post(endpoint: &'static str, url: &'a str, body: &'a str) -> Self {
        Self { endpoint, method: Method::POST, url, body, serial: None }
    }

    pub(super) const fn put(endpoint: &'static str, url: &'a str, body: &'a str) -> Self {
        Self { endpoint, method: Method::PUT, url, body, serial: None }
    }

    pub(super) const fn delete(endpoint: &'static str, url: &'a str) -> Self {
        Self { endpoint, method: Method::DELETE, url, body: "", serial: None }
    }
}

impl Client {
    /// Creates a client that uses these connections. `keys` verifies responses and notifications. It contains the
    /// WeChat Pay public key, or [`Client::update_certificates`] fills it.
    #[must_use]
    pub fn new(http: Http, endpoints: Endpoints, merchant: Merchant, keys: KeyRing) -> Self {
        Self::with_clock_and_nonce(http, endpoints, merchant, keys, SystemClockAndNonce)
    }

    /// Creates a client with another source of time and random texts.
    ///
    /// ```
    /// use wechat::{Endpoints, Http, HttpOptions};
    /// use wechat::pay::v3::{ApiV3Key, Client, Credential, KeyRing, Merchant, SystemClockAndNonce};
    ///
    /// # let pem = include_str!("../../../tests/keys/merchant_pkcs8.pem");
    /// # let credential = Credential::from_pem("1900009191", "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", pem)?;
    /// # let merchant = Merchant::new("wxd678efh567hg6787", credential,
    /// #     ApiV3Key::parse("5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6")?);
    /// let (http, keys) = (Http::new(&HttpOptions::default())?, KeyRing::new());
    /// let client = Client::with_clock_and_nonce(http, Endpoints::default(), merchant, keys, SystemClockAndNonce);
    /// assert_eq!(client.merchant().appid(), "wxd678efh567hg6787");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_clock_and_nonce(
        http: Http,
        endpoints: Endpoints,
        merchant: Merchant,
        keys: KeyRing,
        clock_and_nonce: impl ClockAndNonce,
    ) -> Self {
        let clock_and_nonce = Arc::new(clock_and_nonce);
        Self(Arc::new(Inner {
            http,
            endpoints,
            merchant,
            keys,
            clock_and_nonce,
            rotated_at: Mutex::new(None),
        }))
    }

    /// The merchant whose calls this client makes.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.0.merchant
    }

    /// The key ring that verifies responses.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Sends a call that may be sent twice. Returns the verified body of a response with status 200 or 204.
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = failover(&self.0.endpoints, |host| self.attempt(host, call)).await;
        answer.inspect_err(|error| self.0.http.refused(call.endpoint, error))
    }

    /// Sends a call that must not be sent twice. Tries the backup host only if the connection failed.
    pub(super) async fn call_once(&self, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = failover_on_connect(&self.0.endpoints, |host| self.attempt(host, call)).await;
        answer.inspect_err(|error| self.0.http.refused(call.endpoint, error))
    }

    async fn attempt(&self, host: &str, call: &Call<'_>) -> Result<Vec<u8>, Error> {
        let answer = self.answer(host, call).await?;
        self.accept(call.endpoint, answer).await
    }

    /// Sends one attempt with a new signature. The response is not verified yet.
    pub(super) async fn answer(&self, host: &str, call: &Call<'_>) -> Result<HttpResponse, Error> {
        self.0.http.send_any_status(call.endpoint, self.sign(host, call)).await
    }

    pub(super) fn sign(&self, host: &str, call: &Call<'_>) -> reqwest::RequestBuilder {
        let Inner { http, merchant, keys, clock_and_nonce, .. } = &*self.0;
        let (timestamp, nonce_str) = (clock_and_nonce.now(), clock_and_nonce.nonce_str());
        let Call { method, url, body, .. } = call;
        let authorization =
            merchant.credential().authorization(method.as_str(), url, body.as_bytes(), timestamp, &nonce_str);
        let url = format!("{host}{url}");
        let mut request = http
            .request(method.clone(), &url)
            .header("accept", "application/json")
            .header("authorization", authorization);
        // this makes WeChat sign the response with this key
        if let Some(serial) = call.serial.map(str::to_owned).or_else(|| keys.public_key_id()) {
            request = request.header("wechatpay-serial", serial);
        }
        if body.is_empty() {
            return request;
        }
        request.header("content-type", "application/json").body((*body).to_owned())
    }

    /// Verifies a response, then separates success from refusal. If its serial is unknown, downloads new certificates
    /// once.
    async fn accept(&self, endpoint: &'static str, answer: HttpResponse) -> Result<Vec<u8>, Error> {
        let Inner { keys, clock_and_nonce, .. } = &*self.0;
        let signed = match response::verify(&answer, keys, clock_and_nonce.now()) {
            Err(super::VerificationError::UnknownSerial(serial)) if self.rotate(&serial).await => {
                response::verify(&answer, keys, clock_and_nonce.now())
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

    /// Posts to the path of the endpoint, and returns the text of one field of the response.
    pub(super) async fn post_for(
        &self,
        endpoint: &'static str,
        request: &str,
        name: &'static str,
    ) -> Result<String, Error> {
        self.post_to(endpoint, &format!("/{endpoint}"), request, name).await
    }

    /// Posts to a path, and returns the text of one field of the response.
    pub(super) async fn post_to(
        &self,
        endpoint: &'static str,
        url: &str,
        request: &str,
        name: &'static str,
    ) -> Result<String, Error> {
        let answer = self.call(&Call::post(endpoint, url, request)).await?;
        let answer: Value = json::read(&answer).map_err(|error| Error::malformed(endpoint, error))?;
        match answer.get(name).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(Error::malformed(endpoint, InvalidField(name))),
        }
    }
}

/// Encodes a text for a path or a query.
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
