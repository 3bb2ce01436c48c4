//! What is more than the storage limit, removed unread: the oldest origins first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::api_key_dir::ApiKeyDir;
use super::super::fresh_chunk::FreshChunk;
use super::super::fs::Dir;
use super::super::run_dir::RunDir;
use super::super::stored_file;
use super::{Recovered, other_runs};

/// Removes what is more than `limit` bytes, where so many runs died that it may well be more: each left a chunk or two. For
/// the start: lives that end before they come to recover anything must not pile up either.
pub(in super::super) fn make_room(
    parent: &Arc<ApiKeyDir>,
    own: Option<&Arc<RunDir>>,
    limit: u64,
) -> Recovered {
    /// However many there are, a start does not look at more: the rest is for later starts, and for the recovery.
    const MAX_RUNS_AT_START: usize = 1_000;
    let a_run = 2 * FreshChunk::capacity_for(0) as u64;
    let mut recovered = Recovered::default();
    let names = parent.open().and_then(|opened| Ok((other_runs(&opened, own)?, opened)));
    if let Ok((mut names, opened)) = names
        && names.len() as u64 > (limit / a_run).max(4)
    {
        names.truncate(MAX_RUNS_AT_START);
        recovered.make_room(parent, &opened, names, limit);
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
    /// Counts the sizes of what dead runs left, without reading any of it, and removes what is more than `limit`. Gives the
    /// names of those that have files, in the order of `names`; those that have none go.
    pub(super) fn make_room(
        &mut self,
        parent: &Arc<ApiKeyDir>,
        opened: &Dir,
        names: Vec<String>,
        limit: u64,
    ) -> Vec<String> {
        let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
        let mut dead = Vec::new();
        for name in names {
            let Some(run) = self.take_run(parent, opened, &name) else { continue };
            let Ok(files) = run.event_files() else {
                self.look_again = true;
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
                if let Some(run) = self.take_run(parent, opened, name) {
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
                && !stored_file::is_of_a_later_version(&dir, &file.name)
                && dir.remove_file(&file.name).is_ok()
            {
                self.evicted_unread += 1;
            }
        }
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
