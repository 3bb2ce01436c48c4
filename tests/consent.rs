//! Whether recording is wanted: the host's pause, an opt-out that is remembered, the idle rule, and deleting what was recorded.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use common::child::this_test;
use common::{
    DEAD, SNAPSHOT, Server, capture_all, list_below, start, timestamped, wait_for_ends, wait_until, within_ms,
};
use serde_json::{Value, json};
use session_replay::{Error, Log, NodeInfo, NodeKind, Outcome, PointerKind, SessionReplay, ViewInfo};

const DEVICE: &str = "device-1";
const SESSION: &str = "1732300000000";
/// Set in the process that a test starts of itself, to the storage directory it has to use.
const CHILD: &str = "CONSENT_DIR";
/// The pointer was moved: an action of the user.
const MOVED: &str = r#"{"type":3,"timestamp":1732300000000,"data":{"source":1,"positions":[{"x":1,"y":2,"id":2,"timeOffset":0}]}}"#;
/// A text was changed, as a clock does that ticks.
const TICKED: &str = r#"{"type":3,"timestamp":1732300000000,"data":{"source":0,"texts":[{"id":2,"value":"12:00"}],"attributes":[],"removes":[],"adds":[]}}"#;

fn event(payload: &Value) -> String {
    timestamped(payload)
}

fn record(replay: &SessionReplay, payload: Value) -> Outcome {
    replay.record(event(&payload).as_bytes()).unwrap()
}

/// What arrived of the custom events of a session.
fn payloads(server: &Server) -> Vec<Value> {
    let of = |event: &String| {
        let event: Value = serde_json::from_str(event).unwrap();
        (event["type"] == 5).then(|| event["data"]["payload"].clone())
    };
    server.events(DEVICE, SESSION).iter().filter_map(of).collect()
}

fn state(replay: &SessionReplay) -> String {
    replay.stats()["state"].as_str().unwrap().to_owned()
}

fn offline(dir: &Path, more: Value) -> SessionReplay {
    let mut options = json!({ "storageDir": dir, "flushMaxRetries": 1 });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    SessionReplay::start("test-api-key", capture_all(DEAD, options), Arc::<Log>::default()).unwrap()
}

fn with_storage(dir: &Path, more: Value) -> Value {
    let mut options = json!({ "storageDir": dir });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

/// Every event is accounted for: what was accepted and found is delivered, dropped or waits.
fn is_balanced(stats: &Value) -> bool {
    let dropped: u64 = stats["dropped"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    let number = |pointer: &str| stats.pointer(pointer).unwrap().as_u64().unwrap();
    number("/recorded/events") + number("/adopted")
        == number("/delivered") + dropped + number("/waiting/events")
}

#[test]
fn while_paused_nothing_is_recorded_and_what_was_before_is_delivered() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    assert_eq!(record(&replay, json!("before")), Outcome::Done);
    assert_eq!((replay.pause(), replay.pause()), (Outcome::NotCaptured, Outcome::Done));
    assert_eq!((state(&replay), replay.is_capturing()), ("paused".to_owned(), false));
    assert!(replay.session_replay_properties().is_empty(), "as the browser SDK's after stop()");
    assert_eq!(record(&replay, json!("paused")), Outcome::NotCaptured);
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(payloads(&server), ["before"]);
    // The user's wish is another: neither ends the other.
    assert_eq!(replay.set_opt_out(true).unwrap(), Outcome::NotCaptured);
    assert_eq!((state(&replay), replay.resume()), ("opted-out".to_owned(), Outcome::NotCaptured));
    replay.pause();
    assert_eq!(
        (replay.set_opt_out(false).unwrap(), state(&replay)),
        (Outcome::NotCaptured, "paused".to_owned())
    );
    assert_eq!((replay.resume(), replay.resume()), (Outcome::NeedsFullSnapshot, Outcome::Done));
    assert_eq!(record(&replay, json!("after")), Outcome::NeedsFullSnapshot, "a new stretch begins with one");
    assert_eq!(replay.session_replay_properties().len(), 1);
    replay.shut_down(within_ms(10_000)).unwrap();
    assert_eq!(payloads(&server), ["before", "after"]);
    assert_eq!(replay.pause(), Outcome::NotCaptured);
}

#[test]
fn an_opt_out_is_remembered_where_that_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let remember = json!({ "rememberOptOut": true });
    let state_after = |more: Value, choice: Option<bool>| {
        let replay = offline(dir.path(), more);
        let before = state(&replay);
        if let Some(opted_out) = choice {
            replay.set_opt_out(opted_out).unwrap();
        }
        drop(replay);
        before
    };
    // The options, what the start finds, and what the user chooses then.
    for (options, expected, choice) in [
        (remember.clone(), "capturing", Some(true)),
        (remember.clone(), "opted-out", None),
        (json!({ "rememberOptOut": true, "optOut": false }), "opted-out", None),
        // Who does not ask is told nothing, and changes nothing.
        (json!({}), "capturing", Some(false)),
        (remember.clone(), "opted-out", Some(false)),
        (remember.clone(), "capturing", None),
        // The option is the host's: it is not remembered, but it counts.
        (json!({ "rememberOptOut": true, "optOut": true }), "opted-out", None),
        (remember.clone(), "capturing", None),
        (json!({}), "capturing", Some(true)),
        (remember.clone(), "capturing", None),
    ] {
        assert_eq!(state_after(options.clone(), choice), expected, "{options} {choice:?}");
    }
}

/// The mark that says so.
fn mark(dir: &Path) -> PathBuf {
    fs::read_dir(dir).unwrap().next().unwrap().unwrap().path().join("opted-out")
}

#[test]
fn whatever_lies_in_its_place_means_opted_out() {
    let dir = tempfile::tempdir().unwrap();
    let remember = || offline(dir.path(), json!({ "rememberOptOut": true }));
    drop(remember());
    fs::write(mark(dir.path()), "garbage").unwrap();
    let replay = remember();
    assert_eq!(state(&replay), "opted-out");
    replay.set_opt_out(false).unwrap();
    drop(replay);
    assert!(!mark(dir.path()).exists());
    // What can't be removed.
    fs::create_dir(mark(dir.path())).unwrap();
    let replay = remember();
    assert_eq!(state(&replay), "opted-out");
    let error = replay.set_opt_out(false).unwrap_err();
    assert!(matches!(&error, Error::Storage(text) if text.contains("it is tried again")), "{error}");
    let says_what_to_do =
        format!("in {}: remove it, or make its directory writable", mark(dir.path()).display());
    assert!(error.to_string().contains(&says_what_to_do), "{error}");
    assert_eq!(state(&replay), "capturing", "the choice itself holds");
    drop(replay);
    assert_eq!(state(&remember()), "opted-out", "in doubt it is the user's wish");
}

/// Runs this test again in a process of its own, which prints "ready" when it has come so far.
fn child(test: &str, dir: &Path) -> (Child, BufReader<impl Read + use<>>) {
    let mut child = this_test(test).env(CHILD, dir).stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

fn wait_for(output: &mut impl BufRead, word: &str) {
    let found = output.lines().map_while(Result::ok).any(|line| line.ends_with(word));
    assert!(found, "the child says {word}");
}

/// To be killed.
fn wait_for_ever(word: &str) -> ! {
    println!("\n{word}");
    std::io::stdout().flush().unwrap();
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

#[test]
fn an_opt_out_outlives_a_process_that_is_killed_right_after_it() {
    if let Ok(dir) = std::env::var(CHILD) {
        let replay = offline(Path::new(&dir), json!({ "rememberOptOut": true }));
        replay.set_opt_out(true).unwrap();
        wait_for_ever("ready");
    }
    let dir = tempfile::tempdir().unwrap();
    let running = offline(dir.path(), json!({ "rememberOptOut": true }));
    let (mut other, mut output) =
        child("an_opt_out_outlives_a_process_that_is_killed_right_after_it", dir.path());
    wait_for(&mut output, "ready");
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(state(&running), "capturing", "it holds for what starts after it");
    assert_eq!(state(&offline(dir.path(), json!({ "rememberOptOut": true }))), "opted-out");
}

#[test]
fn what_is_deleted_is_never_sent_and_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let earlier = offline(dir.path(), json!({}));
    (0..3).for_each(|n| _ = record(&earlier, json!(["earlier", n])));
    let _ = earlier.shut_down(0);
    drop(earlier);
    wait_for_ends(dir.path(), 0);

    let replay = offline(dir.path(), json!({ "interactionConfig": { "enabled": true } }));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    record(&replay, json!("of the session before"));
    replay.set_session_id(session_replay::SessionId::from_millis(1_732_300_000_001).unwrap());
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    (0..5).for_each(|n| _ = record(&replay, json!(["now", n])));
    replay
        .record_interaction(
            r#"{"type":"click","x":1,"y":2,"viewportWidth":10,"viewportHeight":10,"pageUrl":"app://x","timestamp":1}"#,
        )
        .unwrap();
    // One that ended while nobody looked for more.
    let late = offline(dir.path(), json!({}));
    (0..2).for_each(|n| _ = record(&late, json!(["late", n])));
    let _ = late.shut_down(0);
    drop(late);
    wait_for_ends(dir.path(), 1);
    assert_eq!(replay.delete_stored().unwrap(), Outcome::NeedsFullSnapshot, "recording goes on");
    wait_until("all of it to be gone", || replay.stats()["waiting"]["events"] == 0);
    let stats = replay.stats();
    assert_eq!(stats["dropped"]["deleted"], 3 + 2 + 6 + 1 + 2, "{stats}");
    assert_eq!((&stats["delivered"], is_balanced(&stats)), (&json!(0), true), "{stats}");
    assert_eq!(replay.delete_stored().unwrap(), Outcome::NeedsFullSnapshot);
    record(&replay, json!("after"));
    let _ = replay.shut_down(0);
    drop(replay);

    let server = Server::start();
    let later = start(&server, with_storage(dir.path(), json!({})));
    server.wait_for_events(DEVICE, "1732300000001", 1);
    later.shut_down(within_ms(10_000)).unwrap();
    assert_eq!(server.events(DEVICE, "1732300000001").len(), 1);
    assert_eq!(server.events(DEVICE, SESSION).len(), 0);
    assert_eq!(later.stats()["adopted"], 1);
}

/// A directory in the place of the file stands for a disk that takes nothing.
#[cfg(unix)]
#[test]
fn what_could_come_back_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let earlier = offline(dir.path(), json!({}));
    (0..3).for_each(|n| _ = record(&earlier, json!(n)));
    let _ = earlier.shut_down(0);
    drop(earlier);
    // Held back, so that nobody else touches the file.
    let replay = offline(dir.path(), json!({ "minSessionDurationMs": 60_000 }));
    wait_until("it to be found", || replay.stats()["adopted"] == 3);
    record(&replay, json!("now"));
    let is_found = |path: &PathBuf| path.to_str().unwrap().contains(".run-");
    let file = list_below(dir.path(), "chunk").into_iter().find(is_found).unwrap();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let error = replay.delete_stored().unwrap_err().to_string();
    assert!(
        error.contains("marked as deleted: 1") && error.contains("call sr_delete_stored() again"),
        "{error}"
    );
    assert_eq!(replay.stats()["lastError"]["message"], error);
    wait_until("all of it to be gone", || replay.stats()["waiting"]["events"] == 0);
    assert_eq!(replay.stats()["dropped"]["deleted"], 4, "the rest is deleted");
    fs::remove_dir(&file).unwrap();
    assert_eq!(replay.delete_stored().unwrap(), Outcome::NeedsFullSnapshot);
}

#[test]
fn without_a_directory_memory_is_emptied() {
    let options = json!({ "flushMaxRetries": 1 });
    let replay =
        SessionReplay::start("test-api-key", capture_all(DEAD, options), Arc::<Log>::default()).unwrap();
    record(&replay, json!(1));
    replay.set_opt_out(true).unwrap();
    assert_eq!(replay.delete_stored().unwrap(), Outcome::Done, "nothing goes on");
    wait_until("it to be gone", || replay.stats()["waiting"]["events"] == 0);
    let stats = replay.stats();
    assert!(stats["dropped"]["deleted"] == 1 && is_balanced(&stats), "{stats}");
    let _ = replay.shut_down(0);
    assert!(matches!(replay.delete_stored(), Ok(_) | Err(Error::ShutDown)));
}

/// The server has the first attempt in its hands, and answers that it can't take it now.
#[test]
fn a_request_under_way_is_not_made_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (came, requests) = channel();
    let (go_on, wait) = channel::<()>();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            for line in stream.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
                if let Some(given) = line.to_lowercase().strip_prefix("content-length: ") {
                    length = given.parse().unwrap();
                }
            }
            std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink()).unwrap();
            came.send(()).unwrap();
            let _ = wait.recv();
            let _ = stream
                .get_mut()
                .write_all(b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let options = with_storage(dir.path(), json!({ "flushMaxRetries": 5 }));
    let replay =
        SessionReplay::start("test-api-key", capture_all(&url, options), Arc::<Log>::default()).unwrap();
    record(&replay, json!("on its way"));
    replay.flush(0).unwrap();
    requests.recv_timeout(Duration::from_secs(30)).unwrap();
    replay.delete_stored().unwrap();
    // A kill now must not bring it back either.
    assert!(list_below(dir.path(), "chunk").iter().all(|path| is_delivered(path)));
    go_on.send(()).unwrap();
    wait_until("it to be gone", || replay.stats()["waiting"]["events"] == 0);
    let stats = replay.stats();
    assert!(stats["dropped"]["deleted"] == 1 && is_balanced(&stats), "{stats}");
    assert!(requests.try_recv().is_err(), "no second attempt");
    drop(go_on);
    let _ = replay.shut_down(0);
}

#[test]
fn what_is_deleted_while_it_is_sent_is_gone_with_the_end_of_the_run() {
    // Somebody who never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let replay = SessionReplay::start(
        "test-api-key",
        capture_all(&url, with_storage(dir.path(), json!({}))),
        Arc::<Log>::default(),
    )
    .unwrap();
    record(&replay, json!("on its way"));
    replay.flush(0).unwrap();
    let _request = silent.accept().unwrap();
    replay.delete_stored().unwrap();
    replay.flush(1).unwrap();
    replay.shut_down(0).unwrap();
    // Windows removes nothing that is mapped, and Wine wakes no thread that reads from the network: sr-sender has it until its time is over.
    if cfg!(windows) {
        wait_until("the request to end", || list_below(dir.path(), "chunk").is_empty());
    }
    assert_eq!(list_below(dir.path(), "chunk"), Vec::<PathBuf>::new());
}

/// Whether the header of a chunk says that nothing of it is to be delivered, or that nothing was recorded into it.
fn is_delivered(path: &Path) -> bool {
    let Ok(bytes) = fs::read(path) else { return true };
    let is_used = bytes[8_192..].iter().any(|byte| *byte != 0);
    !is_used || bytes[16..20] == [0xff; 4]
}

#[test]
fn what_another_living_process_recorded_stays_its_own() {
    const TEST: &str = "what_another_living_process_recorded_stays_its_own";
    if let Ok(dir) = std::env::var(CHILD) {
        let replay = offline(Path::new(&dir), json!({}));
        (0..4).for_each(|n| _ = record(&replay, json!(["other", n])));
        wait_for_ever("ready");
    }
    let dir = tempfile::tempdir().unwrap();
    let (mut other, mut output) = child(TEST, dir.path());
    wait_for(&mut output, "ready");
    let server = Server::start();
    let replay = offline(dir.path(), json!({}));
    record(&replay, json!("mine"));
    replay.delete_stored().unwrap();
    drop(replay);
    other.kill().unwrap();
    other.wait().unwrap();
    let later = start(&server, with_storage(dir.path(), json!({})));
    server.wait_for_events(DEVICE, SESSION, 4);
    later.shut_down(within_ms(10_000)).unwrap();
    let expected: Vec<Value> = (0..4).map(|n| json!(["other", n])).collect();
    assert_eq!(payloads(&server), expected);
}

/// What a call that returned has deleted does not come back, whenever the process is killed; and nothing comes twice.
#[test]
fn killed_while_it_deletes() {
    const TEST: &str = "killed_while_it_deletes";
    if let Ok(dir) = std::env::var(CHILD) {
        let replay = offline(Path::new(&dir), json!({}));
        for round in 0_u64.. {
            for n in 0..40 {
                record(&replay, json!([round, n, "x".repeat(20_000)]));
            }
            replay.delete_stored().unwrap();
            println!("\ndeleted {round}");
            std::io::stdout().flush().unwrap();
        }
    }
    for turn in 0..12 {
        let dir = tempfile::tempdir().unwrap();
        let (mut other, mut output) = child(TEST, dir.path());
        wait_for(&mut output, "deleted 1");
        std::thread::sleep(Duration::from_micros(fastrand::u64(0..20_000)));
        other.kill().unwrap();
        let rest = output.lines().map_while(Result::ok);
        let rounds = rest.filter_map(|line| line.strip_prefix("deleted ")?.parse::<u64>().ok());
        let deleted = rounds.last().unwrap_or(1);
        other.wait().unwrap();
        let server = Server::start();
        let later = start(&server, with_storage(dir.path(), json!({})));
        later.shut_down(within_ms(20_000)).unwrap();
        let mut arrived: Vec<(u64, u64)> = payloads(&server)
            .iter()
            .map(|payload| (payload[0].as_u64().unwrap(), payload[1].as_u64().unwrap()))
            .collect();
        assert!(arrived.iter().all(|(round, _)| *round > deleted), "turn {turn}: {deleted} {arrived:?}");
        let count = arrived.len();
        arrived.dedup();
        assert_eq!(arrived.len(), count, "turn {turn}: once each");
    }
}

#[test]
fn who_is_idle_is_not_recorded_until_the_next_action() {
    let server = Server::start();
    let replay = start(&server, json!({ "idleTimeoutMs": 3_000 }));
    assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
    replay.record(MOVED.as_bytes()).unwrap();
    // The page's clock ticks on, and keeps nothing alive.
    let ticks = || _ = replay.record(TICKED.as_bytes()).unwrap();
    wait_until("nothing to be recorded for want of an action", || {
        ticks();
        state(&replay) == "idle"
    });
    assert!(replay.is_capturing(), "an action would be");
    for event in [TICKED, SNAPSHOT, &event(&json!("by itself"))] {
        assert_eq!(replay.record(event.as_bytes()).unwrap(), Outcome::NotCaptured);
    }
    assert!(replay.session_replay_properties().is_empty());
    replay.flush(within_ms(10_000)).unwrap();
    let before = server.events(DEVICE, SESSION).len();
    // The same session goes on, with a full snapshot.
    assert_eq!(replay.record(MOVED.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(state(&replay), "capturing");
    assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
    record(&replay, json!("after"));
    replay.shut_down(within_ms(10_000)).unwrap();
    assert_eq!(server.events(DEVICE, SESSION).len(), before + 3);
    assert_eq!(payloads(&server), ["after"]);
}

#[test]
fn an_interaction_is_an_action_and_idle_is_no_silence_for_the_session() {
    let server = Server::start();
    let replay = start(
        &server,
        json!({ "idleTimeoutMs": 3_000, "interactionConfig": { "enabled": true }, "configServerUrl": DEAD }),
    );
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    wait_until("idle, without any event", || state(&replay) == "idle");
    let click = r#"{"type":"click","x":1,"y":2,"viewportWidth":10,"viewportHeight":10,"pageUrl":"app://x","timestamp":1}"#;
    assert_eq!(replay.record_interaction(click).unwrap(), Outcome::Done);
    assert_eq!(state(&replay), "capturing");
    wait_until("idle again", || state(&replay) == "idle");
    // The host begins another session: it is recorded, from a full snapshot on.
    let next = session_replay::SessionId::from_millis(1_732_300_000_009).unwrap();
    assert_eq!(replay.set_session_id(next), Outcome::NeedsFullSnapshot);
    assert_eq!(state(&replay), "capturing");
}

/// Ticks keep no session of the built-in kind while the user is idle: the next action begins another.
#[test]
fn the_built_in_session_times_out_while_the_user_is_idle() {
    let server = Server::start();
    let replay = start(
        &server,
        json!({ "idleTimeoutMs": 3_000, "sessionTimeoutMs": 6_000, "sessionId": null, "configServerUrl": DEAD }),
    );
    replay.record(MOVED.as_bytes()).unwrap();
    let first = replay.session_id().unwrap();
    wait_until("idle", || state(&replay) == "idle");
    let idle_since = std::time::Instant::now();
    wait_until("the session to time out", || {
        replay.record(TICKED.as_bytes()).unwrap();
        idle_since.elapsed() > Duration::from_millis(6_500)
    });
    assert_eq!(replay.session_id().unwrap(), first);
    assert_eq!(replay.record(MOVED.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_ne!(replay.session_id().unwrap(), first);
}

#[test]
fn views_are_shown_as_they_are_when_the_user_comes_back() {
    let server = Server::start();
    let replay =
        start(&server, json!({ "idleTimeoutMs": 3_000, "privacyConfig": { "defaultMaskLevel": "light" } }));
    let text = |text: &str| {
        let node = NodeInfo {
            kind: NodeKind::Text as u32,
            rectangle: [0.0, 0.0, 90.0, 20.0],
            text,
            ..NodeInfo::default()
        };
        replay.show_nodes(7, &[node]).unwrap()
    };
    replay
        .place_view(&ViewInfo { view: 7, rectangle: [0.0, 0.0, 300.0, 200.0], ..ViewInfo::default() })
        .unwrap();
    assert_eq!(text("at first"), Outcome::Done);
    wait_until("idle", || state(&replay) == "idle");
    assert_eq!(text("while idle"), Outcome::NotCaptured);
    assert_eq!(replay.point(7, PointerKind::Down, [5.0, 5.0], None).unwrap(), Outcome::Done);
    assert_eq!(state(&replay), "capturing");
    replay.shut_down(within_ms(10_000)).unwrap();
    let events = server.events(DEVICE, SESSION);
    let kind = |event: &String| serde_json::from_str::<Value>(event).unwrap()["type"].clone();
    let last_snapshot = events.iter().rposition(|event| kind(event) == 2).unwrap();
    assert!(events[last_snapshot].contains("while idle"), "{}", events[last_snapshot]);
    assert!(
        events[last_snapshot + 1..].iter().any(|event| event.contains(r#""source":2"#)),
        "and then the action"
    );
}
