use std::time::Duration;

/// Settings of the HTTP connections.
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
    /// The time limit to open a connection.
    pub connect_timeout: Duration,
    /// The time limit for a whole call, from the connection to the end of the response. A bill has its own limit of 120
    /// seconds.
    pub timeout: Duration,
    /// Certificates in PEM, trusted in addition to the certificates of the operating system.
    pub ca_pem: Option<Vec<u8>>,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Default for HttpOptions {
    /// 3 seconds to connect, 8 seconds in total, no additional certificates.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(8),
            ca_pem: None,
            user_agent: concat!("xiaodian/", env!("CARGO_PKG_VERSION")).into(),
        }
    }
}
