use std::time::Duration;

/// The limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// The time limit for the headers of a request, and for the pause between two requests.
    pub headers_within: Duration,
    /// The time in which a client must read 8 KiB of a response that waits.
    pub read_within: Duration,
    /// The largest number of open connections. If all are used, the server closes one that has been idle for some
    /// seconds.
    pub most: u32,
    /// The number of additional connections that only serve health checks and WeChat's notifications.
    pub reserved: u32,
    /// The largest number of open connections from one address (an IPv4 address, or a /64 of IPv6). It does not apply
    /// to SHOP_TRUSTED_PROXIES.
    pub per_address: u32,
    /// The size of the two buffers of a connection, for requests and for responses, in bytes.
    pub buffer: usize,
    /// The largest number of connections whose clients do not read. The server closes the connection that has waited
    /// longest. Together with `buffer` this limits the memory of unread responses.
    pub unread: u32,
}

impl Default for ConnectionLimits {
    /// Enough for a proxy, which keeps some dozens of connections. Unread responses use at most 64 MB.
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
