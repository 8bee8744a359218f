//! A fake shop: it records the requests and gives the responses of the test.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use tokio::net::TcpListener;
use url::Url;

/// The documented acknowledgement.
pub(crate) const ACKNOWLEDGE: &str =
    "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";

/// A recorded request.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) type Answer = Arc<dyn Fn(&str) -> Response + Send + Sync>;

#[derive(Clone)]
pub(crate) struct FakeShop {
    pub(crate) url: Url,
    received: Arc<Mutex<Vec<Received>>>,
    answer: Arc<Mutex<Answer>>,
}

impl FakeShop {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let answer: Answer = Arc::new(|_| Response::new(Body::from(ACKNOWLEDGE)));
        let shop = Self { url, received: Arc::default(), answer: Arc::new(Mutex::new(answer)) };
        let router = Router::new().fallback(serve).with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        shop
    }

    /// The URL of a server that answers with the `echostr` of the request.
    pub(crate) async fn start_echoing() -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/push", listener.local_addr().unwrap())).unwrap();
        let echo = async |request: Request| {
            let query = request.uri().query().unwrap_or_default().to_owned();
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == "echostr")
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await });
        url
    }

    /// Sets the responses from now on. `answer` gets the path of the request.
    #[track_caller]
    pub(crate) fn respond_with(&self, answer: impl Fn(&str) -> Response + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(answer);
    }

    #[track_caller]
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    #[track_caller]
    pub(crate) fn notify_url(&self) -> String {
        self.url.join("/notify").unwrap().to_string()
    }
}

async fn serve(State(shop): State<FakeShop>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let received =
        Received { query, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() };
    shop.received.lock().unwrap().push(received);
    let answer = Arc::clone(&*shop.answer.lock().unwrap());
    answer(head.uri.path())
}
