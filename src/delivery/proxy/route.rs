//! A way to a server: directly, or through a proxy that somebody named.

use ureq::Proxy;
use url::Url;

use crate::delivery::send_error::SendError;
use crate::options::is_server_alone;

/// How a request gets to its server.
#[derive(Debug, Default)]
pub(in crate::delivery) struct Route {
    /// `None`: directly.
    pub proxy: Option<Proxy>,
    /// Who named the proxy: `the environment variable HTTPS_PROXY`.
    named_by: String,
    /// The operating system chose this way.
    pub(super) is_of_system: bool,
}

impl Route {
    /// Through the proxy that a text names; an error where it can't be used. To send past it would be against the user's will.
    pub(super) fn through(text: &str, named_by: &str) -> Result<Self, SendError> {
        match parse(text) {
            Some(proxy) => {
                Ok(Self { proxy: Some(proxy), named_by: named_by.to_owned(), is_of_system: false })
            }
            None => Err(unusable(named_by)),
        }
    }

    /// As the system says.
    #[cfg(any(target_os = "macos", windows))]
    pub(super) fn of_system(proxy: Option<Proxy>) -> Self {
        Self { proxy, named_by: SYSTEM.to_owned(), is_of_system: true }
    }

    /// For errors, without its password: `the proxy corp:8080 of the option proxy`. `None`: there is no proxy.
    pub fn described(&self) -> Option<String> {
        let proxy = self.proxy.as_ref()?;
        Some(format!("the proxy {}:{} of {}", proxy.host(), proxy.port(), self.named_by))
    }
}

/// Who named a proxy, when the operating system did.
#[cfg(any(target_os = "macos", windows, test))]
pub(super) const SYSTEM: &str = "the system's settings";

/// Why nothing is sent where a proxy is named that is none.
pub(super) fn unusable(named_by: &str) -> SendError {
    SendError::unreachable(format!("the proxy in {named_by} can't be used: it must be like http://host:port"))
}

/// The proxy that this text names, with a scheme or without.
pub(super) fn parse(text: &str) -> Option<Proxy> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    // Checked as well: ureq ignores everything behind the host, which in a password may begin with a `/`, `?` or `#`.
    Url::parse(&whole).ok().filter(is_server_alone)?;
    Proxy::new(&whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_server_and_nothing_on_it() {
        for (text, server, password) in [
            ("h:1", Some("h:1"), None),
            ("http://h:1/", Some("h:1"), None),
            ("socks5://h:1", Some("h:1"), None),
            ("http://u:p%2F%3F%23@h:1", Some("h:1"), Some("p/?#")),
            ("http://u:/word@h:1", None, None),
            ("http://u:1/word@h:1", None, None),
            ("u:1/word@h:1", None, None),
            ("http://u:?word@h:1", None, None),
            ("http://u:1?word@h:1", None, None),
            ("http://u:1#word@h:1", None, None),
            ("http://u:1\\word@h:1", None, None),
            ("socks5://u:1/word@h:1", None, None),
            ("socks5://u:1?word@h:1", None, None),
            ("http://h:1/path", None, None),
            ("http://h:1?", None, None),
        ] {
            let proxy = parse(text);
            let found = proxy.as_ref().map(|proxy| format!("{}:{}", proxy.host(), proxy.port()));
            assert_eq!(found.as_deref(), server, "{text}");
            assert_eq!(proxy.as_ref().and_then(|proxy| proxy.password()), password, "{text}");
        }
    }
}
