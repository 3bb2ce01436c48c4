//! A filter of the host's before events are stored, and the host that is asked for full snapshots: as C hosts have them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::Server;
use common::c::Program;
use serde_json::Value;

/// The number of the server's events in which this word stands.
fn with(server: &Server, session: &str, word: &str) -> usize {
    server.events("device-1", session).iter().filter(|event| event.contains(word)).count()
}

#[test]
fn of_each_kind_of_event_arrives_what_the_filter_leaves() {
    let server = Server::start();
    Program::c(&["tests/c/filter.c"]).run(&[&server.url()]);
    let session = "1732300000000";
    // Two of a click and of each line stand elsewhere and together; the title of a view is no event of the host's.
    assert_eq!(with(&server, session, "drop"), 0);
    assert_eq!(with(&server, session, "refuse"), 0);
    for (word, expected) in [
        (r#""tag":"record","payload":"keep""#, 1),
        (r#""tag":"record","payload":"changed""#, 1),
        (r#""tag":"custom","payload":"keep""#, 1),
        (r#""tag":"custom","payload":"changed""#, 1),
        ("example.invalid/keep", 1),
        ("example.invalid/changed", 1),
        ("line-keep", 2),
        ("line-changed", 2),
        (r#""tag":"thread","payload":"keep""#, 2_000),
        (r#""tag":"between","payload":"keep""#, 200),
        ("rrweb/console@1", 2),
    ] {
        assert_eq!(with(&server, session, word), expected, "{word}");
    }
    let views = "1732300000001";
    assert_eq!(with(&server, views, "drop"), 0);
    assert_eq!(with(&server, views, "page-changed"), 1);
    // That of the scene has the title of the view, which is no event of the host's.
    let snapshots = server.events("device-1", views);
    let snapshots: Vec<_> = snapshots.iter().filter(|event| event.contains(r#""type":2,"#)).collect();
    assert!(snapshots.iter().any(|event| event.contains("replace")), "{snapshots:?}");
    let told = server.get(&format!("/api/sessions/device-1/{session}/interactions"));
    let selectors = ["keep", "changed", "drop", "refuse", "replace"].map(|word| told.matches(word).count());
    assert_eq!(selectors, [1, 1, 0, 0, 0], "{told}");
}

#[test]
#[cfg(unix)]
fn a_forked_child_has_its_parent_s_filter() {
    let server = Server::start();
    Program::c(&["tests/c/filter_fork.c"]).run(&[&server.url()]);
}

#[test]
fn a_window_in_which_nothing_moves_is_asked_for_a_full_snapshot() {
    Program::c(&["tests/c/snapshot_callback.c"]).run::<&str>(&[]);
}

#[test]
fn a_host_in_cpp_filters_and_is_asked() {
    let server = Server::start();
    Program::cpp(&["tests/cpp/filter.cpp"]).run(&[&server.url()]);
    let arrived: Vec<Value> = server
        .events("device-1", "1732300000000")
        .iter()
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    let tags: Vec<_> = arrived.iter().filter_map(|event| event["data"]["tag"].as_str()).collect();
    assert_eq!(tags, ["keep", "changed", "after-drop"]);
}
