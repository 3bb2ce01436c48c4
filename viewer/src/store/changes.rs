//! What changed lately, so that other viewers on the store need not look through all of it.
//!
//! While things arrive, each process writes what it stored and deleted to `v1/changes/<time>-<process>`, about once a second. Before the
//! first of these batches it makes `v1/changes/active-<process>`, and takes it away when all is written. One that is left over means
//! that its process died between a batch and its change: then only a look through everything finds what it stored.

use std::collections::HashSet;
use std::time::Duration;

use object_store::PutPayload;
use serde::{Deserialize, Serialize};

use super::batch_name::BatchName;
use super::error::StoreError;
use super::objects::Objects;
use crate::arrival::ArrivalTime;
use crate::replay_id::{DeviceId, SessionId};

/// The folder of changes.
const FOLDER: &str = "changes";
/// What the name of a process's mark begins with; sorts above all times.
const ACTIVE: &str = "active-";
/// How much may be read of one change. A second has no more.
const MAX_CHANGE_BYTES: u64 = 16 << 20;
/// An object may become visible after one with a later name, and clocks differ: each look goes so far back.
const SLACK: Duration = Duration::from_secs(60);

/// What one process did in about a second.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    pub(crate) version: u32,
    /// Accepted batches of replays.
    pub(crate) batches: Vec<(DeviceId, SessionId, BatchName)>,
    /// Refused requests: when.
    pub(crate) refused: Vec<(DeviceId, SessionId, String)>,
    /// Sessions that have other interactions than before.
    pub(crate) touched: Vec<(DeviceId, SessionId)>,
    /// Deleted sessions: all of them that arrived up to then.
    pub(crate) forgotten: Vec<(DeviceId, SessionId, String)>,
}

/// Most entries of one change, so that it stays well below what is read of one: an entry has two ids and a name.
const MAX_ENTRIES: usize = 10_000;

/// The version that is written and read.
const CHANGE_VERSION: u32 = 1;

impl Change {
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
            && self.refused.is_empty()
            && self.touched.is_empty()
            && self.forgotten.is_empty()
    }

    /// Takes off as much as is written in one piece.
    pub(crate) fn take_some(&mut self) -> Self {
        let mut room = MAX_ENTRIES;
        Self {
            version: CHANGE_VERSION,
            // What was forgotten first: a batch that is told after that counts.
            forgotten: take(&mut self.forgotten, &mut room),
            batches: take(&mut self.batches, &mut room),
            refused: take(&mut self.refused, &mut room),
            touched: take(&mut self.touched, &mut room),
        }
    }

    /// Adds what another one has.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.batches.append(&mut other.batches);
        self.refused.append(&mut other.refused);
        self.touched.append(&mut other.touched);
        self.forgotten.append(&mut other.forgotten);
    }
}

fn take<T>(from: &mut Vec<T>, room: &mut usize) -> Vec<T> {
    let taken: Vec<T> = from.drain(..from.len().min(*room)).collect();
    *room -= taken.len();
    taken
}

/// What a look at the changes found.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub(crate) changes: Vec<Change>,
    /// Names of processes that say that they have not written everything, and did not write any of the changes.
    pub(crate) active: Vec<String>,
}

/// How far one reader of the changes is.
#[derive(Debug, Default)]
pub(crate) struct ChangesReader {
    /// Names up to this one are not looked at any more.
    after: String,
    /// Names above that were read.
    seen: HashSet<String>,
}

impl ChangesReader {
    /// Reads what was written from a little before this time on.
    pub(crate) fn from(time: ArrivalTime) -> Self {
        Self { after: time.min(ArrivalTime::now()).minus(SLACK).to_string(), seen: HashSet::new() }
    }
}

/// The change log of a store.
#[derive(Debug)]
pub(crate) struct Changes {
    objects: Objects,
    process: u64,
}

impl Changes {
    pub(super) fn new(objects: Objects, process: u64) -> Self {
        Self { objects, process }
    }

    fn name(&self, at: ArrivalTime) -> String {
        format!("{at}-{:016x}", self.process)
    }

    pub(crate) async fn write(&self, at: ArrivalTime, change: &Change) -> Result<(), StoreError> {
        let payload = PutPayload::from(serde_json::to_vec(change)?);
        Ok(self.objects.put_file(FOLDER, &self.name(at), payload).await?)
    }

    /// Says that this process stores things that no change tells of yet.
    pub(crate) async fn begin(&self) -> Result<(), StoreError> {
        let name = format!("{ACTIVE}{:016x}", self.process);
        Ok(self.objects.put_file(FOLDER, &name, PutPayload::from_static(b"{}")).await?)
    }

    /// Says that all is told.
    pub(crate) async fn end(&self) -> Result<(), StoreError> {
        self.remove_mark(&format!("{:016x}", self.process)).await
    }

    /// Takes away the mark of a process that is no more.
    pub(crate) async fn remove_mark(&self, process: &str) -> Result<(), StoreError> {
        Ok(self.objects.delete_file(FOLDER, &format!("{ACTIVE}{process}")).await?)
    }

    /// What others did since the last look.
    pub(crate) async fn read(&self, reader: &mut ChangesReader) -> Result<News, StoreError> {
        let ours = format!("{:016x}", self.process);
        let mut news = News::default();
        let mut wrote = HashSet::new();
        let files = self.objects.files(FOLDER, &reader.after).await?;
        for (name, bytes) in files {
            if let Some(process) = name.strip_prefix(ACTIVE) {
                if process != ours {
                    news.active.push(process.to_owned());
                }
                continue;
            }
            let Some((time, process)) = parse(&name) else { continue };
            if process == ours || bytes > MAX_CHANGE_BYTES || reader.seen.contains(&name) {
                continue;
            }
            // One that is gone was old, or it is not there yet for all; what is no change is passed over.
            let Ok(object) = self.objects.get_file(FOLDER, &name).await else { continue };
            if let Ok(change) = serde_json::from_slice::<Change>(&object)
                && change.version == CHANGE_VERSION
            {
                news.changes.push(change);
            }
            wrote.insert(process.to_owned());
            // A name from the future must not hide what is written from now on.
            let reached = time.min(ArrivalTime::now()).minus(SLACK).to_string();
            reader.after = std::mem::take(&mut reader.after).max(reached);
            reader.seen.insert(name);
        }
        news.active.retain(|process| !wrote.contains(process));
        let ChangesReader { after, seen } = reader;
        seen.retain(|name| *name > *after);
        Ok(news)
    }

    /// Deletes what is older.
    pub(crate) async fn delete_before(&self, time: ArrivalTime) -> Result<(), StoreError> {
        for (name, _) in self.objects.files(FOLDER, "").await? {
            if parse(&name).is_some_and(|(written, _)| written < time) {
                self.objects.delete_file(FOLDER, &name).await?;
            }
        }
        Ok(())
    }
}

/// When a change was written, and by which process.
fn parse(name: &str) -> Option<(ArrivalTime, &str)> {
    let (time, process) = name.split_once('-')?;
    let is_process = process.len() == 16 && process.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((ArrivalTime::parse(time)?, process)).filter(|_| is_process)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_for_one_change_is_written_in_several() {
        let device = DeviceId::try_from("d".to_owned()).unwrap();
        let session = SessionId::try_from("s".to_owned()).unwrap();
        let mut change = Change::default();
        let refused = |number: usize| (device.clone(), session.clone(), number.to_string());
        change.refused.extend((0..MAX_ENTRIES + 5).map(refused));
        change.forgotten.extend((0..3).map(refused));
        let whole = change.clone();
        let mut again = Change::default();
        let mut sizes = Vec::new();
        while !change.is_empty() {
            let some = change.take_some();
            assert_eq!(some.version, CHANGE_VERSION);
            sizes.push((some.forgotten.len(), some.refused.len()));
            again.append(some);
        }
        assert_eq!(sizes, [(3, MAX_ENTRIES - 3), (0, 8)]);
        assert_eq!(again, whole);
    }
}
