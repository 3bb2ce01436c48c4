//! The proxy that the environment names for a URL: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` as curl reads
//! them.
//!
//! Written here because no crate fits: ureq takes `ALL_PROXY` before the scheme's own variable and knows neither blanks nor
//! domains nor networks in `NO_PROXY`; hyper-util's matcher knows most of it and brings hyper and tokio; env_proxy knows no
//! networks, no IPv6 and no ports, and has not been released since 2020.

use url::Url;

use super::no_proxy::NoProxy;
use super::route::Route;
use crate::delivery::send_error::SendError;

/// The proxies of the environment, read once.
pub(super) struct Environment {
    http: Option<Setting>,
    https: Option<Setting>,
    no_proxy: NoProxy,
}

/// A variable that is set, and its value.
struct Setting {
    variable: &'static str,
    value: String,
}

impl Environment {
    /// Reads this process's environment.
    pub fn read() -> Self {
        Self::from(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads the environment through `variable`.
    pub fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable =
            |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|it| !it.is_empty());
        // In a CGI program HTTP_PROXY is the header `Proxy` of the request, which anybody may send.
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let first = |names: [&'static str; 4]| {
            names
                .into_iter()
                .filter(|name| !(is_cgi && *name == "HTTP_PROXY"))
                .find_map(|name| Some(Setting { variable: name, value: variable(name)? }))
        };
        let no_proxy = variable("no_proxy").or_else(|| variable("NO_PROXY")).unwrap_or_default();
        Self {
            http: first(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            https: first(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            no_proxy: NoProxy::parse(&no_proxy),
        }
    }

    /// The way to this URL; `None`: the environment says nothing of it.
    pub fn for_url(&self, url: &Url) -> Option<Result<Route, SendError>> {
        if self.no_proxy.covers(url) {
            return Some(Ok(Route::default()));
        }
        let setting = if url.scheme() == "https" { &self.https } else { &self.http };
        let Setting { variable, value } = setting.as_ref()?;
        Some(Route::through(value, &format!("the environment variable {variable}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The port of the proxy for `url`; 0: none.
    fn port(variables: &[(&str, &str)], url: &str) -> u16 {
        let value =
            |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        let route = Environment::from(value).for_url(&Url::parse(url).unwrap());
        route.and_then(|route| route.unwrap().proxy).map_or(0, |proxy| proxy.port())
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
            let environment = Environment::from(|name| (name == "HTTPS_PROXY").then(|| value.to_owned()));
            let route = environment.for_url(&Url::parse("https://x/").unwrap());
            let error = route.unwrap().unwrap_err().to_string();
            assert!(error.contains("HTTPS_PROXY") && !error.contains("cret"), "{error}");
            assert!(environment.for_url(&Url::parse("http://x/").unwrap()).is_none());
        }
    }

    #[test]
    fn no_proxy_speaks_for_the_system_too() {
        let variables = [("NO_PROXY", "a"), ("no_proxy", "b"), ("HTTPS_PROXY", "http://p:1")];
        let value = |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, it)| (*it).to_owned());
        let environment = Environment::from(value);
        let route =
            |url| environment.for_url(&Url::parse(url).unwrap()).map(|it| it.unwrap().proxy.is_some());
        assert_eq!(route("https://a/"), Some(true), "lower case comes first");
        assert_eq!(route("https://b/"), Some(false));
        assert_eq!(route("http://b/"), Some(false), "the system is not asked");
        assert_eq!(route("http://a/"), None, "the system is asked");
    }
}
