//! The address at which the other side has reached this listener: what answers name, it can open.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::{serve::Peer, world::Shared};

/// Scheme and host, `http://127.0.0.1:8900`; `https://api.mch.weixin.qq.com` for a client that maps WeChat's names.
#[derive(Clone, Debug)]
pub(crate) struct Reached(String);

impl Reached {
    /// A path of the same host.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Where H5 payments are made: beside WeChat's own names it has a name of its own.
    pub(crate) fn cashier(&self) -> &str {
        if self.0.ends_with(".weixin.qq.com") { "https://wx.tenpay.com" } else { &self.0 }
    }
}

impl FromRequestParts<Shared> for Reached {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, world: &Shared) -> Result<Self, Self::Rejection> {
        let tls = parts.extensions.get::<Peer>().is_some_and(|peer| peer.tls);
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let plain =
            |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        Ok(match host.filter(|host| !host.is_empty()).filter(plain) {
            // WeChat's own names are reached over TLS only
            Some(host) if tls || host.ends_with(".qq.com") => Self(format!("https://{host}")),
            Some(host) => Self(format!("http://{host}")),
            None => Self(world.addresses.main.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cashier_has_a_name_of_its_own_beside_wechats() {
        assert_eq!(Reached("https://api.mch.weixin.qq.com".to_owned()).cashier(), "https://wx.tenpay.com");
        let local = "http://127.0.0.1:8900";
        assert_eq!(Reached(local.to_owned()).cashier(), local);
    }
}
