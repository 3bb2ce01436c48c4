//! What can keep a replay from being seen, in the order in which it does: each with what is known, and its fix.

mod configuration;
mod identity;
mod recording;
mod requests;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::facts::Facts;
use super::guide::docs;

/// Whether something keeps a replay from being seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Fine,
    Problem,
    /// No server can see it, or nothing arrived that would tell.
    Unknown,
}

#[derive(Debug, Serialize)]
pub(super) struct Check {
    /// A name for programs.
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) state: State,
    /// One sentence.
    pub(super) message: String,
    /// What to do; nothing where all is fine.
    pub(super) fix: Option<&'static str>,
    /// When it was seen, in milliseconds since the epoch.
    pub(super) at: Option<u64>,
    docs: String,
}

/// What a check finds out.
struct Found(State, String, Option<&'static str>, Option<u64>);

fn fine(message: impl Into<String>) -> Found {
    Found(State::Fine, message.into(), None, None)
}

fn problem(message: impl Into<String>, fix: &'static str) -> Found {
    Found(State::Problem, message.into(), Some(fix), None)
}

fn unknown(message: impl Into<String>, fix: Option<&'static str>) -> Found {
    Found(State::Unknown, message.into(), fix, None)
}

impl Found {
    fn at(mut self, at: u64) -> Self {
        self.3 = Some(at);
        self
    }
}

type Look = fn(&Facts) -> Found;

/// In the order in which a replay can fail.
const CHECKS: [(&str, &str, Look); 15] = [
    ("ids", "The ids", identity::ids),
    ("other_ids", "Other ids", identity::other_ids),
    ("recorder", "The recorder", identity::recorder),
    ("configuration_asked", "Remote configuration asked", configuration::configuration_asked),
    ("configuration_answered", "Remote configuration answered", configuration::configuration_answered),
    ("sample_rate", "Sample rate", configuration::sample_rate),
    ("armed_faults", "Armed faults", requests::armed_faults),
    ("refused", "Refused requests", requests::refused),
    ("skipped", "Skipped events", requests::skipped),
    ("failed", "Faulted and failed requests", requests::failed),
    ("accepted", "Accepted batches", recording::accepted),
    ("snapshot", "Full snapshot", recording::snapshot),
    ("meta", "Size of the page", recording::meta),
    ("clocks", "Clocks", recording::clocks),
    ("picture", "The picture", recording::picture),
];

pub(super) fn checks(facts: &Facts) -> Vec<Check> {
    let check = |(code, title, look): (&'static str, &'static str, Look)| {
        let Found(state, message, fix, at) = look(facts);
        Check { code, title, state, message, fix, at, docs: docs(code) }
    };
    CHECKS.into_iter().map(check).collect()
}

/// A status, and the first of what is wrong.
fn said(status: Option<u16>, problems: &[String]) -> String {
    let status = status.map_or("no reply".to_owned(), |status| status.to_string());
    match problems.first() {
        None => status,
        Some(first) => format!("{status}: {}", first.trim_end_matches('.')),
    }
}
