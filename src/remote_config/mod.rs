//! What the server says about capturing: asked for, remembered, joined with the local options
//! (`protocol.md`, "Remote configuration").

mod answer;
mod question;

use std::time::{Duration, Instant};

use url::Url;

use crate::capture::CaptureRule;
use crate::delivery::Http;
use crate::options::Options;
pub(crate) use answer::Answer;
pub(crate) use question::Question;

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
            Ok(reply) if (200..300).contains(&reply.status) => match Answer::parse(&reply.body) {
                Some(answer) => return Fetched::Answer(answer, reply.body),
                None => reason = "the answer is not what a configuration looks like".to_owned(),
            },
            Ok(reply) => {
                reason = format!("status {}", reply.status);
                for_good = reply.status == 401;
                if (400..500).contains(&reply.status) && reply.status != 429 {
                    break;
                }
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Fetched::None { reason, for_good }
}

/// The rule that follows. Remote beats local. No answer at all means: capture is off.
pub(crate) fn join(options: &Options, answer: Option<&Answer>) -> CaptureRule {
    let local = local_rule(options);
    match answer {
        None => CaptureRule { enabled: false, ..local },
        Some(answer) => match &answer.sampling {
            None => local,
            Some(sampling) => CaptureRule {
                enabled: sampling.capture_enabled,
                sample_rate: sampling.sample_rate.unwrap_or(local.sample_rate),
                min_session_duration: sampling.min_session_duration.unwrap_or(local.min_session_duration),
            },
        },
    }
}

/// What the options alone say.
pub(crate) fn local_rule(options: &Options) -> CaptureRule {
    CaptureRule {
        enabled: true,
        sample_rate: options.sample_rate,
        min_session_duration: options.min_session_duration,
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
        CaptureRule { enabled, sample_rate, min_session_duration: Duration::from_millis(min) }
    }

    fn sampling(config: &str) -> String {
        format!(r#"{{"configs":{{"sessionReplay":{{"sr_sampling_config":{config}}}}}}}"#)
    }

    #[test]
    fn remote_beats_local() {
        for (config, expected) in [
            (r#"{"capture_enabled":true,"sample_rate":0.5}"#, rule(true, 0.5, 7)),
            (r#"{"capture_enabled":true}"#, rule(true, 0.25, 7)),
            (r#"{"capture_enabled":false,"sample_rate":1}"#, rule(false, 1.0, 7)),
            (r#"{"sample_rate":1}"#, rule(false, 1.0, 7)),
            (r#"{"capture_enabled":"true"}"#, rule(false, 0.25, 7)),
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
        for body in [&sampling("{}"), r#"{"configs":{"sessionReplay":{}}}"#, r#"{"configs":{}}"#, "{}"] {
            assert_eq!(joined(body), rule(true, 0.25, 7), "{body}");
        }
    }

    #[test]
    fn without_an_answer_nothing_is_captured() {
        for body in ["", "null", "[]", "<html>"] {
            assert_eq!(joined(body), rule(false, 0.25, 7), "{body}");
        }
    }
}
