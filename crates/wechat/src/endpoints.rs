use reqwest::Url;

use crate::Error;

/// The addresses of WeChat's services: scheme and host, without a trailing slash.
///
/// The default is the real WeChat. You can replace each address with the address of a simulator or a proxy.
///
/// ```
/// let endpoints = wechat::Endpoints::default().with_api("http://127.0.0.1:8900/")?;
/// assert_eq!(endpoints.api(), "http://127.0.0.1:8900");
/// assert_eq!(endpoints.open(), "https://open.weixin.qq.com");
/// assert!(wechat::Endpoints::default().with_mch("ftp://example.com").is_err());
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    open: String,
    api: String,
    mch: String,
    mch_backup: Option<String>,
    jssdk: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            open: "https://open.weixin.qq.com".into(),
            api: "https://api.weixin.qq.com".into(),
            mch: "https://api.mch.weixin.qq.com".into(),
            mch_backup: Some("https://api2.mch.weixin.qq.com".into()),
            jssdk: "https://res.wx.qq.com".into(),
        }
    }
}

impl Endpoints {
    /// Replaces the address of the authorize page.
    ///
    /// ```
    /// let endpoints = wechat::Endpoints::default().with_open("http://127.0.0.1:8900")?;
    /// assert_eq!(endpoints.open(), "http://127.0.0.1:8900");
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// A configuration error unless the address is `http://` or `https://` with a host and, optionally, a path.
    pub fn with_open(mut self, url: &str) -> Result<Self, Error> {
        self.open = base(url)?;
        Ok(self)
    }

    /// Replaces the address for login, tokens and tickets.
    ///
    /// ```
    /// let endpoints = wechat::Endpoints::default().with_api("http://127.0.0.1:8900")?;
    /// assert_eq!(endpoints.api(), "http://127.0.0.1:8900");
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Endpoints::with_open`].
    pub fn with_api(mut self, url: &str) -> Result<Self, Error> {
        self.api = base(url)?;
        Ok(self)
    }

    /// Replaces the address of WeChat Pay. The backup address stays: see [`Endpoints::with_mch_backup`].
    ///
    /// ```
    /// let endpoints = wechat::Endpoints::default().with_mch("http://127.0.0.1:8900")?;
    /// assert_eq!(endpoints.mch(), "http://127.0.0.1:8900");
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Endpoints::with_open`].
    pub fn with_mch(mut self, url: &str) -> Result<Self, Error> {
        self.mch = base(url)?;
        Ok(self)
    }

    /// Replaces the backup address. A client uses it if the first address of WeChat Pay does not answer. `None` means
    /// no backup.
    ///
    /// ```
    /// let endpoints = wechat::Endpoints::default();
    /// assert_eq!(endpoints.mch_backup(), Some("https://api2.mch.weixin.qq.com"));
    /// assert_eq!(endpoints.with_mch_backup(None)?.mch_backup(), None);
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Endpoints::with_open`].
    pub fn with_mch_backup(mut self, url: Option<&str>) -> Result<Self, Error> {
        self.mch_backup = url.map(base).transpose()?;
        Ok(self)
    }

    /// Replaces the address of the JS-SDK script.
    ///
    /// ```
    /// let endpoints = wechat::Endpoints::default().with_jssdk("http://127.0.0.1:8900")?;
    /// assert_eq!(endpoints.jssdk(), "http://127.0.0.1:8900");
    /// # Ok::<(), wechat::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Endpoints::with_open`].
    pub fn with_jssdk(mut self, url: &str) -> Result<Self, Error> {
        self.jssdk = base(url)?;
        Ok(self)
    }

    /// The address of the authorize page.
    #[must_use]
    pub fn open(&self) -> &str {
        &self.open
    }

    /// The address for login, tokens and tickets.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.api
    }

    /// The address of WeChat Pay.
    #[must_use]
    pub fn mch(&self) -> &str {
        &self.mch
    }

    /// The backup address of WeChat Pay, if there is one.
    #[must_use]
    pub fn mch_backup(&self) -> Option<&str> {
        self.mch_backup.as_deref()
    }

    /// The address of the JS-SDK script.
    #[must_use]
    pub fn jssdk(&self) -> &str {
        &self.jssdk
    }
}

fn base(text: &str) -> Result<String, Error> {
    let wrong = |why: &str| {
        Error::configuration(format!("{why}: an address has the form https://host or http://host:8900"))
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("neither http nor https"));
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(wrong("user, query or fragment in an address"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_scheme_a_host_and_an_optional_path() {
        for (given, kept) in [
            ("http://127.0.0.1:8900", "http://127.0.0.1:8900"),
            ("https://h/", "https://h"),
            ("https://h/wechat/", "https://h/wechat"),
        ] {
            assert_eq!(base(given).unwrap(), kept);
        }
        for wrong in [
            "",
            "h",
            "//h",
            "ws://h",
            "https://u@h",
            "https://u:p@h",
            "https://h?a",
            "https://h#a",
            "http://",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }
}
