//! A host is killed at any moment, again and again. What it was told to be accepted arrives all the same: once, in
//! order, under its session. `SR_KILLS` says how often (200), `SR_SEED` repeats a run.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use common::c::{Program, with_slashes};
use common::child::slowness;
use common::{Meta, Route, Server, cut_off};
use fastrand::Rng;
use serde::Deserialize;
use serde_json::json;

/// Kills of one storage directory, before what waits in it is delivered.
const KILLS_A_ROUND: u64 = 5;
/// Rounds at a time: most of a round is waiting.
const ROUNDS_AT_ONCE: u64 = 4;

/// One event, by the process, the thread, and its number there.
type Event = (u32, u32, u32);

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

/// What a round found.
#[derive(Debug, Default)]
struct Findings {
    accepted: u64,
    arrived_twice: u64,
    /// Kills that left packed files behind: others went on to them.
    packed: u64,
}

#[test]
fn what_was_accepted_arrives_however_the_host_ends() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name)
            .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let kills = number("SR_KILLS", 200);
    let seed = number("SR_SEED", fastrand::u64(..));
    println!("SR_KILLS={kills} SR_SEED={seed}");

    let host = Program::build("CC", "cc", &["-std=c11"], &["tests/c/numbered.c"]);
    let (rounds, next) = (kills.div_ceil(KILLS_A_ROUND), AtomicU64::new(0));
    let findings = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..ROUNDS_AT_ONCE)
            .map(|_| {
                scope.spawn(|| {
                    // Its own server, so that one round's faults are not another's.
                    let mut all = Findings::default();
                    loop {
                        let round = next.fetch_add(1, Ordering::Relaxed);
                        if round >= rounds {
                            return all;
                        }
                        let found = kill_and_compare(&host, &mut Rng::with_seed(seed ^ round));
                        all.accepted += found.accepted;
                        all.arrived_twice += found.arrived_twice;
                        all.packed += found.packed;
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let accepted: u64 = findings.iter().map(|found| found.accepted).sum();
    let twice: u64 = findings.iter().map(|found| found.arrived_twice).sum();
    let packed: u64 = findings.iter().map(|found| found.packed).sum();
    println!(
        "{} kills: {accepted} events accepted, 0 lost, {twice} delivered twice, all in batches whose answer a kill cut off",
        rounds * KILLS_A_ROUND
    );
    println!("{packed} of the kills left packed files behind");
    assert!(accepted > 0, "nothing was accepted, so nothing was proved");
}

/// One storage directory: a few killed runs, a last one that ends well, and the comparison.
fn kill_and_compare(host: &Program, rng: &mut Rng) -> Findings {
    let server = Server::start();
    let storage = tempfile::tempdir().unwrap();
    let mut accepted: HashMap<Event, (u32, u32)> = HashMap::new();
    let mut packed = 0;
    let mut run = 0;
    while run < KILLS_A_ROUND as u32 {
        let manner = Manner::of(rng);
        misbehave(&server, manner, rng);
        // Now and then two share the directory, and each may take over what the other leaves.
        let hosts = (KILLS_A_ROUND as u32 - run).min(if rng.u8(..3) == 0 { 2 } else { 1 });
        let mut children: Vec<_> = (run..run + hosts)
            .map(|run| {
                let route = Route::of(&run.to_string(), server.address());
                (run, start(host, &route.url(), storage.path(), run, manner, rng), route)
            })
            .collect();
        for (run, child, _) in &mut children {
            let (mut output, mut said) = (BufReader::new(child.stdout.take().unwrap()), String::new());
            // Some die while they start, some while they shut down, most in between.
            let manner_of_death = rng.u8(..5);
            if manner_of_death > 1 {
                // However long it takes to start: until something is accepted, or it has ended.
                output.read_line(&mut said).unwrap();
            }
            let most = slowness() * if manner_of_death == 0 { 3_000 } else { 130_000 };
            std::thread::sleep(Duration::from_micros(rng.u64(..most)));
            child.kill().unwrap();
            output.read_to_string(&mut said).unwrap();
            child.wait().unwrap();
            for line in said.lines() {
                let numbers: Vec<u32> = line.split(' ').map(|number| number.parse().unwrap()).collect();
                accepted.insert((*run, numbers[0], numbers[1]), (numbers[2], numbers[3]));
            }
        }
        children.into_iter().for_each(|(_, _, route)| route.end());
        packed += u64::from(common::files_below(storage.path(), "packed") > 0);
        run += hosts;
    }
    server.delete("/api/faults");
    deliver_the_rest(host, &server, storage.path());
    Findings { packed, ..compare(&accepted, &arrivals(&server)) }
}

/// What a run of the host does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Manner {
    /// A new session every few milliseconds, all of it under way at once.
    Rolling,
    /// One session, without a server, in events large enough that what waits is packed.
    Packing,
}

impl Manner {
    fn of(rng: &mut Rng) -> Self {
        if rng.u8(..3) == 0 { Self::Packing } else { Self::Rolling }
    }
}

/// A server that is well, slow, busy, or cuts answers off.
fn misbehave(server: &Server, manner: Manner, rng: &mut Rng) {
    server.delete("/api/faults");
    let kind = if manner == Manner::Packing { 0 } else { rng.u8(..4) };
    match kind {
        0 => server.post("/api/faults", &json!({ "standing": true, "status": 503 })),
        1 => server.post("/api/faults", &json!({ "standing": true, "delay_ms": 20 })),
        2 => server.post("/api/faults", &json!({ "times": 3, "status": 500 })),
        _ => {}
    }
}

fn start(host: &Program, url: &str, storage: &Path, run: u32, manner: Manner, rng: &mut Rng) -> Child {
    // Now and then as fast as it can; then for a short time, or the comparison takes for ever.
    let (pause_us, life_ms) =
        if rng.u8(..5) == 0 { (0, rng.u64(1..15)) } else { (100, slowness() * rng.u64(1..120)) };
    let (roll_us, retries, padding) = match manner {
        Manner::Rolling => (slowness() * 4_000, "2", "0"),
        Manner::Packing => (1_000_000, "1", "3000"),
    };
    let mut command = host.command();
    command
        .args([url, &with_slashes(storage), "device", &run.to_string(), "3"])
        .args([pause_us.to_string(), life_ms.to_string()])
        .args([&*roll_us.to_string(), retries, padding])
        .stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Starts runs that record nothing and end well, until nothing is left in the directory.
fn deliver_the_rest(host: &Program, server: &Server, storage: &Path) {
    for run in 900..900 + 20 * slowness().min(10) {
        let (run, dir, life_ms) = (run.to_string(), with_slashes(storage), (100 * slowness()).to_string());
        let route = Route::of(&run, server.address());
        host.run(&[&route.url(), &*dir, "device", &run, "0", "0", &life_ms, "4000", "2", "0"]);
        route.end();
        // Not even an empty run's lock is left.
        if ["chunk", "packed"].iter().all(|kind| common::files_below(storage, kind) == 0)
            && common::runs(storage).is_empty()
        {
            return;
        }
    }
    let left = ["chunk", "packed"].map(|kind| common::list_below(storage, kind));
    panic!("something stays in {}: {left:?}, {} runs", storage.display(), common::runs(storage).len());
}

/// A request that arrived.
struct Arrival {
    session: u64,
    /// The process that sent it.
    sender: String,
    events: Vec<Event>,
}

/// Every request that arrived, by its name, which sorts by the time of arrival.
fn arrivals(server: &Server) -> BTreeMap<String, Arrival> {
    #[derive(Deserialize)]
    struct Session {
        session_id: String,
    }
    #[derive(Deserialize)]
    struct Sequence {
        sequence: String,
        meta: Meta,
        events: Vec<String>,
    }
    let sessions: Vec<Session> = serde_json::from_str(&server.get("/api/sessions")).unwrap();
    let mut arrived = BTreeMap::new();
    for Session { session_id } in sessions {
        let text = server.get(&format!("/api/sessions/device/{session_id}/sequences"));
        for Sequence { sequence, meta, events } in serde_json::from_str::<Vec<Sequence>>(&text).unwrap() {
            let events = events.iter().map(|event| {
                let Data { run, thread, number } = serde_json::from_str::<Wire>(event).unwrap().data;
                (run, thread, number)
            });
            let (session, sender) = (session_id.parse().unwrap(), meta.sender().to_owned());
            let before = arrived.insert(sequence, Arrival { session, sender, events: events.collect() });
            assert!(before.is_none(), "the names of requests tell them apart");
        }
    }
    arrived
}

fn compare(accepted: &HashMap<Event, (u32, u32)>, arrivals: &BTreeMap<String, Arrival>) -> Findings {
    let cut_off = cut_off(arrivals.iter().map(|(name, arrival)| (&*arrival.sender, &**name)));
    let mut first_arrival: HashMap<Event, (&str, u64)> = HashMap::new();
    // Those that their sender knew to have arrived, once it had the answer.
    let mut answered: HashMap<Event, &str> = HashMap::new();
    let mut last_of_thread: HashMap<(u32, u32, u64), u32> = HashMap::new();
    let mut arrived_twice = 0;
    for (name, Arrival { session, events, .. }) in arrivals {
        for &event in events {
            if !cut_off.contains(&**name)
                && let Some(before) = answered.insert(event, name)
            {
                panic!("{event:?} was answered in {before}, and came again in {name}");
            }
            if let Some((_, in_session)) = first_arrival.get(&event) {
                assert_eq!(in_session, session, "{event:?} is in two sessions");
                arrived_twice += 1;
                continue;
            }
            first_arrival.insert(event, (name, *session));
            let (run, thread, number) = event;
            let before = last_of_thread.insert((run, thread, *session), number);
            assert!(before.is_none_or(|before| before < number), "{event:?} is not in its order");
        }
    }
    for (event, (from, to)) in accepted {
        let Some((_, session)) = first_arrival.get(event) else {
            panic!("{event:?} was accepted and never delivered");
        };
        let begun = (session - 1) as u32 - event.0 * 1_000_000;
        assert!((*from..=*to).contains(&begun), "{event:?} of session {from} to {to} is in {begun}");
    }
    Findings { accepted: accepted.len() as u64, arrived_twice, packed: 0 }
}
