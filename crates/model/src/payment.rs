//! How an order is paid: what the shop stores with each payment attempt.

use crate::word::words;

words! {
    /// How WeChat Pay V2 signs its messages (`sign_type`).
    SignType {
        /// `MD5`.
        Md5 = "MD5",
        /// `HMAC-SHA256`.
        HmacSha256 = "HMAC-SHA256",
    }
}

/// The version of WeChat Pay's API that an attempt uses, with its sign type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayApi {
    /// XML, signed with the APIv2 key.
    V2(SignType),
    /// JSON, signed with RSA.
    V3,
}

impl PayApi {
    /// The word of the version in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2(_) => "v2",
            Self::V3 => "v3",
        }
    }

    /// The word of the sign type in the database and in the parameters of the payment sheet (`signType`).
    #[must_use]
    pub const fn sign_type(self) -> &'static str {
        match self {
            Self::V2(sign_type) => sign_type.as_str(),
            Self::V3 => "RSA",
        }
    }

    /// Reads the words of [`PayApi::as_str`] and [`PayApi::sign_type`]. `None` if they do not fit together.
    ///
    /// ```
    /// use model::payment::{PayApi, SignType};
    ///
    /// assert_eq!(PayApi::parse("v2", "MD5"), Some(PayApi::V2(SignType::Md5)));
    /// assert_eq!(PayApi::parse("v3", "RSA"), Some(PayApi::V3));
    /// assert_eq!(PayApi::parse("v3", "MD5"), None);
    /// ```
    #[must_use]
    pub fn parse(api: &str, sign_type: &str) -> Option<Self> {
        match (api, sign_type) {
            ("v2", sign_type) => sign_type.parse().ok().map(Self::V2),
            ("v3", "RSA") => Some(Self::V3),
            _ => None,
        }
    }
}

words! {
    /// Where the shopper pays (`trade_type`). The words are V2's.
    TradeType {
        /// Inside WeChat: the official account's page or the mini program.
        Jsapi = "JSAPI",
        /// In a phone's browser, which opens WeChat's cashier.
        H5 = "MWEB",
        /// With a QR code on a screen.
        Native = "NATIVE",
        /// Not at WeChat: the shopper's balance paid everything. The word is ours.
        Balance = "BALANCE",
    }
}

words! {
    /// The state of a payment attempt.
    AttemptState {
        /// It can still be paid.
        Open = "open",
        /// WeChat took the money, or the balance paid everything.
        Paid = "paid",
        /// WeChat confirmed that it can no longer be paid.
        Closed = "closed",
    }
}
