//! Keeps a spare chunk ready, so that no thread of the host has to make one, and tells of what stands in the way.

use super::context::Context;
use crate::options::LogLevel;

/// Keeps a spare chunk ready.
#[derive(Default)]
pub(super) struct SpareChunk {
    /// Something stood in the way the last time.
    has_problem: bool,
}

/// What is told: each change once.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    Failed(String),
    Mended,
}

impl SpareChunk {
    pub fn prepare(&mut self, context: &Context) {
        let failed = context.sessions.prepare().err().map(|error| error.to_string());
        match self.change(failed.or_else(|| context.storage.problem())) {
            Some(Change::Failed(problem)) => context.report_failure(LogLevel::Error, problem),
            Some(Change::Mended) => {
                context.log.write(LogLevel::Info, || "events can be stored again".to_owned());
            }
            None => {}
        }
    }

    fn change(&mut self, problem: Option<String>) -> Option<Change> {
        let had_problem = std::mem::replace(&mut self.has_problem, problem.is_some());
        match problem {
            Some(problem) if !had_problem => Some(Change::Failed(problem)),
            None if had_problem => Some(Change::Mended),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_once_and_its_end_once() {
        let mut spare = SpareChunk::default();
        for (problem, expected) in [
            (None, None),
            (Some("full"), Some(Change::Failed("full".to_owned()))),
            (Some("full"), None),
            (Some("gone"), None),
            (None, Some(Change::Mended)),
            (None, None),
            (Some("gone"), Some(Change::Failed("gone".to_owned()))),
        ] {
            assert_eq!(spare.change(problem.map(str::to_owned)), expected, "{problem:?}");
        }
    }
}
