use std::time::Duration;

/// How to reach WeChat.
///
/// ```
/// use std::time::Duration;
/// use wechat::{Http, HttpOptions};
///
/// let options = HttpOptions { timeout: Duration::from_secs(5), ..HttpOptions::default() };
/// assert_eq!(options.connect_timeout, Duration::from_secs(3));
/// Http::new(&options)?;
/// # Ok::<(), wechat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a whole call may take, connection and answer included.
    pub timeout: Duration,
    /// Certificates, as PEM, that are trusted besides the platform's own.
    pub ca_pem: Option<Vec<u8>>,
    /// What the calls name themselves.
    pub user_agent: String,
}

impl Default for HttpOptions {
    /// 3 s to connect, 8 s in all, the platform's certificates.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(8),
            ca_pem: None,
            user_agent: concat!("xiaodian/", env!("CARGO_PKG_VERSION")).into(),
        }
    }
}
