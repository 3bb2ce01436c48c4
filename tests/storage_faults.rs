//! What becomes of events when the storage directory fails: they are kept in memory until it works again.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs;
use std::path::Path;

use common::child::{run, this_test};
use common::{Server, start, timestamped, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{SessionId, SessionReplay};

const SESSION: &str = "1732300000000";
/// Set in the process that a test starts of itself, to the storage directory it has to use.
const CHILD: &str = "STORAGE_FAULTS_DIR";

/// So many events of about a kilobyte that packing can't make small.
fn noise(numbers: std::ops::Range<usize>) -> Vec<String> {
    let noise = || (0..1_000).map(|_| fastrand::alphanumeric()).collect::<String>();
    numbers.map(|number| timestamped(&json!([number, noise()]))).collect()
}

/// Records so many of them.
fn record(replay: &SessionReplay, numbers: std::ops::Range<usize>) -> Vec<String> {
    let events = noise(numbers);
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    events
}

fn storage(replay: &SessionReplay) -> Value {
    replay.stats()["storage"].clone()
}

fn is_on_disk(replay: &SessionReplay) -> bool {
    storage(replay) == json!({ "kind": "disk", "problem": null })
}

/// Runs the test of this name again, in a process of its own.
fn run_again(test: &str, dir: &Path) {
    run(this_test(test).env(CHILD, dir));
}

#[test]
fn a_directory_that_cannot_be_used_is_named_and_memory_serves() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": file.path() }));
    let problem = replay.storage_problem().unwrap();
    assert!(problem.contains(file.path().to_str().unwrap()), "{problem}");
    assert_eq!(storage(&replay), json!({ "kind": "memory", "problem": problem }));
    let events = record(&replay, 0..1_000);
    replay.flush(within_ms(10_000)).unwrap();
    assert!(server.events("device-1", SESSION) == events, "all events, in order");
    let told = replay.stats()["lastError"]["message"].as_str().unwrap().to_owned();
    assert!(told.contains("can't be used"), "{told}");
}

// On Windows nobody can remove a directory that is in use.
#[cfg(unix)]
#[test]
fn a_directory_that_vanishes_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let storage_dir = dir.path().join("storage");
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": storage_dir }));
    let mut events = record(&replay, 0..1_000);
    // The library may be making a file in it at this moment.
    while fs::remove_dir_all(&storage_dir).is_err() {}
    events.extend(record(&replay, 1_000..3_000));
    replay.flush(within_ms(10_000)).unwrap();
    events.extend(record(&replay, 3_000..4_000));
    assert!(is_on_disk(&replay), "{}", storage(&replay));
    assert!(common::files_below(&storage_dir, "chunk") > 0);
    replay.flush(within_ms(10_000)).unwrap();
    assert!(server.events("device-1", SESSION) == events, "all events, in order");
}

// On Windows nobody can remove a directory that is in use.
#[cfg(unix)]
#[test]
fn memory_serves_until_the_directory_works_again() {
    let dir = tempfile::tempdir().unwrap();
    let storage_dir = dir.path().join("storage");
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": storage_dir }));
    let mut events = record(&replay, 0..1_000);
    // Root may write into read-only directories, so a file in its place stands for everything that may happen.
    // The library may be making it again at this moment.
    while fs::write(&storage_dir, b"in the way").is_err() {
        let _ = fs::remove_dir_all(&storage_dir);
    }
    events.extend(record(&replay, 1_000..3_000));
    assert_eq!(storage(&replay)["kind"], "memory");
    fs::remove_file(&storage_dir).unwrap();
    events.extend(record(&replay, 3_000..5_000));
    assert!(is_on_disk(&replay), "{}", storage(&replay));
    replay.flush(within_ms(10_000)).unwrap();
    assert!(server.events("device-1", SESSION) == events, "all events, in order");
}

#[test]
fn what_somebody_removes_from_the_directory_is_counted_and_the_rest_delivered() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    let dead = json!({ "storageDir": dir.path(), "trackServerUrl": common::DEAD, "flushMaxRetries": 1 });
    let earlier = start(&server, dead);
    // Of several sessions: what waits of one is compacted into one file while no server takes it.
    let mut sessions: Vec<(String, Vec<String>)> = Vec::new();
    for number in 0..5 {
        let session = (SESSION.parse::<u64>().unwrap() + number as u64).to_string();
        earlier.set_session_id(SessionId::from_text(&session).unwrap());
        sessions.push((session, record(&earlier, number * 400..(number + 1) * 400)));
    }
    earlier.shut_down(50).unwrap_err();

    // Everything the next run finds is taken away under its feet while its first request waits for an answer, but for the last file.
    server.post("/api/faults", &json!({ "on": "track", "status": 503, "times": 1, "delay_ms": 1_500 }));
    let replay = start(&server, json!({ "storageDir": dir.path(), "flushMaxRetries": 1 }));
    wait_until("adopted", || replay.stats()["adopted"] == 2_000);
    wait_until("asked once", || server.get("/api/faults").contains(r#""hits":1"#));
    let mut files = common::list_below(dir.path(), "packed");
    files.extend(common::list_below(dir.path(), "chunk"));
    // The last two stay.
    for file in &files[..files.len() - 2] {
        // The library may have packed it by now.
        assert!(fs::remove_file(file).is_ok() || !file.exists(), "{}", file.display());
    }
    let new = record(&replay, 2_000..2_010);
    sessions[0].1.extend_from_slice(&new);
    replay.flush(within_ms(10_000)).unwrap();
    let stats = replay.stats();
    let (delivered, lost) =
        (stats["delivered"].as_u64().unwrap(), stats["dropped"]["storageLost"].as_u64().unwrap());
    assert_eq!(delivered + lost, 2_010, "{stats}");
    assert!(lost > 0, "{stats}");
    assert!(server.events("device-1", SESSION).ends_with(&new));
    let mut count = 0;
    for (session, recorded) in &sessions {
        let arrived = server.events("device-1", session);
        let mut all = recorded.iter();
        let is_of_it = |event: &String| all.any(|recorded| recorded == event);
        assert!(arrived.iter().all(is_of_it), "what was not removed, in order");
        count += arrived.len() as u64;
    }
    assert_eq!(count, delivered);
}

#[test]
fn the_host_may_change_its_working_directory() {
    if std::env::var_os(CHILD).is_some() {
        return change_directory();
    }
    let dir = tempfile::tempdir().unwrap();
    run_again("the_host_may_change_its_working_directory", dir.path());
}

fn change_directory() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::env::set_current_dir(one.path()).unwrap();
    let server = Server::start();
    let replay = start(&server, json!({ "storageDir": "replays" }));
    std::env::set_current_dir(two.path()).unwrap();
    let events = record(&replay, 0..2_000);
    assert!(is_on_disk(&replay), "{}", storage(&replay));
    assert!(common::files_below(two.path(), "chunk") == 0 && common::files_below(one.path(), "chunk") > 0);
    replay.flush(within_ms(20_000)).unwrap();
    assert!(server.events("device-1", SESSION) == events, "all events, in order");
}

/// Limits of a process, file systems of a test's own, other owners, and directories that are renamed while they are used: Windows has
/// none of them, or no ordinary user may make them.
#[cfg(unix)]
mod on_unix {
    use common::child::this_test_behind;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use session_replay::{Outcome, SessionId};

    use super::*;

    /// Runs the test again with a file system of so many bytes at `dir`, seen by that process only.
    fn run_on_a_disk_of(size: &str, test: &str, dir: &Path) {
        let script = format!("mount -t tmpfs -o size={size} tmpfs '{}' && exec \"$@\"", dir.display());
        let wrapper = ["unshare", "--map-root-user", "--mount", "sh", "-c", &script, "sh"];
        run(this_test_behind(&wrapper, test).env(CHILD, dir));
    }

    #[test]
    fn a_full_disk_costs_nothing_that_was_accepted() {
        if let Some(dir) = std::env::var_os(CHILD) {
            return fill_the_disk(Path::new(&dir));
        }
        let dir = tempfile::tempdir().unwrap();
        run_on_a_disk_of("2m", "on_unix::a_full_disk_costs_nothing_that_was_accepted", dir.path());
    }

    fn fill_the_disk(dir: &Path) {
        let server = Server::start();
        let dead = json!({ "storageDir": dir, "trackServerUrl": common::DEAD, "flushMaxRetries": 1 });
        let replay = start(&server, dead);
        assert!(is_on_disk(&replay));
        let snapshot = r#"{"type":2,"timestamp":1732300000000,"data":{"node":{"type":0,"id":1,"childNodes":[{"type":2,"id":2,"tagName":"html","attributes":{},"childNodes":[]}]},"initialOffset":{"left":0,"top":0}}}"#;
        assert_eq!(replay.record(snapshot.as_bytes()), Ok(Outcome::Done));
        let mut outcomes = Vec::new();
        let mut events = vec![snapshot.to_owned()];
        for event in noise(0..3_500) {
            outcomes.push(replay.record(event.as_bytes()).unwrap());
            events.push(event);
        }
        let not_stored = outcomes.iter().filter(|outcome| **outcome == Outcome::NotStored).count();
        assert!(not_stored > 0 && outcomes.contains(&Outcome::Done));
        assert_eq!(replay.stats()["notStored"], not_stored);
        // A session that has no full snapshot yet asks for one first.
        replay.set_session_id(SessionId::from_text("another").unwrap());
        assert_eq!(replay.record(events[1].as_bytes()), Ok(Outcome::NeedsFullSnapshot));
        assert_eq!(replay.stats()["notStored"], not_stored + 1);
        assert_eq!(replay.record(snapshot.as_bytes()), Ok(Outcome::NotStored));
        let lines = [&*events[1], &*events[2]].join("\n");
        assert_eq!(replay.record_lines(lines.as_bytes()), (2, Ok(Outcome::NotStored)));
        replay.set_session_id(SessionId::from_text(SESSION).unwrap());
        let problem = replay.storage_problem().expect("two megabytes are full");
        assert!(problem.contains("No space left"), "{problem}");
        let stats = replay.stats();
        assert_eq!(stats["recorded"]["events"], events.len() + 4);
        assert_eq!(stats["waiting"]["events"], events.len() + 4);
        replay.shut_down(50).unwrap_err();

        // What the disk took is delivered by the next run; the rest was in memory and told so.
        let server = Server::start();
        let replay = start(&server, json!({ "storageDir": dir }));
        wait_until("the next run has taken over", || replay.stats()["adopted"] != 0);
        replay.flush(within_ms(10_000)).unwrap();
        wait_until("all is delivered", || replay.stats()["waiting"]["events"] == 0);
        let arrived = server.events("device-1", SESSION);
        // Each once and in order. Not always the first ones: what is packed while the server is away makes room for later ones.
        let mut recorded = events.iter();
        let in_order = arrived.iter().all(|event| recorded.any(|recorded| recorded == event));
        assert!(!arrived.is_empty() && in_order, "{} events", arrived.len());
        let told_safe = outcomes.iter().zip(&events[1..]).filter(|(outcome, _)| **outcome == Outcome::Done);
        for (_, event) in told_safe {
            assert!(arrived.contains(event), "an event that was told to be safe");
        }
    }

    #[test]
    fn a_start_on_a_full_disk_says_so() {
        if let Some(dir) = std::env::var_os(CHILD) {
            let replay = start(&Server::start(), json!({ "storageDir": Path::new(&dir) }));
            let problem = replay.storage_problem().expect("no chunk has room");
            assert!(problem.contains("can't be used"), "{problem}");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        run_on_a_disk_of("256k", "on_unix::a_start_on_a_full_disk_says_so", dir.path());
    }

    #[test]
    fn without_a_file_to_be_had_memory_serves() {
        if let Some(dir) = std::env::var_os(CHILD) {
            return use_up_the_files(Path::new(&dir));
        }
        let dir = tempfile::tempdir().unwrap();
        run_again("on_unix::without_a_file_to_be_had_memory_serves", dir.path());
    }

    fn use_up_the_files(dir: &Path) {
        let server = Server::start();
        let replay = start(&server, json!({ "storageDir": dir }));
        let mut events = record(&replay, 0..100);
        replay.flush(within_ms(10_000)).unwrap();
        let before = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: Some(3), ..before }).unwrap();
        events.extend(record(&replay, 100..5_000));
        let problem = replay.storage_problem().expect("no file can be opened");
        assert!(problem.contains("Too many open files"), "{problem}");
        setrlimit(Resource::Nofile, before).unwrap();
        events.extend(record(&replay, 5_000..7_000));
        assert!(is_on_disk(&replay), "{}", storage(&replay));
        replay.flush(within_ms(20_000)).unwrap();
        assert!(server.events("device-1", SESSION) == events, "all events, in order");
    }

    #[test]
    fn a_run_that_cannot_be_made_leaves_nothing_behind() {
        if let Some(dir) = std::env::var_os(CHILD) {
            return start_without_files(Path::new(&dir));
        }
        let dir = tempfile::tempdir().unwrap();
        run_again("on_unix::a_run_that_cannot_be_made_leaves_nothing_behind", dir.path());
    }

    fn start_without_files(dir: &Path) {
        let server = Server::start();
        let before = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: Some(3), ..before }).unwrap();
        let replay = start(&server, json!({ "storageDir": dir }));
        // Each chunk tries again.
        let events = record(&replay, 0..5_000);
        assert_eq!(storage(&replay)["kind"], "memory");
        setrlimit(Resource::Nofile, before).unwrap();
        let homes = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        let left: Vec<_> = homes.flat_map(|home| fs::read_dir(home).unwrap()).collect();
        assert!(left.is_empty(), "{left:?}");
        replay.flush(within_ms(20_000)).unwrap();
        assert!(server.events("device-1", SESSION) == events, "all events, in order");
    }

    #[test]
    fn a_limit_on_the_size_of_files_does_not_end_the_host() {
        if let Some(dir) = std::env::var_os(CHILD) {
            return record_without_large_files(Path::new(&dir));
        }
        let dir = tempfile::tempdir().unwrap();
        run_again("on_unix::a_limit_on_the_size_of_files_does_not_end_the_host", dir.path());
    }

    fn record_without_large_files(dir: &Path) {
        let server = Server::start();
        // The viewer is in this process too: it must not write while files may not be large.
        server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
        let before = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: Some(100_000), ..before }).unwrap();
        let replay = start(&server, json!({ "storageDir": dir, "flushMaxRetries": 1 }));
        let events = record(&replay, 0..2_000);
        assert_eq!(storage(&replay)["kind"], "memory");
        setrlimit(Resource::Fsize, before).unwrap();
        server.delete("/api/faults");
        replay.flush(within_ms(20_000)).unwrap();
        assert!(server.events("device-1", SESSION) == events, "all events, in order");
    }

    #[test]
    fn another_users_directory_is_used_for_nothing() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let server = Server::start();
        let dead = json!({ "storageDir": dir.path(), "trackServerUrl": common::DEAD, "flushMaxRetries": 1 });
        let earlier = start(&server, dead);
        record(&earlier, 0..20);
        earlier.shut_down(0).unwrap_err();
        let home = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        let config = r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"sample_rate":1,"capture_enabled":true}}}}"#;
        fs::write(home.join("remote-config.json"), config).unwrap();
        fs::write(home.join("state.json"), "{}").unwrap();
        std::os::unix::fs::chown(&home, Some(65_534), None).unwrap();
        let before: Vec<_> = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();

        let options = json!({
            "storageDir": dir.path(), "sampleRate": 0, "enableRemoteConfig": true, "sendTimeoutMs": 500,
            "configServerUrl": common::DEAD, "sessionId": "another",
        });
        let replay = start(&server, options);
        assert!(replay.storage_problem().unwrap().contains("belongs to another user"));
        wait_until("a decision", || replay.stats()["state"] != "waiting-for-remote-config");
        assert_ne!(replay.stats()["state"], "capturing", "its configuration is not obeyed");
        replay.shut_down(within_ms(1_000)).unwrap();
        assert_eq!(replay.stats()["adopted"], 0);
        let after: Vec<_> = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(after, before);
        assert_eq!(fs::read_to_string(home.join("state.json")).unwrap(), "{}");
    }

    #[test]
    fn what_takes_the_directorys_name_while_it_is_used_is_not_written_to() {
        let (dir, victim) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let server = Server::start();
        let replay = start(&server, json!({ "storageDir": dir.path() }));
        let mut events = record(&replay, 0..100);
        let home = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        fs::rename(&home, dir.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(victim.path(), &home).unwrap();
        events.extend(record(&replay, 100..3_000));
        assert!(is_on_disk(&replay), "{}", storage(&replay));
        replay.flush(within_ms(20_000)).unwrap();
        replay.shut_down(within_ms(10_000)).unwrap();
        assert!(server.events("device-1", SESSION) == events, "all events, in order");
        assert_eq!(fs::read_dir(victim.path()).unwrap().count(), 0);
    }
}
