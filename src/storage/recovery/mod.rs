//! Recovers what dead runs left behind.
//!
//! Their files move into this run's own directory, so that one lock is held, however many runs died. A file keeps the
//! name of the run that wrote it, its origin: order and compaction are per origin. What is more than the storage limit goes
//! before the rest is recovered, the oldest origins first: lives too short to deliver anything must not pile up.
//!
//! - [`found_file`]: what is in one file
//! - [`files`]: the files of some runs, moved into this one's directory
//! - [`answered`]: those whose request was answered right before the process died
//! - [`held`]: those of a session that was held when its process died
//! - [`eviction`]: what is more than the storage limit; [`budget`]: how much of that goes at once

mod answered;
mod budget;
mod eviction;
mod files;
mod found_file;
mod held;

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub(super) use eviction::make_room;

use super::api_key_dir::ApiKeyDir;
use super::fs::{self, Dir};
use super::quota::Quota;
use super::run_dir::{RunDir, Take};
use super::run_page::Crash;
use super::sealed::SealedChunk;
use crate::model::ids::ReplayId;

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
    /// Events of earlier runs that were more than the storage limit, and are gone.
    pub evicted: u64,
    /// The files that they were in.
    pub evicted_files: u64,
    /// How many runs crashed, as far as their hosts told; and the last one.
    pub crashes: u64,
    pub last_crash: Option<Crash>,
    /// Events that were held, of which nothing is to be delivered.
    pub not_triggered: u64,
    /// Whose events were held when their process died, and are delivered.
    pub triggered: Vec<ReplayId>,
    /// There is, or may be, more to be looked for later: other runs go on, in other processes or in this one, or
    /// something could not be opened now.
    pub look_again: bool,
    /// In the order in which it was recorded.
    pub sealed: Vec<SealedChunk>,
}

/// Files that can't be recovered, by run and name.
#[derive(Default)]
pub(super) struct ReportedFiles {
    /// They were counted at an earlier look: each is counted once.
    counted: HashSet<String>,
    /// They were found in use.
    in_use: HashSet<String>,
}

/// A file's place among all: the run that wrote it, and its number there.
type RecordedOrder = (String, u64);

/// How many dead runs are locked at a time: each takes a file descriptor of the host's, however many died.
const MAX_LOCKED_RUNS: usize = 16;

/// Takes over the runs in `parent` that are dead, but for what is more than `limit` bytes. `own` is the run of this
/// storage, if it has one. `held_window`: how much at least is delivered of what was held by one whose process died; `None`: nothing.
pub(super) fn recover(
    parent: &Arc<ApiKeyDir>,
    own: Option<&Arc<RunDir>>,
    quota: &Arc<Quota>,
    limit: u64,
    held_window: Option<Duration>,
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
        found.extend(recovered.take_files(runs, own, quota, held_window, reported));
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
        u64::from(self.counted.insert(format!("{}/{name}", run.name())))
    }

    /// Whether somebody seems to use this file for the first time that it is looked at. Windows gives one error for that and
    /// for a lack of rights, but only the latter stays.
    fn may_be_in_use(&mut self, error: &io::Error, run: &RunDir, name: &str) -> bool {
        fs::is_in_use(error) && self.in_use.insert(format!("{}/{name}", run.name()))
    }
}

impl Recovered {
    /// Takes a run that is dead.
    fn take_run(&mut self, parent: &Arc<ApiKeyDir>, opened: &Dir, name: &str) -> Option<RunDir> {
        match RunDir::take(parent, opened, name) {
            Take::Dead(run) => Some(*run),
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
            self.last_crash = self.last_crash.filter(|last| last.at_ms > crash.at_ms).or(Some(crash));
            run.forget_crash();
        }
    }
}
