//! The kinds of rounds. Each has a storage directory and a server of its own, and ends with all delivered and compared.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Value, json};

use super::account::{Entry, Event, Told};
use super::arrivals::{Arrivals, Findings, Rules, STRICT, arrivals, compare};
use super::common::{Server, list_below, runs};
use super::copies::{copy, cut_tails};
use super::host::{Host, Manner, Place, Programs};

/// More than any round needs.
const ROOMY: &str = r#", "storageLimitBytes": 1000000000, "flushMaxRetries": "#;

/// Hosts that are killed, several on one directory.
pub fn kills(programs: &Programs, rng: &mut Rng) -> Findings {
    kill_and_compare(programs, rng, None)
}

/// The same while storage calls fail.
pub fn kills_and_faults(programs: &Programs, rng: &mut Rng) -> Findings {
    let rate = [1, 5, 20, 100][rng.usize(..4)];
    kill_and_compare(programs, rng, Some(rate))
}

fn kill_and_compare(programs: &Programs, rng: &mut Rng, rate: Option<u64>) -> Findings {
    let (server, mut place) = (Server::start(), Place::new(programs));
    let mut living: Vec<Host> = Vec::new();
    let (mut kills, lives, at_once) = (0, rng.u32(8..24), rng.usize(1..=4));
    for _ in 0..lives {
        misbehave(&server, rng);
        let faults = rate.map(|rate| (rate, rng.u64(..)));
        living.push(place.start(&Manner { faults, ..any_manner(&server, rng) }));
        std::thread::sleep(Duration::from_micros(rng.u64(..20_000)));
        while living.len() >= at_once {
            let host = living.swap_remove(rng.usize(..living.len()));
            match rng.u8(..8) {
                0 => host.end(rng.u32(..50)),
                _ => {
                    host.kill();
                    kills += 1;
                }
            }
        }
    }
    kills += living.len() as u64;
    living.into_iter().for_each(Host::kill);
    let rules = Rules { storage_fails: rate.is_some(), ..STRICT };
    let storage = place.storage();
    deliver_the_rest(&mut place, &server, &storage, rules);
    let found = compare(&place.entries(), &arrivals(&server), rules);
    Findings { kills, faults: place.faults(), ..found }
}

/// Hosts whose storage fails, and that live to tell of it: their numbers add up, and what they were told is so.
pub fn faults(programs: &Programs, rng: &mut Rng) -> Findings {
    let (server, mut place) = (Server::start(), Place::new(programs));
    for _ in 0..rng.u32(2..5) {
        misbehave(&server, rng);
        let faults = Some(([2, 10, 50, 200][rng.usize(..4)], rng.u64(..)));
        let mut host = place.start(&Manner { faults, ..any_manner(&server, rng) });
        std::thread::sleep(Duration::from_millis(rng.u64(20..300)));
        host.pause();
        host.settled();
        host.end(rng.u32(..200));
    }
    let rules = Rules { storage_fails: true, ..STRICT };
    let storage = place.storage();
    deliver_the_rest(&mut place, &server, &storage, rules);
    Findings { faults: place.faults(), ..compare(&place.entries(), &arrivals(&server), rules) }
}

/// Hosts that record more than the storage limit while nobody takes it: what goes is counted, to the event.
pub fn evictions(programs: &Programs, rng: &mut Rng) -> Findings {
    let (server, mut place) = (Server::start(), Place::new(programs));
    server.post("/api/faults", &json!({ "standing": true, "status": 503 }));
    let options = r#", "storageLimitBytes": 4000000, "flushMaxRetries": 1"#.to_owned();
    let manner = Manner {
        url: server.url(),
        threads: 3,
        pause_us: 0,
        roll_us: rng.u64(3_000..30_000),
        padding: 4_000,
        options,
        faults: None,
    };
    let (mut sums, mut kills) = (Sums::default(), 0);
    for _ in 0..rng.u32(2..6) {
        let mut host = place.start(&manner);
        std::thread::sleep(Duration::from_millis(rng.u64(10..150)));
        host.pause();
        sums.add(&mut host, |_| true);
        // What is evicted while it is being sent goes with the answer, and counts as waiting until then. A host that ends well
        // would wait for that, and nobody could ask it for its numbers.
        host.kill();
        kills += 1;
    }
    server.delete("/api/faults");
    let mut last = place.start(&Manner { threads: 0, ..manner });
    last.pause();
    sums.add(&mut last, |stats| stats["waiting"]["events"] == 0);
    last.end(10_000);
    // More only where a host was killed between counting what it evicts and removing it.
    let told = sums.delivered + sums.dropped;
    assert!(
        told >= sums.recorded,
        "of {} events {told} are told of by one of those who had them",
        sums.recorded
    );
    let found = compare(&place.entries(), &arrivals(&server), Rules { is_limited: true, ..STRICT });
    assert!(
        found.evicted <= sums.dropped,
        "{} events are missing, and {} were told",
        found.evicted,
        sums.dropped
    );
    Findings { kills, ..found }
}

/// What the hosts of one directory said, one after the other.
#[derive(Default)]
struct Sums {
    recorded: u64,
    delivered: u64,
    dropped: u64,
    /// What those before left waiting, in all.
    left: u64,
    /// What those after took over, in all.
    adopted: u64,
}

impl Sums {
    /// Adds the numbers of a host that records no more, once it has taken over all that the one before left.
    fn add(&mut self, host: &mut Host, is_done: impl Fn(&Value) -> bool) {
        let number = |value: &Value| value.as_u64().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut before = Value::Null;
        let stats = loop {
            let stats = host.settled();
            // At rest: what is evicted is counted first and removed then, so a kill in between would have it counted twice.
            if stats == before && self.adopted + number(&stats["adopted"]) >= self.left && is_done(&stats) {
                break stats;
            }
            assert!(
                Instant::now() < deadline,
                "{} waited, {} adopted before: {stats}",
                self.left,
                self.adopted
            );
            before = stats;
            std::thread::sleep(Duration::from_millis(100));
        };
        self.recorded += number(&stats["recorded"]["events"]);
        self.delivered += number(&stats["delivered"]);
        self.dropped += stats["dropped"].as_object().unwrap().values().map(number).sum::<u64>();
        self.left += number(&stats["waiting"]["events"]);
        self.adopted += number(&stats["adopted"]);
    }
}

/// Copies of the directory of hosts that go on: what was accepted before and had not arrived does so from the copy.
pub fn copies(programs: &Programs, rng: &mut Rng) -> Findings {
    let (server, mut place) = (Server::start(), Place::new(programs));
    let mut all = Findings::default();
    misbehave(&server, rng);
    let living: Vec<Host> = (0..rng.u32(1..4)).map(|_| place.start(&any_manner(&server, rng))).collect();
    for _ in 0..rng.u32(1..4) {
        std::thread::sleep(Duration::from_millis(rng.u64(5..80)));
        misbehave(&server, rng);
        living.iter().for_each(Host::freeze);
        let (exact, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for copied in [&exact, &cut] {
            copy(&place.storage(), copied.path());
        }
        let entries = place.entries();
        // What was on its way, the server still takes.
        std::thread::sleep(Duration::from_millis(120));
        let before = arrivals(&server);

        let arrived = start_copy(&mut place, exact.path(), &before, &entries, &[]);
        let lost = missing(
            entries.iter().filter(|entry| is_accepted(entry)).map(|entry| entry.event),
            &before,
            &arrived,
        );
        assert!(lost.is_empty(), "not in the copy: {} events, {:?}", lost.len(), &lost[..lost.len().min(10)]);

        let done = cut_tails(cut.path(), rng);
        let arrived = start_copy(&mut place, cut.path(), &before, &entries, &done.told);
        let lost = missing(done.left.into_iter(), &before, &arrived);
        assert!(
            lost.is_empty(),
            "{} events stood before the cut and did not arrive: {:?}; {:#?}",
            lost.len(),
            &lost[..lost.len().min(10)],
            done.told
        );
        all.copies += 2;
        // Only now: what they recorded meanwhile would be more to copy each time.
        living.iter().for_each(Host::go_on);
    }
    all.kills += living.len() as u64;
    living.into_iter().for_each(Host::kill);
    let storage = place.storage();
    deliver_the_rest(&mut place, &server, &storage, STRICT);
    all += compare(&place.entries(), &arrivals(&server), STRICT);
    all
}

fn is_accepted(entry: &Entry) -> bool {
    matches!(entry.told, Told::Stored | Told::NeedsSnapshot | Told::NotStored)
}

fn missing(wanted: impl Iterator<Item = Event>, before: &Arrivals, after: &Arrivals) -> Vec<Event> {
    let arrived: HashSet<Event> =
        before.values().chain(after.values()).flat_map(|(_, events)| events.iter().copied()).collect();
    let missing: BTreeSet<Event> = wanted.filter(|event| !arrived.contains(event)).collect();
    missing.into_iter().collect()
}

/// Starts a run on a copy, by itself. What arrives from there was recorded before.
fn start_copy(
    place: &mut Place,
    copied: &Path,
    before: &Arrivals,
    entries: &[Entry],
    told: &[String],
) -> Arrivals {
    let server = Server::start();
    let rules = Rules { storage_fails: !told.is_empty(), ..STRICT };
    deliver_the_rest(place, &server, copied, rules);
    let arrived = arrivals(&server);
    // Not all of it is there: a part has arrived before. Its session, its order and that it was recorded hold.
    let known: HashSet<Event> = before.values().flat_map(|(_, events)| events.iter().copied()).collect();
    let there: Vec<Entry> = entries.iter().filter(|entry| !known.contains(&entry.event)).copied().collect();
    let others = entries.iter().filter(|entry| known.contains(&entry.event));
    let others =
        others.map(|entry| Entry { told: Told::Nothing, sessions: (entry.sessions.0, u32::MAX), ..*entry });
    let all: Vec<Entry> = there.into_iter().chain(others).collect();
    let rules = if told.is_empty() { rules } else { Rules { is_limited: true, ..rules } };
    compare(&all, &arrived, rules);
    arrived
}

fn any_manner(server: &Server, rng: &mut Rng) -> Manner {
    // Many small sessions, all under way at once; or large events in few sessions, which are packed while they wait.
    let is_packing = rng.u8(..3) == 0;
    // Now and then as fast as it can.
    let pause_us = if rng.u8(..5) == 0 { 0 } else { rng.u64(50..400) };
    Manner {
        url: server.url(),
        threads: rng.u32(1..=3),
        pause_us,
        roll_us: if is_packing { 1_000_000 } else { rng.u64(2_000..20_000) },
        padding: if is_packing { 4_000 } else { rng.u32(1..400) },
        options: format!("{ROOMY}{}", rng.u8(1..4)),
        faults: None,
    }
}

/// A server that is well, away, slow, busy, or cuts connections.
fn misbehave(server: &Server, rng: &mut Rng) {
    server.delete("/api/faults");
    let fault = match rng.u8(..8) {
        0 | 1 => json!({ "standing": true, "status": 503 }),
        2 => json!({ "standing": true, "delay_ms": 20 }),
        3 => json!({ "times": 3, "status": 500 }),
        4 => json!({ "times": 2, "cut": "before" }),
        5 => json!({ "times": 2, "cut": "after", "store": true }),
        6 => json!({ "times": 2, "cut": "reply" }),
        _ => return,
    };
    server.post("/api/faults", &fault);
}

/// Starts runs that record nothing and end well, until nothing is left in the directory.
fn deliver_the_rest(place: &mut Place, server: &Server, storage: &Path, rules: Rules) {
    server.delete("/api/faults");
    let manner = Manner {
        url: server.url(),
        threads: 0,
        pause_us: 0,
        roll_us: 1_000_000,
        padding: 0,
        options: format!("{ROOMY}2"),
        faults: None,
    };
    // A busy machine takes as many lives as it takes: only where they get nowhere is something wrong.
    let (mut least, mut in_vain) = (usize::MAX, 0);
    while in_vain < 20 {
        // Long, for a life that does not come to read all of it on a busy machine moves nothing.
        place.start_on(storage, &manner).end(60_000);
        let files = list_files(storage);
        // Where storage calls failed, what they left behind stays until it is old.
        if files == 0 && (rules.storage_fails || runs(storage).is_empty()) {
            return;
        }
        in_vain = if files < least { 0 } else { in_vain + 1 };
        least = least.min(files);
    }
    let left = ["chunk", "packed"].map(|kind| list_below(storage, kind));
    panic!("something stays in {}: {left:?}, {} runs", storage.display(), runs(storage).len());
}

/// How many files hold events.
fn list_files(storage: &Path) -> usize {
    ["chunk", "packed"].iter().map(|kind| list_below(storage, kind).len()).sum()
}
