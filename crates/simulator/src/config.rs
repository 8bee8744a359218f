//! What a simulator needs to start: addresses, files and accounts.

use std::{net::SocketAddr, path::PathBuf};

use url::Url;

use crate::Seed;

/// The configuration of a simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address of the main listener, which plays every WeChat host.
    pub listen: SocketAddr,
    /// The address of the same listener with TLS.
    pub tls_listen: SocketAddr,
    /// The address of the phone, a proxy to the shop.
    pub phone_listen: SocketAddr,
    /// The address of the shop.
    pub shop: Url,
    /// The state file. If it is `None`, the state is lost when the simulator stops.
    pub state: Option<PathBuf>,
    /// The folder where the simulator writes keys and certificates for the shop. If it is `None`, they are only in
    /// `GET /_simulator/account`.
    pub env_dir: Option<PathBuf>,
    /// The JS-SDK script, `lib/index.js` of the npm package `jweixin-module` 1.6.0. If it is `None`, pages cannot load
    /// `/open/js/jweixin-1.6.0.js`, and everything else works.
    pub jssdk: Option<PathBuf>,
    /// The accounts. The default is the demo world. A state file that exists has its own accounts.
    pub seed: Seed,
    /// Whether the login page refuses browsers other than WeChat's.
    pub wechat_only: bool,
    /// Whether simulators of one process have the same RSA keys. New keys take most of a second, and a test suite
    /// starts many simulators.
    pub reuse_keys: bool,
}

impl Config {
    /// A configuration for tests: free ports of this machine, no state file, the same RSA keys in one process.
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
            jssdk: None,
            seed: Seed::default(),
            wechat_only: true,
            reuse_keys: true,
        }
    }
}
