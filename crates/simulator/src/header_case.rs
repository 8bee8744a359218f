//! Writes header names as WeChat does. Names are case-insensitive, but some clients store them in a case-sensitive map.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use axum::body::Body;
use hyper::{Request, Response, http::Extensions, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;

/// The only name that is not written as `Title-Case`.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: wechat\r\nRequest-ID: 0\r\nConnection: close\r\n\r\n";

/// Makes hyper write `Request-ID`. hyper writes a name as it was in a parsed message; there is no other way to set the
/// spelling.
pub(crate) async fn documented() -> Extensions {
    let (mut client, server) = tokio::io::duplex(1024);
    let seen = Mutex::new(Extensions::new());
    let service = service_fn(async |request: Request<_>| {
        let (parts, _body) = request.into_parts();
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = parts.extensions;
        Ok::<_, Infallible>(Response::new(Body::empty()))
    });
    let serve =
        http1::Builder::new().preserve_header_case(true).serve_connection(TokioIo::new(server), service);
    let _ = tokio::join!(serve, client.write_all(REQUEST));
    seen.into_inner().unwrap_or_else(PoisonError::into_inner)
}
