//! Sessions that are held: their newest part is sent when their process dies, or the host says so, and in no other case.
//! `SR_KILLS` says how many hosts are killed (12), `SR_SEED` repeats a run.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::Server;
use common::c::{Program, with_slashes};
use common::child::slowness;
use fastrand::Rng;
use serde_json::Value;

/// The shortest that the option allows.
const WINDOW_MS: u64 = 10_000;
/// Hosts at a time: they mostly sleep.
const AT_ONCE: u64 = 24;
const SESSION: &str = "1732300000000";

/// How a host ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// Somebody kills it.
    Killed,
    /// It ends without a shutdown.
    Exit,
    /// It shuts down.
    Shutdown,
    /// It calls sr_capture_now, and is killed later.
    Captured,
    /// It calls sr_capture_now, and shuts down later.
    CapturedAndShutdown,
}

impl End {
    fn of(round: u64, rng: &mut Rng) -> Self {
        match round % 6 {
            0 => Self::Shutdown,
            1 => *rng.choice(&[Self::Exit, Self::Captured, Self::CapturedAndShutdown]).unwrap(),
            _ => Self::Killed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Killed | Self::Captured => "kill",
            Self::Exit => "exit",
            Self::Shutdown | Self::CapturedAndShutdown => "shutdown",
        }
    }

    fn is_captured(self) -> bool {
        matches!(self, Self::Captured | Self::CapturedAndShutdown)
    }
}

/// An event that was accepted.
#[derive(Debug, Clone, Copy)]
struct Accepted {
    number: u64,
    kind: u64,
    before_ms: u64,
    after_ms: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Findings {
    hosts: u64,
    accepted: u64,
    arrived: u64,
    clean: u64,
}

#[test]
fn what_was_held_arrives_when_the_process_died_and_never_else() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name)
            .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let (hosts, seed) = (number("SR_KILLS", 12), number("SR_SEED", fastrand::u64(..)));
    println!("SR_KILLS={hosts} SR_SEED={seed}");
    let host = Program::build("CC", "cc", &["-std=c11"], &["tests/c/held.c"]);
    let next = AtomicU64::new(0);
    let findings = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE.min(hosts))
            .map(|_| {
                scope.spawn(|| {
                    let mut all = Findings::default();
                    loop {
                        let round = next.fetch_add(1, Ordering::Relaxed);
                        if round >= hosts {
                            return all;
                        }
                        let found = end_and_compare(&host, round, &mut Rng::with_seed(seed ^ round));
                        all.hosts += 1;
                        all.accepted += found.accepted;
                        all.arrived += found.arrived;
                        all.clean += found.clean;
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let sum = |of: fn(&Findings) -> u64| findings.iter().map(of).sum::<u64>();
    println!(
        "{} hosts, of which {} ended well and left nothing: {} events accepted, {} arrived",
        sum(|found| found.hosts),
        sum(|found| found.clean),
        sum(|found| found.accepted),
        sum(|found| found.arrived)
    );
    assert!(sum(|found| found.arrived) > 0, "nothing arrived, so nothing was proved");
}

fn end_and_compare(host: &Program, round: u64, rng: &mut Rng) -> Findings {
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    let end = End::of(round, rng);
    // Some before the first full snapshot, most after some segments.
    let life_ms = if rng.u8(..8) == 0 { rng.u64(..200) } else { rng.u64(1_000..27_000) };
    let capture_ms = if end.is_captured() { life_ms / 2 + 1 } else { 0 };
    let pause_us = *rng.choice(&[500, 2_000, 20_000]).unwrap();
    let killed_by_us = end == End::Killed;
    let mut child = host
        .command()
        .args([&server.url(), &with_slashes(storage.path()), SESSION, &WINDOW_MS.to_string()])
        .args([pause_us.to_string(), if killed_by_us { u64::from(u32::MAX) } else { life_ms }.to_string()])
        .args([end.word().to_owned(), capture_ms.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut said = String::new();
        output.read_to_string(&mut said).unwrap();
        said
    });
    if killed_by_us {
        std::thread::sleep(Duration::from_millis(life_ms));
        child.kill().unwrap();
    }
    child.wait().unwrap();
    let died_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    let said = reader.join().unwrap();
    let accepted: Vec<Accepted> = said.lines().filter_map(accepted_in).collect();
    let name = format!("round {round}: {end:?} after {life_ms} ms, a pause of {pause_us} us");
    if !end.is_captured() {
        assert_eq!(numbers_sent(&server).len(), 0, "{name}: it was sent without a trigger");
    }
    if end.word() == "shutdown" {
        assert!(said.ends_with("ended\n"), "{name}");
        let left = ["chunk", "packed"].map(|kind| common::list_below(storage.path(), kind));
        assert_eq!((left[0].len(), left[1].len()), (0, 0), "{name}: {left:?}");
    }
    deliver_the_rest(host, &server, storage.path());
    let arrived = arrived(&server);
    match end {
        End::Shutdown => assert_eq!(arrived.len(), 0, "{name}: it ended well"),
        _ => compare(&name, &accepted, &arrived, said.contains("captured"), end, died_ms),
    }
    let clean = u64::from(end == End::Shutdown);
    Findings { hosts: 1, accepted: accepted.len() as u64, arrived: arrived.len() as u64, clean }
}

fn accepted_in(line: &str) -> Option<Accepted> {
    let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [number, kind, before_ms, after_ms] = numbers[..] else { return None };
    Some(Accepted { number, kind, before_ms, after_ms })
}

/// Another session of a run that ends well, until nothing is left.
fn deliver_the_rest(host: &Program, server: &Server, storage: &Path) {
    for _ in 0..20 * slowness().min(10) {
        let life_ms = (100 * slowness()).to_string();
        let (url, dir) = (server.url(), with_slashes(storage));
        host.run(&[&*url, &*dir, "1732300000001", "10000", "1000000", &*life_ms, "shutdown", "0"]);
        if ["chunk", "packed"].iter().all(|kind| common::files_below(storage, kind) == 0) {
            return;
        }
    }
    panic!("something stays: {:?}", common::list_below(storage, "chunk"));
}

fn numbers_sent(server: &Server) -> Vec<Value> {
    let sessions: Vec<Value> = serde_json::from_str(&server.get("/api/sessions")).unwrap();
    sessions
}

/// The events that arrived, in order.
fn arrived(server: &Server) -> Vec<Value> {
    let sessions = numbers_sent(server);
    for session in &sessions {
        assert_eq!(session["session_id"], SESSION, "the run that ended well sent something");
    }
    if sessions.is_empty() {
        return Vec::new();
    }
    server.events("device", SESSION).iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

fn compare(name: &str, accepted: &[Accepted], arrived: &[Value], captured: bool, end: End, died_ms: u64) {
    let (told, recorded): (Vec<_>, Vec<_>) =
        arrived.iter().partition(|event| event["data"]["tag"] == "session-replay-trigger");
    // A batch whose answer the kill cut off comes again: as everywhere, once there was a trigger.
    let mut seen = BTreeSet::new();
    let is_first = |event: &&Value| seen.insert(event["data"]["number"].as_u64().unwrap());
    let recorded: Vec<_> = match end {
        End::Captured => recorded.into_iter().filter(is_first).collect(),
        _ => recorded,
    };
    let snapshots: Vec<_> = accepted.iter().filter(|event| event.kind == 4).collect();
    let has_snapshot = accepted.iter().any(|event| event.kind == 2);
    if recorded.is_empty() {
        assert!(!has_snapshot, "{name}: nothing arrived of {} events", accepted.len());
        return;
    }
    // From its first event on it plays: a Meta event, then the full snapshot.
    assert_eq!((&recorded[0]["type"], &recorded[1]["type"]), (&4.into(), &2.into()), "{name}");
    // Nothing is missing, nothing comes twice, and the last that was accepted is there; or one more, whose host died before it
    // could say so.
    let first = recorded[0]["data"]["number"].as_u64().unwrap();
    for (at, event) in recorded.iter().enumerate() {
        assert_eq!(event["data"]["number"], first + at as u64, "{name}");
    }
    let last = first + recorded.len() as u64 - 1;
    let last_accepted = accepted.last().map_or(0, |last| last.number);
    assert!(last == last_accepted || last == last_accepted + 1, "{name}: {last} of {last_accepted}");
    if captured {
        let is_it = |event: &&Value| event["data"]["payload"]["reason"] == "test";
        assert!(!told.is_empty() && told.iter().all(is_it), "{name}: {told:?}");
    } else {
        assert_eq!(told.len(), 1, "{name}");
        assert_eq!(told[0]["data"]["payload"]["reason"], "process-died", "{name}");
        assert!(std::ptr::eq(told[0], arrived.last().unwrap()), "{name}: it comes last");
        assert!(end != End::Shutdown);
        // It is the newest part: what begins it is as old as the window, or the first there was; what begins next is younger.
        let begin = snapshots.iter().position(|meta| meta.number == first);
        let is_whole = snapshots.first().is_none_or(|meta| meta.number == first);
        let before_ms = begin.map_or(died_ms, |at| snapshots[at].before_ms);
        assert!(is_whole || before_ms + WINDOW_MS <= died_ms, "{name}: less than the window");
        let slack_ms = 5_000 * slowness();
        let next = begin.and_then(|at| snapshots.get(at + 1));
        assert!(
            next.is_none_or(|next| next.after_ms + WINDOW_MS + slack_ms > died_ms),
            "{name}: more than the window"
        );
    }
}
