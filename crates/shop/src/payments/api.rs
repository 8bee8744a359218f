use wechat::wire::sign::SignType;

/// The generation of WeChat Pay that an attempt is made with, and how its messages are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// XML, signed with the APIv2 key.
    V2(SignType),
    /// JSON, signed with RSA.
    V3,
}

impl Api {
    /// The generation's word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2(_) => "v2",
            Self::V3 => "v3",
        }
    }

    /// The sign type's word: what `chooseWXPay` takes as `signType`.
    #[must_use]
    pub const fn sign_type(self) -> &'static str {
        match self {
            Self::V2(sign_type) => sign_type.as_str(),
            Self::V3 => "RSA",
        }
    }

    /// From the two words.
    #[must_use]
    pub fn parse(api: &str, sign_type: &str) -> Option<Self> {
        match (api, sign_type) {
            ("v2", sign_type) => sign_type.parse().ok().map(Self::V2),
            ("v3", "RSA") => Some(Self::V3),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_api_lead_back_to_it() {
        for api in [Api::V2(SignType::Md5), Api::V2(SignType::HmacSha256), Api::V3] {
            assert_eq!(Api::parse(api.as_str(), api.sign_type()), Some(api));
        }
        assert_eq!(Api::parse("v3", "MD5"), None);
        assert_eq!(Api::parse("v4", "RSA"), None);
    }
}
