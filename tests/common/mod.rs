//! What the integration tests share: a real server on loopback and a recorder that speaks to it.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that can't go on has failed")]

pub mod c;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use serde_json::{Value, json};
use session_replay::{Log, Options, OptionsError, SessionReplay};
use session_replay_viewer::{Config, Viewer};

/// The viewer, as a server.
pub struct Server {
    viewer: Viewer,
}

impl Server {
    pub fn start() -> Self {
        Self { viewer: Viewer::start(Config::default()).expect("the viewer starts") }
    }

    pub fn url(&self) -> String {
        self.viewer.url()
    }

    pub fn address(&self) -> SocketAddr {
        self.viewer.address()
    }

    pub fn get(&self, path: &str) -> String {
        let mut response = ureq::get(format!("{}{path}", self.url()))
            .config()
            .http_status_as_error(false)
            .build()
            .call()
            .expect("the viewer answers");
        match response.status().as_u16() {
            404 => "null".to_owned(),
            _ => {
                response.body_mut().with_config().limit(1 << 30).read_to_string().expect("it answers in text")
            }
        }
    }

    pub fn post(&self, path: &str, body: &Value) {
        let request = ureq::post(format!("{}{path}", self.url())).header("Content-Type", "application/json");
        request.send(body.to_string()).expect("the viewer takes it");
    }

    pub fn put(&self, path: &str, body: &Value) {
        let request = ureq::put(format!("{}{path}", self.url())).header("Content-Type", "application/json");
        request.send(body.to_string()).expect("the viewer takes it");
    }

    pub fn delete(&self, path: &str) {
        ureq::delete(format!("{}{path}", self.url())).call().expect("the viewer does it");
    }

    /// The events of a session as they arrived, each the text that was sent.
    pub fn events(&self, device: &str, session: &str) -> Vec<String> {
        let text = self.get(&format!("/api/sessions/{device}/{session}/events"));
        let events: Option<Vec<&RawValue>> = serde_json::from_str(&text).expect("a list of events");
        events.unwrap_or_default().into_iter().map(|event| event.get().to_owned()).collect()
    }

    /// The same, batch by batch.
    pub fn sequences(&self, device: &str, session: &str) -> Vec<Vec<String>> {
        #[derive(serde::Deserialize)]
        struct Sequence {
            events: Vec<String>,
        }
        let text = self.get(&format!("/api/sessions/{device}/{session}/sequences"));
        let sequences: Vec<Sequence> = serde_json::from_str(&text).expect("a list of sequences");
        sequences.into_iter().map(|sequence| sequence.events).collect()
    }

    pub fn session(&self, device: &str, session: &str) -> Value {
        serde_json::from_str(&self.get(&format!("/api/sessions/{device}/{session}"))).expect("a session")
    }

    pub fn wait_for_events(&self, device: &str, session: &str, count: usize) {
        wait_until(&format!("{count} events of {device}/{session}"), || {
            self.events(device, session).len() >= count
        });
    }
}

pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn options(json: &Value) -> Result<Options, OptionsError> {
    Options::from_json(&json.to_string())
}

/// A recorder of everything, with `more` options.
pub fn start(server: &Server, more: Value) -> SessionReplay {
    SessionReplay::start("test-api-key", options_for(server, more), Arc::<Log>::default()).expect("it starts")
}

pub fn options_for(server: &Server, more: Value) -> Options {
    let mut all = json!({
        "deviceId": "device-1",
        "sessionId": 1_732_300_000_000_i64,
        "sampleRate": 1,
        "enableRemoteConfig": false,
        "trackServerUrl": server.viewer.track_url(),
        "configServerUrl": server.viewer.config_url(),
    });
    for (key, value) in more.as_object().expect("an object of options") {
        all[key] = value.clone();
    }
    options(&all).expect("good options")
}

/// A real recording, line by line.
pub fn recording(name: &str) -> Vec<String> {
    let path = format!("{}/tests/fixtures/recordings/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the recording is there").lines().map(str::to_owned).collect()
}

/// An rrweb event, a custom one, with this payload.
pub fn timestamped(payload: &Value) -> String {
    format!(r#"{{"type":5,"timestamp":1732300000000,"data":{{"tag":"test","payload":{payload}}}}}"#)
}

/// A full snapshot of a page with nothing in it.
pub const SNAPSHOT: &str = r#"{"type":2,"timestamp":1732300000000,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","attributes":{},"childNodes":[],"id":2}],"id":1},"initialOffset":{"left":0,"top":0}}}"#;

/// What `protocol.md` makes of an event: the values as they are, the keys in its order. By another way than the
/// library's own.
pub fn wire_form(event: &str) -> String {
    let values: HashMap<String, &RawValue> = serde_json::from_str(event).expect("an event");
    let keys = ["type", "timestamp", "delay", "data"];
    let pairs = keys.iter().filter_map(|key| Some(format!("\"{key}\":{}", values.get(*key)?)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

/// How many files with this extension lie below a directory.
pub fn files_below(dir: &Path, extension: &str) -> usize {
    list_below(dir, extension).len()
}

/// The same files, in the order of their names.
pub fn list_below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(list_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// One HTTP request, as it came over the wire.
pub struct RawRequest {
    pub line: String,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl RawRequest {
    pub fn unpacked(&self) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&self.body[..]).read_to_string(&mut text).expect("gzipped text");
        text
    }
}

/// A server that takes one request and hands it over byte for byte, where the viewer would have understood it.
pub fn receive_one_request() -> (String, Receiver<RawRequest>) {
    receive(1)
}

/// A server that does so with every request.
pub fn receive_requests() -> (String, Receiver<RawRequest>) {
    receive(usize::MAX)
}

fn receive(count: usize) -> (String, Receiver<RawRequest>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(count) {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let _ = sender.send(read_request(&mut stream));
            let _ = stream
                .get_mut()
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (url, receiver)
}

fn read_request(stream: &mut impl BufRead) -> RawRequest {
    let mut lines = stream.by_ref().lines().map(|line| line.expect("a line"));
    let line = lines.next().expect("a request line");
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())))
        .collect();
    let length = headers["content-length"].parse().expect("a length");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    RawRequest { line, headers, body }
}
