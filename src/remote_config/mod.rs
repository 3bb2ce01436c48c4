//! What the server says about capturing: asked for, remembered, joined with the local options
//! (`protocol.md`, "Remote configuration").

mod response;
mod schedule;

use std::time::{Duration, Instant};

use url::Url;

use crate::delivery::{Http, Response};
use crate::model::capture::CaptureRule;
use crate::options::Options;
pub(crate) use response::Answer;
pub(crate) use schedule::Question;

/// One attempt may take so long.
const ATTEMPT: Duration = Duration::from_secs(1);
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(333);
/// After so long a remembered answer is used instead.
const BUDGET: Duration = Duration::from_millis(1_500);

/// The server's answer, or why there is none.
pub(crate) enum Fetched {
    /// An answer, and its text, to be remembered.
    Answer(Answer, Vec<u8>),
    /// None.
    None {
        /// Why.
        reason: String,
        /// The server wants to hear no more of it.
        for_good: bool,
    },
}

/// Asks the server. With something `remembered` to fall back on, takes no longer than the budget. `pause`
/// waits, and says no when there is no point in going on.
pub(crate) fn fetch(http: &Http, url: &Url, remembered: bool, pause: impl Fn(Duration) -> bool) -> Fetched {
    let began = Instant::now();
    let left = || if remembered { BUDGET.saturating_sub(began.elapsed()) } else { ATTEMPT };
    let (mut reason, mut for_good) = (String::new(), false);
    for attempt in 0..ATTEMPTS {
        if attempt > 0 && !pause(PAUSE.min(left())) {
            break;
        }
        let time = ATTEMPT.min(left());
        if time < Duration::from_millis(10) {
            break;
        }
        match http.get(url, time) {
            Ok(reply) if (200..300).contains(&reply.status) && !reply.is_whole => {
                reason = "the answer broke off".to_owned();
            }
            Ok(reply) if (200..300).contains(&reply.status) => match Answer::parse(&reply.body) {
                Some(answer) => return Fetched::Answer(answer, reply.body),
                None => reason = "the answer is not what a configuration looks like".to_owned(),
            },
            Ok(reply) => {
                reason = format!("status {}", reply.status);
                for_good = ends_all_asking(&reply);
                if (400..500).contains(&reply.status) && reply.status != 429 {
                    break;
                }
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Fetched::None { reason, for_good }
}

/// The server does not know the key, or does not let it in: it would say so each time.
fn ends_all_asking(reply: &Response) -> bool {
    reply.is_whole && matches!(reply.status, 401 | 403)
}

/// The rule that follows. Remote beats local. No answer at all, or one without a part for session replay, means: capture
/// is off.
pub(crate) fn join(options: &Options, answer: Option<&Answer>) -> CaptureRule {
    let local = local_rule(options);
    let Some(replay) = answer.and_then(|answer| answer.replay.as_ref()) else {
        return CaptureRule { enabled: false, ..local };
    };
    let local = CaptureRule { is_targeted: replay.is_targeted, ..local };
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

/// What the options alone say.
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

    fn joined(body: &str) -> CaptureRule {
        let options = Options::from_json(r#"{"sampleRate":0.25,"minSessionDurationMs":7}"#).unwrap();
        join(&options, Answer::parse(body.as_bytes()).as_ref())
    }

    fn rule(enabled: bool, sample_rate: f64, min: u64) -> CaptureRule {
        CaptureRule {
            enabled,
            sample_rate,
            min_session_duration: Duration::from_millis(min),
            is_targeted: false,
        }
    }

    fn sampling(config: &str) -> String {
        format!(r#"{{"configs":{{"sessionReplay":{{"sr_sampling_config":{config}}}}}}}"#)
    }

    #[test]
    fn only_a_refusal_of_the_key_that_was_read_whole_ends_all_asking() {
        let ends = |status, is_whole| {
            ends_all_asking(&Response { status, skipped: None, body: Vec::new(), is_whole })
        };
        for status in 100..600 {
            assert_eq!(ends(status, true), status == 401 || status == 403, "{status}");
            assert!(!ends(status, false), "{status}");
        }
    }

    #[test]
    fn remote_beats_local() {
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
            assert_eq!(joined(&sampling(config)), expected, "{config}");
        }
    }

    #[test]
    fn without_a_sampling_part_the_local_rate_holds() {
        for config in ["{}", "[]", "null", "7", "\"\""] {
            assert_eq!(joined(&sampling(config)), rule(true, 0.25, 7), "{config}");
        }
        assert_eq!(joined(r#"{"configs":{"sessionReplay":{}}}"#), rule(true, 0.25, 7));
    }

    #[test]
    fn without_an_answer_or_a_part_for_replays_nothing_is_captured() {
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
            assert_eq!(joined(body), rule(false, 0.25, 7), "{body}");
        }
        // What is no JSON is no answer at all: the last one may serve.
        assert_eq!(Answer::parse(b"<html>"), None);
        assert_eq!(Answer::parse(b"{}").unwrap().replay, None);
    }

    #[test]
    fn one_odd_value_takes_nothing_else_with_it() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for odd in ["1e999", "\"\\ud800\"", &deep, "{\"\\ud800\":1}", "\"\u{fffd}\"", "-0.0e-999"] {
            let body = format!(
                r#"{{"x":{odd},"configs":{{"x":{odd},"sessionReplay":{{"x":{odd},"sr_privacy_config":{{"x":{odd},
                "defaultMaskLevel":{odd},"maskAttributes":{odd},"blockSelector":[{odd},".a"],"urlMaskLevels":[{odd},
                {{"match":"m","maskLevel":"light"}}]}},"sr_sampling_config":{{"capture_enabled":true,"sample_rate":0.5,
                "min_session_duration_ms":{odd}}},"sr_logging_config":{odd}}}}}}}"#
            );
            let rule = joined(&body);
            assert_eq!((rule.enabled, rule.sample_rate, rule.is_targeted), (true, 0.5, false), "{odd}");
            let privacy = Answer::parse(body.as_bytes()).unwrap().replay.unwrap().privacy.unwrap();
            assert_eq!(privacy.block_selector.last().unwrap(), ".a", "{odd}");
            assert_eq!(privacy.url_mask_levels.len(), 1, "{odd}");
        }
        // Bytes that are no UTF-8, and a byte order mark.
        let body = b"\xef\xbb\xbf{\"x\":\"\xff\",\"configs\":{\"sessionReplay\":{}}}";
        assert!(Answer::parse(body).unwrap().replay.is_some());
    }

    #[test]
    fn whom_targeting_would_choose_is_not_captured_yet() {
        let rule = |config: &str| {
            joined(&format!(r#"{{"configs":{{"sessionReplay":{{"sr_targeting_config":{config}}}}}}}"#))
        };
        for config in [r#"{"key":"sr_targeting_config","variants":{}}"#, "[1]", "\"x\""] {
            assert!(rule(config).is_targeted, "{config}");
        }
        for config in ["{}", "null", "[]", "\"\"", "1"] {
            assert!(!rule(config).is_targeted, "{config}");
        }
    }
}
