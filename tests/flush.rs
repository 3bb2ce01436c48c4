//! What a flush promises of the events whose recording had returned, whatever other threads do meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Server, options_for, timestamped, within_ms};
use serde_json::{Value, json};
use session_replay::{Error, HostResponse, SessionId, SessionReplay, Transport};

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
        let reply = HostResponse::Received { status: 200, skipped: None, body: Vec::new(), is_whole: true };
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
            replay.flush(within_ms(20_000)).unwrap();
            if !arrived.lock().unwrap().contains(&event) {
                missing.push(event);
            }
        }
        over.store(true, Ordering::Relaxed);
        assert!(missing.is_empty(), "{} of {number}: {missing:?}", missing.len());
    });
}

/// Asks until the answer is another than "not yet".
fn poll(replay: &SessionReplay, flush: i64) -> Result<(), Error> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match replay.poll_flush(flush) {
            Err(Error::Timeout { .. }) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(1));
            }
            answer => return answer,
        }
    }
}

#[test]
fn a_flush_that_does_not_wait_is_done_when_what_was_recorded_before_it_has_arrived() {
    let server = Server::start();
    let (replay, arrived) = recorder_with_list(&server);
    replay.set_session_id(SessionId::from_millis(1).unwrap());
    let mut last = 0;
    for number in 0..200 {
        let event = timestamped(&json!(number));
        replay.record(event.as_bytes()).unwrap();
        let flush = replay.begin_flush();
        assert!(flush > 0 && flush >= last);
        last = flush;
        replay.record(timestamped(&json!("after it")).as_bytes()).unwrap();
        poll(&replay, flush).unwrap();
        assert!(arrived.lock().unwrap().contains(&event));
    }
    let other = SessionReplay::start("key", options_for(&server, json!({})), Arc::default()).unwrap();
    assert_eq!(other.poll_flush(last), Err(Error::UnknownFlush), "a flush of another recorder");
    for none in [0, -1, i64::MIN, i64::MAX] {
        assert_eq!(replay.poll_flush(none), Err(Error::UnknownFlush), "{none}");
    }
}

#[test]
fn a_shutdown_that_does_not_wait_takes_no_more_and_delivers_what_it_has() {
    let server = Server::start();
    let (replay, arrived) = recorder_with_list(&server);
    replay.set_session_id(SessionId::from_millis(1).unwrap());
    let event = timestamped(&json!("the last"));
    replay.record(event.as_bytes()).unwrap();
    let flush = replay.begin_shutdown();
    assert_eq!(replay.record(timestamped(&json!("too late")).as_bytes()), Err(Error::ShutDown));
    poll(&replay, flush).unwrap();
    assert!(arrived.lock().unwrap().contains(&event));
    replay.shut_down(0).unwrap();
    assert_eq!(arrived.lock().unwrap().len(), 1);
}
