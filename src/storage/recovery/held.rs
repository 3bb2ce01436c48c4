//! What was held when its process died: delivered from the first segment on that plays, with an event at its end that says so.
//! What was held by a run that has ended goes.

use std::time::Duration;

use super::super::run_page::Crash;
use super::super::sealed::SealedChunk;
use super::{RecordedOrder, Recovered};
use crate::model::envelope::EventKind;
use crate::model::event::{self, FULL_SNAPSHOT};
use crate::model::ids::ReplayId;
use crate::model::trigger;

/// A file of a recording in segments.
pub(super) struct HeldFile {
    pub order: RecordedOrder,
    /// The number of the first chunk of its segment.
    pub segment: u64,
    /// It is not released.
    pub is_held: bool,
    pub sealed: SealedChunk,
    /// The crash of its run.
    pub crash: Option<Crash>,
}

/// Picks one of a file's events.
type Which = for<'e> fn(&mut dyn Iterator<Item = &'e [u8]>) -> Option<&'e [u8]>;

impl HeldFile {
    fn is_of_replay(&self) -> bool {
        self.sealed.envelope().kind == EventKind::Replay
    }

    /// Whether a player can begin with it: it is the first of its segment, and begins with a Meta event or a full snapshot.
    fn begins_segment(&self) -> bool {
        let begins =
            |events: &mut dyn Iterator<Item = &[u8]>| events.next().is_some_and(event::begins_segment);
        self.order.1 == self.segment && self.sealed.with_events(begins).unwrap_or(false)
    }

    /// When the event that `which` picks happened, as it says itself.
    fn time_of(&self, which: Which) -> Option<u64> {
        let time = |stored: &[u8]| event::timestamp_of(event::split_mark(stored).1);
        self.sealed.with_events(|events| which(events).and_then(time)).ok().flatten()
    }

    fn has_snapshot(&self) -> bool {
        let is_snapshot = |stored: &[u8]| event::kind_of(event::split_mark(stored).1) == Some(FULL_SNAPSHOT);
        self.sealed.with_events(|mut events| Iterator::any(&mut events, is_snapshot)).unwrap_or(false)
    }
}

impl Recovered {
    /// Those of `files` that are to be delivered. Nobody can be killed here in such a way that more or less of them is delivered
    /// by who comes next.
    pub(super) fn release_held(
        &mut self,
        files: Vec<HeldFile>,
        held_window: Option<Duration>,
    ) -> Vec<(RecordedOrder, SealedChunk)> {
        let mut kept = Vec::new();
        for recording in by_recording(files) {
            let is_left_by_death = recording.iter().any(|file| file.sealed.is_left_by_death());
            let window = held_window.filter(|_| is_left_by_death);
            let first = window.and_then(|window| first_to_deliver(&recording, window));
            let is_kept = |file: &HeldFile| !file.is_held || first.is_some_and(|first| file.segment >= first);
            let (wanted, unwanted): (Vec<_>, Vec<_>) = recording.into_iter().partition(is_kept);
            for file in unwanted {
                self.not_triggered += file.sealed.waiting();
                file.sealed.remove();
            }
            if wanted.iter().any(|file| file.is_held) {
                kept.extend(self.release_recording(wanted));
            } else {
                self.triggered.extend(wanted.first().map(replay_id));
                kept.extend(wanted);
            }
        }
        self.events += kept.iter().map(|file| file.sealed.waiting()).sum::<u64>();
        kept.into_iter().map(|file| (file.order, file.sealed)).collect()
    }

    fn release_recording(&mut self, mut files: Vec<HeldFile>) -> Vec<HeldFile> {
        self.triggered.extend(files.first().map(replay_id));
        // First of all: once one is released, who comes next may take the recording for one that a trigger released.
        if let Some(last) = files.iter_mut().rev().find(|file| file.is_of_replay()) {
            note_death(last);
        }
        for file in files.iter_mut().filter(|file| file.is_held) {
            file.sealed.release_file();
        }
        files
    }
}

fn replay_id(file: &HeldFile) -> ReplayId {
    file.sealed.envelope().replay_id()
}

/// The files of each recording together, in their order.
fn by_recording(mut files: Vec<HeldFile>) -> Vec<Vec<HeldFile>> {
    files.sort_by(|one, other| one.order.cmp(&other.order));
    let mut recordings: Vec<Vec<HeldFile>> = Vec::new();
    for file in files {
        let is_of = |recording: &&mut Vec<HeldFile>| {
            recording.first().is_some_and(|first| {
                first.order.0 == file.order.0
                    && first.sealed.envelope().is_same_recording(file.sealed.envelope())
            })
        };
        match recordings.iter_mut().find(is_of) {
            Some(recording) => recording.push(file),
            None => recordings.push(vec![file]),
        }
    }
    recordings
}

/// The segment that is delivered first: the newest that a player can begin with and that began the window or more before the
/// last event. The worker of a process that stalls leaves more than that.
fn first_to_deliver(recording: &[HeldFile], window: Duration) -> Option<u64> {
    let has_snapshot = |segment: u64| {
        let mut of_segment = recording.iter().filter(|file| file.segment == segment && file.is_of_replay());
        of_segment.any(HeldFile::has_snapshot)
    };
    let heads = recording.iter().filter(|file| file.begins_segment() && has_snapshot(file.segment));
    let mut heads: Vec<&HeldFile> = heads.collect();
    heads.sort_by_key(|head| head.segment);
    let first = heads.first()?.segment;
    // Some of it is released already: what follows it belongs to it.
    if recording.iter().any(|file| !file.is_held) {
        return Some(first);
    }
    let begins: Option<Vec<u64>> = heads.iter().map(|head| head.time_of(|events| events.next())).collect();
    let last = recording.iter().rfind(|file| file.is_of_replay())?.time_of(|events| events.last());
    let oldest_wanted = begins.zip(last).and_then(|(begins, last)| oldest_wanted(&begins, last, window));
    Some(oldest_wanted.and_then(|at| heads.get(at)).map_or(first, |head| head.segment))
}

/// The newest of what began the window or more before `last`, in milliseconds. `None`: none did, or these are not times that tell
/// how old something is.
fn oldest_wanted(begins: &[u64], last: u64, window: Duration) -> Option<usize> {
    let is_old = |begin: &u64| u128::from(last.saturating_sub(*begin)) >= window.as_millis();
    begins.is_sorted().then(|| begins.iter().rposition(is_old)).flatten()
}

/// Adds the event that tells of the death behind the last one, unless it is there. Where that can't be, the rest is delivered
/// without it.
fn note_death(last: &mut HeldFile) {
    let newest = last.sealed.with_events(|events| events.last().map(<[u8]>::to_vec)).ok().flatten();
    let newest = newest.unwrap_or_default();
    let json = event::split_mark(&newest).1;
    if trigger::tells_of_death(json) {
        return;
    }
    let crash = last.crash.map(|crash| (crash.code, crash.at_ms));
    let told = trigger::death_event(event::timestamp_of(json).unwrap_or_default(), crash);
    let _ = last.sealed.append_to_file(told.as_bytes());
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
