use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use server::config::Config;

use super::{Outcome, say};

/// The time limit for the answer of the server.
const WITHIN: Duration = Duration::from_secs(2);

/// Asks the server that runs with this configuration whether it can serve. It is the health check of a container
/// without a shell.
pub(crate) async fn ready(config: &Config) -> Outcome {
    let url = format!("http://{}/readyz", reachable(config.addr));
    let client = reqwest::Client::builder().no_proxy().timeout(WITHIN).build()?;
    let answer = client.get(&url).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        return Err(format!("{url} answers {status}: {}", text.trim()).into());
    }
    say(text.trim());
    Ok(())
}

/// The address at which this machine reaches a server that listens on `addr`.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn a_server_on_every_address_is_asked_on_this_machine() {
        for (listens, asked) in
            [("0.0.0.0:3000", "127.0.0.1:3000"), ("[::]:3000", "[::1]:3000"), ("10.0.0.7:80", "10.0.0.7:80")]
        {
            assert_eq!(reachable(listens.parse().unwrap()).to_string(), asked);
        }
    }
}
