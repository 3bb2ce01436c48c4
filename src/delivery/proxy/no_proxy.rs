//! `NO_PROXY`: where no proxy is used, as curl reads it, and networks like `10.0.0.0/8`.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::address::{is_in, without_brackets};

/// The entries of `NO_PROXY`.
#[derive(Debug, Default)]
pub(super) struct NoProxy(Vec<NoProxyRule>);

impl NoProxy {
    /// Reads the variable's value. What makes no sense is left out.
    pub fn parse(list: &str) -> Self {
        Self(list.split([',', ' ', '\t', '\n', ';']).filter_map(NoProxyRule::parse).collect())
    }

    /// Whether one of the entries covers this URL.
    pub fn covers(&self, url: &Url) -> bool {
        self.0.iter().any(|rule| rule.covers(url))
    }
}

/// An entry of `NO_PROXY`.
#[derive(Debug, PartialEq)]
struct NoProxyRule {
    hosts: Hosts,
    port: Option<u16>,
}

/// The hosts that an entry covers.
#[derive(Debug, PartialEq)]
enum Hosts {
    All,
    /// This host and its subdomains.
    Domain(String),
    Network(IpNet),
}

impl NoProxyRule {
    fn parse(entry: &str) -> Option<Self> {
        if entry.is_empty() {
            return None;
        }
        if let Some(hosts) = Hosts::parse(entry) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = entry.rsplit_once(':')?;
        Some(Self { hosts: Hosts::parse(host)?, port: Some(port.parse().ok()?) })
    }

    fn covers(&self, url: &Url) -> bool {
        if self.port.is_some_and(|port| url.port_or_known_default() != Some(port)) {
            return false;
        }
        let Some(host) = url.host() else { return false };
        match (&self.hosts, &host) {
            (Hosts::All, _) => true,
            (Hosts::Domain(domain), Host::Domain(name)) => is_below(name, domain),
            (Hosts::Domain(_), _) => false,
            (Hosts::Network(network), host) => is_in(network, host),
        }
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let bare = without_brackets(text);
        if let Ok(network) = bare.parse() {
            return Some(Self::Network(network));
        }
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Some(Self::Network(ip.into()));
        }
        let name = text.strip_prefix('*').unwrap_or(text);
        let name = name.trim_start_matches('.').trim_end_matches('.');
        // As in a URL: lower case and ASCII.
        match Host::parse(name).ok()? {
            Host::Domain(name) => Some(Self::Domain(name)),
            Host::Ipv4(ip) => Some(Self::Network(IpAddr::V4(ip).into())),
            Host::Ipv6(ip) => Some(Self::Network(IpAddr::V6(ip).into())),
        }
    }
}

/// Whether a host is this domain's, or a subdomain's.
fn is_below(name: &str, domain: &str) -> bool {
    let above = name.trim_end_matches('.').strip_suffix(domain);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_is_read_as_it_is_written_in_practice() {
        for (no_proxy, url, is_direct) in [
            ("*", "http://anything/", true),
            ("a, *", "http://10.1.2.3/", true),
            ("localhost, 127.0.0.1", "http://127.0.0.1:8/", true),
            ("localhost,\t127.0.0.1 , x", "http://localhost/", true),
            ("a b", "http://b/", true),
            ("localhost", "http://127.0.0.1/", false),
            ("corp.example", "http://ingest.corp.example/", true),
            ("corp.example", "https://CORP.example./", true),
            ("Corp.Example.", "http://a.b.corp.example/", true),
            (".corp.example", "http://ingest.corp.example/", true),
            (".corp.example", "http://corp.example/", true),
            ("*.corp.example", "http://ingest.corp.example/", true),
            ("corp.example", "http://notcorp.example/", false),
            ("corp.example", "http://corp.example.org/", false),
            ("xn--bcher-kva.example", "http://xn--bcher-kva.example/", true),
            // Its tables are left out: see Cargo.toml.
            ("bücher.example", "http://xn--bcher-kva.example/", false),
            ("corp.example:8080", "http://corp.example:8080/", true),
            ("corp.example:8080", "http://corp.example/", false),
            ("corp.example:443", "https://a.corp.example/", true),
            ("corp.example:80", "https://a.corp.example/", false),
            ("127.0.0.0/8", "http://127.9.9.9:1/", true),
            ("10.0.0.0/8", "http://127.0.0.1/", false),
            ("10.1.2.3/8", "http://10.200.0.1/", true),
            ("10.0.0.1:81", "http://10.0.0.1:81/", true),
            ("10.0.0.1:81", "http://10.0.0.1/", false),
            ("0.0.1", "http://10.0.0.1/", false),
            ("10.0.0.0/33", "http://10.0.0.1/", false),
            ("10.0.0.0/8", "http://10.example/", false),
            ("::1", "http://[::1]:8080/", true),
            ("[::1]", "http://[::1]/", true),
            ("[::1]:8080", "http://[::1]:8080/", true),
            ("[::1]:8080", "http://[::1]/", false),
            ("fd00::/8", "http://[fd12::1]/", true),
            ("[fd00::]/8", "http://[fe80::1]/", false),
            ("127.0.0.0/8", "http://[::ffff:127.0.0.1]/", true),
            ("", "http://x/", false),
            (",, ,", "http://x/", false),
            ("http://x/", "http://x/", false),
        ] {
            let covers = NoProxy::parse(no_proxy).covers(&Url::parse(url).unwrap());
            assert_eq!(covers, is_direct, "{no_proxy:?} {url}");
        }
    }
}
