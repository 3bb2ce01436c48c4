//! A recorder in this process, and its options.

use std::sync::Arc;

use serde_json::{Value, json};
use session_replay::{Log, Options, OptionsError, SessionReplay};

use super::server::Server;

/// Where nobody answers.
pub const DEAD: &str = "http://127.0.0.1:9/";

pub fn options(json: &Value) -> Result<Options, OptionsError> {
    Options::from_json(&json.to_string())
}

/// Options that capture everything of one session and send it to `track_url`, changed and completed by `more`.
pub fn capture_all(track_url: &str, more: Value) -> Options {
    let mut all = json!({
        "deviceId": "device-1",
        "sessionId": 1_732_300_000_000_i64,
        "sampleRate": 1,
        "enableRemoteConfig": false,
        "trackServerUrl": track_url,
    });
    let Value::Object(more) = more else { panic!("an object of options") };
    for (key, value) in more {
        all[key] = value;
    }
    options(&all).expect("good options")
}

/// The same for a server that also answers for the remote configuration.
pub fn options_for(server: &Server, mut more: Value) -> Options {
    if more.get("configServerUrl").is_none() {
        more["configServerUrl"] = server.config_url().into();
    }
    capture_all(&server.track_url(), more)
}

/// A recorder of everything, with `more` options.
pub fn start(server: &Server, more: Value) -> SessionReplay {
    SessionReplay::start("test-api-key", options_for(server, more), Arc::<Log>::default()).expect("it starts")
}
