//! Clicks and scroll depth: in requests of their own, as the browser SDK sends them, and never in a replay; through kills, too.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use common::child::this_test;
use common::{DEAD, SNAPSHOT, Server, capture_all, start, timestamped, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Error, Lines, Log, Outcome, SessionId, SessionReplay, ViewInfo};

const SESSION: &str = "1732300000000";
const HOUR_MS: u64 = 3_600_000;
/// At the full hour.
const TIME: u64 = 495_000 * HOUR_MS;

fn on(more: Value) -> Value {
    let mut options = json!({ "interactionConfig": { "enabled": true } });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn click(x: u64, timestamp: u64) -> String {
    format!(
        r##"{{"x":{x},"y":50,"selector":"#buy","viewportHeight":720,"viewportWidth":1280,"pageUrl":"https://shop.example/","timestamp":{timestamp},"type":"click"}}"##
    )
}

fn scroll() -> String {
    format!(
        r#"{{"maxScrollX":0,"maxScrollY":1200,"maxScrollWidth":1280,"maxScrollHeight":1920,"viewportHeight":720,"viewportWidth":1280,"pageUrl":"https://shop.example/","timestamp":{TIME},"type":"scroll"}}"#
    )
}

/// An interaction in the place of an event, as a page tells it.
fn line(interaction: &str) -> String {
    format!(
        r#"{{"type":5,"data":{{"tag":"session-replay-interaction","payload":{interaction}}},"timestamp":{TIME}}}"#
    )
}

fn counted(click: &str, count: u64) -> Value {
    let mut value: Value = serde_json::from_str(click).unwrap();
    value["count"] = count.into();
    value
}

fn interactions(server: &Server, session: &str) -> Vec<Value> {
    serde_json::from_str(&server.get(&format!("/api/sessions/device-1/{session}/interactions"))).unwrap()
}

/// The requests with interactions that the server saw.
fn requests(server: &Server) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(&server.get("/api/requests")).unwrap();
    let is_ours = |request: &Value| request["query"].as_str().unwrap().contains("type=interaction");
    all.into_iter().filter(is_ours).collect()
}

#[test]
fn they_travel_in_requests_of_their_own_and_never_in_the_replay() {
    let server = Server::start();
    let replay = start(&server, on(json!({})));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    assert_eq!(replay.record_interaction(&click(1, TIME)), Ok(Outcome::Done));
    let lines = [timestamped(&json!(1)), line(&click(2, TIME)), line(&scroll()), timestamped(&json!(2))];
    let (kept, outcome) = replay.record_lines(lines.join("\n").as_bytes());
    assert_eq!((kept, outcome), (4, Ok(Outcome::Done)));
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(
        interactions(&server, SESSION),
        [counted(&click(1, TIME), 1), counted(&click(2, TIME), 1), serde_json::from_str(&scroll()).unwrap()]
    );
    let events = server.events("device-1", SESSION);
    assert_eq!(events.len(), 3, "the snapshot and two others");
    assert!(!events.concat().contains("interaction") && !events.concat().contains("#buy"));
    let stats = replay.stats();
    assert_eq!(stats["interactions"], json!({ "recorded": 3, "delivered": 3, "off": 0 }));
    assert_eq!((&stats["recorded"]["events"], &stats["delivered"]), (&json!(6), &json!(6)));
}

/// A page's recorder writes them in one form, by which they are known at once; others are searched for the tag.
#[test]
fn in_another_form_they_are_known_too() {
    let server = Server::start();
    let replay = start(&server, on(json!({})));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    let payload = click(1, TIME);
    let tag = r#""tag":"session-replay-interaction""#;
    let lines = [
        format!(r#"{{"data":{{"payload":{payload},{tag}}},"timestamp":{TIME},"type":5}}"#),
        format!(r#"{{"type": 5, "data": {{{tag}, "payload": {payload}}}, "timestamp": {TIME}}}"#),
        format!(r#"{{"type":5,"timestamp":{TIME},"data":{{{tag},"payload":{payload}}}}}"#),
    ];
    for line in &lines {
        assert_eq!(replay.record(line.as_bytes()), Ok(Outcome::Done));
    }
    assert_eq!(replay.record_custom("session-replay-interaction", &click(5, TIME)), Ok(Outcome::Done));
    replay.record_custom("other", &json!({"is": "session-replay-interaction"}).to_string()).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    let one = counted(&payload, 1);
    assert_eq!(interactions(&server, SESSION), [one.clone(), one.clone(), one, counted(&click(5, TIME), 1)]);
    let events = server.events("device-1", SESSION);
    assert_eq!(events.len(), 2, "the snapshot and the custom event: {events:?}");
    let stats = replay.stats();
    assert_eq!(stats["dropped"]["invalidEvent"], 0, "{stats}");
    for line in lines {
        let refused = replay.record(line.replace("pageUrl", "page").as_bytes());
        assert!(matches!(refused, Err(Error::InvalidJson(_))), "{refused:?}");
    }
}

/// Whether ours is in the same words, in the same order.
#[test]
fn a_request_is_as_the_browser_sdk_makes_it() {
    for (file, merges) in [("counted", false), ("merged", true)] {
        let path = format!("{}/tests/fixtures/wire/interactions/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let capture: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for theirs in capture["requests"].as_array().unwrap() {
            let server = Server::start();
            let config = json!({ "enabled": true, "batch": merges });
            let replay = start(&server, json!({ "interactionConfig": config, "deviceId": "device-0001" }));
            let events = theirs["body"]["events"].as_array().unwrap();
            for event in events {
                let mut told = event.clone();
                let count =
                    told.as_object_mut().unwrap().remove("count").map_or(1, |count| count.as_u64().unwrap());
                for _ in 0..count {
                    replay.record_interaction(&told.to_string()).unwrap();
                }
            }
            replay.flush(within_ms(20_000)).unwrap();
            let told = server.get(&format!("/api/sessions/device-0001/{SESSION}/interactions"));
            assert_eq!(serde_json::from_str::<Value>(&told).unwrap(), theirs["body"]["events"], "{file}");
            let [ours] = &requests(&server)[..] else { panic!("one request") };
            let query = url::form_urlencoded::parse(ours["query"].as_str().unwrap().as_bytes());
            let query: Vec<Value> = query.map(|(name, value)| json!([name, value])).collect();
            assert_eq!(query[..], theirs["query"].as_array().unwrap()[..3], "{file}");
            // Theirs of a page that is left is a beacon, which has no headers.
            let is_beacon = theirs["query"].as_array().unwrap().len() > 3;
            let theirs = theirs["headers"].as_object().unwrap();
            let names = theirs.iter().filter(|(name, _)| *name == "accept" || !is_beacon);
            for (name, value) in names {
                let own = ["x-client-version", "x-client-library", "x-client-url"].contains(&&**name);
                // The viewer keeps keys to itself.
                if !own && name != "authorization" {
                    assert_eq!(&ours["headers"][name], value, "{file}: {name}");
                }
            }
        }
    }
}

#[test]
fn equal_clicks_are_merged_where_the_configuration_says_so() {
    let server = Server::start();
    let config = json!({ "interactionConfig": { "enabled": true, "batch": true } });
    let replay = start(&server, config);
    for minute in 0..50 {
        replay.record_interaction(&click(1, TIME + minute * 60_000)).unwrap();
    }
    replay.record_interaction(&click(2, TIME)).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(interactions(&server, SESSION), [counted(&click(1, TIME), 50), counted(&click(2, TIME), 1)]);
    assert_eq!(replay.stats()["delivered"], 51, "each was recorded");
}

#[test]
fn what_is_not_wanted_or_not_right_is_refused_and_told() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    assert_eq!(replay.record_interaction(&click(1, TIME)), Ok(Outcome::NotCaptured), "it is off");
    assert_eq!(replay.record(line(&click(1, TIME)).as_bytes()), Ok(Outcome::Done), "no news for a page");
    assert_eq!(replay.stats()["interactions"]["off"], 2);
    replay.set_opt_out(true).unwrap();
    assert_eq!(replay.record(line(&click(1, TIME)).as_bytes()), Ok(Outcome::Done));
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION).len(), 1, "no line stands in the replay");

    let replay = start(&server, on(json!({})));
    for (told, says) in [
        ("nonsense".to_owned(), "not a JSON object"),
        (click(1, TIME).replace("pageUrl", "url"), "a click needs a text in \"pageUrl\""),
        (r#"{"type":"hover"}"#.to_owned(), "\"click\" or \"scroll\""),
    ] {
        let Err(Error::InvalidJson(message)) = replay.record_interaction(&told) else { panic!("{told}") };
        assert!(message.contains(says) && message.contains("docs/guide/heatmaps.md"), "{message}");
        let of_page = replay.record(line(&told).as_bytes());
        assert!(matches!(of_page, Err(Error::InvalidJson(_))), "{told}: {of_page:?}");
    }
    let long = click(1, TIME).replace("#buy", &"a".repeat(32_000));
    let error = replay.record_interaction(&long).unwrap_err();
    assert!(error.to_string().contains("the limit is 32000"), "{error}");
    replay.set_opt_out(true).unwrap();
    assert_eq!(replay.record_interaction(&click(1, TIME)), Ok(Outcome::NotCaptured));
    replay.flush(within_ms(20_000)).unwrap();
    assert!(requests(&server).is_empty());
    let stats = replay.stats();
    assert_eq!((&stats["refused"]["invalidEvent"], &stats["refused"]["tooLarge"]), (&json!(6), &json!(1)));
}

#[test]
fn each_belongs_to_the_session_in_which_it_was_told() {
    let server = Server::start();
    let replay = start(&server, on(json!({})));
    for session in 1..=3 {
        replay.set_session_id(SessionId::from_millis(session).unwrap());
        replay.record_interaction(&click(session as u64, TIME)).unwrap();
    }
    replay.flush(within_ms(20_000)).unwrap();
    for session in 1..=3_u64 {
        let told = interactions(&server, &session.to_string());
        assert_eq!(told, [counted(&click(session, TIME), 1)], "{session}");
    }
    assert_eq!(requests(&server).len(), 3);
}

#[test]
fn a_page_is_told_of_a_missing_snapshot_all_the_same_and_a_page_of_a_view_tells_them_too() {
    let server = Server::start();
    let replay = start(&server, on(json!({})));
    let lines = [timestamped(&json!(1)), line(&click(1, TIME))].join("\n");
    assert_eq!(replay.record_lines(lines.as_bytes()).1, Ok(Outcome::NeedsFullSnapshot));
    assert_eq!(replay.record_interaction(&click(2, TIME)), Ok(Outcome::Done), "it is no part of the replay");
    replay.flush(within_ms(20_000)).unwrap();

    let replay = start(&server, on(json!({ "sessionId": "views" })));
    replay
        .place_view(&ViewInfo { view: 1, rectangle: [0.0, 0.0, 100.0, 100.0], ..ViewInfo::default() })
        .unwrap();
    let mut done = Lines::default();
    let lines = [SNAPSHOT.to_owned(), line(&click(3, TIME))].join("\n");
    assert_eq!(replay.record_view_lines(1, lines.as_bytes(), &mut done), Ok(Outcome::Done));
    assert_eq!(done.kept, 2);
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(interactions(&server, "views"), [counted(&click(3, TIME), 1)]);
    assert!(!server.events("device-1", "views").concat().contains("#buy"));
}

#[test]
fn what_the_remote_configuration_turns_out_not_to_take_is_not_sent() {
    for (remote, arrives) in
        [(json!({ "enabled": true, "batch": false }), 1), (json!({ "enabled": false }), 0)]
    {
        let server = Server::start();
        server.put(
            "/api/remote-config",
            &json!({ "sr_sampling_config": { "capture_enabled": true, "sample_rate": 1 }, "sr_interaction_config": remote }),
        );
        server.delay_remote_config();
        let replay = start(&server, on(json!({ "enableRemoteConfig": true })));
        replay.record(SNAPSHOT.as_bytes()).unwrap();
        assert_eq!(replay.record_interaction(&click(1, TIME)), Ok(Outcome::Done));
        wait_until("the configuration is known", || replay.stats()["state"] == "capturing");
        replay.flush(within_ms(20_000)).unwrap();
        assert_eq!(interactions(&server, SESSION).len(), arrives, "{remote}");
        assert_eq!(server.events("device-1", SESSION).len(), 1);
        assert_eq!(replay.stats()["dropped"]["notCaptured"], 1 - arrives);
    }
}

/// Neither of the two kinds parts the other's neighbours: each goes in one request, however they lie.
#[test]
fn a_backlog_of_both_goes_in_few_requests() {
    let server = Server::start();
    server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
    let replay = start(&server, on(json!({ "flushMaxRetries": 1 })));
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    for number in 0..20 {
        replay.record(timestamped(&json!(number)).as_bytes()).unwrap();
        replay.record_interaction(&click(number, TIME)).unwrap();
        let _ = replay.flush(0);
    }
    server.delete("/api/faults");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!((server.events("device-1", SESSION).len(), interactions(&server, SESSION).len()), (21, 20));
    let accepted = requests(&server).iter().filter(|request| request["outcome"] == "accepted").count();
    assert!(accepted <= 3, "{accepted} requests");
}

/// The host of the test below: tells each interaction that is safe, until it is killed.
#[test]
fn child_that_is_killed() {
    let Ok(dir) = std::env::var("SR_KILLED_IN") else { return };
    let options = capture_all(DEAD, on(json!({ "storageDir": dir })));
    let replay = SessionReplay::start("test-api-key", options, Arc::<Log>::default()).unwrap();
    let run: u64 = std::env::var("SR_RUN").unwrap().parse().unwrap();
    replay.record(SNAPSHOT.as_bytes()).unwrap();
    for number in 0.. {
        // Large enough that chunks on both sides of an interaction are compacted into one file.
        replay.record(timestamped(&json!("x".repeat(20_000))).as_bytes()).unwrap();
        assert_eq!(replay.record_interaction(&click(run * 1_000_000 + number, TIME)), Ok(Outcome::Done));
        println!("told {number}");
        if number % 7 == 0 {
            let _ = replay.flush(0);
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

#[test]
fn what_was_accepted_arrives_once_however_the_host_ends() {
    use std::io::{BufRead, BufReader};
    let storage = tempfile::tempdir().unwrap();
    let mut accepted = Vec::new();
    for run in 1..=4_u64 {
        let mut host = this_test("child_that_is_killed")
            .env("SR_KILLED_IN", storage.path())
            .env("SR_RUN", run.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(host.stdout.take().unwrap()).lines();
        let last = 60 * run;
        let mut told = 0;
        while told < last {
            let line = said.next().unwrap().unwrap();
            if let Some(number) = line.strip_prefix("told ") {
                told = number.parse().unwrap();
            }
        }
        host.kill().unwrap();
        // What it had said before it was gone counts, too.
        for line in said.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("told ") {
                told = number.parse().unwrap_or(told);
            }
        }
        host.wait().unwrap();
        accepted.extend((0..=told).map(|number| run * 1_000_000 + number));
    }
    let server = Server::start();
    let replay = start(&server, on(json!({ "storageDir": storage.path(), "sessionId": "later" })));
    wait_until("what was left is found", || replay.stats()["adopted"].as_u64() > Some(accepted.len() as u64));
    replay.flush(within_ms(60_000)).unwrap();
    let arrived: Vec<u64> =
        interactions(&server, SESSION).iter().map(|event| event["x"].as_u64().unwrap()).collect();
    for x in &accepted {
        assert_eq!(arrived.iter().filter(|arrived| *arrived == x).count(), 1, "{x}");
    }
    // The host may have been killed between the call and its word.
    assert!(arrived.len() <= accepted.len() + 4);
    let events = server.events("device-1", SESSION).concat();
    assert!(!events.contains("#buy"), "the replay holds no interaction");
    assert!(requests(&server).len() < 40, "they were merged: {}", requests(&server).len());
}
