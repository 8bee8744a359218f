use std::{io::ErrorKind, time::Duration};

use shop::typed;
use tokio::net::TcpListener;

use super::Finding;
use crate::{Assets, config::Config, startup};

/// The time limit for an answer of the shop's own port.
const WITHIN: Duration = Duration::from_secs(5);

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    vec![authorities(config), assets(), port(config).await, name(config)]
}

/// Checks the shop's name for characters that WeChat Pay refuses: the client leaves them out.
fn name(config: &Config) -> Finding {
    const CHECK: &str = "SHOP_NAME";
    let name = &config.shop.name;
    if typed::fits_wechat_pay(name) {
        return Finding::ok(CHECK, name.clone());
    }
    let remedy =
        "take the emoji out of SHOP_NAME: WeChat Pay refuses them, so payments show the name without them";
    Finding::warning(CHECK, format!("{name} has characters that WeChat Pay refuses"), remedy)
}

/// Checks that the machine has certificate authorities. Without them no TLS connection works.
fn authorities(config: &Config) -> Finding {
    const CHECK: &str = "certificate authorities";
    match startup::plain(&config.wechat) {
        Ok(_) => Finding::ok(CHECK, "the machine has them"),
        Err(error) => Finding::wrong(
            CHECK,
            error.to_string(),
            "install them (Debian: apt-get install ca-certificates), and look at WECHAT_CA_FILE",
        ),
    }
}

fn assets() -> Finding {
    const CHECK: &str = "browser files";
    match Assets::beside_binary() {
        Ok(assets) => Finding::ok(CHECK, assets.site().display().to_string()),
        Err(error) => Finding::wrong(
            CHECK,
            error.to_string(),
            "copy site/ and hash.txt of the same build beside the program",
        ),
    }
}

async fn port(config: &Config) -> Finding {
    const CHECK: &str = "port";
    let addr = config.addr;
    match TcpListener::bind(addr).await {
        Ok(_) => Finding::ok(CHECK, format!("{addr} is free: the server is not running")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            if is_ours(config).await {
                Finding::ok(CHECK, format!("the server is running on {addr}"))
            } else {
                Finding::wrong(
                    CHECK,
                    format!("{addr} is taken by another program"),
                    "end it (ss -ltnp names it), or choose another SHOP_ADDR and tell the proxy",
                )
            }
        }
        Err(error) => Finding::wrong(
            CHECK,
            format!("{addr}: {error}"),
            "SHOP_ADDR is an address of this machine, with a port that its user may open",
        ),
    }
}

/// Whether a server of this shop answers at this address.
async fn is_ours(config: &Config) -> bool {
    let Ok(client) = reqwest::Client::builder().no_proxy().timeout(WITHIN).build() else { return false };
    match client.get(format!("http://{}/healthz", config.addr)).send().await {
        Ok(answer) => {
            answer.headers().contains_key("x-request-id")
                && answer.text().await.is_ok_and(|text| text == "ok\n")
        }
        Err(_) => false,
    }
}
