//! What dead runs left behind, taken over by this one.
//!
//! Their files move into this run's own directory, so that one lock is held, however many runs died. A file keeps the
//! name of the run that wrote it, its origin: order and packing are per origin.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::chunk::Usage;
use super::run::{self, RunDir};
use super::sequence::Found;
use super::{Sequence, is_older_than, stored};

/// `protocol.md`: "stored data older than 3 days is dropped at start".
pub(super) const MOST_AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// What earlier runs left behind.
#[derive(Default)]
pub(crate) struct Adopted {
    /// Events to be delivered.
    pub events: u64,
    /// Events that were too old.
    pub expired: u64,
    /// Damaged places, each of which had been an event or more.
    pub damaged: u64,
    /// There is, or may be, more to be looked for later: other runs go on, in other processes or in this one, or
    /// something could not be opened now.
    pub again: bool,
    /// In the order in which it was recorded.
    pub(super) sequences: Vec<Sequence>,
}

/// A file that a dead run wrote.
struct Left {
    origin: String,
    path: PathBuf,
    run: Arc<RunDir>,
}

/// A file's place among all: the run that wrote it, and its number there.
type Key = (String, u64);

/// How many dead runs are locked at a time: each takes a file descriptor of the host's, however many died.
const RUNS_AT_ONCE: usize = 16;

/// Takes over the runs in `home` that are dead. `own` is the run of this journal, if it has one.
pub(super) fn adopt(home: &Path, own: Option<&Arc<RunDir>>, usage: &Arc<Usage>) -> io::Result<Adopted> {
    let mut adopted = Adopted::default();
    let mut found = Vec::new();
    for paths in RunDir::all(home)?.chunks(RUNS_AT_ONCE) {
        let (runs, again) = RunDir::adopt(paths, own.map(Arc::as_ref));
        adopted.again |= again;
        found.extend(adopted.take_runs(runs, own, usage));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    adopted.sequences = found.into_iter().map(|(_, sequence)| sequence).collect();
    Ok(adopted)
}

impl Adopted {
    /// What these runs left behind, moved into `own`. A run's packed file and the chunks that are in it lie together.
    fn take_runs(
        &mut self,
        runs: Vec<RunDir>,
        own: Option<&Arc<RunDir>>,
        usage: &Arc<Usage>,
    ) -> Vec<(Key, Sequence)> {
        let mut files = Vec::new();
        for run in runs.into_iter().map(Arc::new) {
            match run.event_files() {
                Ok(paths) => files.extend(paths.into_iter().map(|path| {
                    let origin = run.origin_of(&path);
                    Left { origin, path, run: run.clone() }
                })),
                Err(_) => self.again = true,
            }
        }
        let mut found = Vec::new();
        let (packed, chunks): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|left| run::numbers_in(&left.path).is_some());
        // Packed, but killed before the chunks themselves were removed. A packed file that can't be read took none over.
        let mut ranges = Vec::new();
        for left in packed {
            let range = run::numbers_in(&left.path).map(|range| (left.origin.clone(), range));
            if let Some(file) = self.take(left, usage, |_, _| false) {
                ranges.extend(range);
                found.push(file);
            }
        }
        for left in chunks {
            let is_packed = |origin: &str, number: u64| {
                ranges.iter().any(|(of, range)| of == origin && range.contains(&number))
            };
            found.extend(self.take(left, usage, is_packed));
        }
        if let Some(own) = own {
            found.iter_mut().for_each(|((origin, _), sequence)| sequence.move_to(own, origin));
        }
        found
    }

    /// The events of one file, with its place among the others. What can't be opened now stays for later.
    fn take(
        &mut self,
        left: Left,
        usage: &Arc<Usage>,
        is_packed: impl Fn(&str, u64) -> bool,
    ) -> Option<(Key, Sequence)> {
        let Left { origin, path, run } = left;
        match Sequence::stored(path.clone(), run, usage) {
            Ok(Some(Found { number, sequence, .. })) if is_packed(&origin, number) => sequence.remove(),
            Ok(Some(Found { sequence, .. })) if is_older_than(sequence.sealed_at(), MOST_AGE) => {
                self.expired += sequence.waiting();
                sequence.remove();
            }
            Ok(Some(Found { damaged, sequence, .. })) if sequence.waiting() == 0 => {
                self.damaged += damaged;
                sequence.remove();
            }
            Ok(Some(Found { number, damaged, sequence })) => {
                self.damaged += damaged;
                self.events += sequence.waiting();
                return Some(((origin, number), sequence));
            }
            // A spare chunk that was never used, or a header that can't be read: nothing to deliver.
            Ok(None) => {
                self.damaged += u64::from(run::numbers_in(&path).is_some() || stored::was_used(&path));
                let _ = std::fs::remove_file(path);
            }
            Err(error) if stored::may_pass(&error) => self.again = true,
            // No file of ours.
            Err(_) => self.damaged += 1,
        }
        None
    }
}
