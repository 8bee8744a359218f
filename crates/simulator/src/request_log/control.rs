//! `GET /_simulator/requests`: the request log as JSON, or as a stream of server-sent events.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::Entry;
use crate::{
    app_state::{AppState, SharedState},
    query::Query,
};

/// `GET /_simulator/requests?after=N&verdict=…&follow=1`.
pub(crate) async fn list(State(app): State<SharedState>, RawQuery(query): RawQuery) -> Response {
    let query = Query::parse(query.as_deref());
    let after = query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let verdict = query.get("verdict").map(str::to_owned);
    if query.get("follow").is_none() {
        return Json(listed(&app, after, verdict.as_deref())).into_response();
    }
    // subscribe first, so that no entry is lost between the two
    let receiver = app.requests.follow();
    let known = app.requests.after(after);
    let newest = known.last().map_or(after, |entry| entry.number);
    let added =
        stream::unfold(receiver, next).filter(move |entry| futures::future::ready(entry.number > newest));
    let all = stream::iter(known).chain(added);
    let wanted = all.filter(move |entry| futures::future::ready(is(entry, verdict.as_deref())));
    Sse::new(events(wanted)).keep_alive(KeepAlive::default()).into_response()
}

/// The entries with a higher number than `after` and this verdict.
fn listed(app: &AppState, after: u64, verdict: Option<&str>) -> Value {
    let entries = app.requests.after(after);
    let last = entries.last().map_or(after, |entry| entry.number);
    let requests: Vec<&Entry> =
        entries.iter().map(AsRef::as_ref).filter(|entry| is(entry, verdict)).collect();
    json!({ "requests": requests, "last": last })
}

fn is(entry: &Entry, verdict: Option<&str>) -> bool {
    verdict.is_none_or(|verdict| entry.verdict.as_str() == verdict)
}

/// Waits for the next entry. A reader that is too slow misses some.
async fn next(mut receiver: Receiver<Arc<Entry>>) -> Option<(Arc<Entry>, Receiver<Arc<Entry>>)> {
    loop {
        match receiver.recv().await {
            Ok(entry) => return Some((entry, receiver)),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

fn events(entries: impl Stream<Item = Arc<Entry>>) -> impl Stream<Item = Result<Event, Infallible>> {
    entries.filter_map(|entry| {
        let event = Event::default().id(entry.number.to_string()).json_data(&*entry);
        futures::future::ready(event.ok().map(Ok))
    })
}
