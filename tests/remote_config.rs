//! The server decides whether to capture.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;

use common::{Server, options_for, timestamped, wait_until};
use serde_json::{Value, json};
use session_replay::{Outcome, SessionReplay};

const SESSION: &str = "1732300000000";

fn start(server: &Server, more: Value) -> SessionReplay {
    let mut options = json!({ "enableRemoteConfig": true, "sampleRate": 0 });
    for (key, value) in more.as_object().unwrap() {
        options[key] = value.clone();
    }
    SessionReplay::start("test-api-key", options_for(server, options), Arc::default()).unwrap()
}

fn sampling(config: Value) -> Value {
    json!({ "configs": { "sessionReplay": { "sr_sampling_config": config } } })
}

#[test]
fn events_are_kept_until_the_answer_comes_and_then_sent() {
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": true, "sample_rate": 1 })));
    server.post("/api/faults", &json!([{ "on": "config", "delay_ms": 300 }]));
    let replay = start(&server, json!({}));
    let event = timestamped(&json!(1));
    assert_eq!(replay.record(event.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(replay.stats()["state"], "waiting-for-remote-config");
    assert!(replay.session_replay_properties().is_empty());
    replay.flush(20_000).unwrap();
    assert_eq!(server.events("device-1", SESSION), [event]);
    assert_eq!(replay.stats()["state"], "capturing");
    assert_eq!(replay.session_replay_properties().len(), 1);
    let said = server.session("device-1", SESSION).to_string();
    assert!(said.contains("\"sample_rate\":1"), "the rate that was decided on: {said}");
}

#[test]
fn a_no_drops_what_was_kept_and_ends_capture() {
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": false, "sample_rate": 1 })));
    server.post("/api/faults", &json!([{ "on": "config", "delay_ms": 100 }]));
    let replay = start(&server, json!({ "sampleRate": 1 }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(20_000).unwrap();
    assert_eq!(replay.record(timestamped(&json!(2)).as_bytes()).unwrap(), Outcome::NotCaptured);
    let stats = replay.stats();
    assert_eq!(stats["state"], "capture-disabled");
    assert_eq!(stats["dropped"]["notCaptured"], 1);
    assert!(server.events("device-1", SESSION).is_empty());
}

#[test]
fn the_last_good_answer_is_used_when_none_comes() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": true, "sample_rate": 1 })));
    let first = start(&server, json!({ "storageDir": dir.path() }));
    wait_until("the answer", || first.stats()["state"] == "capturing");
    first.shut_down(10_000).unwrap();

    server.post("/api/faults", &json!([{ "on": "config", "status": 503, "standing": true }]));
    let second = start(&server, json!({ "storageDir": dir.path() }));
    wait_until("the budget to pass", || second.stats()["state"] == "capturing");
    assert!(second.stats()["lastError"]["message"].as_str().unwrap().contains("503"));
}

#[test]
fn without_an_answer_nothing_is_captured() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "on": "config", "status": 401, "standing": true }]));
    let replay = start(&server, json!({ "sampleRate": 1 }));
    wait_until("the decision", || replay.stats()["state"] == "capture-disabled");
    let faults = server.get("/api/faults");
    assert!(faults.contains("\"hits\":1"), "401 ends all asking: {faults}");
}

#[test]
fn a_failure_is_asked_again_three_times_in_all() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "on": "config", "status": 500, "standing": true }]));
    let replay = start(&server, json!({ "sampleRate": 1 }));
    wait_until("the decision", || replay.stats()["state"] == "capture-disabled");
    let faults = server.get("/api/faults");
    assert!(faults.contains("\"hits\":3"), "{faults}");
}

#[test]
fn what_to_mask_is_joined_with_the_answer() {
    let server = Server::start();
    let config = json!({ "configs": { "sessionReplay": { "sr_privacy_config": {
        "defaultMaskLevel": "conservative", "blockSelector": [".theirs"], "unmaskSelector": [".ours"],
    } } } });
    server.put("/api/remote-config", &config);
    server.post("/api/faults", &json!([{ "on": "config", "delay_ms": 300 }]));
    let replay =
        start(&server, json!({ "privacyConfig": { "defaultMaskLevel": "light", "maskSelector": ".ours" } }));
    assert_eq!(
        replay.privacy_config()["defaultMaskLevel"],
        "light",
        "the options', while the answer is awaited"
    );
    wait_until("the answer is known", || replay.stats()["state"] != "waiting-for-remote-config");
    assert_eq!(
        replay.privacy_config(),
        json!({
            "defaultMaskLevel": "conservative", "blockSelector": [".theirs"], "maskSelector": [],
            "unmaskSelector": [".ours"], "maskAttributes": [], "urlMaskLevels": [],
        })
    );
}
