//! The IP addresses of clients, in one form for all limits and logs.

use std::net::{IpAddr, Ipv6Addr};

/// The address that limits count: an IPv4 address, or the /64 network of an IPv6 address, because one client usually
/// has a whole /64.
#[must_use]
pub fn limit_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
            format!("{network}/64")
        }
    }
}

/// Reads one entry of `X-Forwarded-For`; `None` if it is not an address. Proxies also write a port after the address,
/// brackets around an IPv6 address, quotation marks, and the zone of a link-local address. An IPv4 address inside IPv6
/// becomes IPv4.
#[must_use]
pub fn parse_forwarded(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"').trim();
    let address = match entry.strip_prefix('[') {
        Some(rest) => {
            let (address, behind) = rest.split_once(']')?;
            is_port(behind).then_some(address)?
        }
        // with only one colon it is an IPv4 address and a port
        None => match entry.split_once(':') {
            Some((address, port)) if !port.contains(':') => is_number(port).then_some(address)?,
            _ => entry,
        },
    };
    let address = address.split_once('%').map_or(address, |(address, _zone)| address);
    address.parse().ok().map(|address: IpAddr| address.to_canonical())
}

/// Whether the text is empty, or a colon and a port.
fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn limits_count_an_ipv4_address_once_and_an_ipv6_network_of_64_bits_once() {
        assert_eq!(limit_key(ip("203.0.113.7")), "203.0.113.7");
        assert_eq!(limit_key(ip("::ffff:203.0.113.7")), "203.0.113.7");
        assert_eq!(limit_key(ip("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::/64");
        assert_eq!(limit_key(ip("2001:db8:1:2::1")), limit_key(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(limit_key(ip("2001:db8:1:2::1")), limit_key(ip("2001:db8:1:3::1")));
    }

    #[test]
    fn every_way_to_write_a_forwarded_address_is_read() {
        for (text, address) in [
            ("1.2.3.4", "1.2.3.4"),
            (" 1.2.3.4 ", "1.2.3.4"),
            ("1.2.3.4:5678", "1.2.3.4"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("[::ffff:1.2.3.4]:5678", "1.2.3.4"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%eth0]:80", "fe80::1"),
        ] {
            assert_eq!(parse_forwarded(text), Some(ip(address)), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_an_address_is_refused() {
        for text in [
            "",
            "unknown",
            "_hidden",
            "1.2.3",
            "1.2.3.4:",
            "1.2.3.4:http",
            "1.2.3.4:99999",
            "[2001:db8::1",
            "[2001:db8::1]443",
            "2001:db8::1]",
            "1.2.3.4 5.6.7.8",
            "localhost:80",
        ] {
            assert_eq!(parse_forwarded(text), None, "{text:?}");
        }
    }
}
