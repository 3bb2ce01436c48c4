//! What is more than the storage limit, removed before the rest is recovered: the oldest origins first. What is in it is counted,
//! and noted as delivered, before it goes.

use std::collections::BTreeMap;
use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::super::api_key_dir::ApiKeyDir;
use super::super::file_names;
use super::super::fresh_chunk::FreshChunk;
use super::super::fs::{self, Dir};
use super::super::run_dir::RunDir;
use super::super::stored_file;
use super::budget::Budget;
use super::found_file::{FoundFile, Loss};
use super::{Recovered, other_runs};

/// Removes what is more than `limit` bytes, where so many runs died that it may well be more: each left a chunk or two. For
/// the start: lives that end before they come to recover anything must not pile up either. The host waits for it: what does not
/// fit its time is left for `sr-worker`, or for later starts.
pub(in super::super) fn make_room(
    parent: &Arc<ApiKeyDir>,
    own: Option<&Arc<RunDir>>,
    limit: u64,
    is_time_up: &dyn Fn() -> bool,
) -> Recovered {
    /// A start looks no further than this beyond the limit: what is older is more than the limit, too, and can wait.
    const MAX_BYTES_AT_START: u64 = 16_000_000;
    let a_run = 2 * FreshChunk::capacity_for(0) as u64;
    let mut recovered = Recovered::default();
    let names = parent.open().and_then(|opened| Ok((other_runs(&opened, own)?, opened)));
    if let Ok((names, opened)) = names
        && names.len() as u64 > (limit / a_run).max(4)
    {
        let mut budget = Budget::of_a_start(is_time_up);
        let most = limit.saturating_add(MAX_BYTES_AT_START);
        let found = recovered.find(parent, &opened, names, most, &mut budget);
        recovered.evict_surplus(parent, &opened, found.origins, limit, &mut budget);
    }
    recovered
}

/// What the origins left that have files: by origin, the oldest first.
type Origins = BTreeMap<String, Left>;

/// What one origin left.
#[derive(Default)]
struct Left {
    bytes: u64,
    /// The names of the files, by the run that they lie in.
    files: BTreeMap<String, Vec<String>>,
}

/// What dead runs left.
#[derive(Default)]
struct Found {
    origins: Origins,
    bytes: u64,
    /// The names of the runs that have files, newest first.
    dead: Vec<String>,
}

impl Found {
    /// Notes the files in a run's directory; whether there is any. What a later version wrote is neither counted nor removed.
    fn add(&mut self, run: &RunDir, name: &str) -> io::Result<bool> {
        let files = run.event_files()?;
        let dir = run.dir()?;
        for file in &files {
            if FoundFile::is_for_later(&dir, &file.name) {
                continue;
            }
            let left = self.origins.entry(run.origin_of(&file.name).to_owned()).or_default();
            left.bytes += file.bytes;
            left.files.entry(name.to_owned()).or_default().push(file.name.clone());
            self.bytes += file.bytes;
        }
        Ok(!files.is_empty())
    }
}

/// How many of the newest origins, of which these are the sizes, are within the limit. The newest is in any case.
fn within(sizes: impl Iterator<Item = u64>, limit: u64) -> usize {
    let mut sum = 0_u64;
    let fits = |size: &u64| {
        sum = sum.saturating_add(*size);
        sum <= limit
    };
    sizes.take_while(fits).count().max(1)
}

/// What became of a file that was to be evicted.
#[derive(PartialEq)]
enum Evicted {
    /// It is left for later, and nothing of it was counted.
    NotNow,
    /// It held events, undamaged. Each was delivered, or is counted by now.
    Events,
    /// It held none, or some that can't be read.
    Nothing,
}

impl Recovered {
    /// Removes what is more than `limit`, however long it takes. Gives the names of those that have files, in the order of `names`;
    /// those that have none go.
    pub(super) fn make_room(
        &mut self,
        parent: &Arc<ApiKeyDir>,
        opened: &Dir,
        names: Vec<String>,
        limit: u64,
    ) -> Vec<String> {
        let mut budget = Budget::unlimited();
        let found = self.find(parent, opened, names, u64::MAX, &mut budget);
        self.evict_surplus(parent, opened, found.origins, limit, &mut budget);
        found.dead
    }

    /// Counts the sizes of what dead runs left, without reading more of it than who wrote it: newest first, until it is
    /// more than `most`.
    fn find(
        &mut self,
        parent: &Arc<ApiKeyDir>,
        opened: &Dir,
        names: Vec<String>,
        most: u64,
        budget: &mut Budget<'_>,
    ) -> Found {
        let mut found = Found::default();
        for name in names {
            if found.bytes > most || !budget.allows_run() {
                break;
            }
            let Some(run) = self.take_run(parent, opened, &name) else { continue };
            match found.add(&run, &name) {
                Ok(true) => found.dead.push(name),
                Ok(false) => self.note_crash(&run),
                Err(_) => self.look_again = true,
            }
        }
        found
    }

    /// Removes the oldest origins, so that no more than `limit` is left. What can't go now holds up nothing else.
    fn evict_surplus(
        &mut self,
        parent: &Arc<ApiKeyDir>,
        opened: &Dir,
        origins: Origins,
        limit: u64,
        budget: &mut Budget<'_>,
    ) {
        let kept = within(origins.values().rev().map(|left| left.bytes), limit);
        let surplus = origins.len().saturating_sub(kept);
        let files = origins.into_values().take(surplus).flat_map(|left| left.files);
        // A run that took in what others left holds files of many origins.
        let mut taken: Option<RunDir> = None;
        for (name, files) in files {
            if !budget.allows_file() {
                return;
            }
            if taken.as_ref().is_none_or(|run| run.name() != name) {
                // Let go of first.
                drop(taken.take());
                taken = self.take_run(parent, opened, &name);
                taken.iter().for_each(|run| self.note_crash(run));
            }
            if let Some(run) = &taken {
                self.evict(run, files, budget);
            }
        }
    }

    /// Removes these files of one origin from a run's directory.
    fn evict(&mut self, run: &RunDir, files: Vec<String>, budget: &mut Budget<'_>) {
        let Ok(dir) = run.dir() else { return };
        let (compacted, mut chunks): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|name| file_names::compacted_numbers(name).is_some());
        for name in compacted {
            if !budget.allows_file() {
                return;
            }
            // Killed before the chunks themselves were removed. What is in them goes with it, in one step: it is counted by
            // now, or was delivered. A file that can't be read to its end took none over.
            let evicted = self.evict_file(&dir, &name, true, budget);
            let numbers = file_names::compacted_numbers(&name).filter(|_| evicted != Evicted::Nothing);
            let is_in_it = |chunk: &mut String| {
                let is = |numbers: &RangeInclusive<u64>| {
                    FoundFile::number(&dir, chunk).is_some_and(|number| numbers.contains(&number))
                };
                numbers.as_ref().is_some_and(is)
            };
            for chunk in chunks.extract_if(.., is_in_it) {
                if evicted == Evicted::Events {
                    self.evict_file(&dir, &chunk, false, budget);
                }
            }
        }
        for name in chunks {
            if !budget.allows_file() {
                return;
            }
            self.evict_file(&dir, &name, true, budget);
        }
    }

    /// Removes one, and counts its events if they are to be. What can't be read, noted or removed now is left for later.
    fn evict_file(&mut self, dir: &Dir, name: &str, counts: bool, budget: &mut Budget<'_>) -> Evicted {
        let loss = match FoundFile::loss(dir, name) {
            Ok(loss) if loss.is_for_later => {
                budget.note(false);
                return Evicted::NotNow;
            }
            Err(error) if fs::may_pass(&error) => return self.not_now(budget),
            loss => loss.unwrap_or(Loss::UNKNOWN),
        };
        // First: it may not be gone at once.
        let noted = match loss.waiting {
            0 => Ok(()),
            _ => stored_file::note_delivered(dir, name, loss.events),
        };
        if noted.as_ref().is_err_and(fs::may_pass) {
            return self.not_now(budget);
        }
        let removed = dir.remove_file(name);
        budget.note(removed.is_ok());
        let is_lost = noted.is_ok() || removed.is_ok();
        if is_lost && loss.waiting > 0 && counts {
            self.evicted += loss.waiting;
            self.evicted_files += 1;
        }
        match removed {
            Ok(()) => self.damaged += loss.damaged,
            Err(_) => self.look_again = true,
        }
        if loss.events > 0 && loss.damaged == 0 { Evicted::Events } else { Evicted::Nothing }
    }

    fn not_now(&mut self, budget: &mut Budget<'_>) -> Evicted {
        budget.note(false);
        self.look_again = true;
        Evicted::NotNow
    }
}

#[cfg(test)]
#[path = "eviction_tests.rs"]
mod tests;
