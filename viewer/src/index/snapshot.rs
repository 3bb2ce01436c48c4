//! The index as bytes: gzip, whose checksum tells damage; in it a line of JSON about the whole, then one a session.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::sessions::{Entry, Sessions};
use super::totals::Totals;
use crate::arrival::ArrivalTime;
use crate::replay_id::{DeviceId, ReplayId, SessionId};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 3;
/// How much is unpacked of a snapshot.
const MAX_DECODED_BYTES: u64 = 2 << 30;

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    /// Changes from then on are not in it, in microseconds since the epoch.
    at: u64,
    sessions: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    device: DeviceId,
    session: SessionId,
    totals: Totals,
    facts: Option<Facts>,
    /// Each as the distance from the one before.
    keys: Vec<u64>,
}

/// Writes a snapshot, session by session.
pub(super) struct SnapshotWriter {
    bytes: GzEncoder<Vec<u8>>,
}

impl SnapshotWriter {
    pub(super) fn new(at: ArrivalTime, sessions: usize) -> std::io::Result<Self> {
        let mut writer = Self { bytes: GzEncoder::new(Vec::new(), Compression::fast()) };
        writer.line(&Head { version: VERSION, at: at.micros(), sessions })?;
        Ok(writer)
    }

    pub(super) fn add(&mut self, id: &ReplayId, entry: &Entry) -> std::io::Result<()> {
        let mut before = 0;
        let keys = entry.keys.iter().map(|key| key.wrapping_sub(std::mem::replace(&mut before, *key)));
        self.line(&Line {
            device: id.device.clone(),
            session: id.session.clone(),
            totals: entry.totals.clone(),
            facts: entry.facts.as_deref().cloned(),
            keys: keys.collect(),
        })
    }

    pub(super) fn finish(self) -> std::io::Result<Vec<u8>> {
        self.bytes.finish()
    }

    fn line(&mut self, line: &impl Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.bytes, line)?;
        self.bytes.write_all(b"\n")
    }
}

/// Reads a snapshot; `None` for what is damaged, of another version, or none.
pub(super) fn read(bytes: &[u8]) -> Option<(ArrivalTime, Sessions)> {
    let mut lines = BufReader::with_capacity(1 << 16, GzDecoder::new(bytes).take(MAX_DECODED_BYTES));
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line).ok()?;
    let head: Head = serde_json::from_slice(&line).ok()?;
    if head.version != VERSION {
        return None;
    }
    let mut sessions = Sessions::default();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).ok()? == 0 {
            break;
        }
        let Line { device, session, totals, facts, mut keys } = serde_json::from_slice(&line).ok()?;
        let mut before = 0_u64;
        for key in &mut keys {
            before = before.wrapping_add(*key);
            *key = before;
        }
        let entry = Entry { totals, facts: facts.map(Arc::new), keys };
        entry.keys.is_sorted().then_some(())?;
        sessions.put(Arc::new(ReplayId { device, session }), entry);
    }
    (sessions.len() == head.sessions).then_some((ArrivalTime::from_micros(head.at), sessions))
}

#[cfg(test)]
mod tests {
    use super::super::facts::Told;
    use super::*;
    use crate::batch::BatchStats;
    use crate::store::BatchInfo;

    fn written(version_of: impl Fn(String) -> String) -> Vec<u8> {
        let mut sessions = Sessions::default();
        for session in ["a", "b", "c"] {
            let id = ReplayId::new("d", session).unwrap();
            for micros in [1_000, 5_000] {
                let mut stats = BatchStats::default();
                stats.add(2.0, -1.5);
                let arrived = ArrivalTime::from_micros(micros);
                let info = BatchInfo { arrived, wire_bytes: u64::MAX, decoded_bytes: 1, stats };
                sessions.add(&id, &info.name(7), &info);
            }
            let told = Told { title: Some("é\n".to_owned()), ..Told::default() };
            let facts = Facts { told, ..Facts::default() };
            sessions.set_facts(&id, Arc::new(facts));
        }
        let mut writer = SnapshotWriter::new(ArrivalTime::from_micros(9), 3).unwrap();
        for (id, entry) in sessions.newest_first() {
            writer.add(id, entry).unwrap();
        }
        let mut text = String::new();
        GzDecoder::new(&*writer.finish().unwrap()).read_to_string(&mut text).unwrap();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(version_of(text).as_bytes()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn a_snapshot_can_be_read_back() {
        let (at, sessions) = read(&written(|text| text)).unwrap();
        assert_eq!((at.micros(), sessions.len()), (9, 3));
        let entry = sessions.get(&ReplayId::new("d", "b").unwrap()).unwrap();
        assert_eq!((entry.totals.batches, entry.totals.last_arrival, entry.keys.len()), (2, 5, 2));
        assert_eq!(entry.totals.wire_bytes, u64::MAX);
        assert_eq!(entry.facts.as_ref().unwrap().told.title.as_deref(), Some("é\n"));
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_ignored() {
        let whole = written(|text| text);
        for length in [0, 1, 10, whole.len() / 2, whole.len() - 1] {
            assert!(read(&whole[..length]).is_none(), "{length} bytes");
        }
        let mut turned = whole.clone();
        *turned.get_mut(whole.len() - 6).unwrap() ^= 1;
        assert!(read(&turned).is_none(), "a wrong checksum");
        assert!(read(b"{}").is_none());
        for (what, from, to) in [
            ("version", "\"version\":3", "\"version\":2"),
            ("count", "\"sessions\":3", "\"sessions\":4"),
            ("id", "\"device\":\"d\"", "\"device\":\"../d\""),
            ("order", "\"keys\":[", "\"keys\":[99999999999,18446744073709551615,"),
        ] {
            assert!(read(&written(|text| text.replace(from, to))).is_none(), "{what}");
        }
    }
}
