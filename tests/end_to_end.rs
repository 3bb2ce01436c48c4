//! From a recorded event to what the server holds: the Rust API against the real viewer on loopback.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use common::{SNAPSHOT, Server, options, options_for, recording, start, timestamped, wire_form, within_ms};
use serde_json::{Value, json};
use session_replay::{Log, Options, Outcome, SessionId, SessionReplay};

const SESSION: i64 = 1_732_300_000_000;

#[test]
fn every_recording_arrives_as_it_was_recorded() {
    for name in ["form-unicode", "live-table", "rich-text", "big-document"] {
        let server = Server::start();
        let replay = start(&server, json!({}));
        let events = recording(name);
        for event in &events {
            replay.record(event.as_bytes()).unwrap();
        }
        replay.flush(within_ms(20_000)).unwrap();
        let arrived = server.events("device-1", &SESSION.to_string());
        let expected: Vec<String> = events.iter().map(|event| wire_form(event)).collect();
        assert!(
            arrived == expected,
            "{name}: {} events arrived, {} were recorded",
            arrived.len(),
            expected.len()
        );
        let stats = replay.stats();
        assert_eq!(stats["recorded"]["events"], events.len());
        assert_eq!(stats["delivered"], events.len());
        assert_eq!(stats["waiting"]["events"], 0);
        replay.shut_down(within_ms(5_000)).unwrap();
    }
}

#[test]
fn threads_and_rollovers_lose_nothing_and_mix_nothing_up() {
    const THREADS: usize = 6;
    const SESSIONS: usize = 60;
    let server = Server::start();
    let replay =
        start(&server, json!({ "flushIntervalConfig": { "minIntervalMs": 10, "maxIntervalMs": 20 } }));
    let over = AtomicBool::new(false);
    let (current, announced, recorded) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    // What each thread knows for certain about each of its events: it began not before the session `from` was
    // current, and had returned before any after `to` was.
    let known: Vec<Vec<(usize, usize)>> = std::thread::scope(|scope| {
        let (replay, over, current, announced, recorded) = (&replay, &over, &current, &announced, &recorded);
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let mut bounds = Vec::new();
                    while !over.load(Ordering::SeqCst) {
                        let from = current.load(Ordering::SeqCst);
                        let event = timestamped(&json!({ "thread": thread, "number": bounds.len() }));
                        replay.record(event.as_bytes()).unwrap();
                        let to = announced.load(Ordering::SeqCst);
                        bounds.push((from, to));
                        // Roll-overs, not volume, are what is tried here.
                        if bounds.len().is_multiple_of(50) {
                            recorded.fetch_add(50, Ordering::Relaxed);
                            std::thread::yield_now();
                        }
                    }
                    bounds
                })
            })
            .collect();
        for session in 1..SESSIONS {
            // The threads have something to do in each, however slow the machine is.
            while recorded.load(Ordering::Relaxed) < 200 * session {
                std::thread::yield_now();
            }
            std::thread::sleep(std::time::Duration::from_millis(3));
            announced.store(session, Ordering::SeqCst);
            replay.set_session_id(SessionId::from_millis(SESSION + session as i64).unwrap());
            current.store(session, Ordering::SeqCst);
        }
        over.store(true, Ordering::SeqCst);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    replay.shut_down(within_ms(60_000)).unwrap();

    let mut next = vec![0; THREADS];
    for session in 0..SESSIONS {
        for event in server.events("device-1", &(SESSION + session as i64).to_string()) {
            let data = serde_json::from_str::<Value>(&event).unwrap()["data"]["payload"].clone();
            let thread = data["thread"].as_u64().unwrap() as usize;
            let number = data["number"].as_u64().unwrap() as usize;
            assert_eq!(number, next[thread], "exactly once and in order");
            next[thread] += 1;
            let (from, to) = known[thread][number];
            assert!((from..=to).contains(&session), "event {number} belongs to {from}..={to}, not {session}");
        }
    }
    let recorded: Vec<usize> = known.iter().map(Vec::len).collect();
    assert_eq!(next, recorded);
}

#[test]
fn what_is_no_event_is_dropped_and_counted_and_harms_nothing() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let good: Vec<String> = (0..5).map(|n| timestamped(&json!(n))).collect();
    for event in &good {
        replay.record(event.as_bytes()).unwrap();
        // These look like objects, so the worker finds out.
        for bad in [
            "{}",
            "{\"type\":3}",
            "{nonsense}",
            "{\"type\":\"3\",\"timestamp\":1}",
            // A player throws on these.
            "{\"type\":3,\"timestamp\":1}",
            "{\"type\":3,\"timestamp\":1,\"data\":{\"source\":1}}",
            "{\"type\":2,\"timestamp\":1,\"data\":{}}",
            "{\"type\":4,\"timestamp\":1,\"data\":{\"width\":1}}",
        ] {
            replay.record(bad.as_bytes()).unwrap();
        }
        replay.record(b"{\"type\":1,\"timestamp\":1,\"unsent\":\"\xff\"}").unwrap();
        // These don't.
        for bad in ["", "null", "[]", "{\"type\":3", " "] {
            assert!(replay.record(bad.as_bytes()).is_err(), "{bad}");
        }
    }
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", &SESSION.to_string()), good);
    let stats = replay.stats();
    assert_eq!(stats["dropped"]["invalidEvent"], 45);
    assert_eq!(stats["refused"]["invalidEvent"], 25);
    assert_eq!(stats["recorded"]["events"], 50);
    assert_eq!(stats["delivered"], 5);
    let told = stats["lastError"]["message"].as_str().unwrap();
    assert!(told.contains("dropped an invalid event"), "{told}");
    assert!(!told.contains("unsent"), "what an event holds is nobody's business but the server's: {told}");
}

#[test]
fn validate_on_record_finds_it_at_once() {
    let server = Server::start();
    let replay = start(&server, json!({ "validateOnRecord": true }));
    let error = replay.record(br#"{"type":3,"timestamp":1,"data":[1,}"#).unwrap_err().to_string();
    assert!(error.contains("column 35"), "{error}");
    assert!(replay.record(br#"{"type":3}"#).unwrap_err().to_string().contains("timestamp"));
    let error = replay.record(br#"{"type":3,"timestamp":1,"data":{}}"#).unwrap_err().to_string();
    assert_eq!(error, "the event is not one that a player can play: \"data.source\" must be a number");
    assert!(replay.record(b"{\"type\":1,\"timestamp\":1,\"unsent\":\"\xff\"}").is_err());
    assert_eq!(replay.stats()["refused"]["invalidEvent"], 4);
    assert!(replay.record(timestamped(&json!(1)).as_bytes()).is_ok());
}

#[test]
fn what_json_allows_arrives_byte_for_byte() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let deep = format!("{}{}", "{\"childNodes\":[".repeat(20_000), "]}".repeat(20_000));
    let events = [
        format!(r#"{{"type":2,"timestamp":1,"data":{{"node":{deep}}}}}"#),
        r#"{"type":5,"timestamp":1732300000000.125,"data":{"tag":"\ud83d \udc00 \u0000"}}"#.to_owned(),
        r#"{"type":3,"timestamp":1e3,"delay":-0.0,"data":{"source":99,"a":[1e999,0.1000,12345678901234567890123]}}"#
            .to_owned(),
        "{\"type\":5,\"timestamp\":2,\"data\":{ \"a\" :\n 1 }}".to_owned(),
    ];
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    replay.record(b"\n { \"data\" : 1 , \"timestamp\":3,\"x\":{},\"type\" : 1 }\t").unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    let arrived = server.events("device-1", &SESSION.to_string());
    assert_eq!(arrived[..4], events);
    assert_eq!(arrived[4], r#"{"type":1,"timestamp":3,"data":1}"#);
}

#[test]
fn batches_keep_to_their_bounds() {
    let server = Server::start();
    let replay =
        start(&server, json!({ "maxPersistedEventsSizeBytes": 10_000, "maxSingleEventSizeBytes": 50_000 }));
    let events: Vec<String> = (0..200).map(|n| timestamped(&json!("x".repeat(n * 5)))).collect();
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    let large = timestamped(&json!("y".repeat(40_000)));
    replay.record(large.as_bytes()).unwrap();
    let too_large = timestamped(&json!("z".repeat(60_000)));
    assert!(replay.record(too_large.as_bytes()).unwrap_err().to_string().contains("maxSingleEventSizeBytes"));
    replay.flush(within_ms(20_000)).unwrap();
    let sequences = server.sequences("device-1", &SESSION.to_string());
    let all: Vec<&String> = sequences.iter().flatten().collect();
    assert_eq!(all, events.iter().chain([&large]).collect::<Vec<_>>());
    for (at, sequence) in sequences.iter().enumerate() {
        let bytes: usize = sequence.iter().map(String::len).sum();
        assert!(bytes <= 10_000 || sequence.len() == 1, "sequence {at} has {bytes} bytes");
    }
    // None was closed before the next event would have passed the bound.
    for pair in sequences.windows(2) {
        let bytes: usize = pair[0].iter().chain(pair[1].first()).map(String::len).sum();
        assert!(bytes > 10_000);
    }
}

#[test]
fn a_batch_is_closed_when_its_interval_has_passed() {
    let server = Server::start();
    let replay =
        start(&server, json!({ "flushIntervalConfig": { "minIntervalMs": 50, "maxIntervalMs": 100 } }));
    for number in 0..3 {
        replay.record(timestamped(&json!(number)).as_bytes()).unwrap();
        server.wait_for_events("device-1", &SESSION.to_string(), number + 1);
    }
    assert_eq!(server.sequences("device-1", &SESSION.to_string()).len(), 3);
}

#[test]
fn asks_for_a_full_snapshot_until_there_is_one() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let record = |json: &str| replay.record(json.as_bytes()).unwrap();
    let event = timestamped(&json!(1));
    assert_eq!(record(&event), Outcome::NeedsFullSnapshot);
    let meta = r#"{"type":4,"timestamp":1,"data":{"href":"http://x/","width":800,"height":600}}"#;
    assert_eq!(record(meta), Outcome::Done, "a Meta event announces the snapshot");
    assert_eq!(record(r#"{"data":{"node":{"type":3}},"timestamp":1,"type":2}"#), Outcome::Done);
    assert_eq!(record(&event), Outcome::Done);
    let session = SessionId::from_millis(SESSION).unwrap();
    assert_eq!(replay.set_session_id(session), Outcome::Done, "the id as before");
    let next = SessionId::from_text("another").unwrap();
    assert_eq!(replay.set_session_id(next), Outcome::NeedsFullSnapshot);
    assert_eq!(record(&event), Outcome::NeedsFullSnapshot);
}

#[test]
fn the_properties_say_whether_the_session_is_captured() {
    let server = Server::start();
    let replay = start(&server, json!({ "debugMode": true, "sampleRate": 0.5 }));
    // By the browser SDK's own vectors: 1732300000000 is in half of all sessions, 1761245063000 is not.
    assert_eq!(
        Value::Object(replay.session_replay_properties()),
        json!({
            "[Amplitude] Session Replay ID": format!("device-1/{SESSION}"),
            "[Amplitude] Session Replay Debug": "{\"appHash\":\"965174769\"}",
        })
    );
    let outside = SessionId::from_millis(1_761_245_063_000).unwrap();
    assert_eq!(replay.set_session_id(outside), Outcome::NotCaptured);
    assert!(replay.session_replay_properties().is_empty());
    assert_eq!(replay.record(timestamped(&json!(1)).as_bytes()).unwrap(), Outcome::NotCaptured);
    assert_eq!(replay.stats()["state"], "not-in-sample");
    replay.flush(within_ms(5_000)).unwrap();
    assert!(server.events("device-1", "1761245063000").is_empty());
}

#[test]
fn opting_out_stops_and_opting_in_begins_anew() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let snapshot = SNAPSHOT;
    replay.record(snapshot.as_bytes()).unwrap();
    assert_eq!(replay.set_opt_out(true).unwrap(), Outcome::NotCaptured);
    assert_eq!(replay.record(timestamped(&json!("secret")).as_bytes()).unwrap(), Outcome::NotCaptured);
    assert_eq!(replay.stats()["state"], "opted-out");
    assert_eq!(replay.set_opt_out(false).unwrap(), Outcome::NeedsFullSnapshot);
    replay.record(snapshot.as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", &SESSION.to_string()), [snapshot, snapshot]);
}

#[test]
fn nothing_is_captured_until_both_ids_are_known() {
    let server = Server::start();
    let replay = start(&server, json!({ "deviceId": null, "sessionId": null }));
    let event = timestamped(&json!(1));
    assert_eq!(replay.record(event.as_bytes()).unwrap(), Outcome::NotCaptured);
    assert_eq!(replay.stats()["state"], "no-device-id");
    assert_eq!(replay.session_replay_id(), None);
    replay.set_device_id(session_replay::DeviceId::from_text("d").unwrap());
    assert_eq!(replay.stats()["state"], "no-session-id");
    let session = SessionId::from_text("s").unwrap();
    assert_eq!(replay.set_session_id(session), Outcome::NeedsFullSnapshot);
    replay.record(event.as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("d", "s"), [event]);
}

#[test]
fn another_device_begins_another_replay() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let (one, two) = (timestamped(&json!(1)), timestamped(&json!(2)));
    replay.record(one.as_bytes()).unwrap();
    let device = session_replay::DeviceId::from_text("device-2").unwrap();
    assert_eq!(replay.set_device_id(device), Outcome::NeedsFullSnapshot);
    replay.record(two.as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", &SESSION.to_string()), [one]);
    assert_eq!(server.events("device-2", &SESSION.to_string()), [two]);
}

#[test]
fn a_silence_longer_than_the_session_timeout_begins_another_session() {
    let server = Server::start();
    let replay = start(&server, json!({ "sessionId": null, "sessionTimeoutMs": 1_000 }));
    let (one, two) = (timestamped(&json!(1)), timestamped(&json!(2)));
    assert_eq!(replay.session_id(), None);
    assert_eq!(replay.stats()["state"], "waiting-for-event");
    assert!(replay.session_replay_properties().is_empty());
    replay.record(one.as_bytes()).unwrap();
    let first = replay.session_id().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    replay.record(two.as_bytes()).unwrap();
    let second = replay.session_id().unwrap();
    assert!(second.as_millis() > first.as_millis());
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", first.as_str()), [one]);
    assert_eq!(server.events("device-1", second.as_str()), [two]);
}

#[test]
fn a_log_callback_that_sleeps_keeps_no_event_from_being_sent() {
    let server = Server::start();
    let log = Arc::new(Log::default());
    let (begun, begins) = std::sync::mpsc::channel();
    log.set_sink(Some(Arc::new(move |_, line: &str| {
        if line.starts_with("session ") {
            begun.send(()).unwrap();
            // As a bounded channel does, or a lock: it takes the next wake-up of its thread.
            std::thread::park_timeout(std::time::Duration::from_secs(5));
        }
    })));
    let options = json!({ "logLevel": "debug" });
    let replay = SessionReplay::start("test-api-key", options_for(&server, options), log).unwrap();
    replay.set_session_id(SessionId::from_millis(5).unwrap());
    begins.recv().unwrap();
    let event = timestamped(&json!(1));
    replay.record(event.as_bytes()).unwrap();
    server.wait_for_events("device-1", "5", 1);
    assert_eq!(server.events("device-1", "5"), [event]);
}

#[test]
fn ending_in_no_time_is_no_failure_where_nothing_was_recorded() {
    let server = Server::start();
    for _ in 0..20 {
        let replay = start(&server, json!({}));
        for session in 1..5 {
            replay.set_session_id(SessionId::from_millis(session).unwrap());
        }
        assert_eq!(replay.shut_down(0), Ok(()));
    }
}

#[test]
fn a_session_is_counted_once_however_often_it_is_opted_out_of() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    for opted_out in [true, false, true, false] {
        replay.set_opt_out(opted_out).unwrap();
    }
    assert_eq!(replay.stats()["sessions"], 1);
    replay.set_session_id(SessionId::from_millis(5).unwrap());
    assert_eq!(replay.stats()["sessions"], 2);
}

#[test]
fn a_silence_ends_a_session_that_is_not_in_the_sample_too() {
    let server = Server::start();
    let replay = start(&server, json!({ "sessionId": null, "sessionTimeoutMs": 4_000, "sampleRate": 0 }));
    assert_eq!(replay.stats()["state"], "waiting-for-event");
    let event = timestamped(&json!(1));
    assert_eq!(replay.record(event.as_bytes()), Ok(Outcome::NotCaptured));
    assert_eq!(replay.stats()["state"], "not-in-sample");
    let first = replay.session_id().unwrap();
    assert_eq!(replay.record(event.as_bytes()), Ok(Outcome::NotCaptured));
    assert_eq!(replay.session_id().unwrap(), first);
    std::thread::sleep(std::time::Duration::from_millis(4_100));
    assert_eq!(replay.record(event.as_bytes()), Ok(Outcome::NotCaptured));
    assert!(replay.session_id().unwrap().as_millis() > first.as_millis(), "another draw of the lot");
}

#[test]
fn a_session_shorter_than_the_minimum_is_not_sent() {
    let server = Server::start();
    let replay = start(&server, json!({ "minSessionDurationMs": 3_000 }));
    let (short, long) = (timestamped(&json!("short")), timestamped(&json!("long")));
    replay.record(short.as_bytes()).unwrap();
    replay.set_session_id(SessionId::from_text("long").unwrap());
    replay.record(long.as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", "long"), [long]);
    assert!(server.events("device-1", &SESSION.to_string()).is_empty());
    assert_eq!(replay.stats()["dropped"]["sessionTooShort"], 1);
}

#[test]
fn options_reach_the_request() {
    let server = Server::start();
    let replay = start(
        &server,
        json!({ "library": { "type": "segment", "version": "9.8.7" }, "clientUrl": "app://shop/ü", "sampleRate": 0.83 }),
    );
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    let session = server.session("device-1", &SESSION.to_string());
    let said = session.to_string();
    for expected in ["segment/9.8.7", "app://shop/%C3%BC", "0.83"] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
}

#[test]
fn without_compression_the_body_is_plain() {
    let server = Server::start();
    let replay = start(&server, json!({ "enableTransportCompression": false }));
    let event = timestamped(&json!("x".repeat(1_000)));
    replay.record(event.as_bytes()).unwrap();
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", &SESSION.to_string()), [event]);
    let stats = replay.stats();
    assert_eq!(stats["bytes"]["beforeGzip"], stats["bytes"]["onTheWire"]);
}

#[test]
fn the_api_key_and_the_options_are_checked() {
    let log = || std::sync::Arc::<session_replay::Log>::default();
    let error =
        session_replay::SessionReplay::start("", Options::default(), log()).err().unwrap().to_string();
    assert!(error.contains("API key is empty"), "{error}");
    assert!(options(&json!({ "sampleRate": 2 })).is_err());
}
