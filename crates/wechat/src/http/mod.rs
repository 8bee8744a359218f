mod observer;
mod options;
mod response;

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{Certificate, Identity, RequestBuilder, redirect::Policy};
use tokio::time::Instant;
use tracing::Instrument;
use zeroize::Zeroizing;

pub(crate) use self::response::HttpResponse;
use self::response::{Expect, read};
pub use self::{observer::CallObserver, options::HttpOptions};
use crate::{
    Error, ErrorKind,
    wire::{pem, rsa::PRIVATE_LABELS},
};

/// The HTTP connections to WeChat. Cheap to clone; clones share one connection pool, so use one value for several
/// clients.
///
/// It uses no system proxy and follows no redirect. A response of more than 1 MiB or a bill of more than 64 MiB is an
/// error.
///
/// ```
/// let http = wechat::Http::new(&wechat::HttpOptions::default())?;
/// # let _ = http;
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    observer: Option<Arc<dyn CallObserver>>,
}

/// The longest response except a bill, in bytes.
const MAX_RESPONSE: usize = 1 << 20;

/// The longest bill, in bytes, as it is downloaded (compressed).
const MAX_DOWNLOAD: usize = 64 << 20;

/// The time limit for the download of a bill, instead of [`HttpOptions::timeout`].
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(120);

impl Http {
    /// Creates the connection pool. It does not connect yet.
    ///
    /// # Errors
    /// A configuration error if `ca_pem` contains no certificate, or if the operating system has no certificates.
    pub fn new(options: &HttpOptions) -> Result<Self, Error> {
        Self::build(options, None)
    }

    /// Creates a pool with the merchant's own certificate, `apiclient_cert.pem` and `apiclient_key.pem`. Pay V2
    /// requires it for `secapi/pay/refund`, `secapi/pay/reverse` and `pay/downloadfundflow`.
    ///
    /// ```
    /// use wechat::{Http, HttpOptions};
    ///
    /// # let (certificate, key) =
    /// #     (include_str!("../../tests/keys/platform_cert.pem"), include_str!("../../tests/keys/platform_key.pem"));
    /// // apiclient_cert.pem and apiclient_key.pem
    /// Http::with_client_certificate(&HttpOptions::default(), certificate, key)?;
    /// assert!(Http::with_client_certificate(&HttpOptions::default(), key, certificate).is_ok(), "the order of the two does not matter");
    /// assert!(Http::with_client_certificate(&HttpOptions::default(), certificate, "no key").is_err());
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Http::new`], and a configuration error if the two texts are not a certificate and its key.
    pub fn with_client_certificate(
        options: &HttpOptions,
        certificate_pem: &str,
        key_pem: &str,
    ) -> Result<Self, Error> {
        // accept the same blocks as for the V3 keys, in either text
        let first_with = |texts: [&str; 2], labels: &[&str]| {
            let blocks = texts.map(|text| pem::blocks(text, labels));
            blocks.into_iter().find(|blocks| !blocks.is_empty()).unwrap_or_default()
        };
        let certificates = first_with([certificate_pem, key_pem], &["CERTIFICATE"]);
        let keys = first_with([key_pem, certificate_pem], &PRIVATE_LABELS);
        let mut pem = Zeroizing::new(String::new());
        certificates.iter().chain(keys.first()).for_each(|block| pem.push_str(block));
        // the error must not quote the key
        let identity = Identity::from_pem(pem.as_bytes()).map_err(|_| {
            Error::configuration("the client certificate: not a certificate and its private key in PEM")
        })?;
        Self::build(options, Some(identity))
    }

    fn build(options: &HttpOptions, identity: Option<Identity>) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .user_agent(&options.user_agent)
            .redirect(Policy::none())
            .no_proxy();
        if let Some(pem) = &options.ca_pem {
            let certificates = Certificate::from_pem_bundle(pem)
                .map_err(|error| Error::configuration(format!("the extra certificates: {error}")))?;
            if certificates.is_empty() {
                return Err(Error::configuration(
                    "the extra certificates: the file contains no certificate in PEM",
                ));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(identity) = identity {
            builder = builder.identity(identity);
        }
        builder.build().map(|client| Self { client, observer: None }).map_err(|error| {
            Error::configuration(format!("the HTTP client: {error}; are ca-certificates installed?"))
        })
    }

    /// Returns the same connections with an observer. It replaces an earlier one.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn CallObserver>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Reads the `Date` header of the server's response, to compare the clocks. `None` if the response has no such
    /// header.
    ///
    /// ```no_run
    /// # async fn example(http: wechat::Http) -> Result<(), wechat::Error> {
    /// println!("{:?}", http.date_at("https://api.weixin.qq.com").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A transport error if the server does not answer.
    pub async fn date_at(&self, url: &str) -> Result<Option<String>, Error> {
        let answer = self.send_any_status("date", self.get(url)).await?;
        Ok(answer.header("date").map(str::to_owned))
    }

    /// Reports a refusal to the log and to the observer.
    pub(crate) fn refused(&self, endpoint: &'static str, error: &Error) {
        tracing::info!(endpoint, code = error.code(), %error, "wechat refused");
        if let Some(observer) = &self.observer
            && error.kind() == ErrorKind::Service
        {
            observer.refused(endpoint, error.code().unwrap_or("FAIL"));
        }
    }

    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }

    pub(crate) fn post(&self, url: &str) -> RequestBuilder {
        self.client.post(url)
    }

    pub(crate) fn request(&self, method: reqwest::Method, url: &str) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request and returns the body of a response with status 200.
    pub(crate) async fn send(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<Vec<u8>, Error> {
        self.exchange(endpoint, request, Expect { status: Some(200), max_length: MAX_RESPONSE })
            .await
            .map(|answer| answer.body)
    }

    /// Sends a request and returns the response with any status.
    pub(crate) async fn send_any_status(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpResponse, Error> {
        self.exchange(endpoint, request, Expect { status: None, max_length: MAX_RESPONSE }).await
    }

    /// Sends a request and returns the response with any status. The limits of length and time are higher: the response
    /// is a bill.
    pub(crate) async fn download(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpResponse, Error> {
        let request = request.timeout(DOWNLOAD_TIMEOUT);
        self.exchange(endpoint, request, Expect { status: None, max_length: MAX_DOWNLOAD }).await
    }

    async fn exchange(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
        expect: Expect,
    ) -> Result<HttpResponse, Error> {
        let started = Instant::now();
        let span = tracing::info_span!("wechat", endpoint);
        let answer = read(endpoint, request, expect).instrument(span).await;
        let took = started.elapsed();
        let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if let Some(observer) = &self.observer {
            observer.answered(endpoint, answer.as_ref().ok().map(|answer| answer.status), took);
        }
        match &answer {
            Ok(HttpResponse { status, body, .. }) => {
                tracing::debug!(endpoint, elapsed_ms, status, bytes = body.len(), "wechat answered");
            }
            Err(error) => tracing::info!(endpoint, elapsed_ms, %error, "wechat did not answer"),
        }
        answer
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("client", &self.client).finish_non_exhaustive()
    }
}
