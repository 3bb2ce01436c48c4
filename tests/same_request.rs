//! A request that had no answer is made again as it was, whatever has changed; and where that can't be, its events are sent all the same.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use common::{RawRequest, SNAPSHOT, capture_all, list_below, timestamped, wait_until};
use serde_json::{Value, json};
use session_replay::{Log, SessionReplay};

/// Where a header says what is in flight, in both its copies: docs/reference/storage-format.md.
const NOTES: [std::ops::Range<usize>; 2] = [4_040..4_072, 4_096 + 4_040..4_096 + 4_072];

/// A server that takes all requests, and may not say so.
struct Server {
    url: String,
    answers: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<RawRequest>>>,
}

impl Server {
    fn start() -> Self {
        Self::start_at("127.0.0.1:0")
    }

    fn start_at(address: &str) -> Self {
        let (answers, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (answering, taken) = (answers.clone(), requests.clone());
        let url = common::serve_requests_at(address, move |request: RawRequest| {
            taken.lock().unwrap().push(request);
            answering.load(Ordering::Relaxed).then_some("200 OK")
        });
        Self { url, answers, requests }
    }

    fn answer(&self) {
        self.answers.store(true, Ordering::Relaxed);
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap().iter().map(|request| request.body.clone()).collect()
    }

    /// The events of each request.
    fn events(&self) -> Vec<Vec<Value>> {
        let events = |body: &Vec<u8>| {
            let mut text = String::new();
            match body.starts_with(b"{") {
                true => text.push_str(std::str::from_utf8(body).unwrap()),
                false => _ = flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap(),
            }
            let body: Value = serde_json::from_str(&text).unwrap();
            body["events"].as_array().unwrap().clone()
        };
        self.bodies().iter().map(events).collect()
    }
}

/// A run that sends there, with these options more.
fn run(url: &str, dir: &Path, more: Value) -> SessionReplay {
    let mut options = json!({
        "storageDir": dir, "flushMaxRetries": 1,
        // Nothing is sealed before the test asks for it.
        "flushIntervalConfig": { "minIntervalMs": 600_000, "maxIntervalMs": 600_000 },
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    SessionReplay::start("test-api-key", capture_all(url, options), Arc::<Log>::default()).unwrap()
}

fn record(replay: &SessionReplay, events: &[String]) {
    for event in events {
        replay.record(event.as_bytes()).unwrap();
    }
}

fn end(replay: SessionReplay, dir: &Path) {
    let _ = replay.shut_down(0);
    drop(replay);
    let locks = || list_below(dir, "").into_iter().filter(|path| path.ends_with("lock"));
    let is_free = |path: &Path| fs::File::open(path).is_ok_and(|lock| lock.try_lock().is_ok());
    wait_until("the run to end", || locks().all(|path| is_free(&path)));
}

fn numbered(numbers: std::ops::Range<usize>) -> Vec<String> {
    let events = numbers.map(|number| timestamped(&json!([number, "x".repeat(100)])));
    std::iter::once(SNAPSHOT.to_owned()).chain(events).collect()
}

/// A run that finds no server for a while, and then one that takes all in one request, of three chunks, and does not answer.
fn leave_in_flight() -> (tempfile::TempDir, Server, Vec<String>) {
    // On a busy machine a chunk may be sealed too late.
    for _ in 0..50 {
        let dir = tempfile::tempdir().unwrap();
        let (server, expected) = try_to_leave_in_flight(dir.path());
        if server.events()[0] == expected.iter().map(|event| json!(event)).collect::<Vec<_>>() {
            return (dir, server, expected);
        }
    }
    panic!("never did all three chunks go in one request");
}

fn try_to_leave_in_flight(dir: &Path) -> (Server, Vec<String>) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let replay = run(&format!("http://{address}"), dir, json!({}));
    let mut expected = Vec::new();
    for number in 0..3 {
        let events = numbered(number * 10..number * 10 + 5);
        record(&replay, &events);
        expected.extend(events);
        // Seals them, and another thread does.
        let _ = replay.flush(0);
        wait_until("the chunk", || replay.stats()["waiting"]["batches"] == json!(number + 1));
    }
    let server = Server::start_at(&address);
    wait_until("the request", || {
        let _ = replay.flush(0);
        !server.bodies().is_empty()
    });
    end(replay, dir);
    (server, expected)
}

#[test]
fn a_request_without_an_answer_is_made_again_byte_for_byte_in_this_run_and_the_next() {
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let replay = run(&server.url, dir.path(), json!({}));
    record(&replay, &numbered(0..50));
    for requests in 1..=2 {
        // Ends the back-off, too; and what is recorded meanwhile goes not with it.
        let _ = replay.flush(0);
        wait_until("the request", || server.bodies().len() == requests);
        record(&replay, &numbered(100 * requests..100 * requests + 1));
    }
    end(replay, dir.path());
    server.answer();
    let replay = run(&server.url, dir.path(), json!({ "enableTransportCompression": false }));
    replay.flush(20_000).unwrap();
    end(replay, dir.path());
    let bodies = server.bodies();
    assert!(bodies[0] == bodies[1] && bodies[0] == bodies[2], "{:?}", server.events());
    assert!(bodies[0].starts_with(&[0x1f, 0x8b]), "gzipped, as it was");
    let rest: Vec<Value> = server.events()[3..].concat();
    let expected = [numbered(100..101), numbered(200..201)].concat();
    assert_eq!(rest, expected.iter().map(|event| json!(event)).collect::<Vec<_>>());
    assert!(bodies[3].starts_with(b"{"), "not gzipped, as it is now");
}

#[test]
fn a_request_with_events_of_several_chunks_is_made_again_by_the_next_one() {
    let (dir, server, _) = leave_in_flight();
    server.answer();
    let replay = run(&server.url, dir.path(), json!({}));
    replay.flush(20_000).unwrap();
    let bodies = server.bodies();
    assert!(bodies.len() > 1 && bodies.iter().all(|body| *body == bodies[0]), "{:?}", server.events());
}

#[test]
fn where_the_note_is_damaged_or_a_file_is_gone_the_rest_is_delivered_all_the_same() {
    type Harm = fn(&Path);
    let damage: Harm = |path| {
        let mut bytes = fs::read(path).unwrap();
        NOTES.iter().for_each(|note| bytes[note.start + 9] ^= 1);
        fs::write(path, bytes).unwrap();
    };
    let foreign: Harm = |path| {
        let mut bytes = fs::read(path).unwrap();
        for note in NOTES {
            bytes[note].iter_mut().for_each(|byte| *byte = fastrand::u8(..));
        }
        fs::write(path, bytes).unwrap();
    };
    let remove: Harm = |path| fs::remove_file(path).unwrap();
    for (harm, lost) in [(damage, 0), (foreign, 0), (remove, 6)] {
        for harmed in 0..3 {
            let (dir, _, mut expected) = leave_in_flight();
            let is_noted = |path: &PathBuf| {
                let bytes = fs::read(path).unwrap();
                NOTES
                    .iter()
                    .all(|note| bytes.len() > 8_192 && bytes[note.clone()].iter().any(|byte| *byte != 0))
            };
            let mut files: Vec<_> = list_below(dir.path(), "chunk").into_iter().filter(is_noted).collect();
            // As they were made.
            files.sort_by_key(|path| (path.as_os_str().len(), path.clone()));
            assert_eq!(files.len(), 3);
            harm(&files[harmed]);
            expected.drain(6 * harmed..6 * harmed + lost);
            // Another one: the last request to the first may still be on its way.
            let server = Server::start();
            server.answer();
            let replay = run(&server.url, dir.path(), json!({}));
            replay.flush(20_000).unwrap();
            let again: Vec<Value> = server.events().concat();
            assert_eq!(again, expected.iter().map(|event| json!(event)).collect::<Vec<_>>(), "file {harmed}");
        }
    }
}

#[test]
fn interactions_are_merged_as_they_were() {
    const CLICK: &str = r##"{"x":1,"y":50,"selector":"#buy","viewportHeight":720,"viewportWidth":1280,"pageUrl":"p","timestamp":1782000000000,"type":"click"}"##;
    let (server, dir) = (Server::start(), tempfile::tempdir().unwrap());
    let merging = |batch: bool| json!({ "interactionConfig": { "enabled": true, "batch": batch } });
    let replay = run(&server.url, dir.path(), merging(true));
    (0..3).for_each(|_| _ = replay.record_interaction(CLICK).unwrap());
    let _ = replay.flush(0);
    wait_until("the request", || !server.bodies().is_empty());
    end(replay, dir.path());
    server.answer();
    let replay = run(&server.url, dir.path(), merging(false));
    replay.flush(20_000).unwrap();
    let bodies = server.bodies();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0] == bodies[1], "{:?}", server.events());
    assert_eq!(server.events()[1].len(), 1, "merged");
}
