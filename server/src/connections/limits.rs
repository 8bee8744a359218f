use std::time::Duration;

/// What connections may take of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How long one may take to send a request's headers, and be idle before the next.
    pub headers_within: Duration,
    /// How long a client may take to read some kilobytes of an answer that waits for it.
    pub read_within: Duration,
    /// How many may be open. Where all are taken, one that has been idle for some seconds is closed for a new one.
    pub most: u32,
    /// How many may be open beside those, for health checks and WeChat's notifications alone.
    pub reserved: u32,
    /// How many may be open from one address (IPv4, or a /64 of IPv6). Does not count for SHOP_TRUSTED_PROXIES.
    pub per_address: u32,
    /// Bytes of requests, and of answers, that are buffered for one connection.
    pub buffer: usize,
    /// Connections whose clients do not read what waits for them, at most; the one that has waited longest is closed.
    /// Together with `buffer` this bounds what unread answers take.
    pub unread: u32,
}

impl Default for ConnectionLimits {
    /// A proxy keeps some dozens of connections. Unread answers take 64 MB at most.
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
