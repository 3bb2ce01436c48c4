//! rrweb events: real recordings, and small ones of our own.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

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
