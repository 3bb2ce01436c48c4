//! Live feeds: what arrives is told at once, whoever received it.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{Batch, Feed, META, MOVE, SNAPSHOT, start, start_in};
use serde_json::json;

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
