//! Live feeds: what arrives is told at once, whoever received it.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader};

use common::{Batch, META, MOVE, SNAPSHOT, start, start_in};
use serde_json::{Value, json};
use session_replay_viewer::Viewer;

/// A client of a feed. Reading waits for the next message, and fails the test when none comes for a minute.
struct Feed(std::io::Lines<BufReader<ureq::BodyReader<'static>>>);

impl Feed {
    fn open(viewer: &Viewer, path: &str, last_event_id: Option<&str>) -> Self {
        let mut request = common::agent().get(format!("{}{path}", viewer.url()));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.call().unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(BufReader::new(response.into_body().into_reader()).lines())
    }

    fn next(&mut self) -> Value {
        loop {
            let line = self.0.next().unwrap().unwrap();
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

#[test]
fn a_feed_begins_with_what_is_there_and_goes_on_with_what_arrives() {
    let viewer = start();
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    let mut feed = Feed::open(&viewer, "/api/sessions/d/s/live", None);
    assert_eq!(feed.next()["events"], json!([META, SNAPSHOT]));
    Batch::new("d", "other", &[META]).send(&viewer);
    Batch::new("d", "s", &[MOVE]).send(&viewer);
    assert_eq!(feed.next()["events"], json!([MOVE]));
}

#[test]
fn a_feed_tells_what_another_viewer_received() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = [start_in(folder.path()), start_in(folder.path())];
    let mut feed = Feed::open(&here, "/api/sessions/d/s/live", None);
    let mut list = Feed::open(&here, "/api/live", None);
    list.next();
    for event in [META, SNAPSHOT, MOVE] {
        Batch::new("d", "s", &[event]).send(&there);
        assert_eq!(feed.next()["events"], json!([event]));
    }
    list.next();
}

#[test]
fn a_client_that_comes_back_misses_nothing() {
    let viewer = start();
    Batch::new("d", "s", &[META]).send(&viewer);
    let first = Feed::open(&viewer, "/api/sessions/d/s/live", None).next();
    Batch::new("d", "s", &[SNAPSHOT]).send(&viewer);
    let id = first["sequence"].as_str().unwrap();
    let mut again = Feed::open(&viewer, "/api/sessions/d/s/live", Some(id));
    // It may hear once more of what is so recent; by the name it knows.
    let mut next = again.next();
    if next["sequence"] == first["sequence"] {
        next = again.next();
    }
    assert_eq!(next["events"], json!([SNAPSHOT]));
}

#[test]
fn the_list_feed_tells_of_refused_requests_too() {
    let viewer = start();
    let mut list = Feed::open(&viewer, "/api/live", None);
    list.next();
    let reply = Batch::new("d", "s", &[META]).header("x-sampling-hash-alg", "md5").send(&viewer);
    assert_eq!(reply.status, 400);
    list.next();
}
