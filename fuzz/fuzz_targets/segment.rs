//! Any text as an event for Segment: refused as serde_json refuses it, or given back with nothing but additions.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use serde_json::value::RawValue;
use session_replay::{HostResponse, Options, SessionReplay, Transport};

const MODES: [&str; 3] = ["actions", "classic-device", "classic-cloud"];

static RECORDERS: LazyLock<[SessionReplay; 3]> = LazyLock::new(|| MODES.map(start));

/// A recorder whose server takes everything at once.
fn start(mode: &str) -> SessionReplay {
    let transport = Arc::new(Transport::default());
    let answers = Arc::downgrade(&transport);
    transport.set_http(Some(Arc::new(move |request| {
        let ok = HostResponse::Received { status: 200, skipped: None, body: Vec::new(), is_whole: true };
        if let Some(transport) = answers.upgrade() {
            transport.respond(request.id, ok);
        }
    })));
    let options = format!(
        r#"{{"deviceId":"d","sessionId":1,"sampleRate":1,"enableRemoteConfig":false,"debugMode":true,
            "segment":{{"mode":"{mode}"}}}}"#
    );
    let options = Options::from_json(&options).expect("good options");
    let replay = SessionReplay::start_with_transport("key", options, Default::default(), transport).expect("it starts");
    replay.set_session_getter(Some(Box::new(|| 1))).expect("not from inside one");
    replay
}

/// `after` holds everything that `before` held; what is new are members of objects, or stands where null or true did.
fn only_grew(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before.iter().all(|(key, value)| {
            after.get(key).is_some_and(|after| only_grew(value, after))
        }),
        (Value::Null | Value::Bool(true), Value::Object(_)) => true,
        _ => before == after,
    }
}

fuzz_target!(|text: &str| {
    let is_object = serde_json::from_str::<&RawValue>(text).is_ok_and(|raw| raw.get().starts_with('{'));
    for replay in &*RECORDERS {
        let before = replay.session_id().and_then(|id| id.as_millis());
        let Ok(event) = replay.process_segment_event(text) else {
            assert!(!is_object, "an object is taken");
            continue;
        };
        assert!(is_object, "nothing else is");
        let after = replay.session_id().and_then(|id| id.as_millis());
        assert!(before <= after, "never back to an earlier session");
        serde_json::from_str::<&RawValue>(&event).expect("what comes back is JSON");
        // Values can only be compared where they can be read at all: no lone surrogates, no deep nesting.
        if let (Ok(before), Ok(after)) = (serde_json::from_str(text), serde_json::from_str(&event)) {
            assert!(only_grew(&before, &after));
        }
        let again = replay.process_segment_event(&event).expect("it is an event still");
        assert_eq!(again.len(), event.len(), "what is complete stays as it is");
    }
});
