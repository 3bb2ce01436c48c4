//! HTTPS, which is a cargo feature: a host that makes the requests has TLS of its own.

#[cfg(feature = "tls")]
use std::sync::Arc;

#[cfg(feature = "tls")]
use ureq::tls::{RootCerts, TlsConfig};
use url::Url;

use super::request::Endpoints;
use super::send_error::SendError;
use crate::error::Error;
use crate::model::ids::ApiKey;
use crate::options::{HostRequests, Options};

/// What to do where it was left out.
const ADVICE: &str = "make the requests yourself (sr_set_transport before sr_init, or the option hostRequests), or build it with the cargo feature \"tls\", \
     which is in the default ones";

/// Whether this build has it.
const IS_BUILT: bool = cfg!(feature = "tls");

/// The trust store of the operating system, and ring.
#[cfg(feature = "tls")]
pub(super) fn config() -> TlsConfig {
    TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::PlatformVerifier)
        .build()
}

/// Refuses a request that this build can't make.
pub(super) fn check(url: &Url) -> Result<(), SendError> {
    match is_out_of_reach(url, IS_BUILT) {
        true => Err(SendError::unreachable(format!("this build of session-replay has no TLS: {ADVICE}"))),
        false => Ok(()),
    }
}

/// Refuses options by which this build would have to make a request that it can't make: said at once, not by each request.
pub(crate) fn check_options(options: &Options, api_key: &ApiKey, host_makes_all: bool) -> Result<(), Error> {
    match missing(options, api_key, host_makes_all, IS_BUILT) {
        Some(which) => Err(Error::InvalidArgument(format!(
            "this build of session-replay has no TLS, and {which} begins with https: {ADVICE}"
        ))),
        None => Ok(()),
    }
}

/// The option whose address is out of reach.
fn missing(
    options: &Options,
    api_key: &ApiKey,
    host_makes_all: bool,
    is_built: bool,
) -> Option<&'static str> {
    if host_makes_all {
        return None;
    }
    let (endpoints, by_host) = (Endpoints::new(options), options.host_requests);
    if !by_host.has_events() && is_out_of_reach(&endpoints.track_server(options.server_zone), is_built) {
        return Some("trackServerUrl");
    }
    let asks = options.remote_config && !HostRequests::has_config(by_host);
    (asks && is_out_of_reach(&endpoints.config(api_key), is_built)).then_some("configServerUrl")
}

fn is_out_of_reach(url: &Url, is_built: bool) -> bool {
    !is_built && url.scheme() == "https"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_sent_is_said_before_anything_is() {
        let api_key = ApiKey::from_text("key").unwrap();
        for (options, host_makes_all, expected) in [
            ("{}", false, Some("trackServerUrl")),
            ("{}", true, None),
            (r#"{"serverZone":"EU"}"#, false, Some("trackServerUrl")),
            (r#"{"hostRequests":"all"}"#, false, None),
            (r#"{"hostRequests":"events"}"#, false, Some("configServerUrl")),
            (r#"{"hostRequests":"events","enableRemoteConfig":false}"#, false, None),
            (r#"{"hostRequests":"config"}"#, false, Some("trackServerUrl")),
            (r#"{"trackServerUrl":"http://127.0.0.1:1"}"#, false, Some("configServerUrl")),
            (r#"{"trackServerUrl":"https://x","enableRemoteConfig":false}"#, false, Some("trackServerUrl")),
            (
                r#"{"trackServerUrl":"http://127.0.0.1:1","configServerUrl":"http://127.0.0.1:1"}"#,
                false,
                None,
            ),
        ] {
            let options_value = Options::from_json(options).unwrap();
            assert_eq!(missing(&options_value, &api_key, host_makes_all, false), expected, "{options}");
            assert_eq!(missing(&options_value, &api_key, host_makes_all, true), None, "{options}");
        }
    }

    #[test]
    fn a_build_has_what_it_was_asked_for() {
        let refused = check(&Url::parse("https://x/").unwrap()).err().map(|error| error.to_string());
        assert_eq!(refused.is_none(), cfg!(feature = "tls"), "{refused:?}");
        assert!(check(&Url::parse("http://x/").unwrap()).is_ok());
    }
}
