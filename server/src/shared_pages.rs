//! Pages that are the same for every visitor of one language. The server renders each once for each version of the catalogue, and
//! keeps it compressed with all headers.
//!
//! They are rendered from an anonymous request that has only a language, so that they cannot contain personal data.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::Language;
use sha2::{Digest, Sha256};
use shop::{Catalogue, Products};
use tokio::sync::Mutex;

use crate::{request_context::language, session::LANGUAGE};

/// The paths of the shared pages. Product pages are not shared: they show the stock, which each order changes.
const SHARED: [&str; 1] = ["/"];

/// The `Vary` header: the encoding, and the headers that `request_context::language` reads.
const VARY: &str = "accept-encoding, cookie, user-agent";

/// The largest page, bytes.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// The shared pages of this server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SharedPages(Arc<Inner>);

struct Inner {
    products: Products,
    kept: RwLock<HashMap<(&'static str, Language), Arc<Page>>>,
    /// The lock of the one request that renders; the others wait for the result.
    rendering: Mutex<()>,
}

/// A page as it was rendered.
struct Page {
    /// The version of the catalogue.
    catalogue: Arc<Catalogue>,
    plain: Packed,
    gzip: Packed,
    brotli: Packed,
}

/// A copy in one encoding.
struct Packed {
    headers: HeaderMap,
    /// The headers of a 304.
    unchanged: HeaderMap,
    etag: String,
    body: Bytes,
}

/// Answers a shared page from the cache. Other requests continue.
pub(crate) async fn shared_pages(State(pages): State<SharedPages>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let shared = SHARED.into_iter().find(|shared| *shared == path);
    let Some(path) = shared.filter(|_| [Method::GET, Method::HEAD].contains(request.method())) else {
        return next.run(request).await;
    };
    let language = language(request.headers());
    let page = match pages.kept(path, language) {
        Some(page) => page,
        None => match pages.render(path, language, next).await {
            Ok(page) => page,
            Err(other) => return other,
        },
    };
    page.copy(request.headers()).answer(request.headers())
}

impl SharedPages {
    pub(crate) fn new(products: Products) -> Self {
        Self(Arc::new(Inner { products, kept: RwLock::default(), rendering: Mutex::default() }))
    }

    fn kept(&self, path: &'static str, language: Language) -> Option<Arc<Page>> {
        let kept = self.0.kept.read().unwrap_or_else(PoisonError::into_inner);
        let page = kept.get(&(path, language))?;
        Arc::ptr_eq(&page.catalogue, &self.0.products.catalogue()).then(|| Arc::clone(page))
    }

    /// Renders the page and caches it. An answer that is not a page is returned unchanged.
    async fn render(
        &self,
        path: &'static str,
        language: Language,
        next: Next,
    ) -> Result<Arc<Page>, Response> {
        let _turn = self.0.rendering.lock().await;
        if let Some(page) = self.kept(path, language) {
            return Ok(page);
        }
        // read before rendering: after a change in between, the next request renders again
        let catalogue = self.0.products.catalogue();
        let response = next.run(anonymous_request(path, language)).await;
        if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let html = to_bytes(body, LARGEST_PAGE).await.map_err(|error| failed(path, &error))?;
        let packing = tokio::task::spawn_blocking(move || Page::pack(catalogue, &parts.headers, html));
        let packed = packing.await.map_err(|error| failed(path, &error))?;
        let page = Arc::new(packed.map_err(|error| failed(path, &error))?);
        let mut kept = self.0.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert((path, language), Arc::clone(&page));
        Ok(page)
    }
}

fn failed(path: &str, error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, path, "a shared page could not be rendered");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn anonymous_request(path: &'static str, language: Language) -> Request {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static(path);
    if let Ok(cookie) = HeaderValue::try_from(format!("{LANGUAGE}={}", language.tag())) {
        request.headers_mut().append(header::COOKIE, cookie);
    }
    request
}

impl Page {
    fn pack(catalogue: Arc<Catalogue>, headers: &HeaderMap, html: Bytes) -> io::Result<Self> {
        let hash = hex::encode(&Sha256::digest(&html)[..12]);
        Ok(Self {
            catalogue,
            gzip: Packed::new(headers, &hash, Some("gzip"), gzip(&html)?.into()),
            brotli: Packed::new(headers, &hash, Some("br"), brotli(&html)?.into()),
            plain: Packed::new(headers, &hash, None, html),
        })
    }

    /// The smallest copy that the browser can read.
    fn copy(&self, asked: &HeaderMap) -> &Packed {
        if accepts(asked, "br") {
            &self.brotli
        } else if accepts(asked, "gzip") {
            &self.gzip
        } else {
            &self.plain
        }
    }
}

fn gzip(html: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(html)?;
    encoder.finish()
}

fn brotli(html: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*html, &mut packed, &parameters)?;
    Ok(packed)
}

impl Packed {
    #[expect(clippy::disallowed_methods, reason = "the new value replaces the old one")]
    fn new(headers: &HeaderMap, hash: &str, encoding: Option<&'static str>, body: Bytes) -> Self {
        let etag = format!("\"{hash}-{}\"", encoding.unwrap_or("plain"));
        let mut headers = headers.clone();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::VARY, HeaderValue::from_static(VARY));
        if let Ok(etag) = HeaderValue::try_from(&etag) {
            headers.insert(header::ETAG, etag);
        }
        let mut unchanged = headers.clone();
        unchanged.remove(header::CONTENT_TYPE);
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Self { headers, unchanged, etag, body }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
        let is_known = known
            .flat_map(|tags| tags.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag);
        let (status, headers, body) = if is_known {
            (StatusCode::NOT_MODIFIED, &self.unchanged, Body::empty())
        } else {
            (StatusCode::OK, &self.headers, Body::from(self.body.clone()))
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers.clone();
        response
    }
}

/// Whether `Accept-Encoding` lists this encoding with a `q` above 0.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let is_refused =
            weight.trim().strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case(encoding) && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_encoding_counts_where_it_is_named_and_wanted() {
        let read = |list: &'static str, encoding| {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(list))];
            accepts(&headers.into_iter().collect(), encoding)
        };
        assert!(read("gzip, deflate, br", "br") && read("GZIP;q=0.5", "gzip") && read("br;q=1", "br"));
        assert!(!read("gzip", "br") && !read("br;q=0, gzip", "br") && !read("br;q=0.000", "br"));
    }

    #[test]
    fn each_copy_unpacks_to_the_page_and_has_a_tag_of_its_own() {
        let html = "小店".repeat(300);
        let catalogue = Arc::new(Catalogue::built_in().unwrap());
        let page = Page::pack(catalogue, &HeaderMap::new(), html.clone().into()).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*page.gzip.body).read_to_string(&mut text).unwrap();
        assert_eq!(text, html);
        let mut bytes = Vec::new();
        brotli::BrotliDecompress(&mut &*page.brotli.body, &mut bytes).unwrap();
        assert_eq!(bytes, html.as_bytes());
        assert!(page.brotli.body.len() < html.len() && page.brotli.etag != page.gzip.etag);
    }
}
