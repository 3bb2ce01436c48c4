//! Log lines and requests of a program, from the calls to the server: they stand beside a page and beside views, in their order,
//! without secrets, and as `loggingConfig` says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

mod common;

use common::scene::{DEVICE, SESSION, arrived, page, play, text, window};
use common::{Server, start};
use serde_json::{Value, json};
use session_replay::{LogSeverity, Outcome, RequestInfo, SessionReplay};

const SECRET: &str = "hunter2";
const LOG: &str = "signed in with password=hunter2";
const REQUEST: RequestInfo = RequestInfo {
    method: "PUT",
    url: "https://ann:hunter2@shop.example/users/7?token=hunter2",
    started_ms: 1_732_300_000_000,
    duration_ms: 7,
    status: 200,
    request_headers: "Authorization: Bearer hunter2\nAccept: */*\n",
    response_headers: "Content-Type: application/json\nSet-Cookie: a=hunter2\n",
    request_body: Some(br#"{"a":1,"password":"hunter2"}"#),
    response_body: Some(br#"{"a":1,"b":{"token":"hunter2"}}"#),
    error: None,
};

/// The payloads of those events that are log lines and requests.
fn companions(events: &[String]) -> Vec<Value> {
    let events = events.iter().map(|event| serde_json::from_str::<Value>(event).unwrap());
    let data = events.map(|event| event["data"].clone());
    data.filter(|data| data["plugin"] == "rrweb/console@1" || data["tag"] == "fetch-request")
        .map(|data| data["payload"].clone())
        .collect()
}

fn told() -> [Value; 2] {
    [
        json!({"level": "warn", "trace": [], "payload": ["\"signed in with password=********\""]}),
        json!({
            "timestamp": REQUEST.started_ms, "type": "fetch", "method": "PUT", "status": 200, "duration": 7,
            "url": "https://********@shop.example/users/7?token=********",
            "requestHeaders": {"accept": "*/*"}, "responseHeaders": {"content-type": "application/json"},
        }),
    ]
}

fn record(replay: &SessionReplay) -> [Outcome; 2] {
    [replay.record_log(LogSeverity::Warn, LOG).unwrap(), replay.record_request(&REQUEST).unwrap()]
}

#[test]
fn they_stand_beside_a_page() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    assert_eq!(
        record(&replay),
        [Outcome::NeedsFullSnapshot; 2],
        "as every event of a session without a snapshot"
    );
    for event in page("a page") {
        replay.record(event.as_bytes()).unwrap();
    }
    assert_eq!(record(&replay), [Outcome::Done; 2]);
    let events = arrived(&server, &replay, SESSION);
    assert_eq!(companions(&events), [told(), told()].concat());
    assert!(!events.concat().contains(SECRET));
    assert_eq!(server.session(DEVICE, SESSION)["problems"], json!([]), "the viewer finds nothing wrong");
}

#[test]
fn they_stand_beside_views() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    replay.show_nodes(1, &[text("a label")]).unwrap();
    assert_eq!(record(&replay), [Outcome::Done; 2]);
    let events = arrived(&server, &replay, SESSION);
    assert_eq!(companions(&events), told());
    assert_eq!(play(&events).texts(), ["A window", "a label"]);
    assert!(!events.concat().contains(SECRET));
}

#[test]
fn logging_config_says_what_is_kept() {
    let server = Server::start();
    let logging = json!({
        "console": {"enabled": true, "levels": ["error"]},
        "network": {
            "enabled": true, "headers": {"allowlist": ["Authorization"]},
            "body": {"response": {"allowlist": ["/b/**"]}},
        },
    });
    let rules = json!([{"selector": "https://*/users/*", "replacement": "https://shop/users/id"}]);
    let more = json!({"loggingConfig": logging, "interactionConfig": {"enabled": false, "batch": false, "ugcFilterRules": rules}});
    let replay = start(&server, more);
    replay.place_view(&window(1)).unwrap();
    assert_eq!(record(&replay), [Outcome::NotCaptured, Outcome::Done]);
    assert_eq!(replay.record_log(LogSeverity::Error, "kept"), Ok(Outcome::Done));
    let events = companions(&arrived(&server, &replay, SESSION));
    assert_eq!(events[0]["url"], "https://shop/users/id");
    assert_eq!(events[0]["requestHeaders"], json!({"authorization": "********"}));
    assert_eq!(events[0]["responseBody"], r#"{"b":{"token":"********"}}"#);
    assert_eq!(events[0].get("requestBody"), None);
    assert_eq!(events[1]["payload"], json!(["\"kept\""]));
    assert_eq!(events.len(), 2);
}

#[test]
fn what_is_off_is_not_recorded_and_neither_is_anything_where_nothing_is_captured() {
    let server = Server::start();
    let off = json!({"console": {"enabled": false}, "network": {"enabled": false}});
    for more in [json!({"loggingConfig": off}), json!({"sampleRate": 0}), json!({"optOut": true})] {
        let replay = start(&server, more.clone());
        assert_eq!(record(&replay), [Outcome::NotCaptured; 2], "{more}");
        assert_eq!(replay.stats()["recorded"]["events"], 0, "{more}");
    }
}

#[test]
fn the_servers_configuration_counts() {
    let server = Server::start();
    let remote = json!({
        "configs": {"sessionReplay": {
            "sr_sampling_config": {"sample_rate": 1, "capture_enabled": true},
            "sr_logging_config": {"console": {"enabled": false}, "network": {"enabled": true, "body": {"request": true}}},
        }},
    });
    server.put("/api/remote-config", &remote);
    let replay =
        start(&server, json!({"enableRemoteConfig": true, "loggingConfig": {"console": {"enabled": true}}}));
    let outcome = || replay.record_log(LogSeverity::Error, "a line").unwrap();
    common::wait_until("the configuration is known", || outcome() == Outcome::NotCaptured);
    replay.record_request(&REQUEST).unwrap();
    let events = companions(&arrived(&server, &replay, SESSION));
    assert_eq!(events.last().unwrap()["requestBody"], r#"{"a":1,"password":"********"}"#);
}

/// They were recorded by the options alone: what was there is decided on before it leaves.
#[test]
fn what_is_told_before_the_server_has_answered_leaves_by_its_answer() {
    let logging = json!({
        "console": {"enabled": true},
        "network": {"enabled": true, "headers": {"allowlist": ["Accept", "Authorization"]}, "body": {"request": true}},
    });
    let rules = json!({"enabled": true, "ugcFilterRules": [{"selector": "https://*/users/*", "replacement": "https://shop/users/id"}]});
    for (remote, lines, requests) in [
        (json!({"console": {"enabled": false}, "network": {"enabled": false}}), 0, 0),
        (json!({"console": {"enabled": true, "levels": ["error"]}, "network": {"enabled": true}}), 0, 1),
        (json!({"network": {"enabled": true, "headers": {"allowlist": ["accept"]}}}), 1, 1),
    ] {
        for has_views in [false, true] {
            let server = Server::start();
            let config = json!({"sr_sampling_config": {"sample_rate": 1, "capture_enabled": true}, "sr_logging_config": remote, "sr_interaction_config": rules});
            server.put("/api/remote-config", &json!({"configs": {"sessionReplay": config}}));
            server.delay_remote_config();
            let replay = start(&server, json!({"enableRemoteConfig": true, "loggingConfig": logging}));
            if has_views {
                replay.place_view(&window(1)).unwrap();
            }
            assert_eq!(replay.stats()["state"], "waiting-for-remote-config");
            record(&replay);
            let events = companions(&arrived(&server, &replay, SESSION));
            let kinds = |kind: &str| events.iter().filter(|event| event.get(kind).is_some()).count();
            assert_eq!((kinds("level"), kinds("url")), (lines, requests), "{remote} {events:?}");
            for request in events.iter().filter(|event| event.get("url").is_some()) {
                assert_eq!(request["url"], "https://shop/users/id", "{remote}");
                assert_eq!(request.get("requestBody"), None, "{remote}");
                let has_all = remote["network"].get("headers").is_none();
                assert_eq!(request["requestHeaders"].get("authorization").is_some(), has_all, "{remote}");
            }
            assert_eq!(replay.stats()["dropped"]["notCaptured"], 2 - lines - requests, "{remote}");
        }
    }
}

#[test]
fn a_storm_is_cut_and_the_next_line_says_so() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    let outcomes = (0..10_000).map(|_| replay.record_log(LogSeverity::Info, "again").unwrap());
    let mut left_out = outcomes.filter(|outcome| *outcome == Outcome::NotCaptured).count();
    assert!(left_out > 0 && left_out <= 6_000, "{left_out}");
    assert_eq!(replay.record_request(&REQUEST), Ok(Outcome::Done), "requests have their own");
    let said = |events: &[Value]| -> usize {
        let counts = events.iter().filter_map(|event| {
            let text = event["payload"][0].as_str()?.strip_prefix("\"session-replay: ")?;
            assert_eq!(event["level"], "warn");
            text.strip_suffix(" lines were left out: the program makes too many at once\"")?
                .parse::<usize>()
                .ok()
        });
        counts.sum()
    };
    common::wait_until("the next line says how many were left out", || {
        let outcome = replay.record_log(LogSeverity::Info, "calm").unwrap();
        left_out += usize::from(outcome == Outcome::NotCaptured);
        let events = companions(&arrived(&server, &replay, SESSION));
        outcome == Outcome::Done && said(&events) == left_out
    });
    assert_eq!(replay.stats()["notCaptured"], left_out);
}

#[test]
fn many_threads_lose_nothing_and_each_keeps_its_order() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let replay = &replay;
            scope.spawn(move || {
                for number in 0..300 {
                    replay.record_log(LogSeverity::Info, &format!("{thread} {number}")).unwrap();
                }
            });
        }
    });
    let events = companions(&arrived(&server, &replay, SESSION));
    let lines: Vec<&str> = events.iter().map(|payload| payload["payload"][0].as_str().unwrap()).collect();
    for thread in 0..4 {
        let beginning = format!("\"{thread} ");
        let of_thread: Vec<&str> =
            lines.iter().filter_map(|line| line.strip_prefix(&beginning)?.strip_suffix('"')).collect();
        let expected: Vec<String> = (0..300).map(|number| number.to_string()).collect();
        assert_eq!(of_thread, expected);
    }
}
