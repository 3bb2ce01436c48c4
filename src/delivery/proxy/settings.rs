//! What the operating system's settings say of proxies, as a value, and the ways to a URL that follow.

use ureq::Proxy;
use url::Url;

use super::bypass::Bypass;
use super::route::{SYSTEM, unusable};
use super::servers::Servers;
use crate::delivery::send_error::SendError;

/// The ways to a server, in the order in which to try them; `None`: directly.
pub(super) type Ways = Vec<Option<Proxy>>;

/// What the settings say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Settings {
    /// The network is asked for a script (WPAD).
    pub auto_detect: bool,
    /// The address of a script (PAC).
    pub script: Option<String>,
    /// Where there is no script, or it can't be had.
    pub servers: Servers,
    /// Where `servers` are not used.
    pub bypass: Bypass,
}

impl Settings {
    /// The ways to a URL. `script` gives those that the script names, or `None` when it can't be had.
    pub fn ways(&self, url: &Url, script: impl FnOnce() -> Option<Ways>) -> Result<Ways, SendError> {
        if self.bypass.covers_loopback(url) {
            return Ok(vec![None]);
        }
        let has_script = self.auto_detect || self.script.is_some();
        if let Some(ways) = has_script.then(script).flatten() {
            return if ways.is_empty() { Err(unusable(SYSTEM)) } else { Ok(ways) };
        }
        if self.bypass.covers(url) {
            return Ok(vec![None]);
        }
        match self.servers.of_scheme(url.scheme()) {
            None => Ok(vec![None]),
            Some([]) => Err(unusable(SYSTEM)),
            Some(servers) => Ok(servers.iter().cloned().map(Some).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `host:port` or `direct`, or the error.
    fn ways(settings: &Settings, url: &str, script: Option<&str>) -> String {
        let proxy = |text: &str| (text != "direct").then(|| super::super::route::parse(text).unwrap());
        let script = || script.map(|ways| ways.split_whitespace().map(proxy).collect());
        let show = |way: &Option<Proxy>| {
            way.as_ref().map_or("direct".to_owned(), |proxy| format!("{}:{}", proxy.host(), proxy.port()))
        };
        match settings.ways(&Url::parse(url).unwrap(), script) {
            Ok(ways) => ways.iter().map(show).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_script_comes_before_the_servers_and_the_bypass_list_is_of_the_servers() {
        let unusable = "the proxy in the system's settings can't be used: it must be like http://host:port";
        let auto = || Settings { auto_detect: true, ..Settings::default() };
        let with = |list: &str, bypass: &str, settings: Settings| Settings {
            servers: Servers::parse(list),
            bypass: Bypass::parse(bypass),
            ..settings
        };
        let script = || Settings { script: Some("http://corp/proxy.pac".to_owned()), ..Settings::default() };
        let none = Settings::default;
        for (settings, url, said, expected) in [
            (none(), "https://x/", None, "direct"),
            (none(), "https://x/", Some("s:1"), "direct"),
            (script(), "https://x/", Some("s:1 s:2 direct"), "s:1 s:2 direct"),
            (auto(), "https://x/", Some("s:1"), "s:1"),
            (auto(), "https://x/", Some("direct"), "direct"),
            (auto(), "https://x/", Some(""), unusable),
            (auto(), "https://x/", None, "direct"),
            (with("m:1", "", auto()), "https://x/", None, "m:1"),
            (with("m:1", "", script()), "https://x/", Some("s:1"), "s:1"),
            (with("m:1", "x", script()), "https://x/", Some("s:1"), "s:1"),
            (with("m:1", "x", script()), "https://x/", None, "direct"),
            (with("m:1", "", script()), "https://localhost/", Some("s:1"), "direct"),
            (with("m:1", "<-loopback>", script()), "https://localhost/", Some("s:1"), "s:1"),
            (with("m:1 m:2", "", none()), "https://x/", None, "m:1 m:2"),
            (with("m:1", "x", none()), "https://x/", None, "direct"),
            (with("http=m:1", "", none()), "https://x/", None, "direct"),
            (with("gopher://m:1", "", none()), "https://x/", None, unusable),
            (with("gopher://m:1", "x", none()), "https://x/", None, "direct"),
        ] {
            assert_eq!(ways(&settings, url, said), expected, "{settings:?} {url} {said:?}");
        }
    }
}
