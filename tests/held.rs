//! Held sessions: nothing of them is on the wire without a trigger, and all of it with one.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use common::child::this_test;
use common::{
    SNAPSHOT, Server, capture_all, list_below, options_for, start, timestamped, wait_until, wire_form,
    within_ms,
};
use serde_json::{Value, json};
use session_replay::{Error, Outcome, SessionId, SessionReplay};

const SESSION: &str = "1732300000000";

/// Options of a session that is left out, and held.
fn held(more: Value) -> Value {
    let mut options = json!({ "sampleRate": 0, "onErrorSampleRate": 1 });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn meta() -> String {
    r#"{"type":4,"data":{"href":"app://x","width":10,"height":10},"timestamp":1732300000000}"#.to_owned()
}

/// Records a Meta event, a full snapshot and so many events with this text.
fn record(replay: &SessionReplay, text: &str, count: usize) -> Vec<String> {
    let events: Vec<String> = [meta(), SNAPSHOT.to_owned()]
        .into_iter()
        .chain((0..count).map(|number| timestamped(&json!(format!("{text}-{number}")))))
        .collect();
    for event in &events {
        assert_ne!(replay.record(event.as_bytes()).unwrap(), Outcome::NotCaptured);
    }
    events.iter().map(|event| wire_form(event)).collect()
}

fn state(replay: &SessionReplay) -> String {
    replay.stats()["state"].as_str().unwrap().to_owned()
}

/// What arrived of the session, without the events that tell of triggers; and the reasons of those.
fn arrived(server: &Server) -> (Vec<String>, Vec<String>) {
    let (told, events): (Vec<_>, Vec<_>) = server
        .events("device-1", SESSION)
        .into_iter()
        .partition(|event| event.contains("session-replay-trigger"));
    let reason = |event: &String| {
        let event: Value = serde_json::from_str(event).unwrap();
        event["data"]["payload"]["reason"].as_str().unwrap().to_owned()
    };
    (events, told.iter().map(reason).collect())
}

/// What holds events in a storage directory.
fn files(storage: &Path) -> usize {
    list_below(storage, "chunk").len() + list_below(storage, "packed").len()
}

/// A server that notes every byte that it gets, and answers that all is well.
struct Wire {
    url: String,
    bytes: Arc<Mutex<Vec<u8>>>,
    connections: Arc<AtomicUsize>,
}

impl Wire {
    fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (bytes, connections) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<AtomicUsize>::default());
        let (noted, counted) = (bytes.clone(), connections.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut part = [0; 4_096];
                let mut stream = stream.unwrap();
                while let Ok(count @ 1..) = stream.read(&mut part) {
                    noted.lock().unwrap().extend_from_slice(&part[..count]);
                }
            }
        });
        Self { url, bytes, connections }
    }

    fn has(&self, text: &str) -> bool {
        memchr::memmem::find(&self.bytes.lock().unwrap(), text.as_bytes()).is_some()
    }
}

#[test]
fn no_byte_of_a_held_session_is_sent_without_a_trigger() {
    let (wire, storage) = (Wire::listen(), tempfile::tempdir().unwrap());
    let run = |session: u64| {
        let options = held(json!({
            "storageDir": storage.path(),
            "sessionId": session,
            // As it is written: what is on the wire is looked through for it.
            "enableTransportCompression": false,
            "flushMaxRetries": 1,
            "flushIntervalConfig": { "minIntervalMs": 10, "maxIntervalMs": 20 },
        }));
        SessionReplay::start("key", capture_all(&wire.url, options), Arc::default()).unwrap()
    };
    let replay = run(1);
    record(&replay, "first", 2_000);
    assert_eq!(state(&replay), "held");
    replay.flush(within_ms(10_000)).unwrap();
    replay.set_session_id(SessionId::from_millis(2).unwrap());
    record(&replay, "second", 2_000);
    replay.set_opt_out(true).unwrap();
    wait_until("what was held to go", || replay.stats()["held"]["events"] == 0);
    replay.set_opt_out(false).unwrap();
    record(&replay, "third", 2_000);
    let stats = replay.stats();
    assert_eq!(stats["dropped"]["notTriggered"], 2 * 2_002);
    assert_eq!((&stats["held"]["events"], &stats["waiting"]["events"]), (&2_002.into(), &0.into()));
    replay.shut_down(within_ms(10_000)).unwrap();
    assert_eq!(files(storage.path()), 0);
    let next = run(3);
    record(&next, "fourth", 10);
    next.flush(within_ms(10_000)).unwrap();
    // Dropped in an orderly way is no death.
    drop(next);
    assert_eq!(files(storage.path()), 0);
    let last = run(4);
    record(&last, "fifth", 10);
    last.flush(within_ms(10_000)).unwrap();
    assert_eq!(wire.connections.load(Ordering::SeqCst), 0, "until now nobody has connected");
    // That the wire is looked at: this is sent.
    last.capture_now("now").unwrap();
    let _ = last.flush(0);
    wait_until("the session that has a trigger", || wire.has("fifth-9"));
    for text in ["first", "second", "third", "fourth"] {
        assert!(!wire.has(text), "{text}");
    }
}

#[test]
fn what_is_held_is_sent_once_the_host_says_so_and_the_session_stays_captured() {
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    let options = held(json!({ "storageDir": storage.path() }));
    let replay = start(&server, options.clone());
    let before = record(&replay, "before", 3);
    assert!(replay.session_replay_properties().is_empty());
    assert_eq!(replay.capture_now("the button was red").unwrap(), Outcome::Done);
    assert_eq!(state(&replay), "capturing");
    assert_eq!(replay.session_replay_properties().len(), 1);
    let after = timestamped(&json!("after"));
    assert_eq!(replay.record(after.as_bytes()).unwrap(), Outcome::Done, "it needs no other full snapshot");
    assert_eq!(replay.capture_now("again").unwrap(), Outcome::Done);
    replay.flush(within_ms(20_000)).unwrap();
    let expected = [before, vec![wire_form(&after)]].concat();
    assert_eq!(
        arrived(&server),
        (expected.clone(), vec!["the button was red".to_owned(), "again".to_owned()])
    );
    let said = server.session("device-1", SESSION).to_string();
    assert!(said.contains("\"sample_rate\":1"), "the rate that it was held at: {said}");
    replay.shut_down(within_ms(10_000)).unwrap();

    let next = start(&server, options.clone());
    assert_eq!(state(&next), "capturing", "the same session goes on");
    next.shut_down(within_ms(10_000)).unwrap();
    let other = start(&server, held(json!({ "storageDir": storage.path(), "sessionId": 5 })));
    assert_eq!(state(&other), "held");
}

#[test]
fn there_is_nothing_to_capture_where_nothing_is_held() {
    let server = Server::start();
    let replay = start(&server, json!({ "sampleRate": 0 }));
    assert_eq!(replay.capture_now("no").unwrap(), Outcome::NotCaptured);
    assert!(matches!(replay.capture_now(""), Err(Error::InvalidArgument(_))));
    let replay = start(&server, held(json!({})));
    replay.set_opt_out(true).unwrap();
    assert_eq!(replay.capture_now("no").unwrap(), Outcome::NotCaptured);
    replay.shut_down(within_ms(1_000)).unwrap();
    assert!(replay.capture_now("no").is_err());
    // Before there was a full snapshot nothing can be played; what follows can.
    let replay = start(&server, held(json!({})));
    replay.record(timestamped(&json!("lost")).as_bytes()).unwrap();
    assert_eq!(replay.capture_now("early").unwrap(), Outcome::NeedsFullSnapshot);
    let events = record(&replay, "after", 1);
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), (events, vec!["early".to_owned()]));
}

/// What a page tells of an error that it did not handle.
const UNHANDLED: &str =
    r#"{"type":5,"data":{"tag":"session-replay-unhandled-error","payload":{}},"timestamp":1732300000000}"#;

#[test]
fn an_unhandled_error_of_a_page_is_a_trigger_if_the_option_says_so() {
    let other = UNHANDLED.replace("unhandled-error", "unhandled-errors");
    let written = r#"{"type":6,"data":{"plugin":"rrweb/console@1","payload":{"level":"error","trace":[],"payload":["\"Uncaught Error: only written\""]}},"timestamp":1732300000000}"#;
    for (is_on, line, expected) in [
        (true, UNHANDLED, "capturing"),
        (true, &other, "held"),
        (true, written, "held"),
        (false, UNHANDLED, "held"),
    ] {
        let server = Server::start();
        let replay = start(&server, held(json!({ "captureOnUnhandledError": is_on })));
        let events = record(&replay, "before", 3);
        replay.record(line.as_bytes()).unwrap();
        assert_eq!(state(&replay), expected, "{line} {is_on}");
        replay.flush(within_ms(20_000)).unwrap();
        if expected == "capturing" {
            assert_eq!(replay.record(UNHANDLED.as_bytes()).unwrap(), Outcome::Done, "it is captured already");
            replay.flush(within_ms(20_000)).unwrap();
            assert_eq!(arrived(&server), (events, vec!["unhandled-error".to_owned()]), "nothing of the line");
        } else {
            assert_eq!(server.get("/api/sessions"), "[]");
        }
    }
}

#[test]
fn an_unhandled_error_counts_before_the_remote_configuration_is_known() {
    let server = Server::start();
    server.put("/api/remote-config", &sampling(0.0));
    server.delay_remote_config();
    let replay = start(&server, held(json!({ "enableRemoteConfig": true })));
    let events = record(&replay, "early", 3);
    for _ in 0..2 {
        replay.record(UNHANDLED.as_bytes()).unwrap();
    }
    assert_eq!(state(&replay), "waiting-for-remote-config");
    wait_until("the configuration", || state(&replay) != "waiting-for-remote-config");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), (events, vec!["unhandled-error".to_owned()]));
}

fn sampling(rate: f64) -> Value {
    json!({ "configs": { "sessionReplay": { "sr_sampling_config": { "capture_enabled": true, "sample_rate": rate } } } })
}

#[test]
fn what_was_recorded_before_the_remote_configuration_came_is_held_sent_or_both_later() {
    for (rate, expected) in [(0.0, "held"), (1.0, "capturing")] {
        let server = Server::start();
        server.put("/api/remote-config", &sampling(rate));
        server.delay_remote_config();
        let storage = tempfile::tempdir().unwrap();
        let options = held(json!({ "enableRemoteConfig": true, "storageDir": storage.path() }));
        let replay = start(&server, options);
        let lost = timestamped(&json!("before the full snapshot"));
        replay.record(lost.as_bytes()).unwrap();
        let mut events = record(&replay, "early", 100);
        assert_eq!(state(&replay), "waiting-for-remote-config");
        wait_until("the configuration", || state(&replay) == expected);
        events.extend(record(&replay, "late", 100));
        replay.flush(within_ms(20_000)).unwrap();
        if expected == "held" {
            let stats = replay.stats();
            assert_eq!((&stats["recorded"]["events"], &stats["held"]["events"]), (&205.into(), &205.into()));
            assert_eq!(server.get("/api/sessions"), "[]");
            replay.capture_now("now").unwrap();
            replay.flush(within_ms(20_000)).unwrap();
            assert_eq!(arrived(&server), (events, vec!["now".to_owned()]));
        } else {
            events.insert(0, wire_form(&lost));
            assert_eq!(arrived(&server), (events, vec![]));
        }
        let stats = replay.stats();
        let sum = |path: &[&str]| path.iter().fold(&stats, |at, key| &at[*key]).as_u64().unwrap();
        assert_eq!(
            sum(&["recorded", "events"]),
            sum(&["delivered"]) + sum(&["dropped", "notTriggered"]) + sum(&["held", "events"])
        );
    }
}

#[test]
fn what_is_held_is_bounded_by_half_the_room_with_and_without_a_disk() {
    for on_disk in [true, false] {
        let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
        let mut options =
            held(json!({ "storageLimitBytes": 6_000_000, "sessionId": SESSION.parse::<u64>().unwrap() }));
        if on_disk {
            options["storageDir"] = storage.path().to_str().unwrap().into();
        }
        let replay =
            SessionReplay::start("test-api-key", options_for(&server, options), Arc::default()).unwrap();
        let pad = "x".repeat(10_000);
        let mut last = String::new();
        for number in 0..2_000 {
            last = timestamped(&json!(format!("{pad}-{number}")));
            if replay.record(last.as_bytes()).unwrap() == Outcome::NeedsFullSnapshot {
                record(&replay, "asked", 0);
            }
        }
        let begin = [wire_form(&meta()), wire_form(SNAPSHOT)];
        // Of what is more than half, sr-worker lets go when it comes to it; then it may want a full snapshot again.
        wait_until("no more than half the room, and a full snapshot", || {
            // Asked first: what sr-worker discards counts until it is gone, and by then a full snapshot is wanted.
            let fits = replay.stats()["held"]["bytes"].as_u64().unwrap() < 3_000_000 + 600_000;
            let is_whole = replay.record(last.as_bytes()).unwrap() == Outcome::Done;
            if !is_whole {
                record(&replay, "asked", 0);
            }
            fits && is_whole
        });
        assert_eq!(state(&replay), "held");
        assert_eq!(replay.stats()["refused"]["bufferFull"], 0, "{on_disk}");
        replay.capture_now("full").unwrap();
        // It may have let go of the rest right before that.
        record(&replay, "asked", 0);
        replay.record(last.as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        let (events, _) = arrived(&server);
        assert_eq!(events.last(), Some(&wire_form(&last)));
        assert_eq!(events[..2], begin, "{on_disk}: it plays");
    }
}

/// A child that records until it is killed, or ends well, while the remote configuration is awaited; or held, where it is told of
/// none.
#[test]
fn child_that_awaits_the_remote_configuration() {
    let Ok(storage) = std::env::var("SR_HELD_IN") else { return };
    let config_url = std::env::var("SR_CONFIG_URL").ok();
    let awaits = config_url.is_some();
    let options = held(json!({
        "enableRemoteConfig": awaits,
        "storageDir": storage,
        "configServerUrl": config_url.unwrap_or_else(|| common::DEAD.to_owned()),
    }));
    let replay =
        SessionReplay::start("test-api-key", capture_all(common::DEAD, options), Arc::default()).unwrap();
    record(&replay, "early", 3);
    assert_eq!(state(&replay), if awaits { "waiting-for-remote-config" } else { "held" });
    if std::env::var_os("SR_ENDS_WELL").is_some() {
        let _ = replay.shut_down(0);
        return;
    }
    wait_until("the session to be persisted", || !list_below(Path::new(&storage), "json").is_empty());
    println!("told");
    loop {
        std::thread::park();
    }
}

/// Kills the child once it has told, unless it ends by itself.
fn run_until_it_has_told(mut child: std::process::Command, kills: bool) {
    let mut child = child.spawn().unwrap();
    let mut said = child.stdout.take().unwrap();
    if kills {
        let mut text = String::new();
        let mut part = [0; 1_000];
        while !text.contains("told") {
            let count = said.read(&mut part).unwrap();
            text.push_str(str::from_utf8(&part[..count]).unwrap());
        }
        child.kill().unwrap();
    }
    child.wait().unwrap();
}

/// A run that records five events of the session, and ends before it hears of a remote configuration.
fn end_while_the_configuration_is_awaited(storage: &Path, ends_well: bool) {
    // Somebody who never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = this_test("child_that_awaits_the_remote_configuration");
    child
        .env("SR_HELD_IN", storage)
        .env("SR_CONFIG_URL", format!("http://{}/", silent.local_addr().unwrap()))
        .stdout(Stdio::piped());
    if ends_well {
        child.env("SR_ENDS_WELL", "1");
    }
    run_until_it_has_told(child, !ends_well);
}

/// That the server turned capture off meanwhile counts for it; that the next start holds nothing does not.
#[test]
fn what_was_held_at_a_death_is_not_sent_where_capture_is_off_by_then() {
    for (enabled, next_on_error_rate) in [(true, 1), (true, 0), (false, 1), (false, 0)] {
        let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
        let mut child = this_test("child_that_awaits_the_remote_configuration");
        child.env("SR_HELD_IN", storage.path()).stdout(Stdio::piped());
        run_until_it_has_told(child, true);
        let sampling = json!({ "capture_enabled": enabled, "sample_rate": 0 });
        let config = json!({ "configs": { "sessionReplay": { "sr_sampling_config": sampling } } });
        server.put("/api/remote-config", &config);
        let next = start(
            &server,
            json!({ "enableRemoteConfig": true, "storageDir": storage.path(), "sessionId": 9,
                "sampleRate": 0, "onErrorSampleRate": next_on_error_rate }),
        );
        wait_until("the decision", || {
            let stats = next.stats();
            stats["adopted"] == 6
                && stats["waiting"]["events"] == 0
                && stats["state"] != "waiting-for-remote-config"
        });
        next.flush(within_ms(20_000)).unwrap();
        let stats = next.stats();
        let (sent, dropped) = if enabled { (6, 0) } else { (0, 6) };
        assert_eq!(
            (&stats["delivered"], &stats["dropped"]["notTriggered"]),
            (&sent.into(), &dropped.into()),
            "{enabled} {next_on_error_rate}"
        );
        assert_eq!(server.get("/api/sessions").contains(SESSION), enabled);
    }
}

#[test]
fn who_died_before_it_knew_whether_it_was_held_is_held_by_the_next_runs_rule() {
    for (ends_well, on_error_rate, expected) in [(false, 1, 5), (true, 1, 0), (false, 0, 0)] {
        let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
        end_while_the_configuration_is_awaited(storage.path(), ends_well);
        server.put("/api/remote-config", &sampling(0.0));
        let next = start(
            &server,
            json!({ "enableRemoteConfig": true, "storageDir": storage.path(), "sessionId": 9,
                "sampleRate": 0, "onErrorSampleRate": on_error_rate }),
        );
        wait_until("the decision", || {
            let stats = next.stats();
            stats["waiting"]["events"] == 0
                && stats["adopted"] == 5
                && stats["state"] != "waiting-for-remote-config"
        });
        next.flush(within_ms(20_000)).unwrap();
        assert_eq!(
            server.get("/api/sessions").contains(SESSION),
            expected > 0,
            "{ends_well} {on_error_rate}"
        );
        if expected > 0 {
            assert_eq!(arrived(&server).0.len(), expected);
        }
    }
}

#[test]
fn what_an_earlier_run_left_of_the_same_session_is_sent_and_nothing_of_this_run() {
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    end_while_the_configuration_is_awaited(storage.path(), false);
    server.put("/api/remote-config", &sampling(0.0));
    server.delay_remote_config();
    let next = start(&server, held(json!({ "enableRemoteConfig": true, "storageDir": storage.path() })));
    let own = record(&next, "own", 2).len();
    wait_until("the earlier run's", || next.stats()["adopted"] == 5);
    assert_eq!(state(&next), "waiting-for-remote-config");
    wait_until("the decision", || state(&next) == "held");
    next.flush(within_ms(20_000)).unwrap();
    let (events, _) = arrived(&server);
    assert_eq!(events.len(), 5);
    assert!(!events.iter().any(|event| event.contains("own")), "{events:?}");
    let stats = next.stats();
    assert_eq!((&stats["recorded"]["events"], &stats["held"]["events"]), (&own.into(), &own.into()));
    assert_eq!(stats["lastError"], Value::Null);
}

/// A console line of a page.
fn console_line(level: &str, text: &str) -> String {
    format!(
        r#"{{"type":6,"data":{{"plugin":"rrweb/console@1","payload":{{"level":"{level}","trace":[],"payload":["\"{text}\""]}}}},"timestamp":1732300000000}}"#
    )
}

#[test]
fn after_a_trigger_the_configuration_decides_what_is_taken_of_what_was_recorded_before_it_came() {
    let server = Server::start();
    let off = json!({ "configs": { "sessionReplay": {
        "sr_sampling_config": { "capture_enabled": true, "sample_rate": 0 },
        "sr_logging_config": { "console": { "enabled": false, "levels": [] }, "network": { "enabled": false } },
        "sr_interaction_config": { "enabled": false },
    } } });
    server.put("/api/remote-config", &off);
    server.delay_remote_config();
    let options = json!({
        "enableRemoteConfig": true,
        "loggingConfig": { "console": { "enabled": true, "levels": ["log", "error"] } },
        "interactionConfig": { "enabled": true },
    });
    let replay = start(&server, held(options));
    let events = record(&replay, "early", 2);
    replay.record(console_line("log", "a secret").as_bytes()).unwrap();
    let click = r##"{"type":"click","timestamp":1732300000000,"viewportWidth":10,"viewportHeight":10,"pageUrl":"http://x/","x":1,"y":2,"selector":"#a"}"##;
    assert_eq!(replay.record_interaction(click).unwrap(), Outcome::Done);
    wait_until("the decision", || state(&replay) == "held");
    replay.capture_now("now").unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(arrived(&server), (events, vec!["now".to_owned()]));
    assert_eq!(replay.stats()["dropped"]["notCaptured"], 2, "the line and the click");
}

/// As rrweb does: its full snapshot comes a while after its Meta event.
#[test]
fn another_full_snapshot_is_wanted_however_long_the_last_one_came_after_its_meta_event() {
    let server = Server::start();
    let replay = start(&server, held(json!({ "onErrorWindowMs": 10_000 })));
    replay.record(meta().as_bytes()).unwrap();
    // sr-worker looks meanwhile.
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(replay.record(SNAPSHOT.as_bytes()).unwrap(), Outcome::Done);
    wait_until("half the window has passed", || {
        replay.record(timestamped(&json!("a move")).as_bytes()).unwrap() == Outcome::NeedsFullSnapshot
    });
}
