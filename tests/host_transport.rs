//! The host makes the requests itself: whatever its HTTP does, nothing is lost, and nothing waits for ever.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use common::{Server, options_for, timestamped, within_ms};
use serde_json::{Value, json};
use session_replay::{HostRequest, HostResponse, SessionReplay, Transport};

const SESSION: &str = "1732300000000";

fn start(server: &Server, extra: Value, transport: &Arc<Transport>) -> SessionReplay {
    let options = options_for(server, extra);
    SessionReplay::start_with_transport("test-key", options, Arc::default(), transport.clone()).unwrap()
}

fn record(replay: &SessionReplay, numbers: std::ops::Range<u32>) -> Vec<String> {
    let events: Vec<_> = numbers.map(|number| timestamped(&json!(number))).collect();
    for event in &events {
        replay.record(event.as_bytes()).unwrap();
    }
    events
}

/// Makes the request with a client of the host's, on a thread of the host's.
fn make(request: &HostRequest, transport: &Arc<Transport>) {
    let (id, url, body) = (request.id, request.url.to_owned(), request.body.to_vec());
    let headers = request.headers.to_vec();
    let is_post = request.method == "POST";
    let transport = transport.clone();
    std::thread::spawn(move || {
        let agent =
            ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
        let response = if is_post {
            headers.iter().fold(agent.post(&url), |call, (name, value)| call.header(*name, value)).send(&body)
        } else {
            headers.iter().fold(agent.get(&url), |call, (name, value)| call.header(*name, value)).call()
        };
        let reply = match response {
            Ok(mut response) => HostResponse::Received {
                status: response.status().as_u16(),
                skipped: response
                    .headers()
                    .get("x-session-replay-event-skipped")
                    .map(|value| value.to_str().unwrap().to_owned()),
                body: response.body_mut().read_to_vec().unwrap(),
                is_whole: true,
            },
            Err(error) => HostResponse::Failed(error.to_string()),
        };
        transport.respond(id, reply);
    });
}

fn honest_transport() -> (Arc<Transport>, Arc<AtomicU32>) {
    let transport = Arc::new(Transport::default());
    let made = Arc::new(AtomicU32::new(0));
    let (weak, counter) = (Arc::downgrade(&transport), made.clone());
    transport.set_http(Some(Arc::new(move |request| {
        counter.fetch_add(1, Ordering::Relaxed);
        make(request, &weak.upgrade().unwrap());
    })));
    (transport, made)
}

#[test]
fn the_configuration_and_the_batches_go_through_the_host() {
    let server = Server::start();
    let (transport, made) = honest_transport();
    let replay = start(&server, json!({ "enableRemoteConfig": true, "sampleRate": 0 }), &transport);
    let events = record(&replay, 0..100);
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), events);
    assert!(made.load(Ordering::Relaxed) >= 2, "one for the configuration, one for the batch");
}

#[test]
fn responses_through_the_host_count_as_any_other() {
    let server = Server::start();
    server.post("/api/faults", &json!({ "on": "track", "skip": "4004", "times": 1 }));
    let (transport, _) = honest_transport();
    let replay = start(&server, json!({}), &transport);
    record(&replay, 0..10);
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(replay.stats()["dropped"]["sessionEndedByServer"], 10);
    assert_eq!(replay.stats()["state"], "session-ended-by-server");
}

#[test]
fn a_failed_request_of_the_host_is_retried() {
    let server = Server::start();
    let transport = Arc::new(Transport::default());
    let weak = Arc::downgrade(&transport);
    let asked = AtomicU32::new(0);
    transport.set_http(Some(Arc::new(move |request| {
        let transport = weak.upgrade().unwrap();
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => drop(transport.respond(request.id, HostResponse::Failed("offline".to_owned()))),
            // No response.
            1 => {}
            _ => make(request, &transport),
        }
    })));
    let replay = start(&server, json!({ "flushMaxRetries": 3, "sendTimeoutMs": 1_000 }), &transport);
    let events = record(&replay, 0..10);
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(server.events("device-1", SESSION), events);
    assert_eq!(replay.stats()["batches"]["retried"], 2);
}

#[test]
fn the_host_may_take_its_transport_back() {
    let server = Server::start();
    let (transport, made) = honest_transport();
    let replay = start(&server, json!({}), &transport);
    let mut events = record(&replay, 0..10);
    replay.flush(within_ms(10_000)).unwrap();
    transport.set_http(None);
    let before = made.load(Ordering::Relaxed);
    events.extend(record(&replay, 10..20));
    replay.flush(within_ms(10_000)).unwrap();
    assert_eq!(made.load(Ordering::Relaxed), before);
    assert_eq!(server.events("device-1", SESSION), events);
}

#[test]
fn a_shutdown_does_not_wait_for_a_host_that_never_responds() {
    let server = Server::start();
    let transport = Arc::new(Transport::default());
    transport.set_http(Some(Arc::new(|_| {})));
    let replay = start(&server, json!({ "sendTimeoutMs": 60_000 }), &transport);
    record(&replay, 0..10);
    let began = Instant::now();
    replay.shut_down(100).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
