//! What becomes of a batch for each response of the server, and for none.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use common::{SNAPSHOT, Server, recording, start, timestamped, wait_until, wire_form, within_ms};
use serde_json::{Value, json};
use session_replay::Outcome;

const SESSION: &str = "1732300000000";

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| timestamped(&json!(number))).collect()
}

#[test]
fn a_retryable_status_is_retried() {
    for status in [407, 408, 429, 499, 500, 503] {
        let server = Server::start();
        server.post("/api/faults", &json!([{ "status": status }]));
        let replay = start(&server, json!({}));
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.events("device-1", SESSION).len(), 1, "{status}");
        assert_eq!(replay.stats()["batches"], json!({ "sent": 1, "retried": 1 }));
    }
}

#[test]
fn a_broken_connection_is_retried() {
    for cut in ["before", "after"] {
        let server = Server::start();
        server.post("/api/faults", &json!([{ "cut": cut }]));
        let replay = start(&server, json!({}));
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.events("device-1", SESSION).len(), 1, "{cut}");
    }
}

#[test]
fn a_200_whose_body_breaks_off_is_delivered() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "cut": "reply", "store": true }]));
    let replay = start(&server, json!({}));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION).len(), 1, "neither lost nor sent twice");
}

#[test]
fn an_endless_response_is_not_read_to_its_end() {
    const CLAIMED: usize = 100_000_000;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 65_536]).unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {CLAIMED}\r\n\r\n").unwrap();
        let piece = [b'x'; 65_536];
        let mut sent = 0;
        while sent < CLAIMED {
            match stream.write(&piece) {
                Ok(bytes) => sent += bytes,
                Err(_) => break,
            }
        }
        sent
    });
    let replay = start(&Server::start(), json!({ "trackServerUrl": url }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.stats()["delivered"], 1);
    let sent = server.join().unwrap();
    assert!(sent < CLAIMED / 4, "{sent} bytes were taken"); // what it read, and what the system buffers
}

#[test]
fn a_redirect_is_not_followed() {
    let (server, elsewhere) = (Server::start(), Server::start());
    let there = format!("{}/sessions/v2/track", elsewhere.url());
    server.post("/api/faults", &json!([{ "redirect": there }]));
    let replay = start(&server, json!({}));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION).len(), 1);
    assert_eq!(elsewhere.get("/api/sessions"), "[]");
    assert_eq!(replay.stats()["batches"]["retried"], 1);
}

#[test]
fn without_a_server_events_wait_and_recording_goes_on() {
    for (nowhere, said) in
        [("http://no-such-host.invalid/", "no response"), ("http://127.0.0.1:9/", "Connection refused")]
    {
        let replay = start(&Server::start(), json!({ "trackServerUrl": nowhere, "flushMaxRetries": 1 }));
        for event in numbered(3) {
            replay.record(event.as_bytes()).unwrap();
        }
        assert!(replay.flush(2_000).is_err());
        wait_until("the failure", || replay.stats()["lastError"] != Value::Null);
        let stats = replay.stats();
        assert_eq!(stats["waiting"]["events"], 3, "{nowhere}: {stats}");
        let told = stats["lastError"]["message"].as_str().unwrap();
        assert!(told.contains(said), "{told}");
        replay.record(timestamped(&json!("after")).as_bytes()).unwrap();
        assert_eq!(replay.stats()["recorded"]["events"], 4);
    }
}

#[test]
fn a_server_that_hangs_is_retried_after_the_time_out() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "hang": true }]));
    let replay = start(&server, json!({ "sendTimeoutMs": within_ms(3_000) }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION).len(), 1);
}

#[test]
fn events_wait_while_the_server_fails_and_arrive_in_order() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "status": 503, "standing": true }]));
    let replay = start(&server, json!({ "flushMaxRetries": 1 }));
    let events = numbered(30);
    for event in &events[..10] {
        replay.record(event.as_bytes()).unwrap();
    }
    let error = replay.flush(300).unwrap_err().to_string();
    assert!(error.contains("10 events were not delivered within 300 ms"), "{error}");
    for event in &events[10..] {
        replay.record(event.as_bytes()).unwrap();
    }
    assert!(replay.flush(300).is_err());
    assert_eq!(replay.stats()["waiting"]["events"], 30);
    wait_until("the refusal", || {
        replay.stats()["lastError"]["message"].as_str().is_some_and(|message| message.contains("503"))
    });
    server.delete("/api/faults");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), events);
}

#[test]
fn a_flush_that_waits_ends_with_the_recorder() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "hang": true, "standing": true }]));
    let replay = start(&server, json!({}));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    let begun = std::time::Instant::now();
    std::thread::scope(|scope| {
        let flush = scope.spawn(|| replay.flush(600_000));
        assert!(replay.shut_down(200).is_err());
        assert!(flush.join().unwrap().is_err(), "what was not delivered is not called delivered");
    });
    assert!(begun.elapsed().as_secs() < 300, "it did not wait for its own time");
    server.delete("/api/faults");
}

#[test]
fn a_413_halves_the_batch() {
    let server = Server::start();
    let refusal = json!({ "status": 413, "body": "Payload size exceeds the limit" });
    server.post("/api/faults", &json!([refusal, refusal]));
    let replay = start(&server, json!({}));
    let events = numbered(17);
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), events);
    let sizes: Vec<usize> = server.sequences("device-1", SESSION).iter().map(Vec::len).collect();
    assert_eq!(sizes[0], 4, "17 events were halved twice: {sizes:?}");
}

#[test]
fn a_413_for_a_single_event_drops_and_counts_it() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "status": 413, "body": "payload exceeded" }]));
    let replay = start(&server, json!({}));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert!(server.events("device-1", SESSION).is_empty());
    assert_eq!(replay.stats()["dropped"]["tooLargeForServer"], 1);
}

#[test]
fn a_rejected_batch_is_dropped_and_counted() {
    for status in [400, 401, 404] {
        let server = Server::start();
        server.post("/api/faults", &json!([{ "status": status }]));
        let replay = start(&server, json!({}));
        for event in numbered(3) {
            replay.record(event.as_bytes()).unwrap();
        }
        replay.flush(within_ms(20_000)).unwrap();
        let stats = replay.stats();
        assert_eq!(stats["dropped"]["rejectedByServer"], 3, "{status}");
        assert_eq!(stats["batches"]["retried"], 0);
        replay.record(timestamped(&json!("after")).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.events("device-1", SESSION).len(), 1, "what follows is sent");
    }
}

#[test]
fn a_rejected_session_is_not_captured_any_more() {
    for code in [4004, 4005] {
        let server = Server::start();
        server.post("/api/faults", &json!([{ "skip": code }]));
        let replay = start(&server, json!({}));
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        let outcome = replay.record(timestamped(&json!(2)).as_bytes()).unwrap();
        assert_eq!(outcome, session_replay::Outcome::NotCaptured, "{code}");
        assert_eq!(replay.stats()["state"], "session-ended-by-server");
        assert_eq!(replay.stats()["dropped"]["sessionEndedByServer"], 1);
        assert!(replay.session_replay_properties().is_empty());
        let next = session_replay::SessionId::from_text("next").unwrap();
        replay.set_session_id(next);
        replay.record(timestamped(&json!(3)).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.events("device-1", "next").len(), 1);
        assert!(server.events("device-1", SESSION).is_empty());
    }
}

#[test]
fn an_unknown_skip_code_changes_nothing() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "skip": 9999, "store": true }]));
    let replay = start(&server, json!({}));
    let events = numbered(2);
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
    }
    assert_eq!(server.events("device-1", SESSION), events);
}

#[test]
fn a_flush_does_not_end_a_pause_of_the_server() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "skip": 429, "store": true }]));
    let replay = start(&server, json!({}));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    replay.record(timestamped(&json!(2)).as_bytes()).unwrap();
    assert!(replay.flush(700).is_err());
    assert_eq!(server.events("device-1", SESSION).len(), 1);
    assert_eq!(replay.stats()["waiting"]["events"], 1);
}

#[test]
fn a_full_snapshot_that_the_server_did_not_keep_is_requested_again() {
    for (fault, counter) in [
        (json!({ "status": 400 }), "/dropped/rejectedByServer"),
        (json!({ "status": 413, "body": "<html>nginx" }), "/dropped/tooLargeForServer"),
        (json!({ "skip": 429 }), "/throttled"),
    ] {
        let server = Server::start();
        let replay = start(&server, json!({}));
        let record = |event: &str| replay.record(event.as_bytes()).unwrap();
        let event = timestamped(&json!(1));
        assert_eq!(record(SNAPSHOT), Outcome::Done);
        assert_eq!(record(&event), Outcome::Done);
        // Alone in its batch.
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(record(&event), Outcome::Done, "it arrived");
        replay.flush(within_ms(20_000)).unwrap();

        server.post("/api/faults", &json!([fault]));
        assert_eq!(record(SNAPSHOT), Outcome::Done);
        let _ = replay.flush(20_000);
        let stats = replay.stats();
        assert_eq!(stats.pointer(counter), Some(&json!(1)), "{fault}: {stats}");
        assert!(stats["lastError"]["message"].as_str().unwrap().contains("event"), "{fault}: {stats}");
        assert_eq!(record(&event), Outcome::NeedsFullSnapshot, "{fault}");
        assert_eq!(record(&event), Outcome::NeedsFullSnapshot, "{fault}: until there is one");
        assert_eq!(record(SNAPSHOT), Outcome::Done, "{fault}");
        assert_eq!(record(&event), Outcome::Done, "{fault}");
    }
}

#[test]
fn only_a_lost_change_of_the_page_requests_a_full_snapshot() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let record = |event: &str| replay.record(event.as_bytes()).unwrap();
    let change =
        r#"{"type":3,"timestamp":1,"data":{"source":0,"adds":[],"removes":[],"texts":[],"attributes":[]}}"#;
    record(SNAPSHOT);
    replay.flush(within_ms(20_000)).unwrap();
    let refused = |event: &str| {
        server.post("/api/faults", &json!([{ "status": 400 }]));
        record(event);
        replay.flush(within_ms(20_000)).unwrap();
        record(&timestamped(&json!(1)))
    };
    assert_eq!(refused(&timestamped(&json!(1))), Outcome::Done, "nothing builds on a custom event");
    assert_eq!(refused(change), Outcome::NeedsFullSnapshot);
}

#[test]
fn an_invalid_full_snapshot_is_requested_again() {
    let replay = start(&Server::start(), json!({}));
    let broken = r#"{"type":2,"timestamp":1,"data":{"node":null}}"#;
    assert_eq!(replay.record(broken.as_bytes()).unwrap(), Outcome::Done, "it is not looked at yet");
    replay.flush(within_ms(20_000)).unwrap();
    let event = timestamped(&json!(1));
    assert_eq!(replay.record(event.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
}

#[test]
fn a_loss_of_another_session_requests_nothing() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    server.post("/api/faults", &json!([{ "status": 400 }]));
    replay.set_session_id(session_replay::SessionId::from_text("next").unwrap());
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.stats()["dropped"]["rejectedByServer"], 1);
    assert_eq!(replay.record(timestamped(&json!(1)).as_bytes()).unwrap(), Outcome::Done);
}

#[test]
fn shutting_down_with_a_server_that_hangs_takes_no_longer_than_allowed() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "hang": true, "standing": true }]));
    let replay = start(&server, json!({ "sendTimeoutMs": 60_000 }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    let _ = replay.flush(0);
    wait_until("the request", || server.get("/api/faults").contains("\"hits\":1"));
    let began = Instant::now();
    assert!(replay.shut_down(300).is_err());
    // What is claimed is that it does not wait for the request; the bound is far from both.
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_request_is_the_browser_sdks() {
    let captured = include_str!("fixtures/wire/amplitude-session-replay-browser/normal-with-rollover.json");
    let captured: Value = serde_json::from_str(captured).unwrap();
    let theirs = captured["requests"].as_array().unwrap().iter().find(|r| r["method"] == "POST").unwrap();

    let (url, request) = common::receive_one_request();
    let replay = session_replay::SessionReplay::start(
        "test-api-key",
        common::capture_all(
            &format!("{url}/track"),
            json!({ "deviceId": "device-0001", "clientUrl": "http://127.0.0.1:PORT/" }),
        ),
        std::sync::Arc::default(),
    )
    .unwrap();
    let events = recording("form-unicode");
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    let _ = replay.flush(0);
    let ours = request.recv_timeout(Duration::from_secs(20)).unwrap();

    let query: Vec<String> = theirs["query"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| format!("{}={}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect();
    assert_eq!(ours.line, format!("POST /track?{} HTTP/1.1", query.join("&")));
    let version = env!("CARGO_PKG_VERSION");
    for (name, value) in theirs["headers"].as_object().unwrap() {
        let expected = match name.as_str() {
            "X-Client-Version" => version.to_owned(),
            "X-Client-Library" => format!("standalone/{version}"),
            "Content-Length" => ours.body.len().to_string(),
            _ => value.as_str().unwrap().to_owned(),
        };
        assert_eq!(ours.headers.get(&name.to_lowercase()), Some(&expected), "{name}");
    }
    // Besides those, only what every HTTP client says of itself.
    for name in ours.headers.keys() {
        let theirs = theirs["headers"].as_object().unwrap().keys().any(|key| key.eq_ignore_ascii_case(name));
        assert!(theirs || ["host", "user-agent"].contains(&name.as_str()), "{name}");
    }
    let wire: Vec<String> = events.iter().map(|event| wire_form(event)).collect();
    assert_eq!(ours.unpacked(), json!({ "version": 1, "events": wire }).to_string_in_order());
}

/// The body as it has to be, byte for byte: `version` first.
trait InOrder {
    fn to_string_in_order(&self) -> String;
}

impl InOrder for Value {
    fn to_string_in_order(&self) -> String {
        format!("{{\"version\":{},\"events\":{}}}", self["version"], self["events"])
    }
}
