//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! - [`map`]: the memory of one chunk, and the append into it; [`check`]: how damage to it is found
//! - [`chunk`]: a chunk: map, file, envelope; [`usage`]: its share of the storage limit
//! - [`home`]: the directory of an API key; [`dir`]: directories that are opened once; [`held`]: what stays open
//! - [`run`]: the locked directory of this run, and dead ones
//! - [`lock`]: one process at a time; [`run_page`]: what it tells others; [`owner`]: whether it lives
//! - [`adoption`]: what dead runs left behind, taken over by this one; [`age`]: how old it is
//! - [`stored`]: reading what a dead run left behind
//! - [`packed`]: chunks made small, when no server takes them
//! - [`sequence`], [`backlog`]: closed chunks on their way to the server
//! - [`disk`]: room on the disk

mod adoption;
mod age;
mod backlog;
mod check;
mod chunk;
mod dir;
mod disk;
#[cfg(unix)]
mod held;
#[cfg(not(unix))]
#[path = "held_portable.rs"]
mod held;
mod home;
mod lock;
mod map;
mod owner;
mod packed;
mod run;
mod run_page;
mod sequence;
mod stored;
mod usage;

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

pub(crate) use adoption::Adopted;
pub(crate) use age::{ClockStamp, age};
pub(crate) use backlog::Backlog;
pub(crate) use chunk::{Appender, Chunk, FreshChunk};
#[cfg(unix)]
pub(crate) use held::{fork_begins, fork_ends, leave_descriptors_behind};
#[cfg(unix)]
pub(crate) use run_page::leave_page_behind;
pub(crate) use run_page::{Crash, mark_crash};
pub(crate) use sequence::{Sequence, Tally};

use crate::error::Error;
use crate::sync::Mutex;
use home::Home;
use run::RunDir;
use usage::{Share, Usage};

pub(crate) use map::Append;

/// A storage directory that can't be used must not become a process that eats the memory instead.
const MOST_IN_MEMORY_INSTEAD: u64 = 64_000_000;
/// Fewer bytes of events are not worth packing yet.
const PACK_AT_LEAST: usize = 256 * 1_024;
/// More are packed into several files.
const PACK_AT_MOST: usize = 4_000_000;

/// Chunks of events that came late are numbered from here on: behind all others, however many come. They are never packed,
/// for what is packed takes the place of all numbers between its first and its last.
const LATE: u64 = 1 << 62;

/// Makes chunks, within the storage limit, and finds those of earlier runs.
///
/// Where the storage directory fails, chunks are made in memory until it works again.
pub(crate) struct Journal {
    home: Option<Arc<Home>>,
    /// `None` until the first chunk is made, and after [`Journal::close`].
    run: Mutex<Option<Arc<RunDir>>>,
    closed: AtomicBool,
    /// Why events are kept in memory although there is a storage directory.
    problem: Mutex<Option<String>>,
    limit: u64,
    usage: Arc<Usage>,
    names: AtomicU64,
    late: AtomicU64,
    spare: Mutex<Option<FreshChunk>>,
    /// How many threads are making a chunk now.
    making: AtomicUsize,
    /// What went at the start, and was not told of yet.
    at_start: Mutex<Adopted>,
    /// Files that can't be taken over, which were told of.
    told_of: Mutex<HashSet<String>>,
    backlog: Backlog,
}

impl Journal {
    /// A journal in `storage_dir`, or in memory.
    pub fn open(storage_dir: Option<&Path>, api_key: &str, limit: u64) -> Self {
        let journal = Self {
            home: storage_dir.map(|dir| Arc::new(Home::of(dir, api_key))),
            run: Mutex::new(None),
            closed: AtomicBool::new(false),
            problem: Mutex::new(None),
            limit,
            usage: Arc::default(),
            names: AtomicU64::new(1),
            late: AtomicU64::new(0),
            spare: Mutex::new(None),
            making: AtomicUsize::new(0),
            at_start: Mutex::default(),
            told_of: Mutex::default(),
            backlog: Backlog::default(),
        };
        if let Some(home) = &journal.home {
            let run = journal.run_in(home, None).and_then(|run| {
                // A chunk is made later: that there is no room for one is to be told now.
                run.dir()?.has_room(FreshChunk::capacity_for(0))
            });
            journal.note(home, &run);
            let own = journal.run.lock().clone();
            *journal.at_start.lock() = adoption::make_room(home, own.as_ref(), limit);
            journal.backlog.expect_earlier_runs();
        }
        journal
    }

    /// What waits to be delivered.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// Bytes that count against the storage limit.
    pub fn used_bytes(&self) -> u64 {
        self.usage.all()
    }

    /// Why events are kept in memory although there is a storage directory; `None` while there is no such
    /// trouble.
    pub fn problem(&self) -> Option<String> {
        self.problem.lock().clone()
    }

    /// Whether something waits in memory only.
    pub fn is_in_memory(&self) -> bool {
        self.usage.in_memory() > 0
    }

    /// Whether chunks are files, as far as is known.
    pub fn is_on_disk(&self) -> bool {
        self.home.is_some() && self.problem.lock().is_none()
    }

    /// Whether what a chunk in memory holds ends with the process although it was to survive it.
    pub fn has_storage(&self) -> bool {
        self.home.is_some()
    }

    /// Whether another thread is making a chunk, which takes a moment.
    pub fn is_making(&self) -> bool {
        self.making.load(Ordering::Acquire) > 0
    }

    /// A chunk that holds an event of this length: the one that was kept ready, or else a new one, which costs
    /// system calls.
    pub fn fresh(&self, event: usize) -> Result<FreshChunk, Error> {
        match self.ready_chunk() {
            Some(spare) if spare.holds(event) => return Ok(spare),
            Some(spare) => self.keep_spare(spare),
            None => {}
        }
        let capacity = FreshChunk::capacity_for(event);
        let share = Share::reserve(&self.usage, capacity, self.limit).or_else(|| {
            // One that is ready and too small is in the way.
            self.ready_chunk().map(FreshChunk::remove)?;
            Share::reserve(&self.usage, capacity, self.limit)
        });
        let Some(share) = share else {
            return Err(Error::BufferFull { used: self.used_bytes(), limit: self.limit });
        };
        let _making = Making::one_more(&self.making);
        self.make(capacity, share)
    }

    fn make(&self, capacity: usize, mut share: Share) -> Result<FreshChunk, Error> {
        if let Some(home) = &self.home {
            let made = self.create_on_disk(home, capacity, share);
            self.note(home, &made.as_ref().map(drop).map_err(|(error, _)| error));
            share = match made {
                Ok(fresh) => return Ok(fresh),
                Err((_, share)) => share,
            };
        }
        let most = if self.home.is_some() { MOST_IN_MEMORY_INSTEAD } else { u64::MAX };
        if !share.move_to_memory(most) {
            let problem = self.problem().unwrap_or_default();
            return Err(Error::Storage(format!("{problem}; and enough waits in memory already")));
        }
        FreshChunk::in_memory(capacity, share)
            .map_err(|error| Error::Storage(format!("no memory for events can be had: {error}")))
    }

    fn create_on_disk(
        &self,
        home: &Arc<Home>,
        capacity: usize,
        share: Share,
    ) -> Result<FreshChunk, (io::Error, Share)> {
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        let run = match self.run_in(home, None) {
            Ok(run) => run,
            Err(error) => return Err((error, share)),
        };
        match FreshChunk::in_file(capacity, &run, name, share) {
            // Somebody removed the directory. Perhaps there may be another.
            Err((error, share)) if error.kind() == io::ErrorKind::NotFound => {
                match self.run_in(home, Some(&run)) {
                    Ok(run) => FreshChunk::in_file(capacity, &run, name, share),
                    Err(error) => Err((error, share)),
                }
            }
            made => made,
        }
    }

    /// The directory of this run, made when there is none yet but the one that is `lost`.
    fn run_in(&self, home: &Arc<Home>, lost: Option<&Arc<RunDir>>) -> io::Result<Arc<RunDir>> {
        let mut current = self.run.lock();
        match &*current {
            Some(run) if lost.is_none_or(|lost| !Arc::ptr_eq(run, lost)) => return Ok(run.clone()),
            _ if self.closed.load(Ordering::Acquire) => return Err(io::ErrorKind::NotFound.into()),
            _ => {}
        }
        let run = Arc::new(RunDir::create(home)?);
        run.take_crash_marks();
        *current = Some(run.clone());
        Ok(run)
    }

    /// Remembers whether the storage directory works.
    fn note<E: std::fmt::Display>(&self, home: &Home, made: &Result<(), E>) {
        *self.problem.lock() = made.as_ref().err().map(|error| {
            format!("the storage directory {} can't be used: {error}", home.storage_dir().display())
        });
    }

    /// Notes how the clocks stand now, for the run that comes after this one.
    pub fn stamp(&self) {
        if let Some(run) = &*self.run.lock() {
            run.stamp();
        }
    }

    /// The chunk that was kept ready, if there is one.
    pub fn ready_chunk(&self) -> Option<FreshChunk> {
        self.spare.lock().take()
    }

    /// Keeps a chunk for the next that needs one.
    pub fn keep_spare(&self, fresh: FreshChunk) {
        let surplus = {
            let mut spare = self.spare.lock();
            // After the end nobody takes it any more, and its file would keep the run from being taken over.
            let is_unwanted = spare.is_some() || self.closed.load(Ordering::Acquire);
            if is_unwanted { Some(fresh) } else { spare.replace(fresh) }
        };
        if let Some(surplus) = surplus {
            surplus.remove();
        }
    }

    /// Sees to it that a chunk is ready, so that no recording thread has to make one.
    pub fn prepare_spare(&self) -> Result<(), Error> {
        if self.spare.lock().is_none() {
            let fresh = self.fresh(0)?;
            self.keep_spare(fresh);
        }
        Ok(())
    }

    /// Whether one chunk more would pass the storage limit.
    pub fn is_full_for(&self, event: usize) -> bool {
        self.used_bytes() + FreshChunk::capacity_for(event) as u64 > self.limit
    }

    /// Finds what dead runs left behind and puts it before everything else.
    pub fn adopt(&self) -> io::Result<Adopted> {
        let Some(home) = &self.home else {
            return Ok(Adopted::default());
        };
        let own = self.run.lock().clone();
        let mut adopted =
            adoption::adopt(home, own.as_ref(), &self.usage, self.limit, &mut self.told_of.lock());
        let sequences = adopted.as_mut().map(|adopted| {
            adopted.join(std::mem::take(&mut self.at_start.lock()));
            std::mem::take(&mut adopted.sequences)
        });
        self.backlog.push_before_all(sequences.unwrap_or_default());
        adopted
    }

    /// Makes what waits take less room, where that is worth it, and survive a power cut: for when no server takes it.
    /// Leaves off where `stopping` says so.
    pub fn settle_down(&self, stopping: impl Fn() -> bool) -> io::Result<()> {
        let packed = self.pack(&stopping);
        self.backlog.all().iter().take_while(|_| !stopping()).for_each(|sequence| sequence.sync());
        packed
    }

    fn pack(&self, stopping: impl Fn() -> bool) -> io::Result<()> {
        while !stopping()
            && let Some(sequences) = self.backlog.packable(PACK_AT_LEAST, PACK_AT_MOST)
        {
            let packed = Arc::new(Sequence::pack(&sequences, &self.usage)?);
            if self.backlog.replace(&sequences, &packed) {
                sequences.iter().for_each(|sequence| sequence.remove());
            } else {
                packed.remove();
                break;
            }
        }
        Ok(())
    }

    /// Keeps events once more that came too late for their chunk: the call that stored them said that they are kept.
    pub fn keep_late(&self) {
        for sequence in self.backlog.rescued() {
            let Some(chunk) = sequence.chunk() else { continue };
            chunk.take_late(|event| self.keep_again(chunk, event).is_ok());
        }
        self.backlog.forget_complete();
    }

    fn keep_again(&self, chunk: &Chunk, event: &[u8]) -> Result<(), Error> {
        let fresh = self.fresh(event.len())?;
        let label = serde_json::to_vec(chunk.envelope().as_ref())
            .map_err(|error| Error::Internal(error.to_string()))?;
        let number = LATE + self.late.fetch_add(1, Ordering::Relaxed);
        let again = fresh.label(number, chunk.envelope(), &label);
        again.append(event);
        again.seal();
        self.backlog.push(Sequence::live(Arc::new(again)));
        Ok(())
    }

    /// Lets go of everything, so that a later run may adopt what waits on disk.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(spare) = self.ready_chunk() {
            spare.remove();
        }
        self.backlog.clear();
        let run = self.run.lock().take();
        drop(run);
    }

    /// Reads a small file kept beside the runs. `None` when there is none, or no directory.
    pub fn read_kept(&self, name: &str) -> Option<Vec<u8>> {
        const MOST: u64 = 1 << 20;
        self.home.as_ref()?.dir().and_then(|dir| dir.read(name, MOST)).ok()
    }

    /// Keeps a small file beside the runs, replaced whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &self.home {
            Some(home) => home.dir()?.replace_file(name, bytes),
            None => Ok(()),
        }
    }
}

/// One thread that makes a chunk, as long as this lives.
struct Making<'a>(&'a AtomicUsize);

impl<'a> Making<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Release);
        Self(count)
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

/// The events in a stored file, and how many places in it are damaged.
#[cfg(fuzzing)]
pub(crate) fn stored_events(bytes: Vec<u8>) -> (Vec<Vec<u8>>, u64) {
    let records = stored::Records::parse(bytes);
    (records.iter().map(<[u8]>::to_vec).collect(), records.damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn delivered(journal: &Journal) -> Vec<Vec<u8>> {
        let events = |sequence: &Arc<Sequence>| {
            sequence.with_events(|events| events.map(<[u8]>::to_vec).collect::<Vec<_>>()).unwrap()
        };
        journal.backlog().all().iter().flat_map(events).collect()
    }

    #[test]
    fn a_thread_that_dies_in_the_middle_of_an_append_holds_up_nobody_for_long() {
        let dir = tempfile::tempdir().unwrap();
        for storage in [None, Some(dir.path())] {
            let journal = Journal::open(storage, "key", 4_000_000);
            let envelope = Arc::new(crate::delivery::Envelope::any());
            let label = serde_json::to_vec(&*envelope).unwrap();
            let chunk = Arc::new(journal.fresh(0).unwrap().label(1, &envelope, &label));
            let events = ["{\"n\":1}", "{\"n\":2,\"pad\":\"------------\"}", "{\"n\":3}"];
            chunk.append(events[0].as_bytes());
            let gap = chunk.reserve_only(events[1].len());
            chunk.append(events[2].as_bytes());
            chunk.seal();
            journal.backlog().push(Sequence::live(chunk.clone()));
            assert_eq!(journal.backlog().tidy(Duration::from_secs(60)), Some(Duration::from_millis(1)));
            assert_eq!(journal.backlog().tidy(Duration::ZERO), None, "it is waited for no longer");
            assert_eq!(delivered(&journal), [events[0].as_bytes(), events[2].as_bytes()]);
            assert_eq!(journal.backlog().recorded().events, 2);
            journal.keep_late();
            assert_eq!(delivered(&journal).len(), 2, "nothing came late");

            // It lived after all.
            chunk.store_late(events[1].as_bytes(), gap);
            journal.keep_late();
            journal.keep_late();
            assert_eq!(journal.backlog().tidy(Duration::ZERO), None);
            assert_eq!(delivered(&journal), [0, 2, 1].map(|at| events[at].as_bytes()), "once");
            assert_eq!(journal.backlog().rescued().len(), 0);
        }
    }

    #[test]
    fn a_thread_that_outlives_the_journal_leaves_no_chunk_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(dir.path()), "key", 4_000_000);
        let late = journal.fresh(0).unwrap();
        journal.close();
        journal.keep_spare(late);
        let home = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "its run is gone");
    }

    fn big(n: u32) -> Vec<u8> {
        let noise: String = (0..250_000).map(|_| fastrand::alphanumeric()).collect();
        format!("{{\"n\":{n},\"pad\":\"{noise}\"}}").into_bytes()
    }

    fn names(journal: &Journal) -> Vec<String> {
        let mut all: Vec<String> = delivered(journal)
            .iter()
            .map(|event| String::from_utf8_lossy(&event[..12.min(event.len())]).into_owned())
            .collect();
        all.sort();
        all
    }

    #[test]
    fn what_came_late_after_its_chunk_was_packed_survives_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(dir.path()), "key", 64_000_000);
        let envelope = Arc::new(crate::delivery::Envelope::any());
        let label = serde_json::to_vec(&*envelope).unwrap();
        let chunk = Arc::new(journal.fresh(0).unwrap().label(1, &envelope, &label));
        chunk.append(&big(1));
        let late = b"{\"late\":1}";
        let gap = chunk.reserve_only(late.len());
        chunk.append(&big(2)[..200_000]);
        chunk.seal();
        journal.backlog().push(Sequence::live(chunk.clone()));
        journal.backlog().tidy(Duration::ZERO);
        journal.settle_down(|| false).unwrap();
        chunk.store_late(late, gap);
        journal.keep_late();
        journal.backlog().tidy(Duration::ZERO);
        let before = names(&journal);
        drop(chunk);
        drop(journal);
        let next = Journal::open(Some(dir.path()), "key", 64_000_000);
        next.adopt().unwrap();
        assert_eq!(names(&next), before);
    }

    #[test]
    fn what_came_late_is_packed_with_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(dir.path()), "key", 64_000_000);
        let envelope = Arc::new(crate::delivery::Envelope::any());
        let label = serde_json::to_vec(&*envelope).unwrap();
        let mut other = crate::delivery::Envelope::any();
        other.session_id = "2".to_owned();
        let other = Arc::new(other);
        let other_label = serde_json::to_vec(&*other).unwrap();
        let one = Arc::new(journal.fresh(0).unwrap().label(1, &envelope, &label));
        one.append(b"{\"first\":1}");
        let late = b"{\"late\":1}";
        let gap = one.reserve_only(late.len());
        one.seal();
        journal.backlog().push(Sequence::live(one.clone()));
        journal.backlog().tidy(Duration::ZERO);
        let two = Arc::new(journal.fresh(0).unwrap().label(2, &other, &other_label));
        two.append(b"{\"other\":1}");
        two.seal();
        journal.backlog().push(Sequence::live(two.clone()));
        journal.backlog().tidy(Duration::ZERO);
        one.store_late(late, gap);
        journal.keep_late();
        let three = Arc::new(journal.fresh(0).unwrap().label(3, &envelope, &label));
        three.append(&big(3));
        three.append(&big(4)[..100_000]);
        three.seal();
        journal.backlog().push(Sequence::live(three.clone()));
        journal.backlog().tidy(Duration::ZERO);
        journal.settle_down(|| false).unwrap();
        let before = names(&journal);
        drop((one, two, three));
        drop(journal);
        let next = Journal::open(Some(dir.path()), "key", 64_000_000);
        next.adopt().unwrap();
        assert_eq!(names(&next), before);
    }

    #[test]
    fn a_dead_append_does_not_keep_the_run_from_being_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(dir.path()), "key", 64_000_000);
        let envelope = Arc::new(crate::delivery::Envelope::any());
        let label = serde_json::to_vec(&*envelope).unwrap();
        let one = Arc::new(journal.fresh(0).unwrap().label(1, &envelope, &label));
        one.append(b"{\"first\":1}");
        one.reserve_only(10);
        one.seal();
        journal.backlog().push(Sequence::live(one.clone()));
        journal.backlog().tidy(Duration::ZERO);
        drop(one);
        journal.close();
        let next = Journal::open(Some(dir.path()), "key", 64_000_000);
        assert_eq!(next.adopt().unwrap().events, 1);
    }
}
