//! Recording with a dead server: memory and disk stay within the bound that `docs/guide/storage.md` states. As fast as it
//! can; `SR_MB_PER_SECOND=10` takes ten minutes.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![cfg(target_os = "linux")]

mod common;

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use session_replay::{Error, SessionId, SessionReplay};

/// More than a hundred times the limit.
const RECORDED: u64 = 2_000_000_000;
/// Where a pace is given, for so long.
const SECONDS: f64 = 600.0;
const EVENT_BYTES: usize = 60_000;
/// A session is so long.
const SESSION_BYTES: u64 = 3_000_000;
const LIMIT: u64 = 16_000_000;
/// While chunks are packed, they and what they become are there both.
const PACKING: u64 = 4_000_000;
/// Beside what waits: a batch and its body while it is built, and chunks that are being replaced. The page promises 40 MB with the
/// code of a release build, which is 5 MB of it; that of a debug build is several times as much, and not counted here.
const BESIDE: u64 = 35_000_000;

/// A number of `/proc/self/status`, in bytes.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1_024
}

/// What programs and libraries, this one too, take of the memory of this process.
fn code() -> u64 {
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let (mut is_code, mut sum) = (false, 0);
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            // A mapping: addresses, rights, offset, device, inode, and the file it is of.
            [range, _, _, _, _, ref path @ ..] if range.contains('-') => {
                is_code = path.first().is_some_and(|path| path.contains("/deps/") || path.contains(".so"));
            }
            ["Rss:", kilobytes, "kB"] if is_code => sum += kilobytes.parse::<u64>().unwrap() * 1_024,
            _ => {}
        }
    }
    sum
}

/// What the files take on disk. A chunk gives back what it does not need, and stays as long as it was.
fn disk(dir: &Path) -> u64 {
    let files = ["chunk", "packed"].map(|kind| common::list_below(dir, kind)).concat();
    files.iter().filter_map(|file| Some(std::fs::metadata(file).ok()?.blocks() * 512)).sum()
}

/// Records it all, with a dead server. The most that was on disk at any time.
fn record(storage: Option<&Path>) -> u64 {
    let more = json!({ "sessionId": null, "storageDir": storage, "storageLimitBytes": LIMIT });
    let options = common::capture_all(common::DEAD, more);
    let replay = SessionReplay::start("test-key", options, Default::default()).unwrap();
    // Noise, the worst there is for packing; many, so that no two neighbours are the same.
    let events: Vec<String> = (0..50)
        .map(|_| {
            common::timestamped(&json!(
                (0..EVENT_BYTES).map(|_| fastrand::alphanumeric()).collect::<String>()
            ))
        })
        .collect();
    let pace: Option<f64> = std::env::var("SR_MB_PER_SECOND").ok().map(|pace| pace.parse().unwrap());
    let all = pace.map_or(RECORDED, |pace| (pace * 1e6 * SECONDS) as u64);
    let began = Instant::now();
    let (mut recorded, mut session, mut most) = (0, 0, 0);
    while recorded < all {
        if recorded / SESSION_BYTES >= session {
            session += 1;
            replay.set_session_id(SessionId::from_text(&format!("session-{session}")).unwrap());
            most = most.max(storage.map_or(0, disk));
        }
        let event = &events[recorded as usize / EVENT_BYTES % events.len()];
        match replay.record(event.as_bytes()) {
            // Full, until what is being sent or packed right now may go.
            Err(Error::BufferFull { .. }) => std::thread::yield_now(),
            result => {
                result.unwrap();
                recorded += event.len() as u64;
            }
        }
        if let Some(pace) = pace {
            let due = began + Duration::from_secs_f64(recorded as f64 / 1e6 / pace);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }
    let stats = replay.stats();
    assert!(stats["dropped"]["storageLimit"].as_u64().unwrap() > 0, "the limit was reached: {stats}");
    assert_eq!(
        stats["recorded"]["events"].as_u64(),
        Some(
            stats["dropped"]["storageLimit"].as_u64().unwrap() + stats["waiting"]["events"].as_u64().unwrap()
        ),
        "every event is accounted for: {stats}"
    );
    most
}

#[test]
fn a_dead_server_costs_bounded_memory_and_disk() {
    // The system counts pages of a process roughly, and those of a mapping exactly.
    let before = memory("VmRSS").saturating_sub(code());
    let peak_beside_code = || memory("VmHWM").saturating_sub(code() + before);
    record(None);
    let peak = peak_beside_code();
    println!("in memory: {} MB at most over what was there before", peak / 1_000_000);
    assert!(peak <= LIMIT + BESIDE, "{peak} bytes");

    let dir = tempfile::tempdir().unwrap();
    let most = record(Some(dir.path()));
    let peak = peak_beside_code();
    println!("on disk: {} MB of memory, {} MB of disk at most", peak / 1_000_000, most / 1_000_000);
    assert!(peak <= LIMIT + BESIDE, "{peak} bytes of memory");
    assert!(most <= LIMIT + PACKING, "{most} bytes of disk");
}
