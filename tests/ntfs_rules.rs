//! The journal where files obey the rules of Windows: `tests/c/shims/ntfs.c` gives them to this system. What is recorded
//! arrives once and in order, nothing stays behind, and the storage limit counts what is still there.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![cfg(target_os = "linux")]

mod common;

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::c::{Program, compiler};
use common::child::{run, this_test};
use common::{Server, capture_all, files_below, move_runs, timestamped, wait_until, within_ms};
use once_cell::sync::Lazy;
use serde_json::{Value, json};
use session_replay::{Log, SessionId, SessionReplay};

const SESSION: &str = "1732300000000";
/// Set in a process that a test starts of itself: the storage directory and the server.
const CHILD_DIR: &str = "NTFS_RULES_DIR";
const CHILD_URL: &str = "NTFS_RULES_URL";

/// The library that stands in for the system.
static SHIM: Lazy<(tempfile::TempDir, PathBuf)> = Lazy::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ntfs.so");
    let strict = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"];
    run(compiler("CC", "cc").args(strict).arg(&path).args(["tests/c/shims/ntfs.c", "-ldl"]));
    (dir, path)
});

/// Has a program live by these rules.
fn by_the_rules<'a>(command: &'a mut Command, rules: &str) -> &'a mut Command {
    command.env("LD_PRELOAD", &SHIM.1).env("NTFS_RULES", rules)
}

/// The test of this name again, in a process of its own that lives by all rules.
fn again(test: &str, dir: &Path, url: &str) -> Command {
    let mut command = this_test(test);
    by_the_rules(&mut command, "all").env(CHILD_DIR, dir).env(CHILD_URL, url);
    command
}

/// In such a process: where it is to record to.
fn child() -> Option<(PathBuf, String)> {
    Some((std::env::var_os(CHILD_DIR)?.into(), std::env::var(CHILD_URL).ok()?))
}

fn start(url: &str, more: Value) -> SessionReplay {
    SessionReplay::start("test-api-key", capture_all(url, more), Arc::<Log>::default()).unwrap()
}

/// About a kilobyte that packing can't make small.
fn noise(number: usize) -> String {
    let mut random = fastrand::Rng::with_seed(number as u64);
    let text: String = (0..1_000).map(|_| random.alphanumeric()).collect();
    timestamped(&json!([number, text]))
}

fn record(replay: &SessionReplay, numbers: std::ops::Range<usize>) {
    for number in numbers {
        replay.record(noise(number).as_bytes()).unwrap();
    }
}

fn is_stored(replay: &SessionReplay) -> bool {
    let stats = replay.stats();
    stats["storage"] == json!({ "kind": "disk", "problem": null }) && stats["notStored"] == 0
}

/// The numbers of the events that arrived, in their order.
fn arrived(server: &Server, session: &str) -> Vec<usize> {
    let number = |event: &String| {
        let event: Value = serde_json::from_str(event).unwrap();
        event["data"]["payload"][0].as_u64().unwrap() as usize
    };
    server.events("device-1", session).iter().map(number).collect()
}

/// What runs left in a storage directory.
fn left(dir: &Path) -> Vec<PathBuf> {
    let key = fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let paths = fs::read_dir(key).unwrap().map(|entry| entry.unwrap().path());
    // The session's stay; a process that was killed while it wrote them leaves a file that goes after an hour.
    paths
        .filter(|path| !matches!(path.file_stem(), Some(stem) if stem == "state" || stem == "remote-config"))
        .collect()
}

fn assert_nothing_left(dir: &Path) {
    let left = left(dir);
    let inside: Vec<_> = left.iter().flat_map(fs::read_dir).flatten().flatten().map(|it| it.path()).collect();
    assert!(left.is_empty(), "{left:?}: {inside:?}");
}

/// What arrived of each session, the oldest first, is what waited when a process told that and died. It may have died while it evicted
/// one: all of that counts as evicted at once, and its files go one after the other. And one that was being sent when it was evicted
/// counts as waiting until it goes, too, which it may have done in between.
fn assert_is_what_waited(arrived: &[usize], waiting: usize) {
    let of_a_session = 1_000;
    let kept = arrived.iter().rev().take_while(|events| **events == of_a_session).count();
    let others: Vec<_> = arrived[..arrived.len() - kept].iter().filter(|events| **events > 0).collect();
    assert!(kept + 1 >= waiting / of_a_session && others.len() <= 2, "{arrived:?} of {waiting} arrived");
    let all: usize = arrived.iter().sum();
    assert!(all.abs_diff(waiting) <= of_a_session, "{arrived:?} of {waiting} arrived");
}

/// What files take on disk.
fn bytes_below(dir: &Path) -> u64 {
    let paths = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    paths
        .map(|path| {
            if path.is_dir() { bytes_below(&path) } else { path.metadata().map_or(0, |it| it.blocks() * 512) }
        })
        .sum()
}

#[test]
fn what_is_recorded_in_several_sessions_arrives_once_and_leaves_nothing() {
    if let Some((dir, url)) = child() {
        let replay = start(&url, json!({ "storageDir": dir }));
        for (number, session) in ["one", "two", "three"].into_iter().enumerate() {
            replay.set_session_id(SessionId::from_text(session).unwrap());
            record(&replay, number * 2_000..(number + 1) * 2_000);
        }
        assert!(is_stored(&replay), "{}", replay.stats());
        replay.flush(within_ms(30_000)).unwrap();
        return replay.shut_down(within_ms(30_000)).unwrap();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    run(&mut again(
        "what_is_recorded_in_several_sessions_arrives_once_and_leaves_nothing",
        dir.path(),
        &server.track_url(),
    ));
    for (number, session) in ["one", "two", "three"].into_iter().enumerate() {
        assert_eq!(arrived(&server, session), Vec::from_iter(number * 2_000..(number + 1) * 2_000));
    }
    assert_nothing_left(dir.path());
}

#[test]
fn what_was_packed_in_an_outage_arrives_once() {
    const EVENTS: usize = 6_000;
    let name = "what_was_packed_in_an_outage_arrives_once";
    if let Some((dir, url)) = child() {
        let replay = start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1 }));
        // The first life records while no server takes it, and ends without a word; the second delivers.
        if files_below(&dir, "packed") == 0 {
            // A thread that rests in the middle of it all, as a host's do.
            std::thread::scope(|scope| scope.spawn(|| record(&replay, 0..1)).join().unwrap());
            record(&replay, 1..EVENTS);
            let _ = replay.flush(0);
            wait_until("packing", || {
                files_below(&dir, "packed") > 0 && replay.stats()["waiting"]["events"] == EVENTS
            });
            assert!(is_stored(&replay), "{}", replay.stats());
            std::process::abort();
        }
        replay.flush(within_ms(60_000)).unwrap();
        return replay.shut_down(within_ms(30_000)).unwrap();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    server.post("/api/faults", &json!([{ "status": 503, "standing": true }]));
    let ended = again(name, dir.path(), &server.track_url()).stderr(Stdio::null()).output().unwrap();
    assert!(files_below(dir.path(), "packed") > 0, "{}", common::child::said(&ended));
    server.delete("/api/faults");
    run(&mut again(name, dir.path(), &server.track_url()));
    assert_eq!(arrived(&server, SESSION), Vec::from_iter(0..EVENTS));
    assert_nothing_left(dir.path());
}

#[test]
fn what_can_not_be_removed_counts_is_never_sent_again_and_goes_later() {
    const EVENTS: usize = 3_000;
    let name = "what_can_not_be_removed_counts_is_never_sent_again_and_goes_later";
    if let Some((dir, url)) = child() {
        let held = PathBuf::from(std::env::var_os("NTFS_HELD").unwrap());
        let is_first = files_below(&dir, "chunk") == 0;
        let replay = start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1 }));
        if is_first {
            record(&replay, 0..EVENTS);
            wait_until("all to be packed and then delivered", || {
                let _ = replay.flush(0);
                replay.stats()["delivered"] == EVENTS
            });
            wait_until("the packed files to go", || files_below(&dir, "packed") == 0);
            let bytes = replay.stats()["waiting"]["bytes"].as_u64().unwrap();
            assert!(bytes > 1_000_000, "{bytes} bytes count");
            println!("delivered");
            std::process::abort();
        }
        replay.flush(within_ms(30_000)).unwrap();
        assert!(left(&dir).len() > 1, "the dead run's are held");
        fs::remove_file(&held).unwrap();
        wait_until("the dead run to go", || left(&dir).len() == 1);
        fs::write(&held, b"").unwrap();
        record(&replay, EVENTS..2 * EVENTS);
        replay.flush(within_ms(30_000)).unwrap();
        assert!(files_below(&dir, "chunk") > 5, "they are held");
        fs::remove_file(&held).unwrap();
        wait_until("them to go", || files_below(&dir, "chunk") <= 2);
        return replay.shut_down(within_ms(30_000)).unwrap();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let (storage, held) = (dir.path().join("storage"), dir.path().join("held"));
    fs::write(&held, b"").unwrap();
    server.post("/api/faults", &json!([{ "status": 503, "standing": true }]));
    let life = || {
        let mut command = again(name, &storage, &server.track_url());
        command.env("NTFS_HELD", &held);
        command
    };
    let first = life().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    wait_until("packing", || files_below(&storage, "packed") > 0);
    server.delete("/api/faults");
    let ended = first.wait_with_output().unwrap();
    assert!(common::child::said(&ended).contains("delivered"), "{}", common::child::said(&ended));
    assert!(files_below(&storage, "chunk") > 1 && files_below(&storage, "packed") == 0);
    run(&mut life());
    assert_eq!(arrived(&server, SESSION), Vec::from_iter(0..2 * EVENTS));
    assert_nothing_left(&storage);
}

#[test]
fn the_limit_counts_what_could_not_be_removed_yet() {
    const LIMIT: u64 = 8_000_000;
    let name = "the_limit_counts_what_could_not_be_removed_yet";
    if let Some((dir, url)) = child() {
        // The second life has room for all of it.
        let limit = if url == common::DEAD { LIMIT } else { 3 * LIMIT };
        let replay =
            start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1, "storageLimitBytes": limit }));
        if url != common::DEAD {
            replay.flush(within_ms(60_000)).unwrap();
            return replay.shut_down(within_ms(30_000)).unwrap();
        }
        let mut largest = 0;
        for session in 0..40 {
            replay.set_session_id(SessionId::from_text(&format!("session-{session}")).unwrap());
            record(&replay, session * 1_000..(session + 1) * 1_000);
            largest = bytes_below(&dir).max(largest);
        }
        assert!(largest <= LIMIT + 1_000_000, "{largest} bytes on disk");
        let stats = replay.stats();
        assert!(stats["waiting"]["bytes"].as_u64().unwrap() <= LIMIT, "{stats}");
        println!("waiting {} of 40000", stats["waiting"]["events"]);
        std::process::abort();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let ended = again(name, dir.path(), common::DEAD).stderr(Stdio::null()).output().unwrap();
    let said = common::child::said(&ended);
    let (_, waiting) = said.split_once("waiting ").expect(&said);
    let waiting: usize = waiting.split_once(' ').unwrap().0.parse().unwrap();
    run(&mut again(name, dir.path(), &server.track_url()));
    let arrived = Vec::from_iter((0..40).map(|session| arrived(&server, &format!("session-{session}"))));
    let swapped =
        arrived.iter().flatten().zip(arrived.iter().flatten().skip(1)).find(|(one, next)| one >= next);
    assert_eq!(swapped, None, "in order and nothing twice");
    assert_is_what_waited(&Vec::from_iter(arrived.iter().map(Vec::len)), waiting);
    assert_nothing_left(dir.path());
}

#[test]
fn what_was_evicted_is_not_sent_when_it_is_there_again_after_a_power_cut() {
    let name = "what_was_evicted_is_not_sent_when_it_is_there_again_after_a_power_cut";
    if let Some((dir, url)) = child() {
        // The second life has room for all of it.
        let limit = if url == common::DEAD { 8_000_000 } else { 64_000_000 };
        let replay =
            start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1, "storageLimitBytes": limit }));
        if url != common::DEAD {
            replay.flush(within_ms(60_000)).unwrap();
            return replay.shut_down(within_ms(30_000)).unwrap();
        }
        for session in 0..12 {
            replay.set_session_id(SessionId::from_text(&format!("session-{session}")).unwrap());
            record(&replay, session * 1_000..(session + 1) * 1_000);
            if session == 2 {
                let _ = replay.flush(0);
                wait_until("packing", || files_below(&dir, "packed") > 1);
            }
        }
        wait_until("all to be accounted for", || {
            let stats = replay.stats();
            let told = |member: &str| stats.pointer(member).and_then(Value::as_u64).unwrap();
            told("/waiting/events") + told("/dropped/storageLimit") == 12_000
                && told("/dropped/storageLimit") > 3_000
        });
        println!("waiting {} events", replay.stats()["waiting"]["events"]);
        std::process::abort();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let (storage, shared) = (dir.path().join("storage"), dir.path().join("shared"));
    fs::write(&shared, b"").unwrap();
    let mut first = again(name, &storage, common::DEAD);
    let ended = first.env("NTFS_SHARED", &shared).stderr(Stdio::null()).output().unwrap();
    let said = common::child::said(&ended);
    let (_, waiting) = said.split_once("waiting ").expect(&said);
    let waiting: usize = waiting.split_once(' ').unwrap().0.parse().unwrap();
    run(&mut again(name, &storage, &server.track_url()));
    let arrived = (0..12).map(|session| arrived(&server, &format!("session-{session}")).len());
    assert_is_what_waited(&Vec::from_iter(arrived), waiting);
    assert_nothing_left(&storage);
}

#[test]
fn a_disk_that_is_full_for_a_while_costs_nothing_and_serves_again() {
    let name = "a_disk_that_is_full_for_a_while_costs_nothing_and_serves_again";
    if let Some((dir, url)) = child() {
        let full = PathBuf::from(std::env::var_os("NTFS_FULL").unwrap());
        let replay = start(&url, json!({ "storageDir": dir }));
        record(&replay, 0..500);
        assert!(is_stored(&replay), "{}", replay.stats());
        fs::write(&full, b"").unwrap();
        record(&replay, 500..3_000);
        let stats = replay.stats();
        assert!(stats["notStored"].as_u64().unwrap() > 1_000, "{stats}");
        assert!(stats["storage"]["problem"].as_str().unwrap().contains("can't be used"), "{stats}");
        fs::remove_file(&full).unwrap();
        record(&replay, 3_000..6_000);
        let stats = replay.stats();
        assert_eq!(stats["storage"], json!({ "kind": "disk", "problem": null }), "{stats}");
        replay.flush(within_ms(30_000)).unwrap();
        return replay.shut_down(within_ms(30_000)).unwrap();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let storage = dir.path().join("storage");
    run(again(name, &storage, &server.track_url()).env("NTFS_FULL", dir.path().join("full")));
    assert_eq!(arrived(&server, SESSION), Vec::from_iter(0..6_000));
    assert_nothing_left(&storage);
}

/// Lives of `tests/c/life.c` by the rules, one after the other: how each ends.
struct Lives {
    program: Program,
    dir: tempfile::TempDir,
    server: Server,
    /// More options, as they stand in the JSON.
    more: String,
}

impl Lives {
    fn new() -> Self {
        Self {
            program: Program::build("CC", "cc", &["-std=c11"], &["tests/c/life.c"]),
            dir: tempfile::tempdir().unwrap(),
            server: Server::start(),
            more: String::new(),
        }
    }

    fn life(&self, url: &str, events: usize, end: &str) -> Command {
        let mut command = self.program.command();
        let dir = self.dir.path().display();
        let options = format!(", \"storageDir\": \"{dir}\", \"flushMaxRetries\": 1{}", self.more);
        command.args([url, &options, &events.to_string(), end]);
        by_the_rules(&mut command, "all");
        command
    }

    fn arrived(&self) -> usize {
        self.server.events("device-1", SESSION).len()
    }
}

#[test]
fn what_killed_processes_left_is_taken_over_once() {
    let lives = Lives::new();
    for events in [3_000, 1, 500] {
        let killed = lives.life("http://127.0.0.1:9", events, "kill").output().unwrap();
        assert!(!killed.status.success() && killed.stderr.is_empty(), "{}", common::child::said(&killed));
    }
    run(&mut lives.life(&lives.server.url(), 0, "deliver"));
    // Each life recorded a full snapshot besides.
    assert_eq!(lives.arrived(), 3_001 + 2 + 501);
    assert_nothing_left(lives.dir.path());
}

#[test]
fn what_is_evicted_of_dead_runs_is_counted_once_although_a_backup_holds_it() {
    what_is_evicted_of_dead_runs_is_counted_once("NTFS_HELD");
}

#[test]
fn what_is_evicted_of_dead_runs_is_counted_once_although_a_scanner_has_it_open() {
    what_is_evicted_of_dead_runs_is_counted_once("NTFS_SHARED");
}

/// Although somebody keeps the files from being gone: they are not sent, and go later.
fn what_is_evicted_of_dead_runs_is_counted_once(kept_by: &str) {
    const LIVES: u64 = 12;
    let mut lives = Lives::new();
    let all = tempfile::tempdir().unwrap();
    for _ in 0..LIVES {
        lives.life(common::DEAD, 400, "kill").output().unwrap();
        move_runs(lives.dir.path(), all.path());
    }
    lives.dir = all;
    lives.more.push_str(", \"storageLimitBytes\": 4000000");
    let held = lives.dir.path().with_extension("held");
    fs::write(&held, b"").unwrap();
    let told = |url: &str, end: &str| -> (u64, u64) {
        let output = lives.life(url, 0, end).env(kept_by, &held).output().unwrap();
        let said = common::child::said(&output);
        let stats: Value = serde_json::from_slice(&output.stdout).expect(&said);
        let count = |member: &str| stats.pointer(member).and_then(Value::as_u64).unwrap();
        (count("/dropped/storageLimit"), count("/evictedUnread"))
    };
    let (evicted, files) = told(common::DEAD, "kill");
    assert!(evicted > 0 && files > 0, "{evicted} events of {files} files");
    let chunks = files_below(lives.dir.path(), "chunk") as u64;
    assert!(chunks >= LIVES, "they are held: {chunks}");
    fs::remove_file(&held).unwrap();
    let (more, _) = told(&lives.server.url(), "deliver");
    assert_eq!(lives.arrived() as u64 + evicted + more, LIVES * 401, "{evicted} and {more} were counted");
    assert_nothing_left(lives.dir.path());
}

#[test]
fn a_process_that_ended_its_recording_keeps_nothing_from_the_next() {
    let lives = Lives::new();
    let mut first = lives.life("http://127.0.0.1:9", 2_000, "stay");
    let mut first = first.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    wait_until("its run to be let go of", || {
        let output = lives.life(&lives.server.url(), 0, "deliver").output().unwrap();
        assert!(output.status.success(), "{}", common::child::said(&output));
        lives.arrived() == 2_001
    });
    assert_nothing_left(lives.dir.path());
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
}

#[test]
fn two_processes_share_a_directory() {
    let lives = Lives::new();
    let server = lives.server.url();
    let children: Vec<_> = ["deliver", "kill", "deliver"]
        .map(|end| lives.life(&server, 2_000, end).stdout(Stdio::null()).spawn().unwrap())
        .into_iter()
        .collect();
    for mut child in children {
        child.wait().unwrap();
    }
    run(&mut lives.life(&server, 0, "deliver"));
    assert!(lives.arrived() >= 6_003, "{}", lives.arrived());
    assert_nothing_left(lives.dir.path());
}

#[test]
fn views_with_pages_nodes_and_frames_leave_nothing_behind() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/numbered_views.c"]);
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let path = dir.path().to_str().unwrap();
    for (life, end) in [("1", "abort"), ("2", "shutdown"), ("3", "nothing")] {
        let mut command = program.command();
        command.args([&server.url(), path, "device-1", life, "400", "150", end]);
        let output = by_the_rules(&mut command, "all").output().unwrap();
        assert_eq!(output.status.success(), end != "abort", "{}", common::child::said(&output));
    }
    assert_nothing_left(dir.path());
}

#[test]
fn what_waits_is_flushed_by_its_view() {
    if let Some((dir, url)) = child() {
        let replay = start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1 }));
        record(&replay, 0..100);
        let _ = replay.flush(0);
        let report = PathBuf::from(std::env::var_os("NTFS_REPORT").unwrap());
        return wait_until("the view to be flushed", || {
            let said = fs::read_to_string(&report).unwrap_or_default();
            assert!(!said.contains("no view"), "{said}");
            said.contains("view")
        });
    }
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report");
    let mut command = again("what_waits_is_flushed_by_its_view", &dir.path().join("storage"), common::DEAD);
    run(command.env("NTFS_REPORT", report));
}

#[test]
fn what_is_recorded_after_days_of_rest_is_not_as_old_as_its_file() {
    let name = "what_is_recorded_after_days_of_rest_is_not_as_old_as_its_file";
    if let Some((dir, url)) = child() {
        let replay = start(&url, json!({ "storageDir": dir, "flushMaxRetries": 1 }));
        if url != common::DEAD {
            replay.flush(within_ms(60_000)).unwrap();
            return replay.shut_down(within_ms(30_000)).unwrap();
        }
        record(&replay, 0..1);
        wait_until("a chunk to be ready", || files_below(&dir, "chunk") > 1);
        // A store to a map does not tell the file's time there.
        let long_ago = SystemTime::now() - Duration::from_secs(4 * 24 * 60 * 60);
        for file in common::list_below(&dir, "chunk") {
            File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
        }
        // The first goes into the chunk in use, and a new session into the one that was ready, unless it is still being made.
        record(&replay, 1..2);
        replay.set_session_id(SessionId::from_text("later").unwrap());
        record(&replay, 2..3);
        let is_old = |file: &PathBuf| {
            file.metadata()
                .and_then(|it| it.modified())
                .is_ok_and(|time| time < SystemTime::now() - Duration::from_secs(3_600))
        };
        // A chunk that no session took yet has no header; it holds nothing that could be too old.
        let is_taken =
            |file: &PathBuf| fs::read(file).is_ok_and(|bytes| bytes.iter().take(8).any(|byte| *byte != 0));
        wait_until("the files to be as young as their events", || {
            !common::list_below(&dir, "chunk").iter().any(|file| is_taken(file) && is_old(file))
        });
        std::process::abort();
    }
    let (dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let ended = again(name, dir.path(), common::DEAD).stderr(Stdio::null()).output().unwrap();
    assert!(ended.status.code().is_none(), "{}", common::child::said(&ended));
    run(&mut again(name, dir.path(), &server.track_url()));
    assert_eq!(arrived(&server, SESSION), [0, 1]);
    assert_eq!(arrived(&server, "later"), [2]);
}
