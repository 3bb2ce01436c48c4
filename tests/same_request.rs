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
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use common::{RawRequest, SNAPSHOT, capture_all, list_below, timestamped, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Log, SessionId, SessionReplay};

/// Where a header says what is in flight, in both its copies: docs/reference/storage-format.md.
const NOTES: [std::ops::Range<usize>; 2] = [4_040..4_072, 4_096 + 4_040..4_096 + 4_072];

/// A server that takes requests, and may not say so.
struct Server {
    url: String,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// What it does with requests.
#[derive(Clone, Copy)]
struct Manner {
    /// What it takes from now on it answers; else it hangs up.
    answers: bool,
    /// None of them has its end yet.
    holds: bool,
    /// Requests with more events are too large.
    max_events: usize,
}

impl Server {
    fn start(answers: bool) -> Self {
        let manner = Arc::new(Mutex::new(Manner { answers, holds: false, max_events: usize::MAX }));
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (its_manner, its_taken) = (manner.clone(), taken.clone());
        let url = common::serve_requests(move |RawRequest { body, .. }| {
            let Manner { answers, max_events, .. } = *its_manner.lock().unwrap();
            if events(&body).len() > max_events {
                return Some("413 Content Too Large");
            }
            its_taken.lock().unwrap().push(body);
            wait_until("leave to go on", || !its_manner.lock().unwrap().holds);
            answers.then_some("200 OK")
        });
        Self { url, manner, taken }
    }

    fn set(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.manner.lock().unwrap());
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        self.taken.lock().unwrap().clone()
    }

    /// The bodies, without what came again right behind itself.
    fn distinct(&self) -> Vec<Vec<u8>> {
        let mut bodies = self.bodies();
        bodies.dedup();
        bodies
    }

    /// How many events are in each request that it took.
    fn counts(&self) -> Vec<usize> {
        self.events().iter().map(Vec::len).collect()
    }

    /// The events of each request that it took.
    fn events(&self) -> Vec<Vec<Value>> {
        self.bodies().iter().map(|body| events(body)).collect()
    }
}

fn events(body: &[u8]) -> Vec<Value> {
    let mut text = String::new();
    match body.starts_with(b"{") {
        true => text.push_str(std::str::from_utf8(body).unwrap()),
        false => _ = flate2::read::GzDecoder::new(body).read_to_string(&mut text).unwrap(),
    }
    let body: Value = serde_json::from_str(&text).unwrap();
    body["events"].as_array().unwrap().clone()
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

/// Records events, which are in a chunk of their own.
fn record_chunk(replay: &SessionReplay, events: &[String]) {
    record(replay, events);
    // Seals them right away; that another thread finalizes them is waited for later.
    let _ = replay.flush(0);
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

/// A run that has one request answered, and then leaves one with all of three chunks in flight: their events. Those of another session
/// wait behind them.
fn leave_in_flight(dir: &Path) -> (Server, Vec<String>) {
    let server = Server::start(true);
    server.set(|manner| manner.holds = true);
    let replay = run(&server.url, dir, json!({}));
    record_chunk(&replay, &numbered(900..901));
    wait_until("a request that the chunks wait behind", || server.bodies().len() == 1);
    let chunks = [0, 1, 2].map(|number| numbered(number * 10..number * 10 + 5));
    chunks.iter().for_each(|events| record_chunk(&replay, events));
    replay.set_session_id(SessionId::from_text(OTHER_SESSION).unwrap());
    record_chunk(&replay, &other_session());
    // Chunks are finalized in their order: once the last is stamped, the others may be sent.
    let is_stamped = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        let label = bytes.get(40..4_040).map(String::from_utf8_lossy);
        label.is_some_and(|label| label.contains(OTHER_SESSION)) && bytes[4_072..4_080] != [0; 8]
    };
    wait_until("the last chunk", || list_below(dir, "chunk").iter().any(is_stamped));
    server.set(|manner| (manner.answers, manner.holds) = (false, false));
    wait_until("the request", || server.bodies().len() > 1);
    end(replay, dir);
    server.taken.lock().unwrap().remove(0);
    assert!(server.events()[0] == chunks.concat(), "not all three in one request: {:?}", server.counts());
    (server, chunks.concat())
}

const OTHER_SESSION: &str = "the-other-session";

fn other_session() -> Vec<String> {
    numbered(800..801)
}

/// The chunks in which something is in flight, as they were recorded: by the number in their header.
fn noted_chunks(dir: &Path) -> Vec<PathBuf> {
    let number = |path: &PathBuf| fs::read(path).unwrap()[32..40].iter().rev().copied().collect::<Vec<_>>();
    let is_noted = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        NOTES.iter().all(|note| bytes.len() > 8_192 && bytes[note.clone()].iter().any(|byte| *byte != 0))
    };
    let mut chunks: Vec<_> = list_below(dir, "chunk").into_iter().filter(is_noted).collect();
    chunks.sort_by_key(number);
    chunks
}

#[test]
fn a_request_without_an_answer_is_made_again_byte_for_byte_in_this_run_and_the_next() {
    let (server, dir) = (Server::start(false), tempfile::tempdir().unwrap());
    let replay = run(&server.url, dir.path(), json!({}));
    record(&replay, &numbered(0..50));
    for requests in 1..=2 {
        // Ends the back-off, too; and what is recorded meanwhile goes not with it.
        let _ = replay.flush(0);
        wait_until("the request", || server.bodies().len() >= requests);
        record(&replay, &numbered(100 * requests..100 * requests + 1));
    }
    end(replay, dir.path());
    let before = server.bodies().len();
    server.set(|manner| manner.answers = true);
    let replay = run(&server.url, dir.path(), json!({ "enableTransportCompression": false }));
    replay.flush(within_ms(20_000)).unwrap();
    end(replay, dir.path());
    let (bodies, distinct) = (server.bodies(), server.distinct());
    assert!(before >= 2 && bodies[..=before].iter().all(|body| *body == bodies[0]), "{:?}", server.events());
    assert!(bodies[0].starts_with(&[0x1f, 0x8b]), "gzipped, as it was");
    assert_eq!(events(&distinct[0]), numbered(0..50));
    let rest: Vec<Value> = distinct[1..].iter().flat_map(|body| events(body)).collect();
    assert_eq!(rest, [numbered(100..101), numbered(200..201)].concat());
    assert!(distinct[1].starts_with(b"{"), "not gzipped, as it is now");
}

#[test]
fn a_request_with_events_of_several_chunks_is_made_again_by_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let (server, expected) = leave_in_flight(dir.path());
    server.set(|manner| manner.answers = true);
    let replay = run(&server.url, dir.path(), json!({}));
    replay.flush(within_ms(20_000)).unwrap();
    assert!(server.bodies().len() > 2, "again");
    let distinct: Vec<_> = server.distinct().iter().map(|body| events(body)).collect();
    assert!(distinct == [expected, other_session()], "{:?}", server.counts());
}

/// One that the server had taken, and refuses when it comes again: what follows has its events and no others, and comes again itself.
#[test]
fn the_parts_of_a_request_that_is_refused_have_no_other_events_and_are_made_again_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let (server, expected) = leave_in_flight(dir.path());
    // 18 events, six in a chunk: parts end within chunks, and take up several.
    for max_events in [17, 8, 4] {
        server.set(|manner| manner.max_events = max_events);
        let before = server.bodies().len();
        let replay = run(&server.url, dir.path(), json!({}));
        wait_until("a part of it", || server.bodies().len() > before);
        end(replay, dir.path());
    }
    server.set(|manner| manner.answers = true);
    let replay = run(&server.url, dir.path(), json!({}));
    replay.flush(within_ms(20_000)).unwrap();
    // 18, and then 9 and 4 of them, none of which had an answer; each came again right away, or was refused.
    let all: Vec<_> = server.distinct().iter().map(|body| events(body)).collect();
    let counts: Vec<_> = all.iter().map(Vec::len).collect();
    assert_eq!(counts[..3], [18, 9, 4]);
    assert_eq!(counts[2..counts.len() - 1].iter().sum::<usize>(), 18, "{counts:?}");
    assert!(all[2..].concat() == [expected, other_session()].concat(), "in their order: {counts:?}");
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
            let dir = tempfile::tempdir().unwrap();
            let (_, mut expected) = leave_in_flight(dir.path());
            let chunks = noted_chunks(dir.path());
            assert_eq!(chunks.len(), 3);
            harm(&chunks[harmed]);
            expected.drain(6 * harmed..6 * harmed + lost);
            // Another one: the last request to the first may still be on its way.
            let server = Server::start(true);
            let replay = run(&server.url, dir.path(), json!({}));
            replay.flush(within_ms(20_000)).unwrap();
            expected.extend(other_session());
            assert!(server.events().concat() == expected, "file {harmed}: {:?}", server.counts());
        }
    }
}

#[test]
fn interactions_are_merged_as_they_were() {
    const CLICK: &str = r##"{"x":1,"y":50,"selector":"#buy","viewportHeight":720,"viewportWidth":1280,"pageUrl":"p","timestamp":1782000000000,"type":"click"}"##;
    let (server, dir) = (Server::start(false), tempfile::tempdir().unwrap());
    let merging = |batch: bool| json!({ "interactionConfig": { "enabled": true, "batch": batch } });
    let replay = run(&server.url, dir.path(), merging(true));
    (0..3).for_each(|_| _ = replay.record_interaction(CLICK).unwrap());
    let _ = replay.flush(0);
    wait_until("the request", || !server.bodies().is_empty());
    end(replay, dir.path());
    server.set(|manner| manner.answers = true);
    let replay = run(&server.url, dir.path(), merging(false));
    replay.flush(within_ms(20_000)).unwrap();
    assert!(server.bodies().len() >= 2);
    assert_eq!(server.distinct().len(), 1, "{:?}", server.events());
    assert_eq!(server.events()[1].len(), 1, "merged");
}
