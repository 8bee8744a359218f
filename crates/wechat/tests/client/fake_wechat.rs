//! A fake WeChat server: it sends the responses of the test and records the requests.

use std::{
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;
use wechat::{Endpoints, Http, HttpOptions};

/// A recorded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RecordedRequest {
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Path and query.
    pub(crate) fn url(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

pub(crate) struct FakeWechat {
    pub(crate) url: String,
    recorded: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl FakeWechat {
    /// Starts a server on a free port. `answer` gets the number of the request (from 0) and the request.
    pub(crate) async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(usize, RecordedRequest) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response> + Send + 'static,
    {
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&recorded);
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let recorded = RecordedRequest {
                    path: parts.uri.path().to_owned(),
                    query: parts.uri.query().unwrap_or_default().to_owned(),
                    headers: parts.headers,
                    method: parts.method.to_string(),
                    body,
                };
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(recorded.clone());
                    log.len() - 1
                };
                answer(number, recorded).await
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, recorded }
    }

    /// All requests until now.
    #[track_caller]
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.recorded.lock().unwrap().clone()
    }

    /// The number of requests with this path.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|recorded| recorded.path == path).count()
    }
}

/// The URL of a closed port.
pub(crate) async fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    format!("http://{address}")
}

pub(crate) fn text(body: impl Into<String>) -> Response {
    body.into().into_response()
}

#[track_caller]
pub(crate) fn status(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

/// A connection pool with a time-out that is long enough for a busy machine.
#[track_caller]
pub(crate) fn http() -> Http {
    Http::new(&HttpOptions { timeout: Duration::from_secs(30), ..HttpOptions::default() }).unwrap()
}

/// A connection pool for tests of time-outs.
#[track_caller]
pub(crate) fn http_with_a_short_timeout() -> Http {
    Http::new(&HttpOptions { timeout: Duration::from_millis(700), ..HttpOptions::default() }).unwrap()
}

/// A server that accepts requests and never responds.
pub(crate) async fn silent() -> FakeWechat {
    FakeWechat::start(|_, _| std::future::pending()).await
}

/// All APIs of WeChat at one URL, without a backup host.
#[track_caller]
pub(crate) fn endpoints(url: &str) -> Endpoints {
    Endpoints::default().with_api(url).unwrap().with_mch(url).unwrap().with_mch_backup(None).unwrap()
}
