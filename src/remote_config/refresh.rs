//! What a fetch comes to: the new configuration, the cached one, or no change. No I/O.

use super::fetch::Fetched;
use super::response::RemoteConfig;

/// What a fetch comes to.
#[derive(Debug, PartialEq)]
pub(crate) struct Refresh {
    pub effective: Effective,
    /// The response body to cache for the next run.
    pub to_cache: Option<Vec<u8>>,
    /// What is to be told of it, if anything.
    pub problem: Option<String>,
}

/// The configuration that holds from now on.
#[derive(Debug, PartialEq)]
pub(crate) enum Effective {
    /// This one. `None`: there is none, and capture is off.
    Config(Option<RemoteConfig>),
    /// The one before.
    Unchanged,
}

impl Refresh {
    /// What `fetched` comes to, with the configuration that an earlier run `cached`. `has_rule`: an earlier fetch of this
    /// run was decided already.
    pub fn of(fetched: Fetched, cached: Option<RemoteConfig>, has_rule: bool) -> Self {
        match fetched {
            Fetched::Config { config, .. } if config.replay.is_none() => Self {
                effective: Effective::Config(Some(config)),
                to_cache: None,
                problem: Some(
                    "the remote configuration has no configs.sessionReplay: nothing is captured".to_owned(),
                ),
            },
            Fetched::Config { config, body } => {
                Self { effective: Effective::Config(Some(config)), to_cache: Some(body), problem: None }
            }
            Fetched::Failed { reason, .. } => {
                let in_force = match (has_rule, &cached) {
                    (true, _) => "the one before stays in force",
                    (false, Some(_)) => "the cached one is in force",
                    (false, None) => "nothing is captured",
                };
                Self {
                    effective: if has_rule { Effective::Unchanged } else { Effective::Config(cached) },
                    to_cache: None,
                    problem: Some(format!("no remote configuration ({reason}): {in_force}")),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fetch_comes_to_what_the_table_says() {
        const FILLED: &[u8] = br#"{"configs":{"sessionReplay":{}}}"#;
        let config = |body: &[u8]| RemoteConfig::parse(body).unwrap();
        let (filled, empty) = (config(FILLED), config(b"{}"));
        let cached = config(br#"{"configs":{"sessionReplay":{"sr_sampling_config":{"sample_rate":1}}}}"#);
        let fetched = |body: &[u8]| Fetched::Config { config: config(body), body: body.to_vec() };
        let failed = |is_final| Fetched::Failed { reason: "why".to_owned(), is_final };
        let effective = |config: &RemoteConfig| Effective::Config(Some(config.clone()));
        for (fetched, cached, has_rule, expected, is_cached, problem) in [
            (fetched(FILLED), None, false, effective(&filled), true, ""),
            (fetched(FILLED), Some(&cached), true, effective(&filled), true, ""),
            (fetched(b"{}"), None, false, effective(&empty), false, "has no configs.sessionReplay"),
            (fetched(b"{}"), Some(&cached), true, effective(&empty), false, "has no configs.sessionReplay"),
            (
                failed(false),
                None,
                false,
                Effective::Config(None),
                false,
                "no remote configuration (why): nothing is captured",
            ),
            (
                failed(true),
                Some(&cached),
                false,
                effective(&cached),
                false,
                "no remote configuration (why): the cached one is in force",
            ),
            (
                failed(false),
                Some(&cached),
                true,
                Effective::Unchanged,
                false,
                "no remote configuration (why): the one before stays in force",
            ),
            (
                failed(true),
                None,
                true,
                Effective::Unchanged,
                false,
                "no remote configuration (why): the one before stays in force",
            ),
        ] {
            let row = format!("{fetched:?} {cached:?} {has_rule}");
            let refresh = Refresh::of(fetched, cached.cloned(), has_rule);
            assert_eq!(refresh.effective, expected, "{row}");
            assert_eq!(refresh.to_cache.is_some(), is_cached, "{row}");
            assert_eq!(refresh.problem.is_some(), !problem.is_empty(), "{row}");
            assert!(refresh.problem.unwrap_or_default().contains(problem), "{row}");
        }
    }
}
