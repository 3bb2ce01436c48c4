//! Hosts that live and end, one after the other, on one storage directory: C programs, since a real end takes a process.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use common::c::{Program, with_slashes};
use common::child::slowness;
use common::{Server, list_below, move_runs};
use serde_json::Value;

const SESSION: &str = "1732300000000";
const DEAD: &str = "http://127.0.0.1:9";

/// A storage directory, and the program that lives on it.
struct Place {
    dir: tempfile::TempDir,
    program: Program,
    /// More options, as they stand in the JSON.
    more: String,
    #[cfg(target_os = "linux")]
    shims: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            program: Program::build("CC", "cc", &["-std=c11"], &["tests/c/life.c"]),
            more: ", \"flushMaxRetries\": 1".to_owned(),
            #[cfg(target_os = "linux")]
            shims: tempfile::tempdir().unwrap(),
        }
    }

    fn command(&self, server: &str, events: usize, end: &str) -> Command {
        let mut command = self.program.command();
        let options = format!(", \"storageDir\": \"{}\"{}", with_slashes(self.dir.path()), self.more);
        command.args([server, &options, &events.to_string(), end]);
        command.stderr(Stdio::inherit());
        command
    }

    /// One life, and what it said of itself.
    fn live(&self, server: &str, events: usize, end: &str) -> Value {
        self.live_with(server, events, end, &[])
    }

    fn live_with(&self, server: &str, events: usize, end: &str, environment: &[(&str, String)]) -> Value {
        let output = self.command(server, events, end).envs(environment.iter().cloned()).output().unwrap();
        assert!(is_this_end(end, output.status), "{end}: {}", output.status);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A library that stands in for the system.
    #[cfg(target_os = "linux")]
    fn shim(&self, name: &str) -> (&'static str, String) {
        let path = self.shims.path().join(format!("{name}.so"));
        let source = format!("tests/c/shims/{name}.c");
        common::child::run(
            common::c::compiler("CC", "cc")
                .args(["-shared", "-fPIC", "-Wall", "-o"])
                .arg(&path)
                .args([&source, "-ldl"]),
        );
        ("LD_PRELOAD", path.display().to_string())
    }

    /// What the directory takes on disk.
    fn bytes(&self) -> u64 {
        fn below(path: &Path) -> u64 {
            let metadata = fs::symlink_metadata(path).unwrap();
            let own = bytes_of(&metadata);
            let inner = fs::read_dir(path).into_iter().flatten().map(|entry| below(&entry.unwrap().path()));
            own + if metadata.is_dir() { inner.sum::<u64>() } else { 0 }
        }
        below(self.dir.path())
    }

    fn home(&self) -> PathBuf {
        fs::read_dir(self.dir.path()).unwrap().next().unwrap().unwrap().path()
    }

    fn runs(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.home()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    }
}

/// What a file takes on disk. On Windows a map has no holes.
#[cfg(unix)]
fn bytes_of(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(metadata) * 512
}

#[cfg(windows)]
fn bytes_of(metadata: &fs::Metadata) -> u64 {
    if metadata.is_dir() { 0 } else { metadata.len() }
}

/// Whether a process ended as it was to.
#[cfg(unix)]
fn is_this_end(end: &str, status: ExitStatus) -> bool {
    let signal = match end {
        "kill" => Some(libc::SIGKILL),
        "crash" => Some(SIGABRT),
        _ => None,
    };
    (std::os::unix::process::ExitStatusExt::signal(&status), status.code())
        == (signal, signal.is_none().then_some(0))
}

/// 9 is what `life` gives itself, 3 is what `abort` gives a process.
#[cfg(windows)]
fn is_this_end(end: &str, status: ExitStatus) -> bool {
    let code = match end {
        "kill" => 9,
        "crash" => 3,
        _ => 0,
    };
    status.code() == Some(code)
}

#[cfg(unix)]
const SIGABRT: i32 = libc::SIGABRT;
#[cfg(windows)]
const SIGABRT: i32 = 22;

/// How many events of the session arrived.
fn arrived(server: &Server) -> usize {
    server.events("device-1", SESSION).len()
}

#[test]
fn short_lives_leave_no_more_than_the_limit() {
    // Under an emulator a start takes seconds; these are still more than the limit holds.
    let lives = if slowness() > 1 { 15 } else { 40 };
    for end in ["end", "kill"] {
        let mut place = Place::new();
        place.more.push_str(", \"storageLimitBytes\": 4000000");
        for life in 0..lives {
            place.live(DEAD, 400, end);
            // What a few lives add before one looks at what is there.
            assert!(
                place.bytes() <= 4_000_000 + 5_500_000,
                "{end}: {} bytes after {life} lives",
                place.bytes()
            );
        }
        let server = Server::start();
        let stats = place.live(&server.url(), 1, "deliver");
        assert!(
            arrived(&server) > 1_000 && stats["dropped"]["storageLost"] == 0,
            "the newest are there: {stats}"
        );
    }
}

/// Each life accepts 401 events. None of them goes without being counted, however many lives end before anything is delivered.
#[test]
fn what_is_evicted_of_dead_runs_is_counted_in_events() {
    const LIVES: u64 = 12;
    let mut place = Place::new();
    let all = tempfile::tempdir().unwrap();
    for life in 0..LIVES {
        place.live(DEAD, 400, if life == 0 { "crash" } else { "kill" });
        move_runs(place.dir.path(), all.path());
    }
    place.dir = all;
    place.more.push_str(", \"storageLimitBytes\": 4000000");
    // Told at the start: this life ends before anything is recovered.
    let at_start = place.live(DEAD, 0, "kill");
    let evicted = |stats: &Value| stats["dropped"]["storageLimit"].as_u64().unwrap();
    assert!(evicted(&at_start) > 0 && at_start["evictedUnread"].as_u64().unwrap() > 0, "{at_start}");
    assert_eq!(at_start["crashes"]["count"], 1, "that of the oldest, which is evicted: {at_start}");
    let server = Server::start();
    let last = place.live(&server.url(), 0, "deliver");
    let told = arrived(&server) as u64 + evicted(&at_start) + evicted(&last);
    assert_eq!(told, LIVES * 401, "{last}");
    assert_eq!(last["adopted"].as_u64().unwrap(), arrived(&server) as u64 + evicted(&last), "{last}");
}

#[test]
fn runs_that_recorded_nothing_hold_up_nobody() {
    let place = Place::new();
    place.live(DEAD, 100, "kill");
    let lock = fs::read(place.runs()[0].join("lock")).unwrap();
    let runs = if slowness() > 1 { 500 } else { 5_000 };
    for number in 0..runs {
        let run = place.home().join(format!("run-{number:014}-1-00000000"));
        fs::create_dir(&run).unwrap();
        fs::write(run.join("lock"), &lock).unwrap();
    }
    let server = Server::start();
    place.live(&server.url(), 0, "deliver");
    assert_eq!(arrived(&server), 101);
    assert_eq!(place.runs().len(), 0);
}

#[test]
fn what_a_later_version_left_is_left_to_it() {
    let place = Place::new();
    place.live(DEAD, 20, "kill");
    // Not the spare one, which has no header. It may have been made first.
    let is_used = |file: &PathBuf| fs::read(file).unwrap().starts_with(b"SRCHUNK");
    let file = list_below(place.dir.path(), "chunk").into_iter().find(is_used).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    for copy in [0, 4_096] {
        bytes[copy..copy + 8].copy_from_slice(b"SRCHUNK9");
    }
    fs::write(&file, &bytes).unwrap();
    place.live(DEAD, 20, "kill");
    let server = Server::start();
    for _ in 0..2 {
        let stats = place.live(&server.url(), 1, "deliver");
        assert_eq!(
            (stats["laterVersion"].as_u64(), stats["damaged"].as_u64()),
            (Some(1), Some(0)),
            "{stats}"
        );
        assert!(fs::read(&file).unwrap() == bytes, "untouched");
    }
    assert_eq!(arrived(&server), 21 + 2 + 2);
}

// Its clock comes by LD_PRELOAD.
#[cfg(target_os = "linux")]
#[test]
fn a_step_of_the_clock_expires_nothing() {
    const DAY: i64 = 24 * 60 * 60;
    let place = Place::new();
    let clock = place.shim("clock");
    // The clock's steps: while it is recorded, and when it is found.
    for (then, now) in [(0, 4 * DAY), (0, -400 * DAY), (-5 * DAY, 0), (400 * DAY, 0), (-30 * DAY, 30 * DAY)] {
        for end in ["kill", "end"] {
            let step = |step: i64| [clock.clone(), ("CLOCK_STEP", step.to_string())];
            place.live_with(DEAD, 30, end, &step(then));
            let server = Server::start();
            let stats = place.live_with(&server.url(), 0, "deliver", &step(now));
            assert_eq!(
                (arrived(&server), stats["dropped"]["expired"].as_u64()),
                (31, Some(0)),
                "{then} {now} {end}"
            );
        }
    }
}

// So do its pages.
#[cfg(target_os = "linux")]
#[test]
fn any_size_of_the_systems_pages_will_do() {
    let place = Place::new();
    let shim = place.shim("pages");
    for page in [4_096, 16_384, 65_536] {
        for storage in [true, false] {
            let server = Server::start();
            let environment = [shim.clone(), ("PAGE_BYTES", page.to_string())];
            let stats = match storage {
                true => place.live_with(&server.url(), 700, "deliver", &environment),
                false => {
                    let mut command = place.program.command();
                    let output = command
                        .args([&server.url(), "", "700", "deliver"])
                        .envs(environment)
                        .output()
                        .unwrap();
                    serde_json::from_slice(&output.stdout).unwrap()
                }
            };
            assert_eq!((arrived(&server), stats["delivered"].as_u64()), (701, Some(701)), "{page} {storage}");
        }
    }
}

// Nobody closes the files of others on Windows: handles are not numbered one after the other.
#[cfg(target_os = "linux")]
#[test]
fn a_daemon_that_closes_every_descriptor_goes_on_and_nobody_takes_its_run() {
    let place = Place::new();
    let server = Server::start();
    // Nothing is delivered before both have lived.
    server.post("/api/faults", &serde_json::json!({ "standing": true, "status": 503 }));
    let mut command = place.command(&server.url(), 1_000, "close");
    let mut daemon = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    common::wait_until("the daemon to record", || list_below(place.dir.path(), "chunk").len() >= 2);
    std::thread::sleep(std::time::Duration::from_millis(500));
    let other = place.live(DEAD, 1, "end");
    assert_eq!(other["adopted"], 0, "the daemon lives");
    server.delete("/api/faults");
    let told = std::io::Write::write_all(&mut daemon.stdin.take().unwrap(), b"\n");
    let output = daemon.wait_with_output().unwrap();
    assert!(told.is_ok() && output.status.success(), "{:?}", output.status);
    assert!(output.stdout.ends_with(b"open\n"), "its own file is open still");
    let mut of_daemon = server.events("device-1", SESSION);
    of_daemon.sort();
    of_daemon.dedup();
    assert_eq!(of_daemon.len(), 3_001);
}

#[test]
fn what_a_host_left_that_lives_on_without_recording_is_taken_over() {
    let place = Place::new();
    let mut command = place.command(DEAD, 50, "stay");
    let mut host = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(host.stdout.as_mut().unwrap()), &mut line)
        .unwrap();
    let server = Server::start();
    // It shuts down right after it has said this.
    common::wait_until("it to be taken over", || {
        place.live(&server.url(), 0, "deliver");
        arrived(&server) == 51
    });
    drop(host.stdin.take());
    assert!(host.wait().unwrap().success());
}

// Windows has no fork.
#[cfg(target_os = "linux")]
#[test]
fn children_of_a_host_keep_nobody_from_taking_over_what_it_left() {
    use std::os::unix::process::ExitStatusExt;
    let place = Place::new();
    let program = Program::build("CC", "cc", &["-std=c11"], &["tests/c/fork_at_start.c"]);
    for round in 0..6 {
        let options = format!(", \"storageDir\": \"{}\"", place.dir.path().display());
        let output = program.command().args([DEAD, &options]).output().unwrap();
        assert_eq!(output.status.signal(), Some(libc::SIGKILL));
        let server = Server::start();
        place.live(&server.url(), 0, "deliver");
        let children = String::from_utf8(output.stdout).unwrap();
        assert!(children.split_whitespace().count() > 0, "nothing was forked");
        for child in children.split_whitespace() {
            // SAFETY: it sends a signal.
            unsafe { libc::kill(child.parse().unwrap(), libc::SIGKILL) };
        }
        assert_eq!(arrived(&server), 1, "round {round}");
    }
}

#[test]
fn files_that_stay_are_told_of_once() {
    let place = Place::new();
    place.live(DEAD, 20, "kill");
    let run = place.runs().remove(0);
    fs::write(run.join("0000000007.chunk"), b"SRCHUNK9 and more").unwrap();
    fs::create_dir(run.join("0000000008.chunk")).unwrap();
    // As long as another process records, it is looked again and again.
    let mut command = place.command(DEAD, 1, "close");
    let mut other = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let stats = place.live(DEAD, 1, "later");
    assert_eq!((&stats["laterVersion"], &stats["damaged"]), (&1.into(), &1.into()), "{stats}");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn the_next_life_tells_of_a_crash_once() {
    let place = Place::new();
    place.live(DEAD, 5, "crash");
    let server = Server::start();
    let stats = place.live(&server.url(), 0, "deliver");
    assert_eq!(stats["crashes"]["count"], 1, "{stats}");
    assert_eq!(stats["crashes"]["last"]["code"], SIGABRT);
    assert!(stats["crashes"]["last"]["atMs"].as_u64().unwrap() > 1_700_000_000_000);
    assert_eq!(arrived(&server), 6, "what was recorded before is there");
    let stats = place.live(&server.url(), 0, "deliver");
    assert_eq!(stats["crashes"], serde_json::json!({ "count": 0, "last": null }));
}
