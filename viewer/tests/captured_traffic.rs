//! Traffic that was captured from the browser SDK passes every check. Long event strings are cut in the captures, so
//! those are filled in with an event of the same kind; everything else goes as it was captured.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Batch, faults, get, start};
use serde_json::{Value, json};
use ureq::http::Method;

const CAPTURES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/wire/amplitude-session-replay-browser");

fn captures() -> Vec<Value> {
    let mut files: Vec<_> =
        std::fs::read_dir(Path::new(CAPTURES)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
}

/// An event string whole again. The captures cut those of over 200 characters.
fn whole(event: &str) -> String {
    if serde_json::from_str::<&serde_json::value::RawValue>(event).is_ok() {
        return event.to_owned();
    }
    let head = event.split(",\"data\":").next().unwrap();
    format!("{head},\"data\":{{\"cut\":true}}}}")
}

fn batch(request: &Value) -> Batch {
    let events: Vec<_> = request["body"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| whole(event.as_str().unwrap()))
        .collect();
    let mut batch = Batch::new("", "", &events);
    batch.path = "/track";
    batch.query = ["device_id", "session_id", "type"]
        .into_iter()
        .zip(request["query"].as_array().unwrap())
        .map(|(name, pair)| {
            assert_eq!(pair[0], name);
            (name, pair[1].as_str().unwrap().to_owned())
        })
        .collect();
    let captured: BTreeMap<String, String> = serde_json::from_value(request["headers"].clone()).unwrap();
    batch.headers.clear();
    for (name, value) in captured {
        if name != "Content-Length" {
            batch.headers.insert(name.leak(), value);
        }
    }
    batch
}

#[test]
fn every_captured_batch_is_accepted_and_answered_as_it_was() {
    let mut tracks = 0;
    for capture in captures() {
        let viewer = start();
        for request in capture["requests"].as_array().unwrap() {
            if request["method"] != "POST" {
                continue;
            }
            let reply = &request["reply"];
            if reply["hang"] == json!(true) {
                continue; // nothing to compare with
            }
            // Sent honestly first: the checks must find nothing, whatever the capture's server replied.
            let batch = batch(request);
            assert_eq!(batch.method, Method::POST);
            let honest = batch.send(&viewer);
            assert_eq!(honest.status, 200, "{}: {:?}", capture["scenario"], honest.json());
            tracks += 1;

            let mut fault = json!({ "status": reply["status"] });
            for key in ["skip", "body"] {
                if !reply[key].is_null() {
                    fault[key] = reply[key].clone();
                }
            }
            faults(&viewer, &fault);
            let answered = batch.send(&viewer);
            assert_eq!(json!(answered.status), reply["status"]);
            let skip = answered.headers.get("x-session-replay-event-skipped");
            assert_eq!(skip.map(|value| value.to_str().unwrap()), reply["skip"].as_str());
        }
        let rejected = get(&viewer, "/api/requests")
            .as_array()
            .unwrap()
            .iter()
            .filter(|request| request["outcome"] == "rejected")
            .count();
        assert_eq!(rejected, 0);
    }
    assert!(tracks >= 20, "only {tracks} batches were found");
}
