//! Codes and links that open a mini program (获取不限制的小程序码, 获取加密URLLink).

use serde::{Deserialize, Serialize};

use super::MiniProgram;
use crate::{Error, official::response};

/// A code for a page of the mini program (`wxa/getwxacodeunlimit`).
///
/// ```
/// let code = wechat::miniprogram::ProgramCode::new("tea-100").with_page("pages/web/web").with_width(430);
/// assert!(format!("{code:?}").contains("tea-100"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProgramCode {
    scene: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
}

impl ProgramCode {
    /// A code for the home page. `scene` has 1 to 32 characters of ``0-9A-Za-z!#$&'()*+,/:;=?@-._~``. The page gets it
    /// as the parameter `scene`, percent-encoded.
    #[must_use]
    pub fn new(scene: impl Into<String>) -> Self {
        Self { scene: scene.into(), page: None, width: None }
    }

    /// Sets the page: its path without a slash at the start and without a query. The released version must contain it.
    #[must_use]
    pub fn with_page(mut self, page: impl Into<String>) -> Self {
        self.page = Some(page.into());
        self
    }

    /// Sets the width in pixels, 280 to 1280. WeChat's default is 430.
    #[must_use]
    pub const fn with_width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }
}

/// A link to a page of the mini program (`wxa/generate_urllink`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UrlLink {
    path: String,
    query: String,
    /// How the link expires. 1: after a number of days.
    expire_type: u8,
    expire_interval: u32,
}

impl UrlLink {
    /// A link to a page of the released version. `query` has at most 1,024 characters. The link is valid for `days`, 1
    /// to 30.
    ///
    /// ```
    /// let link = wechat::miniprogram::UrlLink::new("pages/web/web", "scene=tea-100", 30);
    /// assert!(format!("{link:?}").contains("scene=tea-100"));
    /// ```
    #[must_use]
    pub fn new(path: impl Into<String>, query: impl Into<String>, days: u32) -> Self {
        Self { path: path.into(), query: query.into(), expire_type: 1, expire_interval: days }
    }
}

#[derive(Deserialize)]
struct LinkReply {
    url_link: String,
}

impl MiniProgram {
    /// Makes a code and returns its picture as a file. WeChat has no limit for the number of codes.
    ///
    /// # Errors
    /// Code `40129`: the scene has a wrong form; `41030`: the released version does not contain the page; `45009`: too
    /// many calls. The errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn getwxacodeunlimit(&self, code: &ProgramCode) -> Result<Vec<u8>, Error> {
        self.account().post_for_file("wxa/getwxacodeunlimit", code).await
    }

    /// Makes a link that opens the mini program from a message, an e-mail or another app.
    ///
    /// # Errors
    /// Code `40002`: the account may not make links; `40165`: the path is wrong; `40212`: the query is wrong; `44990`,
    /// `44993`: too many links; `85079`: the mini program is not released; `85401`: the number of days is wrong. The
    /// errors of [`Official::access_token`](crate::Official::access_token).
    pub async fn generate_urllink(&self, link: &UrlLink) -> Result<String, Error> {
        const ENDPOINT: &str = "wxa/generate_urllink";
        let body = self.post(ENDPOINT, link).await?;
        let LinkReply { url_link } = response::read(ENDPOINT, &body)?;
        if url_link.is_empty() {
            return Err(Error::malformed(ENDPOINT, "url_link is empty"));
        }
        Ok(url_link)
    }
}
