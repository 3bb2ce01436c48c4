//! A system's list of hosts that are reached without a proxy, as Windows and macOS write it: `*.corp.example;10.*;<local>`.
//! Not as `NO_PROXY`: there a name covers what is below it, here only a `*` does.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::address::{ip_of, is_in, without_brackets};

/// The hosts that are reached without a proxy.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bypass {
    rules: Vec<Rule>,
    /// `<local>`: names without a dot.
    has_local: bool,
    /// `<-loopback>`: not even this machine is reached directly.
    proxies_loopback: bool,
}

/// An entry: `[scheme://]host[:port]`.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    scheme: Option<String>,
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq)]
enum Hosts {
    Network(IpNet),
    /// In lower case, with `*` for whatever.
    Pattern(String),
}

impl Bypass {
    /// Reads a list, with semicolons, commas or blanks between the entries. What makes no sense is left out.
    pub fn parse(list: &str) -> Self {
        let mut bypass = Self::default();
        for entry in list.split([';', ',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty()) {
            match entry.to_lowercase().as_str() {
                "<local>" => bypass.has_local = true,
                "<-loopback>" => bypass.proxies_loopback = true,
                entry => bypass.rules.extend(Rule::parse(entry)),
            }
        }
        bypass
    }

    /// Whether this URL is of this machine, which is reached without a proxy, as in browsers.
    pub fn covers_loopback(&self, url: &Url) -> bool {
        !self.proxies_loopback && url.host().is_some_and(|host| is_this_machine(&host))
    }

    /// Whether this URL is reached without a proxy.
    pub fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let is_plain = matches!(&host, Host::Domain(name) if !name.trim_end_matches('.').contains('.'));
        (is_plain && self.has_local)
            || self.covers_loopback(url)
            || self.rules.iter().any(|rule| rule.covers(url, &host))
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Self> {
        let (scheme, rest) = match entry.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_owned()), rest),
            None => (None, entry),
        };
        if let Some(network) = network(rest) {
            return Some(Self { scheme, hosts: Hosts::Network(network), port: None });
        }
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (rest, None),
        };
        let hosts = match network(host) {
            Some(network) => Hosts::Network(network),
            None if host.starts_with('.') => Hosts::Pattern(format!("*{host}")),
            None => Hosts::Pattern(host.trim_end_matches('.').to_owned()),
        };
        Some(Self { scheme, hosts, port })
    }

    fn covers(&self, url: &Url, host: &Host<&str>) -> bool {
        if self.scheme.as_deref().is_some_and(|scheme| scheme != url.scheme())
            || self.port.is_some_and(|port| url.port_or_known_default() != Some(port))
        {
            return false;
        }
        match (&self.hosts, host) {
            (Hosts::Network(network), _) => is_in(network, host),
            (Hosts::Pattern(pattern), Host::Domain(name)) => matches(pattern, name.trim_end_matches('.')),
            (Hosts::Pattern(pattern), _) => ip_of(host).is_some_and(|ip| matches(pattern, &ip.to_string())),
        }
    }
}

/// An address or a network; macOS leaves zeros at the end of networks out: `169.254/16`.
fn network(text: &str) -> Option<IpNet> {
    let bare = without_brackets(text);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(ip.into());
    }
    let (address, length) = bare.split_once('/')?;
    let missing = 3_usize.saturating_sub(address.matches('.').count());
    let address =
        if address.contains(':') { address.to_owned() } else { address.to_owned() + &".0".repeat(missing) };
    format!("{address}/{length}").parse().ok()
}

/// `localhost` and what is below it, loopback addresses, and those of the link.
fn is_this_machine(host: &Host<&str>) -> bool {
    if let Host::Domain(name) = host {
        let name = name.trim_end_matches('.');
        return name == "localhost" || name.ends_with(".localhost");
    }
    ip_of(host).is_some_and(|ip| match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local(),
    })
}

/// Whether a text is like a pattern with `*` for whatever.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = others.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_windows_and_macos_write_them() {
        for (list, url, is_direct) in [
            ("", "https://ingest.example/", false),
            ("*", "https://ingest.example/", true),
            ("ingest.example", "https://ingest.example/", true),
            ("Ingest.Example.", "https://INGEST.example./", true),
            ("example", "https://ingest.example/", false),
            ("*.example", "https://a.ingest.example/", true),
            ("*.example", "https://example/", false),
            (".example", "https://ingest.example/", true),
            ("in*le", "https://ingest.example/", true),
            ("in*x*le", "https://ingest.example/", true),
            ("in*y*le", "https://ingest.example/", false),
            ("*a*a", "https://a/", false),
            ("a;b, c d", "https://c/", true),
            ("a;b, c d", "https://d/", true),
            ("https://a", "https://a/", true),
            ("https://a", "http://a/", false),
            ("a:8080", "http://a:8080/", true),
            ("a:8080", "http://a/", false),
            ("a:443", "https://a/", true),
            ("10.*", "http://10.1.2.3/", true),
            ("10.*", "http://110.1.2.3/", false),
            ("10.0.0.0/8", "http://10.1.2.3/", true),
            ("169.254/16", "http://169.254.1.2/", true),
            ("17/8", "http://17.1.2.3/", true),
            ("17/8", "http://18.1.2.3/", false),
            ("10.0.0.1:81", "http://10.0.0.1:81/", true),
            ("10.0.0.1:81", "http://10.0.0.1/", false),
            ("fd00::/8", "http://[fd12::1]/", true),
            ("[fd12::1]:81", "http://[fd12::1]:81/", true),
            ("[fd12::1]:81", "http://[fd12::1]/", false),
            ("<local>", "http://intranet/", true),
            ("<LOCAL>", "http://intranet./", true),
            ("<local>", "http://intra.net/", false),
            ("<local>", "http://10.0.0.1/", false),
            ("", "http://intranet/", false),
            ("a:b:c;;;//;:", "http://a/", false),
        ] {
            let covers = Bypass::parse(list).covers(&Url::parse(url).unwrap());
            assert_eq!(covers, is_direct, "{list:?} {url}");
        }
    }

    #[test]
    fn this_machine_is_reached_directly_unless_the_list_says_otherwise() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "127.1.2.3",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "169.254.1.2",
            "[fe80::1]",
        ] {
            let url = Url::parse(&format!("http://{host}:8080/")).unwrap();
            assert!(Bypass::default().covers(&url), "{host}");
            assert!(!Bypass::parse("<-loopback>").covers(&url), "{host}");
            assert!(Bypass::parse("<-loopback>;*").covers(&url), "{host}");
        }
        assert!(!Bypass::default().covers(&Url::parse("http://notlocalhost/").unwrap()));
    }
}
