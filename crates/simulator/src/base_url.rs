//! The address that the client used. The simulator's responses contain addresses that this client can open.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::{app_state::SharedState, listener::Peer};

/// Scheme and host: `http://127.0.0.1:8900`, or `https://api.mch.weixin.qq.com` for a client that maps WeChat's names.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    address: String,
    cashier: String,
}

impl BaseUrl {
    /// The address of a path on this host.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// `main` is the address of the listener without TLS.
    fn new(address: String, main: &str) -> Self {
        let cashier = if address.ends_with(".weixin.qq.com") {
            "https://wx.tenpay.com".to_owned()
        } else if address.starts_with("https://") {
            // browsers do not trust the simulator's certificate authority
            main.to_owned()
        } else {
            address.clone()
        };
        Self { address, cashier }
    }

    /// The address of the H5 payment page. It has its own host if the client uses WeChat's names.
    pub(crate) fn cashier(&self) -> &str {
        &self.cashier
    }
}

impl FromRequestParts<SharedState> for BaseUrl {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Self::Rejection> {
        let tls = parts.extensions.get::<Peer>().is_some_and(|peer| peer.tls);
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let plain =
            |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        let main = app.addresses.main.as_str();
        let address = match host.filter(|host| !host.is_empty()).filter(plain) {
            // clients use WeChat's names only with TLS
            Some(host) if tls || host.ends_with(".qq.com") => format!("https://{host}"),
            Some(host) => format!("http://{host}"),
            None => main.to_owned(),
        };
        Ok(Self::new(address, main))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payment_page_has_its_own_wechat_host() {
        let local = "http://127.0.0.1:8900";
        let cashier = |address: &str| BaseUrl::new(address.to_owned(), local).cashier().to_owned();
        assert_eq!(cashier("https://api.mch.weixin.qq.com"), "https://wx.tenpay.com");
        assert_eq!(cashier("https://127.0.0.1:8943"), local);
        assert_eq!(cashier("http://localhost:8900"), "http://localhost:8900");
    }
}
