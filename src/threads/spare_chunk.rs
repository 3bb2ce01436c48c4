//! Keeps spare chunks ready, so that no thread of the host has to make one, and tells of what stands in the way.

use std::time::{Duration, Instant};

use super::context::Context;
use crate::options::LogLevel;
use crate::storage::SparesWanted;

/// While much is recorded `sr-worker` looks by itself so often: nobody has to wake it for a chunk.
pub(super) const WATCH_EVERY: Duration = Duration::from_millis(5);
/// Two chunks within this time are much: 10 MB/s. So long it goes on being watched.
const BUSY: Duration = Duration::from_millis(100);
/// Beside the two that are kept ready while much is recorded: one for each time that none was ready, since this thread comes late.
const MAX_MORE: usize = 2;

/// How many chunks are kept ready: one, and more while much is recorded.
#[derive(Default)]
struct Demand {
    seen: SparesWanted,
    last_taken: Option<Instant>,
    busy_until: Option<Instant>,
    more: usize,
}

impl Demand {
    fn note(&mut self, wanted: SparesWanted, now: Instant) {
        let taken = wanted.taken - self.seen.taken;
        if taken > 0 {
            let is_soon = taken > 1 || self.last_taken.is_some_and(|last| now < last + BUSY);
            if is_soon {
                self.busy_until = Some(now + BUSY);
            }
            self.last_taken = Some(now);
        }
        if self.busy_until.is_some_and(|until| now >= until) {
            (self.busy_until, self.more) = (None, 0);
        }
        if self.is_busy() && wanted.missed > self.seen.missed {
            self.more = (self.more + 1).min(MAX_MORE);
        }
        self.seen = wanted;
    }

    fn is_busy(&self) -> bool {
        self.busy_until.is_some()
    }

    fn spares(&self) -> usize {
        if self.is_busy() { 2 + self.more } else { 1 }
    }
}

/// So long a chunk is kept ready for a large event: after the last one, and after a full snapshot came to be wanted.
const READY_FOR_LARGE: Duration = Duration::from_secs(1);

/// Whether a chunk is kept ready for an event as large as the last large one.
#[derive(Default)]
struct LargeDemand {
    seen: SparesWanted,
    want: Option<u64>,
    until: Option<Instant>,
}

impl LargeDemand {
    /// `want`: the number of the full snapshot that is missing now.
    fn note(&mut self, wanted: SparesWanted, want: Option<u64>, now: Instant) {
        if wanted != self.seen || (want.is_some() && want != self.want) {
            self.until = Some(now + READY_FOR_LARGE);
        }
        self.until = self.until.filter(|until| now < *until);
        (self.seen, self.want) = (wanted, want.or(self.want));
    }

    fn is_wanted(&self) -> bool {
        self.until.is_some()
    }

    fn left(&self, now: Instant) -> Option<Duration> {
        Some(self.until?.saturating_duration_since(now))
    }
}

/// Keeps spare chunks ready.
#[derive(Default)]
pub(super) struct SpareChunk {
    demand: Demand,
    large: LargeDemand,
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
    /// Gives the time until something is due again, if it is known.
    pub fn prepare(&mut self, context: &Context) -> Option<Duration> {
        let now = Instant::now();
        self.demand.note(context.storage.spares_wanted(), now);
        let want = context.sessions.snapshot_want().filter(|want| want.is_missing).map(|want| want.number);
        self.large.note(context.storage.large_spares_wanted(), want, now);
        let prepared = context.sessions.prepare(self.demand.spares());
        // Where there is no room for it, the one that needs it asks, and is told.
        let _ = context.storage.prepare_large_spare(self.large.is_wanted());
        let failed = prepared.err().map(|error| error.to_string());
        match self.change(failed.or_else(|| context.storage.problem())) {
            Some(Change::Failed(problem)) => context.report_failure(LogLevel::Error, problem),
            Some(Change::Mended) => {
                context.log.write(LogLevel::Info, || "events can be stored again".to_owned());
            }
            None => {}
        }
        self.large.left(now)
    }

    /// Whether so much is recorded that this thread is to look by itself, every [`WATCH_EVERY`].
    pub fn is_busy(&self) -> bool {
        self.demand.is_busy()
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
    fn more_chunks_are_kept_ready_while_many_are_taken() {
        let begin = Instant::now();
        let mut demand = Demand::default();
        for (at_ms, taken, missed, spares) in [
            (0, 1, 1, 1),
            (200, 2, 1, 1),
            (400, 2, 1, 1),
            (420, 3, 1, 1),
            (450, 4, 1, 2),
            (480, 5, 2, 3),
            (485, 5, 3, 4),
            (490, 5, 4, 4),
            (579, 5, 4, 4),
            (580, 5, 4, 1),
            (800, 7, 4, 2),
            (900, 7, 5, 1),
        ] {
            demand.note(SparesWanted { taken, missed }, begin + Duration::from_millis(at_ms));
            assert_eq!(demand.spares(), spares, "{at_ms} ms");
            assert_eq!(demand.is_busy(), spares > 1, "{at_ms} ms");
        }
    }

    #[test]
    fn a_chunk_is_kept_ready_for_a_large_event_while_one_may_come() {
        let begin = Instant::now();
        let mut demand = LargeDemand::default();
        for (at_ms, missed, want, left_ms) in [
            (0, 0, None, None),
            (10, 0, Some(1), Some(1_000)),
            (510, 0, Some(1), Some(500)),
            (600, 1, None, Some(1_000)),
            (1_599, 1, None, Some(1)),
            (1_600, 1, None, None),
            (1_700, 1, Some(1), None),
            (1_800, 1, Some(2), Some(1_000)),
        ] {
            let now = begin + Duration::from_millis(at_ms);
            demand.note(SparesWanted { taken: 0, missed }, want, now);
            assert_eq!(demand.left(now), left_ms.map(Duration::from_millis), "{at_ms} ms");
            assert_eq!(demand.is_wanted(), left_ms.is_some(), "{at_ms} ms");
        }
    }

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
