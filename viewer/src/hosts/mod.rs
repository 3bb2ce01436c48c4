//! Which hosts the viewer answers to.
//!
//! A page of `http://evil.example:8787` whose name was pointed to 127.0.0.1 after it was loaded ("DNS rebinding") is, to a
//! browser, the viewer's own page, and may read everything. Only the name in its requests gives it away.

mod authority;

use std::net::SocketAddr;

use axum::http::header::HOST;
use axum::http::uri::{Scheme, Uri};
use axum::http::{HeaderMap, StatusCode, Version};

use authority::{Authority, Host};

/// The port that a URL of `http` does not name.
const DEFAULT_PORT: u16 = 80;

/// A host that can't be answered to, in words for the user.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a host: give a name or an address, with :PORT where it is another than the viewer's")]
pub struct InvalidHost(String);

/// The hosts that the viewer answers to.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    bound: SocketAddr,
    allowed: Vec<Authority>,
}

impl AllowedHosts {
    /// `bound` is what is listened on; `allowed` what the user named beside it.
    pub(crate) fn new(bound: SocketAddr, allowed: &[String]) -> Result<Self, InvalidHost> {
        let allowed =
            allowed.iter().map(|text| Authority::parse(text).ok_or_else(|| InvalidHost(text.clone())));
        Ok(Self { bound, allowed: allowed.collect::<Result<_, _>>()? })
    }

    /// Whether a request's target and headers name us, and us only; otherwise the reply's status and why.
    pub(crate) fn check(
        &self,
        version: Version,
        uri: &Uri,
        headers: &HeaderMap,
        local: Option<SocketAddr>,
    ) -> Result<(), (StatusCode, String)> {
        let bad = |what: &str| Err((StatusCode::BAD_REQUEST, what.to_owned()));
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return bad("a request needs exactly one Host header");
        };
        let Ok(host) = host.to_str() else {
            return bad("the Host header is not a host");
        };
        if version > Version::HTTP_11 || uri.scheme().is_some_and(|scheme| *scheme != Scheme::HTTP) {
            return bad("the viewer speaks HTTP/1.1 without TLS");
        }
        // A target in absolute form (`GET http://host/path`) goes before the header; so both have to be ours.
        let target = uri.authority().map(|authority| authority.as_str());
        for named in target.into_iter().chain([host]) {
            if !Authority::parse(named).is_some_and(|authority| self.allows(&authority, local)) {
                return Err((StatusCode::MISDIRECTED_REQUEST, not_ours(named)));
            }
        }
        Ok(())
    }

    fn allows(&self, authority: &Authority, local: Option<SocketAddr>) -> bool {
        let port = self.bound.port();
        let ours = match &authority.host {
            Host::Name(name) => name == "localhost",
            // No name server can make another's page out of an address that is our own.
            Host::Address(address) => {
                address.is_loopback()
                    || *address == self.bound.ip().to_canonical()
                    || local.is_some_and(|local| *address == local.ip().to_canonical())
            }
        };
        if ours && authority.port.unwrap_or(DEFAULT_PORT) == port {
            return true;
        }
        self.allowed.iter().any(|allowed| {
            // Behind a proxy the viewer has the port of the scheme, which browsers leave out.
            let ports = [Some(allowed.port.unwrap_or(port)), allowed.port];
            allowed.host == authority.host && ports.contains(&authority.port)
        })
    }
}

fn not_ours(named: &str) -> String {
    format!(
        "the viewer does not answer to {named:?}; if that is meant to lead here, start it with `--allow-host HOST`, or \
         HOST:PORT where the port is another than the viewer's"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(bound: &str, allowed: &[&str]) -> AllowedHosts {
        let allowed: Vec<_> = allowed.iter().map(|&host| host.to_owned()).collect();
        AllowedHosts::new(bound.parse().unwrap(), &allowed).unwrap()
    }

    fn answers(hosts: &AllowedHosts, host: &str) -> bool {
        answers_at(hosts, host, None)
    }

    fn answers_at(hosts: &AllowedHosts, host: &str, local: Option<&str>) -> bool {
        let headers = [(HOST, host.parse().unwrap())].into_iter().collect();
        let local = local.map(|local| local.parse().unwrap());
        hosts.check(Version::HTTP_11, &Uri::from_static("/"), &headers, local).is_ok()
    }

    #[test]
    fn loopback_is_known_by_name_and_address_in_any_spelling() {
        let hosts = hosts("127.0.0.1:8787", &[]);
        for host in [
            "localhost:8787",
            "LOCALHOST:8787",
            "LocalHost.:8787",
            "127.0.0.1:8787",
            "127.9.8.7:8787",
            "[::1]:8787",
            "[0:0:0:0:0:0:0:1]:8787",
            "[::ffff:127.0.0.1]:8787",
            "[::FFFF:7f00:1]:8787",
            "localhost:08787",
        ] {
            assert!(answers(&hosts, host), "{host}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        let hosts = hosts("127.0.0.1:8787", &[]);
        for host in [
            "evil.example:8787",
            "evil.example",
            "localhost.evil.example:8787",
            "evil.localhost:8787",
            "127.0.0.1.evil.example:8787",
            "127.0.0.1.nip.io:8787",
            "localhost..:8787",
            "localhost:8788",
            "localhost:80",
            "localhost",
            "localhost:",
            "localhost:+8787",
            "localhost:8787:8787",
            "localhost:8787@evil.example",
            "evil.example@localhost:8787",
            "localhost:8787/",
            "localhost:8787,evil.example",
            " ",
            "",
            ":8787",
            ".:8787",
            "127.1:8787",
            "0x7f.0.0.1:8787",
            "2130706433:8787",
            "127.0.0.01:8787",
            "0.0.0.0:8787",
            "192.168.0.7:8787",
            "::1:8787",
            "[::1]8787",
            "[::1:8787",
            "[fe80::1%25eth0]:8787",
            "[2001:db8::1]:8787",
            "localhost:74323",
        ] {
            assert!(!answers(&hosts, host), "{host}");
        }
    }

    #[test]
    fn the_bound_address_is_known_and_behind_a_wildcard_the_one_that_was_reached() {
        assert!(answers(&hosts("192.168.0.7:9000", &[]), "192.168.0.7:9000"));
        let v6 = hosts("[2001:db8::1]:9000", &[]);
        assert!(answers(&v6, "[2001:DB8:0::1]:9000"));
        assert!(!answers(&v6, "[2001:db8::2]:9000"));
        for bound in ["0.0.0.0:9000", "[::]:9000"] {
            let hosts = hosts(bound, &[]);
            for (host, local, known) in [
                ("localhost:9000", "127.0.0.1:9000", true),
                ("192.168.0.7:9000", "192.168.0.7:9000", true),
                ("192.168.0.7:9000", "[::ffff:192.168.0.7]:9000", true),
                ("[2001:db8::1]:9000", "[2001:db8::1]:9000", true),
                ("192.168.0.8:9000", "192.168.0.7:9000", false),
                ("evil.example:9000", "192.168.0.7:9000", false),
            ] {
                assert_eq!(answers_at(&hosts, host, Some(local)), known, "{bound} {host} {local}");
            }
        }
        assert!(answers(&hosts("0.0.0.0:9000", &[]), "0.0.0.0:9000"), "it is what the program says");
        assert!(answers(&hosts("127.0.0.1:80", &[]), "localhost"));
        assert!(answers(&hosts("127.0.0.1:80", &[]), "localhost:"));
    }

    #[test]
    fn hosts_that_the_user_named_are_known() {
        let hosts =
            hosts("0.0.0.0:9000", &["Desk.example", "proxy.example:443", "10.0.2.2", "[2001:db8::9]:1"]);
        for (host, known) in [
            ("desk.example:9000", true),
            ("DESK.example.:9000", true),
            ("desk.example", true),
            ("desk.example:9001", false),
            ("a.desk.example:9000", false),
            ("proxy.example:443", true),
            ("proxy.example:9000", false),
            ("proxy.example", false),
            ("10.0.2.2:9000", true),
            ("[2001:db8::9]:1", true),
            ("[2001:db8::9]:9000", false),
        ] {
            assert_eq!(answers(&hosts, host), known, "{host}");
        }
        for wrong in ["http://desk.example", "desk.example/", "*", "", "a b"] {
            assert!(AllowedHosts::new(([127, 0, 0, 1], 1).into(), &[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_names_one_host_and_means_it() {
        let hosts = hosts("127.0.0.1:8787", &[]);
        let check = |uri: &'static str, named: &[&str]| {
            let mut map = HeaderMap::new();
            for host in named {
                map.append(HOST, host.parse().unwrap());
            }
            hosts
                .check(Version::HTTP_11, &Uri::from_static(uri), &map, None)
                .map_err(|(status, _)| status.as_u16())
        };
        assert_eq!(check("/", &["localhost:8787"]), Ok(()));
        assert_eq!(check("http://127.0.0.1:8787/", &["localhost:8787"]), Ok(()));
        assert_eq!(check("/", &[]), Err(400));
        assert_eq!(check("/", &["localhost:8787", "localhost:8787"]), Err(400));
        assert_eq!(check("/", &["localhost:8787", "evil.example:8787"]), Err(400));
        assert_eq!(check("http://evil.example:8787/", &["localhost:8787"]), Err(421));
        assert_eq!(check("http://localhost:8787/", &["evil.example:8787"]), Err(421));
        assert_eq!(check("http://localhost:8787@evil.example/", &["localhost:8787"]), Err(421));
        assert_eq!(check("evil.example:443", &["localhost:8787"]), Err(421), "CONNECT");
        assert_eq!(check("https://localhost:8787/", &["localhost:8787"]), Err(400));
    }
}
