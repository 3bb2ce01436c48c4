//! What is told beside the scene, and belongs to no view: custom events, log lines, requests.

use std::fmt::Display;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

/// Type and data of an event, as it is written.
#[derive(Debug, PartialEq)]
pub(crate) struct Beside {
    pub kind: u8,
    pub data: String,
}

const CUSTOM: u8 = 5;
const PLUGIN: u8 = 6;

impl Beside {
    /// A custom event. The payload is JSON.
    pub fn custom(tag: &str, payload: &impl Display) -> Self {
        Self { kind: CUSTOM, data: format!(r#"{{"tag":{},"payload":{payload}}}"#, json!(tag)) }
    }

    /// An event of a plugin of rrweb's. The payload is JSON.
    pub fn plugin(plugin: &str, payload: &str) -> Self {
        Self { kind: PLUGIN, data: format!(r#"{{"plugin":{},"payload":{payload}}}"#, json!(plugin)) }
    }

    /// The event, at this time.
    pub fn to_event(&self, time: SystemTime) -> String {
        event(self.kind, millis(time), &self.data)
    }

    /// The same with the data of this event; `None`: it has none.
    pub fn with_data_of(&self, event: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Event<'e> {
            #[serde(borrow)]
            data: &'e RawValue,
        }
        let Event { data } = serde_json::from_slice(event).ok()?;
        Some(Self { kind: self.kind, data: data.get().to_owned() })
    }
}

/// An event of this type.
pub(super) fn event(kind: u8, time: i64, data: &impl Display) -> String {
    format!(r#"{{"type":{kind},"timestamp":{time},"data":{data}}}"#)
}

/// Milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_out_as_an_event_and_comes_back_with_another_one_s_data() {
        let line = Beside::plugin("p", "[1]");
        let event = line.to_event(SystemTime::UNIX_EPOCH);
        assert_eq!(event, r#"{"type":6,"timestamp":0,"data":{"plugin":"p","payload":[1]}}"#);
        assert_eq!(line.with_data_of(event.as_bytes()), Some(Beside::plugin("p", "[1]")));
        assert_eq!(line.with_data_of(br#"{"type":6}"#), None);
    }
}
