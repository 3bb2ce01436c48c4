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

/// The files of the batches of a folder's only session, in the order of their arrival.
fn stored_batches(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(folder.join("v1/sequences/d/s")).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_damaged_batch_is_named_and_the_rest_of_its_session_is_there() {
    let whole: [&[u8]; 4] =
        [b"", b"no line break", b"{\"arrived\":", b"{\"arrived\":1}\n{\"version\":1,\"events\":["];
    for damage in whole {
        let folder = tempfile::tempdir().unwrap();
        let viewer = start_in(folder.path());
        for event in [META, SNAPSHOT, MOVE] {
            Batch::new("d", "s", &[event]).send(&viewer);
        }
        let second = stored_batches(folder.path()).remove(1);
        std::fs::write(&second, damage).unwrap();
        let name = second.file_name().unwrap().to_str().unwrap();
        let what = String::from_utf8_lossy(damage);
        let download = downloaded(&viewer);
        assert_eq!([&*download[0], &*download[2]], [META, MOVE], "{what}");
        let told: Value = serde_json::from_str(&download[1]).unwrap();
        assert_eq!(
            (&told["type"], &told["timestamp"]),
            (&json!(5), &json!(1_795_465_976_855.5_f64)),
            "{what}"
        );
        assert_eq!(told["data"]["tag"], "session-replay-viewer/left-out");
        assert_eq!(told["data"]["payload"]["sequence"], name);
        let both: [Value; 2] = [META, MOVE].map(|event| serde_json::from_str(event).unwrap());
        assert_eq!(common::get(&viewer, "/api/sessions/d/s/events"), json!(both), "{what}");
        for all in [
            lines(&viewer, ""),
            serde_json::from_value(common::get(&viewer, "/api/sessions/d/s/sequences")).unwrap(),
        ] {
            assert_eq!(all.len(), 3, "{what}");
            assert_eq!([&all[0]["events"], &all[2]["events"]], [&json!([META]), &json!([MOVE])], "{what}");
            assert_eq!((&all[1]["sequence"], &all[1]["count"]), (&json!(name), &json!(1)), "{what}");
            assert!(all[1]["problem"].is_string() && all[1].as_object().unwrap().len() == 3, "{what}");
        }
        assert!(damage_of(&viewer).unwrap().contains(name), "{what}");
        assert_eq!(common::get(&viewer, "/api/search?q=has:problems")["total"], 1, "{what}");
    }
}

/// The lines of a session's download.
fn downloaded(viewer: &Viewer) -> Vec<String> {
    let download = common::call(viewer, "GET", "/api/sessions/d/s/events.jsonl", "");
    assert_eq!(download.status, 200);
    String::from_utf8(download.body).unwrap().lines().map(str::to_owned).collect()
}

/// What the session's problems say of damage.
fn damage_of(viewer: &Viewer) -> Option<String> {
    let session = common::get(viewer, "/api/sessions/d/s");
    let problems = session["problems"].as_array().unwrap();
    let damage: Vec<_> = problems.iter().filter(|problem| problem["code"] == "damaged_requests").collect();
    assert!(damage.len() < 2, "{problems:?}");
    damage.first().map(|problem| problem["message"].as_str().unwrap().to_owned())
}

/// Changes the one stored batch; it stays that of the name it has.
fn change(folder: &std::path::Path, change: impl Fn(&str) -> String) {
    let file = stored_batches(folder).remove(0);
    let text = std::fs::read_to_string(&file).unwrap();
    let changed = change(&text);
    assert_ne!(changed, text);
    std::fs::write(&file, changed).unwrap();
}

#[test]
fn an_event_that_is_none_takes_no_other_with_it_and_is_named() {
    let quoted = |event: &str| serde_json::to_string(event).unwrap();
    for (foreign, in_batch, why) in [
        ("{}".to_owned(), Value::Null, "event 1 of it, counted from 0, is not a string"),
        ("null".to_owned(), Value::Null, "event 1 of it, counted from 0, is not a string"),
        (r#""{""#.to_owned(), json!("{"), "event 1 of it, counted from 0, is no JSON"),
        (
            r#""\ud800""#.to_owned(),
            json!("?"),
            "event 1 of it, counted from 0, is not a string of Unicode text",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let viewer = start_in(folder.path());
        Batch::new("d", "s", &[META, SNAPSHOT, MOVE]).send(&viewer);
        change(folder.path(), |text| text.replace(&quoted(SNAPSHOT), &foreign));
        let [meta, third]: [Value; 2] = [META, MOVE].map(|event| serde_json::from_str(event).unwrap());
        assert_eq!(common::get(&viewer, "/api/sessions/d/s/events"), json!([meta, third]), "{foreign}");
        let said = damage_of(&viewer).unwrap();
        assert!(said.contains(why), "{foreign}: {said}");
        // The numbers of the events are what they would be.
        assert_eq!(common::get(&viewer, "/api/sessions/d/s/events?after=1"), json!([third]), "{foreign}");
        assert_eq!(common::get(&viewer, "/api/sessions/d/s/events?after=2"), json!([third]), "{foreign}");
        let download = downloaded(&viewer);
        assert_eq!((download.len(), &*download[0], &*download[1]), (3, META, MOVE), "{foreign}");
        assert!(download[2].contains("left-out") && download[2].contains(why), "{foreign}");
        // A file with such a line can be imported.
        let imported = common::call(&viewer, "POST", "/api/import?name=x", &download.join("\n"));
        assert_eq!(imported.json()["events"], 3, "{foreign}");
        if in_batch == json!("?") {
            continue; // No JSON text that a client could compare.
        }
        let [line] = <[Value; 1]>::try_from(lines(&viewer, "")).unwrap();
        assert_eq!(line["events"], json!([META, in_batch, MOVE]), "{foreign}");
        assert_eq!(line["left_out"].is_string(), in_batch.is_null(), "{foreign}");
    }
}

#[test]
fn a_batch_whose_first_line_is_damaged_plays_all_the_same_and_is_named() {
    for first in ["{}", "[7]", "7", "\"arrived\"", "{\"arrived\":\"1\"}"] {
        let folder = tempfile::tempdir().unwrap();
        let viewer = start_in(folder.path());
        Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
        let arrived = lines(&viewer, "")[0]["meta"]["arrived"].clone();
        change(folder.path(), |text| format!("{first}\n{}", text.split_once('\n').unwrap().1));
        let [line] = <[Value; 1]>::try_from(lines(&viewer, "")).unwrap();
        assert_eq!(
            (&line["events"], &line["meta"]["arrived"]),
            (&json!([META, SNAPSHOT]), &arrived),
            "{first}"
        );
        assert!(line["left_out"].as_str().unwrap().contains("first line"), "{line}");
        assert!(damage_of(&viewer).unwrap().contains("first line"), "{first}");
    }
}

#[test]
fn one_batch_can_be_asked_for_alone() {
    let viewer = start();
    for event in [META, SNAPSHOT, MOVE] {
        Batch::new("d", "s", &[event]).send(&viewer);
    }
    let name = lines(&viewer, "")[1]["sequence"].as_str().unwrap().to_owned();
    assert_eq!(events(&lines(&viewer, &format!("?only={name}"))), [&json!([SNAPSHOT])]);
    assert!(lines(&viewer, "?only=none").is_empty());
}

#[test]
fn a_session_whose_first_batches_are_all_damaged_has_a_marker_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    for _ in 0..14 {
        Batch::new("d", "s", &[MOVE]).send(&viewer);
    }
    drop(viewer);
    for file in &stored_batches(folder.path())[..13] {
        std::fs::write(file, "").unwrap();
    }
    for gone in ["v1/sessions", "v1/index"] {
        let _ = std::fs::remove_dir_all(folder.path().join(gone));
    }
    let viewer = start_in(folder.path());
    assert_eq!(common::get(&viewer, "/api/sessions/d/s")["client_url"], "app://test");
    lines(&viewer, "");
    let said = damage_of(&viewer).unwrap();
    assert!(said.starts_with("13 stored requests") && said.contains("; and 10 more."), "{said}");
    // One that ends before it has read its store writes no snapshot.
    common::eventually(&viewer, "read whole", |found| found["complete"] == true);
    drop(viewer);
    // It is known after a restart, too, from a snapshot that names no more than a few.
    let viewer = start_in(folder.path());
    assert_eq!(damage_of(&viewer).unwrap(), said);
}

#[test]
fn a_clock_that_went_astray_makes_no_session_of_decades() {
    let viewer = start();
    let stray = MOVE.replace("1795465977101", "7");
    Batch::new("d", "s", &[META, SNAPSHOT, &stray, MOVE]).send(&viewer);
    let session = common::get(&viewer, "/api/sessions/d/s");
    assert_eq!(session["duration_ms"], 313.0);
    let found = |day: &str| common::get(&viewer, &format!("/api/search?q=day:{day}"))["total"].clone();
    assert_eq!([found("1970-01-01"), found("2026-11-23"), found("2000-01-01")], [0, 1, 0]);
}

#[test]
fn a_damaged_marker_or_refusal_keeps_nothing_from_being_stored_or_read() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    Batch::new("d", "s", &["no event"]).send(&viewer);
    let refused = std::fs::read_dir(folder.path().join("v1/refused/d/s")).unwrap().next().unwrap().unwrap();
    std::fs::write(refused.path(), "{").unwrap();
    std::fs::write(folder.path().join("v1/sessions/d/s/first"), "{").unwrap();
    drop(viewer);
    let viewer = start_in(folder.path());
    assert_eq!(Batch::new("d", "s", &[MOVE]).send(&viewer).status, 200);
    let session = common::get(&viewer, "/api/sessions/d/s");
    assert_eq!((&session["events"], &session["refused"]), (&json!(3), &json!(1)));
    assert_eq!(session["refused_requests"], json!([]));
    assert_eq!(session["client_url"], "app://test", "the first batch tells the same");
    assert_eq!(
        std::fs::read(folder.path().join("v1/sessions/d/s/first")).unwrap(),
        b"{",
        "reading deletes nothing"
    );
}

#[test]
fn a_batch_whose_file_was_brought_back_is_damaged_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    let file = stored_batches(folder.path()).remove(0);
    let whole = std::fs::read(&file).unwrap();
    let damaged =
        || common::get(&viewer, "/api/sessions/d/s")["problems"].to_string().contains("damaged_requests");
    std::fs::write(&file, "").unwrap();
    assert!(lines(&viewer, "")[0]["problem"].is_string() && damaged());
    std::fs::write(&file, whole).unwrap();
    assert_eq!(events(&lines(&viewer, "")), [&json!([META, SNAPSHOT])]);
    assert!(!damaged());
}

#[cfg(target_os = "linux")]
#[test]
fn a_batch_that_cannot_be_read_now_is_named_and_never_left_out_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    for event in [META, SNAPSHOT, MOVE] {
        Batch::new("d", "s", &[event]).send(&viewer);
    }
    let second = stored_batches(folder.path()).remove(1);
    make_unreadable(&second);
    let all = lines(&viewer, "");
    assert_eq!([&all[0]["events"], &all[2]["events"]], [&json!([META]), &json!([MOVE])]);
    assert_eq!((&all[1]["retry"], all[1]["problem"].is_string()), (&json!(true), true));
    let mut feed = common::Feed::open(&viewer, "/api/sessions/d/s/live", None);
    assert_eq!(feed.next()["events"], json!([META]));
    assert!(feed.next_text().contains("is left out"));
    assert_eq!(feed.next()["events"], json!([MOVE]), "what is behind it comes");
    for path in ["events", "events.jsonl"] {
        let mut reply =
            common::agent().get(format!("{}/api/sessions/d/s/{path}", viewer.url())).call().unwrap();
        assert!(reply.body_mut().read_to_string().is_err(), "{path} breaks off");
    }
    let problems = common::get(&viewer, "/api/sessions/d/s")["problems"].to_string();
    assert!(!problems.contains("damaged_requests"), "{problems}");
    make_readable(&second);
    assert_eq!(events(&lines(&viewer, "")), [&json!([META]), &json!([SNAPSHOT]), &json!([MOVE])]);
}

/// Makes a file one that can't be opened, root or not, and that is listed all the same.
#[cfg(target_os = "linux")]
fn make_unreadable(file: &std::path::Path) {
    std::fs::rename(file, file.with_extension("whole")).unwrap();
    // A file that can only be written.
    std::os::unix::fs::symlink("/proc/sys/vm/compact_memory", file).unwrap();
}

/// Takes that back.
#[cfg(target_os = "linux")]
fn make_readable(file: &std::path::Path) {
    std::fs::remove_file(file).unwrap();
    std::fs::rename(file.with_extension("whole"), file).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_marker_that_cannot_be_read_now_or_is_of_a_later_version_stays() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    drop(viewer);
    let marker = folder.path().join("v1/sessions/d/s/first");
    // Without a snapshot, every marker is read at the start.
    let start_without_snapshot = || {
        // It may not be there yet.
        let _ = std::fs::remove_dir_all(folder.path().join("v1/index"));
        start_in(folder.path())
    };
    make_unreadable(&marker);
    let viewer = start_without_snapshot();
    common::get(&viewer, "/api/sessions/d/s");
    assert_eq!(Batch::new("d", "s", &[MOVE]).send(&viewer).status, 200, "the batch is stored all the same");
    drop(viewer);
    make_readable(&marker);
    let whole = std::fs::read(&marker).unwrap();
    assert_eq!(common::get(&start_without_snapshot(), "/api/sessions/d/s")["client_url"], "app://test");
    assert_eq!(std::fs::read(&marker).unwrap(), whole);
    let later = r#"{"version":2,"began":{"at":1}}"#;
    std::fs::write(&marker, later).unwrap();
    assert_eq!(common::get(&start_without_snapshot(), "/api/sessions/d/s")["client_url"], "app://test");
    assert_eq!(std::fs::read_to_string(&marker).unwrap(), later);
}

#[test]
fn a_live_feed_goes_on_behind_a_damaged_batch() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    for event in [META, MOVE] {
        Batch::new("d", "s", &[event]).send(&viewer);
    }
    std::fs::write(&stored_batches(folder.path())[0], "").unwrap();
    let mut feed = common::Feed::open(&viewer, "/api/sessions/d/s/live", None);
    let told = feed.next_text();
    assert!(told.contains("is left out"), "{told}");
    assert_eq!(feed.next()["events"], json!([MOVE]));
}
