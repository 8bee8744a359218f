//! A client of the control paths.

use futures::StreamExt;
use serde_json::Value;
use url::Url;

use super::arguments::Target;

pub(super) struct Client {
    http: reqwest::Client,
    url: Url,
    pub(super) json: bool,
}

/// Why a verb failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("no simulator runs at {0}; start one, or name its address with --simulator")]
    NotRunning(Url),
    /// The simulator refused the request, with this reason.
    #[error("{0}")]
    Refused(String),
    #[error("cannot use HTTP: {0}")]
    Client(#[from] reqwest::Error),
    #[error("the program at {0} is not a simulator of this version")]
    Answer(Url),
}

impl Client {
    pub(super) fn new(target: &Target) -> Result<Self, Failure> {
        // the system may have no certificates, and the simulator has its own
        let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build()?;
        Ok(Self { http, url: target.url.clone(), json: target.json })
    }

    fn control(&self, path: &str) -> Result<Url, Failure> {
        self.url.join(&format!("/_simulator/{path}")).map_err(|_| Failure::NotRunning(self.url.clone()))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.answer(self.http.get(self.control(path)?)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.answer(self.http.post(self.control(path)?).json(body)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
        request.send().await.map_err(|_| Failure::NotRunning(self.url.clone()))
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Value, Failure> {
        let response = self.send(request).await?;
        let status = response.status();
        let answer: Value = response.json().await.map_err(|_| Failure::Answer(self.url.clone()))?;
        match answer["error"].as_str() {
            Some(error) if !status.is_success() => Err(Failure::Refused(error.to_owned())),
            _ if status.is_success() => Ok(answer),
            _ => Err(Failure::Answer(self.url.clone())),
        }
    }

    /// Calls `each` with every event of the stream until the simulator stops.
    pub(super) async fn follow(&self, path: &str, mut each: impl FnMut(&Value)) -> Result<(), Failure> {
        let response = self.send(self.http.get(self.control(path)?)).await?;
        if !response.status().is_success() {
            return Err(Failure::Answer(self.url.clone()));
        }
        let mut chunks = response.bytes_stream();
        let mut buffer = Vec::new();
        while let Some(Ok(chunk)) = chunks.next().await {
            buffer.extend_from_slice(&chunk);
            while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = buffer.drain(..=end).collect();
                let event = line.strip_prefix(b"data:").and_then(|data| serde_json::from_slice(data).ok());
                if let Some(event) = event {
                    each(&event);
                }
            }
        }
        Ok(())
    }
}
