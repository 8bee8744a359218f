use std::time::Duration;

/// The limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// The time to send a request's headers, and the idle time between two requests.
    pub headers_within: Duration,
    /// The time in which a client has to read some kilobytes of a waiting answer.
    pub read_within: Duration,
    /// The number of open connections. If all are used, the server closes one that has been idle for some seconds.
    pub most: u32,
    /// The number of additional connections for health checks and WeChat's notifications only.
    pub reserved: u32,
    /// The number of open connections from one address (IPv4, or a /64 of IPv6). It does not apply to SHOP_TRUSTED_PROXIES.
    pub per_address: u32,
    /// The buffer of one connection, bytes: for requests, and for answers.
    pub buffer: usize,
    /// The number of connections whose clients do not read. The server closes the one that has waited longest. Together with
    /// `buffer` this limits the memory of unread answers.
    pub unread: u32,
}

impl Default for ConnectionLimits {
    /// A proxy keeps some dozens of connections. Unread answers use 64 MB at most.
    fn default() -> Self {
        Self {
            headers_within: Duration::from_secs(30),
            read_within: Duration::from_secs(30),
            most: 4096,
            reserved: 128,
            per_address: 1024,
            buffer: 128 * 1024,
            unread: 256,
        }
    }
}
