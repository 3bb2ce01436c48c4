//! What dead runs left behind, taken over by this one.
//!
//! Their files move into this run's own directory, so that one lock is held, however many runs died. A file keeps the
//! name of the run that wrote it, its origin: order and packing are per origin. What is more than the storage limit goes
//! before anything is read, the oldest origins first: lives too short to deliver anything must not pile up.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::age::age;
use super::fs::Dir;
use super::home::Home;
use super::quota::Quota;
use super::run_dir::{self, RunDir, Take};
use super::run_page::Crash;
use super::sealed::{Content, Found};
use super::{FreshChunk, SealedChunk, reader};

/// `protocol.md`: "stored data older than 3 days is dropped at start".
pub(super) const MAX_AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

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
    pub closed: u64,
    /// Files of a later version of this library, left where they are.
    pub later_version: u64,
    /// Files that were more than the storage limit, removed unread.
    pub evicted_unread: u64,
    /// How many runs crashed, as far as their hosts told; and the last one.
    pub crashes: u64,
    pub last_crash: Option<Crash>,
    /// There is, or may be, more to be looked for later: other runs go on, in other processes or in this one, or
    /// something could not be opened now.
    pub again: bool,
    /// Files that were told of at an earlier look already, by run and name; those of this look are added.
    pub(super) told_of: HashSet<String>,
    /// In the order in which it was recorded.
    pub sealed: Vec<SealedChunk>,
}

/// A file that a dead run wrote.
struct Left {
    origin: String,
    name: String,
    run: Arc<RunDir>,
}

/// A file's place among all: the run that wrote it, and its number there.
type Key = (String, u64);

/// How many dead runs are locked at a time: each takes a file descriptor of the host's, however many died.
const RUNS_AT_ONCE: usize = 16;

/// Takes over the runs in `home` that are dead, but for what is more than `limit` bytes. `own` is the run of this
/// storage, if it has one.
pub(super) fn recover(
    home: &Arc<Home>,
    own: Option<&Arc<RunDir>>,
    usage: &Arc<Quota>,
    limit: u64,
    told_of: &mut HashSet<String>,
) -> io::Result<Recovered> {
    let parent = home.dir()?;
    let names = others(&parent, own)?;
    let mut recovered = Recovered { told_of: std::mem::take(told_of), ..Recovered::default() };
    let mut dead = recovered.make_room(home, &parent, names, limit);
    // Oldest first.
    dead.reverse();
    let mut found = Vec::new();
    for names in dead.chunks(RUNS_AT_ONCE) {
        let runs = names.iter().filter_map(|name| recovered.take_run(home, &parent, name)).collect();
        found.extend(recovered.take_files(runs, own, usage));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    recovered.sealed = found.into_iter().map(|(_, sequence)| sequence).collect();
    std::mem::swap(told_of, &mut recovered.told_of);
    Ok(recovered)
}

/// The names of all runs' directories but `own`, newest first.
fn others(parent: &Dir, own: Option<&Arc<RunDir>>) -> io::Result<Vec<String>> {
    let mut names = RunDir::names(parent)?;
    names.retain(|name| own.is_none_or(|own| own.name() != *name));
    Ok(names)
}

/// Removes what is more than `limit` bytes, where so many runs died that it may well be more: each left a chunk or two. For
/// the start: lives that end before they come to recover anything must not pile up either.
pub(super) fn make_room(home: &Arc<Home>, own: Option<&Arc<RunDir>>, limit: u64) -> Recovered {
    /// However many there are, a start does not look at more: the rest is for later starts, and for the adoption.
    const RUNS_AT_A_START: usize = 1_000;
    let a_run = 2 * FreshChunk::capacity_for(0) as u64;
    let mut recovered = Recovered::default();
    let names = home.dir().and_then(|parent| Ok((others(&parent, own)?, parent)));
    if let Ok((mut names, parent)) = names
        && names.len() as u64 > (limit / a_run).max(4)
    {
        names.truncate(RUNS_AT_A_START);
        recovered.make_room(home, &parent, names, limit);
    }
    recovered
}

/// How many of the newest origins, of which these are the sizes, newest first, stay within the limit. The newest does
/// in any case.
fn within(sizes: impl Iterator<Item = u64>, limit: u64) -> usize {
    let mut sum = 0_u64;
    let fits = |size: &u64| {
        sum = sum.saturating_add(*size);
        sum <= limit
    };
    sizes.take_while(fits).count().max(1)
}

impl Recovered {
    /// Takes a run, and what it tells.
    fn take_run(&mut self, home: &Arc<Home>, parent: &Dir, name: &str) -> Option<RunDir> {
        match RunDir::take(home, parent, name) {
            Take::Dead(run) => Some(run),
            Take::Later => {
                self.again = true;
                None
            }
            Take::Nothing => None,
        }
    }

    /// Counts the sizes of what dead runs left, without reading any of it, and removes what is more than `limit`. Gives the
    /// names of those that have files, in the order of `names`; those that have none go.
    fn make_room(&mut self, home: &Arc<Home>, parent: &Dir, names: Vec<String>, limit: u64) -> Vec<String> {
        let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
        let mut dead = Vec::new();
        for name in names {
            let Some(run) = self.take_run(home, parent, &name) else { continue };
            let Ok(files) = run.event_files() else {
                self.again = true;
                continue;
            };
            for file in &files {
                *sizes.entry(run.origin_of(&file.name).to_owned()).or_default() += file.bytes;
            }
            match files.is_empty() {
                true => self.note_crash(&run),
                false => dead.push(name),
            }
        }
        let kept = within(sizes.values().rev().copied(), limit);
        let evicted: Vec<String> = sizes.into_keys().rev().skip(kept).collect();
        if !evicted.is_empty() {
            for name in &dead {
                if let Some(run) = self.take_run(home, parent, name) {
                    self.evict(&run, &evicted);
                }
            }
        }
        dead
    }

    /// Removes the files of these origins from a run's directory.
    fn evict(&mut self, run: &RunDir, origins: &[String]) {
        let (Ok(dir), Ok(files)) = (run.dir(), run.event_files()) else { return };
        for file in files {
            let is_evicted = origins.iter().any(|origin| origin == run.origin_of(&file.name));
            if is_evicted
                && !reader::is_of_a_later_version(&dir, &file.name)
                && dir.remove_file(&file.name).is_ok()
            {
                self.evicted_unread += 1;
            }
        }
    }

    fn is_news(&mut self, run: &RunDir, name: &str) -> bool {
        self.told_of.insert(format!("{}/{name}", run.name()))
    }

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

    /// Tells what [`make_room`] found, too.
    pub(super) fn join(&mut self, at_start: Self) {
        self.evicted_unread += at_start.evicted_unread;
        self.crashes += at_start.crashes;
        at_start.last_crash.into_iter().for_each(|crash| self.see_crash(crash));
    }

    /// What these runs left behind, moved into `own`. A run's packed file and the chunks that are in it lie together.
    fn take_files(
        &mut self,
        runs: Vec<RunDir>,
        own: Option<&Arc<RunDir>>,
        usage: &Arc<Quota>,
    ) -> Vec<(Key, SealedChunk)> {
        let mut files = Vec::new();
        for run in runs.into_iter().map(Arc::new) {
            self.note_crash(&run);
            match run.event_files() {
                Ok(found) => files.extend(found.into_iter().map(|file| Left {
                    origin: run.origin_of(&file.name).to_owned(),
                    name: file.name,
                    run: run.clone(),
                })),
                Err(_) => self.again = true,
            }
        }
        let mut found = Vec::new();
        let (packed, chunks): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|left| run_dir::numbers_in(&left.name).is_some());
        // Packed, but killed before the chunks themselves were removed. A packed file that can't be read took none over.
        let mut ranges = Vec::new();
        for left in packed {
            let range = run_dir::numbers_in(&left.name).map(|range| (left.origin.clone(), range));
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
        usage: &Arc<Quota>,
        is_packed: impl Fn(&str, u64) -> bool,
    ) -> Option<(Key, SealedChunk)> {
        let Left { origin, name, run } = left;
        // Of what the run took in from others, its page knows nothing.
        let clock = run.clock().filter(|_| run.name() == origin);
        match SealedChunk::file(&name, &run, clock, usage) {
            Ok(Found { content: Content::Events(sequence), number, clock, damaged }) => {
                if is_packed(&origin, number) {
                    sequence.remove();
                } else if age(sequence.sealed_at(), clock) > MAX_AGE {
                    self.expired += sequence.waiting();
                    sequence.remove();
                } else if sequence.waiting() == 0 {
                    self.damaged += damaged;
                    sequence.remove();
                } else {
                    self.damaged += damaged;
                    self.events += sequence.waiting();
                    return Some(((origin, number), sequence));
                }
            }
            Ok(Found { content: Content::LaterVersion, .. }) => {
                self.later_version += u64::from(self.is_news(&run, &name));
            }
            // A spare chunk that was never used, or a header that can't be read: nothing to deliver.
            Ok(Found { content: Content::Nothing, damaged, .. }) => {
                self.damaged += damaged;
                let _ = run.dir().and_then(|dir| dir.remove_file(&name));
            }
            Err(error) if reader::may_pass(&error) => self.again = true,
            // Its rights were changed: what is in it may be whole, and can be read once they are changed back.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                self.closed += u64::from(self.is_news(&run, &name));
                self.again = true;
            }
            // No file of ours. It stays where it is.
            Err(_) => self.damaged += u64::from(self.is_news(&run, &name)),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_within_the_limit() {
        for (sizes, limit, kept) in [
            (&[][..], 10, 1),
            (&[4, 4], 10, 2),
            (&[4, 4, 2], 10, 3),
            (&[4, 4, 3, 1], 10, 2),
            (&[11, 1], 10, 1),
            (&[u64::MAX, u64::MAX], u64::MAX - 1, 1),
            (&[0, 0, 10, 0, 1], 10, 4),
        ] {
            assert_eq!(within(sizes.iter().copied(), limit), kept, "{sizes:?}");
        }
    }
}
