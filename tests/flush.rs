//! What a flush promises of the events whose recording had returned, whatever other threads do meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Server, options_for, timestamped};
use serde_json::{Value, json};
use session_replay::{HostReply, SessionId, SessionReplay, Transport};

const ROLLING: usize = 6;

/// A host's own HTTP, whose server is a list: quick, so that there are many flushes.
fn recorder_with_list(server: &Server) -> (SessionReplay, Arc<Mutex<HashSet<String>>>) {
    let arrived: Arc<Mutex<HashSet<String>>> = Arc::default();
    let transport = Arc::new(Transport::default());
    let (weak, list) = (Arc::downgrade(&transport), arrived.clone());
    transport.set_http(Some(Arc::new(move |request| {
        let body: Value = serde_json::from_slice(request.body).unwrap();
        let events =
            body["events"].as_array().unwrap().iter().map(|event| event.as_str().unwrap().to_owned());
        list.lock().unwrap().extend(events);
        let reply = HostReply::Answer { status: 200, skipped: None, body: Vec::new() };
        weak.upgrade().unwrap().respond(request.id, reply);
    })));
    let options = options_for(server, json!({ "enableTransportCompression": false }));
    (SessionReplay::start_with_transport("key", options, Arc::default(), transport).unwrap(), arrived)
}

#[test]
fn a_flush_waits_for_what_another_thread_is_rolling_over() {
    let server = Server::start();
    let (replay, arrived) = recorder_with_list(&server);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..ROLLING {
            scope.spawn(|| {
                for session in 0.. {
                    replay.set_session_id(SessionId::from_millis(1 + session % 2).unwrap());
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        let deadline = Instant::now() + Duration::from_secs(3);
        let mut missing = Vec::new();
        let mut number = 0;
        while Instant::now() < deadline {
            let event = timestamped(&json!(number));
            number += 1;
            replay.record(event.as_bytes()).unwrap();
            replay.flush(20_000).unwrap();
            if !arrived.lock().unwrap().contains(&event) {
                missing.push(event);
            }
        }
        over.store(true, Ordering::Relaxed);
        assert!(missing.is_empty(), "{} of {number}: {missing:?}", missing.len());
    });
}
