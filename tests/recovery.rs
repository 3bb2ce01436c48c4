//! What dead runs leave behind is taken over: all of it, in its order, whatever else lies there, and at little cost to
//! the host.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
#[cfg(unix)]
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
#[cfg(unix)]
use std::time::SystemTime;

use common::child::this_test;
use common::{Server, list_below, runs, start, timestamped, wait_for_ends, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Log, Outcome, SessionId, SessionReplay};

const SESSION: &str = "1732300000000";
/// Set in the process that a test starts of itself, to the storage directory it has to use.
const CHILD: &str = "ADOPTION_DIR";

fn numbered(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| timestamped(&json!([number, "x".repeat(100)]))).collect()
}

fn dead(dir: &Path) -> Value {
    json!({ "storageDir": dir, "trackServerUrl": common::DEAD, "flushMaxRetries": 1 })
}

fn of_device(device: &str, mut options: Value) -> Value {
    options["deviceId"] = device.into();
    options
}

/// A run that records these and ends with nothing delivered.
fn leave(dir: &Path, events: &[String]) {
    leave_as("device-1", dir, events);
}

fn leave_as(device: &str, dir: &Path, events: &[String]) {
    let replay = start(&Server::start(), of_device(device, dead(dir)));
    for event in events {
        replay.record(event.as_bytes()).unwrap();
    }
    let _ = replay.shut_down(0);
    drop(replay);
    wait_for_ends(dir, 0);
}

/// Has every run in the directory killed before it could trim its chunks: as long as chunks are made.
#[cfg(unix)]
fn make_whole(dir: &Path) {
    for path in list_below(dir, "chunk") {
        let file = File::options().write(true).open(path).unwrap();
        let length = file.metadata().unwrap().blocks() * 512;
        file.write_all_at(&vec![0; 512 * 1_024 - length as usize], length).unwrap();
        assert!(file.metadata().unwrap().blocks() * 512 >= 512 * 1_024);
    }
}

#[test]
fn a_flush_right_after_the_start_waits_for_what_earlier_runs_left() {
    let server = Server::start();
    for round in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let device = format!("device-{round}");
        let events = numbered(0..20);
        leave_as(&device, dir.path(), &events);
        let next = start(&server, of_device(&device, json!({ "storageDir": dir.path() })));
        match round % 2 {
            0 => next.flush(within_ms(20_000)).unwrap(),
            _ => next.shut_down(within_ms(20_000)).unwrap(),
        }
        assert_eq!(server.events(&device, SESSION), events, "round {round}");
    }
}

#[test]
fn a_flush_in_no_time_does_not_call_delivered_what_it_has_not_seen() {
    let server = Server::start();
    for round in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let device = format!("device-{round}");
        let events = numbered(0..2_000);
        leave_as(&device, dir.path(), &events);
        let next = start(&server, of_device(&device, json!({ "storageDir": dir.path() })));
        if next.flush(1).is_ok() {
            assert_eq!(server.events(&device, SESSION), events, "round {round}");
        }
    }
}

#[test]
fn what_is_being_taken_over_leaves_room_for_what_is_recorded() {
    const LIMIT: usize = 32_000_000;
    let dir = tempfile::tempdir().unwrap();
    let mut options = dead(dir.path());
    options["storageLimitBytes"] = LIMIT.into();
    // Nothing that would become less when it is packed.
    let event = timestamped(&json!((0..100_000).map(|_| fastrand::alphanumeric()).collect::<String>()));
    let before = start(&Server::start(), options.clone());
    // More than one, so that some can be given up while one is being sent.
    for number in 0..LIMIT / event.len() - 10 {
        before.set_session_id(SessionId::from_millis(1 + number as i64 / 5).unwrap());
        before.record(event.as_bytes()).unwrap();
    }
    let _ = before.shut_down(0);
    wait_for_ends(dir.path(), 0);
    let next = start(&Server::start(), options);
    for number in 0..LIMIT / 2 / event.len() {
        // The sessions before can go: no event of this one may be refused.
        assert!(next.record(event.as_bytes()).is_ok(), "event {number}: {}", next.stats());
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Files below the directory that this process has open.
#[cfg(target_os = "linux")]
fn open_below(dir: &Path) -> Vec<PathBuf> {
    let links = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let open = links.filter_map(|link| fs::read_link(link.path()).ok());
    open.filter(|file| file.starts_with(dir)).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn what_waits_costs_the_host_no_file_descriptors() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..40 {
        leave(dir.path(), &numbered(number * 3..number * 3 + 3));
    }
    let server = Server::start();
    server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
    let replay = start(&server, json!({ "storageDir": dir.path(), "flushMaxRetries": 1 }));
    wait_until("recovery", || replay.stats()["adopted"] == 120);
    for number in 120..220 {
        replay.set_session_id(SessionId::from_text(&format!("session-{number}")).unwrap());
        replay.record(timestamped(&json!(number)).as_bytes()).unwrap();
    }
    wait_until("all to wait", || replay.stats()["waiting"]["batches"].as_u64().unwrap() >= 139);
    // Its lock and its directory; and what is being made or trimmed at this moment.
    wait_until("few open files", || open_below(dir.path()).len() <= 3);
    assert_eq!(runs(dir.path()).len(), 1, "its own");

    server.delete("/api/faults");
    replay.flush(within_ms(30_000)).unwrap();
    assert!(server.events("device-1", SESSION) == numbered(0..120), "in order");
    assert_eq!(server.events("device-1", "session-219").len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn however_many_runs_died_few_files_are_open_at_a_time() {
    use std::sync::atomic::{AtomicBool, Ordering};
    const RUNS: usize = 150;
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    leave(dir.path(), &numbered(0..50));
    let run = runs(dir.path()).pop().unwrap();
    for number in 1..RUNS {
        let copy = run.with_file_name(format!("run-{number:014}-1-00000000"));
        fs::create_dir(&copy).unwrap();
        for file in fs::read_dir(&run).unwrap().flatten() {
            fs::copy(file.path(), copy.join(file.file_name())).unwrap();
        }
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let most = scope.spawn(|| {
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(open_below(dir.path()).len());
            }
            most
        });
        // A copy takes its whole length.
        let next = start(&server, json!({ "storageDir": dir.path(), "storageLimitBytes": 200_000_000 }));
        let flushed = next.flush(within_ms(30_000));
        // Before anything that may panic: the thread above would go on for ever.
        over.store(true, Ordering::Relaxed);
        flushed.unwrap();
        assert_eq!(next.stats()["delivered"], json!(RUNS * 50));
        let most = most.join().unwrap();
        assert!(most < RUNS / 3, "{most} files were open at a time");
    });
}

#[test]
fn what_was_taken_over_can_be_taken_over_again_in_its_order() {
    let dir = tempfile::tempdir().unwrap();
    leave(dir.path(), &numbered(0..50));
    leave(dir.path(), &numbered(50..9_000));
    leave(dir.path(), &numbered(9_000..9_010));
    // Each takes over what the ones before left, and adds to it.
    for number in 0..3 {
        let replay = start(&Server::start(), dead(dir.path()));
        wait_until("recovery", || replay.stats()["adopted"] == 9_010 + number);
        replay.record(numbered(9_010..9_013)[number].as_bytes()).unwrap();
        replay.shut_down(0).unwrap_err();
        wait_for_ends(dir.path(), 0);
        assert_eq!(runs(dir.path()).len(), 1);
    }
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": dir.path() }));
    server.wait_for_events("device-1", SESSION, 9_013);
    replay.shut_down(within_ms(10_000)).unwrap();
    assert!(server.events("device-1", SESSION) == numbered(0..9_013), "in order, once");
    assert_eq!(runs(dir.path()).len(), 0);
}

// Blocks of files are counted there only.
#[cfg(unix)]
#[test]
fn a_killed_runs_chunks_take_no_more_room_than_their_events_and_grow_no_younger() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..20 {
        leave(dir.path(), &numbered(number..number + 1));
    }
    make_whole(dir.path());
    let yesterday = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
    for path in list_below(dir.path(), "chunk") {
        File::options().write(true).open(path).unwrap().set_modified(yesterday).unwrap();
    }
    let replay = start(&Server::start(), dead(dir.path()));
    wait_until("recovery", || replay.stats()["adopted"] == 20);
    // Less than two whole chunks, with the one that is being filled and the one that is kept ready.
    wait_until("room", || replay.stats()["waiting"]["bytes"].as_u64().unwrap() < 4 * 512 * 1_024);
    replay.shut_down(0).unwrap_err();
    wait_for_ends(dir.path(), 0);
    for path in list_below(dir.path(), "chunk") {
        let metadata = fs::metadata(&path).unwrap();
        // Never shorter: who has it mapped, rightly or not, must not fall off its end.
        assert!(metadata.len() >= 512 * 1_024, "{}", path.display());
        assert!(metadata.blocks() * 512 <= 16 * 1_024, "{}", path.display());
        assert_eq!(metadata.modified().unwrap(), yesterday);
    }
    assert_eq!(list_below(dir.path(), "chunk").len(), 20);
}

// On Windows a file that is made longer takes all of it.
#[cfg(unix)]
#[test]
fn a_file_that_grew_out_of_all_proportion_does_not_count_as_much() {
    let dir = tempfile::tempdir().unwrap();
    leave(dir.path(), &numbered(0..10));
    let file = list_below(dir.path(), "chunk").remove(0);
    File::options().write(true).open(&file).unwrap().set_len(1 << 40).unwrap();
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": dir.path(), "sessionId": "next" }));
    server.wait_for_events("device-1", SESSION, 10);
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(replay.stats()["dropped"]["storageLimit"], 0);
}

/// Whether a file is to be read, and this text is in it.
fn holds(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|found| found == text.as_bytes()))
}

#[test]
fn a_file_that_can_not_be_read_does_not_keep_the_rest_from_being_delivered() {
    let dir = tempfile::tempdir().unwrap();
    for part in 0..3 {
        leave(dir.path(), &numbered(part * 10..part * 10 + 10));
    }
    let server = Server::start();
    server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
    let replay = start(&server, json!({ "storageDir": dir.path(), "flushMaxRetries": 1 }));
    wait_until("recovery", || replay.stats()["adopted"] == 30);
    wait_until("the first pause", || replay.stats()["lastError"] != Value::Null);
    // Opening it fails from now on, whoever asks: a bad sector could do no worse.
    let bad =
        list_below(dir.path(), "chunk").into_iter().find(|path| holds(path, &numbered(10..20)[0])).unwrap();
    fs::remove_file(&bad).unwrap();
    fs::create_dir(&bad).unwrap();
    server.delete("/api/faults");
    replay.flush(within_ms(20_000)).unwrap();
    let stats = replay.stats();
    assert_eq!((&stats["delivered"], &stats["dropped"]["storageLost"]), (&json!(20), &json!(10)), "{stats}");
    assert_eq!(server.events("device-1", SESSION).len(), 20);
}

#[test]
fn a_packed_file_without_a_header_does_not_take_the_place_of_chunks() {
    let dir = tempfile::tempdir().unwrap();
    leave(dir.path(), &numbered(0..10));
    fs::write(runs(dir.path())[0].join("0000000000-9999999999.packed"), b"not one").unwrap();
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": dir.path() }));
    server.wait_for_events("device-1", SESSION, 10);
    assert_eq!(replay.stats()["damaged"], 1);
}

#[test]
fn a_directory_that_works_only_later_is_taken_over_then() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, aside) = (parent.path().join("storage"), parent.path().join("aside"));
    leave(&dir, &numbered(0..10));
    fs::rename(&dir, &aside).unwrap();
    // As if the disk was not mounted yet.
    fs::write(&dir, b"").unwrap();
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": dir }));
    assert_eq!(replay.stats()["storage"]["kind"], "memory");
    // It is in the nature of a first look to come before this.
    std::thread::sleep(Duration::from_millis(100));
    fs::remove_file(&dir).unwrap();
    fs::rename(&aside, &dir).unwrap();
    server.wait_for_events("device-1", SESSION, 10);
}

#[test]
fn a_restart_after_a_crash_goes_on_with_the_session_of_the_built_in_timeout() {
    goes_on_with_the_session(
        "a_restart_after_a_crash_goes_on_with_the_session_of_the_built_in_timeout",
        |replay| _ = replay.record(timestamped(&json!(1)).as_bytes()).unwrap(),
    );
}

#[test]
fn interactions_alone_keep_the_session_of_the_built_in_timeout_through_a_crash() {
    const SCROLL: &str = r#"{"maxScrollX":0,"maxScrollY":1,"maxScrollWidth":1,"maxScrollHeight":1,"viewportHeight":1,"viewportWidth":1,"pageUrl":"https://x/","timestamp":1782000000000,"type":"scroll"}"#;
    goes_on_with_the_session(
        "interactions_alone_keep_the_session_of_the_built_in_timeout_through_a_crash",
        |replay| assert_eq!(replay.record_interaction(SCROLL), Ok(Outcome::Done)),
    );
}

/// `test`: the name of the test that calls this; a child runs it again, records and is killed.
fn goes_on_with_the_session(test: &str, record: fn(&SessionReplay)) {
    const TIMEOUT_MS: u64 = 6_000;
    let options = |dir: &Path| json!({ "storageDir": dir, "sessionId": null, "sessionTimeoutMs": TIMEOUT_MS, "interactionConfig": { "enabled": true } });
    if let Some(dir) = std::env::var_os(CHILD) {
        let server = Server::start();
        let mut all = options(Path::new(&dir));
        all["trackServerUrl"] = json!(common::DEAD);
        let replay =
            SessionReplay::start("test-api-key", common::options_for(&server, all), Arc::<Log>::default())
                .unwrap();
        loop {
            record(&replay);
            println!("session {}", replay.session_id().unwrap());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let mut child = this_test(test).env(CHILD, dir.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("session ") {
        assert_ne!(output.read_line(&mut said).unwrap(), 0, "it records: {said}");
    }
    // Longer than the timeout, and never idle.
    std::thread::sleep(Duration::from_millis(TIMEOUT_MS + 1_000));
    let server = Server::start();
    child.kill().unwrap();
    output.read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    let sessions: std::collections::BTreeSet<_> =
        said.lines().filter_map(|line| line.strip_prefix("session ")).collect();
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    let replay = start(&server, options(dir.path()));
    assert_eq!(replay.session_id().map(|id| id.to_string()).as_deref(), sessions.first().copied());
}
