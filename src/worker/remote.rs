//! Asks for the remote configuration, remembers the answer, and applies it.

use std::time::Instant;

use super::Workplace;
use super::sender::sleep;
use crate::capture::CaptureRule;
use crate::delivery::Endpoints;
use crate::options::LogLevel;
use crate::remote_config::{self, Answer, Fetched, Question};

/// The server's last answer to the question for the configuration, kept beside the runs.
const REMOTE_CONFIG: &str = "remote-config.json";

/// Asks for the remote configuration and joins it with the options. Without an answer the rule `before` holds on, or
/// what an earlier run remembered.
pub(super) fn ask_for_rule(
    place: &Workplace,
    endpoints: &Endpoints,
    question: &mut Question,
    before: Option<CaptureRule>,
) -> CaptureRule {
    let remembered = place.journal.read_kept(REMOTE_CONFIG).and_then(|bytes| Answer::parse(&bytes));
    let remembered = remembered.filter(|answer| answer.replay.is_some());
    let url = endpoints.config(&place.api_key);
    let in_time = remembered.is_some() || before.is_some();
    // Taken before: a session that begins meanwhile may ask again.
    let begun = place.sessions.begun();
    let fetched = remote_config::fetch(&place.http, &url, in_time, |time| sleep(place, time));
    question.was_asked(begun, Instant::now(), &fetched);
    match fetched {
        Fetched::Answer(answer, _) if answer.replay.is_none() => {
            let message = "the remote configuration has no part for session replay: nothing is captured";
            place.stats.fail(message);
            place.log.write(LogLevel::Warn, || message.to_owned());
            apply_answer(place, Some(&answer))
        }
        Fetched::Answer(answer, text) => {
            if let Err(error) = place.journal.keep(REMOTE_CONFIG, &text) {
                let line = || format!("the remote configuration can't be kept: {error}");
                place.log.write(LogLevel::Warn, line);
            }
            apply_answer(place, Some(&answer))
        }
        Fetched::None { reason, .. } => {
            place.fail(LogLevel::Warn, format!("no remote configuration: {reason}"));
            before.unwrap_or_else(|| apply_answer(place, remembered.as_ref()))
        }
    }
}

/// Applies an answer: what to mask, and the rule about capturing that follows.
fn apply_answer(place: &Workplace, answer: Option<&Answer>) -> CaptureRule {
    if let Some(privacy) = answer.and_then(|answer| answer.replay.as_ref()?.privacy.as_ref()) {
        if privacy.passed_over > 0 {
            place.log.write(LogLevel::Warn, || {
                format!("{} entries of the remote privacy configuration are none, or too many, and were passed over", privacy.passed_over)
            });
        }
        *place.privacy.lock() = place.options.privacy.joined_with(privacy);
    }
    remote_config::join(&place.options, answer)
}
