//! Clients that hold something for long leave the others be.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use common::{Batch, META, SNAPSHOT, call, faults, get, start};
use serde_json::json;
use session_replay_viewer::Viewer;

/// More than the viewer takes of anything.
const CROWD: usize = 600;

/// Connections on which these bytes were sent, and that stay open.
fn crowd(address: SocketAddr, request: &str) -> Vec<TcpStream> {
    let open = |_| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        // The viewer may have ended one that stood still.
        let _ = stream.write_all(request.as_bytes());
        stream
    };
    (0..CROWD).map(open).collect()
}

/// A batch is taken, the list is shown, the page is there, and none of it takes long.
fn others_go_on(viewer: &Viewer, what: &str) {
    let began = Instant::now();
    for turn in 0..5 {
        let session = turn.to_string();
        assert_eq!(Batch::new("d", &session, &[META, SNAPSHOT]).send(viewer).status, 200, "{what}");
        assert!(!get(viewer, "/api/sessions").as_array().unwrap().is_empty(), "{what}");
        assert_eq!(call(viewer, "GET", "/", "").status, 200, "{what}");
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{what}: {:?}", began.elapsed());
}

fn get_request(viewer: &Viewer, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", viewer.address())
}

/// The statuses that were replied, as far as there are replies.
fn statuses(streams: &mut [TcpStream]) -> Vec<u16> {
    let status = |stream: &mut TcpStream| {
        let mut head = [0; 12];
        stream.read_exact(&mut head).ok()?;
        std::str::from_utf8(&head[9..]).ok()?.parse().ok()
    };
    streams.iter_mut().filter_map(status).collect()
}

#[test]
fn clients_of_feeds() {
    let viewer = start();
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    for path in ["/api/live", "/api/sessions/d/s/live"] {
        let mut streams = crowd(viewer.address(), &get_request(&viewer, path));
        others_go_on(&viewer, path);
        let statuses = statuses(&mut streams);
        let of = |wanted| statuses.iter().filter(|status| **status == wanted).count();
        assert!((2..200).contains(&of(200)), "{path}: {} feeds are open", of(200));
        assert!(of(503) > 300, "{path}: {statuses:?}");
        let told = call(&viewer, "GET", path, "");
        assert_eq!(told.status, 503);
        let error = told.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("live feeds"), "{error}");
        drop(streams);
        let deadline = Instant::now() + Duration::from_secs(20);
        while status_of(&viewer, path) != 200 {
            assert!(Instant::now() < deadline, "{path}: feeds whose clients went away end");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn status_of(viewer: &Viewer, path: &str) -> u16 {
    let mut stream = TcpStream::connect(viewer.address()).unwrap();
    stream.write_all(get_request(viewer, path).as_bytes()).unwrap();
    statuses(std::slice::from_mut(&mut stream)).pop().unwrap_or_default()
}

#[test]
fn clients_that_say_nothing_or_half_of_it() {
    let viewer = start();
    let host = format!("Host: {}", viewer.address());
    let track = "POST /track?device_id=d&session_id=s&type=replay HTTP/1.1";
    let headers = "Authorization: Bearer k\r\nContent-Type: application/json\r\nAccept: */*\r\n\
        X-Client-Version: 1\r\nX-Client-Library: standalone/1\r\nX-Client-Sample-Rate: 1\r\n\
        X-Sampling-Hash-Alg: xxhash32";
    for request in [
        String::new(),
        format!("GET / HTTP/1.1\r\n{host}\r\n"),
        get_request(&viewer, "/assets/app.js"),
        get_request(&viewer, "/api/requests"),
        format!("{track}\r\n{host}\r\n{headers}\r\nContent-Length: 1000\r\n\r\n{{"),
        format!("{track}\r\n{host}\r\n{headers}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"),
        format!("PUT /api/remote-config HTTP/1.1\r\n{host}\r\nContent-Length: 1000\r\n\r\n{{"),
        format!("POST /api/faults HTTP/1.1\r\n{host}\r\nContent-Length: 1000\r\n\r\n{{"),
    ] {
        let streams = crowd(viewer.address(), &request);
        others_go_on(&viewer, &request);
        drop(streams);
    }
}

#[test]
fn clients_that_do_not_read() {
    let viewer = start();
    let long = format!(r#"{{"type":5,"timestamp":1,"data":{{"text":"{}"}}}}"#, "x".repeat(8_000_000));
    for _ in 0..3 {
        assert_eq!(Batch::new("long", "s", &[&long]).send(&viewer).status, 200);
    }
    for path in ["/api/sessions/long/s/events", "/api/sessions/long/s/live"] {
        let streams = crowd(viewer.address(), &get_request(&viewer, path));
        others_go_on(&viewer, path);
        let deadline = Instant::now() + Duration::from_secs(60);
        while status_of(&viewer, path) != 200 {
            assert!(Instant::now() < deadline, "{path}: those that do not read are dropped");
            std::thread::sleep(Duration::from_millis(200));
        }
        drop(streams);
    }
}

#[test]
fn requests_that_a_fault_leaves_hanging() {
    let viewer = start();
    faults(&viewer, &json!({ "on": "config", "standing": true, "hang": true }));
    let streams = crowd(viewer.address(), &get_request(&viewer, "/config/key"));
    others_go_on(&viewer, "hanging");
    drop(streams);
}

/// The files that a process has open may be few: macOS gives it 256.
#[cfg(unix)]
#[test]
fn a_crowd_does_not_use_up_the_files() {
    use std::io::{BufRead, BufReader};
    let program = env!("CARGO_BIN_EXE_session-replay-viewer");
    /// Ends the program with the test, however that ends.
    struct Program(std::process::Child);
    impl Drop for Program {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let child = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit -n 128; exec '{program}' --port 0")])
        .stdout(std::process::Stdio::piped())
        .spawn();
    let mut child = Program(child.unwrap());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("listening on ").unwrap().to_owned();
    let address: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
    let feeds = crowd(address, &format!("GET /api/live HTTP/1.1\r\nHost: {address}\r\n\r\n"));
    let idle = crowd(address, "");
    for _ in 0..5 {
        let reply = common::agent().get(format!("{url}/api/sessions")).call().unwrap();
        assert_eq!(reply.status(), 200);
    }
    drop((feeds, idle));
}
