//! The files of some dead runs, moved into the directory of this one.

use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::super::clock::{MAX_AGE, age};
use super::super::file_names;
use super::super::fs;
use super::super::quota::{Quota, QuotaReservation};
use super::super::run_dir::RunDir;
use super::super::sealed::SealedChunk;
use super::answered::note_answered;
use super::found_file::{Content, FoundFile};
use super::held::HeldFile;
use super::{RecordedOrder, Recovered, ReportedFiles};

/// A file that a dead run left behind.
struct LeftFile {
    origin: String,
    name: String,
    run: Arc<RunDir>,
}

/// The chunks that are in compacted files: of which run, and their numbers.
type CompactedRanges = Vec<(String, RangeInclusive<u64>)>;

impl Recovered {
    /// What these runs left behind, moved into `own`. A run's compacted file and the chunks that are in it lie together.
    pub(super) fn take_files(
        &mut self,
        runs: Vec<RunDir>,
        own: Option<&Arc<RunDir>>,
        quota: &Arc<Quota>,
        held_window: Option<Duration>,
        reported: &mut ReportedFiles,
    ) -> Vec<(RecordedOrder, SealedChunk)> {
        let runs: Vec<_> = runs.into_iter().map(Arc::new).collect();
        let files = self.list_files(&runs);
        let (compacted, chunks): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|left| file_names::compacted_numbers(&left.name).is_some());
        let mut found = Vec::new();
        // Compacted, but killed before the chunks themselves were removed. A compacted file that can't be read, or not to its end, took none over.
        let mut ranges = CompactedRanges::new();
        for left in compacted {
            found.extend(self.take(left, quota, &mut ranges, &mut Vec::new(), reported));
        }
        let mut held = Vec::new();
        for left in chunks {
            found.extend(self.take(left, quota, &mut ranges, &mut held, reported));
        }
        // Before anything is moved: who is killed meanwhile leaves the rest to who comes next, as it was.
        found.extend(self.release_held(held, held_window));
        self.events -= note_answered(&mut found);
        found.retain(|(_, sealed)| {
            let waits = sealed.waiting() > 0;
            if !waits {
                sealed.remove();
            }
            waits
        });
        if let Some(own) = own {
            for ((origin, _), sealed) in &mut found {
                // What is decided is so for every run.
                let keeps_death = sealed.is_left_by_death() && sealed.envelope().sample_rate.is_none();
                sealed.stored_file().into_iter().for_each(|stored| stored.move_to(own, origin, keeps_death));
            }
        }
        self.look_again |= runs.iter().any(|run| run.awaits_removal());
        found
    }

    fn list_files(&mut self, runs: &[Arc<RunDir>]) -> Vec<LeftFile> {
        let mut files = Vec::new();
        for run in runs {
            self.note_crash(run);
            match run.event_files() {
                Ok(found) => files.extend(found.into_iter().map(|file| LeftFile {
                    origin: run.origin_of(&file.name).to_owned(),
                    name: file.name,
                    run: run.clone(),
                })),
                Err(_) => self.look_again = true,
            }
        }
        files
    }

    /// The events of one file, with its place among the others. What can't be opened now stays for later. A compacted file
    /// that can be read is added to `compacted`, whatever becomes of its events: what they were, the chunks in it are, too. What is
    /// of a recording in segments is added to `held`, which is decided on as a whole.
    fn take(
        &mut self,
        left: LeftFile,
        quota: &Arc<Quota>,
        compacted: &mut CompactedRanges,
        held: &mut Vec<HeldFile>,
        reported: &mut ReportedFiles,
    ) -> Option<(RecordedOrder, SealedChunk)> {
        let LeftFile { origin, name, run } = left;
        // Of what the run took in from others, its page knows nothing.
        let clock = run.clock().filter(|_| run.name() == origin);
        match FoundFile::read(&name, &run, clock, quota) {
            Ok(FoundFile { content: Content::Events(sealed), number, clock, damaged, is_held, segment }) => {
                let range = file_names::compacted_numbers(&name);
                let is_chunk = range.is_none();
                // One that lost its tail before they were removed says nothing of what was in that.
                if sealed.counts().events > 0 && damaged == 0 {
                    compacted.extend(range.map(|range| (origin.clone(), range)));
                }
                if is_chunk && compacted.iter().any(|(of, range)| *of == origin && range.contains(&number)) {
                    sealed.remove();
                } else if age(sealed.sealed_at(), clock) > MAX_AGE {
                    self.expired += sealed.waiting();
                    sealed.remove();
                } else {
                    self.note_damage(damaged, &run, &name, reported);
                    let order = (origin, number);
                    if sealed.waiting() == 0 {
                        // Not removed yet: it may tell of others that they were delivered with it.
                        return Some((order, sealed));
                    }
                    match segment.filter(|_| is_held || sealed.envelope().sample_rate.is_some()) {
                        Some(segment) => {
                            let crash = run.crash();
                            held.push(HeldFile { order, segment, is_held, sealed, crash });
                        }
                        None => {
                            self.events += sealed.waiting();
                            return Some((order, sealed));
                        }
                    }
                }
            }
            Ok(FoundFile { content: Content::LaterVersion, .. }) => {
                self.later_version += reported.report(&run, &name);
            }
            // A spare chunk that was never used, or a header that can't be read: nothing to deliver.
            Ok(FoundFile { content: Content::Nothing, damaged, .. }) => {
                self.note_damage(damaged, &run, &name, reported);
                run.remove(&name, QuotaReservation::of_existing(quota, 0));
            }
            Err(error) => self.note_unread(&error, &run, &name, reported),
        }
        None
    }

    /// Counts the damaged places of a file, once: it may not be gone at once.
    pub(super) fn note_damage(
        &mut self,
        damaged: u64,
        run: &RunDir,
        name: &str,
        reported: &mut ReportedFiles,
    ) {
        if damaged > 0 {
            self.damaged += damaged * reported.report(run, name);
        }
    }

    fn note_unread(&mut self, error: &io::Error, run: &RunDir, name: &str, reported: &mut ReportedFiles) {
        match error.kind() {
            io::ErrorKind::PermissionDenied if reported.may_be_in_use(error, run, name) => {
                self.look_again = true
            }
            // Its rights were changed: what is in it may be whole, and can be read once they are changed back.
            io::ErrorKind::PermissionDenied => {
                self.forbidden += reported.report(run, name);
                self.look_again = true;
            }
            _ if fs::may_pass(error) => self.look_again = true,
            // No file of ours. It stays where it is.
            _ => self.damaged += reported.report(run, name),
        }
    }
}
