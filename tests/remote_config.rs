//! The server decides whether to capture.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;

use common::{Server, options_for, timestamped, wait_until, within_ms};
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
fn events_are_held_until_the_config_comes_and_then_sent() {
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": true, "sample_rate": 1 })));
    server.delay_remote_config();
    let replay = start(&server, json!({}));
    let event = timestamped(&json!(1));
    assert_eq!(replay.record(event.as_bytes()).unwrap(), Outcome::NeedsFullSnapshot);
    assert_eq!(replay.stats()["state"], "waiting-for-remote-config");
    assert!(replay.session_replay_properties().is_empty());
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), [event]);
    assert_eq!(replay.stats()["state"], "capturing");
    assert_eq!(replay.session_replay_properties().len(), 1);
    let said = server.session("device-1", SESSION).to_string();
    assert!(said.contains("\"sample_rate\":1"), "the rate that was decided on: {said}");
}

#[test]
fn a_config_that_disables_capture_drops_what_was_held() {
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": false, "sample_rate": 1 })));
    server.delay_remote_config();
    let replay = start(&server, json!({ "sampleRate": 1 }));
    replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.record(timestamped(&json!(2)).as_bytes()).unwrap(), Outcome::NotCaptured);
    let stats = replay.stats();
    assert_eq!(stats["state"], "capture-disabled");
    assert_eq!(stats["dropped"]["notCaptured"], 1);
    assert!(server.events("device-1", SESSION).is_empty());
}

#[test]
fn the_cached_config_is_used_when_none_comes() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start();
    server.put("/api/remote-config", &sampling(json!({ "capture_enabled": true, "sample_rate": 1 })));
    let first = start(&server, json!({ "storageDir": dir.path() }));
    wait_until("the configuration", || first.stats()["state"] == "capturing");
    first.shut_down(within_ms(10_000)).unwrap();

    server.post("/api/faults", &json!([{ "on": "config", "status": 503, "standing": true }]));
    let second = start(&server, json!({ "storageDir": dir.path() }));
    wait_until("the budget to pass", || second.stats()["state"] == "capturing");
    assert!(second.stats()["lastError"]["message"].as_str().unwrap().contains("503"));
}

#[test]
fn without_a_config_nothing_is_captured() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "on": "config", "status": 401, "standing": true }]));
    let replay = start(&server, json!({ "sampleRate": 1 }));
    wait_until("the decision", || replay.stats()["state"] == "capture-disabled");
    let faults = server.get("/api/faults");
    assert!(faults.contains("\"hits\":1"), "401 ends all fetches: {faults}");
}

/// A server of configurations that responds with this, byte for byte. Its URL.
fn respond_with(response: String) -> String {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/config", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let _ = stream.write_all(response.as_bytes());
        }
    });
    url
}

fn respond_200(body: &str) -> String {
    respond_with(format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

#[test]
fn only_a_config_with_a_part_for_session_replay_captures() {
    let targeted = r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"capture_enabled":true,"sample_rate":1},
        "sr_targeting_config":{"key":"sr_targeting_config","variants":{"off":{"key":"off"}},"segments":[{"variant":"off"}]}}}}"#;
    let off =
        r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"capture_enabled":true,"sample_rate":null}}}}"#;
    let on = r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"capture_enabled":"true"}}}}"#;
    for (body, state) in [
        ("{}", "capture-disabled"),
        ("null", "capture-disabled"),
        (r#"{"configs":{}}"#, "capture-disabled"),
        (r#"{"error":{"code":500,"message":"no"}}"#, "capture-disabled"),
        (r#"{"configs":{"sessionReplay":{}}}"#, "capturing"),
        (r#"{"configs":{"sessionReplay":{"sr_sampling_config":{}}}}"#, "capturing"),
        (r#"{"configs":{"sessionReplay":{"sr_targeting_config":{}}}}"#, "capturing"),
        (off, "not-in-sample"),
        (on, "capturing"),
        (targeted, "targeting-not-evaluated"),
    ] {
        let server = Server::start();
        let replay = start(&server, json!({ "sampleRate": 1, "configServerUrl": respond_200(body) }));
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        wait_until("the decision", || replay.stats()["state"] != "waiting-for-remote-config");
        let stats = replay.stats();
        assert_eq!(stats["state"], state, "{body}: {stats}");
        assert_eq!(stats["advice"].is_null(), state == "capturing", "{body}");
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.events("device-1", SESSION).len(), usize::from(state == "capturing"), "{body}");
    }
}

#[test]
fn a_config_without_a_part_for_session_replay_is_not_cached() {
    let dir = tempfile::tempdir().unwrap();
    let start =
        |url: String| start(&Server::start(), json!({ "storageDir": dir.path(), "configServerUrl": url }));
    let good = sampling(json!({ "capture_enabled": true, "sample_rate": 1 })).to_string();
    let state = |replay: &SessionReplay| {
        wait_until("the decision", || replay.stats()["state"] != "waiting-for-remote-config");
        replay.stats()["state"].clone()
    };
    assert_eq!(state(&start(respond_200(&good))), "capturing");
    assert_eq!(state(&start(respond_200("{}"))), "capture-disabled", "it is a configuration");
    // A portal's page is none, nor is one that breaks off.
    assert_eq!(state(&start(respond_200("<html>pay here</html>"))), "capturing");
    let cut = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 60\r\n\r\n{}".to_owned();
    assert_eq!(state(&start(respond_with(cut))), "capturing");
}

#[test]
fn a_401_or_403_ends_all_fetches() {
    for status in [401, 403] {
        let server = Server::start();
        server.post("/api/faults", &json!([{ "on": "config", "status": status, "standing": true }]));
        let replay = start(&server, json!({ "sampleRate": 1 }));
        wait_until("the decision", || replay.stats()["state"] == "capture-disabled");
        let faults = server.get("/api/faults");
        assert!(faults.contains("\"hits\":1"), "{status}: {faults}");
    }
}

#[test]
fn a_failed_fetch_has_three_attempts() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "on": "config", "status": 500, "standing": true }]));
    let replay = start(&server, json!({ "sampleRate": 1 }));
    wait_until("the decision", || replay.stats()["state"] == "capture-disabled");
    let faults = server.get("/api/faults");
    assert!(faults.contains("\"hits\":3"), "{faults}");
}

#[test]
fn a_page_is_told_what_the_server_says() {
    let rule = |path: &str| json!([{ "selector": path, "replacement": "/" }]);
    let server = Server::start();
    let config = json!({ "configs": { "sessionReplay": {
        "sr_logging_config": { "console": { "enabled": true, "levels": ["warn"] } },
        "sr_interaction_config": { "enabled": true, "batch": true, "ugcFilterRules": rule("/theirs") },
    } } });
    server.put("/api/remote-config", &config);
    server.delay_remote_config();
    let options = json!({
        "loggingConfig": { "network": { "enabled": true } },
        "interactionConfig": { "enabled": false, "ugcFilterRules": rule("/ours") },
    });
    let replay = start(&server, options);
    let told = || {
        let mut told = replay.page_config();
        assert_eq!(told["privacyConfig"], replay.privacy_config());
        told.as_object_mut().unwrap().remove("privacyConfig");
        told
    };
    assert_eq!(
        told(),
        json!({
            "loggingConfig": { "network": { "enabled": true } },
            "interactionConfig": { "enabled": false, "batch": false, "ugcFilterRules": rule("/ours") },
        }),
        "the options', while the configuration is awaited"
    );
    wait_until("the configuration is known", || replay.stats()["state"] != "waiting-for-remote-config");
    assert_eq!(
        told(),
        json!({
            "loggingConfig": { "console": { "enabled": true, "levels": ["warn"] } },
            "interactionConfig": { "enabled": true, "batch": true, "ugcFilterRules": rule("/ours") },
        })
    );
}

#[test]
fn privacy_options_are_merged_with_the_config() {
    let server = Server::start();
    let config = json!({ "configs": { "sessionReplay": { "sr_privacy_config": {
        "defaultMaskLevel": "conservative", "blockSelector": [".theirs"], "unmaskSelector": [".ours"],
    } } } });
    server.put("/api/remote-config", &config);
    server.delay_remote_config();
    let replay =
        start(&server, json!({ "privacyConfig": { "defaultMaskLevel": "light", "maskSelector": ".ours" } }));
    assert_eq!(
        replay.privacy_config()["defaultMaskLevel"],
        "light",
        "the options', while the configuration is awaited"
    );
    wait_until("the configuration is known", || replay.stats()["state"] != "waiting-for-remote-config");
    assert_eq!(
        replay.privacy_config(),
        json!({
            "defaultMaskLevel": "conservative", "blockSelector": [".theirs"], "maskSelector": [],
            "unmaskSelector": [".ours"], "maskAttributes": [], "urlMaskLevels": [],
        })
    );
}

#[test]
fn the_client_url_is_told_by_the_rules_of_the_options_or_of_the_server() {
    let rule = |replacement: &str| json!([{ "selector": "https://shop.example/users/*", "replacement": replacement }]);
    let local = json!({ "ugcFilterRules": rule("https://shop.example/local") });
    for (kind, local, remote, expected) in [
        ("none", json!({}), json!({}), "https://shop.example/users/jane"),
        ("the options", local.clone(), json!({}), "https://shop.example/local"),
        (
            "the server",
            json!({}),
            json!({ "ugcFilterRules": rule("$&/remote") }),
            "https://shop.example/users/jane/remote",
        ),
        (
            "both",
            local,
            json!({ "ugcFilterRules": rule("https://shop.example/remote") }),
            "https://shop.example/local",
        ),
    ] {
        let server = Server::start();
        let part = json!({ "sr_sampling_config": { "capture_enabled": true, "sample_rate": 1 }, "sr_interaction_config": remote });
        server.put("/api/remote-config", &json!({ "configs": { "sessionReplay": part } }));
        let replay = start(
            &server,
            json!({ "clientUrl": "https://shop.example/users/jane", "interactionConfig": local }),
        );
        replay.record(timestamped(&json!(1)).as_bytes()).unwrap();
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(server.session("device-1", SESSION)["client_url"], expected, "rules of {kind}");
    }
}
