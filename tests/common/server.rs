//! The viewer as a real server on loopback.

use std::net::SocketAddr;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use session_replay_viewer::{Config, Viewer};

use super::waiting::wait_until;

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

    pub fn track_url(&self) -> String {
        self.viewer.track_url()
    }

    pub fn config_url(&self) -> String {
        self.viewer.config_url()
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

    /// From now on the remote configuration comes with the third attempt, after more than two seconds: so long what is recorded is recorded
    /// while it is awaited, on a busy machine, too.
    pub fn delay_remote_config(&self) {
        // Longer than an attempt may take.
        let in_vain = &json!({ "on": "config", "delay_ms": 1_500 });
        self.post("/api/faults", &json!([in_vain, in_vain]));
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
