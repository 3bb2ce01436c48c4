//! A host is killed while it sends as fast as it can. What was in flight comes again byte for byte, so that a server knows it by
//! its hash or by its first event; and it is little. What was refused meanwhile comes in parts that have no other events. `SR_KILLS` says how often (20), `SR_SEED` repeats a run.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::c::{Program, with_slashes};
use common::child::slowness;
use fastrand::Rng;
use serde::Deserialize;

/// Kills of one storage directory, before what waits in it is delivered.
const KILLS_A_ROUND: u64 = 5;
/// The most events, in bytes, that a kill has sent twice.
const MAX_TWICE: u64 = 256 * 1_024;

/// One event, by the process, the thread, and its number there.
type Event = (u32, u32, u32);

/// What a round found.
#[derive(Debug, Default)]
struct Findings {
    requests: u64,
    accepted: u64,
    /// Requests that the server had taken before; their events, and the bytes of these.
    repeated: u64,
    events_twice: u64,
    bytes_twice: u64,
    largest_repeated: u64,
    /// Requests whose events the server had taken in a larger one, which it refused when that came again.
    parts: u64,
}

#[test]
fn what_was_in_flight_comes_again_byte_for_byte_and_is_little() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name)
            .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let kills = number("SR_KILLS", 20);
    let seed = number("SR_SEED", fastrand::u64(..));
    println!("SR_KILLS={kills} SR_SEED={seed}");
    let host = Program::build("CC", "cc", &["-std=c11"], &["tests/c/numbered.c"]);
    let rounds = kills.div_ceil(KILLS_A_ROUND);
    let mut all = Findings::default();
    for round in 0..rounds {
        let found = kill_and_compare(&host, &mut Rng::with_seed(seed ^ round));
        all.requests += found.requests;
        all.accepted += found.accepted;
        all.repeated += found.repeated;
        all.events_twice += found.events_twice;
        all.bytes_twice += found.bytes_twice;
        all.largest_repeated = all.largest_repeated.max(found.largest_repeated);
        all.parts += found.parts;
    }
    let kills = rounds * KILLS_A_ROUND;
    println!(
        "{kills} kills, {} requests, {} events accepted, 0 lost; {} requests came again, byte for byte, {} in parts: {} events, \
         {} bytes of events a kill, at most {}",
        all.requests,
        all.accepted,
        all.repeated,
        all.parts,
        all.events_twice / kills,
        all.bytes_twice / kills,
        all.largest_repeated
    );
    assert!(all.repeated > 0, "no kill came while something was in flight, so nothing was proved");
}

/// One storage directory: a few killed runs, a last one that ends well, and the comparison.
fn kill_and_compare(host: &Program, rng: &mut Rng) -> Findings {
    let server = Server::start(rng.u64(..));
    let storage = tempfile::tempdir().unwrap();
    let mut accepted = HashSet::new();
    let mut run = 0;
    while run < KILLS_A_ROUND as u32 {
        server.manner.store(rng.u64(..4), Ordering::Relaxed);
        // Now and then two share the directory, and each may take over what the other leaves.
        let hosts = (KILLS_A_ROUND as u32 - run).min(if rng.u8(..3) == 0 { 2 } else { 1 });
        // Sessions that end have several chunks in flight at once, and small ones.
        let roll_us = [1_000_000, 20_000, 3_000][rng.usize(..3)] * slowness();
        let mut children: Vec<_> = (run..run + hosts)
            .map(|run| (run, start(host, &server.url, storage.path(), run, roll_us)))
            .collect();
        for (run, child) in &mut children {
            let (mut output, mut said) = (BufReader::new(child.stdout.take().unwrap()), String::new());
            output.read_line(&mut said).unwrap();
            let reader = std::thread::spawn(move || {
                output.read_to_string(&mut said).unwrap();
                said
            });
            std::thread::sleep(Duration::from_micros(rng.u64(..slowness() * 150_000)));
            // At any moment, or while the server has something and has not answered: else that is rare on a slow machine.
            if rng.bool() {
                server.wait_for_a_request();
            }
            child.kill().unwrap();
            child.wait().unwrap();
            for line in reader.join().unwrap().lines() {
                let numbers: Vec<u32> = line.split(' ').map(|number| number.parse().unwrap()).collect();
                accepted.insert((*run, numbers[0], numbers[1]));
            }
        }
        run += hosts;
    }
    server.manner.store(0, Ordering::Relaxed);
    deliver_the_rest(host, &server, storage.path());
    let (taken, refused) = (server.taken.lock().unwrap(), server.refused.lock().unwrap());
    compare(&accepted, &taken, &refused)
}

fn start(host: &Program, url: &str, storage: &Path, run: u32, roll_us: u64) -> Child {
    let (run, life_ms) = (run.to_string(), (slowness() * 10_000).to_string());
    let mut command = host.command();
    command
        .args([url, &with_slashes(storage), "device", &run, "2", "0", &life_ms])
        .args([&*roll_us.to_string(), "3", "200"])
        .stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Starts runs that record nothing and end well, until nothing is left in the directory.
fn deliver_the_rest(host: &Program, server: &Server, storage: &Path) {
    for run in 900..1_000 {
        let (run, dir, life_ms) = (run.to_string(), with_slashes(storage), (100 * slowness()).to_string());
        host.run(&[&server.url, &*dir, "device", &run, "0", "0", &life_ms, "4000", "3", "0"]);
        if ["chunk", "packed"].iter().all(|kind| common::files_below(storage, kind) == 0) {
            return;
        }
    }
    panic!("something stays: {:?}", common::list_below(storage, "chunk"));
}

fn compare(accepted: &HashSet<Event>, taken: &[Taken], refused: &HashSet<Vec<u8>>) -> Findings {
    let mut found =
        Findings { requests: taken.len() as u64, accepted: accepted.len() as u64, ..Findings::default() };
    let mut first: HashMap<Event, usize> = HashMap::new();
    let mut by_body: HashMap<&[u8], usize> = HashMap::new();
    for (at, request) in taken.iter().enumerate() {
        let before = by_body.insert(&request.body, at).map(|before| &taken[before]);
        let bytes = request.events.iter().map(|(_, bytes)| *bytes as u64).sum::<u64>();
        match before {
            // The library knew that it had no answer, and so did the server.
            Some(before) if !before.is_answered => {}
            Some(_) => {
                found.repeated += 1;
                found.events_twice += request.events.len() as u64;
                found.bytes_twice += bytes;
                found.largest_repeated = found.largest_repeated.max(bytes);
                assert!(bytes <= MAX_TWICE, "{bytes} bytes of {} events came twice", request.events.len());
            }
            None => {
                let had: Vec<_> = request.events.iter().map(|(event, _)| first.get(event).copied()).collect();
                if let Some(before) = had.iter().copied().flatten().next() {
                    assert!(
                        refused.contains(&taken[before].body) && had.iter().all(|had| *had == Some(before)),
                        "request {at} of {} events, {bytes} bytes, repeats {} of them in another body",
                        had.len(),
                        had.iter().flatten().count()
                    );
                    found.parts += 1;
                    found.events_twice += request.events.len() as u64;
                    found.bytes_twice += bytes;
                }
                request.events.iter().for_each(|(event, _)| _ = first.entry(*event).or_insert(at));
            }
        }
    }
    assert!(
        found.bytes_twice <= KILLS_A_ROUND * MAX_TWICE,
        "{} bytes of events came twice after {KILLS_A_ROUND} kills",
        found.bytes_twice
    );
    for event in accepted {
        assert!(first.contains_key(event), "{event:?} was accepted and never delivered");
    }
    found
}

/// A request whose events the server has.
struct Taken {
    body: Vec<u8>,
    events: Vec<(Event, usize)>,
    /// It answered; whether anybody heard that, it can't know.
    is_answered: bool,
}

/// A server that keeps bodies as they came.
struct Server {
    url: String,
    manner: Arc<AtomicU64>,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// The bodies of those that were too large, whether or not they were taken before.
    refused: Arc<Mutex<HashSet<Vec<u8>>>>,
}

impl Server {
    fn start(seed: u64) -> Self {
        let (manner, taken) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (seen, rng) = (Mutex::new(HashSet::new()), Mutex::new(Rng::with_seed(seed)));
        let refused = Arc::new(Mutex::new(HashSet::new()));
        let (its_manner, its_taken, its_refused) = (manner.clone(), taken.clone(), refused.clone());
        let url = common::serve_requests(move |request| {
            let is_new = seen.lock().unwrap().insert(request.body.clone());
            let mut rng = rng.lock().unwrap().fork();
            let (body, manner) = (request.body, its_manner.load(Ordering::Relaxed));
            // Whether or not it was taken before, from one that was killed.
            if manner == 2 && events_of(&body).len() > 300 {
                its_refused.lock().unwrap().insert(body);
                return Some("413 Content Too Large");
            }
            serve(body, is_new, manner, &its_taken, &mut rng)
        });
        Self { url, manner, taken, refused }
    }

    /// Until it has taken one more, if one comes.
    fn wait_for_a_request(&self) {
        let count = || self.taken.lock().unwrap().len();
        let before = count();
        for _ in 0..2_000 * slowness() {
            if count() > before {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

/// Takes a request, or not. `None`: it hangs up.
fn serve(
    body: Vec<u8>,
    is_new: bool,
    manner: u64,
    taken: &Mutex<Vec<Taken>>,
    rng: &mut Rng,
) -> Option<&'static str> {
    let events = events_of(&body);
    let (mut status, mut is_cut_off) = ("200 OK", false);
    match manner {
        // Who sends it again is answered: else the library makes it smaller.
        3 if is_new && rng.u8(..8) == 0 => status = "503 Service Unavailable",
        3 if is_new && rng.u8(..8) == 0 => is_cut_off = true,
        _ => {}
    }
    if status.starts_with('2') {
        taken.lock().unwrap().push(Taken { body, events, is_answered: !is_cut_off });
    }
    // While it takes its time, they are killed.
    std::thread::sleep(Duration::from_micros(rng.u64(..if manner == 1 { 40_000 } else { 5_000 })));
    (!is_cut_off).then_some(status)
}

fn events_of(body: &[u8]) -> Vec<(Event, usize)> {
    #[derive(Deserialize)]
    struct Batch {
        events: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Wire {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        run: u32,
        thread: u32,
        number: u32,
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(body).read_to_string(&mut text).unwrap();
    let batch: Batch = serde_json::from_str(&text).unwrap();
    let events = batch.events.iter().map(|event| {
        let Data { run, thread, number } = serde_json::from_str::<Wire>(event).unwrap().data;
        ((run, thread, number), event.len())
    });
    events.collect()
}
