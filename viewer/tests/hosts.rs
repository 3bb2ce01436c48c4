//! The viewer answers to hosts it knows, on every route, however a request says where it wants to go. Only native SDKs may
//! know it by any name.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;

use common::{Batch, META, SNAPSHOT, get, start};
use session_replay_viewer::{Config, Viewer};

/// What speaks the protocol.
const PROTOCOL: [&str; 3] = [
    "POST /sessions/v2/track?device_id=d&session_id=s&type=replay",
    "OPTIONS /track",
    "GET /config/key?config_group=browser",
];
const ROUTES: [&str; 15] = [
    "GET /",
    "GET /sessions/d/s",
    "GET /assets/app.js",
    "GET /api/sessions",
    "GET /api/sessions/d/s",
    "GET /api/sessions/d/s/events",
    "GET /api/sessions/d/s/sequences",
    "GET /api/sessions/d/s/live",
    "GET /api/live",
    "GET /api/requests",
    "GET /api/events",
    "PUT /api/remote-config",
    "DELETE /api/faults",
    "POST /api/faults",
    "GET /nowhere",
];

/// The status of the reply to a request with these lines, and its body.
fn ask(viewer: &Viewer, lines: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(viewer.address()).unwrap();
    stream
        .write_all(format!("{lines}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").as_bytes())
        .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let status = reply.split(' ').nth(1).unwrap_or_else(|| panic!("{reply:?}")).parse().unwrap();
    (status, reply)
}

#[test]
fn no_route_answers_to_a_host_of_others() {
    let viewer = start();
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    let port = viewer.address().port();
    let evil = format!("evil.example:{port}");
    for route in ROUTES {
        let (method, path) = route.split_once(' ').unwrap();
        for (lines, expected) in [
            (format!("{route} HTTP/1.1\r\nHost: {evil}\r\nOrigin: http://{evil}"), 421),
            (format!("{method} http://{evil}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}"), 421),
            (format!("{method} http://127.0.0.1:{port}{path} HTTP/1.1\r\nHost: {evil}"), 421),
            (format!("{route} HTTP/1.1\r\nHost: 127.0.0.1:{}", port ^ 1), 421),
            (format!("{route} HTTP/1.1"), 400),
            (format!("{route} HTTP/1.0"), 400),
            (format!("{route} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: {evil}"), 400),
        ] {
            let (status, reply) = ask(&viewer, &lines);
            assert_eq!(status, expected, "{lines}");
            assert!(!reply.contains("1795465976"), "{lines} told of a replay: {reply}");
        }
    }
    assert_eq!(get(&viewer, "/api/sessions")[0]["sequences"], 1, "nothing more was taken");
}

#[test]
fn pages_reach_the_protocol_by_known_hosts_and_native_sdks_by_any() {
    let viewer = start();
    let port = viewer.address().port();
    let (ours, evil) = (format!("127.0.0.1:{port}"), format!("evil.example:{port}"));
    for route in PROTOCOL {
        let (method, path) = route.split_once(' ').unwrap();
        for origin in ["Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: same-origin"] {
            for lines in [
                format!("{route} HTTP/1.1\r\nHost: {evil}\r\n{origin}"),
                format!("{method} http://{evil}{path} HTTP/1.1\r\nHost: {ours}\r\n{origin}"),
            ] {
                assert_eq!(ask(&viewer, &lines).0, 421, "{lines}");
            }
            let lines = format!("{route} HTTP/1.1\r\nHost: {ours}\r\n{origin}");
            assert_ne!(ask(&viewer, &lines).0, 421, "{lines}");
        }
        let lines = format!("{route} HTTP/1.1\r\nHost: 10.0.2.2:{port}");
        assert_ne!(ask(&viewer, &lines).0, 421, "{lines}");
    }
}

#[test]
fn what_was_turned_away_is_told_with_what_to_do() {
    let viewer = start();
    let (status, reply) =
        ask(&viewer, "POST /track HTTP/1.1\r\nHost: tablet.example:8787\r\nOrigin: app://x");
    assert_eq!(status, 421);
    assert!(reply.contains("--allow-host"), "{reply}");
    let requests = get(&viewer, "/api/requests");
    assert_eq!(requests[0]["outcome"], "rejected");
    assert!(requests[0]["error"].as_str().unwrap().contains("tablet.example:8787"), "{requests}");
}

#[test]
fn known_hosts_and_those_that_the_user_named_are_answered_to() {
    let allowed_hosts = vec!["Desk.example".to_owned(), "forwarded.example:9000".to_owned()];
    let viewer = Viewer::start(Config { allowed_hosts, ..Config::default() }).unwrap();
    let port = viewer.address().port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("LOCALHOST.:{port}"),
        format!("[::1]:{port}"),
        format!("desk.example:{port}"),
        "desk.example".to_owned(),
        "forwarded.example:9000".to_owned(),
    ] {
        let lines = format!("GET /api/sessions HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}");
        assert_eq!(ask(&viewer, &lines).0, 200, "{host}");
        let lines = format!("GET http://{host}/api/sessions HTTP/1.1\r\nHost: {host}");
        assert_eq!(ask(&viewer, &lines).0, 200, "{host}");
    }
}

#[test]
fn pages_of_other_origins_can_not_even_hold_a_feed() {
    let viewer = start();
    let host = format!("Host: {}", viewer.address());
    for (says, expected) in [
        ("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image", 403),
        ("Sec-Fetch-Site: same-site\r\nSec-Fetch-Dest: empty", 403),
        ("Sec-Fetch-Site: cross-site", 403),
        ("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: document", 200),
        ("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: empty", 200),
        ("Sec-Fetch-Site: none\r\nSec-Fetch-Dest: document", 200),
        ("Origin: http://other.example", 403),
        ("Origin: null", 403),
    ] {
        let lines = format!("GET /api/sessions HTTP/1.1\r\n{host}\r\n{says}");
        assert_eq!(ask(&viewer, &lines).0, expected, "{says}");
    }
}
