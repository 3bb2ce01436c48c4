//! macOS: the proxies of the network that is in use, from System Settings. Scripts are not run: CFNetwork alone could.

use system_configuration::core_foundation::array::CFArray;
use system_configuration::core_foundation::base::{CFType, TCFType};
use system_configuration::core_foundation::dictionary::CFDictionary;
use system_configuration::core_foundation::number::CFNumber;
use system_configuration::core_foundation::string::CFString;
use system_configuration::dynamic_store::SCDynamicStoreBuilder;
use url::Url;

use super::forked::is_fork;
use crate::delivery::proxy::bypass::Bypass;
use crate::delivery::proxy::servers::Servers;
use crate::delivery::proxy::settings::{Settings, Ways};

/// `None` in a child made by `fork` as well: the system's frameworks may end a process that asks them there.
pub(super) fn settings() -> Option<Settings> {
    if is_fork() {
        return None;
    }
    let store = SCDynamicStoreBuilder::new("session-replay").build()?;
    let proxies = Proxies(store.get_proxies()?);
    // Windows' way to write it. Of SOCKS, macOS has version 5, and the proxy looks names up.
    let lists = [("http=", "HTTP"), ("https=", "HTTPS"), ("socks=socks5h://", "SOCKS")];
    let servers: Vec<String> = lists
        .iter()
        .filter_map(|(prefix, kind)| Some(format!("{prefix}{}", proxies.server(kind)?)))
        .collect();
    let mut bypass = proxies.texts("ExceptionsList");
    if proxies.is_on("ExcludeSimpleHostnames") {
        bypass.push("<local>".to_owned());
    }
    Some(Settings {
        auto_detect: proxies.is_on("ProxyAutoDiscoveryEnable"),
        script: proxies.text("ProxyAutoConfigURLString").filter(|_| proxies.is_on("ProxyAutoConfigEnable")),
        servers: Servers::parse(&servers.join(";")),
        bypass: Bypass::parse(&bypass.join(";")),
    })
}

pub(super) fn run_script(_: &Settings, _: &Url) -> Option<Ways> {
    None
}

/// The dictionary of `SCDynamicStoreCopyProxies`. Its keys are those of SCSchemaDefinitions.h.
struct Proxies(CFDictionary<CFString, CFType>);

impl Proxies {
    /// `host:port` of a kind of proxy that is on.
    fn server(&self, kind: &str) -> Option<String> {
        if !self.is_on(&format!("{kind}Enable")) {
            return None;
        }
        let host = self.text(&format!("{kind}Proxy"))?;
        let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
        match self.number(&format!("{kind}Port")) {
            Some(port) => Some(format!("{host}:{port}")),
            None => Some(host),
        }
    }

    fn is_on(&self, key: &str) -> bool {
        self.number(key) == Some(1)
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.0.find(CFString::new(key))?.downcast::<CFNumber>()?.to_i64()
    }

    fn text(&self, key: &str) -> Option<String> {
        Some(self.0.find(CFString::new(key))?.downcast::<CFString>()?.to_string())
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let Some(list) = self.0.find(CFString::new(key)).and_then(|it| it.downcast::<CFArray>()) else {
            return Vec::new();
        };
        // SAFETY: what is in the arrays of the system's settings are objects of Core Foundation, which the array keeps alive.
        let items = list.iter().map(|item| unsafe { CFType::wrap_under_get_rule(*item) });
        items.filter_map(|item| Some(item.downcast::<CFString>()?.to_string())).collect()
    }
}
