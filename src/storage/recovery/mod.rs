//! Recovers what dead runs left behind.
//!
//! Their files move into this run's own directory, so that one lock is held, however many runs died. A file keeps the
//! name of the run that wrote it, its origin: order and compaction are per origin. What is more than the storage limit goes
//! before anything is read, the oldest origins first: lives too short to deliver anything must not pile up.
//!
//! - [`found_file`]: what is in one file
//! - [`files`]: the files of some runs, moved into this one's directory
//! - [`eviction`]: what is more than the storage limit

mod eviction;
mod files;
mod found_file;

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

pub(super) use eviction::make_room;

use super::api_key_dir::ApiKeyDir;
use super::fs::Dir;
use super::quota::Quota;
use super::run_dir::{RunDir, Take};
use super::run_page::Crash;
use super::sealed::SealedChunk;

/// What earlier runs left behind.
#[derive(Default)]
pub(crate) struct Recovered {
    /// Events to be delivered.
    pub events: u64,
    /// Events that were too old.
    pub expired: u64,
    /// Damaged places, each of which had been an event or more.
    pub damaged: u64,
    /// Files that may not be opened, left where they are.
    pub forbidden: u64,
    /// Files of a later version of this library, left where they are.
    pub later_version: u64,
    /// Files that were more than the storage limit, removed unread.
    pub evicted_unread: u64,
    /// How many runs crashed, as far as their hosts told; and the last one.
    pub crashes: u64,
    pub last_crash: Option<Crash>,
    /// There is, or may be, more to be looked for later: other runs go on, in other processes or in this one, or
    /// something could not be opened now.
    pub look_again: bool,
    /// In the order in which it was recorded.
    pub sealed: Vec<SealedChunk>,
}

/// Files that can't be recovered and were counted at an earlier look, by run and name: each is counted once.
#[derive(Default)]
pub(super) struct ReportedFiles(HashSet<String>);

/// How many dead runs are locked at a time: each takes a file descriptor of the host's, however many died.
const MAX_LOCKED_RUNS: usize = 16;

/// Takes over the runs in `parent` that are dead, but for what is more than `limit` bytes. `own` is the run of this
/// storage, if it has one.
pub(super) fn recover(
    parent: &Arc<ApiKeyDir>,
    own: Option<&Arc<RunDir>>,
    quota: &Arc<Quota>,
    limit: u64,
    reported: &mut ReportedFiles,
) -> io::Result<Recovered> {
    let opened = parent.open()?;
    let names = other_runs(&opened, own)?;
    let mut recovered = Recovered::default();
    let mut dead = recovered.make_room(parent, &opened, names, limit);
    // Oldest first.
    dead.reverse();
    let mut found = Vec::new();
    for names in dead.chunks(MAX_LOCKED_RUNS) {
        let runs = names.iter().filter_map(|name| recovered.take_run(parent, &opened, name)).collect();
        found.extend(recovered.take_files(runs, own, quota, reported));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    recovered.sealed = found.into_iter().map(|(_, sealed)| sealed).collect();
    Ok(recovered)
}

/// The names of all runs' directories but `own`, newest first.
fn other_runs(parent: &Dir, own: Option<&Arc<RunDir>>) -> io::Result<Vec<String>> {
    let mut names = RunDir::names(parent)?;
    names.retain(|name| own.is_none_or(|own| own.name() != *name));
    Ok(names)
}

impl ReportedFiles {
    /// 1 for a file that is to be counted, 0 for one that was.
    fn report(&mut self, run: &RunDir, name: &str) -> u64 {
        u64::from(self.0.insert(format!("{}/{name}", run.name())))
    }
}

impl Recovered {
    /// Takes a run that is dead.
    fn take_run(&mut self, parent: &Arc<ApiKeyDir>, opened: &Dir, name: &str) -> Option<RunDir> {
        match RunDir::take(parent, opened, name) {
            Take::Dead(run) => Some(run),
            Take::Later => {
                self.look_again = true;
                None
            }
            Take::Nothing => None,
        }
    }

    /// Counts the crash of a run, once.
    fn note_crash(&mut self, run: &RunDir) {
        if let Some(crash) = run.crash() {
            self.crashes += 1;
            self.see_crash(crash);
            run.forget_crash();
        }
    }

    fn see_crash(&mut self, crash: Crash) {
        self.last_crash = self.last_crash.filter(|last| last.at_ms > crash.at_ms).or(Some(crash));
    }

    /// Adds what [`make_room`] found at the start.
    pub(super) fn join(&mut self, at_start: Self) {
        self.evicted_unread += at_start.evicted_unread;
        self.crashes += at_start.crashes;
        at_start.last_crash.into_iter().for_each(|crash| self.see_crash(crash));
    }
}
