//! What every test of the viewer needs: a batch, a client, and a look at the API.
#![allow(dead_code, missing_docs, clippy::panic, clippy::unwrap_used)] // each test file uses its own part

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use session_replay_viewer::{Config, StoreLocation, Viewer};
use ureq::http::Method;

pub const META: &str =
    r#"{"type":4,"timestamp":1795465976788,"data":{"href":"http://app/","width":1280,"height":720}}"#;
pub const SNAPSHOT: &str = r#"{"type":2,"timestamp":1795465976855.5,"data":{"node":{"type":0,"childNodes":[],"id":1},"initialOffset":{"left":0,"top":0}}}"#;
pub const MOVE: &str = r#"{"type":3,"timestamp":1795465977101,"delay":3,"data":{"source":1,"positions":[]}}"#;

pub fn start() -> Viewer {
    Viewer::start(Config::default()).unwrap()
}

pub fn start_in(folder: &std::path::Path) -> Viewer {
    Viewer::start(Config { store: StoreLocation::Folder(folder.to_owned()), ..Config::default() }).unwrap()
}

/// A request to the ingest that is right until a test spoils it.
#[derive(Clone)]
pub struct Batch {
    pub method: Method,
    pub path: &'static str,
    pub query: Vec<(&'static str, String)>,
    pub headers: BTreeMap<&'static str, String>,
    pub body: Vec<u8>,
}

/// A reply, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

impl Batch {
    pub fn new<E: AsRef<str>>(device: &str, session: &str, events: &[E]) -> Self {
        let events: Vec<&str> = events.iter().map(AsRef::as_ref).collect();
        let body = json!({ "version": 1, "events": events }).to_string();
        Self::with_body(device, session, body.as_bytes())
    }

    pub fn with_body(device: &str, session: &str, body: &[u8]) -> Self {
        Self {
            method: Method::POST,
            path: "/sessions/v2/track",
            query: vec![
                ("device_id", device.to_owned()),
                ("session_id", session.to_owned()),
                ("type", "replay".to_owned()),
            ],
            headers: [
                ("content-type", "application/json"),
                ("accept", "*/*"),
                ("authorization", "Bearer test-api-key"),
                ("content-encoding", "gzip"),
                ("x-client-version", "0.1.0"),
                ("x-client-library", "standalone/0.1.0"),
                ("x-client-url", "app://test"),
                ("x-client-sample-rate", "0.25"),
                ("x-sampling-hash-alg", "xxhash32"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .into(),
            body: gzip(body),
        }
    }

    /// What the browser SDK sends with `navigator.sendBeacon` while its page is left.
    pub fn beacon<E: AsRef<str>>(device: &str, session: &str, events: &[E]) -> Self {
        let events: Vec<&str> = events.iter().map(AsRef::as_ref).collect();
        let mut batch = Self::with_body(device, session, b"");
        batch.body = json!({ "version": 2, "events": events }).to_string().into();
        batch.query.push(("api_key", "secret-key".to_owned()));
        batch.headers.retain(|name, _| ["content-type", "accept"].contains(name));
        batch
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self.query.retain(|(key, _)| *key != name);
        self
    }

    pub fn query(mut self, name: &'static str, value: &str) -> Self {
        self.query.retain(|(key, _)| *key != name);
        self.query.push((name, value.to_owned()));
        self
    }

    pub fn send(&self, viewer: &Viewer) -> Reply {
        self.try_send(viewer).unwrap()
    }

    pub fn try_send(&self, viewer: &Viewer) -> Result<Reply, ureq::Error> {
        self.send_to(&viewer.url())
    }

    /// Sends it to a viewer in another process.
    pub fn send_to(&self, viewer: &str) -> Result<Reply, ureq::Error> {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        let url = format!("{viewer}{}?{query}", self.path);
        let mut request = ureq::http::Request::builder().method(self.method.clone()).uri(url);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        read(agent().run(request.body(self.body.clone())?)?)
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .timeout_global(Some(std::time::Duration::from_secs(60)))
        .build()
        .into()
}

fn read(response: ureq::http::Response<ureq::Body>) -> Result<Reply, ureq::Error> {
    let (parts, mut body) = response.into_parts();
    Ok(Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.with_config().limit(1 << 30).read_to_vec()?,
    })
}

pub fn call(viewer: &Viewer, method: &str, path: &str, body: &str) -> Reply {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", viewer.url()))
        .body(body.to_owned())
        .unwrap();
    read(agent().run(request).unwrap()).unwrap()
}

pub fn get(viewer: &Viewer, path: &str) -> Value {
    let reply = call(viewer, "GET", path, "");
    assert_eq!(reply.status, 200, "{path}: {reply:?}");
    reply.json()
}

/// Waits until the list of a viewer is as it should be.
pub fn eventually(viewer: &Viewer, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = get(viewer, "/api/search");
        if holds(&found) {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: {found}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub fn faults(viewer: &Viewer, faults: &Value) {
    let reply = call(viewer, "POST", "/api/faults", &faults.to_string());
    assert_eq!(reply.status, 201, "{reply:?}");
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A client of a feed. Reading waits for the next message, and fails the test when none comes for a minute.
pub struct Feed(std::io::Lines<BufReader<ureq::BodyReader<'static>>>);

impl Feed {
    /// Opens the feed at this path, from behind the message with this id.
    pub fn open(viewer: &Viewer, path: &str, last_event_id: Option<&str>) -> Self {
        let mut request = agent().get(format!("{}{path}", viewer.url()));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.call().unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(BufReader::new(response.into_body().into_reader()).lines())
    }

    /// The next message.
    #[allow(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> Value {
        serde_json::from_str(&self.next_text()).unwrap()
    }

    /// The next message, whatever it is.
    pub fn next_text(&mut self) -> String {
        loop {
            let line = self.0.next().unwrap().unwrap();
            if let Some(data) = line.strip_prefix("data: ") {
                return data.to_owned();
            }
        }
    }
}
