//! Segment's events, as its own libraries make them: which session they begin, and what they carry afterwards.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{Server, options_for, start, timestamped, wait_until};
use serde_json::{Value, json};
use session_replay::{DeviceId, Log, Outcome, SessionId, SessionReplay};

const ID: &str = "[Amplitude] Session Replay ID";
const DEBUG: &str = "[Amplitude] Session Replay Debug";
const SESSION: i64 = 1_732_300_000_000;

fn captured(file: &str) -> Value {
    let path = format!("{}/tests/fixtures/segment/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a source middleware of `@segment/analytics-next` saw.
fn browser_events() -> Vec<Value> {
    let seen = captured("analytics-next.json");
    seen["source_middleware_saw"].as_array().unwrap().iter().map(|seen| seen["payload_obj"].clone()).collect()
}

/// What an enrichment plugin of `@segment/analytics-node` saw.
fn node_events() -> Vec<Value> {
    captured("analytics-node.json")["enrichment_plugin_saw"].as_array().unwrap().clone()
}

fn process(replay: &SessionReplay, event: &Value) -> Value {
    serde_json::from_str(&replay.process_segment_event(&event.to_string()).unwrap()).unwrap()
}

fn actions(session: i64) -> Value {
    json!({ "type": "track", "event": "e", "integrations": { "Actions Amplitude": { "session_id": session } } })
}

fn millis(replay: &SessionReplay) -> i64 {
    replay.session_id().and_then(|id| id.as_millis()).unwrap_or(0)
}

/// Without ids of the host's own: they come with the events.
fn start_empty(server: &Server, more: Value) -> SessionReplay {
    let mut options = json!({ "deviceId": null, "sessionId": null, "segment": { "mode": "actions" } });
    for (key, value) in more.as_object().unwrap() {
        options[key] = value.clone();
    }
    start(server, options)
}

#[test]
fn the_events_of_the_browser_library_tell_the_sessions() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    let device = "c18c9b1b-b941-4469-b744-a4b2e5d7eb4b";
    let expected = [
        ("Order Completed", SESSION),
        ("No integrations", SESSION),
        ("Later session", 1_732_300_600_000),
        ("Older session", 1_732_300_600_000),
        ("As text", 1_732_301_200_000),
        ("Not a number", 1_732_301_200_000),
        ("Switched off", 1_732_301_200_000),
        ("All off", 1_732_301_200_000),
        ("Has its own replay id", 1_732_301_200_000),
        ("Classic cloud", 1_732_301_200_000),
        ("Home", 1_732_301_200_000),
        ("Settings", 1_732_301_200_000),
        ("identify", 1_732_301_800_000),
        ("group", 1_732_301_800_000),
        ("alias", 1_732_301_800_000),
        ("After identify", 1_732_301_800_000),
    ];
    let events = browser_events();
    assert_eq!(events.len(), expected.len());
    for (before, (name, session)) in events.iter().zip(expected) {
        let after = process(&replay, before);
        assert_eq!(millis(&replay), session, "{name}");
        let kind = before["type"].as_str().unwrap();
        let mut same = before.clone();
        if matches!(kind, "track" | "page" | "screen") {
            let id = match before["properties"].get(ID) {
                Some(own) => own.clone(),
                None => format!("{device}/{session}").into(),
            };
            same["properties"][ID] = id;
        }
        assert_eq!(after, same, "{name}");
    }
}

#[test]
fn the_events_of_the_node_library_tell_the_sessions() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    let expected = [SESSION, SESSION, 1_732_300_600_000, 1_732_300_600_000];
    let events = node_events();
    for (place, before) in events.iter().enumerate() {
        let after = process(&replay, before);
        let session = expected.get(place).copied().unwrap_or(1_732_300_600_000);
        let mut same = before.clone();
        if before["type"] == "track" || before["type"] == "page" || before["type"] == "screen" {
            same["properties"][ID] = format!("anon-1/{session}").into();
        }
        assert_eq!(after, same);
    }
}

#[test]
fn what_is_recorded_belongs_to_the_session_that_the_event_began() {
    let server = Server::start();
    let replay = start_empty(&server, json!({ "deviceId": "device-1" }));
    let nobody = timestamped(&json!("nobody's"));
    assert_eq!(replay.record(nobody.as_bytes()).unwrap(), Outcome::NotCaptured);
    for session in [SESSION, SESSION + 1, SESSION, SESSION + 2] {
        process(&replay, &actions(session));
        let current = millis(&replay);
        let outcome = replay.record(timestamped(&json!(current)).as_bytes()).unwrap();
        assert_eq!(outcome, Outcome::NeedsFullSnapshot);
    }
    replay.flush(10_000).unwrap();
    for (session, events) in [(SESSION, 1), (SESSION + 1, 2), (SESSION + 2, 1)] {
        let event = timestamped(&json!(session));
        assert_eq!(server.events("device-1", &session.to_string()), vec![event; events]);
    }
    assert!(server.session("device-1", &SESSION.to_string()).to_string().contains("segment/"));
}

#[test]
fn the_later_of_many_sessions_wins_whichever_thread_is_first() {
    let server = Server::start();
    let replay = start_empty(&server, json!({ "deviceId": "device-1" }));
    let seen: Vec<Vec<i64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let replay = &replay;
                scope.spawn(move || {
                    (0..100)
                        .map(|n| {
                            process(replay, &actions(SESSION + (n * 7 + thread * 13) % 101));
                            millis(replay)
                        })
                        .collect()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(seen.iter().all(|sessions| sessions.is_sorted()), "never an earlier one again");
    assert_eq!(millis(&replay), SESSION + 100);
}

#[test]
fn the_event_that_begins_a_session_names_its_replay_though_other_threads_begin_later_ones() {
    let server = Server::start();
    let replay = start_empty(&server, json!({ "deviceId": "device-1" }));
    let next = std::sync::atomic::AtomicI64::new(SESSION);
    let named: std::collections::HashSet<String> = std::thread::scope(|scope| {
        let run = || {
            let mut ids = Vec::new();
            for _ in 0..3_000 {
                let session = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                ids.push(process(&replay, &actions(session))["properties"][ID].to_string());
            }
            ids
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(json!(named.len()), replay.stats()["sessions"], "a session that began is named by its event");
}

#[test]
fn a_session_is_remembered_by_the_next_run() {
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let more = json!({ "storageDir": dir.path() });
    let first = start_empty(&server, more.clone());
    let mut event = actions(SESSION + 5);
    event["anonymousId"] = "anon-1".into();
    process(&first, &event);
    first.shut_down(5_000).unwrap();
    let second = start_empty(&server, more);
    let after = process(&second, &actions(SESSION));
    assert_eq!(after["properties"][ID], format!("anon-1/{}", SESSION + 5));
    event["anonymousId"] = "anon-2".into();
    assert_eq!(process(&second, &event)["properties"][ID], format!("anon-2/{}", SESSION + 5));
}

#[test]
fn a_device_id_of_the_hosts_own_stays() {
    let server = Server::start();
    let event = json!({ "type": "track", "anonymousId": "anon-1",
        "integrations": { "Actions Amplitude": { "session_id": SESSION } } });
    let id_in = |replay: &SessionReplay, event: &Value| process(replay, event)["properties"][ID].clone();

    let given = start_empty(&server, json!({ "deviceId": "device-1" }));
    assert_eq!(id_in(&given, &event), format!("device-1/{SESSION}"));

    let late = start_empty(&server, json!({}));
    assert_eq!(id_in(&late, &event), format!("anon-1/{SESSION}"));
    late.set_device_id(DeviceId::from_text("anon-1").unwrap());
    let mut other = event.clone();
    other["anonymousId"] = "anon-2".into();
    assert_eq!(id_in(&late, &other), format!("anon-1/{SESSION}"), "given now, though it was the same");
}

#[test]
fn what_can_be_no_device_id_changes_nothing_and_is_told() {
    let server = Server::start();
    let log = Arc::<Log>::default();
    log.take();
    let options = options_for(&server, json!({ "deviceId": null, "segment": {} }));
    let replay = SessionReplay::start("test-api-key", options, log.clone()).unwrap();
    let before = replay.stats()["sessions"].clone();
    for id in [json!("a/b"), json!("a b"), json!("x".repeat(600)), json!(""), json!(7), json!(null)] {
        process(&replay, &json!({ "type": "track", "anonymousId": id }));
    }
    process(&replay, &json!({ "integrations": { "Actions Amplitude": { "session_id": "soon" } } }));
    assert_eq!(replay.session_replay_id(), None);
    assert_eq!(replay.stats()["sessions"], before);
    let said: Vec<String> = log.take().into_iter().map(|(_, line)| line).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said[0].contains("'/' at position 1"), "{said:?}");
    assert!(said[3].contains("\"soon\""), "{said:?}");
}

#[test]
fn an_event_carries_the_properties_when_and_only_when_the_session_is_captured() {
    let server = Server::start();
    let plain = r#"{"type":"track","properties":{"a":1}}"#;
    for (more, captured) in [
        (json!({}), true),
        (json!({ "sampleRate": 0 }), false),
        (json!({ "optOut": true }), false),
        (json!({ "sessionId": null }), false),
        (json!({ "deviceId": null }), false),
    ] {
        let replay = start(&server, more.clone());
        let after = replay.process_segment_event(plain).unwrap();
        assert_eq!(&*after != plain, captured, "{more}");
        assert_eq!(replay.session_replay_properties().is_empty(), !captured, "{more}");
    }
    // While the answer of the remote configuration is awaited, nobody knows.
    server.post("/api/faults", &json!([{ "on": "config", "hang": true, "standing": true }]));
    let waiting = start(&server, json!({ "enableRemoteConfig": true }));
    assert_eq!(&*waiting.process_segment_event(plain).unwrap(), plain);
}

#[test]
fn debug_mode_adds_its_property() {
    let server = Server::start();
    let replay = start(&server, json!({ "debugMode": true }));
    let after = process(&replay, &json!({ "type": "page", "properties": { ID: "mine/1" } }));
    assert_eq!(after["properties"], json!({ ID: "mine/1", DEBUG: "{\"appHash\":\"965174769\"}" }));
}

#[test]
fn in_device_mode_the_getter_is_asked_at_each_event() {
    let server = Server::start();
    let replay = start(&server, json!({ "sessionId": null, "segment": { "mode": "classic-device" } }));
    // What the events say themselves is of no interest here.
    process(&replay, &actions(SESSION + 9));
    assert_eq!(millis(&replay), 0);
    let current = Arc::new(AtomicI64::new(-1));
    let told = current.clone();
    replay.set_session_getter(Some(Box::new(move || told.load(Ordering::Relaxed)))).unwrap();
    for (now, expected) in [(-1, 0), (SESSION, SESSION), (SESSION + 7, SESSION + 7), (SESSION, SESSION + 7)] {
        current.store(now, Ordering::Relaxed);
        let after = process(&replay, &json!({ "type": "track" }));
        assert_eq!(millis(&replay), expected);
        let id = if expected == 0 { Value::Null } else { format!("device-1/{expected}").into() };
        assert_eq!(after["properties"][ID], id);
    }
}

#[test]
fn in_cloud_mode_every_event_is_given_the_session_that_the_silence_ends() {
    let server = Server::start();
    // Not captured: the events carry the session all the same.
    for (rate, device) in [(0, "out"), (1, "in")] {
        let replay = start(
            &server,
            json!({ "sessionId": null, "deviceId": device, "sampleRate": rate, "sessionTimeoutMs": 1_000,
                    "segment": { "mode": "classic-cloud" } }),
        );
        let sent = |replay: &SessionReplay, kind: &str| {
            let after = process(replay, &json!({ "type": kind, "userId": "u" }));
            let session = after["integrations"]["Amplitude"]["session_id"].as_i64().unwrap();
            let id = after["properties"][ID].clone();
            let expected = match (rate, kind) {
                (1, "track") => format!("{device}/{session}").into(),
                _ => Value::Null,
            };
            assert_eq!(id, expected);
            session
        };
        let first = sent(&replay, "identify");
        assert_eq!(sent(&replay, "track"), first);
        assert_eq!(sent(&replay, "group"), first);
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let second = sent(&replay, "track");
        assert!(second > first);
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        assert_eq!(sent(&replay, "alias"), second);
        replay.shut_down(10_000).unwrap();
        assert_eq!(server.events(device, &second.to_string()).len(), rate);
    }
}

#[test]
fn a_session_of_the_hosts_own_kind_gives_way_to_none() {
    let server = Server::start();
    let replay = start(&server, json!({ "sessionId": "checkout-7" }));
    process(&replay, &actions(SESSION));
    assert_eq!(replay.session_id(), Some(SessionId::from_text("checkout-7").unwrap()));
}

#[test]
fn every_other_byte_survives() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let member = format!(r#""{ID}":"device-1/{SESSION}""#);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    for odd in [
        r#""\ud800 lone \udfff""#,
        "[1e999,-0.0,123456789012345678901234567890.10,1E+2]",
        r#"{"a":1,"a":2,"\ud800":null," ":0}"#,
        "\"é\u{1F600}\u{2028}\u{7f}\"",
        r#""\u0000\/""#,
        &deep,
    ] {
        let before = format!(
            "\n{{\"x\":{odd},\t\"type\":\"track\",\"properties\":{{\"y\" : {odd} }},\"context\":{odd},\"x\":0}} \r\n"
        );
        let after = replay.process_segment_event(&before).unwrap();
        assert_eq!(after.replacen(&format!(",{member}"), "", 1), before);
        assert!(after.len() > before.len());
    }
}

#[test]
fn what_is_no_event_is_refused_and_nothing_happens() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    for bad in
        ["", " ", "null", "[]", "{", "{\"type\":\"track\"", "{}{}", "\u{feff}{}", "{\"a\":\u{1}}", "{'a':1}"]
    {
        let error = replay.process_segment_event(bad).unwrap_err().to_string();
        assert!(error.contains("not a JSON object"), "{error}");
    }
    assert_eq!(replay.session_id(), None);
    replay.shut_down(1_000).unwrap();
    assert_eq!(&*replay.process_segment_event("{}").unwrap(), "{}", "also when recording has ended");
}

#[test]
fn a_session_that_an_event_began_waits_on_disk_while_the_server_is_away() {
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    server.post("/api/faults", &json!([{ "on": "track", "status": 503, "standing": true }]));
    let more = json!({ "deviceId": "device-1", "storageDir": dir.path(),
        "flushIntervalConfig": { "minIntervalMs": 10, "maxIntervalMs": 10 } });
    let replay = start_empty(&server, more);
    for session in [SESSION, SESSION + 1, SESSION + 2] {
        let after = process(&replay, &actions(session));
        assert_eq!(after["properties"][ID], format!("device-1/{session}"));
        replay.record(timestamped(&json!(session)).as_bytes()).unwrap();
    }
    server.delete("/api/faults");
    replay.flush(20_000).unwrap();
    for session in [SESSION, SESSION + 1, SESSION + 2] {
        wait_until("what waited", || {
            server.events("device-1", &session.to_string()) == [timestamped(&json!(session))]
        });
    }
}
