use reqwest::{RequestBuilder, header::HeaderMap};

use crate::Error;

/// A response with its whole body.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl HttpResponse {
    /// The value of a header, if the header exists and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[derive(Clone, Copy)]
pub(super) struct Expect {
    /// A response with another status is an error, and its body is not read.
    pub(super) status: Option<u16>,
    pub(super) max_length: usize,
}

pub(super) async fn read(
    endpoint: &'static str,
    request: RequestBuilder,
    expect: Expect,
) -> Result<HttpResponse, Error> {
    let transport = |error| Error::transport(endpoint, error);
    let mut response = request.send().await.map_err(transport)?;
    let status = response.status().as_u16();
    if expect.status.is_some_and(|expected| expected != status) {
        return Err(Error::status(endpoint, status));
    }
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if body.len() + chunk.len() > expect.max_length {
            let max_length = expect.max_length >> 20;
            return Err(Error::malformed(endpoint, format_args!("the body is longer than {max_length} MiB")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse { status, headers, body })
}
