//! What is known of a session since its first batch.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::store::SessionMarker;

/// Longest text kept of each kind, in characters: whoever wrote the marker may have claimed anything.
const MAX_URL_CHARS: usize = 1_000;
const MAX_CHARS: usize = 200;

/// A session's marker, as far as anybody asks for it. All of it is missing while no batch was accepted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    /// When the first batch arrived, in milliseconds since the epoch.
    pub(crate) arrived: u64,
    pub(crate) told: Told,
}

/// What the first batch said, as lists show it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Told {
    pub(crate) sample_rate: Option<f64>,
    pub(crate) library: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) client_url: Option<String>,
    /// Of its first page.
    pub(crate) title: Option<String>,
    /// What was recorded: a host, or an app's identifier.
    pub(crate) app: Option<String>,
    /// Browser and operating system, in a few words.
    pub(crate) system: Option<String>,
}

impl From<&SessionMarker> for Facts {
    fn from(marker: &SessionMarker) -> Self {
        let short =
            |text: &Option<String>, chars| text.as_ref().map(|text| text.chars().take(chars).collect());
        let told = Told {
            sample_rate: marker.sample_rate,
            library: short(&marker.library, MAX_CHARS),
            client_version: short(&marker.client_version, MAX_CHARS),
            client_url: short(&marker.client_url, MAX_URL_CHARS),
            title: short(&marker.title, MAX_CHARS),
            app: marker.client_url.as_deref().and_then(app_of),
            system: short(&marker.system, MAX_CHARS),
        };
        Self { arrived: marker.arrived, told }
    }
}

/// What an address is part of: its host with the port, or an app's identifier.
fn app_of(address: &str) -> Option<String> {
    let Ok(url) = Url::parse(address) else {
        let first = address.split(['/', '?', '#']).next().unwrap_or_default();
        return (!first.is_empty()).then(|| first.chars().take(MAX_CHARS).collect());
    };
    let app = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) if !host.is_empty() => format!("{host}:{port}"),
        (Some(host), None) if !host.is_empty() => host.to_owned(),
        _ if url.scheme() == "file" => url.path_segments()?.next_back()?.to_owned(),
        _ => url.path().trim_matches('/').split('/').next()?.to_owned(),
    };
    (!app.is_empty()).then(|| app.chars().take(MAX_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_the_app() {
        for (address, app) in [
            ("https://shop.example/cart?a=1", Some("shop.example")),
            ("http://localhost:3000/", Some("localhost:3000")),
            ("app://com.acme.desk/main", Some("com.acme.desk")),
            ("app:com.acme.desk", Some("com.acme.desk")),
            ("file:///opt/app/index.html", Some("index.html")),
            ("com.acme.desk", Some("com.acme.desk")),
            ("com.acme.desk/main", Some("com.acme.desk")),
            ("file:///", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(app_of(address).as_deref(), app, "{address}");
        }
    }
}
