//! Compression of pages. A page is complete before it is sent, so one step compresses it, with buffers of its size.

use std::io;

use axum::http::{HeaderMap, header};
use libdeflater::{CompressionLvl, Compressor};

/// The levels for a page of one visitor. Higher levels cost more time than they save on the network: gzip at level 6
/// needs two to five times as long as at level 1, and makes a page only 6 % smaller.
pub(crate) const FAST: Level = Level { brotli: 4, gzip: 1 };

/// The window of brotli for a page of one visitor, as a power of two: 64 KiB. Brotli allocates the whole window, and a
/// page is smaller than this.
const FAST_WINDOW: i32 = 16;

/// The level of each encoder: a higher one makes smaller pages and takes longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// The level of brotli, 0 to 11.
    pub(crate) brotli: i32,
    /// The level of libdeflate, 1 to 12.
    pub(crate) gzip: i32,
}

/// An encoding of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The smallest encoding that the browser can read.
    pub(crate) fn smallest(asked: &HeaderMap) -> Self {
        if accepts(asked, "br") {
            Self::Brotli
        } else if accepts(asked, "gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// The fastest encoding that the browser can read. At [`FAST`], gzip needs a tenth of the time of brotli, and makes
    /// a page 5 % larger.
    pub(crate) fn fastest(asked: &HeaderMap) -> Self {
        if accepts(asked, "gzip") { Self::Gzip } else { Self::smallest(asked) }
    }

    /// The value of `Content-Encoding`. `None` for a page without compression.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    /// The page in this encoding.
    pub(crate) fn compress(self, html: &[u8], level: Level) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli => brotli(html, level.brotli),
            Self::Gzip => gzip(html, level.gzip),
            Self::Plain => Ok(html.to_vec()),
        }
    }
}

fn gzip(html: &[u8], level: i32) -> io::Result<Vec<u8>> {
    let level = CompressionLvl::new(level).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut compressor = Compressor::new(level);
    let mut compressed = vec![0; compressor.gzip_compress_bound(html.len())];
    let length = compressor.gzip_compress(html, &mut compressed).map_err(io::Error::other)?;
    compressed.truncate(length);
    compressed.shrink_to_fit();
    Ok(compressed)
}

fn brotli(html: &[u8], level: i32) -> io::Result<Vec<u8>> {
    // a page shrinks to a third or less, so half of its size is enough
    let mut compressed = Vec::with_capacity(html.len() / 2);
    let mut parameters =
        brotli::enc::BrotliEncoderParams { quality: level, size_hint: html.len(), ..Default::default() };
    if level <= FAST.brotli {
        parameters.lgwin = FAST_WINDOW;
    }
    brotli::BrotliCompress(&mut &*html, &mut compressed, &parameters)?;
    Ok(compressed)
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

    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_encoding_is_used_if_the_browser_accepts_it() {
        let read = |list: &'static str, encoding| {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(list))];
            accepts(&headers.into_iter().collect(), encoding)
        };
        assert!(read("gzip, deflate, br", "br") && read("GZIP;q=0.5", "gzip") && read("br;q=1", "br"));
        assert!(!read("gzip", "br") && !read("br;q=0, gzip", "br") && !read("br;q=0.000", "br"));
    }

    #[test]
    fn a_packed_page_unpacks_to_the_page() {
        // longer than the window of a fast level
        for html in ["小店".repeat(300), "<p>小店</p>".repeat(20_000), String::new()] {
            for level in [FAST, Level { brotli: 6, gzip: 12 }] {
                let gzip = Encoding::Gzip.compress(html.as_bytes(), level).unwrap();
                let mut text = String::new();
                flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut text).unwrap();
                assert_eq!(text, html);
                let compressed = Encoding::Brotli.compress(html.as_bytes(), level).unwrap();
                let mut bytes = Vec::new();
                brotli::BrotliDecompress(&mut &*compressed, &mut bytes).unwrap();
                assert_eq!(bytes, html.as_bytes());
            }
        }
    }
}
