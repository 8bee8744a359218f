use std::{fmt, str::FromStr};

use crate::{
    OpenId,
    id::{GuestId, IdError},
};

/// A person with an openid, or a guest outside WeChat. The text form is the openid, or `guest:` and the guest's id. An
/// openid contains no colon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shopper {
    /// A person who logged in with WeChat. The id is the openid with which the shop knew the person first.
    WeChat(OpenId),
    /// A guest in a browser outside WeChat.
    Guest(GuestId),
}

const GUEST: &str = "guest:";

impl Shopper {
    /// The openid; `None` for a guest.
    #[must_use]
    pub const fn openid(&self) -> Option<&OpenId> {
        match self {
            Self::WeChat(openid) => Some(openid),
            Self::Guest(_) => None,
        }
    }
}

impl From<OpenId> for Shopper {
    fn from(openid: OpenId) -> Self {
        Self::WeChat(openid)
    }
}

impl From<GuestId> for Shopper {
    fn from(guest: GuestId) -> Self {
        Self::Guest(guest)
    }
}

impl FromStr for Shopper {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.strip_prefix(GUEST) {
            Some(guest) => guest.parse().map(Self::Guest),
            None => text.parse().map(Self::WeChat),
        }
    }
}

impl fmt::Display for Shopper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeChat(openid) => openid.fmt(f),
            Self::Guest(guest) => write!(f, "{GUEST}{guest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_has_no_openid() {
        let guest: Shopper = format!("guest:{}", "a1".repeat(16)).parse().unwrap();
        assert_eq!(guest.openid(), None);
        assert_eq!(guest.to_string().parse(), Ok(guest));
        let known: Shopper = "oUser_-1".parse().unwrap();
        assert_eq!(known.openid().map(OpenId::as_str), Some("oUser_-1"));
        assert_eq!(known.to_string(), "oUser_-1");
        assert!("guest:short".parse::<Shopper>().is_err());
        assert!("somebody:else".parse::<Shopper>().is_err());
    }
}
