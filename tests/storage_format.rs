//! Reads a storage directory by docs/reference/storage-format.md and by nothing else: where things lie is taken from the
//! page's own tables, so neither the page nor the format changes without the other.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that can't go on has failed")]
// On Windows the page of a run that goes on is read by nobody but who locked it; the bytes are the same.
#![cfg(unix)]

mod common;

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{SNAPSHOT, timestamped};
use rapidhash::v3::{RapidSecrets, rapidhash_v3, rapidhash_v3_seeded};
use serde_json::{Value, json};
use session_replay::{Lines, Log, SessionReplay, ViewInfo};
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("../docs/reference/storage-format.md");
const HIGH_HALF: u64 = 0xffff_ffff_0000_0000;
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Where the page says that this lies: the row of a table in this section whose second cell begins so.
fn place(section: &str, what: &str) -> Range<usize> {
    let (_, behind) =
        PAGE.split_once(&format!("\n{section}\n")).unwrap_or_else(|| panic!("no section {section}"));
    let row = behind
        .lines()
        .find(|line| line.contains(&format!(".. | {what}")) || line.contains(&format!(" | {what}")));
    let row = row.unwrap_or_else(|| panic!("no row {what} in {section}"));
    let (from, to) = row.trim_start_matches("| ").split_once(" |").unwrap().0.split_once("..").unwrap();
    let from = from.parse().unwrap();
    from..to.parse().unwrap_or(from)
}

fn word(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn signed_word(bytes: &[u8], at: usize) -> i64 {
    word(bytes, at) as i64
}

/// An event file, read as the page says.
struct EventFile {
    bytes: Vec<u8>,
    secrets: RapidSecrets,
}

impl EventFile {
    fn read(path: &Path, magic: &str) -> Self {
        assert!(PAGE.contains(&format!("`{magic}`")), "the page names {magic}");
        let bytes = fs::read(path).unwrap();
        assert_eq!(&bytes[place("## Chunk", "magic")], magic.as_bytes());
        assert!(bytes.len().is_multiple_of(4_096));
        let first = place("## Chunk", "header");
        let second = place("## Chunk", "the same header again");
        assert_eq!(bytes[first], bytes[second], "the header stands twice");
        let secrets = RapidSecrets::seed(word(&bytes, place("## Chunk", "seed").start));
        Self { bytes, secrets }
    }

    fn check(&self, bytes: &[u8]) -> u64 {
        rapidhash_v3_seeded(bytes, &self.secrets)
    }

    /// The number of the chunk, and its envelope.
    fn label(&self) -> (u64, Value) {
        let head = word(&self.bytes, place("## Chunk", "low half: length of the label").start);
        let number = place("## Chunk", "the chunk's number");
        let length = (head & !HIGH_HALF) as usize;
        let label = place("## Chunk", "the label").start;
        assert_eq!(self.check(&self.bytes[number.start..label + length]) & HIGH_HALF, head & HIGH_HALF);
        (word(&self.bytes, number.start), serde_json::from_slice(&self.bytes[label..label + length]).unwrap())
    }

    fn delivered(&self) -> u64 {
        let found = word(&self.bytes, place("## Chunk", "low half: how many").start);
        let number = found & !HIGH_HALF;
        assert_eq!(self.check(&number.to_le_bytes()) & HIGH_HALF, found & HIGH_HALF);
        number
    }

    /// The boot, and by how much the wall clock was ahead, once it is sealed.
    fn clock(&self) -> Option<(u64, i64)> {
        let boot = place("## Chunk", "the boot").start;
        let ahead = place("## Chunk", "milliseconds by which").start;
        let check = word(&self.bytes, place("## Chunk", "the check over these two").start);
        let stamped = check != 0;
        if stamped {
            assert_eq!(self.check(&self.bytes[boot..ahead + 8]), check);
        }
        stamped.then(|| (word(&self.bytes, boot), signed_word(&self.bytes, ahead)))
    }

    fn records(&self) -> Vec<&[u8]> {
        let mut records = Vec::new();
        let mut at = place("## Chunk", "records").start;
        while at + 8 <= self.bytes.len() && word(&self.bytes, at) != 0 {
            let head = word(&self.bytes, at);
            let length = (head & !HIGH_HALF) as usize;
            let content = &self.bytes[at + 8..at + 8 + length];
            let check = self.check(content) ^ (at as u64).wrapping_mul(SPREAD);
            assert_eq!(check & HIGH_HALF, head & HIGH_HALF, "the record at {at}");
            records.push(content);
            at += (8 + length).next_multiple_of(8);
        }
        records
    }
}

fn only_entry(dir: &Path, is_meant: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut meant = entries.filter(|path| is_meant(path.file_name().unwrap().to_str().unwrap()));
    let found = meant.next();
    assert!(meant.next().is_none(), "one alone in {dir:?}");
    found
}

/// The chunk that is recorded into. Beside it another is made ready at this moment, or is: empty, or without a header.
fn used_chunk(run: &Path) -> PathBuf {
    let has_header = |path: PathBuf| fs::read(path).unwrap().first().is_some_and(|byte| *byte != 0);
    only_entry(run, |name| name.ends_with(".chunk") && has_header(run.join(name))).unwrap()
}

fn record_without_a_server(dir: &Path) -> SessionReplay {
    let more = json!({
        // Nothing is sealed before the test asks for it.
        "interactionConfig": { "enabled": true },
        "flushIntervalConfig": { "minIntervalMs": 600_000, "maxIntervalMs": 600_000 },
        "flushMaxRetries": 1, "storageDir": dir, "clientUrl": "app://test",
    });
    let options = common::capture_all("http://127.0.0.1:9/track", more);
    SessionReplay::start("key", options, Arc::<Log>::default()).unwrap()
}

fn record_all(replay: &SessionReplay, events: &[String]) {
    for event in events {
        replay.record(event.as_bytes()).unwrap();
    }
}

fn expect_envelope(envelope: &Value) {
    let mut members: Vec<_> = envelope.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let named = ["client_url", "device_id", "library", "sample_rate", "session_id", "started_at_ms", "zone"];
    assert_eq!(members, named);
    let (_, section) = PAGE.split_once("\n### Envelope\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    named.iter().for_each(|name| assert!(section.contains(&format!("`{name}`")), "the page names {name}"));
    assert_eq!(envelope["device_id"], "device-1");
    assert_eq!(envelope["session_id"], "1732300000000");
    assert_eq!(envelope["zone"], "US");
    assert_eq!(envelope["client_url"], "app://test");
}

#[test]
fn a_directory_is_laid_out_as_the_page_says() {
    let dir = tempfile::tempdir().unwrap();
    let replay = record_without_a_server(dir.path());
    let events = [SNAPSHOT.to_owned(), timestamped(&json!(1)), timestamped(&json!("ä longer one"))];
    record_all(&replay, &events);

    let home = only_entry(dir.path(), |_| true).unwrap();
    let digest = Sha256::digest(b"key");
    let fingerprint: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(home.ends_with(fingerprint));
    let run = only_entry(&home, |name| name.starts_with("run-")).unwrap();
    let chunk = used_chunk(&run);
    assert_eq!(chunk.file_stem().unwrap().len(), 10);

    let file = EventFile::read(&chunk, "SRCHUNK3");
    assert_eq!(file.bytes.len(), 512 * 1_024);
    let (number, envelope) = file.label();
    assert!(number < 1 << 62);
    expect_envelope(&envelope);
    assert_eq!((file.delivered(), file.clock()), (0, None));
    assert_eq!(file.records(), events.each_ref().map(|event| event.as_bytes()));

    expect_run_page(&fs::read(run.join("lock")).unwrap(), &run.join("lock"));
    drop(replay);
    expect_session(&home);
}

/// The numbers of a record's mark, and its event.
fn marked(record: &[u8]) -> ([i64; 3], &str) {
    let (mark, event) = str::from_utf8(record).unwrap().strip_prefix('@').unwrap().split_once('{').unwrap();
    let numbers: Vec<_> = mark.split(',').map(|number| number.parse().unwrap()).collect();
    (numbers.try_into().unwrap(), &str::from_utf8(record).unwrap()[record.len() - event.len() - 1..])
}

#[test]
fn what_the_scene_and_its_pages_tell_stands_behind_a_mark() {
    let dir = tempfile::tempdir().unwrap();
    let replay = record_without_a_server(dir.path());
    let event = r#"{"type":3,"timestamp":1732300000001,"data":{"source":3,"id":1,"x":0,"y":1}}"#;
    let desk = ViewInfo { rectangle: [0.0, 0.0, 1280.0, 800.0], ..ViewInfo::default() };
    replay.place_view(&desk).unwrap();
    replay.place_view(&ViewInfo { view: 77, ..ViewInfo::default() }).unwrap();
    let lines = [event, SNAPSHOT, event, SNAPSHOT, event].join("\n");
    replay.record_view_lines(77, lines.as_bytes(), &mut Lines::default()).unwrap();

    let home = only_entry(dir.path(), |_| true).unwrap();
    let run = only_entry(&home, |name| name.starts_with("run-")).unwrap();
    let file = EventFile::read(&used_chunk(&run), "SRCHUNK3");
    let records = file.records();
    let (scene, full_snapshot) = marked(records[0]);
    assert_eq!(scene, [0, 1280, 800]);
    let full_snapshot: Value = serde_json::from_str(full_snapshot).unwrap();
    assert_eq!(full_snapshot["type"], 2);
    // What the library tells of what changes stands there as any event does: the page's frame.
    assert!(records[1].starts_with(b"{") && records.len() == 7);
    let page = [(9_000_001, event), (2, SNAPSHOT), (2, event), (3, SNAPSHOT), (3, event)];
    for (record, (document, expected)) in records[2..].iter().zip(page) {
        let ([view, of, since], event) = marked(record);
        assert_eq!((view, of, event), (1, document, expected));
        assert!(since >= full_snapshot["timestamp"].as_i64().unwrap());
    }
}

/// The page of a run of this process.
#[test]
fn interactions_lie_in_a_chunk_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let replay = record_without_a_server(dir.path());
    let click = r#"{"type":"click","x":1,"y":2,"viewportWidth":8,"viewportHeight":6,"pageUrl":"app://x","timestamp":7}"#;
    for _ in 0..2 {
        replay.record_interaction(click).unwrap();
    }
    let home = only_entry(dir.path(), |_| true).unwrap();
    let run = only_entry(&home, |name| name.starts_with("run-")).unwrap();
    let file = EventFile::read(&used_chunk(&run), "SRCHUNK4");
    assert_eq!(file.bytes.len(), 64 * 1_024);
    let (number, mut envelope) = file.label();
    assert!((1 << 61..1 << 62).contains(&number));
    assert_eq!(envelope.as_object_mut().unwrap().remove("kind"), Some(json!("interaction")));
    expect_envelope(&envelope);
    assert_eq!(file.records(), [click.as_bytes(); 2]);
}

fn expect_run_page(page: &[u8], path: &Path) {
    use std::os::unix::fs::MetadataExt;
    let at = |what| place("## Run page", what).start;
    assert_eq!(page.len(), 4_096);
    assert_eq!(&page[place("## Run page", "magic")], b"SRLOCK01");
    assert_eq!(word(page, at("the process id")), u64::from(std::process::id()));
    let facts = fs::metadata(path).unwrap();
    let identity = at("device and inode");
    assert_eq!((word(page, identity), word(page, identity + 8)), (facts.dev(), facts.ino()));
    let check = at("the check over the 56 bytes");
    assert_eq!(word(page, check), rapidhash_v3(&page[..check]));
    assert_eq!(word(page, at("when the run crashed")), 0);
    assert_eq!(word(page, at("not 0: the process has let go")), 0);
}

fn expect_session(home: &Path) {
    let state: Value = serde_json::from_slice(&fs::read(home.join("state.json")).unwrap()).unwrap();
    let (_, section) = PAGE.split_once("\n## Session\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    for (member, value) in state.as_object().unwrap() {
        assert!(section.contains(&format!("`{member}`")), "the page names {member}, which is {value}");
    }
    assert_eq!(state.as_object().unwrap().len(), 7);
    assert_eq!(state["sessionId"], "1732300000000");
}

#[test]
fn chunks_that_wait_are_packed_as_the_page_says() {
    let dir = tempfile::tempdir().unwrap();
    let replay = record_without_a_server(dir.path());
    let mut expected = vec![SNAPSHOT.to_owned()];
    expected.extend((0..3_000).map(|number| timestamped(&json!({ "n": number, "text": "x".repeat(200) }))));
    record_all(&replay, &expected);
    let _ = replay.flush(0);

    let home = only_entry(dir.path(), |_| true).unwrap();
    let run = only_entry(&home, |name| name.starts_with("run-")).unwrap();
    let packed = |name: &str| name.ends_with(".packed");
    common::wait_until("what waits is packed", || {
        let names =
            fs::read_dir(&run).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| packed(name)).count() == 1
    });
    let path = only_entry(&run, packed).unwrap();
    let (first, last) = path.file_stem().unwrap().to_str().unwrap().split_once('-').unwrap();
    assert!(first.len() == 10 && last.len() == 10 && first < last);

    let file = EventFile::read(&path, "SRPACKD3");
    let (number, envelope) = file.label();
    assert_eq!(number, first.parse::<u64>().unwrap());
    expect_envelope(&envelope);
    assert!(file.clock().is_some() || !cfg!(target_os = "linux"));
    let mut unpacked = Vec::new();
    for block in file.records() {
        let mut events = Vec::new();
        flate2::read::DeflateDecoder::new(block).read_to_end(&mut events).unwrap();
        let mut left = &events[..];
        while let Some((length, rest)) = left.split_first_chunk::<4>() {
            let (event, behind) = rest.split_at(u32::from_le_bytes(*length) as usize);
            unpacked.push(String::from_utf8(event.to_vec()).unwrap());
            left = behind;
        }
    }
    assert_eq!(unpacked, expected[..unpacked.len()]);
    assert!(unpacked.len() > 2_000, "{}", unpacked.len());
}
