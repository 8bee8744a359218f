//! Shows the page of a form again after the shop refused it, with everything that was typed.

use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc};

use app::Draft;
use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{Extensions, HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use super::fields::Fields;
use crate::{request_context::RequestContext, response, state::AppState};
use model::LocalizedText;
use shop::ShopError;

type Rendering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Renders a page of the application. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Renderer(Arc<dyn Fn(Request) -> Rendering + Send + Sync>);

impl Renderer {
    pub(crate) fn new(render: impl Fn(Request) -> Rendering + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
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
        let (Some(renderer), Ok(uri)) = (&self.renderer, path.parse()) else { return status.into_response() };
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        let mut extensions = Extensions::new();
        extensions.insert(self.context.clone());
        extensions.insert(draft);
        *request.extensions_mut() = extensions;
        let mut response = (renderer.0)(request).await;
        // the page may lead elsewhere, for example if the order was paid meanwhile
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }
}
