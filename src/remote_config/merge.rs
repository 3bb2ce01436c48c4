//! The remote configuration and the options, merged into the rule about capturing, and what a page's recorder is told.

use super::response::RemoteConfig;
use crate::model::capture::CaptureRule;
use crate::model::page_config::PageConfig;
use crate::options::Options;

/// The rule about capturing. Remote wins over local. Without a configuration, or with one that has no part for session
/// replay, capture is off.
pub(crate) fn merge(options: &Options, config: Option<&RemoteConfig>) -> CaptureRule {
    let local = local_rule(options);
    let Some(replay) = config.and_then(|config| config.replay.as_ref()) else {
        return CaptureRule { enabled: false, ..local };
    };
    let local = CaptureRule { is_targeted: replay.targeting.is_some(), ..local };
    match &replay.sampling {
        None => local,
        Some(sampling) => CaptureRule {
            enabled: sampling.capture_enabled,
            sample_rate: sampling.sample_rate.unwrap_or(local.sample_rate),
            min_session_duration: sampling.min_session_duration.unwrap_or(local.min_session_duration),
            ..local
        },
    }
}

/// What a page's recorder is told. Of a configuration without a part for session replay there is nothing to be told.
pub(crate) fn merge_page(options: &Options, config: Option<&RemoteConfig>) -> PageConfig {
    let local = local_page(options);
    let Some(replay) = config.and_then(|config| config.replay.as_ref()) else { return local };
    PageConfig {
        privacy: match &replay.privacy {
            Some(remote) => local.privacy.joined_with(remote),
            None => local.privacy,
        },
        logging: replay.logging.clone().unwrap_or(local.logging),
        interaction: local.interaction.replaced_by(replay.interaction.as_ref()),
    }
}

/// What a page's recorder is told by the options alone.
pub(crate) fn local_page(options: &Options) -> PageConfig {
    PageConfig {
        privacy: options.privacy.clone(),
        logging: options.logging.clone(),
        interaction: options.interaction.clone(),
    }
}

/// The rule of the options alone.
pub(crate) fn local_rule(options: &Options) -> CaptureRule {
    CaptureRule {
        enabled: true,
        sample_rate: options.sample_rate,
        min_session_duration: options.min_session_duration,
        is_targeted: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample_rate::SampleRate;
    use std::time::Duration;

    fn merged(body: &str) -> CaptureRule {
        let options = Options::from_json(r#"{"sampleRate":0.25,"minSessionDurationMs":7}"#).unwrap();
        merge(&options, RemoteConfig::parse(body.as_bytes()).as_ref())
    }

    fn rule(enabled: bool, sample_rate: f64, min: u64) -> CaptureRule {
        CaptureRule {
            enabled,
            sample_rate: SampleRate::clamped(sample_rate),
            min_session_duration: Duration::from_millis(min),
            is_targeted: false,
        }
    }

    fn sampling(config: &str) -> String {
        format!(r#"{{"configs":{{"sessionReplay":{{"sr_sampling_config":{config}}}}}}}"#)
    }

    #[test]
    fn remote_wins_over_local() {
        for (config, expected) in [
            (r#"{"capture_enabled":true,"sample_rate":0.5}"#, rule(true, 0.5, 7)),
            (r#"{"capture_enabled":true}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":false,"sample_rate":1}"#, rule(false, 1.0, 7)),
            (r#"{"sample_rate":1}"#, rule(false, 1.0, 7)),
            (r#"{"capture_enabled":"true"}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":1}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":{}}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":"False"}"#, rule(false, 0.25, 7)),
            (r#"{"capture_enabled":""}"#, rule(false, 0.25, 7)),
            (r#"{"capture_enabled":0}"#, rule(false, 0.25, 7)),
            (r#"{"capture_enabled":null}"#, rule(false, 0.25, 7)),
            (r#"{"capture_enabled":true,"sample_rate":null}"#, rule(true, 0.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":"0.5"}"#, rule(true, 0.5, 7)),
            (r#"{"capture_enabled":true,"sample_rate":"all"}"#, rule(true, 0.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":"NaN"}"#, rule(true, 0.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":true}"#, rule(true, 1.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":{}}"#, rule(true, 0.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":1e999}"#, rule(true, 1.0, 7)),
            (r#"{"capture_enabled":true,"sample_rate":-1}"#, rule(true, 0.0, 7)),
            (r#"{"capture_enabled":true,"min_session_duration_ms":1e999}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":false,"capture_enabled":true}"#, rule(true, 0.25, 7)),
            (r#"[1]"#, rule(false, 0.25, 7)),
            (r#""on""#, rule(false, 0.25, 7)),
            (r#"{"capture_enabled":true,"min_session_duration_ms":90000}"#, rule(true, 0.25, 60_000)),
            (r#"{"capture_enabled":true,"min_session_duration_ms":-1}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":true,"min_session_duration_ms":"5"}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":true,"min_session_duration_ms":0}"#, rule(true, 0.25, 0)),
        ] {
            assert_eq!(merged(&sampling(config)), expected, "{config}");
        }
    }

    #[test]
    fn without_a_sampling_part_the_local_rate_holds() {
        for config in ["{}", "[]", "null", "7", "\"\""] {
            assert_eq!(merged(&sampling(config)), rule(true, 0.25, 7), "{config}");
        }
        assert_eq!(merged(r#"{"configs":{"sessionReplay":{}}}"#), rule(true, 0.25, 7));
    }

    #[test]
    fn without_a_config_or_a_part_for_session_replay_capture_is_off() {
        for body in [
            "",
            "<html>",
            "null",
            "[]",
            "7",
            "{}",
            r#"{"configs":null}"#,
            r#"{"configs":{}}"#,
            r#"{"configs":{"sessionReplay":null}}"#,
            r#"{"configs":{"sessionReplay":[]}}"#,
            r#"{"configs":{"sessionReplay":true}}"#,
            r#"{"configs":[{"sessionReplay":{}}]}"#,
            r#"{"sessionReplay":{}}"#,
            r#"{"error":"unknown api key","code":400}"#,
        ] {
            assert_eq!(merged(body), rule(false, 0.25, 7), "{body}");
        }
        // What is not JSON is no configuration: the cached one is used.
        assert_eq!(RemoteConfig::parse(b"<html>"), None);
        assert_eq!(RemoteConfig::parse(b"{}").unwrap().replay, None);
    }

    #[test]
    fn an_odd_value_changes_no_other_value() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for odd in ["1e999", "\"\\ud800\"", &deep, "{\"\\ud800\":1}", "\"\u{fffd}\"", "-0.0e-999"] {
            let body = format!(
                r#"{{"x":{odd},"configs":{{"x":{odd},"sessionReplay":{{"x":{odd},"sr_privacy_config":{{"x":{odd},
                "defaultMaskLevel":{odd},"maskAttributes":{odd},"blockSelector":[{odd},".a"],"urlMaskLevels":[{odd},
                {{"match":"m","maskLevel":"light"}}]}},"sr_sampling_config":{{"capture_enabled":true,"sample_rate":0.5,
                "min_session_duration_ms":{odd}}},"sr_logging_config":{odd}}}}}}}"#
            );
            let rule = merged(&body);
            assert_eq!((rule.enabled, rule.sample_rate.get(), rule.is_targeted), (true, 0.5, false), "{odd}");
            let privacy = RemoteConfig::parse(body.as_bytes()).unwrap().replay.unwrap().privacy.unwrap();
            assert_eq!(privacy.block_selector.last().unwrap(), ".a", "{odd}");
            assert_eq!(privacy.url_mask_levels.len(), 1, "{odd}");
        }
        // Bytes that are not UTF-8, and a byte order mark.
        let body = b"\xef\xbb\xbf{\"x\":\"\xff\",\"configs\":{\"sessionReplay\":{}}}";
        assert!(RemoteConfig::parse(body).unwrap().replay.is_some());
    }

    #[test]
    fn a_filled_targeting_config_decides_in_place_of_the_sample() {
        let rule = |config: &str| {
            merged(&format!(r#"{{"configs":{{"sessionReplay":{{"sr_targeting_config":{config}}}}}}}"#))
        };
        for config in [r#"{"key":"sr_targeting_config","variants":{}}"#, "[1]", "\"x\""] {
            assert!(rule(config).is_targeted, "{config}");
        }
        for config in ["{}", "null", "[]", "\"\"", "1"] {
            assert!(!rule(config).is_targeted, "{config}");
        }
    }
}
