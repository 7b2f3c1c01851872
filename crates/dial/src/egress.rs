//! Which servers may be called: only those somebody named, and inside the house only where the name says so.
//!
//! The rule. Host and port must have been named. A literal address or `localhost` named in the configuration is meant and
//! allowed. A name that cannot belong to the public (one label such as `orders`, or an ending kept for private use such as
//! `.internal`) may lead inside. Any other name may only lead outside, judged on the address that is connected to; so a
//! public name that starts to point at the house reaches nothing. No name ever leads to link-local addresses. A server that
//! is only named by a document (not by the configuration) must be a public one.

use crate::address::{Leads, leads};
use reqwest::Url;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// Endings that never belong to a public name: kept for private use by standards, or common for it and never delegated.
const PRIVATE_ENDINGS: &[&str] =
    &["internal", "local", "localhost", "home.arpa", "test", "svc", "lan", "intranet", "private", "corp", "home"];

/// Who named a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// The company's own configuration.
    Configuration,
    /// A document somebody else wrote, such as an interface description.
    Document,
}

/// Why an address may not be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// It cannot be read.
    #[error("'{0}' is no address like https://orders.example/api")]
    NotAnAddress(String),
    /// Neither `http` nor `https`.
    #[error("'{0}' is neither http nor https")]
    Scheme(String),
    /// User name or password in the address.
    #[error("the address of {0} holds a user name or password: write them as the backend's credentials")]
    Credentials(String),
    /// An IP address in a spelling that hides it.
    #[error("'{0}' is {1} in disguise: write it plainly")]
    Disguised(String, String),
    /// A document may not send us into the house.
    #[error("{0} is a private address that only a document names: name it in the configuration (base_url)")]
    PrivateByDocument(String),
    /// Nobody named this host and port.
    #[error("nobody named {0}:{1}")]
    NotNamed(String, u16),
    /// The name is a public one, but leads into the house.
    #[error("the public name {0} leads to {1}, which is not a public address")]
    LeadsInside(String, IpAddr),
}

/// The servers that may be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Egress {
    named: BTreeSet<(String, u16)>,
    https: bool,
}

impl Egress {
    /// Nothing may be called yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Names the server of this address, and gives the address as it was understood.
    ///
    /// # Errors
    /// An address that cannot be read, hides something, or is private without the configuration saying so.
    pub fn name(&mut self, address: &str, by: NamedBy) -> Result<Url, EgressError> {
        let url = Url::parse(address).map_err(|_| EgressError::NotAnAddress(address.to_owned()))?;
        let (host, port) = server(&url)?;
        if let Ok(ip) = host.parse::<IpAddr>()
            && !authority(address).contains(&ip.to_string())
        {
            return Err(EgressError::Disguised(address.to_owned(), ip.to_string()));
        }
        if by == NamedBy::Document && may_lead(&host) != Reach::Outside {
            return Err(EgressError::PrivateByDocument(host));
        }
        self.https |= url.scheme() == "https";
        self.named.insert((host, port));
        Ok(url)
    }

    /// Is any of the named servers reached over TLS?
    pub(crate) fn https(&self) -> bool {
        self.https
    }

    /// May this address be asked at all? What its name leads to is judged when it is resolved.
    pub(crate) fn permit(&self, url: &Url) -> Result<(), EgressError> {
        let (host, port) = server(url)?;
        if self.named.contains(&(host.clone(), port)) { Ok(()) } else { Err(EgressError::NotNamed(host, port)) }
    }
}

/// Of the addresses a name resolved to, those it may lead to. Only these are handed to the connection.
pub(crate) fn vet(host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, EgressError> {
    let reach = may_lead(host);
    let first = found.first().map(SocketAddr::ip);
    let allowed: Vec<_> = found.into_iter().filter(|address| reach.covers(leads(address.ip()))).collect();
    match first {
        Some(ip) if allowed.is_empty() => Err(EgressError::LeadsInside(host.to_owned(), ip)),
        _ => Ok(allowed),
    }
}

/// How far a host may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Literal,
    Here,
    Inside,
    Outside,
}

impl Reach {
    fn covers(self, leads: Leads) -> bool {
        match self {
            Self::Literal => true,
            Self::Here => leads == Leads::Here,
            Self::Inside => leads != Leads::Nowhere,
            Self::Outside => leads == Leads::Outside,
        }
    }
}

fn may_lead(host: &str) -> Reach {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return if leads(ip) == Leads::Outside { Reach::Outside } else { Reach::Literal };
    }
    let ends_in = |ending: &str| host.strip_suffix(ending).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    if ends_in("localhost") {
        Reach::Here
    } else if !host.contains('.') || PRIVATE_ENDINGS.iter().any(|ending| ends_in(ending)) {
        Reach::Inside
    } else {
        Reach::Outside
    }
}

/// What stands between the scheme and the path, as it was written.
fn authority(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

/// Host (lower case, without brackets and final dot) and port of an address that keeps the rules of form.
fn server(url: &Url) -> Result<(String, u16), EgressError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(EgressError::Scheme(url.scheme().to_owned()));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EgressError::Credentials(host));
    }
    match url.port_or_known_default() {
        Some(port) if !host.is_empty() => Ok((host, port)),
        _ => Err(EgressError::NotAnAddress(url.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(address: &str) -> Result<Url, EgressError> {
        Egress::none().name(address, NamedBy::Configuration)
    }

    #[test]
    fn only_what_was_named_may_be_called() {
        let mut egress = Egress::none();
        egress.name("https://orders.example/api", NamedBy::Configuration).unwrap();
        egress.name("http://127.0.0.1:8802", NamedBy::Configuration).unwrap();
        for fine in ["https://orders.example/other", "https://ORDERS.example.:443/", "http://127.0.0.1:8802/x", "http://0x7f.1:8802/"] {
            assert_eq!(egress.permit(&fine.parse().unwrap()), Ok(()), "{fine}");
        }
        for refused in [
            "http://orders.example/",
            "https://orders.example:8443/",
            "https://orders.example.evil.example/",
            "https://x@orders.example/",
            "http://127.0.0.1:8803/",
            "http://127.0.0.2:8802/",
            "http://[::ffff:127.0.0.1]:8802/",
            "http://localhost:8802/",
            "http://169.254.169.254/latest/meta-data/",
            "ftp://orders.example/",
        ] {
            assert!(egress.permit(&refused.parse().unwrap()).is_err(), "{refused}");
        }
    }

    #[test]
    fn disguises_and_credentials_are_refused_when_naming() {
        for plain in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost", "http://orders:8080", "https://a.example."] {
            assert!(configured(plain).is_ok(), "{plain}");
        }
        for odd in [
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/127.0.0.1",
            "http://[0:0:0:0:0:0:0:1]/",
        ] {
            assert!(matches!(configured(odd), Err(EgressError::Disguised(..))), "{odd}");
        }
        assert!(matches!(configured("https://a.example@127.0.0.1/"), Err(EgressError::Credentials(_))));
        assert!(matches!(configured("file:///etc/passwd"), Err(EgressError::Scheme(_))));
        assert!(matches!(configured("orders.example"), Err(EgressError::NotAnAddress(_))));
    }

    #[test]
    fn a_document_cannot_lead_into_the_house() {
        for private in ["http://127.0.0.1/", "http://localhost:9000", "http://10.0.0.7/", "http://billing.internal/", "http://db/"] {
            let named = Egress::none().name(private, NamedBy::Document);
            assert!(matches!(named, Err(EgressError::PrivateByDocument(_))), "{private}");
        }
        assert!(Egress::none().name("https://api.vendor.example/v1", NamedBy::Document).is_ok());
    }

    #[test]
    fn a_name_leads_only_where_it_may() {
        let at = |ip: &str| SocketAddr::new(ip.parse().unwrap(), 0);
        let kept = |host: &str, ips: &[&str]| vet(host, ips.iter().map(|ip| at(ip)).collect()).map(|list| list.len());
        assert_eq!(kept("shop.example.com", &["93.184.216.34", "10.0.0.1"]), Ok(1));
        assert!(kept("shop.example.com", &["10.0.0.1"]).is_err());
        assert!(kept("shop.example.com", &["127.0.0.1", "::1"]).is_err());
        assert!(kept("localhost.example.com", &["127.0.0.1"]).is_err());
        assert_eq!(kept("localhost", &["127.0.0.1", "::1", "10.0.0.1"]), Ok(2));
        assert_eq!(kept("orders", &["172.18.0.4"]), Ok(1));
        assert_eq!(kept("orders.svc.cluster.local", &["10.3.0.4"]), Ok(1));
        assert!(kept("orders.internal", &["169.254.169.254"]).is_err());
        assert!(kept("notinternal.example", &["10.3.0.4"]).is_err());
        assert_eq!(kept("shop.example.com", &[]), Ok(0));
    }
}
