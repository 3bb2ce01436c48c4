//! Fetches the remote configuration, in a few attempts.

use std::time::{Duration, Instant};

use url::Url;

use super::response::RemoteConfig;
use crate::delivery::{Http, Response};

/// The longest that one attempt takes.
const MAX_ATTEMPT: Duration = Duration::from_secs(1);
const MAX_ATTEMPTS: u32 = 3;
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(333);
/// After so long a cached configuration is used instead.
const MAX_FETCH_WITH_FALLBACK: Duration = Duration::from_millis(1_500);
/// An attempt with less time than this is not made.
const MIN_ATTEMPT: Duration = Duration::from_millis(10);

/// What a fetch gave.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fetched {
    /// The server's configuration.
    Config {
        config: RemoteConfig,
        /// The response body that it was read from.
        body: Vec<u8>,
    },
    /// None.
    Failed {
        /// Why.
        reason: String,
        /// The server refused the API key: no further fetch makes sense.
        is_final: bool,
    },
}

/// Fetches the configuration. With a fallback, takes at most [`MAX_FETCH_WITH_FALLBACK`]. `pause` waits between attempts and
/// returns false when there shall be no more of them.
pub(crate) fn fetch(http: &Http, url: &Url, has_fallback: bool, pause: impl Fn(Duration) -> bool) -> Fetched {
    let start = Instant::now();
    let left = || match has_fallback {
        true => MAX_FETCH_WITH_FALLBACK.saturating_sub(start.elapsed()),
        false => MAX_ATTEMPT,
    };
    let (mut reason, mut is_final) = (String::new(), false);
    for attempt in 0..MAX_ATTEMPTS {
        if attempt > 0 && !pause(PAUSE.min(left())) {
            break;
        }
        let timeout = MAX_ATTEMPT.min(left());
        if timeout < MIN_ATTEMPT {
            break;
        }
        // Without a fallback nothing is captured before: a host whose loop is busy takes the request late.
        match http.get(url, timeout, !has_fallback) {
            Ok(response) if (200..300).contains(&response.status) && !response.is_whole => {
                reason = "the response broke off".to_owned();
            }
            Ok(response) if (200..300).contains(&response.status) => {
                match RemoteConfig::parse(&response.body) {
                    Some(config) => return Fetched::Config { config, body: response.body },
                    None => reason = "the response is not JSON".to_owned(),
                }
            }
            Ok(response) => {
                reason = format!("the server responded with {}", response.status);
                is_final = refuses_api_key(&response);
                if (400..500).contains(&response.status) && response.status != 429 {
                    break;
                }
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Fetched::Failed { reason, is_final }
}

/// The server does not know the API key, or does not let it in: it would say so each time.
fn refuses_api_key(response: &Response) -> bool {
    response.is_whole && matches!(response.status, 401 | 403)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_401_or_403_refuses_the_api_key() {
        let refuses = |status, is_whole| {
            refuses_api_key(&Response { status, skipped: None, body: Vec::new(), is_whole })
        };
        for status in 100..600 {
            assert_eq!(refuses(status, true), status == 401 || status == 403, "{status}");
            assert!(!refuses(status, false), "{status}");
        }
    }
}
