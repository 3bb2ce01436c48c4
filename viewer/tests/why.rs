//! "Why is there no replay?": each way to fail, seen through the API, and what is kept over restarts.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::{Batch, META, MOVE, SNAPSHOT, call, faults, get, start, start_in};
use serde_json::{Value, json};
use session_replay_viewer::Viewer;

/// The check of this name.
fn check(viewer: &Viewer, path: &str, code: &str) -> Value {
    let why = get(viewer, &format!("/api/why/{path}"));
    let checks = why["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == code).unwrap().clone()
}

fn assert_check(viewer: &Viewer, path: &str, code: &str, state: &str, says: &str) {
    let found = check(viewer, path, code);
    let message = found["message"].as_str().unwrap();
    assert!(found["state"] == state && message.contains(says), "{path}: {found}");
}

#[test]
fn of_ids_that_nobody_has_heard_of_the_page_says_what_to_look_at() {
    let viewer = start();
    for path in ["nobody", "nobody/1"] {
        let why = get(&viewer, &format!("/api/why/{path}"));
        let states: Vec<&str> =
            why["checks"].as_array().unwrap().iter().map(|check| check["state"].as_str().unwrap()).collect();
        assert_eq!(states.iter().filter(|state| **state == "problem").count(), 1, "{why}");
        assert_eq!(why["requests"], json!([]));
        for check in why["checks"].as_array().unwrap() {
            assert!(check["docs"].as_str().unwrap().starts_with("https://"), "{check}");
        }
    }
    assert_check(&viewer, "nobody/1", "accepted", "problem", "No batch was accepted.");
    assert_eq!(call(&viewer, "GET", "/why/nobody/1", "").status, 200);
}

#[test]
fn ids_may_be_anything_and_what_is_wrong_with_them_is_said() {
    let viewer = start();
    for (path, says) in [
        ("a%20b/1", "device_id holds ' '"),
        ("a/b%2Fc", "session_id holds '/'"),
        ("..%2F..%2Fetc/1", "device_id holds '/'"),
        ("%00/1", "device_id holds '\\0'"),
        (&format!("{}/1", "x".repeat(600)), "600 bytes"),
    ] {
        assert_check(&viewer, path, "ids", "problem", says);
    }
    assert_check(&viewer, "a%7Cb/1", "ids", "fine", "");
}

#[test]
fn ids_that_are_almost_those_are_named() {
    let viewer = start();
    assert_eq!(Batch::new("Desk-1", "1", &[META, SNAPSHOT]).send(&viewer).status, 200);
    assert_check(&viewer, "Desk-1/1", "other_ids", "fine", "");
    assert_check(&viewer, "Desk-1/2", "other_ids", "problem", "other sessions, among them \"1\"");
    assert_check(&viewer, "desk-1/1", "other_ids", "problem", "\"Desk-1\"");
    assert_check(&viewer, "%20Desk-1", "other_ids", "problem", "case or spaces");
    assert_check(&viewer, "other/1", "other_ids", "problem", "another device: \"Desk-1\"");
    // What was refused for its id is found by the id that it should have been.
    assert_eq!(Batch::new("Desk 2", "1", &[META]).send(&viewer).status, 400);
    assert_check(&viewer, "Desk2", "other_ids", "problem", "\"Desk 2\"");
    assert_check(&viewer, "Desk%202/1", "refused", "problem", "device_id holds ' '");
}

#[test]
fn configuration_is_told_of_as_it_was_asked_and_answered() {
    let viewer = start();
    assert_check(&viewer, "d", "configuration_asked", "unknown", "Nobody");
    let ask = || call(&viewer, "GET", "/config/key?config_group=browser", "");
    ask();
    assert_check(&viewer, "d", "configuration_asked", "fine", "127.0.0.1");
    assert_check(&viewer, "d", "configuration_answered", "fine", "rate 1");
    let off = json!({ "sr_sampling_config": { "capture_enabled": false } });
    call(&viewer, "PUT", "/api/remote-config", &off.to_string());
    // Only what was asked since.
    assert_check(&viewer, "d", "configuration_answered", "fine", "rate 1");
    ask();
    assert_check(&viewer, "d", "configuration_answered", "problem", "capture off");
    faults(&viewer, &json!({ "on": "config", "status": 503 }));
    assert_check(&viewer, "d", "armed_faults", "problem", "remote configuration: status 503");
    assert_eq!(ask().status, 503);
    assert_check(&viewer, "d", "configuration_answered", "problem", "status 503");
    assert_check(&viewer, "d", "armed_faults", "fine", "");
}

#[test]
fn faults_are_told_of_before_and_after_they_answer() {
    let viewer = start();
    faults(
        &viewer,
        &json!([{ "skip": 4004, "session_id": "1" }, { "status": 500 }, { "cut": "after", "device_id": "other" }]),
    );
    assert_check(
        &viewer,
        "d/1",
        "armed_faults",
        "problem",
        "fault 1 on batches: skip code 4004; fault 2 on batches: status 500)",
    );
    assert_check(&viewer, "d/2", "armed_faults", "problem", "(fault 2 on batches: status 500)");
    assert_check(&viewer, "d", "armed_faults", "problem", "skip code 4004");
    let send = |session: &str| Batch::new("d", session, &[META, SNAPSHOT]).send(&viewer).status;
    assert_eq!([send("1"), send("1"), send("2")], [200, 500, 200]);
    assert_check(&viewer, "d/1", "skipped", "problem", "4004 (the session is out of range");
    assert_check(
        &viewer,
        "d/1",
        "failed",
        "problem",
        "1 request was not kept; of the last, a fault answered (status 500)",
    );
    assert_check(&viewer, "d/1", "accepted", "problem", "No batch");
    assert_check(&viewer, "d/2", "failed", "fine", "");
    assert_check(&viewer, "d/2", "accepted", "fine", "2 events");
    let why = get(&viewer, "/api/why/d/1");
    let statuses: Vec<_> =
        why["requests"].as_array().unwrap().iter().map(|request| request["status"].clone()).collect();
    assert_eq!(statuses, [json!(500), json!(200)], "newest first");
    assert_eq!(why["requests"][0]["outcome"], "faulted");
}

#[test]
fn what_was_refused_faulted_and_asked_outlives_the_viewer() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    assert_eq!(Batch::new("d", "1", &["{}"]).send(&viewer).status, 400);
    faults(&viewer, &json!({ "status": 418 }));
    assert_eq!(Batch::new("d", "1", &[META]).send(&viewer).status, 418);
    assert_eq!(call(&viewer, "GET", "/config/key", "").status, 200);
    drop(viewer);
    let viewer = start_in(folder.path());
    assert_check(&viewer, "d/1", "refused", "problem", "400");
    assert_check(&viewer, "d/1", "failed", "problem", "status 418");
    assert_check(&viewer, "d/1", "configuration_answered", "fine", "");
    assert_eq!(get(&viewer, "/api/why/d")["requests"].as_array().unwrap().len(), 2);
    // No key is in what is kept.
    let kept = everything_below(folder.path());
    assert!(
        kept.contains("\"at\"") && !kept.contains("test-api-key") && !kept.contains("/config/key"),
        "{kept}"
    );
}

#[test]
fn the_newest_hundred_of_a_device_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    faults(&viewer, &json!({ "standing": true, "status": 500 }));
    for session in 0..110 {
        assert_eq!(Batch::new("d", &session.to_string(), &[META]).send(&viewer).status, 500);
    }
    let count = std::fs::read_dir(folder.path().join("v1/requests/d")).unwrap().count();
    assert_eq!(count, 100);
    assert_check(&viewer, "d/109", "failed", "problem", "1 request");
    assert_check(&viewer, "d/9", "failed", "fine", "");
}

#[test]
fn a_store_of_an_earlier_version_and_one_that_others_wrote_to_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    // As versions before this one kept it.
    write(
        "v1/refused/d/1/01795465976788000-0000000000000001",
        r#"{"at":1795465976788,"status":401,"problems":["header authorization is missing"],"headers":{}}"#,
    );
    write("v1/refused/d/1/01795465976788000-0000000000000002", "not JSON");
    write("v1/requests/d/01795465976788000-0000000000000001", "not JSON");
    write("v1/requests/d/01795465976788000-0000000000000002", r#"{"at":-1,"outcome":[]}"#);
    write("v1/requests/d/01795465976788000-0000000000000003", &" ".repeat(1 << 20));
    write(
        "v1/requests/d/01795465976788000-0000000000000004",
        r#"{"at":18446744073709551615,"outcome":"later","session_id":"1","fault":"one of a later version"}"#,
    );
    write("v1/requests/readme.txt", "hello");
    write("v1/configuration/x/y", "[]");
    let viewer = start_in(folder.path());
    assert_check(&viewer, "d/1", "refused", "problem", "401: header authorization is missing");
    assert_check(&viewer, "d/1", "configuration_asked", "unknown", "");
    assert_eq!(get(&viewer, "/api/why/d")["requests"].as_array().unwrap().len(), 2);
}

#[test]
fn what_arrived_and_how_it_plays_is_told() {
    let viewer = start();
    assert_eq!(Batch::new("d", "1", &[MOVE, MOVE]).send(&viewer).status, 200);
    for (code, state, says) in [
        ("recorder", "fine", "batches of it arrived"),
        ("sample_rate", "unknown", "0.25"),
        ("accepted", "fine", "One batch with 2 events"),
        ("snapshot", "problem", "no full snapshot"),
        ("meta", "problem", "no meta event"),
        ("picture", "unknown", "notes"),
    ] {
        assert_check(&viewer, "d/1", code, state, says);
    }
    let seconds = META.replace("1795465976788", "1795465976");
    assert_eq!(Batch::new("d", "2", &[seconds.as_str(), SNAPSHOT]).send(&viewer).status, 200);
    assert_check(&viewer, "d/2", "clocks", "problem", "seconds in place of milliseconds");
    assert_check(&viewer, "d/2", "meta", "fine", "");
}

fn everything_below(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        text += &match path.is_dir() {
            true => everything_below(&path),
            false => String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
        };
    }
    text
}

#[test]
fn ids_that_can_be_none_end_in_why_and_what_is_wrong_is_said_in_json() {
    let viewer = start();
    for path in ["%ff", "a%25b/x", "d/%ff"] {
        let found = check(&viewer, path, "ids");
        assert_eq!(found["state"], "problem", "{path}: {found}");
    }
    for (method, path, status, says) in [
        ("GET", "/api/sessions/%25/x", 404, "device_id holds '%'"),
        ("GET", "/api/sessions/%ff/x", 404, "device_id holds"),
        ("GET", "/api/sessions/d/%ff/events", 400, "session_id holds"),
        ("GET", "/api/sessions/d/s/events?after=-1", 400, "after"),
        ("GET", "/api/sessions/d/s/batches?exact=perhaps", 400, "exact"),
        ("GET", "/api/search?limit=many", 400, "limit"),
        ("DELETE", "/api/sessions?older_than=yesterday", 400, "older_than"),
        ("DELETE", "/api/devices/%25", 400, "device_id holds '%'"),
        ("DELETE", "/api/faults/first", 400, "\"first\""),
        ("GET", "/api/nothing", 404, "/nothing"),
        ("PUT", "/api/search", 405, "PUT"),
    ] {
        let reply = call(&viewer, method, path, "");
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(reply.status == status && error.contains(says), "{path}: {} {error}", reply.status);
    }
}
