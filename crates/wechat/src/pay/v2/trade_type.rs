use std::fmt;

/// How the payment is started: `trade_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TradeType {
    /// A page or a mini program inside WeChat.
    Jsapi,
    /// A QR code that the shopper scans.
    Native,
    /// A browser on a phone, outside WeChat.
    Mweb,
    /// A phone app of the merchant.
    App,
    /// The shop scans the shopper's payment code.
    Micropay,
    /// A word that this crate does not know, as WeChat sent it.
    Unknown(String),
}

impl TradeType {
    /// The word in WeChat's messages.
    ///
    /// ```
    /// use wechat::pay::v2::TradeType;
    ///
    /// assert_eq!(TradeType::from("JSAPI"), TradeType::Jsapi);
    /// assert_eq!(TradeType::from("FACEPAY").as_str(), "FACEPAY");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Jsapi => "JSAPI",
            Self::Native => "NATIVE",
            Self::Mweb => "MWEB",
            Self::App => "APP",
            Self::Micropay => "MICROPAY",
            Self::Unknown(word) => word,
        }
    }
}

impl From<&str> for TradeType {
    fn from(word: &str) -> Self {
        match word {
            "JSAPI" => Self::Jsapi,
            "NATIVE" => Self::Native,
            "MWEB" => Self::Mweb,
            "APP" => Self::App,
            "MICROPAY" => Self::Micropay,
            _ => Self::Unknown(word.to_owned()),
        }
    }
}

impl fmt::Display for TradeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
