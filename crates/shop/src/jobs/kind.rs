//! The kinds of jobs, each with a limit of its own: a slow bill keeps no refund waiting.

/// A kind of job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Ask WeChat about an attempt that no notification has settled. Subject: `out_trade_no`.
    Query,
    /// Close an attempt that was left open beside a newer one, as soon as WeChat lets it. Subject: `out_trade_no`.
    Close,
    /// Close an order whose time to pay is over. Subject: the order's id.
    Expire,
    /// Ask WeChat for a refund, and how far it is. Subject: `out_refund_no`.
    Refund,
    /// Compare WeChat's bills with the books, every day. Subject: `daily`.
    Bill,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Query, Self::Close, Self::Expire, Self::Refund, Self::Bill];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Close => "close",
            Self::Expire => "expire",
            Self::Refund => "refund",
            Self::Bill => "bill",
        }
    }

    /// How many of them one server runs at the same time.
    pub(super) const fn at_once(self) -> u8 {
        match self {
            Self::Query | Self::Expire => 16,
            Self::Close | Self::Refund => 8,
            Self::Bill => 1,
        }
    }
}
