//! The address and the headers of each request: `protocol.md`, "Track request" and "Remote configuration".

use url::Url;

use super::body::Body;
use crate::model::envelope::{Envelope, ServerZone};
use crate::model::ids::ApiKey;
use crate::model::sample_rate::SampleRate;
use crate::options::Options;

/// This library's version, as `X-Client-Version` says it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The servers of the zone, or the host's own.
pub(crate) struct Endpoints {
    track: Option<Url>,
    config: Url,
}

impl Endpoints {
    /// The endpoints that the options ask for.
    pub fn new(options: &Options) -> Self {
        let config = options.config_server_url.clone().unwrap_or_else(|| {
            constant(match options.server_zone {
                ServerZone::Us => "https://sr-client-cfg.amplitude.com/config",
                ServerZone::Eu => "https://sr-client-cfg.eu.amplitude.com/config",
            })
        });
        Self { track: options.track_server_url.clone(), config }
    }

    /// Where batches of this zone go, without what the query says of each.
    pub fn track_server(&self, zone: ServerZone) -> Url {
        self.track.clone().unwrap_or_else(|| {
            constant(match zone {
                ServerZone::Us => "https://api-sr.amplitude.com/sessions/v2/track",
                ServerZone::Eu => "https://api-sr.eu.amplitude.com/sessions/v2/track",
            })
        })
    }

    /// Where a batch goes. The query has `device_id`, `session_id` and `type`, form-encoded, in that order.
    pub fn track(&self, envelope: &Envelope) -> Url {
        let mut url = self.track_server(envelope.zone);
        url.query_pairs_mut()
            .append_pair("device_id", envelope.device_id.as_str())
            .append_pair("session_id", envelope.session_id.as_str())
            .append_pair("type", envelope.kind.as_str());
        url
    }

    /// Where the remote configuration of this API key is.
    pub fn config(&self, api_key: &ApiKey) -> Url {
        let mut url = self.config.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(api_key.as_str());
        }
        url.query_pairs_mut().append_pair("config_group", "browser");
        url
    }
}

#[expect(clippy::expect_used, reason = "each of them is parsed by the tests of this file")]
fn constant(url: &'static str) -> Url {
    Url::parse(url).expect("a constant of this file is a URL")
}

/// The headers of a track request. `client_url` is the envelope's, as it may be told.
pub(crate) fn track_headers(
    api_key: &ApiKey,
    envelope: &Envelope,
    client_url: &str,
    body: &Body,
) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("Accept", "*/*".to_owned()),
        ("Authorization", format!("Bearer {}", api_key.as_str())),
        ("X-Client-Version", VERSION.to_owned()),
        ("X-Client-Library", envelope.library.clone()),
        ("X-Client-Url", client_url.to_owned()),
        ("X-Client-Sample-Rate", envelope.sample_rate.map_or(0.0, SampleRate::get).to_string()),
        ("X-Sampling-Hash-Alg", "xxhash32".to_owned()),
    ];
    if body.gzipped {
        headers.push(("Content-Encoding", "gzip".to_owned()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{DeviceId, ReplayId, SessionId};
    use std::time::SystemTime;

    fn track_url(json: &str) -> String {
        track_url_of(json, |envelope| envelope)
    }

    fn track_url_of(json: &str, of: fn(Envelope) -> Envelope) -> String {
        let options = Options::from_json(json).unwrap();
        let envelope = Envelope::new(
            &options.client_info(),
            &ReplayId {
                device: DeviceId::from_text("a@b:c=d|e.F-1_2").unwrap(),
                session: SessionId::from_millis(1_732_300_000_000).unwrap(),
            },
            Some(SampleRate::ALL),
            SystemTime::now(),
        );
        Endpoints::new(&options).track(&of(envelope)).into()
    }

    const QUERY: &str = "?device_id=a%40b%3Ac%3Dd%7Ce.F-1_2&session_id=1732300000000&type=replay";

    #[test]
    fn batches_go_to_the_zone_or_to_track_server_url() {
        assert_eq!(track_url("{}"), format!("https://api-sr.amplitude.com/sessions/v2/track{QUERY}"));
        assert_eq!(
            track_url(r#"{"serverZone":"EU"}"#),
            format!("https://api-sr.eu.amplitude.com/sessions/v2/track{QUERY}")
        );
        assert_eq!(
            track_url(r#"{"serverZone":"EU","trackServerUrl":"http://127.0.0.1:9/t"}"#),
            format!("http://127.0.0.1:9/t{QUERY}")
        );
        let interactions = track_url_of("{}", |envelope| envelope.of_interactions());
        assert!(interactions.ends_with("&session_id=1732300000000&type=interaction"), "{interactions}");
    }

    #[test]
    fn remote_configuration_is_fetched_by_api_key() {
        let url = |json: &str| -> String {
            Endpoints::new(&Options::from_json(json).unwrap())
                .config(&ApiKey::from_text("k/1").unwrap())
                .into()
        };
        assert_eq!(url("{}"), "https://sr-client-cfg.amplitude.com/config/k%2F1?config_group=browser");
        assert_eq!(
            url(r#"{"serverZone":"EU"}"#),
            "https://sr-client-cfg.eu.amplitude.com/config/k%2F1?config_group=browser"
        );
        assert_eq!(
            url(r#"{"configServerUrl":"http://127.0.0.1:9/config/"}"#),
            "http://127.0.0.1:9/config/k%2F1?config_group=browser"
        );
    }
}
