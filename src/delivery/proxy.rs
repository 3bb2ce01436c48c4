//! The proxy that the environment names for a URL: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` as curl reads
//! them, and networks like `10.0.0.0/8` in `NO_PROXY`.
//!
//! Written here because no crate fits: ureq takes `ALL_PROXY` before the scheme's own variable and knows neither blanks nor
//! domains nor networks in `NO_PROXY`; hyper-util's matcher knows most of it and brings hyper and tokio; env_proxy knows no
//! networks, no IPv6 and no ports, and has not been released since 2020.

use std::net::IpAddr;

use ipnet::IpNet;
use ureq::Proxy;
use url::{Host, Url};

use super::send_error::SendError;

/// The proxies of the environment, read once.
pub(super) struct Proxies {
    http: Option<Setting>,
    https: Option<Setting>,
    no_proxy: Vec<NoProxyRule>,
}

/// A proxy, `None` where it can't be used, and the variable that named it.
struct Setting {
    variable: &'static str,
    proxy: Option<Proxy>,
}

impl Proxies {
    /// Reads this process's environment.
    pub fn from_env() -> Self {
        Self::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads the environment through `variable`.
    fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable =
            |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|it| !it.is_empty());
        // In a CGI program HTTP_PROXY is the header `Proxy` of the request, which anybody may send.
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let first = |names: [&'static str; 4]| {
            names
                .into_iter()
                .filter(|name| !(is_cgi && *name == "HTTP_PROXY"))
                .find_map(|name| Some(Setting { variable: name, proxy: parse(&variable(name)?) }))
        };
        let no_proxy = variable("no_proxy").or_else(|| variable("NO_PROXY")).unwrap_or_default();
        Self {
            http: first(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            https: first(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            no_proxy: no_proxy.split([',', ' ', '\t', '\n', ';']).filter_map(NoProxyRule::parse).collect(),
        }
    }

    /// The proxy for this URL; `None`: no proxy.
    pub fn for_url(&self, url: &Url) -> Result<Option<Proxy>, SendError> {
        let setting = if url.scheme() == "https" { &self.https } else { &self.http };
        match setting {
            Some(setting) if !self.no_proxy.iter().any(|rule| rule.covers(url)) => match &setting.proxy {
                Some(proxy) => Ok(Some(proxy.clone())),
                // To send it past the proxy would be against the user's will.
                None => Err(SendError::unreachable(format!(
                    "the proxy in the environment variable {} can't be used: it must be like http://host:port",
                    setting.variable
                ))),
            },
            _ => Ok(None),
        }
    }
}

/// The proxy that this text names, with a scheme or without.
fn parse(text: &str) -> Option<Proxy> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    // Checked as well, since ureq ignores everything behind a `#` in a password.
    Url::parse(&whole).ok().filter(Url::has_host)?;
    Proxy::new(&whole).ok()
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
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(name)) => return self.hosts.covers_name(name),
            None => return false,
        };
        match &self.hosts {
            Hosts::All => true,
            Hosts::Network(network) => network.contains(&ip) || network.contains(&ip.to_canonical()),
            Hosts::Domain(_) => false,
        }
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
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

    fn covers_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        match self {
            Self::All => true,
            Self::Domain(domain) => {
                let above = name.strip_suffix(domain.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            Self::Network(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The port of the proxy for `url`; 0: none.
    fn port(variables: &[(&str, &str)], url: &str) -> u16 {
        let value =
            |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        let proxy = Proxies::read(value).for_url(&Url::parse(url).unwrap()).unwrap();
        proxy.map_or(0, |proxy| proxy.port())
    }

    #[test]
    fn the_schemes_own_variable_wins() {
        let all = [("all_proxy", "http://p:1"), ("HTTP_PROXY", "http://p:2"), ("HTTPS_PROXY", "http://p:3")];
        assert_eq!(port(&all, "http://x/"), 2);
        assert_eq!(port(&all, "https://x/"), 3);
        assert_eq!(port(&all[..1], "http://x/"), 1);
        assert_eq!(port(&[("ALL_PROXY", "p:4")], "https://x/"), 4, "a proxy without a scheme");
        assert_eq!(port(&[("HTTPS_PROXY", "http://p:1")], "http://x/"), 0, "of the other scheme");
        assert_eq!(port(&[("HTTP_PROXY", "http://p:1"), ("http_proxy", "http://p:2")], "http://x/"), 2);
        assert_eq!(
            port(&[("http_proxy", ""), ("ALL_PROXY", " socks5://p:2 ")], "http://x/"),
            2,
            "empty: not set"
        );
        assert_eq!(port(&[], "http://x/"), 0);
    }

    #[test]
    fn the_proxy_header_of_a_cgi_request_is_ignored() {
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(port(&[cgi, ("HTTP_PROXY", "http://evil:1")], "http://x/"), 0);
        assert_eq!(
            port(&[cgi, ("HTTP_PROXY", "http://evil:1"), ("ALL_PROXY", "http://p:2")], "http://x/"),
            2
        );
        assert_eq!(port(&[cgi, ("http_proxy", "http://p:2")], "http://x/"), 2);
        assert_eq!(port(&[cgi, ("HTTPS_PROXY", "http://p:3")], "https://x/"), 3);
    }

    #[test]
    fn an_unusable_proxy_is_an_error() {
        for value in ["gopher://p:1", "http://", "http://user:se#cret@p:1", "::"] {
            let proxies = Proxies::read(|name| (name == "HTTPS_PROXY").then(|| value.to_owned()));
            let error = proxies.for_url(&Url::parse("https://x/").unwrap()).unwrap_err().to_string();
            assert!(error.contains("HTTPS_PROXY") && !error.contains("cret"), "{error}");
            assert!(proxies.for_url(&Url::parse("http://x/").unwrap()).is_ok());
        }
    }

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
            ("bücher.example", "http://xn--bcher-kva.example/", true),
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
            let variables = [("ALL_PROXY", "http://p:1"), ("NO_PROXY", no_proxy)];
            assert_eq!(port(&variables, url) == 0, is_direct, "{no_proxy:?} {url}");
        }
        let both = [("ALL_PROXY", "http://p:1"), ("NO_PROXY", "a"), ("no_proxy", "b")];
        assert_eq!((port(&both, "http://a/"), port(&both, "http://b/")), (1, 0));
    }
}
