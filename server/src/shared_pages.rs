//! The cache of the shared pages: the list and the product pages, which are the same for all visitors of one language.
//! The server renders a page once for each version of the catalogue and of the product's stock, and caches it
//! compressed, with all headers.
//!
//! It renders them for an anonymous request that has only a language, so that they cannot contain personal data.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use app::SharedPage;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use headers::{ETag, HeaderMapExt, IfNoneMatch};
use model::{Language, ProductId, record::StockRecord};
use sha2::{Digest, Sha256};
use shop::{Catalogue, Products};
use tokio::sync::Mutex as Turn;

use crate::{
    compression::{Encoding, Level},
    request_context::language,
    session::LANGUAGE,
};

/// The value of `Vary`: the encoding, and the headers that `request_context::language` reads.
const VARY: &str = "accept-encoding, cookie, user-agent";

/// The largest page, in bytes.
const MAX_PAGE_BYTES: usize = 4 * 1024 * 1024;

/// How long a page may show the old stock after a change by another server. A change by this server shows at once.
const STOCK_AGE: Duration = Duration::from_millis(500);

/// The shared pages of this server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SharedPages(Arc<Inner>);

struct Inner {
    products: Products,
    kept: RwLock<HashMap<Key, Arc<Page>>>,
    /// The lock of the request that renders. The other requests wait for its result.
    rendering: Turn<()>,
}

/// The key of the cache: a page in one language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// The product. `None` is the list of all products.
    product: Option<ProductId>,
    language: Language,
}

/// A rendered page, and the versions from which it was rendered.
struct Page {
    /// The version of the catalogue.
    catalogue: Arc<Catalogue>,
    /// The stock of the product.
    stock: Vec<StockRecord>,
    /// When this stock was last read.
    stock_check: Mutex<StockCheck>,
    copies: Copies,
}

/// One page in each encoding.
struct Copies {
    plain: CompressedCopy,
    gzip: CompressedCopy,
    brotli: CompressedCopy,
}

/// When the stock was read.
#[derive(Clone, Copy)]
struct StockCheck {
    at: Instant,
    /// The version of the stock before the read: see `Products::stock_version`.
    version: u64,
}

/// A copy in one encoding.
struct CompressedCopy {
    headers: HeaderMap,
    /// The headers of a 304.
    unchanged: HeaderMap,
    etag: ETag,
    body: Bytes,
}

/// Answers a request for a shared page from the cache. Other requests pass.
pub(crate) async fn shared_pages(State(pages): State<SharedPages>, request: Request, next: Next) -> Response {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let Some(key) = Key::of(&request).filter(|key| is_read && pages.exists(key)) else {
        return next.run(request).await;
    };
    let page = match pages.kept(&key).await {
        Some(page) => page,
        None => match pages.render(&key, next).await {
            Ok(page) => page,
            Err(other) => return other,
        },
    };
    page.copies.smallest(request.headers()).answer(request.headers())
}

impl Key {
    /// The shared page that a request asks for.
    fn of(request: &Request) -> Option<Self> {
        let product = match request.uri().path() {
            "/" => None,
            path => Some(path.strip_prefix("/products/")?.parse().ok()?),
        };
        // only these parameters change the page; WeChat adds other ones to a shared link
        let chooses = |pair: &str| pair.starts_with("sku=") || pair.starts_with("quantity=");
        if product.is_some() && request.uri().query().is_some_and(|query| query.split('&').any(chooses)) {
            return None;
        }
        Some(Self { product, language: language(request.headers()) })
    }

    /// The levels of the encoders. Each sale changes the page of a product, so it has a lower level: the highest level
    /// of brotli takes twice as long as level 10. Level 9 takes as long as level 10, and its pages are 8 % larger.
    const fn level(&self) -> Level {
        if self.product.is_some() { Level { brotli: 10, gzip: 9 } } else { Level { brotli: 11, gzip: 12 } }
    }

    fn path(&self) -> String {
        self.product.as_ref().map_or_else(|| "/".to_owned(), |product| format!("/products/{product}"))
    }
}

impl SharedPages {
    pub(crate) fn new(products: Products) -> Self {
        Self(Arc::new(Inner { products, kept: RwLock::default(), rendering: Turn::default() }))
    }

    fn exists(&self, key: &Key) -> bool {
        key.product
            .as_ref()
            .is_none_or(|product| self.0.products.catalogue().product(product.as_str()).is_some())
    }

    /// The cached page, if it is still right.
    async fn kept(&self, key: &Key) -> Option<Arc<Page>> {
        let page = self.0.kept.read().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone)?;
        if !Arc::ptr_eq(&page.catalogue, &self.0.products.catalogue()) {
            return None;
        }
        let (Some(product), Some(stock_check)) = (&key.product, self.must_check_stock(&page)) else {
            return Some(page);
        };
        // one request reads the stock; meanwhile the others use the page of half a second ago
        let stock = self.0.products.stock_of(product).await.ok();
        let is_right = stock.is_some_and(|stock| stock == page.stock);
        if !is_right {
            page.set_stock_check(stock_check);
        }
        is_right.then_some(page)
    }

    /// Returns the last check if the caller must read the stock of the page now. `None` if the page is current.
    fn must_check_stock(&self, page: &Page) -> Option<StockCheck> {
        let version = self.0.products.stock_version();
        let mut stock_check = page.stock_check.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *stock_check;
        if before.version == version && before.at.elapsed() < STOCK_AGE {
            return None;
        }
        *stock_check = StockCheck { at: Instant::now(), version };
        Some(before)
    }

    /// Renders the page and caches it. The error is a response that cannot be cached, such as an error page.
    async fn render(&self, key: &Key, next: Next) -> Result<Arc<Page>, Response> {
        let _turn = self.0.rendering.lock().await;
        if let Some(page) = self.kept(key).await {
            return Ok(page);
        }
        let path = key.path();
        // read the versions before rendering: after a change in between, the next request renders again
        let catalogue = self.0.products.catalogue();
        let stock_check = StockCheck { at: Instant::now(), version: self.0.products.stock_version() };
        let stock = match &key.product {
            Some(product) => self.0.products.stock_of(product).await,
            None => Ok(Vec::new()),
        };
        let response = next.run(anonymous_request(&path, key.language)).await;
        // if the database fails, return the page, which says so
        let Ok(stock) = stock else { return Err(response) };
        if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let html = to_bytes(body, MAX_PAGE_BYTES).await.map_err(|error| failed(&path, &error))?;
        let level = key.level();
        let compressing = tokio::task::spawn_blocking(move || Copies::compress(&parts.headers, &html, level));
        let copies = compressing.await.map_err(|error| failed(&path, &error))?;
        let copies = copies.map_err(|error| failed(&path, &error))?;
        let page = Arc::new(Page { catalogue, stock, stock_check: Mutex::new(stock_check), copies });
        let mut kept = self.0.kept.write().unwrap_or_else(PoisonError::into_inner);
        // drop the pages of an older catalogue
        kept.retain(|_, other| Arc::ptr_eq(&other.catalogue, &page.catalogue));
        kept.insert(key.clone(), Arc::clone(&page));
        Ok(page)
    }
}

fn failed(path: &str, error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, path, "a shared page could not be rendered");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn anonymous_request(path: &str, language: Language) -> Request {
    let mut request = Request::new(Body::empty());
    request.extensions_mut().insert(SharedPage);
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    if let Ok(cookie) = HeaderValue::try_from(format!("{LANGUAGE}={}", language.tag())) {
        request.headers_mut().append(header::COOKIE, cookie);
    }
    request
}

impl Page {
    fn set_stock_check(&self, stock_check: StockCheck) {
        *self.stock_check.lock().unwrap_or_else(PoisonError::into_inner) = stock_check;
    }
}

impl Copies {
    fn compress(headers: &HeaderMap, html: &[u8], level: Level) -> io::Result<Self> {
        let hash = hex::encode(&Sha256::digest(html)[..12]);
        let copy = |encoding: Encoding| {
            Ok::<_, io::Error>(CompressedCopy::new(
                headers,
                &hash,
                encoding,
                encoding.compress(html, level)?.into(),
            ))
        };
        Ok(Self {
            gzip: copy(Encoding::Gzip)?,
            brotli: copy(Encoding::Brotli)?,
            plain: copy(Encoding::Plain)?,
        })
    }

    /// The smallest copy that the browser can read.
    fn smallest(&self, asked: &HeaderMap) -> &CompressedCopy {
        match Encoding::smallest(asked) {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
            Encoding::Plain => &self.plain,
        }
    }
}

impl CompressedCopy {
    #[expect(clippy::disallowed_methods, reason = "the new value replaces the old one")]
    fn new(headers: &HeaderMap, hash: &str, encoding: Encoding, body: Bytes) -> Self {
        let etag = format!("\"{hash}-{}\"", encoding.name().unwrap_or("plain"));
        let etag: ETag = etag.parse().expect("letters, digits and a hyphen in quotes are a tag");
        let mut headers = headers.clone();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::VARY, HeaderValue::from_static(VARY));
        headers.typed_insert(etag.clone());
        let mut unchanged = headers.clone();
        unchanged.remove(header::CONTENT_TYPE);
        if let Some(name) = encoding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        Self { headers, unchanged, etag, body }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.typed_get::<IfNoneMatch>();
        let is_known = known.is_some_and(|known| !known.precondition_passes(&self.etag));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_copy_has_a_tag_of_its_own() {
        let level = Level { brotli: 6, gzip: 12 };
        let page = Copies::compress(&HeaderMap::new(), "小店".repeat(300).as_bytes(), level).unwrap();
        let tags = [&page.plain.etag, &page.gzip.etag, &page.brotli.etag];
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
        assert!(page.brotli.body.len() < page.plain.body.len());
    }
}
