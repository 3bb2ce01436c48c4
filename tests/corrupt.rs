//! Whatever happened to the stored files, the next run starts, delivers what is good and counts what is not.
//! (`storage/records_tests.rs` tries every single byte of a chunk; here whole directories go through the whole library.)

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{Server, list_below, start, timestamped, wait_until, within_ms};
use fastrand::Rng;
use serde_json::{Value, json};
use session_replay::SessionId;

/// Cases of damage; each goes through every kind in turn.
const CASES: u64 = 90;

/// What earlier runs left behind, and what is in it.
struct Left {
    dir: tempfile::TempDir,
    /// By session.
    events: BTreeMap<String, Vec<String>>,
}

/// Two sessions, of which the first is packed, but for what was in flight, and the second fills several chunks.
fn leave() -> Left {
    let dir = tempfile::tempdir().unwrap();
    let mut events = BTreeMap::new();
    let server = Server::start();
    server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
    for (session, count) in [("packed", 4_000), ("chunks", 300)] {
        let replay =
            start(&server, json!({ "storageDir": dir.path(), "sessionId": session, "flushMaxRetries": 1 }));
        let recorded: Vec<_> =
            (0..count).map(|number| timestamped(&json!([session, number, "x".repeat(300)]))).collect();
        for event in &recorded {
            replay.record(event.as_bytes()).unwrap();
        }
        if session == "packed" {
            let _ = replay.flush(0);
            wait_until("packing", || !list_below(dir.path(), "packed").is_empty());
        }
        replay.shut_down(0).unwrap_err();
        events.insert(session.to_owned(), recorded);
    }
    Left { dir, events }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    ["chunk", "packed", "json"].iter().flat_map(|kind| list_below(dir, kind)).collect()
}

/// Harms one file. What was done, for the message.
fn harm(dir: &Path, case: u64, rng: &mut Rng) -> String {
    let files = files(dir);
    let file = &files[rng.usize(..files.len())];
    let mut bytes = fs::read(file).unwrap();
    let at = rng.usize(..bytes.len());
    let other = fs::read(files.iter().find(|file| file.ends_with("state.json")).unwrap()).unwrap();
    let what = match case % 9 {
        0 => {
            bytes[at] ^= 1 << rng.u8(..8);
            format!("a bit of byte {at} flipped")
        }
        1 => {
            bytes.truncate(at);
            format!("cut after {at} bytes")
        }
        2 => {
            let end = bytes.len().min(at + rng.usize(..10_000));
            bytes[at..end].fill(0);
            match bytes.iter().all(|byte| *byte == 0) {
                true => "zeros from 0 to the end".to_owned(),
                false => format!("zeros from {at} to {end}"),
            }
        }
        3 => {
            bytes.clear();
            "emptied".to_owned()
        }
        4 => {
            bytes = other;
            "the content of another file".to_owned()
        }
        5 => {
            // The file of a version to come.
            let magic = bytes.len().min(8);
            bytes[..magic].copy_from_slice(&b"SRCHUNK9"[..magic]);
            if let Some(second) = bytes.get_mut(4_096..4_104) {
                second.copy_from_slice(b"SRCHUNK9");
            }
            "another version".to_owned()
        }
        7 => {
            fs::remove_file(file).unwrap();
            fs::create_dir(file).unwrap();
            return format!("{}: a directory in its place", file.display());
        }
        #[cfg(unix)]
        8 => {
            let secret = dir.join("not-ours");
            fs::write(&secret, &bytes).unwrap();
            fs::remove_file(file).unwrap();
            std::os::unix::fs::symlink(&secret, file).unwrap();
            return format!("{}: a symbolic link in its place", file.display());
        }
        _ => {
            bytes[at..].iter_mut().for_each(|byte| *byte = rng.u8(..));
            format!("noise from {at}")
        }
    };
    fs::write(file, bytes).unwrap();
    format!("{}: {what}", file.display())
}

/// Whether `part` is `whole` with some left out.
fn is_part(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|event| rest.any(|other| other == event))
}

#[test]
fn the_good_is_delivered_the_bad_counted_and_the_start_never_fails() {
    let seed = std::env::var("SR_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("SR_SEED={seed}");
    let left = leave();
    let whole: usize = left.events.values().map(Vec::len).sum();
    for case in 0..CASES {
        let dir = tempfile::tempdir().unwrap();
        copy(left.dir.path(), dir.path());
        let harmed = harm(dir.path(), case, &mut Rng::with_seed(seed ^ case));
        let server = Server::start();
        let replay = start(&server, json!({ "storageDir": dir.path(), "sessionId": "new" }));
        let last = timestamped(&json!("last"));
        replay.record(last.as_bytes()).unwrap();
        replay.set_session_id(SessionId::from_text("newer").unwrap());
        let stats = || replay.stats();
        wait_until("all that is good", || {
            let stats = stats();
            replay.flush(within_ms(10_000)).unwrap();
            // A stored event at least is good in every case; then all that was adopted is on its way.
            stats["adopted"] != 0 && stats["waiting"]["events"] == 0
        });
        let arrived: BTreeMap<_, _> =
            left.events.keys().map(|session| (session, server.events("device-1", session))).collect();
        for (session, events) in &arrived {
            assert!(is_part(events, &left.events[*session]), "{harmed}: something else in {session}");
        }
        let good: usize = arrived.values().map(Vec::len).sum();
        let stats: Value = stats();
        let damaged = stats["damaged"].as_u64().unwrap();
        // That is left alone, for the later version.
        if harmed.ends_with("another version") && !harmed.contains("json") {
            assert_eq!((stats["laterVersion"].as_u64(), damaged), (Some(1), 0), "{harmed}: {stats}");
            continue;
        }
        // An empty chunk looks as one does that was made ready and never used.
        let nothing_left = harmed.ends_with("emptied") || harmed.ends_with("zeros from 0 to the end");
        assert!(good == whole || damaged > 0 || nothing_left, "{harmed}: {good} of {whole} arrived, {stats}");
        assert_eq!(server.events("device-1", "new"), [last], "{harmed}");
        assert_eq!(stats["adopted"], good, "{harmed}");
    }
}
