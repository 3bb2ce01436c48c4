//! The list, search and the feed: what is stored is found, by each viewer on the store, also after one has died.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use common::{Batch, Feed, META, MOVE, SNAPSHOT, call, eventually, get, start, start_in};
use serde_json::{Value, json};
use session_replay_viewer::Viewer;

const ERROR: &str = r#"{"type":6,"timestamp":1795465977000,"data":{"plugin":"rrweb/console@1","payload":{"level":"error","payload":["\"no\""],"trace":[]}}}"#;
const TITLE: &str = r#"{"type":6,"timestamp":1795465976790,"data":{"plugin":"amplitude/url-tracking@1","payload":{"href":"http://app/","title":"The cart"}}}"#;
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";

fn ids(found: &Value) -> Vec<&str> {
    let sessions = found["sessions"].as_array().unwrap();
    sessions.iter().map(|session| session["replay_id"].as_str().unwrap()).collect()
}

fn count(found: &Value) -> usize {
    found["sessions"].as_array().unwrap().len()
}

#[test]
fn a_session_tells_what_its_first_batch_said_and_its_errors() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let batch = Batch::new("d", "1", &[META, TITLE, SNAPSHOT, ERROR]).header("user-agent", FIREFOX);
    assert_eq!(batch.header("x-client-url", "https://shop.example/cart").send(&viewer).status, 200);
    assert_eq!(Batch::new("d", "1", &[ERROR]).send(&viewer).status, 200);
    let check = |viewer: &Viewer| {
        let session = get(viewer, "/api/sessions/d/1");
        let sequences = get(viewer, "/api/sessions/d/1/sequences");
        for (key, value) in [
            ("title", json!("The cart")),
            ("app", json!("shop.example")),
            ("system", json!("Firefox 132, Linux")),
            ("errors", json!(2)),
            ("last_batch", sequences[1]["sequence"].clone()),
        ] {
            assert_eq!(session[key], value, "{key}");
        }
    };
    check(&viewer);
    drop(viewer);
    check(&start_in(folder.path()));
    // Without the snapshot it is all made anew.
    std::fs::remove_dir_all(folder.path().join("v1/index")).unwrap();
    let viewer = start_in(folder.path());
    eventually(&viewer, "found again", |found| found["complete"] == true && count(found) == 1);
    check(&viewer);
}

#[test]
fn sessions_are_searched_in_pages() {
    let viewer = start();
    for session in 0..25 {
        Batch::new("desk", &session.to_string(), &[META, SNAPSHOT]).send(&viewer);
    }
    Batch::new("phone", "7", &[META, SNAPSHOT, ERROR]).send(&viewer);
    assert_eq!(Batch::new("phone", "8", &["[]"]).send(&viewer).status, 400);
    let found = get(&viewer, "/api/search?limit=3");
    assert_eq!(
        (&found["total"], &found["offset"], &found["complete"]),
        (&json!(27), &json!(0), &json!(true))
    );
    assert_eq!(ids(&found), ["phone/8", "phone/7", "desk/24"]);
    let refused = &found["sessions"][0];
    assert_eq!((&refused["sequences"], &refused["refused"]), (&json!(0), &json!(1)));
    assert!(refused["first_timestamp"].as_f64().unwrap() > 0.0);
    assert_eq!(refused["first_timestamp"], refused["last_timestamp"]);
    for (query, expected) in [
        ("q=device:phone", &["phone/8", "phone/7"][..]),
        ("q=has:errors", &["phone/7"]),
        ("q=is:refused", &["phone/8"]),
        ("q=-device:desk%20-is:refused", &["phone/7"]),
        ("q=desk&offset=23&limit=5", &["desk/1", "desk/0"]),
        ("q=desk&limit=4&around=desk%2F10", &["desk/12", "desk/11", "desk/10", "desk/9"]),
        ("q=nothing", &[]),
    ] {
        assert_eq!(ids(&get(&viewer, &format!("/api/search?{query}"))), expected, "{query}");
    }
    let around = get(&viewer, "/api/search?q=desk&limit=4&around=desk%2F10");
    assert_eq!((&around["offset"], &around["total"]), (&json!(12), &json!(25)));
    for (query, says) in
        [("q=has:cake", "has:errors"), ("around=x", "<device>/<session>"), ("utc_offset_minutes=9999", "UTC")]
    {
        let reply = call(&viewer, "GET", &format!("/api/search?{query}"), "");
        assert_eq!(reply.status, 400, "{query}");
        assert!(reply.json()["error"].as_str().unwrap().contains(says), "{query}: {reply:?}");
    }
}

#[test]
fn the_feed_tells_what_changed_since() {
    let viewer = start();
    Batch::new("d", "1", &[META]).send(&viewer);
    let mut feed = Feed::open(&viewer, "/api/live", None);
    let first = feed.next();
    assert_eq!((&first["reset"], &first["total"]), (&json!(true), &json!(1)));
    Batch::new("d", "2", &[META]).send(&viewer);
    let second = feed.next();
    assert_eq!((&second["reset"], &second["total"]), (&json!(false), &json!(2)));
    assert_eq!(second["changed"][0]["replay_id"], json!("d/2"));
    // One that comes back hears what it missed.
    let mut again = Feed::open(&viewer, &format!("/api/live?last={}", first["revision"]), None);
    assert_eq!(again.next()["changed"][0]["replay_id"], json!("d/2"));
    let mut foreign = Feed::open(&viewer, "/api/live?last=7", None);
    assert_eq!(foreign.next()["reset"], json!(true));
}

#[test]
fn viewers_on_one_store_agree() {
    let folder = tempfile::tempdir().unwrap();
    let viewers = [start_in(folder.path()), start_in(folder.path())];
    for turn in 0..6 {
        let batch = Batch::new("d", &(turn / 2).to_string(), &[META, SNAPSHOT, MOVE]);
        assert_eq!(batch.send(&viewers[turn % 2]).status, 200);
    }
    assert_eq!(Batch::new("d", "refused", &["[]"]).send(&viewers[1]).status, 400);
    let lists = viewers.each_ref().map(|viewer| {
        eventually(viewer, "all is known to all", |found| {
            let sessions = found["sessions"].as_array().unwrap();
            sessions.len() == 4 && sessions.iter().all(|s| s["sequences"] == 2 || s["refused"] == 1)
        })["sessions"]
            .clone()
    });
    assert_eq!(lists[0], lists[1]);
    drop(viewers);
    let later = start_in(folder.path());
    let found =
        eventually(&later, "known after a start", |found| found["complete"] == true && count(found) == 4);
    assert_eq!(found["sessions"], lists[0]);
}

/// The viewer as a process that can be killed.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_program(folder: &Path) -> (Program, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session-replay-viewer"));
    command.args(["--port", "0", "--data"]).arg(folder).stdout(Stdio::piped());
    let mut program = Program(command.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("listening on ").unwrap().to_owned();
    (program, url)
}

#[test]
fn what_a_viewer_stored_before_it_was_killed_is_found_by_another() {
    /// Whether it was killed before it had told anybody, which it does within a second.
    fn is_killed_in_time(folder: &Path) -> bool {
        let (mut there, url) = start_program(folder);
        let batch = Batch::new("d", "1", &[META, SNAPSHOT]);
        assert_eq!(batch.send_to(&url).unwrap().status, 200);
        there.0.kill().unwrap();
        there.0.wait().unwrap();
        let changes = std::fs::read_dir(folder.join("v1/changes")).unwrap();
        changes.flatten().all(|file| file.file_name().to_string_lossy().starts_with("active-"))
    }
    let attempts = (0..10).find_map(|_| {
        let folder = tempfile::tempdir().unwrap();
        let here = start_in(folder.path());
        eventually(&here, "loaded", |found| found["complete"] == true);
        is_killed_in_time(folder.path()).then_some((folder, here))
    });
    let (folder, here) = attempts.expect("it was killed in time once");
    eventually(&here, "found", |found| count(found) == 1);
    eventually(&here, "the mark is gone", |_| {
        // A folder goes with the last file in it.
        std::fs::read_dir(folder.path().join("v1/changes")).map_or(true, |mut files| files.next().is_none())
    });
}

#[test]
fn a_damaged_snapshot_and_foreign_files_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    assert_eq!(Batch::new("d", "1", &[META, SNAPSHOT]).send(&viewer).status, 200);
    drop(viewer);
    let at = |path: &str| folder.path().join("v1").join(path);
    // A viewer that ends before it has read its store has written none.
    std::fs::create_dir_all(at("index")).unwrap();
    std::fs::write(at("index/snapshot"), b"\x1f\x8b\x08 no").unwrap();
    for name in
        ["readme.txt", "00000000000000000001-0123456789abcdef", "99999999999999999999-0123456789abcdef"]
    {
        std::fs::write(at("changes").join(name), b"{\"version\":1,\"batches\":[[\"..\",\"/\",\"x\"]]}")
            .unwrap();
    }
    std::fs::write(at("refused").with_extension("txt"), b"").unwrap();
    let viewer = start_in(folder.path());
    let found = eventually(&viewer, "found", |found| found["complete"] == true && count(found) == 1);
    assert_eq!(ids(&found), ["d/1"]);
    assert_eq!(Batch::new("d", "2", &[META, SNAPSHOT]).send(&viewer).status, 200);
    assert_eq!(count(&get(&viewer, "/api/search")), 2);
}

#[test]
fn a_store_of_an_earlier_version_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    assert_eq!(Batch::new("d", "1", &[META, SNAPSHOT]).send(&viewer).status, 200);
    drop(viewer);
    // It had neither changes nor a snapshot, and its markers said less.
    for name in ["index", "changes"] {
        // A viewer that ends before it has read its store writes no snapshot.
        let _ = std::fs::remove_dir_all(folder.path().join("v1").join(name));
        assert!(!folder.path().join("v1").join(name).exists());
    }
    let marker = folder.path().join("v1/sessions/d/1/first");
    let old = r#"{"arrived":7,"device_id":"d","session_id":"1","sample_rate":0.5,"library":"standalone/0.1.0","client_version":"0.1.0","client_url":"app://test/x"}"#;
    std::fs::write(marker, old).unwrap();
    let viewer = start_in(folder.path());
    let found = eventually(&viewer, "found", |found| found["complete"] == true && count(found) == 1);
    let session = &found["sessions"][0];
    assert_eq!(
        (&session["app"], &session["title"], &session["system"]),
        (&json!("test"), &json!(null), &json!(null))
    );
    assert_eq!(get(&viewer, "/api/events")[0]["time"], json!(7));
}
