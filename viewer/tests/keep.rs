//! Sessions are downloaded, imported, deleted and kept within limits, by several viewers on one store, too.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use common::{Batch, META, MOVE, Reply, SNAPSHOT, agent, call, get, gzip, start, start_in};
use serde_json::{Value, json};
use session_replay_viewer::{Config, StoreLocation, Viewer};

// Download

#[test]
fn a_session_is_downloaded_as_json_lines_byte_for_byte() {
    let viewer = start();
    let odd = r#"{"type":3,"timestamp":1.5, "data": {"big":1e999,"half":"\ud800","text":"é\u00e9 \\ \" "}}"#;
    Batch::new("a|b", "1.2", &[META, SNAPSHOT]).send(&viewer);
    Batch::new("a|b", "1.2", &[MOVE, odd, "{\"type\":3,\r\n\"timestamp\":2}"]).send(&viewer);
    let reply = call(&viewer, "GET", "/api/sessions/a%7Cb/1.2/events.jsonl", "");
    let expected = format!("{META}\n{SNAPSHOT}\n{MOVE}\n{odd}\n{{\"type\":3,  \"timestamp\":2}}\n");
    assert_eq!(String::from_utf8(reply.body).unwrap(), expected);
    assert_eq!(reply.headers["content-disposition"], "attachment; filename=\"replay-a_b-1_2.jsonl\"");
    let nothing = call(&viewer, "GET", "/api/sessions/nobody/1/events.jsonl", "");
    assert_eq!(nothing.status, 404);
}

// Import

fn import(viewer: &Viewer, name: &str, file: &[u8]) -> Reply {
    import_with(viewer, name, file, &[("content-type", "application/octet-stream")])
}

fn import_with(viewer: &Viewer, name: &str, file: &[u8], headers: &[(&str, &str)]) -> Reply {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    let mut request =
        ureq::http::Request::builder().method("POST").uri(format!("{}/api/import?{query}", viewer.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent().run(request.body(file.to_vec()).unwrap()).unwrap();
    let body = response.body_mut().read_to_vec().unwrap();
    Reply { status: response.status().as_u16(), headers: response.headers().clone(), body }
}

fn session_of(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let answer = reply.json();
    assert_eq!(answer["device_id"], "imported");
    answer["session_id"].as_str().unwrap().to_owned()
}

#[test]
fn who_begins_to_import_and_sends_nothing_gives_way() {
    let viewer = start();
    let mut idle: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut client = TcpStream::connect(viewer.address()).unwrap();
            let host = viewer.address();
            write!(client, "POST /api/import?name=x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\nConnection: close\r\n\r\n").unwrap();
            client
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut file = format!("{META}\n{MOVE}\n").into_bytes();
    let answered = loop {
        // They take their places when their heads are read.
        file.extend_from_slice(format!("{MOVE}\n").as_bytes());
        import(&viewer, "x", &file);
        let has_answer = |client: &TcpStream| {
            client.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
            client.peek(&mut [0]).is_ok()
        };
        if let Some(answered) = idle.iter().position(has_answer) {
            break answered;
        }
        assert!(Instant::now() < deadline);
    };
    let mut reply = String::new();
    idle.swap_remove(answered).read_to_string(&mut reply).unwrap();
    // The latter where its head was read only when all places were taken.
    assert!(reply.contains("others wait for their turn") || reply.starts_with("HTTP/1.1 503"), "{reply}");
}

#[test]
fn what_was_downloaded_is_imported_as_one_session_however_often() {
    let viewer = start();
    let events: Vec<String> = (0..40)
        .map(|n| {
            format!(
                r#"{{"type":5,"timestamp":{n},"data":{{"tag":"t","payload":"{}"}}}}"#,
                "é\\n".repeat(40_000)
            )
        })
        .collect();
    for chunk in events.chunks(10) {
        assert_eq!(Batch::new("d", "s", chunk).send(&viewer).status, 200);
    }
    let file = call(&viewer, "GET", "/api/sessions/d/s/events.jsonl", "").body;
    let first = import(&viewer, "shop.jsonl", &file);
    let session = session_of(&first);
    assert_eq!((&first.json()["events"], &first.json()["known"]), (&json!(40), &json!(false)));
    let path = format!("/api/sessions/imported/{session}");
    assert_eq!(call(&viewer, "GET", &format!("{path}/events.jsonl"), "").body, file);
    let details = get(&viewer, &path);
    assert!(details["sequences"].as_u64().unwrap() > 1, "a long file is stored in parts: {details}");
    assert_eq!(details["library"], "import");

    let list = format!("[{}]", events.join(" ,\n"));
    for again in [file, list.clone().into_bytes(), gzip(list.as_bytes())] {
        let reply = import(&viewer, "shop.json", &again);
        assert_eq!((session_of(&reply), &reply.json()["known"]), (session.clone(), &json!(true)));
    }
    assert_eq!(get(&viewer, &path)["events"], 40);
    assert_eq!(get(&viewer, "/api/sessions").as_array().unwrap().len(), 2);
}

#[test]
fn events_of_any_key_order_are_imported_and_a_name_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let file = r#"{"data":{"href":"http://app/","width":1,"height":2},"timestamp":7,"type":4}"#;
    let session = session_of(&import(&viewer, "../../../escaped\\..\\x y.json", file.as_bytes()));
    assert!(session.starts_with("x-y-"), "{session}");
    let events = get(&viewer, &format!("/api/sessions/imported/{session}/events"));
    assert_eq!(
        events.to_string().len(),
        json!([{"type":4,"timestamp":7,"data":{"href":"http://app/","width":1,"height":2}}])
            .to_string()
            .len()
    );
    assert_eq!(files(folder.path()).len(), 2, "a batch and a marker");
    assert!(files(folder.path()).iter().all(|file| file.starts_with(folder.path())));
}

#[test]
fn a_file_with_a_mistake_leaves_nothing_and_the_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let good = format!("{META}\n").repeat(100_000);
    for (file, says) in [
        (
            format!("{good}{{\"type\":3,\"timestamp\":1,\"id\":7}}\n{good}"),
            "line 100001: the event has the key \"id\"",
        ),
        (format!("{good}oops"), "line 100001: this is no event: it begins with \"o\""),
        (String::new(), "there are no events in it"),
    ] {
        let reply = import(&viewer, "x.jsonl", file.as_bytes());
        assert_eq!(reply.status, 400);
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.starts_with(says), "{error}");
    }
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_import_that_broke_off_is_made_whole_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let file = format!("{META}\n{SNAPSHOT}\n");
    let session = session_of(&import(&viewer, "x", file.as_bytes()));
    drop(viewer);
    // As it would be if the viewer had died behind the marker: long ago, and just now.
    let remove_batches = || {
        files(folder.path())
            .iter()
            .filter(|file| !file.ends_with("first"))
            .for_each(|file| std::fs::remove_file(file).unwrap())
    };
    remove_batches();
    let viewer = start_in(folder.path());
    let soon = import(&viewer, "x", file.as_bytes());
    assert_eq!(soon.status, 409, "somebody may still be importing it");
    let marker = files(folder.path()).into_iter().find(|file| file.ends_with("first")).unwrap();
    let mut content: Value = serde_json::from_slice(&std::fs::read(&marker).unwrap()).unwrap();
    content["arrived"] = json!(1_000);
    std::fs::write(&marker, content.to_string()).unwrap();
    drop(viewer);
    let viewer = start_in(folder.path());
    assert_eq!(session_of(&import(&viewer, "x", file.as_bytes())), session);
    assert_eq!(get(&viewer, &format!("/api/sessions/imported/{session}"))["events"], 2);
}

#[test]
fn only_our_own_page_imports_and_deletes() {
    let viewer = start();
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    for foreign in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let headers = [("content-type", "application/octet-stream"), foreign];
        assert_eq!(import_with(&viewer, "x", META.as_bytes(), &headers).status, 403, "{foreign:?}");
        let request =
            ureq::http::Request::builder().method("DELETE").uri(format!("{}/api/devices/d", viewer.url()));
        let reply = agent().run(request.header(foreign.0, foreign.1).body(()).unwrap()).unwrap();
        assert_eq!(reply.status(), 403, "{foreign:?}");
    }
    for form in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "Text/Plain"] {
        assert_eq!(
            import_with(&viewer, "x", META.as_bytes(), &[("content-type", form)]).status,
            415,
            "{form}"
        );
    }
    for (method, path) in [
        ("POST", "/api/sessions/d/s"),
        ("GET", "/api/devices/d"),
        ("POST", "/api/sessions?older_than=9999999999999"),
    ] {
        assert_eq!(call(&viewer, method, path, "").status, 405, "{method} {path}");
    }
    assert_eq!(get(&viewer, "/api/sessions").as_array().unwrap().len(), 1);
}

// Deletion

/// All files of sessions below a folder, in order; what viewers tell each other of them comes and goes.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if ["v1/changes", "v1/index"].iter().any(|shared| folder.ends_with(shared)) {
        return found;
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn delete(viewer: &Viewer, path: &str) -> Value {
    let reply = call(viewer, "DELETE", path, "");
    assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
    reply.json()
}

fn ids(viewer: &Viewer) -> Vec<String> {
    let list = get(viewer, "/api/sessions");
    let mut ids: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["replay_id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn a_session_and_all_that_belongs_to_it_is_deleted_once() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    Batch::new("d", "other", &[META, SNAPSHOT]).send(&viewer);
    let kept = files(folder.path());
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    Batch::new("d", "s", &[MOVE]).send(&viewer);
    assert_eq!(Batch::with_body("d", "s", b"{}").send(&viewer).status, 400);
    let click = r#"{"version":1,"events":[{"timestamp":1,"type":"click","viewportWidth":1,"viewportHeight":1,"pageUrl":"http://a/","x":1,"y":1,"count":1}]}"#;
    assert_eq!(
        Batch::with_body("d", "s", click.as_bytes()).query("type", "interaction").send(&viewer).status,
        200
    );

    std::fs::write(folder.path().join("v1/sequences/d/s/notes.txt"), "of somebody else's").unwrap();
    let asked = delete(&viewer, "/api/sessions/d/s?dry_run=true");
    assert_eq!((&asked["sessions"], &asked["examples"]), (&json!(1), &json!(["d/s"])));
    assert_eq!(ids(&viewer), ["d/other", "d/s"], "asking deletes nothing");
    let deleted = delete(&viewer, "/api/sessions/d/s");
    assert_eq!(deleted, asked);
    assert_eq!(ids(&viewer), ["d/other"]);
    assert_eq!(files(folder.path()), kept);
    assert!(!folder.path().join("v1/sequences/d/s").exists(), "the name of a folder is an id");
    assert_eq!(call(&viewer, "GET", "/api/sessions/d/s", "").status, 404);
    assert_eq!(delete(&viewer, "/api/sessions/d/s")["sessions"], 0);
    assert_eq!(delete(&viewer, "/api/sessions/never/there")["sessions"], 0);
    assert_eq!(get(&viewer, "/api/events").as_array().unwrap().len(), 1);
}

#[test]
fn a_device_is_deleted_and_no_other_whose_id_begins_alike() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let long = "@".repeat(300);
    let longer = "@".repeat(301);
    for device in ["a", "ab", "a.b", &long, &longer] {
        for session in ["1", "2"] {
            assert_eq!(Batch::new(device, session, &[META, SNAPSHOT]).send(&viewer).status, 200);
        }
    }
    assert_eq!(delete(&viewer, "/api/devices/a")["sessions"], 2);
    assert_eq!(delete(&viewer, &format!("/api/devices/{}", "%40".repeat(300)))["sessions"], 2);
    let left: Vec<_> = ["a.b", "ab", &longer]
        .iter()
        .flat_map(|device| ["1", "2"].map(|session| format!("{device}/{session}")))
        .collect();
    let mut expected = left.clone();
    expected.sort();
    assert_eq!(ids(&viewer), expected);
}

#[test]
fn no_path_leads_out_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("file"), "x").unwrap();
    let viewer = start_in(&folder.path().join("store"));
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewer);
    for path in [
        "/api/devices/..",
        "/api/devices/%2E%2E",
        "/api/devices/%2e%2e%2foutside",
        "/api/sessions/%2E%2E/outside",
        "/api/sessions/..%2F..%2Foutside/file",
        "/api/devices/a%00b",
        "/api/devices/=",
        "/api/devices/=",
    ] {
        let reply = call(&viewer, "DELETE", path, "");
        assert!([200, 400, 404, 405].contains(&reply.status), "{path}: {}", reply.status);
    }
    assert_eq!(std::fs::read_to_string(outside.join("file")).unwrap(), "x");
    assert_eq!(ids(&viewer), ["d/s"]);
}

#[test]
fn all_older_than_a_time_are_deleted() {
    let viewer = start();
    Batch::new("d", "old", &[META, SNAPSHOT]).send(&viewer);
    assert_eq!(Batch::with_body("d", "refused", b"{}").send(&viewer).status, 400);
    thread::sleep(Duration::from_millis(5));
    Batch::new("d", "new", &[META, SNAPSHOT]).send(&viewer);
    let new = get(&viewer, "/api/sessions/d/new")["last_arrival"].as_u64().unwrap();
    for wrong in ["", "?older_than=", "?older_than=-1", "?older_than=tomorrow"] {
        assert_eq!(call(&viewer, "DELETE", &format!("/api/sessions{wrong}"), "").status, 400, "{wrong}");
    }
    assert_eq!(delete(&viewer, "/api/sessions?older_than=0")["sessions"], 0);
    assert_eq!(delete(&viewer, &format!("/api/sessions?older_than={new}"))["sessions"], 2);
    assert_eq!(ids(&viewer), ["d/new"]);
    assert_eq!(call(&viewer, "GET", "/api/sessions/d/refused", "").status, 404);
}

// Several viewers

#[test]
fn what_arrives_after_a_deletion_elsewhere_is_a_fresh_session() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (start_in(folder.path()), start_in(folder.path()));
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&one);
    assert_eq!(delete(&other, "/api/sessions/d/s")["sessions"], 1);
    wait_for(&one, &[]);
    wait_for(&other, &[]);
    // This one still remembers that the session has a marker.
    Batch::new("d", "s", &[SNAPSHOT]).send(&one);
    wait_for(&other, &["d/s"]);
    for viewer in [&other, &one] {
        let session = get(viewer, "/api/sessions/d/s");
        assert_eq!((&session["events"], &session["library"]), (&json!(1), &json!("standalone/0.1.0")));
    }
    assert_eq!(get(&one, "/api/events").as_array().unwrap().len(), 1);
}

#[test]
fn a_deletion_whose_viewer_died_is_ended_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    for events in [&[META, SNAPSHOT][..], &[MOVE]] {
        Batch::new("d", "s", events).send(&viewer);
    }
    let batches = folder.path().join("v1/sequences/d/s");
    let mut names: Vec<_> =
        files(&batches).iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    // It had deleted the marker and the first batch; a third batch arrived since.
    let deletions = folder.path().join("v1/deletions/d/s");
    std::fs::create_dir_all(&deletions).unwrap();
    std::fs::write(
        deletions.join("00001795465976788000-0000000000000007"),
        json!({ "through": names[1] }).to_string(),
    )
    .unwrap();
    std::fs::write(deletions.join("00001795465976788000-0000000000000008"), "not ours").unwrap();
    std::fs::remove_file(batches.join(&names[0])).unwrap();
    std::fs::remove_file(folder.path().join("v1/sessions/d/s/first")).unwrap();
    Batch::new("d", "s", &[SNAPSHOT, MOVE]).send(&viewer);

    let next = start_in(folder.path());
    wait_until(|| deletions.exists(), false);
    wait_for(&next, &["d/s"]);
    let session = get(&next, "/api/sessions/d/s");
    assert_eq!((&session["events"], &session["library"]), (&json!(2), &json!("standalone/0.1.0")));
}

#[test]
fn viewers_delete_and_receive_at_the_same_moment() {
    const ROUNDS: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let viewers = [start_in(folder.path()), start_in(folder.path())];
    thread::scope(|scope| {
        for viewer in &viewers {
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    let reply = Batch::new("d", "s", &[META, SNAPSHOT]).send(viewer);
                    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
                }
            });
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    delete(viewer, "/api/sessions/d/s");
                    delete(viewer, "/api/devices/d");
                }
            });
        }
    });
    delete(&viewers[0], "/api/devices/d");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    Batch::new("d", "s", &[META, SNAPSHOT]).send(&viewers[1]);
    for viewer in &viewers {
        // For a moment it may show a batch of a session that the other has deleted, and then none.
        let library = || {
            let session = call(viewer, "GET", "/api/sessions/d/s", "").body;
            serde_json::from_slice::<Value>(&session).unwrap()["library"].clone()
        };
        wait_until(library, "standalone/0.1.0");
    }
}

// Limits

/// Makes a session's batches arrive so much earlier.
fn age(folder: &Path, session: &str, by: Duration) {
    let by = u64::try_from(by.as_micros()).unwrap();
    for file in files(&folder.join("v1/sequences/d").join(session)) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let (arrived, rest) = name.split_once('-').unwrap();
        let earlier = arrived.parse::<u64>().unwrap() - by;
        std::fs::rename(&file, file.with_file_name(format!("{earlier:020}-{rest}"))).unwrap();
    }
}

const HOUR: Duration = Duration::from_secs(3_600);

/// A store with sessions that are 3, 2 and 1 hours old, and one that is being recorded.
fn aged_store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    let payload =
        format!(r#"{{"type":5,"timestamp":1,"data":{{"tag":"t","payload":"{}"}}}}"#, "x".repeat(100_000));
    for session in ["old", "middle", "young", "live"] {
        Batch::new("d", session, &[META, SNAPSHOT]).send(&viewer);
        Batch::new("d", session, &[&payload]).send(&viewer);
    }
    drop(viewer);
    for (session, hours) in [("old", 3), ("middle", 2), ("young", 1)] {
        age(folder.path(), session, HOUR * hours);
    }
    folder
}

fn start_within(folder: &Path, keep: Option<Duration>, max_bytes: Option<u64>) -> Viewer {
    let store = StoreLocation::Folder(folder.to_owned());
    Viewer::start(Config { store, keep, max_bytes, ..Config::default() }).unwrap()
}

fn wait_for(viewer: &Viewer, expected: &[&str]) {
    wait_until(|| ids(viewer), expected);
}

/// Waits until this is what is seen.
fn wait_until<T: PartialEq<E> + Debug, E: Debug>(look: impl Fn() -> T, expected: E) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while look() != expected && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(look(), expected);
}

#[test]
fn sessions_that_are_too_old_or_too_much_are_deleted_at_the_start() {
    for (keep, max_bytes, expected) in [
        (Some(HOUR * 5 / 2), None, &["d/live", "d/middle", "d/young"][..]),
        (None, Some(250_000), &["d/live", "d/young"]),
        (Some(HOUR * 3 / 2), Some(350_000), &["d/live", "d/young"]),
        (None, Some(1), &["d/live"]),
        (Some(Duration::from_secs(1)), None, &["d/live"]),
    ] {
        let folder = aged_store();
        // Two at once, on one store, are no harm.
        let viewers =
            [start_within(folder.path(), keep, max_bytes), start_within(folder.path(), keep, max_bytes)];
        viewers.iter().for_each(|viewer| wait_for(viewer, expected));
        for left in expected {
            let events = get(&viewers[0], &format!("/api/sessions/{left}"))["events"].clone();
            assert_eq!(events, 3, "sessions stay whole");
        }
    }
}

/// Leaves a request of each device in the store that no batch came of.
fn fault_requests(viewer: &Viewer, devices: &[&str]) {
    for device in devices {
        assert!(call(viewer, "POST", "/api/faults", r#"{"status":500}"#).status < 300);
        assert_eq!(Batch::new(device, "s", &[META, SNAPSHOT]).send(viewer).status, 500);
    }
}

/// Waits until this is what the store has of kept requests: a reply does not wait for them.
fn wait_for_requests(folder: &Path, expected: &[&str]) {
    // Folders go with the last file in them, at any moment.
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let devices = || {
        let mut devices: Vec<String> = entries(&folder.join("v1/requests"))
            .filter(|device| entries(&device.path()).next().is_some())
            .map(|device| device.file_name().into_string().unwrap())
            .collect();
        devices.sort();
        devices
    };
    wait_until(devices, expected);
}

#[test]
fn what_was_kept_of_requests_goes_with_its_device_and_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let viewer = start_in(folder.path());
    fault_requests(&viewer, &["a", "ab", "b"]);
    wait_for_requests(folder.path(), &["a", "ab", "b"]);
    delete(&viewer, "/api/devices/a?dry_run=true");
    wait_for_requests(folder.path(), &["a", "ab", "b"]);
    delete(&viewer, "/api/devices/a");
    wait_for_requests(folder.path(), &["ab", "b"]);
    fault_requests(&viewer, &["a"]);
    wait_for_requests(folder.path(), &["a", "ab", "b"]);
    delete(&viewer, "/api/sessions?older_than=1");
    wait_for_requests(folder.path(), &["a", "ab", "b"]);
    delete(&viewer, &format!("/api/sessions?older_than={}", u64::MAX / 1_000));
    wait_for_requests(folder.path(), &[]);
    fault_requests(&viewer, &["a"]);
    wait_for_requests(folder.path(), &["a"]);
    drop(viewer);
    drop(start_within(folder.path(), Some(HOUR), None));
    wait_for_requests(folder.path(), &["a"]);
    let _viewer = start_within(folder.path(), Some(Duration::ZERO), None);
    wait_for_requests(folder.path(), &[]);
}

#[test]
fn without_limits_everything_stays() {
    let folder = aged_store();
    let viewer = start_within(folder.path(), None, None);
    // A deletion that it would make at its start comes before this one ends.
    delete(&viewer, "/api/sessions/d/live");
    assert_eq!(ids(&viewer), ["d/middle", "d/old", "d/young"]);
}
