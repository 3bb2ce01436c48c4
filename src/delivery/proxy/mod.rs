//! Which proxy a request goes through: the option `proxy` says so, else the environment, else the operating system.
//!
//! - [`route`]: a way to a server
//! - [`environment`]: `HTTPS_PROXY` and the like; [`no_proxy`]: `NO_PROXY`
//! - [`settings`]: what the system's settings say, as a value, and what follows for a URL; [`servers`] and [`bypass`]: its lists
//! - [`address`]: addresses in those lists and in `NO_PROXY`
//! - [`answers`]: what was found for each server, for a while; [`haste`]: whether there is time to find more
//! - [`system`]: the three above, with the functions of Windows and macOS, which have such settings

mod address;
#[cfg(any(target_os = "macos", windows, test))]
mod answers;
#[cfg(any(target_os = "macos", windows, test))]
mod bypass;
mod environment;
mod haste;
mod no_proxy;
mod route;
#[cfg(any(target_os = "macos", windows, test))]
mod servers;
#[cfg(any(target_os = "macos", windows, test))]
mod settings;
mod system;

use std::sync::atomic::{AtomicBool, Ordering};

use url::Url;

use self::environment::Environment;
use self::haste::Haste;
pub(super) use self::route::Route;
use self::system::System;
#[cfg(all(test, unix))]
pub(crate) use self::system::is_fork;
#[cfg(unix)]
pub(crate) use self::system::note_fork;
use super::send_error::SendError;
use crate::options::ProxyChoice;

/// What finds the proxy for each request.
pub(super) struct Proxies {
    choice: ProxyChoice,
    environment: Environment,
    system: System,
    is_closing: AtomicBool,
}

impl Proxies {
    /// Reads this process's environment. The system is asked with each request.
    pub fn new(choice: ProxyChoice) -> Self {
        Self::from(choice, Environment::read())
    }

    fn from(choice: ProxyChoice, environment: Environment) -> Self {
        Self { choice, environment, system: System::default(), is_closing: AtomicBool::new(false) }
    }

    /// The way to this URL. It may take seconds where the system has to fetch a script, so never on a thread of the host's.
    pub fn route(&self, url: &Url) -> Result<Route, SendError> {
        self.named(url).unwrap_or_else(|| self.system.route(url, self.haste()))
    }

    /// Has the system find the way to this URL before a request needs it, if it is the system that says. On a thread of ours.
    pub fn prepare(&self, url: &Url) {
        if self.named(url).is_none() {
            // What failed fails again with the request, which tells of it.
            let _ = self.system.route(url, self.haste());
        }
    }

    /// The library shuts down: from now on no detection of a script begins. One that is under way can't be cut off.
    pub fn begin_close(&self) {
        self.is_closing.store(true, Ordering::Release);
    }

    fn haste(&self) -> Haste {
        if self.is_closing() { Haste::Closing } else { Haste::None }
    }

    pub fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Acquire)
    }

    /// The way that the option or the environment names; `None`: the system is asked.
    fn named(&self, url: &Url) -> Option<Result<Route, SendError>> {
        match &self.choice {
            ProxyChoice::None => Some(Ok(Route::default())),
            ProxyChoice::Server(server) => Some(Route::through(server.as_str(), "the option proxy")),
            ProxyChoice::System => self.environment.for_url(url),
        }
    }

    /// No connection was made this way: another may be taken next time.
    pub fn note_failure(&self, url: &Url, route: &Route) {
        if route.is_of_system {
            self.system.note_failure(url);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_comes_before_the_environment() {
        let url = Url::parse("http://x/").unwrap();
        let variable = |name: &str| (name == "http_proxy").then(|| "http://environment:1".to_owned());
        let server = Url::parse("socks5://u:secret@option:2").unwrap();
        for (choice, described) in [
            (ProxyChoice::System, Some("the proxy environment:1 of the environment variable http_proxy")),
            (ProxyChoice::None, None),
            (ProxyChoice::Server(server), Some("the proxy option:2 of the option proxy")),
        ] {
            let proxies = Proxies::from(choice, Environment::from(variable));
            assert_eq!(proxies.route(&url).unwrap().described().as_deref(), described);
        }
    }

    #[test]
    fn the_system_is_asked_where_neither_the_option_nor_the_environment_says_anything() {
        let server = || ProxyChoice::Server(Url::parse("http://option:1").unwrap());
        for (choice, variable, url, is_asked) in [
            (ProxyChoice::System, "", "https://x/", true),
            (ProxyChoice::System, "http_proxy", "https://x/", true),
            (ProxyChoice::System, "https_proxy", "https://x/", false),
            (ProxyChoice::System, "no_proxy", "https://x/", false),
            (ProxyChoice::System, "no_proxy", "https://y/", true),
            (ProxyChoice::None, "", "https://x/", false),
            (ProxyChoice::None, "http_proxy", "https://x/", false),
            (server(), "", "https://x/", false),
            (server(), "no_proxy", "https://x/", false),
        ] {
            let row = format!("{choice:?} {variable} {url}");
            let value = |name: &str| (name == variable).then(|| "x".to_owned());
            let proxies = Proxies::from(choice, Environment::from(value));
            assert_eq!(proxies.named(&Url::parse(url).unwrap()).is_none(), is_asked, "{row}");
        }
    }

    #[test]
    fn there_is_haste_once_the_library_shuts_down() {
        let proxies = Proxies::from(ProxyChoice::System, Environment::from(|_| None));
        assert_eq!(proxies.haste(), Haste::None);
        proxies.begin_close();
        assert_eq!(proxies.haste(), Haste::Closing);
    }
}
