use std::{net::IpAddr, str::FromStr};

use shop::client_address::parse_forwarded;

/// The proxies whose `X-Forwarded-For` the server trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is not a list of IP addresses and networks (CIDR), separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a list of addresses and networks")]
pub struct NotNetworks;

impl FromStr for TrustedProxies {
    type Err = NotNetworks;

    fn from_str(text: &str) -> Result<Self, NotNetworks> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(network)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn network(text: &str) -> Result<Network, NotNetworks> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().map_err(|_| NotNetworks)?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| NotNetworks))?;
    match address.to_canonical() {
        _ if bits > most => Err(NotNetworks),
        // an IPv4 network that is written as IPv6
        four @ IpAddr::V4(_) if most == 128 && bits >= 96 => Ok(Network { address: four, bits: bits - 96 }),
        _ => Ok(Network { address, bits }),
    }
}

impl TrustedProxies {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// The client's address in canonical form. It is `peer`, unless `peer` is a trusted proxy. Then it is the last
    /// address in `X-Forwarded-For` that is not a trusted proxy.
    #[must_use]
    pub fn client(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        let mut client = peer.to_canonical();
        for hop in forwarded_for.into_iter().flat_map(|list| list.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            match parse_forwarded(hop) {
                Some(address) => client = address,
                None => break,
            }
        }
        client
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address {
            IpAddr::V4(four) => (u128::from(four.to_bits()) << 96, 4),
            IpAddr::V6(six) => (six.to_bits(), 6),
        };
        let ((own, family), (other, other_family)) = (bits(self.address), bits(address.to_canonical()));
        let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
        family == other_family && own & mask == other & mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_a_trusted_proxy_can_forward_an_address() {
        let proxies: TrustedProxies = "10.0.0.0/8, ::1".parse().unwrap();
        let said = Some("6.6.6.6, 1.2.3.4, 10.1.1.1");
        assert_eq!(proxies.client(ip("10.9.9.9"), said), ip("1.2.3.4"));
        assert_eq!(proxies.client(ip("::1"), said), ip("1.2.3.4"));
        assert_eq!(proxies.client(ip("9.9.9.9"), said), ip("9.9.9.9"));
        assert_eq!(proxies.client(ip("10.9.9.9"), None), ip("10.9.9.9"));
        assert_eq!(TrustedProxies::default().client(ip("127.0.0.1"), said), ip("127.0.0.1"));
    }

    #[test]
    fn each_way_to_write_an_address_gives_the_same_address() {
        let proxies: TrustedProxies = "::ffff:127.0.0.1, ::ffff:10.0.0.0/104".parse().unwrap();
        for peer in ["127.0.0.1", "::ffff:127.0.0.1", "10.2.3.4", "::ffff:10.2.3.4"] {
            for said in ["1.2.3.4", "1.2.3.4:5678", "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:5678", "\"1.2.3.4\""]
            {
                assert_eq!(proxies.client(ip(peer), Some(said)), ip("1.2.3.4"), "{said} from {peer}");
            }
            assert_eq!(proxies.client(ip(peer), Some("[2001:db8::1]:443")), ip("2001:db8::1"));
        }
        assert_eq!(TrustedProxies::default().client(ip("::ffff:9.9.9.9"), None), ip("9.9.9.9"));
    }

    #[test]
    fn a_wrong_network_is_refused() {
        for wrong in ["10.0.0.0/33", "::1/129", "proxy.example", "10.0.0.0/"] {
            assert!(wrong.parse::<TrustedProxies>().is_err(), "{wrong}");
        }
    }
}
