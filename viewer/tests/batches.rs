//! A session's batches, one a line: what a page loads a session by.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{Batch, META, MOVE, SNAPSHOT, start, start_in};
use serde_json::{Value, json};
use session_replay_viewer::Viewer;

/// The lines of a session's batches.
fn lines(viewer: &Viewer, query: &str) -> Vec<Value> {
    let mut response =
        common::agent().get(format!("{}/api/sessions/d/s/batches{query}", viewer.url())).call().unwrap();
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let body = response.body_mut().read_to_string().unwrap();
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn events(lines: &[Value]) -> Vec<&Value> {
    lines.iter().map(|line| &line["events"]).collect()
}

#[test]
fn batches_come_one_a_line_in_the_order_of_their_arrival() {
    let viewer = start();
    assert!(lines(&viewer, "").is_empty(), "nothing has arrived");
    for event in [META, SNAPSHOT, MOVE] {
        Batch::new("d", "s", &[event]).send(&viewer);
    }
    let all = lines(&viewer, "");
    assert_eq!(events(&all), [&json!([META]), &json!([SNAPSHOT]), &json!([MOVE])]);
    assert!(all.iter().all(|line| line["meta"]["arrived"].is_u64()));
    assert!(all.is_sorted_by_key(|line| line["sequence"].as_str().unwrap().to_owned()));
}

#[test]
fn after_a_batch_come_those_that_arrived_later_and_the_last_minute_before_it() {
    let viewer = start();
    for event in [META, SNAPSHOT, MOVE] {
        Batch::new("d", "s", &[event]).send(&viewer);
    }
    let all = lines(&viewer, "");
    let second = all[1]["sequence"].as_str().unwrap();
    assert_eq!(events(&lines(&viewer, &format!("?after={second}&exact=true"))), [&json!([MOVE])]);
    assert_eq!(lines(&viewer, &format!("?after={second}")).len(), 3, "all are of this minute");
    // A name of the far future leaves out even those.
    let future = second.replacen(second.split('-').next().unwrap(), "9999999999999999", 1);
    assert!(lines(&viewer, &format!("?after={future}")).is_empty(), "{future}");
    assert_eq!(lines(&viewer, "?after=nonsense").len(), 3, "what is no name leaves out nothing");
}

#[test]
fn batches_that_another_viewer_received_are_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = [start_in(folder.path()), start_in(folder.path())];
    Batch::new("d", "s", &[META]).send(&there);
    Batch::new("d", "s", &[SNAPSHOT]).send(&here);
    assert_eq!(events(&lines(&here, "")), events(&lines(&there, "")));
    assert_eq!(lines(&here, "").len(), 2);
}
