//! Any bytes as an event: what is taken is valid JSON in wire form, and both ways of checking agree.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use session_replay::fuzzing::wire_form;
use session_replay::{HostResponse, Options, SessionReplay, Transport};

static RECORDERS: LazyLock<[SessionReplay; 2]> = LazyLock::new(|| [start(true), start(false)]);

/// A recorder whose server takes everything at once.
fn start(validate: bool) -> SessionReplay {
    let transport = Arc::new(Transport::default());
    let answers = Arc::downgrade(&transport);
    transport.set_http(Some(Arc::new(move |request| {
        let ok = HostResponse::Received { status: 200, skipped: None, body: Vec::new(), is_whole: true };
        if let Some(transport) = answers.upgrade() {
            transport.respond(request.id, ok);
        }
    })));
    let options = format!(
        r#"{{"deviceId":"d","sessionId":1,"sampleRate":1,"enableRemoteConfig":false,"validateOnRecord":{validate},
            "flushIntervalConfig":{{"minIntervalMs":10,"maxIntervalMs":10}}}}"#
    );
    let options = Options::from_json(&options).expect("good options");
    SessionReplay::start_with_transport("key", options, Default::default(), transport).expect("it starts")
}

fuzz_target!(|data: &[u8]| {
    let [strict, lenient] = &*RECORDERS;
    let taken = strict.record(data).is_ok();
    let _ = lenient.record(data);
    let (lines, _) = lenient.record_lines(data);
    assert!(lines <= data.len() as u64);
    let wire = wire_form(data);
    assert_eq!(taken, wire.is_some());
    if let Some(wire) = wire {
        let again: &RawValue = serde_json::from_str(&wire).expect("what is sent is JSON");
        assert_eq!(wire_form(again.get().as_bytes()).as_deref(), Some(&*wire), "and stays as it is");
    }
});
