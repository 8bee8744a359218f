//! Taking connections: how many, and how long one may take to say what it wants.

use std::{
    future::{Future, pending},
    io,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::ServiceExt;

/// What connections may take of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How long one may take to send a request's headers, and be idle before the next.
    pub headers_within: Duration,
    /// How many may be open; more wait until one of them ends.
    pub most: u32,
}

impl Default for ConnectionLimits {
    /// 30 s, and 4,096: a proxy keeps some dozens.
    fn default() -> Self {
        Self { headers_within: Duration::from_secs(30), most: 4096 }
    }
}

/// Bytes of a request's headers at most: a browser's, cookies included, have a few thousand.
const LONGEST_HEADERS: usize = 128 * 1024;

/// How long to wait where the system gives no more connections: some have ended until then.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stop` says so, then until the requests under way have ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    mut stop: watch::Receiver<bool>,
) {
    let mut http = http1::Builder::new();
    // without a timer, who sends a header each minute is never cut off
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.headers_within)
        .max_header_size(LONGEST_HEADERS)
        .max_buf_size(LONGEST_HEADERS);
    let places = Arc::new(Semaphore::new(limits.most as usize));
    let mut is_full = false;
    loop {
        let next = next(&listener, &places, limits.most, &mut is_full);
        let (stream, peer, place) = tokio::select! {
            next = next => next,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let connection = Connection { router: router.clone(), peer, _place: place };
        tokio::spawn(connection.serve(http.clone(), stream, stop.clone()));
    }
    drop(listener);
    // each connection gives its place back when it ends
    let _ = places.acquire_many(limits.most).await;
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    most: u32,
    is_full: &mut bool,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let full = places.available_permits() == 0;
    if full && !*is_full {
        tracing::warn!(most, "every connection is taken: new ones wait until one of them ends");
    }
    *is_full = full;
    let place = match places.clone().acquire_owned().await {
        Ok(place) => place,
        // nobody closes it
        Err(_) => return pending().await,
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // without this a page waits some 40 ms for the other side's delayed acknowledgement
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY is not set");
                }
                return (stream, peer, place);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken: may the process open enough files (LimitNOFILE)?");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Whether only that one connection has failed, which is its maker's business.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(self, http: http1::Builder, stream: TcpStream, mut stop: watch::Receiver<bool>) {
        let answer = |request: hyper::Request<Incoming>| self.answer(request.map(Body::new));
        let connection = http.serve_connection(TokioIo::new(stream), service_fn(answer));
        let mut connection = pin!(connection);
        let stopping = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let ended = tokio::select! {
            served = connection.as_mut() => Some(served),
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
    ) -> impl Future<Output = Result<axum::response::Response, std::convert::Infallible>> + use<> {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request)
    }
}
