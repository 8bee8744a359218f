//! Accepts connections. Limits their number in all and for each address, and the time to send a request and to read a
//! response.

mod limits;
mod register;
mod stream;

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use shop::client_address::limit_key;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::ServiceExt;

pub use self::limits::ConnectionLimits;
use self::{
    register::{Activity, Register},
    stream::Watched,
};
use crate::{config::TrustedProxies, routes};

/// The pause after the system has refused a connection. Meanwhile other connections end.
const PAUSE: Duration = Duration::from_secs(1);

/// How often the server looks for an idle connection when all are used.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The time limit for the headers of a request over a reserved connection.
const RESERVED_WITHIN: Duration = Duration::from_secs(5);

/// The send buffer of a connection, in bytes. Without this limit the system buffers megabytes for a client that does
/// not read.
const SEND_BUFFER: usize = 256 * 1024;

/// Serves until `stop`, then until the open requests have ended. The limit for each address does not apply to
/// `proxies`, because their connections carry the requests of many clients.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    mut stop: watch::Receiver<bool>,
) {
    if let Err(error) = socket2::SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER) {
        tracing::debug!(%error, "the size of send buffers is not bounded");
    }
    let register = Register::new(limits);
    let all = limits.most.saturating_add(limits.reserved);
    let permits = Arc::new(Semaphore::new(all as usize));
    loop {
        let next = next(&listener, &permits, &register);
        let (stream, peer, permit) = tokio::select! {
            next = next => next,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let counted = (!proxies.trusts(peer.ip())).then(|| limit_key(peer.ip()));
        let Some(entry) = register.enter(counted) else {
            tracing::debug!(%peer, "a connection is closed: its address has too many");
            continue;
        };
        let activity = Arc::clone(&entry.activity);
        let stream = Watched::new(stream, entry, limits.read_within);
        let connection = Connection { router: router.clone(), peer, activity, _permit: permit };
        let http = http(&limits, connection.activity.is_reserved);
        tokio::spawn(connection.serve(http, stream, stop.clone()));
    }
    drop(listener);
    // each connection releases its permit when it ends
    let _ = permits.acquire_many(all).await;
}

fn http(limits: &ConnectionLimits, is_reserved: bool) -> http1::Builder {
    let within = if is_reserved { limits.headers_within.min(RESERVED_WITHIN) } else { limits.headers_within };
    let mut http = http1::Builder::new();
    // without a timer, the server would never close a client that sends one header a minute
    http.timer(TokioTimer::new())
        .header_read_timeout(within)
        .max_header_size(limits.buffer)
        .max_buf_size(limits.buffer);
    http
}

/// Waits for a permit, then for the next connection.
async fn next(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    register: &Register,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let permit = loop {
        match tokio::time::timeout(LOOK_EVERY, Arc::clone(permits).acquire_owned()).await {
            Ok(Ok(permit)) => break permit,
            // cannot happen: nothing closes the semaphore
            Ok(Err(_)) => std::future::pending::<()>().await,
            Err(_) => register.make_room(),
        }
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // without this a page waits about 40 ms for the client's delayed acknowledgement
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY is not set");
                }
                return (stream, peer, permit);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections: raise the limit of open files (LimitNOFILE)");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Whether only this connection failed. Then the server continues without a pause.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    activity: Arc<Activity>,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(self, http: http1::Builder, stream: Watched, mut stop: watch::Receiver<bool>) {
        let answer = |request: hyper::Request<Incoming>| self.answer(request.map(Body::new));
        let connection = http.serve_connection(TokioIo::new(stream), service_fn(answer));
        let mut connection = pin!(connection);
        let stopping = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let ended = tokio::select! {
            served = connection.as_mut() => Some(served),
            () = self.activity.ended() => {
                tracing::debug!(peer = %self.peer, "a connection is closed to make room for others");
                return;
            }
            () = stopping => None,
        };
        let served = match ended {
            Some(served) => served,
            None => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = served {
            tracing::debug!(%error, peer = %self.peer, "a connection broke off");
        }
    }

    fn answer(
        &self,
        mut request: Request,
    ) -> impl Future<Output = Result<Response, std::convert::Infallible>> + use<> {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let is_reserved = self.activity.is_reserved;
        let is_full = is_reserved && !routes::is_reserved_for(request.uri().path());
        let (router, in_request) = (self.router.clone(), self.activity.request());
        async move {
            let _in_request = in_request;
            let mut response = if is_full { full() } else { router.oneshot(request).await? };
            if is_reserved {
                // free the permit for the next client
                response.headers_mut().append(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    }
}

/// The response to a client if no connection is free.
fn full() -> Response {
    let text = "系统繁忙，请稍后再试\nWe are busy. Please try again in a moment.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "2")], text).into_response()
}
