//! Asks for the remote configuration, remembers the answer, and applies it.

use std::time::Instant;

use super::context::Context;
use crate::delivery::Endpoints;
use crate::model::capture::CaptureRule;
use crate::options::LogLevel;
use crate::remote_config::{self, Answer, Fetched, Question};

/// The server's last answer to the question for the configuration, kept beside the runs.
const REMOTE_CONFIG: &str = "remote-config.json";

/// Asks for the remote configuration and joins it with the options. Without an answer the rule `before` holds on, or
/// what an earlier run remembered.
pub(super) fn ask_for_rule(
    context: &Context,
    endpoints: &Endpoints,
    question: &mut Question,
    before: Option<CaptureRule>,
) -> CaptureRule {
    let remembered = context.storage.read_file(REMOTE_CONFIG).and_then(|bytes| Answer::parse(&bytes));
    let remembered = remembered.filter(|answer| answer.replay.is_some());
    let url = endpoints.config(&context.api_key);
    let in_time = remembered.is_some() || before.is_some();
    // Taken before: a session that begins meanwhile may ask again.
    let sessions_started = context.sessions.sessions_started();
    let fetched = remote_config::fetch(&context.http, &url, in_time, |time| context.sleep(time));
    question.was_asked(sessions_started, Instant::now(), &fetched);
    match fetched {
        Fetched::Answer(answer, _) if answer.replay.is_none() => {
            let message = "the remote configuration has no part for session replay: nothing is captured";
            context.stats.set_last_error(message);
            context.log.write(LogLevel::Warn, || message.to_owned());
            apply_answer(context, Some(&answer))
        }
        Fetched::Answer(answer, text) => {
            if let Err(error) = context.storage.write_file(REMOTE_CONFIG, &text) {
                let line = || format!("the remote configuration can't be kept: {error}");
                context.log.write(LogLevel::Warn, line);
            }
            apply_answer(context, Some(&answer))
        }
        Fetched::None { reason, .. } => {
            context.report_failure(LogLevel::Warn, format!("no remote configuration: {reason}"));
            before.unwrap_or_else(|| apply_answer(context, remembered.as_ref()))
        }
    }
}

/// Applies an answer: what to mask, and the rule about capturing that follows.
fn apply_answer(context: &Context, answer: Option<&Answer>) -> CaptureRule {
    if let Some(privacy) = answer.and_then(|answer| answer.replay.as_ref()?.privacy.as_ref()) {
        if privacy.passed_over > 0 {
            context.log.write(LogLevel::Warn, || {
                format!("{} entries of the remote privacy configuration are none, or too many, and were passed over", privacy.passed_over)
            });
        }
        *context.privacy.lock() = context.options.privacy.joined_with(privacy);
    }
    remote_config::join(&context.options, answer)
}
