//! A storage with the interface of S3, for tests: one bucket in memory. It verifies each signature, and can fail.

mod signature;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use percent_encoding::percent_decode_str;
use shop::{Clock, SystemClock};

use self::signature::{Credentials, Refused, Signed};

pub(crate) const KEY_ID: &str = "AKIDTEST";
pub(crate) const SECRET: &str = "storage-secret/with+signs";
const REGION: &str = "cn-test-1";
const BUCKET: &str = "pictures";

/// How the storage fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 503 with `SlowDown`.
    SlowDown,
    /// 403 with `AccessDenied`.
    AccessDenied,
    /// 404 with `NoSuchBucket`.
    NoSuchBucket,
    /// The connection ends within the answer.
    Cut,
    /// No answer comes.
    Hang,
}

/// A failure: of which method (all if there is none), after how many requests that succeed.
#[derive(Clone, Debug)]
struct Failing {
    fault: Fault,
    method: Option<Method>,
    after: usize,
}

struct Inner {
    credentials: Credentials,
    objects: Mutex<BTreeMap<String, (Bytes, jiff::Timestamp)>>,
    failing: Mutex<Option<Failing>>,
    /// Requests that got no answer.
    hanging: AtomicUsize,
    /// How far its clock is ahead, ms.
    ahead_ms: AtomicI64,
}

/// The storage. It ends with the test.
pub(crate) struct Storage {
    pub(crate) url: String,
    inner: Arc<Inner>,
    served: tokio::task::JoinHandle<()>,
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Storage {
    pub(crate) async fn start() -> Self {
        let inner = Arc::new(Inner {
            credentials: Credentials { key_id: KEY_ID.into(), secret: SECRET.into(), region: REGION.into() },
            objects: Mutex::default(),
            failing: Mutex::default(),
            hanging: AtomicUsize::new(0),
            ahead_ms: AtomicI64::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .fallback(answer)
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(Arc::clone(&inner));
        let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inner, served }
    }

    /// The variables with which a shop uses it.
    pub(crate) fn variables(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }

    /// All requests fail from now on; without a fault, none.
    pub(crate) fn fail(&self, fault: Option<Fault>) {
        *self.inner.failing.lock().unwrap() = fault.map(|fault| Failing { fault, method: None, after: 0 });
    }

    /// The requests of a method fail, after so many that succeed.
    pub(crate) fn fail_later(&self, fault: Fault, method: Method, after: usize) {
        *self.inner.failing.lock().unwrap() = Some(Failing { fault, method: Some(method), after });
    }

    /// The number of requests that got no answer.
    pub(crate) fn hanging(&self) -> usize {
        self.inner.hanging.load(Ordering::Relaxed)
    }

    /// Moves its clock.
    pub(crate) fn set_ahead_s(&self, seconds: i64) {
        self.inner.ahead_ms.store(seconds * 1000, Ordering::Relaxed);
    }

    /// The keys of its objects.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.inner.objects.lock().unwrap().keys().cloned().collect()
    }

    /// The bytes of an object.
    pub(crate) fn object(&self, key: &str) -> Option<Bytes> {
        self.inner.objects.lock().unwrap().get(key).map(|(bytes, _)| bytes.clone())
    }

    /// Replaces the bytes of an object, as a person could who may write to the bucket.
    pub(crate) fn replace(&self, key: &str, bytes: &'static [u8]) {
        let mut objects = self.inner.objects.lock().unwrap();
        objects.get_mut(key).unwrap().0 = Bytes::from_static(bytes);
    }
}

impl Inner {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.ahead_ms.load(Ordering::Relaxed)
    }

    /// The fault of this request.
    fn fault_of(&self, method: &Method) -> Option<Fault> {
        let mut failing = self.failing.lock().unwrap();
        let failing = failing
            .as_mut()
            .filter(|failing| failing.method.as_ref().is_none_or(|wanted| wanted == method))?;
        if failing.after > 0 {
            failing.after -= 1;
            return None;
        }
        Some(failing.fault)
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let signed = Signed { method: &head.method, uri: &head.uri, headers: &head.headers, body: &body };
    if let Err(refused) = signed.verify(&inner.credentials, inner.now_ms()) {
        return refusal(refused);
    }
    match inner.fault_of(&head.method) {
        None => {}
        Some(Fault::SlowDown) => {
            return refusal((
                StatusCode::SERVICE_UNAVAILABLE,
                "SlowDown",
                "Please reduce your request rate.",
            ));
        }
        Some(Fault::AccessDenied) => {
            return refusal((StatusCode::FORBIDDEN, "AccessDenied", "Access Denied"));
        }
        Some(Fault::NoSuchBucket) => return refusal(NO_BUCKET),
        Some(Fault::Cut) if head.method == Method::GET => {
            let cut = stream::iter([Ok(Bytes::from_static(b"half of ")), Err(std::io::Error::other("cut"))]);
            let modified = "Fri, 24 May 2013 00:00:00 GMT";
            let headers = [
                (header::CONTENT_LENGTH, "1000"),
                (header::ETAG, "\"1\""),
                (header::LAST_MODIFIED, modified),
            ];
            return (headers, Body::from_stream(cut)).into_response();
        }
        // a task that ends closes its connection
        Some(Fault::Cut) => panic!("the connection is cut"),
        Some(Fault::Hang) => {
            inner.hanging.fetch_add(1, Ordering::Relaxed);
            return std::future::pending().await;
        }
    }
    let path = percent_decode_str(head.uri.path()).decode_utf8().unwrap();
    let (bucket, key) =
        path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    if bucket != BUCKET {
        return refusal(NO_BUCKET);
    }
    let mut objects = inner.objects.lock().unwrap();
    match (&head.method, key) {
        (&Method::GET, "") => list(&objects, head.uri.query().unwrap_or_default()),
        (&Method::PUT, key) => {
            objects
                .insert(key.to_owned(), (body, jiff::Timestamp::from_millisecond(inner.now_ms()).unwrap()));
            [(header::ETAG, "\"1\"")].into_response()
        }
        (&Method::GET, key) => match objects.get(key) {
            Some((bytes, written)) => {
                let modified = written.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                let headers = [(header::LAST_MODIFIED, modified), (header::ETAG, "\"1\"".to_owned())];
                (headers, bytes.clone()).into_response()
            }
            None => refusal((StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.")),
        },
        (&Method::DELETE, key) => {
            objects.remove(key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => refusal((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "Not allowed")),
    }
}

const NO_BUCKET: Refused = (StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");

/// `ListObjectsV2`, in one page.
fn list(objects: &BTreeMap<String, (Bytes, jiff::Timestamp)>, query: &str) -> Response {
    let value = |name: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        percent_decode_str(pair.unwrap_or_default()).decode_utf8_lossy().into_owned()
    };
    assert_eq!(value("list-type"), "2");
    let prefix = value("prefix");
    let contents: String = objects
        .iter()
        .filter(|(key, _)| key.starts_with(&prefix))
        .map(|(key, (bytes, written))| {
            let written = written.strftime("%Y-%m-%dT%H:%M:%S.000Z");
            let size = bytes.len();
            format!("<Contents><Key>{key}</Key><LastModified>{written}</LastModified><ETag>\"1\"</ETag><Size>{size}</Size></Contents>")
        })
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>{BUCKET}</Name><Prefix>{prefix}</Prefix><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    );
    ([(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// An error as S3 sends it.
fn refusal((status, code, message): Refused) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <AWSAccessKeyId>{KEY_ID}</AWSAccessKeyId><RequestId>1</RequestId></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}
