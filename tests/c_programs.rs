//! The C ABI from C: the header, the symbols, the examples, and hosts that do everything wrong.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::collections::BTreeSet;

use common::c::{Program, exported_symbols, project, with_slashes};
use common::child::slowness;
use common::{Server, recording, wire_form};
use serde_json::{Value, json};

const SESSION: &str = "1732300000000";
const RECORDINGS: [&str; 4] = ["form-unicode", "live-table", "rich-text", "big-document"];

#[test]
fn the_header_compiles_as_c_and_as_cpp() {
    for (variable, usual, standard) in [
        ("CC", "cc", "-std=c99"),
        ("CC", "cc", "-std=c17"),
        ("CXX", "c++", "-std=c++11"),
        ("CXX", "c++", "-std=c++20"),
    ] {
        let language = if variable == "CXX" { ["-x", "c++"] } else { ["-x", "c"] };
        let program = Program::build(
            variable,
            usual,
            &[standard, language[0], language[1]],
            &["tests/c/header.c", "-x", "none"],
        );
        assert_eq!(program.run::<&str>(&[]).trim(), env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let header = std::fs::read_to_string(project().join("include/session_replay.h")).unwrap();
    // A declaration is the only line that begins in the first column and has a function's name before its bracket.
    let declared: BTreeSet<String> = header
        .lines()
        .map(|line| line.strip_prefix("SR_NODISCARD ").unwrap_or(line))
        .filter_map(|line| line.strip_prefix("SR_API "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.starts_with("typedef"))
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next().map(str::to_owned))
        .collect();
    assert!(declared.contains("sr_record") && declared.contains("sr_string_free"), "{declared:?}");
    assert_eq!(exported_symbols(), declared);
}

/// What the C host records in its two sessions: the second begins with the page's last description and snapshot.
fn halves(events: &[String]) -> [Vec<String>; 2] {
    let (first, second) = events.split_at(events.len() / 2);
    let last = |kind: u64| {
        let of_kind = |event: &&String| serde_json::from_str::<Value>(event).unwrap()["type"] == kind;
        first.iter().rev().find(of_kind).cloned()
    };
    let again = last(4).into_iter().chain(last(2)).chain(second.iter().cloned());
    [first.to_vec(), again.collect()]
}

/// The events that thread `thread` of `threads` records, of a part of the recording.
fn share(events: &[String], threads: usize, thread: usize) -> Vec<String> {
    events.iter().skip(thread).step_by(threads).cloned().collect()
}

/// Whether `arrived` is an interleaving of what the threads recorded, each in its order.
fn is_interleaving(arrived: &[String], mut threads: Vec<Vec<String>>) -> bool {
    threads.iter_mut().for_each(|events| events.reverse());
    // Equal events of several threads could be told apart wrongly only if they were equal in what follows, too.
    let total: usize = threads.iter().map(Vec::len).sum();
    total == arrived.len()
        && arrived.iter().all(|event| {
            let thread = threads.iter_mut().find(|events| events.last() == Some(event));
            thread.map(Vec::pop).is_some()
        })
}

fn wire(events: &[String]) -> Vec<String> {
    events.iter().map(|event| wire_form(event)).collect()
}

/// The C host's command line: a recording, where to deliver, and more.
fn replay_arguments(name: &str, server: &Server, more: &[&str]) -> Vec<String> {
    let path = format!("{}/tests/fixtures/recordings/{name}.jsonl", project().display());
    let wait = (30 * slowness()).to_string();
    let mut arguments: Vec<String> =
        [&path, "--server", &server.url(), "--session", SESSION, "--wait", &wait].map(str::to_owned).into();
    arguments.extend(more.iter().map(|&argument| argument.to_owned()));
    arguments
}

fn c_host() -> Program {
    Program::c(&["examples/c/replay.c", "examples/c/recording.c"])
}

#[test]
fn the_c_host_delivers_every_recording_as_it_is() {
    let (host, server, storage) = (c_host(), Server::start(), tempfile::tempdir().unwrap());
    let folder = with_slashes(storage.path());
    for name in RECORDINGS {
        let events = recording(name);
        for (threads, stored) in [(1, false), (1, true), (4, false), (4, true)] {
            let (device, count) = (format!("{name}-{threads}-{stored}"), threads.to_string());
            let mut more = vec!["--speed", "0", "--device", &device, "--threads", &count];
            if stored {
                more.extend(["--storage", &folder]);
            }
            let stats: Value =
                serde_json::from_str(&host.run(&replay_arguments(name, &server, &more))).unwrap();
            assert_eq!(stats["delivered"], stats["recorded"]["events"], "{stats}");

            let [first, second] = halves(&events);
            let repeated = second.len() - (events.len() - events.len() / 2);
            for (session, expected, alone) in [(SESSION, first, 0), ("1732300000001", second, repeated)] {
                let (arrived, expected) = (server.events(&device, session), wire(&expected));
                // One thread repeats the snapshot; then all record.
                let (begin, rest) = arrived.split_at(alone.min(arrived.len()));
                assert!(begin == &expected[..alone], "{device}/{session}: another beginning");
                let shares = (0..threads).map(|thread| share(&expected[alone..], threads, thread)).collect();
                assert!(
                    is_interleaving(rest, shares),
                    "{device}/{session}: {} events arrived, {} were recorded",
                    arrived.len(),
                    expected.len()
                );
            }
        }
    }
    assert_eq!(common::files_below(storage.path(), "chunk"), 0);
}

#[test]
fn without_a_rollover_one_session_holds_the_recording() {
    let server = Server::start();
    c_host().run(&replay_arguments("rich-text", &server, &["--speed", "50", "--no-rollover"]));
    assert!(server.events("c-host", SESSION) == wire(&recording("rich-text")));
}

#[test]
fn a_recording_with_other_line_ends_and_blank_lines_is_the_same() {
    let (host, server, folder) = (c_host(), Server::start(), tempfile::tempdir().unwrap());
    let events = recording("form-unicode");
    let path = folder.path().join("recording.jsonl");
    std::fs::write(&path, format!("\r\n{}\r\n \t\r\n", events.join("\r\n\r\n"))).unwrap();
    let mut arguments = replay_arguments("form-unicode", &server, &["--speed", "0", "--no-rollover"]);
    path.to_str().unwrap().clone_into(&mut arguments[0]);
    host.run(&arguments);
    assert!(server.events("c-host", SESSION) == wire(&events));
}

#[test]
fn the_shortest_example_delivers() {
    let server = Server::start();
    let source = common::examples::example("examples/c/hello.c", &server.url());
    let program = Program::c(&[source.path().join("hello.c").to_str().unwrap()]);
    assert_eq!(program.run_under_valgrind::<&str>(&[]).trim(), "delivered");
    assert_eq!(server.events("device-1", "1700000000000").len(), 1);
    common::examples::assert_shown_in("README.md", "examples/c/hello.c");
}

#[test]
fn the_example_of_views_delivers_a_scene() {
    let (program, server) = (Program::c(&["examples/c/views.c"]), Server::start());
    program.run_under_valgrind(&[&server.url(), SESSION]);
    let events = server.events("native-app", SESSION);
    assert!(events[0].starts_with(r#"{"type":4,"#) && events[1].starts_with(r#"{"type":2,"#), "{events:?}");
    assert!(events.len() > 20 && !events.concat().contains("correct horse"));
}

#[test]
fn the_program_that_the_guide_shows_for_a_renderer_of_ones_own_records() {
    let (page, server, folder) = ("docs/guide/views.md", Server::start(), tempfile::tempdir().unwrap());
    let source = common::examples::snippet(page, "Your own renderer", "c");
    let options = common::examples::snippet(page, "Five whole programs", "json");
    assert!(source.lines().count() < 25, "{page} promises programs under 25 lines");
    let path = folder.path().join("orders.c");
    std::fs::write(&path, source).unwrap();
    let program = Program::c(&[path.to_str().unwrap()]);
    // Not under valgrind: there its five seconds may be too few, and the example of views is checked so.
    program.run(&[options.replace("http://127.0.0.1:8787", &server.url())]);
    let sessions: Value = serde_json::from_str(&server.get("/api/sessions")).unwrap();
    let events = server.events("device-1", sessions[0]["session_id"].as_str().unwrap()).concat();
    assert!(events.contains("Sign in") && events.contains("data:image/webp") && !events.contains("secret"));
}

#[test]
fn the_program_that_the_guide_shows_for_held_sessions_sends_what_was_held() {
    let (page, server, folder) = ("docs/guide/c-api.md", Server::start(), tempfile::tempdir().unwrap());
    let options = common::examples::snippet(page, "Held sessions", "json");
    let path = folder.path().join("held.c");
    std::fs::write(&path, common::examples::snippet(page, "Held sessions", "c")).unwrap();
    let program = Program::c(&[path.to_str().unwrap()]);
    program.run_under_valgrind(&[options.replace("http://127.0.0.1:8787", &server.url())]);
    let events = server.events("device-1", "1700000000000");
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(events[2].contains(r#""reason":"the order could not be saved""#), "{events:?}");
}

// Its other half is libcurl, which MinGW does not bring.
#[cfg(unix)]
#[test]
fn a_request_of_libcurl_stands_in_the_replay() {
    let example = Program::c(&["examples/c/curl.c", "-lcurl"]);
    let (server, (url, _received)) = (Server::start(), common::receive_requests());
    example.run(&[server.url(), format!("{url}/orders?api_key=hunter2")]);
    let event: Value = serde_json::from_str(&server.events("device-1", SESSION)[0]).unwrap();
    let payload = &event["data"]["payload"];
    assert_eq!(payload["url"], format!("{url}/orders?api_key=********"));
    assert_eq!((&payload["method"], &payload["status"]), (&json!("POST"), &json!(200)));
    let headers = json!({"authorization": "********", "content-type": "application/json"});
    assert_eq!(payload["requestHeaders"], headers);
    assert_eq!(payload["responseHeaders"], json!({"connection": "close", "content-length": "0"}));
    assert_eq!(payload["requestBody"], r#"{"name": "ann", "password": "********"}"#);
    assert_eq!((&payload["responseBody"], &payload["responseBodyStatus"]), (&json!(""), &json!("captured")));
    let server = Server::start();
    example.run(&[server.url(), "http://127.0.0.1:9/".to_owned()]);
    let events = server.events("device-1", SESSION).concat();
    let error = r#""error":{"name":"NetworkError","message":"Couldn't connect to server"}"#;
    assert!(events.contains(error), "{events}");
}

// Its other half is libcurl, which MinGW does not bring.
#[cfg(unix)]
#[test]
fn the_segment_example_tells_segment_and_the_viewer_the_same() {
    let sources = ["examples/c/segment.c", "-lcurl"];
    let (example, server) = (Program::c(&sources), Server::start());
    for mode in ["actions", "classic-device", "classic-cloud"] {
        let (segment, received) = common::receive_requests();
        assert_eq!(example.run(&[mode, &server.url(), &segment]).trim(), "delivered");
        let requests: Vec<_> = received.try_iter().collect();
        let events: Vec<Value> =
            requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect();
        assert_eq!(events.len(), 3);
        assert!(requests[0].line.starts_with("POST /v1/track "), "{}", requests[0].line);
        assert!(String::from_utf8_lossy(&requests[0].body).contains("\"total\": 25.50,\"[Amplitude]"));
        let mut sessions = BTreeSet::new();
        for event in &events[..2] {
            let replay = event["properties"]["[Amplitude] Session Replay ID"].as_str().unwrap();
            let (device, session) = replay.split_once('/').unwrap();
            assert_eq!(device, event["anonymousId"]);
            let told = match mode {
                "actions" => &event["integrations"]["Actions Amplitude"]["session_id"],
                "classic-cloud" => &event["integrations"]["Amplitude"]["session_id"],
                _ => &Value::Null,
            };
            assert!(mode == "classic-device" || told.as_i64() == session.parse().ok(), "{event}");
            assert!(!server.events(device, session).is_empty(), "{mode}: {replay} has no events");
            sessions.insert(session.to_owned());
        }
        assert_eq!(sessions.len(), if mode == "classic-cloud" { 1 } else { 2 });
        assert!(events[2].get("properties").is_none());
    }
    let segment = common::receive_requests().0;
    example.run_under_valgrind(&["actions", &server.url(), &segment]);
}

#[test]
fn the_c_host_runs_clean_under_valgrind() {
    let (host, server, storage) = (c_host(), Server::start(), tempfile::tempdir().unwrap());
    let folder = with_slashes(storage.path());
    for (device, threads, stored) in [("one", "1", false), ("three", "3", false), ("stored", "3", true)] {
        let mut more = vec!["--device", device, "--speed", "0", "--threads", threads];
        if stored {
            more.extend(["--storage", &folder]);
        }
        host.run_under_valgrind(&replay_arguments("form-unicode", &server, &more));
        assert_eq!(server.events(device, SESSION).len(), 151);
    }
}

#[test]
fn a_hostile_host_gets_answers() {
    let program = Program::c(&["tests/c/misuse.c"]);
    let server = Server::start();
    program.run(&[server.url()]);
    program.run_under_valgrind(&[server.url()]);
}

#[test]
fn beginning_and_ending_may_race_with_everything() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/races.c"]);
    let server = Server::start();
    let accepted: usize = program.run(&[&server.url(), "30"]).trim().parse().unwrap();
    let arrived: usize =
        (0..7).map(|n| server.events("device-1", &(1_732_300_000_000_i64 + n).to_string()).len()).sum();
    assert_eq!(arrived, accepted);
    program.run_under_valgrind(&[&server.url(), "2"]);
}

#[test]
fn views_may_race_with_everything() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/view_races.c"]);
    let server = Server::start();
    program.run(&[&server.url(), "20"]);
    program.run_under_valgrind(&[&server.url(), "2"]);
}

#[test]
fn views_answer_in_every_state() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/view_states.c"]);
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    let dir = &*with_slashes(storage.path());
    for part in ["states", "forked", "last"] {
        // Windows has no fork.
        if cfg!(windows) && part == "forked" {
            continue;
        }
        program.run(&[&*server.url(), dir, part]);
    }
    for part in ["shapes", "flood"] {
        let more_kb: u64 = program.run(&[&*server.url(), dir, part]).trim().parse().unwrap();
        println!("{part}: {more_kb} kB");
        // What a sanitizer takes is its own.
        assert!(more_kb < 48_000 || !common::c::sanitizer().is_empty(), "{part} took {more_kb} kB of memory");
    }
    for _ in 0..10 {
        program.run(&[&*server.url(), dir, "atexit"]);
    }
    // The other parts leave threads at work when they end.
    program.run_under_valgrind(&[&*server.url(), dir, "last"]);
}

/// A child that is forked while such a lock is held waits for it for ever, once it has an encoder of its own.
#[cfg(target_os = "linux")]
#[test]
fn the_encoder_takes_no_lock_of_the_c_library() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/view_states.c"]);
    let folder = tempfile::tempdir().unwrap();
    let shim = folder.path().join("locks.so");
    let mut compiler = common::c::compiler("CC", "cc");
    common::child::run(compiler.args(["-shared", "-fPIC", "tests/c/shims/locks.c", "-ldl", "-o"]).arg(&shim));
    let mut command = program.command();
    let server = Server::start();
    command.args([&*server.url(), "", "one"]).env("LD_PRELOAD", &shim);
    assert_eq!(common::child::run(&mut command), "");
}

// Windows has no fork.
#[cfg(unix)]
#[test]
fn a_forked_child_starts_its_own() {
    let program = Program::c(&["tests/c/forks.c"]);
    let server = Server::start();
    let storage = tempfile::tempdir().unwrap();
    program.run(&[&server.url(), storage.path().to_str().unwrap(), "25"]);
    // A frame is three: Meta, full snapshot, and its image.
    assert_eq!(server.events("device-1", SESSION).len(), 25 * (2 + 3));
    assert_eq!(server.events("child", SESSION).len(), 25 * (1 + 3));
}

// Windows has no fork.
#[cfg(unix)]
#[test]
fn a_child_forked_at_any_moment_starts_its_own() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/fork_moments.c"]);
    let server = Server::start();
    let storage = tempfile::tempdir().unwrap();
    program.run(&[&server.url(), storage.path().to_str().unwrap()]);
    assert_eq!(server.events("device-1", SESSION).len(), 3);
    assert_eq!(server.events("child", SESSION).len(), 2);
}

#[test]
fn a_thread_keeps_its_order_however_it_records() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/order.c"]);
    for _ in 0..2 {
        program.run::<&str>(&[]);
    }
}

#[test]
fn what_a_pages_recorder_says_of_itself_is_in_the_stats() {
    let program = Program::c(&["tests/c/page_status.c"]);
    let server = Server::start();
    program.run(&[server.url()]);
}

// Windows has no fork.
#[cfg(unix)]
#[test]
fn a_daemon_takes_over_what_its_parent_recorded() {
    let program = Program::c(&["tests/c/daemon.c"]);
    let server = Server::start();
    let storage = tempfile::tempdir().unwrap();
    program.run(&[&server.url(), storage.path().to_str().unwrap()]);
    assert_eq!(server.events("device-1", SESSION).len(), 1);
}

// Windows has no signals that go to threads.
#[cfg(unix)]
#[test]
fn the_hosts_signals_stay_on_its_threads() {
    let program = Program::c(&["tests/c/signals.c"]);
    // Where there is a file system whose allocations signals interrupt, it is this one.
    let shared_memory = std::path::Path::new("/dev/shm");
    let storage = match shared_memory.is_dir() {
        true => tempfile::tempdir_in(shared_memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    program.run(&["http://127.0.0.1:9", storage.path().to_str().unwrap()]);
}

#[test]
fn that_no_thread_can_be_started_is_no_fault_of_the_library() {
    Program::c(&["tests/c/no_thread.c"]).run::<&str>(&[]);
}

// Windows has no cancellation of threads: what ends one from outside leaves the locks of the C library locked.
#[cfg(unix)]
#[test]
fn a_host_may_cancel_its_threads() {
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/cancel.c"]);
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    program.run(&[server.url(), storage.path().to_str().unwrap().to_owned()]);
    // What the last, sound thread recorded arrived, too, behind the scene's Meta event and full snapshot.
    assert_eq!(server.events("device-1", "1732300099000").len(), 3);
}

// On Windows: tests/unload_windows.rs.
#[cfg(unix)]
#[test]
fn the_library_can_be_unloaded_after_a_shutdown() {
    let program = Program::c(&["tests/c/unload.c"]);
    let server = Server::start();
    let track = format!("{}/sessions/v2/track", server.url());
    let library = common::c::library().to_str().unwrap().to_owned();
    program.run(&[&library, &track, &"20".to_owned()]);
    // With a server that hangs, and with none.
    server.post("/api/faults", &json!({ "on": "track", "hang": true, "standing": true }));
    program.run(&[&library, &track, &"5".to_owned()]);
    program.run(&[&library, &"http://127.0.0.1:9/".to_owned(), &"5".to_owned()]);
}

#[test]
fn a_callback_ends_no_shutdown_that_another_thread_waits_for() {
    let server = Server::start();
    server.post("/api/faults", &json!({ "on": "track", "delay_ms": 500, "standing": true }));
    Program::c(&["tests/c/callback_shutdown.c"]).run(&[&server.url()]);
    let arrived = [SESSION, "1732300000001"].map(|session| server.events("device-1", session).len());
    assert_eq!(arrived, [3, 1]);
}

#[test]
fn a_host_that_can_not_be_called_back_takes_the_requests() {
    let program = Program::c(&["tests/c/take_request.c"]);
    program.run::<&str>(&[]);
    program.run_under_valgrind::<&str>(&[]);
}

#[test]
fn the_host_may_bring_its_own_transport() {
    let program = Program::c(&["tests/c/transport.c"]);
    program.run::<&str>(&[]);
    program.run_under_valgrind::<&str>(&[]);
}

#[test]
fn a_snapshot_that_was_refused_is_asked_for_on_the_fast_path_too() {
    let program = Program::c(&["tests/c/lost_snapshot.c"]);
    program.run::<&str>(&[]);
    program.run_under_valgrind::<&str>(&[]);
}

#[test]
fn a_host_that_exits_without_a_shutdown_loses_nothing() {
    let program = Program::c(&["tests/c/exits.c"]);
    let server = Server::start();
    let storage = tempfile::tempdir().unwrap();
    let dead = "http://127.0.0.1:9".to_owned();
    let folder = with_slashes(storage.path());
    program.run(&[&dead, &folder, &"5000".to_owned()]);
    program.run(&[&dead, &folder, &"500".to_owned()]);
    c_host().run(&replay_arguments(
        "form-unicode",
        &server,
        &["--key", "key", "--storage", &folder, "--speed", "0"],
    ));
    assert_eq!(server.events("device-1", SESSION).len(), 5_500);
}
