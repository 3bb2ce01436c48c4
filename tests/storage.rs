//! What is kept in `storageDir` outlives the recorder that kept it.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::child::this_test;
use common::{Server, options_for, start, timestamped, wait_until, within_ms};
use serde_json::json;
use session_replay::{Error, Log, SessionId, SessionReplay};

const SESSION: &str = "1732300000000";

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| timestamped(&json!(number))).collect()
}

#[test]
fn what_was_not_delivered_is_delivered_first_by_the_next_run() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    let events = numbered(0..2_000);
    let dead = start(
        &server,
        json!({ "storageDir": dir.path(), "trackServerUrl": common::DEAD, "flushMaxRetries": 1 }),
    );
    for event in &events[..1_000] {
        dead.record(event.as_bytes()).unwrap();
    }
    dead.set_session_id(SessionId::from_text("second").unwrap());
    for event in &events[1_000..] {
        dead.record(event.as_bytes()).unwrap();
    }
    assert!(matches!(dead.shut_down(50), Err(Error::Timeout { waiting: 2_000, .. })));

    let replay = start(&server, json!({ "storageDir": dir.path() }));
    replay.flush(within_ms(20_000)).unwrap();
    wait_until("the first run's events", || server.events("device-1", "second").len() == 1_000);
    assert_eq!(server.events("device-1", SESSION), events[..1_000]);
    assert_eq!(server.events("device-1", "second"), events[1_000..]);
    replay.shut_down(within_ms(5_000)).unwrap();
    assert_eq!(common::files_below(dir.path(), "chunk"), 0, "what was delivered is gone from the disk");
}

/// Longer than Windows takes from a program that does not ask for more: its manifest is the host's, not ours.
#[test]
fn the_path_of_the_directory_may_be_long() {
    let place = tempfile::tempdir().unwrap();
    let dir =
        (0..9).fold(place.path().to_owned(), |path, _| path.join("fifty-characters-of-a-name".repeat(2)));
    let server = Server::start();
    let dead =
        start(&server, json!({ "storageDir": dir, "trackServerUrl": common::DEAD, "flushMaxRetries": 1 }));
    let events = numbered(0..1_000);
    for event in &events {
        dead.record(event.as_bytes()).unwrap();
    }
    assert_eq!(dead.stats()["notStored"], 0, "{}", dead.stats());
    assert!(dead.shut_down(50).is_err());
    let replay = start(&server, json!({ "storageDir": dir }));
    // The first one may still be about to end.
    wait_until("recovery", || replay.stats()["adopted"] == 1_000);
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), events);
    replay.shut_down(within_ms(5_000)).unwrap();
    assert_eq!(common::files_below(&dir, "chunk"), 0);
}

#[test]
fn a_process_killed_in_the_middle_loses_nothing_it_accepted() {
    if let Ok(dir) = std::env::var("STORAGE_TEST_DIR") {
        record_until_killed(&dir);
    }
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let mut child = this_test("a_process_killed_in_the_middle_loses_nothing_it_accepted")
            .env("STORAGE_TEST_DIR", dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut accepted = 0;
        let output = std::io::BufReader::new(child.stdout.take().unwrap());
        for line in std::io::BufRead::lines(output) {
            if let Some(number) = line.unwrap().strip_prefix("accepted ") {
                accepted = number.parse().unwrap();
                if accepted == 5_000 {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        let server = Server::start();
        let replay = start(&server, json!({ "storageDir": dir.path(), "deviceId": null, "sessionId": null }));
        assert_eq!(
            replay.session_replay_id().map(|id| id.to_string()).as_deref(),
            Some("device-1/1732300000000"),
            "goes on with it"
        );
        wait_until("every accepted event", || server.events("device-1", SESSION).len() >= accepted);
        let arrived = server.events("device-1", SESSION);
        assert_eq!(arrived[..accepted], numbered(0..accepted));
    }
}

fn record_until_killed(dir: &str) {
    let options = common::capture_all(common::DEAD, json!({ "storageDir": dir }));
    let replay = SessionReplay::start("test-api-key", options, Arc::<Log>::default()).unwrap();
    // The session is kept by another thread: wait for it, so that the next run can be asked for it.
    wait_until("the session to be kept", || common::files_below(dir.as_ref(), "json") == 1);
    for number in 0.. {
        replay.record(timestamped(&json!(number)).as_bytes()).unwrap();
        println!("accepted {}", number + 1);
    }
}

#[test]
fn two_recorders_share_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    let one = start(&server, json!({ "storageDir": dir.path(), "deviceId": "one" }));
    let two = start(&server, json!({ "storageDir": dir.path(), "deviceId": "two" }));
    for event in numbered(0..100) {
        one.record(event.as_bytes()).unwrap();
        two.record(event.as_bytes()).unwrap();
    }
    one.shut_down(within_ms(20_000)).unwrap();
    two.shut_down(within_ms(20_000)).unwrap();
    for device in ["one", "two"] {
        assert_eq!(server.events(device, SESSION), numbered(0..100), "{device}");
    }
}

#[test]
fn another_api_keys_events_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    let other = options_for(&server, json!({ "storageDir": dir.path(), "trackServerUrl": common::DEAD }));
    let dead = SessionReplay::start("another-key", other, Arc::default()).unwrap();
    dead.record(timestamped(&json!(1)).as_bytes()).unwrap();
    drop(dead);
    let replay = start(&server, json!({ "storageDir": dir.path() }));
    replay.flush(within_ms(10_000)).unwrap();
    replay.shut_down(within_ms(10_000)).unwrap();
    assert!(server.events("device-1", SESSION).is_empty());
    assert!(common::files_below(dir.path(), "chunk") > 0);
}

/// Leaves ten events behind and makes as if they had been recorded at another time.
fn leave_events_of(dir: &std::path::Path, time: SystemTime) {
    let server = Server::start();
    let dead = json!({ "storageDir": dir, "trackServerUrl": common::DEAD, "flushMaxRetries": 1 });
    let replay = start(&server, dead);
    for event in numbered(0..10) {
        replay.record(event.as_bytes()).unwrap();
    }
    replay.shut_down(0).unwrap_err();
    drop(replay);
    for file in common::list_below(dir, "chunk") {
        std::fs::File::open(file).unwrap().set_modified(time).unwrap();
    }
}

#[test]
fn a_clock_that_was_set_costs_nothing_and_three_days_are_the_end() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let now = SystemTime::now();
    for (time, delivered) in [(now - DAY, 10), (now + DAY, 10), (now + 1_000 * DAY, 10), (now - 4 * DAY, 0)] {
        let dir = tempfile::tempdir().unwrap();
        leave_events_of(dir.path(), time);
        let server = Server::start();
        // A session that seems to have ended before it began is none that was too short.
        let more = json!({ "storageDir": dir.path(), "sessionId": "next", "minSessionDurationMs": if time < now { 500 } else { 0 } });
        let replay = start(&server, more);
        wait_until("recovery", || replay.stats()["adopted"] == 10);
        replay.flush(within_ms(10_000)).unwrap();
        assert_eq!(server.events("device-1", SESSION).len(), delivered, "{time:?}");
        assert_eq!(replay.stats()["dropped"]["expired"], 10 - delivered);
        assert_eq!(replay.stats()["dropped"]["sessionTooShort"], 0);
    }
}

#[test]
fn at_the_limit_old_sessions_go_whole_and_the_current_one_stays() {
    let server = Server::start();
    let dead =
        json!({ "trackServerUrl": common::DEAD, "flushMaxRetries": 1, "storageLimitBytes": 4_000_000 });
    let replay = start(&server, dead);
    // Noise: packing must not make room.
    let noise = || (0..1_000).map(|_| fastrand::alphanumeric()).collect::<String>();
    let event = || timestamped(&json!(noise()));
    let mut recorded = 0_u64;
    // Three sessions of a megabyte each, and a fourth of two: no room for them all.
    for (session, events) in [("one", 1_000), ("two", 1_000), ("three", 1_000), ("four", 2_000)] {
        replay.set_session_id(SessionId::from_text(session).unwrap());
        for _ in 0..events {
            // There is no room for a moment while a chunk of a session that has to go is being sent.
            wait_until("room", || replay.record(event().as_bytes()).is_ok());
            recorded += 1;
        }
    }
    let dropped = || replay.stats()["dropped"]["storageLimit"].as_u64().unwrap();
    // A chunk that is being sent at the moment goes when that has ended.
    wait_until("whole sessions to be gone", || dropped() >= 1_000 && dropped().is_multiple_of(1_000));
    let stats = replay.stats();
    assert_eq!(stats["waiting"]["events"].as_u64().unwrap() + dropped(), recorded, "{stats}");
    // The current session alone: full, and said so.
    let refused = (0..5_000).find_map(|_| replay.record(event().as_bytes()).err()).unwrap();
    assert!(matches!(refused, Error::BufferFull { .. }), "{refused}");
    assert!(replay.stats()["waiting"]["bytes"].as_u64().unwrap() <= 4_000_000);
}

#[test]
fn what_waits_for_a_server_is_packed_and_arrives_all_the_same() {
    for on_disk in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::start();
        server.post("/api/faults", &json!([{ "status": 503, "standing": true }]));
        let storage = if on_disk { json!(dir.path()) } else { json!(null) };
        let replay = start(&server, json!({ "storageDir": storage, "flushMaxRetries": 1 }));
        let events = numbered(0..60_000);
        for event in &events[..30_000] {
            replay.record(event.as_bytes()).unwrap();
        }
        let _ = replay.flush(0);
        let bytes = events[..30_000].iter().map(String::len).sum::<usize>() as u64;
        wait_until("packing", || {
            let stats = replay.stats();
            stats["waiting"]["events"] == 30_000 && stats["waiting"]["bytes"].as_u64().unwrap() < bytes
        });
        for event in &events[30_000..] {
            replay.record(event.as_bytes()).unwrap();
        }
        let replay = if on_disk {
            drop(replay);
            assert!(common::files_below(dir.path(), "packed") > 0);
            server.delete("/api/faults");
            start(&server, json!({ "storageDir": storage }))
        } else {
            server.delete("/api/faults");
            replay
        };
        wait_until("everything", || {
            let _ = replay.flush(1_000);
            server.session("device-1", SESSION)["events"].as_u64() >= Some(60_000)
        });
        assert!(server.events("device-1", SESSION) == events, "in order, once");
        replay.shut_down(within_ms(5_000)).unwrap();
        assert_eq!(common::files_below(dir.path(), "packed") + common::files_below(dir.path(), "chunk"), 0);
    }
}
