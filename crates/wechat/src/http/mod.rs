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

/// The connections to WeChat, shared by all clients of this crate. Cheap to clone.
///
/// No system proxy is used, no redirect is followed, and an answer is read to 1 MiB at most, a bill to
/// 64 MiB.
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

/// Bytes of the longest answer that is read.
const MAX_RESPONSE: usize = 1 << 20;

/// Bytes of the longest bill that is read, packed as it comes.
const MAX_DOWNLOAD: usize = 64 << 20;

/// How long a bill may take in all.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(120);

impl Http {
    /// Makes the connections' pool; nothing is connected yet.
    ///
    /// # Errors
    /// A configuration error where `ca_pem` holds no certificate, or the platform has none at all.
    pub fn new(options: &HttpOptions) -> Result<Self, Error> {
        Self::build(options, None)
    }

    /// The same with the merchant's own certificate, which WeChat Pay V2 asks for where money goes out
    /// (`secapi/pay/refund`, `secapi/pay/reverse`, `pay/downloadfundflow`): `apiclient_cert.pem` and
    /// `apiclient_key.pem`.
    ///
    /// ```
    /// use wechat::{Http, HttpOptions};
    ///
    /// # let (certificate, key) =
    /// #     (include_str!("../../tests/keys/platform_cert.pem"), include_str!("../../tests/keys/platform_key.pem"));
    /// // apiclient_cert.pem and apiclient_key.pem
    /// Http::with_client_certificate(&HttpOptions::default(), certificate, key)?;
    /// assert!(Http::with_client_certificate(&HttpOptions::default(), key, certificate).is_ok(), "either order");
    /// assert!(Http::with_client_certificate(&HttpOptions::default(), certificate, "no key").is_err());
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Http::new`], and where the two are not a certificate and its key.
    pub fn with_client_certificate(
        options: &HttpOptions,
        certificate_pem: &str,
        key_pem: &str,
    ) -> Result<Self, Error> {
        // the blocks that the keys of V3 are read from too, and nothing else of the files
        let first_with = |texts: [&str; 2], labels: &[&str]| {
            let blocks = texts.map(|text| pem::blocks(text, labels));
            blocks.into_iter().find(|blocks| !blocks.is_empty()).unwrap_or_default()
        };
        let certificates = first_with([certificate_pem, key_pem], &["CERTIFICATE"]);
        let keys = first_with([key_pem, certificate_pem], &PRIVATE_LABELS);
        let mut pem = Zeroizing::new(String::new());
        certificates.iter().chain(keys.first()).for_each(|block| pem.push_str(block));
        // the error may not quote what it was given
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
                return Err(Error::configuration("the extra certificates: there is none in the file"));
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

    /// The same connections, watched.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn CallObserver>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// What time it is at the other side, as its answer's `Date` header says: to compare clocks.
    ///
    /// ```no_run
    /// # async fn example(http: wechat::Http) -> Result<(), wechat::Error> {
    /// println!("{:?}", http.date_at("https://api.weixin.qq.com").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where nobody answers.
    pub async fn date_at(&self, url: &str) -> Result<Option<String>, Error> {
        let answer = self.send_any_status("date", self.get(url)).await?;
        Ok(answer.header("date").map(str::to_owned))
    }

    /// WeChat refused: said in one place, to the log and to the observer.
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

    /// Sends and returns the bytes of a 200 answer.
    pub(crate) async fn send(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<Vec<u8>, Error> {
        self.exchange(endpoint, request, Expect { status: Some(200), max_length: MAX_RESPONSE })
            .await
            .map(|answer| answer.body)
    }

    /// Sends and returns the answer, whatever its status.
    pub(crate) async fn send_any_status(
        &self,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpResponse, Error> {
        self.exchange(endpoint, request, Expect { status: None, max_length: MAX_RESPONSE }).await
    }

    /// Sends and returns the answer, whatever its status; one that is a file may be longer and take longer.
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
