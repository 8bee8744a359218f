//! Shows the page of a form again after the shop refused the form, with all typed values.

use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc};

use app::{Draft, messages};
use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{Extensions, HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use futures::{StreamExt, stream};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

use super::fields::Fields;
use crate::{request_context::RequestContext, response, state::AppState};
use model::LocalizedText;
use shop::ShopError;

type Rendering = Pin<Box<dyn Future<Output = Response> + Send>>;

type Render = Arc<dyn Fn(Request) -> Rendering + Send + Sync>;

/// How many pages the thread renders at once: one page waits for the database while the other one is rendered.
const MAX_CONCURRENT: usize = 2;

/// The niceness of the thread. Linux gives the thread about a tenth of the time of a busy one. It does not apply to
/// other threads.
const NICE: i32 = 10;

/// Renders the pages of refused forms. Cheap to clone.
///
/// A rush refuses thousands of forms within seconds. One thread with a low priority renders their pages, so that all other
/// requests go first.
#[derive(Clone)]
pub(crate) struct Renderer {
    render: Render,
    // needs no limit: each entry is a request, and connections are limited
    queue: mpsc::UnboundedSender<(Request, oneshot::Sender<Response>)>,
}

impl Renderer {
    pub(crate) fn new(render: impl Fn(Request) -> Rendering + Send + Sync + 'static) -> Self {
        let render: Render = Arc::new(render);
        let (queue, mut requests) = mpsc::unbounded_channel::<(Request, oneshot::Sender<Response>)>();
        let (render_in_thread, runtime) = (Arc::clone(&render), Handle::current());
        let started = std::thread::Builder::new().name("refused-forms".to_owned()).spawn(move || {
            if let Err(error) = rustix::process::nice(NICE) {
                tracing::warn!(%error, "the pages of refused forms are rendered with the priority of all pages");
            }
            let requests = stream::poll_fn(move |context| requests.poll_recv(context));
            runtime.block_on(requests.for_each_concurrent(MAX_CONCURRENT, |(request, reply)| {
                let rendering = render_in_thread(request);
                async {
                    // an error means that the shopper has left
                    drop(reply.send(rendering.await));
                    // without this, a woken thread waits for the end of the time slice of this thread, in spite of its
                    // low priority
                    std::thread::yield_now();
                }
            }));
        });
        if let Err(error) = started {
            tracing::warn!(%error, "the thread for the pages of refused forms did not start");
        }
        Self { render, queue }
    }

    async fn page(&self, request: Request) -> Response {
        let (reply, page) = oneshot::channel();
        match self.queue.send((request, reply)) {
            Ok(()) => page.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response()),
            // the thread did not start or has panicked: render on this thread
            Err(mpsc::error::SendError((request, _))) => (self.render)(request).await,
        }
    }
}

/// Extracts from a request what is needed to show the page of its form again.
pub(super) struct FormPage {
    renderer: Option<Renderer>,
    context: RequestContext,
    headers: HeaderMap,
}

impl FromRequestParts<AppState> for FormPage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self {
            renderer: parts.extensions.get::<Renderer>().cloned(),
            context: RequestContext::of(parts, state),
            headers: parts.headers.clone(),
        })
    }
}

impl FormPage {
    /// The page at `path` with the typed values, the error and the sentences beside wrong fields.
    pub(super) async fn show(
        &self,
        path: &str,
        fields: Fields,
        error: &ShopError,
        problems: Vec<(&'static str, LocalizedText)>,
    ) -> Response {
        response::log(error);
        let status = response::status(error);
        let sentence = error.sentence();
        // the field says it already
        let is_beside_field = problems.iter().any(|(_, problem)| *problem == sentence);
        let summary = if is_beside_field { messages::SEE_MARKED_FIELDS } else { sentence };
        let draft = Draft { fields: fields.into_inner(), problems, summary: Some(summary) };
        // a route for programs has no renderer
        let (Some(renderer), Ok(uri)) = (&self.renderer, path.parse()) else { return status.into_response() };
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        let mut extensions = Extensions::new();
        extensions.insert(self.context.clone());
        extensions.insert(draft);
        *request.extensions_mut() = extensions;
        let mut response = renderer.page(request).await;
        // the page may redirect, for example if the order was paid in the meantime
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}
