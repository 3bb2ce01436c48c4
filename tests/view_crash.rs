//! A host that shows pages, nodes and frames ends at any moment, in any way, again and again. What it was told to be accepted
//! arrives all the same, with its view: events of pages and custom ones once, lists of nodes, and all but the last two frames. Each
//! session plays from its beginning. `SR_KILLS` says how often (200), `SR_SEED` repeats a run.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use common::c::{Program, with_slashes};
use common::child::slowness;
use common::scene::{Played, play_those};
use common::{DEAD, Meta, Route, Server};
use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

/// Ends of one storage directory, before what waits in it is delivered.
const ENDS_A_ROUND: u32 = 5;
/// Rounds at a time: most of a round is waiting.
const ROUNDS_AT_ONCE: u64 = 4;
/// What a kill can take of frames: those that wait for the encoder.
const FRAMES_IN_QUEUE: usize = 2;
/// Threads that record: two pages, nodes, the one that changes the session, sr-encoder.
const THREADS_OF_A_HOST: u32 = 5;
const NODES_OF_A_DOCUMENT: u64 = 1_000_000_000;

/// Something that was shown, by its kind, the process, the thread, and its number there.
type Shown = (char, u32, u32, u32);

/// What hosts were told.
#[derive(Default)]
struct Told {
    /// Whether a page had to take a full snapshot before what it told is of use.
    accepted: HashMap<Shown, bool>,
    /// The frames of each run in their order.
    frames: Vec<Vec<Shown>>,
}

/// A request as it arrived.
struct Batch {
    name: String,
    /// The process that sent it.
    sender: String,
    events: Vec<String>,
}

#[test]
fn what_was_accepted_of_views_arrives_however_the_host_ends() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name)
            .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let (ends, seed) = (number("SR_KILLS", 200), number("SR_SEED", fastrand::u64(..)));
    println!("SR_KILLS={ends} SR_SEED={seed}");

    let host = Program::build("CC", "cc", &["-std=c11"], &["tests/c/numbered_views.c"]);
    let (rounds, next) = (ends.div_ceil(ENDS_A_ROUND.into()), AtomicU64::new(0));
    let found = std::thread::scope(|scope| {
        let work = || {
            let mut all = BTreeMap::new();
            loop {
                let round = next.fetch_add(1, Ordering::Relaxed);
                if round >= rounds {
                    return all;
                }
                for (what, count) in end_and_compare(&host, &mut Rng::with_seed(seed ^ round)) {
                    *all.entry(what).or_insert(0) += count;
                }
            }
        };
        let threads: Vec<_> = (0..ROUNDS_AT_ONCE).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let mut all: BTreeMap<_, u64> = BTreeMap::new();
    found.into_iter().for_each(|(what, count)| *all.entry(what).or_insert(0) += count);
    println!("{} ends: {all:?}", rounds * u64::from(ENDS_A_ROUND));
    for what in ["accepted c", "accepted f", "accepted g", "accepted n", "accepted p", "sessions played"] {
        assert!(all.get(what) > Some(&0), "{what}: nothing was proved");
    }
}

/// One storage directory: a few hosts that end, a last one that ends well, and the comparison.
fn end_and_compare(host: &Program, rng: &mut Rng) -> BTreeMap<&'static str, u64> {
    let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
    let dir = &*with_slashes(storage.path());
    let mut told = Told::default();
    for run in 0..ENDS_A_ROUND {
        // Half of them deliver nothing themselves.
        let route = rng.bool().then(|| Route::of(&run.to_string(), server.address()));
        let url = route.as_ref().map_or_else(|| DEAD.trim_end_matches('/').to_owned(), Route::url);
        server.delete("/api/faults");
        if rng.bool() {
            server.post("/api/faults", &json!({ "standing": true, "delay_ms": 20 }));
        }
        let how = rng.choice(["kill", "kill", "kill", "exit", "_exit", "abort", "segv", "shutdown"]).unwrap();
        let life = if rng.u8(..6) == 0 { rng.u64(1..30) } else { rng.u64(30..250) };
        let own_end = if how == "kill" { ("10000", "_exit") } else { (&*life.to_string(), how) };
        let mut child = host
            .command()
            .args([&*url, dir, "device", &run.to_string(), own_end.0, &rng.u64(5..60).to_string(), own_end.1])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        if how == "kill" {
            std::thread::sleep(Duration::from_millis(life));
            child.kill().unwrap();
        }
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert!(how == "kill" || status.code() != Some(1), "{how}: {status}: a check failed");
        told.note(run, &said);
        route.into_iter().for_each(Route::end);
    }
    server.delete("/api/faults");
    deliver_the_rest(host, &server, dir);
    compare(&told, batches(&server), &server)
}

impl Told {
    fn note(&mut self, run: u32, said: &str) {
        let mut frames = Vec::new();
        for line in said.lines() {
            let words: Vec<_> = line.split(' ').collect();
            let [kind, thread, number, status] = words[..] else { panic!("{line}") };
            let (kind, status): (char, u32) = (kind.parse().unwrap(), status.parse().unwrap());
            let shown = (kind, run, thread.parse().unwrap(), number.parse().unwrap());
            assert!(self.accepted.insert(shown, status != 0).is_none(), "{line} came twice");
            if kind == 'f' || kind == 'g' {
                frames.push(shown);
            }
        }
        self.frames.push(frames);
    }
}

/// Starts runs that show nothing and end well, until nothing is left in the directory. Nothing in it is damaged, but where a thread was
/// in the middle of an event, for which nobody had a promise yet.
fn deliver_the_rest(host: &Program, server: &Server, dir: &str) {
    for run in 900..900 + 20 * slowness().min(10) {
        let route = Route::of(&run.to_string(), server.address());
        let damaged = host.run(&[&*route.url(), dir, "device", &run.to_string(), "0", "0", "nothing"]);
        route.end();
        let damaged: u32 = damaged.trim().parse().unwrap();
        assert!(damaged <= THREADS_OF_A_HOST * ENDS_A_ROUND, "{damaged} damaged places");
        if ["chunk", "packed"].iter().all(|kind| common::files_below(dir.as_ref(), kind) == 0) {
            return;
        }
    }
    panic!("something stays: {:?}", ["chunk", "packed"].map(|kind| common::list_below(dir.as_ref(), kind)));
}

/// What arrived of each session, in the order of arrival.
fn batches(server: &Server) -> BTreeMap<String, Vec<Batch>> {
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
    let of_session = |Session { session_id }| {
        let text = server.get(&format!("/api/sessions/device/{session_id}/sequences"));
        let batches: Vec<Sequence> = serde_json::from_str(&text).unwrap();
        let batch = |it: Sequence| Batch {
            sender: it.meta.sender().to_owned(),
            name: it.sequence,
            events: it.events,
        };
        (session_id, batches.into_iter().map(batch).collect())
    };
    sessions.into_iter().map(of_session).collect()
}

fn compare(
    told: &Told,
    arrived: BTreeMap<String, Vec<Batch>>,
    server: &Server,
) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    let mut count = |what| *counts.entry(what).or_insert(0) += 1;
    let mut times: HashMap<Shown, u32> = HashMap::new();
    let mut page_of_view = HashMap::new();
    let mut requests: Vec<_> =
        arrived.values().flatten().map(|batch| (&*batch.name, &*batch.sender)).collect();
    requests.sort_unstable();
    let cut_off = common::cut_off(requests.into_iter().map(|(name, sender)| (sender, name)));
    for (session, batches) in &arrived {
        let events = once(batches, &cut_off);
        events
            .iter()
            .flat_map(|event| shown_in(event))
            .for_each(|shown| *times.entry(shown).or_default() += 1);
        let is_sound = plays(&events, told, &mut page_of_view);
        count("sessions played");
        if is_sound {
            count("sessions without a gap");
            assert_eq!(problems(server, session), [] as [Value; 0], "what the viewer says");
        }
    }
    for shown in told.accepted.keys() {
        let arrived = times.get(shown).copied().unwrap_or_default();
        match shown.0 {
            'p' | 'c' => assert_eq!(arrived, 1, "{shown:?} was accepted, and is to arrive once"),
            'n' => assert!(arrived > 0, "{shown:?} was accepted and never delivered"),
            _ => {}
        }
        count(match shown.0 {
            'p' => "accepted p",
            'c' => "accepted c",
            'n' => "accepted n",
            'f' => "accepted f",
            _ => "accepted g",
        });
    }
    for frames in &told.frames {
        let (before, last) = frames.split_at(frames.len().saturating_sub(FRAMES_IN_QUEUE));
        let lost = before.iter().find(|frame| frame.0 == 'f' && !times.contains_key(frame));
        assert_eq!(lost, None, "is lost, behind which others were accepted: {last:?}");
        let lost = last.iter().filter(|frame| frame.0 == 'f' && !times.contains_key(frame));
        lost.for_each(|_| count("frames lost"));
    }
    counts
}

/// What the viewer finds wrong with a session, but for requests that an end cut off.
fn problems(server: &Server, session: &str) -> Vec<Value> {
    let problems = server.session("device", session)["problems"].as_array().unwrap().clone();
    problems.into_iter().filter(|problem| problem["code"] != "refused_requests").collect()
}

/// The events of a session, those once that came again because a kill cut off the answer.
fn once(batches: &[Batch], cut_off: &BTreeSet<&str>) -> Vec<String> {
    let (mut events, mut may_repeat) = (Vec::new(), BTreeSet::new());
    for batch in batches {
        let batch_events: Vec<_> =
            batch.events.iter().filter(|event| !may_repeat.contains(*event)).cloned().collect();
        if cut_off.contains(&*batch.name) {
            may_repeat.extend(batch_events.iter().cloned());
        }
        events.extend(batch_events);
    }
    events
}

/// What hosts numbered, in an event.
fn shown_in(event: &str) -> Vec<Shown> {
    let strings = event.split('"').filter_map(|text| {
        let mut parts = text.split('-');
        let kind = parts.next().filter(|kind| ["p", "c", "n"].contains(kind))?.parse().ok()?;
        let numbers: Vec<u32> = parts.map_while(|part| part.parse().ok()).collect();
        let [run, thread, number] = numbers[..] else { return None };
        Some((kind, run, thread, number))
    });
    let frames = event.split("background:#").skip(1).filter_map(|text| {
        let colour = u32::from_str_radix(text.get(..6)?, 16).ok()?;
        let (run, number) = ((colour >> 16).checked_sub(0xA0)?, colour & 0xFFFF);
        (run < ENDS_A_ROUND).then_some(('f', run, 0, number))
    });
    strings.chain(frames).collect()
}

/// Plays a session. Whether no event of a page came before its full snapshot.
fn plays(events: &[String], told: &Told, page_of_view: &mut HashMap<(u32, u64), u32>) -> bool {
    let is_sound = std::cell::Cell::new(true);
    let page_of_view = std::cell::RefCell::new(page_of_view);
    let is_wanted = |played: &Played, event: &Value| {
        let Some(id) = event["data"]["texts"][0]["id"].as_u64() else { return true };
        let text = event["data"]["texts"][0]["value"].as_str().unwrap();
        let Some(&shown @ ('p', run, thread, _)) = shown_in(&format!("\"{text}\"")).first() else {
            return true;
        };
        let page = *page_of_view.borrow_mut().entry((run, id / NODES_OF_A_DOCUMENT)).or_insert(thread);
        assert_eq!(page, thread, "{shown:?} is in the view of another page");
        let is_there = played.has(id);
        assert!(is_there || told.accepted.get(&shown) != Some(&false), "{shown:?} has no document");
        is_sound.set(is_sound.get() && is_there);
        is_there
    };
    play_those(events, is_wanted);
    is_sound.get()
}
