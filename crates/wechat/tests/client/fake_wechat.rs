//! A WeChat of a few lines: answers what the test says, and remembers what it was asked.

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

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RecordedRequest {
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
    asked: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl FakeWechat {
    /// Serves on a port of its own; `answer` is told the number of the request, from 0.
    pub(crate) async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(usize, RecordedRequest) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response> + Send + 'static,
    {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let asked = RecordedRequest {
                    path: parts.uri.path().to_owned(),
                    query: parts.uri.query().unwrap_or_default().to_owned(),
                    headers: parts.headers,
                    method: parts.method.to_string(),
                    body,
                };
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(asked.clone());
                    log.len() - 1
                };
                answer(number, asked).await
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, asked }
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<RecordedRequest> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path == path).count()
    }
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    format!("http://{address}")
}

pub(crate) fn text(body: impl Into<String>) -> Response {
    body.into().into_response()
}

pub(crate) fn status(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

/// Waits long enough for a busy machine.
pub(crate) fn http() -> Http {
    Http::new(&HttpOptions { timeout: Duration::from_secs(30), ..HttpOptions::default() }).unwrap()
}

/// For tests in which time runs out.
pub(crate) fn impatient_http() -> Http {
    Http::new(&HttpOptions { timeout: Duration::from_millis(700), ..HttpOptions::default() }).unwrap()
}

/// A WeChat that takes a request and never answers.
pub(crate) async fn silent() -> FakeWechat {
    FakeWechat::start(|_, _| std::future::pending()).await
}

/// All of WeChat at one address, no backup.
pub(crate) fn endpoints(url: &str) -> Endpoints {
    Endpoints::default().with_api(url).unwrap().with_mch(url).unwrap().with_mch_backup(None).unwrap()
}
