//! Faults: asked for, they answer in the viewer's place.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use common::{Batch, META, call, faults, get, start};
use serde_json::{Value, json};

fn batch() -> Batch {
    Batch::new("d", "1", &[META])
}

fn stored(viewer: &session_replay_viewer::Viewer) -> u64 {
    let list = get(viewer, "/api/sessions");
    list[0]["sequences"].as_u64().unwrap_or(0)
}

#[test]
fn statuses_bodies_and_skip_codes() {
    let viewer = start();
    faults(
        &viewer,
        &json!([
            { "status": 500 },
            { "status": 413, "body": "Payload exceeds the maximum allowed size of 10MB" },
            { "skip": 429 },
            { "skip": "9999", "store": true },
            { "status": 204, "headers": { "retry-after": "7" } },
        ]),
    );
    let replies: Vec<_> = (0..6).map(|_| batch().send(&viewer)).collect();
    let statuses: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, [500, 413, 200, 200, 204, 200]);
    assert!(replies[1].body.starts_with(b"Payload exceeds"));
    let skips: Vec<_> = replies
        .iter()
        .map(|reply| reply.headers.get("x-session-replay-event-skipped"))
        .map(|value| value.map(|value| value.to_str().unwrap()))
        .collect();
    assert_eq!(skips, [None, None, Some("429"), Some("9999"), None, None]);
    assert_eq!(replies[4].headers["retry-after"], "7");
    // Kept are: the one that was to be kept, the plain 204, and the honest one.
    assert_eq!(stored(&viewer), 3);
    let outcomes: Vec<Value> = get(&viewer, "/api/requests")
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["outcome"].clone())
        .collect();
    assert_eq!(outcomes[..5], vec![json!("faulted"); 5][..]);
    assert_eq!(outcomes[5], "accepted");
    for fault in get(&viewer, "/api/faults").as_array().unwrap() {
        assert_eq!((&fault["hits"], &fault["remaining"]), (&json!(1), &json!(0)));
    }
}

#[test]
fn a_standing_fault_for_one_session_until_it_is_cleared() {
    let viewer = start();
    faults(&viewer, &json!({ "standing": true, "session_id": "1", "skip": 4004 }));
    for _ in 0..3 {
        let reply = batch().send(&viewer);
        assert_eq!(reply.headers["x-session-replay-event-skipped"], "4004");
        let other = Batch::new("d", "2", &[META]).send(&viewer);
        assert!(!other.headers.contains_key("x-session-replay-event-skipped"));
    }
    assert_eq!(get(&viewer, "/api/faults")[0]["hits"], 3);
    assert_eq!(call(&viewer, "DELETE", "/api/faults", "").json()["removed"], 1);
    let reply = batch().send(&viewer);
    assert!(!reply.headers.contains_key("x-session-replay-event-skipped"));
}

#[test]
fn cut_connections() {
    let viewer = start();
    faults(
        &viewer,
        &json!([
            { "cut": "before" },
            { "cut": "after", "store": true },
            { "cut": "reply", "body": "0123456789" },
            { "cut": "reply", "body_bytes": 1_000_000 },
        ]),
    );
    for _ in 0..4 {
        assert!(batch().try_send(&viewer).is_err());
    }
    assert_eq!(batch().send(&viewer).status, 200);
    // `after` was to keep it; a reply that breaks off is still a 200 on the server's side.
    assert_eq!(stored(&viewer), 4);
    let requests = get(&viewer, "/api/requests");
    let statuses: Vec<_> = requests.as_array().unwrap().iter().map(|r| &r["status"]).collect();
    assert_eq!(statuses, [&json!(null), &json!(null), &json!(200), &json!(200), &json!(200)]);
}

#[test]
fn the_half_of_a_cut_reply_arrives() {
    use std::io::{Read, Write};
    let viewer = start();
    faults(&viewer, &json!({ "cut": "reply", "status": 503, "body": "0123456789" }));
    let mut stream = std::net::TcpStream::connect(viewer.address()).unwrap();
    stream
        .write_all(b"POST /track?device_id=d&session_id=1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        .unwrap();
    let mut got = Vec::new();
    // The end may be a reset; what came before it counts.
    let _ = stream.read_to_end(&mut got);
    let got = String::from_utf8(got).unwrap();
    assert!(got.starts_with("HTTP/1.1 503"), "{got}");
    assert!(got.contains("content-length: 10"), "{got}");
    assert!(got.ends_with("\r\n\r\n01234"), "{got}");
}

#[test]
fn a_request_that_hangs_is_let_go_when_faults_are_cleared() {
    let viewer = start();
    faults(&viewer, &json!({ "hang": true }));
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| sender.send(batch().try_send(&viewer).is_err()).unwrap());
        while get(&viewer, "/api/requests").as_array().unwrap().is_empty() {
            std::thread::yield_now();
        }
        assert!(receiver.try_recv().is_err(), "it answered");
        call(&viewer, "DELETE", "/api/faults", "");
        assert!(receiver.recv().unwrap());
    });
    assert_eq!(stored(&viewer), 0);
}

#[test]
fn stopping_does_not_wait_for_a_request_that_hangs() {
    let viewer = start();
    faults(&viewer, &json!({ "hang": true }));
    let url = viewer.url();
    std::thread::scope(|scope| {
        let client = scope.spawn(|| common::agent().get(format!("{url}/track")).call().is_err());
        while get(&viewer, "/api/requests").as_array().unwrap().is_empty() {
            std::thread::yield_now();
        }
        let start = Instant::now();
        drop(viewer);
        assert!(start.elapsed() < Duration::from_secs(4));
        assert!(client.join().unwrap());
    });
}

#[test]
fn delays_redirects_and_long_replies() {
    let viewer = start();
    faults(
        &viewer,
        &json!([
            { "delay_ms": 120 },
            { "redirect": "http://127.0.0.1:1/elsewhere" },
            { "body_bytes": 3_000_000 },
        ]),
    );
    let start = Instant::now();
    assert_eq!(batch().send(&viewer).json(), json!({}));
    assert!(start.elapsed() >= Duration::from_millis(120));
    let redirect = batch().send(&viewer);
    assert_eq!(redirect.status, 307);
    assert_eq!(redirect.headers["location"], "http://127.0.0.1:1/elsewhere");
    assert_eq!(batch().send(&viewer).body.len(), 3_000_000);
    // The delayed one and the long reply are plain successes.
    assert_eq!(stored(&viewer), 2);
}

#[test]
fn a_fault_that_makes_no_sense_is_refused() {
    let viewer = start();
    for (fault, says) in [
        ("{", "not a fault"),
        (r#"{"statuz":500}"#, "statuz"),
        (r#"{"status":42}"#, "42"),
        (r#"{"status":101}"#, "101"),
        (r#"{"skip":"a\nb"}"#, "header"),
        (r#"{"headers":{"a b":"c"}}"#, "name of a header"),
        (r#"{"body":"x","body_bytes":1}"#, "not both"),
    ] {
        let reply = call(&viewer, "POST", "/api/faults", fault);
        let error = reply.json()["error"].to_string();
        assert_eq!(reply.status, 400);
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn remote_configuration_and_its_faults() {
    let viewer = start();
    let ask = || call(&viewer, "GET", "/config/test-api-key?config_group=browser", "");
    let sampling = json!({ "sample_rate": 1, "capture_enabled": true });
    assert_eq!(ask().json(), json!({ "configs": { "sessionReplay": { "sr_sampling_config": sampling } } }));
    assert_eq!(ask().headers["access-control-allow-origin"], "*");

    let part = json!({ "sr_sampling_config": { "capture_enabled": false } });
    call(&viewer, "PUT", "/api/remote-config", &part.to_string());
    assert_eq!(ask().json()["configs"]["sessionReplay"], part);
    let whole = r#"{"configs":{ "sessionReplay":{} }}"#;
    call(&viewer, "PUT", "/api/remote-config", whole);
    assert_eq!(ask().body, whole.as_bytes());
    assert_eq!(call(&viewer, "PUT", "/api/remote-config", "[1]").status, 400);

    faults(&viewer, &json!([{ "on": "config", "status": 401 }]));
    assert_eq!(batch().send(&viewer).status, 200);
    assert_eq!(ask().status, 401);
    assert_eq!(ask().status, 200);
}
