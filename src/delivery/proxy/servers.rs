//! A system's list of proxies, as Windows writes it: `corp:8080`, or `http=a:80;https=b:80;socks=c:1080`.

use ureq::Proxy;

use super::route::parse;

/// The proxies of a list, for each scheme in the order in which to try them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Servers {
    http: Named,
    https: Named,
}

/// `None`: the list names none. Empty: those that it names can't be used.
type Named = Option<Vec<Proxy>>;

impl Servers {
    /// Reads a list. Its entries stand between semicolons or blanks; one without `scheme=` is for every scheme, `socks=` for
    /// those without an entry of their own.
    pub fn parse(list: &str) -> Self {
        let entries = || list.split([';', ' ', '\t', '\n']).filter(|entry| !entry.is_empty());
        let of = |scheme: &str| -> Named {
            let texts: Vec<String> = entries()
                .filter_map(|entry| match entry.split_once('=') {
                    None if scheme.is_empty() => Some(entry.to_owned()),
                    Some((name, server)) if name.eq_ignore_ascii_case(scheme) => {
                        Some(with_kind(name, server))
                    }
                    _ => None,
                })
                .collect();
            (!texts.is_empty()).then(|| texts.iter().filter_map(|text| parse(text)).collect())
        };
        let others = of("").or_else(|| of("socks"));
        Self { http: of("http").or_else(|| others.clone()), https: of("https").or(others) }
    }

    /// Those for this scheme of a URL.
    pub fn of_scheme(&self, scheme: &str) -> Option<&[Proxy]> {
        if scheme == "https" { self.https.as_deref() } else { self.http.as_deref() }
    }
}

/// `http=` and `https=` name the scheme of the request, `socks=` the kind of proxy: version 4, where it says no other.
fn with_kind(scheme: &str, server: &str) -> String {
    let is_plain_socks = scheme.eq_ignore_ascii_case("socks") && !server.contains("://");
    if is_plain_socks { format!("socks4://{server}") } else { server.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `kind host:port`, in the order of the list.
    fn named(list: &str, scheme: &str) -> Option<String> {
        let show = |proxy: &Proxy| format!("{:?} {}:{}", proxy.protocol(), proxy.host(), proxy.port());
        let servers = Servers::parse(list);
        Some(servers.of_scheme(scheme)?.iter().map(show).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn lists_are_read_as_windows_writes_them() {
        for (list, http, https) in [
            ("corp:8080", Some("Http corp:8080"), Some("Http corp:8080")),
            ("http://corp:8080", Some("Http corp:8080"), Some("Http corp:8080")),
            ("a:1;b:2", Some("Http a:1, Http b:2"), Some("Http a:1, Http b:2")),
            ("a:1 b:2", Some("Http a:1, Http b:2"), Some("Http a:1, Http b:2")),
            ("http=a:1;https=b:2;ftp=c:3", Some("Http a:1"), Some("Http b:2")),
            ("HTTP=a:1", Some("Http a:1"), None),
            ("https=b:2", None, Some("Http b:2")),
            ("https=https://b:2", None, Some("Https b:2")),
            ("http=a:1;socks=c:3", Some("Http a:1"), Some("Socks4 c:3")),
            ("socks=socks5h://c:3", Some("Socks5h c:3"), Some("Socks5h c:3")),
            ("http=[::1]:8080", Some("Http [::1]:8080"), None),
            ("ftp=c:3", None, None),
            ("", None, None),
            (" ; ", None, None),
            ("http=;https=b:2", Some(""), Some("Http b:2")),
            ("gopher://x", Some(""), Some("")),
            ("gopher://x;a:1", Some("Http a:1"), Some("Http a:1")),
        ] {
            assert_eq!(named(list, "http").as_deref(), http, "{list}");
            assert_eq!(named(list, "https").as_deref(), https, "{list}");
        }
    }
}
