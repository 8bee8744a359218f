use std::{net::SocketAddr, path::PathBuf};

use url::Url;

/// Where the JS-SDK script is after `make setup`.
const JSSDK: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/node_modules/jweixin-module/lib/index.js");

/// What a simulator is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Plays every WeChat host.
    pub listen: SocketAddr,
    /// The same over TLS.
    pub tls_listen: SocketAddr,
    /// The phone: a proxy to the shop.
    pub phone_listen: SocketAddr,
    /// The shop.
    pub shop: Url,
    /// Where the state is kept; without one it is gone when the simulator stops.
    pub state: Option<PathBuf>,
    /// Where keys and certificates are written for the shop to read; without one they are only in the account.
    pub env_dir: Option<PathBuf>,
    /// The JS-SDK script, `lib/index.js` of the npm package `jweixin-module`.
    pub jssdk: PathBuf,
    /// Whether the login page sends browsers away that are not WeChat's.
    pub wechat_only: bool,
}

impl Config {
    /// On free ports of this machine, without a state file: for tests.
    #[must_use]
    pub fn on_free_ports(shop: Url) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            listen: free,
            tls_listen: free,
            phone_listen: free,
            shop,
            state: None,
            env_dir: None,
            jssdk: Self::default_jssdk(),
            wechat_only: true,
        }
    }

    /// Where the script is looked for if nobody says.
    #[must_use]
    pub fn default_jssdk() -> PathBuf {
        PathBuf::from(JSSDK)
    }
}
