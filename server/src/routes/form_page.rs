//! Shows the page of a form again after the shop refused it, with everything that was typed.

use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc};

use app::Draft;
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

/// How many pages the thread renders at once: one waits for the database while the other runs.
const MAX_CONCURRENT: usize = 2;

/// The niceness of the thread: beside a busy thread Linux gives it about a tenth of the time. It counts for this thread only.
const NICE: i32 = 10;

/// Renders pages of the application for forms that were refused. Cheap to clone.
///
/// A rush refuses thousands of forms within seconds. One thread with a low priority renders their pages, so that all other
/// requests go first.
#[derive(Clone)]
pub(crate) struct Renderer {
    render: Render,
    // without a limit: each sender is a request, and the connections are limited
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
                    // the shopper may have left
                    drop(reply.send(rendering.await));
                    // a thread that has just woken waits for the end of this one's time slice, however low its priority is
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
            // the thread did not start, or it has panicked
            Err(mpsc::error::SendError((request, _))) => (self.render)(request).await,
        }
    }
}

/// The page of the form that a request sent.
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
    /// The page at `path` with what was typed, and what is wrong.
    pub(super) async fn show(
        &self,
        path: &str,
        fields: Fields,
        error: &ShopError,
        problems: Vec<(&'static str, LocalizedText)>,
    ) -> Response {
        response::log(error);
        let status = response::status(error);
        let draft = Draft { fields: fields.into_inner(), problems, summary: Some(error.sentence()) };
        // only a route without the extension has no renderer: its client is a program
        let (Some(renderer), Ok(uri)) = (&self.renderer, path.parse()) else { return status.into_response() };
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        let mut extensions = Extensions::new();
        extensions.insert(self.context.clone());
        extensions.insert(draft);
        *request.extensions_mut() = extensions;
        let mut response = renderer.page(request).await;
        // the page may lead elsewhere, for example if the order was paid meanwhile
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}
