//! The files of some dead runs, moved into the directory of this one.

use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::super::clock::{MAX_AGE, age};
use super::super::file_names;
use super::super::fs;
use super::super::quota::Quota;
use super::super::run_dir::RunDir;
use super::super::sealed::SealedChunk;
use super::found_file::{Content, FoundFile};
use super::{Recovered, ReportedFiles};

/// A file that a dead run left behind.
struct LeftFile {
    origin: String,
    name: String,
    run: Arc<RunDir>,
}

/// A file's place among all: the run that wrote it, and its number there.
type RecordedOrder = (String, u64);

/// The chunks that are in compacted files: of which run, and their numbers.
type CompactedRanges = Vec<(String, RangeInclusive<u64>)>;

impl Recovered {
    /// What these runs left behind, moved into `own`. A run's compacted file and the chunks that are in it lie together.
    pub(super) fn take_files(
        &mut self,
        runs: Vec<RunDir>,
        own: Option<&Arc<RunDir>>,
        quota: &Arc<Quota>,
        reported: &mut ReportedFiles,
    ) -> Vec<(RecordedOrder, SealedChunk)> {
        let files = self.list_files(runs);
        let (compacted, chunks): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|left| file_names::compacted_numbers(&left.name).is_some());
        let mut found = Vec::new();
        // Compacted, but killed before the chunks themselves were removed. A compacted file that can't be read took none over.
        let mut ranges = CompactedRanges::new();
        for left in compacted {
            let range = file_names::compacted_numbers(&left.name).map(|range| (left.origin.clone(), range));
            if let Some(file) = self.take(left, quota, &CompactedRanges::new(), reported) {
                ranges.extend(range);
                found.push(file);
            }
        }
        for left in chunks {
            found.extend(self.take(left, quota, &ranges, reported));
        }
        if let Some(own) = own {
            for ((origin, _), sealed) in &mut found {
                sealed.stored_file().into_iter().for_each(|stored| stored.move_to(own, origin));
            }
        }
        found
    }

    fn list_files(&mut self, runs: Vec<RunDir>) -> Vec<LeftFile> {
        let mut files = Vec::new();
        for run in runs.into_iter().map(Arc::new) {
            self.note_crash(&run);
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

    /// The events of one file, with its place among the others. What can't be opened now stays for later.
    fn take(
        &mut self,
        left: LeftFile,
        quota: &Arc<Quota>,
        compacted: &CompactedRanges,
        reported: &mut ReportedFiles,
    ) -> Option<(RecordedOrder, SealedChunk)> {
        let LeftFile { origin, name, run } = left;
        // Of what the run took in from others, its page knows nothing.
        let clock = run.clock().filter(|_| run.name() == origin);
        match FoundFile::read(&name, &run, clock, quota) {
            Ok(FoundFile { content: Content::Events(sealed), number, clock, damaged }) => {
                if compacted.iter().any(|(of, range)| *of == origin && range.contains(&number)) {
                    sealed.remove();
                } else if age(sealed.sealed_at(), clock) > MAX_AGE {
                    self.expired += sealed.waiting();
                    sealed.remove();
                } else if sealed.waiting() == 0 {
                    self.damaged += damaged;
                    sealed.remove();
                } else {
                    self.damaged += damaged;
                    self.events += sealed.waiting();
                    return Some(((origin, number), sealed));
                }
            }
            Ok(FoundFile { content: Content::LaterVersion, .. }) => {
                self.later_version += reported.report(&run, &name);
            }
            // A spare chunk that was never used, or a header that can't be read: nothing to deliver.
            Ok(FoundFile { content: Content::Nothing, damaged, .. }) => {
                self.damaged += damaged;
                let _ = run.dir().and_then(|dir| dir.remove_file(&name));
            }
            Err(error) => self.note_unread(&error, &run, &name, reported),
        }
        None
    }

    fn note_unread(&mut self, error: &io::Error, run: &RunDir, name: &str, reported: &mut ReportedFiles) {
        match error.kind() {
            _ if fs::may_pass(error) => self.look_again = true,
            // Its rights were changed: what is in it may be whole, and can be read once they are changed back.
            io::ErrorKind::PermissionDenied => {
                self.forbidden += reported.report(run, name);
                self.look_again = true;
            }
            // No file of ours. It stays where it is.
            _ => self.damaged += reported.report(run, name),
        }
    }
}
