//! What is right is taken, and comes back as it was sent.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use common::{Batch, META, MOVE, SNAPSHOT, call, get, start, start_in};
use serde_json::{Value, json};

#[test]
fn events_come_back_byte_for_byte_in_order() {
    let viewer = start();
    let odd = r#"{"type":3,"timestamp":1.5, "data": {"big":1e999,"half":"\ud800","text":"é\u00e9 \\ \" "}}"#;
    let first = Batch::new("device-1", "1732300000000", &[META, SNAPSHOT]).send(&viewer);
    assert_eq!((first.status, first.json()), (200, json!({})));
    let second = Batch::new("device-1", "1732300000000", &[MOVE, odd]).send(&viewer);
    assert_eq!(second.status, 200);

    let all = call(&viewer, "GET", "/api/sessions/device-1/1732300000000/events", "");
    let expected = format!("[{META},{SNAPSHOT},{MOVE},{odd}]");
    assert_eq!(String::from_utf8(all.body).unwrap(), expected);
    for (after, expected) in [
        (1, format!("[{SNAPSHOT},{MOVE},{odd}]")),
        (2, format!("[{MOVE},{odd}]")),
        (3, format!("[{odd}]")),
        (4, "[]".to_owned()),
    ] {
        let path = format!("/api/sessions/device-1/1732300000000/events?after={after}");
        let rest = call(&viewer, "GET", &path, "");
        assert_eq!(String::from_utf8(rest.body).unwrap(), expected);
    }
}

#[test]
fn the_list_says_what_was_received() {
    let viewer = start();
    let batch = Batch::new("device-1", "1732300000000", &[META, SNAPSHOT, MOVE]);
    batch.send(&viewer);
    batch.send(&viewer);
    let list = get(&viewer, "/api/sessions");
    let session = &list[0];
    assert_eq!(list.as_array().unwrap().len(), 1);
    for (key, value) in [
        ("replay_id", json!("device-1/1732300000000")),
        ("sequences", json!(2)),
        ("events", json!(6)),
        ("wire_bytes", json!(batch.body.len() * 2)),
        ("first_timestamp", json!(1_795_465_976_788.0)),
        ("last_timestamp", json!(1_795_465_977_101.0)),
        ("duration_ms", json!(313.0)),
        ("has_full_snapshot", json!(true)),
        ("has_meta", json!(true)),
        ("sample_rate", json!(0.25)),
        ("library", json!("standalone/0.1.0")),
        ("client_url", json!("app://test")),
        ("problems", json!([])),
    ] {
        assert_eq!(session[key], value, "{key}");
    }
}

#[test]
fn a_session_without_a_full_snapshot_says_so() {
    let viewer = start();
    Batch::new("d", "1", &[MOVE]).send(&viewer);
    let problems = get(&viewer, "/api/sessions/d/1")["problems"].clone();
    let codes: Vec<_> = problems.as_array().unwrap().iter().map(|p| &p["code"]).collect();
    assert_eq!(codes, ["no_full_snapshot", "single_event", "no_meta"]);
}

#[test]
fn sequences_tell_what_is_known_about_each_request() {
    let viewer = start();
    let plain = json!({ "version": 1, "events": [META, MOVE] }).to_string();
    let mut batch = Batch::with_body("d", "s", plain.as_bytes()).without("content-encoding");
    batch.body = plain.clone().into_bytes();
    assert_eq!(batch.send(&viewer).status, 200);
    let sequences = get(&viewer, "/api/sessions/d/s/sequences");
    let meta = &sequences[0]["meta"];
    assert_eq!(sequences[0]["events"], json!([META, MOVE]));
    assert_eq!(meta["wire_bytes"], json!(plain.len()));
    assert_eq!(meta["decoded_bytes"], json!(plain.len()));
    assert_eq!(meta["headers"]["x-client-sample-rate"], json!("0.25"));
    assert_eq!(meta["headers"]["authorization"], json!("Bearer ****-key"));
}

#[test]
fn documents_of_ten_thousand_levels_are_taken_and_played_back() {
    let viewer = start();
    let (open, close) = (r#"{"childNodes":["#.repeat(10_000), "]}".repeat(10_000));
    let event = format!(r#"{{"type":2,"timestamp":1,"data":{open}{close}}}"#);
    assert_eq!(Batch::new("d", "s", &[&event]).send(&viewer).status, 200);
    let back = call(&viewer, "GET", "/api/sessions/d/s/events", "");
    assert_eq!(String::from_utf8(back.body).unwrap(), format!("[{event}]"));
}

#[test]
fn an_event_of_the_largest_size_is_taken() {
    let viewer = start();
    let event = |bytes: usize| {
        let frame = r#"{"type":3,"timestamp":1,"data":""}"#;
        // Escaped quotes are the worst case: the body has two bytes for each byte of the event.
        let fill = bytes - frame.len();
        let text = r#"\""#.repeat(fill / 2) + &"x".repeat(fill % 2);
        let event = format!(r#"{{"type":3,"timestamp":1,"data":"{text}"}}"#);
        assert_eq!(event.len(), bytes);
        event
    };
    assert_eq!(Batch::new("d", "s", &[event(9_000_000)]).send(&viewer).status, 200);
    assert_eq!(Batch::new("d", "s", &[event(9_000_001)]).send(&viewer).status, 400);
}

#[test]
fn ids_as_long_as_the_sdk_allows_are_taken_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let (device, session) = ("@".repeat(512), "s".repeat(512));
    let viewer = start_in(folder.path());
    assert_eq!(Batch::new(&device, &session, &[META]).send(&viewer).status, 200);
    assert_eq!(Batch::new(&device, "s", &[META, MOVE]).send(&viewer).status, 200);
    drop(viewer);
    let viewer = start_in(folder.path());
    let list = get(&viewer, "/api/sessions");
    assert_eq!(list.as_array().unwrap().len(), 2, "{list}");
    let device = percent_encoding::utf8_percent_encode(&device, percent_encoding::NON_ALPHANUMERIC);
    for (session, events) in [(session.as_str(), 1), ("s", 2)] {
        let found = get(&viewer, &format!("/api/sessions/{device}/{session}"));
        assert_eq!((&found["session_id"], &found["events"]), (&json!(session), &json!(events)));
    }
}

#[test]
fn the_last_batch_of_a_page_that_is_left_is_taken_without_headers() {
    let viewer = start();
    assert_eq!(Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer).status, 200);
    let reply = Batch::beacon("d", "s", &[MOVE]).send(&viewer);
    assert_eq!(reply.status, 200, "{}", reply.json());
    assert_eq!(get(&viewer, "/api/sessions/d/s")["events"], 3);
    let requests = get(&viewer, "/api/requests").to_string();
    assert!(!requests.contains("secret-key"), "keys are not shown: {requests}");
}

#[test]
fn ids_cannot_climb_out_of_the_store() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("store");
    let viewer = start_in(&folder);
    let ids = ["..", ".", "a.b", "a|b@c:d=e", "=2E=2E", "-", "A", "a"];
    for device in ids {
        for session in ids {
            let reply = Batch::new(device, session, &[META]).send(&viewer);
            assert_eq!(reply.status, 200, "{device} {session}");
        }
    }
    let entries: Vec<_> = std::fs::read_dir(outside.path()).unwrap().collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let list = get(&viewer, "/api/sessions");
    let sessions = list.as_array().unwrap();
    assert_eq!(sessions.len(), ids.len() * ids.len());
    for session in sessions {
        // Dots are encoded too: a client would take `..` in a path for a step up.
        let encode = |id: &Value| {
            percent_encoding::utf8_percent_encode(id.as_str().unwrap(), percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let device = encode(&session["device_id"]);
        let path = format!("/api/sessions/{device}/{}", encode(&session["session_id"]));
        assert_eq!(get(&viewer, &path)["replay_id"], session["replay_id"]);
    }
}

#[test]
fn replay_captured_is_made_once_however_many_batches_come_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let viewers = [start_in(folder.path()), start_in(folder.path())];
    std::thread::scope(|scope| {
        for turn in 0..32 {
            let viewer = &viewers[turn % 2];
            scope.spawn(move || {
                let session = format!("{}", turn % 4);
                assert_eq!(Batch::new("d", &session, &[META]).send(viewer).status, 200);
            });
        }
    });
    for viewer in &viewers {
        // What the other one received is known a moment later.
        let deadline = Instant::now() + Duration::from_secs(60);
        let events = loop {
            let events = get(viewer, "/api/events");
            if events.as_array().unwrap().len() >= 4 || Instant::now() > deadline {
                break events;
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        let mut sessions: Vec<_> = events
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                assert_eq!(event["event_type"], "[Amplitude] Replay Captured");
                assert_eq!(event["device_id"], "d");
                let id = &event["event_properties"]["[Amplitude] Session Replay ID"];
                id.as_str().unwrap().to_owned()
            })
            .collect();
        sessions.sort();
        assert_eq!(sessions, ["d/0", "d/1", "d/2", "d/3"]);
    }
}

#[test]
fn two_viewers_on_one_store_show_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = [start_in(folder.path()), start_in(folder.path())];
    Batch::new("d", "s", &[META]).send(&one);
    Batch::new("d", "s", &[SNAPSHOT]).send(&two);
    Batch::new("d", "s", &[MOVE]).send(&one);
    for viewer in [&one, &two] {
        let events = call(viewer, "GET", "/api/sessions/d/s/events", "");
        assert_eq!(String::from_utf8(events.body).unwrap(), format!("[{META},{SNAPSHOT},{MOVE}]"));
    }
    drop((one, two));
    let later = start_in(folder.path());
    assert_eq!(get(&later, "/api/sessions")[0]["events"], 3);
}

#[test]
fn a_stopped_viewer_lets_its_port_go() {
    let viewer = start();
    let port = viewer.address().port();
    drop(viewer);
    let config = session_replay_viewer::Config { port, ..Default::default() };
    let again = session_replay_viewer::Viewer::start(config).unwrap();
    assert_eq!(again.address().port(), port);
}

#[test]
fn what_makes_a_player_throw_is_taken_and_told_of() {
    let viewer = start();
    let throws = [
        r#"{"type":3,"timestamp":1795465977000}"#,
        r#"{"type":3,"timestamp":1795465977001,"data":{"source":"0"}}"#,
        r#"{"type":4,"timestamp":1795465977002,"data":{"href":"","width":1}}"#,
    ];
    assert_eq!(Batch::new("d", "s", &[META, SNAPSHOT, throws[0]]).send(&viewer).status, 200);
    assert_eq!(Batch::new("d", "s", &[MOVE, throws[1], throws[2], throws[2]]).send(&viewer).status, 200);
    let session = get(&viewer, "/api/sessions/d/s");
    assert_eq!(session["problems"].as_array().unwrap().len(), 1, "{session}");
    let problem = &session["problems"][0];
    assert_eq!(problem["code"], "unplayable_events");
    let message = problem["message"].as_str().unwrap();
    assert!(message.starts_with("4 events are not"), "{message}");
    for said in ["data is not an object", "data.source is not a number", "data.height is not a number"] {
        assert!(message.contains(said), "{message}");
    }
    assert!(!message.contains("data.node"), "{message}");
    assert_eq!(get(&viewer, "/api/sessions")[0]["problems"], session["problems"]);
    let sequences = get(&viewer, "/api/sessions/d/s/sequences");
    let places = &sequences[1]["meta"]["problems"];
    assert_eq!(places[0], "event 1 can't be played: data.source is not a number");
    assert_eq!(places.as_array().unwrap().len(), 3);
    assert_eq!(get(&viewer, "/api/requests")[1]["problems"], *places);
}

const CLICK: &str = r##"{"x":10,"y":20,"selector":"#buy","viewportHeight":600,"viewportWidth":800,"pageUrl":"http://app/","timestamp":1795465976800,"type":"click","count":2}"##;
const SCROLL: &str = r#"{"maxScrollX":0,"maxScrollY":900,"maxScrollWidth":800,"maxScrollHeight":1500,"viewportHeight":600,"viewportWidth":800,"pageUrl":"http://app/","timestamp":1795465976900,"type":"scroll"}"#;

fn interactions(events: &str) -> Batch {
    let body = format!(r#"{{"version":1,"events":[{events}]}}"#);
    Batch::with_body("device-1", "1732300000000", body.as_bytes()).query("type", "interaction")
}

#[test]
fn interactions_are_kept_byte_for_byte_and_are_no_replay() {
    let viewer = start();
    assert_eq!(interactions(&format!("{CLICK},{SCROLL}")).send(&viewer).status, 200);
    assert_eq!(get(&viewer, "/api/sessions"), json!([]), "no replay of it");
    assert_eq!(get(&viewer, "/api/events"), json!([]), "nothing was captured");
    let path = "/api/sessions/device-1/1732300000000";
    // As the browser SDK sends how far a page was scrolled: a text in a beacon, without headers of its own.
    let mut beacon = Batch::beacon::<&str>("device-1", "1732300000000", &[])
        .query("type", "interaction")
        .header("content-type", "text/plain;charset=UTF-8");
    beacon.body = format!(r#"{{"version":1,"events":[{SCROLL}]}}"#).into();
    assert_eq!(beacon.send(&viewer).status, 200);
    let told = call(&viewer, "GET", &format!("{path}/interactions"), "");
    assert_eq!(String::from_utf8(told.body).unwrap(), format!("[{CLICK},{SCROLL},{SCROLL}]"));
    let all = get(&viewer, "/api/interactions");
    assert_eq!(all.as_array().unwrap().len(), 3, "of all sessions");
    assert_eq!(Batch::new("device-1", "1732300000000", &[META, SNAPSHOT]).send(&viewer).status, 200);
    assert_eq!(get(&viewer, path)["events"], 2);
    assert_eq!(get(&viewer, &format!("{path}/events")).as_array().unwrap().len(), 2);
}
