//! Each thing the ingest would refuse is refused, and the developer is told what is wrong.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{Batch, META, call, get, gzip, start};
use serde_json::json;
use session_replay_viewer::{Config, Viewer};
use ureq::http::Method;

fn good() -> Batch {
    Batch::new("device-1", "1732300000000", &[META])
}

fn body(text: &str) -> Batch {
    Batch::with_body("device-1", "1732300000000", text.as_bytes())
}

/// Sends every spoiled request and looks for the words that name the fault.
fn refuses(status: u16, cases: &[(Batch, &str)]) {
    let viewer = start();
    for (batch, says) in cases {
        let reply = batch.send(&viewer);
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, status, "{says}: {error}");
        assert!(error.contains(says), "{says:?} is not in {error:?}");
    }
    // Those that could be named are in the list, with nothing in them.
    for session in get(&viewer, "/api/sessions").as_array().unwrap() {
        assert_eq!((&session["sequences"], &session["events"]), (&json!(0), &json!(0)), "{session}");
    }
    let requests = get(&viewer, "/api/requests");
    let requests = requests.as_array().unwrap();
    assert_eq!(requests.len(), cases.len());
    for (request, (_, says)) in requests.iter().zip(cases) {
        assert_eq!(request["outcome"], "rejected");
        assert_eq!(request["status"], status);
        assert!(request["error"].as_str().unwrap().contains(says));
    }
    assert_eq!(good().send(&viewer).status, 200);
}

#[test]
fn methods_other_than_post() {
    let mut get = good();
    get.method = Method::GET;
    get.body.clear();
    let mut put = good();
    put.method = Method::PUT;
    refuses(405, &[(get, "GET"), (put, "PUT")]);
}

#[test]
fn requests_without_an_api_key() {
    refuses(
        401,
        &[
            (good().without("authorization"), "authorization is missing"),
            (good().header("authorization", "Bearer "), "not `Bearer"),
            (good().header("authorization", "Basic abc"), "not `Bearer"),
        ],
    );
}

#[test]
fn interactions_that_are_none() {
    let interactions =
        |events: &str| body(&format!(r#"{{"version":1,"events":[{events}]}}"#)).query("type", "interaction");
    let viewer = start();
    assert_eq!(get(&viewer, "/api/sessions/device-1/1732300000000/interactions"), json!([]));
    refuses(
        400,
        &[
            (good().query("type", "interaction"), "interactions are not sent as strings"),
            (interactions(""), "no events"),
            (interactions(r#"{"type":"click","x":1}"#), "event 0 is neither a click nor a scroll"),
            (interactions("{}").header("content-type", "text/plain"), "text/plain"),
        ],
    );
}

#[test]
fn headers_that_are_missing_or_wrong() {
    refuses(
        400,
        &[
            (good().without("content-type"), "content-type is missing"),
            (good().header("content-type", "text/plain"), "text/plain"),
            (good().header("content-encoding", "br"), "br"),
            (good().without("x-client-version"), "x-client-version is missing"),
            (good().without("x-client-library"), "x-client-library is missing"),
            (good().header("x-client-library", "native/1"), "native/1"),
            (good().header("x-client-library", "plugin/"), "plugin/"),
            (good().header("x-client-library", "segment"), "segment"),
            (good().without("x-client-sample-rate"), "sample-rate is missing"),
            (good().header("x-client-sample-rate", "1.01"), "1.01"),
            (good().header("x-client-sample-rate", "-0.1"), "-0.1"),
            (good().header("x-client-sample-rate", "NaN"), "NaN"),
            (good().header("x-client-sample-rate", "half"), "half"),
            (good().without("x-sampling-hash-alg"), "hash-alg is missing"),
            (good().header("x-sampling-hash-alg", "md5"), "md5"),
            (good().header("x-client-url", &"é".repeat(1_001)), "1001 characters"),
        ],
    );
}

#[test]
fn headers_at_their_bounds_are_taken() {
    let viewer = start();
    for batch in [
        good().header("x-client-url", &"é".repeat(1_000)),
        good().without("x-client-url"),
        good().header("x-client-sample-rate", "0"),
        good().header("x-client-sample-rate", "1"),
        good().header("x-client-library", "segment/1.0.0"),
        good().header("content-type", "application/json; charset=utf-8"),
    ] {
        let reply = batch.send(&viewer);
        assert_eq!(reply.status, 200, "{:?}", reply.json());
    }
}

#[test]
fn queries_that_are_incomplete_or_hold_other_characters() {
    refuses(
        400,
        &[
            (good().without("device_id"), "device_id is missing"),
            (good().without("session_id"), "session_id is missing"),
            (good().without("type"), "type=replay is missing"),
            (good().query("type", "events"), "events"),
            (good().query("device_id", "a/b"), "'/'"),
            (good().query("session_id", "a b"), "' '"),
            (good().query("session_id", "é"), "'é'"),
        ],
    );
}

#[test]
fn beacons_that_lack_a_key_or_say_another_version() {
    let beacon = |version: u32| {
        let body = json!({ "version": version, "events": [META] }).to_string();
        let mut batch = Batch::beacon("device-1", "1732300000000", &[META]);
        batch.body = body.into();
        batch
    };
    refuses(401, &[(beacon(2).query("api_key", ""), "api_key is empty")]);
    refuses(401, &[(beacon(2).without("api_key"), "authorization is missing")]);
    refuses(400, &[(beacon(1), "version is 1, not 2")]);
}

#[test]
fn bodies_that_are_not_a_batch() {
    let one = |event: &str| body(&json!({ "version": 1, "events": [event] }).to_string());
    let mut not_gzip = good();
    not_gzip.body = b"{}".to_vec();
    let mut cut = good();
    cut.body.truncate(cut.body.len() / 2);
    let mut trailing = good();
    trailing.body.extend_from_slice(b"garbage");
    let mut not_utf8 = good();
    not_utf8.body = gzip(b"{\"version\":1,\"events\":[\"\xff\"]}");
    refuses(
        400,
        &[
            (not_gzip, "gzip"),
            (cut, "gzip"),
            (trailing, "gzip"),
            (not_utf8, "UTF-8"),
            (body(""), "EOF"),
            (body("[]"), "invalid"),
            (body(r#"{"version":1}"#), "events"),
            (body(r#"{"version":1,"events":[]}"#), "no events"),
            (body(r#"{"version":2,"events":[]}"#), "version is 2"),
            (body(r#"{"version":1,"events":[],"more":1}"#), "more"),
            (body(r#"{"version":1,"events":{}}"#), "list of event strings"),
            (body(r#"{"version":1,"events":[{"type":4}]}"#), "event 0 is not a string"),
            (body(r#"{"version":1,"events":["\ud800"]}"#), "Unicode"),
            (one("{"), "not a JSON object"),
            (one(r#"{"timestamp":1,"type":4,"data":{}}"#), "order"),
            (one(r#"{"type":4,"timestamp":"1","data":{}}"#), "\"timestamp\""),
            (one(r#"{"type":4,"timestamp":1,"data":{},"x":1}"#), "\"x\""),
        ],
    );
}

#[test]
fn everything_wrong_with_the_head_is_told_at_once() {
    let viewer = start();
    let reply = good()
        .without("x-client-version")
        .header("x-sampling-hash-alg", "md5")
        .query("device_id", "a/b")
        .send(&viewer);
    assert_eq!(reply.json()["problems"].as_array().unwrap().len(), 3);
}

#[test]
fn a_refused_request_is_told_of_in_its_session() {
    let viewer = start();
    good().send(&viewer);
    good().header("x-sampling-hash-alg", "md5").send(&viewer);
    let session = get(&viewer, "/api/sessions/device-1/1732300000000");
    assert_eq!(session["refused"], 1);
    assert_eq!(session["refused_requests"][0]["status"], 400);
    assert_eq!(session["problems"].as_array().unwrap().last().unwrap()["code"], "refused_requests");
    assert_eq!(get(&viewer, "/api/sessions")[0]["refused"], 1);
    let all = call(&viewer, "GET", "/api/requests", "").body;
    assert!(!String::from_utf8(all).unwrap().contains("test-api-key"));
}

#[test]
fn bodies_over_the_limit_packed_or_unpacked() {
    let viewer =
        Viewer::start(Config { max_wire_bytes: 10_000, max_body_bytes: 100_000, ..Config::default() })
            .unwrap();
    // A megabyte of one letter packs into a kilobyte: only unpacking finds it out.
    let bomb = body(&format!(r#"{{"version":1,"events":["{}"]}}"#, "x".repeat(1_000_000)));
    assert!(bomb.body.len() < 10_000);
    let mut wide = good();
    wide.body = vec![0; 10_001];
    let mut plain = good().without("content-encoding");
    plain.body = vec![b' '; 10_001];
    for batch in [bomb, wide, plain] {
        let reply = batch.send(&viewer);
        assert_eq!(reply.status, 413);
        // The SDK splits the batch when it reads these words.
        assert!(reply.json()["error"].as_str().unwrap().contains("Payload exceeds"));
    }
}

#[test]
fn pages_may_post_and_may_not_control() {
    let viewer = start();
    let preflight = ureq::http::Request::builder()
        .method(Method::OPTIONS)
        .uri(viewer.track_url())
        .header("origin", "https://example.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,x-client-url")
        .body(())
        .unwrap();
    let reply = common::agent().run(preflight).unwrap();
    assert_eq!(reply.status(), 204);
    assert_eq!(reply.headers()["access-control-allow-origin"], "https://example.com");
    // A beacon is made with credentials.
    assert_eq!(reply.headers()["access-control-allow-credentials"], "true");
    assert_eq!(reply.headers()["access-control-allow-headers"], "authorization,x-client-url");
    let posted = good().header("origin", "https://example.com").send(&viewer);
    assert_eq!(posted.headers["access-control-allow-origin"], "https://example.com");
    let control = ureq::http::Request::post(format!("{}/api/faults", viewer.url()))
        .header("origin", "https://example.com")
        .body("[{\"status\":500}]")
        .unwrap();
    assert_eq!(common::agent().run(control).unwrap().status(), 403);
    assert_eq!(get(&viewer, "/api/faults"), json!([]));
}
