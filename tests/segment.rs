//! Segment's events, as its own libraries make them: which session they begin, and what they carry afterwards.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{Server, options_for, start, timestamped, wait_until, within_ms};
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
    const LATER: i64 = 1_732_300_600_000;
    const AS_TEXT: i64 = 1_732_301_200_000;
    const LAST: i64 = 1_732_301_800_000;
    // The session that is current then, and the one whose replay the event names.
    let expected = [
        ("Order Completed", SESSION, Some(SESSION)),
        ("No integrations", SESSION, Some(SESSION)),
        ("Later session", LATER, Some(LATER)),
        ("Older session", LATER, None),
        ("As text", AS_TEXT, Some(AS_TEXT)),
        ("Not a number", AS_TEXT, Some(AS_TEXT)),
        ("Switched off", AS_TEXT, Some(AS_TEXT)),
        ("All off", AS_TEXT, Some(AS_TEXT)),
        ("Has its own replay id", AS_TEXT, Some(AS_TEXT)),
        ("Classic cloud", AS_TEXT, Some(AS_TEXT)),
        ("Home", AS_TEXT, Some(AS_TEXT)),
        ("Settings", AS_TEXT, Some(AS_TEXT)),
        ("identify", LAST, Some(LAST)),
        ("group", LAST, Some(LAST)),
        ("alias", LAST, Some(LAST)),
        ("After identify", LAST, Some(LAST)),
    ];
    let events = browser_events();
    assert_eq!(events.len(), expected.len());
    for (before, (name, session, named)) in events.iter().zip(expected) {
        let after = process(&replay, before);
        assert_eq!(millis(&replay), session, "{name}");
        let kind = before["type"].as_str().unwrap();
        let mut same = before.clone();
        let own = before["properties"].get(ID).cloned();
        let id = own.or(named.map(|session| format!("{device}/{session}").into()));
        if let (Some(id), "track" | "page" | "screen") = (id, kind) {
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
        if let (Some(device), "track" | "page" | "screen") =
            (before["anonymousId"].as_str(), before["type"].as_str().unwrap())
        {
            same["properties"][ID] = format!("{device}/{session}").into();
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
    replay.flush(within_ms(10_000)).unwrap();
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
        let named = threads.into_iter().flat_map(|thread| thread.join().unwrap());
        named.filter(|id| id != "null").collect()
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
    first.shut_down(within_ms(5_000)).unwrap();
    let second = start_empty(&server, more);
    event["integrations"] = json!({});
    assert_eq!(process(&second, &event)["properties"][ID], format!("anon-1/{}", SESSION + 5));
    event["integrations"] = actions(SESSION)["integrations"].clone();
    assert_eq!(process(&second, &event)["properties"], Value::Null, "late, and of another run");
    event["integrations"] = actions(SESSION + 5)["integrations"].clone();
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
    for (now, expected) in [
        (-1, 0),
        (SESSION, SESSION),
        (SESSION + 7, SESSION + 7),
        (SESSION, SESSION + 7),
        (SESSION - 1, SESSION + 7),
    ] {
        current.store(now, Ordering::Relaxed);
        let after = process(&replay, &json!({ "type": "track" }));
        assert_eq!(millis(&replay), expected);
        let id = if now < SESSION { Value::Null } else { format!("device-1/{now}").into() };
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
            json!({ "sessionId": null, "deviceId": device, "sampleRate": rate, "sessionTimeoutMs": 4_000,
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
        std::thread::sleep(std::time::Duration::from_millis(4_100));
        let second = sent(&replay, "track");
        assert!(second > first);
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        assert_eq!(sent(&replay, "alias"), second);
        replay.shut_down(within_ms(10_000)).unwrap();
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
    replay.shut_down(within_ms(1_000)).unwrap();
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
    replay.flush(within_ms(20_000)).unwrap();
    for session in [SESSION, SESSION + 1, SESSION + 2] {
        wait_until("what waited", || {
            server.events("device-1", &session.to_string()) == [timestamped(&json!(session))]
        });
    }
}

/// An event of this device in this session, as far as it tells them.
fn event_of(device: Value, session: Value) -> Value {
    json!({ "type": "track", "event": "e", "anonymousId": device,
        "integrations": { "Actions Amplitude": { "session_id": session } } })
}

#[test]
fn an_event_is_given_the_replay_that_it_tells_or_none_whatever_other_threads_send() {
    for mode in ["actions", "classic-device", "classic-cloud"] {
        let server = Server::start();
        let replay =
            start(&server, json!({ "deviceId": null, "sessionId": SESSION, "segment": { "mode": mode } }));
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (replay, device) = (&replay, if thread == 7 { "two" } else { "one" });
                scope.spawn(move || {
                    let event = json!({ "type": "track", "anonymousId": device });
                    for _ in 0..3_000 {
                        let id = process(replay, &event)["properties"][ID].clone();
                        assert_eq!(id, format!("{device}/{SESSION}"), "{mode}");
                    }
                });
            }
        });
        // Devices do not take turns: the second took the place of the first, once.
        assert!(replay.stats()["sessions"].as_u64().unwrap() <= 2, "{mode}");
    }
}

#[test]
fn each_of_many_devices_and_sessions_is_given_its_own_replay_or_none() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    std::thread::scope(|scope| {
        for thread in 0..6_i64 {
            let replay = &replay;
            scope.spawn(move || {
                for n in 0..1_000 {
                    let (device, session) =
                        (format!("device-{}", thread % 3), SESSION + (n * 7 + thread) % 101);
                    let after = process(replay, &event_of(json!(device), json!(session)));
                    let id = &after["properties"][ID];
                    assert!(id.is_null() || *id == format!("{device}/{session}"), "{id}");
                }
            });
        }
    });
    assert_eq!(millis(&replay), SESSION + 100);
}

#[test]
fn an_event_whose_device_can_not_be_used_names_no_replay() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    let id = |event: &Value| process(&replay, event)["properties"][ID].clone();
    assert_eq!(id(&event_of(json!("one"), json!(SESSION))), format!("one/{SESSION}"));
    let not_usable =
        [json!(null), json!(""), json!("a/b"), json!("ü"), json!("x".repeat(600)), json!(7), json!({})];
    for device in not_usable {
        assert_eq!(id(&event_of(device.clone(), json!(SESSION))), Value::Null, "{device}");
        let context = json!({ "device": { "id": device } });
        let event = json!({ "type": "track", "anonymousId": "one", "context": context });
        let expected = if device.is_null() { format!("one/{SESSION}").into() } else { Value::Null };
        assert_eq!(id(&event), expected, "as context.device.id: {device}");
    }
    assert_eq!(id(&json!({ "type": "track", "userId": "u" })), Value::Null);
    assert_eq!(id(&event_of(json!("one"), json!(SESSION))), format!("one/{SESSION}"), "nothing changed");
    replay.set_device_id(DeviceId::from_text("given").unwrap());
    assert_eq!(id(&json!({ "type": "track", "userId": "u" })), format!("given/{SESSION}"), "the host knows");
}

#[test]
fn the_device_is_the_one_that_segment_sends_as_amplitudes() {
    let server = Server::start();
    for mode in ["actions", "classic-cloud"] {
        let replay =
            start(&server, json!({ "deviceId": null, "sessionId": SESSION, "segment": { "mode": mode } }));
        for (context, device) in [
            (json!({ "device": { "id": "phone" } }), "phone"),
            (json!({ "device": { "type": "ios" } }), "anonymous"),
            (json!({ "device": null }), "anonymous"),
            (json!([]), "anonymous"),
            (json!({ "device": { "id": "phone" } }), "phone"),
        ] {
            let event =
                json!({ "type": "screen", "name": "Home", "anonymousId": "anonymous", "context": context });
            assert_eq!(
                process(&replay, &event)["properties"][ID],
                format!("{device}/{SESSION}"),
                "{context}"
            );
        }
    }
}

#[test]
fn an_event_of_a_session_names_no_replay_of_the_hosts_own_kind() {
    let server = Server::start();
    let replay = start_empty(&server, json!({ "sessionId": "a-text" }));
    let told = process(&replay, &event_of(json!("one"), json!(SESSION)));
    assert_eq!(told["properties"][ID], Value::Null, "its session is another");
    assert_eq!(replay.session_id().unwrap().as_str(), "a-text", "which gives way to none");
    let untold = process(&replay, &json!({ "type": "track", "anonymousId": "one" }));
    assert_eq!(untold["properties"][ID], "one/a-text");
}

#[test]
fn a_late_event_names_its_own_replay_or_none_and_changes_nothing() {
    let server = Server::start();
    let replay = start_empty(&server, json!({}));
    let id = |device: &str, session: i64| {
        process(&replay, &event_of(json!(device), json!(session)))["properties"][ID].clone()
    };
    assert_eq!(id("one", SESSION), format!("one/{SESSION}"));
    assert_eq!(id("two", SESSION + 5), format!("two/{}", SESSION + 5));
    let current = || replay.session_replay_id().unwrap().to_string();
    for (device, session, expected) in [
        ("one", SESSION, format!("one/{SESSION}").into()),
        ("two", SESSION, Value::Null),
        ("three", SESSION, Value::Null),
        ("one", SESSION + 4, Value::Null),
        // The same session, but that of the device before: it was never captured for it.
        ("one", SESSION + 5, Value::Null),
        ("two", SESSION + 5, format!("two/{}", SESSION + 5).into()),
    ] {
        assert_eq!(id(device, session), expected, "{device}/{session}");
        assert_eq!(current(), format!("two/{}", SESSION + 5), "after {device}/{session}");
    }
    let without_session = json!({ "type": "track", "anonymousId": "one" });
    assert_eq!(process(&replay, &without_session)["properties"], Value::Null);
    assert_eq!(current(), format!("two/{}", SESSION + 5));
    // A later session of the first device is its own.
    assert_eq!(id("one", SESSION + 6), format!("one/{}", SESSION + 6));
    replay.set_opt_out(true).unwrap();
    assert_eq!(id("one", SESSION), Value::Null, "not while the user does not want it");
}

#[test]
fn in_cloud_mode_an_event_of_another_session_names_no_replay() {
    let server = Server::start();
    let more = json!({ "sessionId": SESSION, "segment": { "mode": "classic-cloud" } });
    let replay = start(&server, more);
    for (session, expected) in [
        (json!(SESSION), format!("device-1/{SESSION}").into()),
        (json!(SESSION + 1), Value::Null),
        (json!(SESSION - 1), Value::Null),
        (json!("soon"), format!("device-1/{SESSION}").into()),
        (json!(null), format!("device-1/{SESSION}").into()),
    ] {
        let event = json!({ "type": "track", "integrations": { "Amplitude": { "session_id": session } } });
        assert_eq!(process(&replay, &event)["properties"][ID], expected, "{session}");
        assert_eq!(millis(&replay), SESSION);
    }
}

#[test]
fn in_device_mode_the_device_is_the_analytics_own() {
    let server = Server::start();
    let more = json!({ "deviceId": null, "sessionId": null, "segment": { "mode": "classic-device" } });
    let replay = start(&server, more);
    let current = Arc::new(std::sync::Mutex::new(Some("amplitude-1".to_owned())));
    let told = current.clone();
    replay.set_session_getter(Some(Box::new(|| SESSION))).unwrap();
    replay.set_device_getter(Some(Box::new(move || told.lock().unwrap().clone()))).unwrap();
    let id = || {
        let context = json!({ "device": { "id": "no" } });
        let event = json!({ "type": "track", "anonymousId": "segment's", "context": context });
        process(&replay, &event)["properties"][ID].clone()
    };
    assert_eq!(id(), format!("amplitude-1/{SESSION}"));
    for (device, expected) in [
        // amplitude-js: regenerateDeviceId()
        (Some("amplitude-2"), format!("amplitude-2/{SESSION}").into()),
        (None, Value::Null),
        (Some(""), Value::Null),
        (Some("a/b"), Value::Null),
        (Some("amplitude-3"), format!("amplitude-3/{SESSION}").into()),
    ] {
        *current.lock().unwrap() = device.map(str::to_owned);
        assert_eq!(id(), expected, "{device:?}");
    }
    replay.set_device_id(DeviceId::from_text("given").unwrap());
    assert_eq!(id(), format!("given/{SESSION}"));
}

#[test]
fn who_knows_better_than_the_event_says_so() {
    let server = Server::start();
    for mode in ["actions", "classic-device", "classic-cloud"] {
        let more = json!({ "deviceId": null, "sessionId": null, "segment": { "mode": mode } });
        let replay = start(&server, more);
        let event = event_of(json!("no"), json!(SESSION + 99)).to_string();
        let id = |session: i64, device: Option<&str>| {
            let after = replay.process_segment_event_for(&event, session, device).unwrap();
            serde_json::from_str::<Value>(&after).unwrap()["properties"][ID].clone()
        };
        assert_eq!(id(SESSION, Some("one")), format!("one/{SESSION}"), "{mode}");
        assert_eq!(id(0, Some("one")), format!("one/{SESSION}"));
        assert_eq!(id(-1, None), Value::Null);
        assert_eq!(id(SESSION + 1, Some("two")), format!("two/{}", SESSION + 1));
        assert_eq!(id(SESSION, Some("one")), format!("one/{SESSION}"));
        assert_eq!(id(i64::MAX, Some("two")), format!("two/{}", SESSION + 1));
        assert_eq!(id(SESSION + 1, Some("a b")), Value::Null);
        assert_eq!(millis(&replay), SESSION + 1);
    }
}

#[test]
fn the_analytics_win_where_the_session_has_two_owners() {
    let server = Server::start();
    let timeout = json!({ "sessionTimeoutMs": 1_000 });
    // With the mode given, the timeout never begins a session.
    let replay = start_empty(&server, timeout);
    let nobodys = timestamped(&json!(0));
    assert_eq!(replay.record(nobodys.as_bytes()).unwrap(), Outcome::NotCaptured);
    // Without, it does until the analytics tell one: that counts although it began before.
    let replay = start(&server, json!({ "sessionId": null, "sessionTimeoutMs": 1_000 }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    assert!(millis(&replay) > SESSION);
    let after = process(&replay, &actions(SESSION));
    assert_eq!(after["properties"][ID], format!("device-1/{SESSION}"));
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    replay.record(timestamped(&json!(2)).as_bytes()).unwrap();
    assert_eq!(millis(&replay), SESSION, "no silence ends a session of the analytics");
}

/// Milliseconds since 1970 by this machine's clock.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

const DAY: i64 = 86_400_000;

#[test]
fn a_session_from_the_future_blocks_no_later_one() {
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let more = json!({ "storageDir": dir.path() });
    let (future, today) = (now() + 2_000 * DAY, now());
    let sent = |replay: &SessionReplay, session: i64| {
        let after = process(replay, &event_of(json!("one"), json!(session)));
        (after["properties"][ID].clone(), millis(replay))
    };
    let named = |session: i64| (Value::from(format!("one/{session}")), session);
    {
        let replay = start_empty(&server, more.clone());
        // In one run: the clock is right again.
        assert_eq!(sent(&replay, future), named(future));
        assert_eq!(sent(&replay, today), named(today));
        // An event of then comes late, and an id in microseconds is nobody's session.
        assert_eq!(sent(&replay, future), (format!("one/{future}").into(), today));
        assert_eq!(sent(&replay, today * 1_000), (Value::Null, today));
        assert_eq!(sent(&replay, today + 1), named(today + 1));
        replay.shut_down(within_ms(5_000)).unwrap();
    }
    {
        let replay = start_empty(&server, more.clone());
        replay.set_session_id(SessionId::from_millis(future).unwrap());
        replay.shut_down(within_ms(5_000)).unwrap();
    }
    // Across runs.
    let replay = start_empty(&server, more);
    assert_eq!(replay.session_id(), None, "one from the future is not gone on with");
    assert_eq!(sent(&replay, today - DAY), named(today - DAY));
    assert_eq!(sent(&replay, today), named(today));
}

#[test]
fn the_built_in_timeout_names_no_session_after_one_from_the_future() {
    let server = Server::start();
    let future = now() + 2_000 * DAY;
    let replay = start(&server, json!({ "sessionId": future, "sessionTimeoutMs": 1_000 }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    assert_eq!(millis(&replay), future);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    replay.record(timestamped(&json!(2)).as_bytes()).unwrap();
    assert!((now() - millis(&replay)).abs() < DAY, "{}", millis(&replay));
}

#[test]
fn bodies_without_a_type_are_known_by_their_members() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    for (body, is_tagged) in [
        (json!({ "event": "Bought" }), true),
        (json!({ "name": "Home" }), true),
        (json!({ "category": "Docs" }), true),
        (json!({ "properties": { "url": "https://example.com" } }), true),
        (json!({ "properties": null }), true),
        (json!({ "event": "Bought", "traits": {} }), true),
        (json!({ "traits": { "name": "Ann" }, "name": "n" }), false),
        (json!({ "groupId": "g", "properties": {} }), false),
        (json!({ "previousId": "p", "category": "c" }), false),
        (json!({ "userId": "u" }), false),
        (json!({ "name": 7 }), false),
        (json!({ "type": "identify", "event": "x", "properties": {} }), false),
    ] {
        let after = process(&replay, &body);
        assert_eq!(after["properties"][ID].is_string(), is_tagged, "{body}");
    }
}
