//! Requests as no browser sends them, byte for byte.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long an answer may take: longer than the server waits for a notification's bytes.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug)]
pub(super) struct Request {
    line: String,
    headers: Vec<String>,
    body: Vec<u8>,
    and_then: AndThen,
}

/// What the sender does once all of it is sent.
#[derive(Clone, Copy, Debug)]
enum AndThen {
    /// Reads the answer.
    Listen,
    /// Sends this again and again, until there is an answer.
    Repeat(&'static str),
}

pub(super) fn request(method: &str, target: &str) -> Request {
    Request {
        line: format!("{method} {target} HTTP/1.1"),
        headers: Vec::new(),
        body: Vec::new(),
        and_then: AndThen::Listen,
    }
}

pub(super) fn get(target: &str) -> Request {
    request("GET", target)
}

pub(super) fn post(target: &str) -> Request {
    request("POST", target)
}

impl Request {
    /// A header's line, as it is sent.
    pub(super) fn with(mut self, line: impl Into<String>) -> Self {
        self.headers.push(line.into());
        self
    }

    pub(super) fn with_all(self, lines: &[&str]) -> Self {
        lines.iter().fold(self, |request, line| request.with(*line))
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(super) fn form(self, body: &str) -> Self {
        self.with("content-type: application/x-www-form-urlencoded").body(body)
    }

    pub(super) fn json(self, body: &str) -> Self {
        self.with("content-type: application/json").body(body)
    }

    /// Chunks without an end.
    pub(super) fn endless(mut self, chunk: &'static str) -> Self {
        self.and_then = AndThen::Repeat(chunk);
        self.with("transfer-encoding: chunked")
    }

    fn says(&self, name: &str) -> bool {
        self.headers.iter().any(|line| {
            line.split_once(':').is_some_and(|(header, _)| header.trim_end().eq_ignore_ascii_case(name))
        })
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.line);
        if !self.says("host") {
            head.push_str(&format!("host: {host}\r\n"));
        }
        if !self.says("connection") {
            head.push_str("connection: close\r\n");
        }
        let has_length = self.says("content-length") || self.says("transfer-encoding");
        if !has_length && (!self.body.is_empty() || self.line.starts_with("POST")) {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        for line in &self.headers {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    /// Sends it; an answer that breaks off, or never comes, has the status 0.
    pub(super) async fn send(&self, url: &str) -> Answer {
        let host = url.trim_start_matches("http://");
        let (mut from, mut to) = TcpStream::connect(host).await.unwrap().into_split();
        let bytes = self.bytes(host);
        let and_then = self.and_then;
        let sending = tokio::spawn(async move {
            // a server that refuses early closes while we write
            let mut sent = to.write_all(&bytes).await;
            if let AndThen::Repeat(piece) = and_then {
                while sent.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    sent = to.write_all(piece.as_bytes()).await;
                }
            }
            // kept open until the answer is there
            to
        });
        let mut read = Vec::new();
        let done = tokio::time::timeout(PATIENCE, async {
            let mut piece = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut piece).await {
                read.extend_from_slice(&piece[..length]);
            }
        });
        let in_time = done.await.is_ok();
        sending.abort();
        let answer = Answer::read(&read);
        if in_time { answer } else { Answer { status: 0, ..answer } }
    }
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut rest = &*text;
        // 100 Continue is no answer yet
        while rest.starts_with("HTTP/1.1 1") {
            rest = rest.split_once("\r\n\r\n").map_or("", |(_, rest)| rest);
        }
        let (head, body) = rest.split_once("\r\n\r\n").unwrap_or((rest, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (header, value) = line.split_once(": ")?;
            header.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}
