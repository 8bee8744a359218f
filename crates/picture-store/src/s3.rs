//! The client of S3-compatible storage: retries, time limits, and the errors that the storage reports.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService},
};
use reqwest::redirect::Policy;

use crate::Bucket;

/// The time limit for connecting.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// The time limit for one request.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// The number of retries of a request that may succeed later.
const REPETITIONS: usize = 2;

/// The maximum size of an error answer that is read, bytes.
const MAX_REFUSAL: usize = 64 << 10;

pub(crate) fn open(bucket: &Bucket) -> object_store::Result<AmazonS3> {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            ..BackoffConfig::default()
        },
        max_retries: REPETITIONS,
        retry_timeout: ANSWER_WITHIN,
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.key_id)
        .with_secret_access_key(bucket.secret.expose())
        .with_virtual_hosted_style_request(bucket.is_virtual_hosted)
        // some compatible storages have no bulk delete
        .with_disable_bulk_delete(true)
        .with_http_connector(Connector)
        .with_retry(retry);
    if let Some(endpoint) = &bucket.endpoint {
        let endpoint =
            if bucket.is_virtual_hosted { in_host(endpoint, &bucket.name) } else { endpoint.clone() };
        // the configuration decides whether http:// is allowed
        builder = builder.with_endpoint(endpoint).with_allow_http(true);
    }
    builder.build()
}

/// The endpoint with the bucket's name in front of the host.
fn in_host(endpoint: &str, bucket: &str) -> String {
    match endpoint.split_once("://") {
        Some((scheme, host)) if !host.starts_with(&format!("{bucket}.")) => {
            format!("{scheme}://{bucket}.{host}")
        }
        _ => endpoint.to_owned(),
    }
}

/// Creates the HTTP client. It ignores the proxy settings of the environment and follows no redirects.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(Connection(client)))
    }
}

/// Parses the storage's error answers into [`Refusal`]. `object_store` itself keeps them only as text.
#[derive(Debug)]
struct Connection(reqwest::Client);

#[async_trait]
impl HttpService for Connection {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let response = self.0.call(request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let body = Limited::new(body, MAX_REFUSAL).collect().await;
        // the answer to HEAD has no body
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        let refusal = Refusal::read(status, &String::from_utf8_lossy(&body));
        if status == StatusCode::NOT_FOUND && refusal.code != "NoSuchBucket" {
            return Ok(Response::from_parts(head, String::new().into()));
        }
        let kind = if refusal.may_succeed_later() { HttpErrorKind::Request } else { HttpErrorKind::Unknown };
        Err(HttpError::new(kind, refusal))
    }
}

/// The storage refused a request. The fields are from its error answer.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The error code, such as `NoSuchBucket`; empty if the answer has none.
    pub(crate) code: String,
    message: String,
}

/// The maximum length of the code and of the message, characters.
const LONGEST: usize = 200;

impl Refusal {
    fn read(status: StatusCode, body: &str) -> Self {
        let element = |name: &str| {
            let (_, rest) = body.split_once(&format!("<{name}>"))?;
            let (text, _) = rest.split_once(&format!("</{name}>"))?;
            Some(text.chars().filter(|character| !character.is_control()).take(LONGEST).collect())
        };
        Self {
            status,
            code: element("Code").unwrap_or_default(),
            message: element("Message").unwrap_or_default(),
        }
    }

    pub(crate) fn may_succeed_later(&self) -> bool {
        self.status.is_server_error()
            || self.status == StatusCode::TOO_MANY_REQUESTS
            || self.code == "SlowDown"
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.as_str(), self.message.as_str()) {
            ("", _) => write!(f, "{}", self.status),
            (code, "") => write!(f, "{code} ({})", self.status.as_u16()),
            (code, message) => write!(f, "{code} ({}): {message}", self.status.as_u16()),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_becomes_a_part_of_the_host_once() {
        assert_eq!(in_host("https://oss.example", "shop"), "https://shop.oss.example");
        assert_eq!(in_host("https://shop.oss.example", "shop"), "https://shop.oss.example");
    }

    #[test]
    fn a_refusal_is_read_with_its_code_and_without_the_rest() {
        let body = "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>It does not match.</Message>\
                    <AWSAccessKeyId>hidden</AWSAccessKeyId></Error>";
        let refusal = Refusal::read(StatusCode::FORBIDDEN, body);
        assert_eq!(refusal.to_string(), "SignatureDoesNotMatch (403): It does not match.");
        assert!(!refusal.may_succeed_later());
        let empty = Refusal::read(StatusCode::SERVICE_UNAVAILABLE, "");
        assert_eq!(empty.to_string(), "503 Service Unavailable");
        assert!(empty.may_succeed_later());
    }
}
