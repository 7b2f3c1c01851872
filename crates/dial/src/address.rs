//! What kind of address an IP address is: out in the world, inside a house, or one nobody may be sent to by name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To a server on the public internet.
    Outside,
    /// To this machine.
    Here,
    /// To the company's own network.
    Inside,
    /// To link-local services (the metadata of cloud machines), groups, tunnels and ranges without servers.
    Nowhere,
}

/// Where this address leads. An IPv4 address inside an IPv6 one is judged as what it is.
pub(crate) fn leads(ip: IpAddr) -> Leads {
    match ip {
        IpAddr::V4(v4) => leads_v4(v4),
        IpAddr::V6(v6) => leads_v6(v6),
    }
}

fn leads_v4(ip: Ipv4Addr) -> Leads {
    match ip.octets() {
        [127, ..] => Leads::Here,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Leads::Inside,
        // "This network", link-local, protocol assignments, documentation, 6to4 relays, benchmarks, groups and the reserved end.
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [224..=255, ..] => Leads::Nowhere,
        _ => Leads::Outside,
    }
}

fn leads_v6(ip: Ipv6Addr) -> Leads {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        leads_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Leads::Here,
        [0, 0, 0, 0, 0, 0xffff, high, low] => embedded(high, low),
        // A translator forwards to the address inside: fine for the world, a way round the rules for anything else.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] if embedded(high, low) == Leads::Outside => Leads::Outside,
        // The metadata service of one large cloud, inside the range for private networks.
        [0xfd00, 0x0ec2, ..] => Leads::Nowhere,
        [0xfc00..=0xfdff, ..] => Leads::Inside,
        // Protocol assignments with Teredo, documentation, 6to4.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Leads::Nowhere,
        [0x2000..=0x3fff, ..] => Leads::Outside,
        _ => Leads::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_by_where_they_lead() {
        let cases = [
            (Leads::Outside, "93.184.216.34 2606:2800:220:1::1 64:ff9b::5db8:d822 100.128.0.1 172.32.0.1"),
            (Leads::Here, "127.0.0.1 127.9.9.9 ::1 ::ffff:127.0.0.1"),
            (Leads::Inside, "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 fd12::1 fc00::1 ::ffff:10.0.0.1"),
            (
                Leads::Nowhere,
                "0.0.0.0 169.254.169.254 ::ffff:169.254.169.254 224.0.0.1 255.255.255.255 240.0.0.1 192.0.0.192 198.18.0.1 \
                 :: fe80::1 fec0::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a00:1 fd00:ec2::254 ::7f00:1",
            ),
        ];
        for (expected, addresses) in cases {
            for address in addresses.split_whitespace() {
                assert_eq!(leads(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
