//! Whatever the server answers and the host does, `sr_stats` explains every event: recorded + adopted = delivered +
//! dropped + waiting at every quiet moment. `SR_SEED` repeats a run.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use std::time::{Duration, Instant};

use common::{Server, start, timestamped};
use fastrand::Rng;
use serde_json::{Value, json};
use session_replay::{SessionId, SessionReplay};

const LIVES: usize = 3;
const STEPS: usize = 7;

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// What is accepted and what became of it.
fn sides(stats: &Value) -> (u64, u64) {
    let dropped: u64 = stats["dropped"].as_object().unwrap().values().map(number).sum();
    let accepted = number(&stats["recorded"]["events"]) + number(&stats["adopted"]);
    (accepted, number(&stats["delivered"]) + dropped + number(&stats["waiting"]["events"]))
}

/// Until the numbers stand still. While they move it may take its time: a server that finds all too large is sent two
/// thousand events one by one.
fn quiet(replay: &SessionReplay, what: &str) -> Value {
    let (mut least, mut deadline) = (u64::MAX, Instant::now());
    loop {
        let before = replay.stats();
        std::thread::sleep(Duration::from_millis(100));
        let stats = replay.stats();
        let (accepted, explained) = sides(&stats);
        if before == stats && accepted == explained {
            return stats;
        }
        let waiting = number(&stats["waiting"]["events"]);
        if waiting < least {
            (least, deadline) = (waiting, Instant::now() + Duration::from_secs(20));
        }
        assert!(Instant::now() < deadline, "{what}: {accepted} accepted, {explained} explained: {stats}");
    }
}

fn fault(rng: &mut Rng) -> Value {
    let mut fault = match rng.u8(..10) {
        0 => json!({ "skip": "4004" }),
        1 => json!({ "skip": "4005" }),
        2 => json!({ "skip": "9999" }),
        3 => json!({ "status": 400 }),
        4 => json!({ "status": 413, "body": "payload size exceeds it" }),
        5 => json!({ "status": 413, "body": "no" }),
        6 => json!({ "status": 500 }),
        7 => json!({ "cut": "before" }),
        8 => json!({ "cut": "after" }),
        _ => json!({ "delay_ms": 30 }),
    };
    if rng.bool() {
        fault["standing"] = json!(true);
    } else {
        fault["times"] = json!(rng.u8(1..4));
    }
    fault
}

fn live(server: &Server, more: &Value, rng: &mut Rng, begun: &mut usize) {
    let replay = start(server, more.clone());
    for step in 0..STEPS {
        server.delete("/api/faults");
        let fault = fault(rng);
        server.post("/api/faults", &fault);
        for _ in 0..rng.usize(1..4) {
            if rng.bool() {
                *begun += 1;
                replay.set_session_id(SessionId::from_text(&format!("session-{begun}")).unwrap());
            }
            for _ in 0..rng.usize(..600) {
                let event = match rng.u8(..20) {
                    0 => "{ no event }".to_owned(),
                    _ => timestamped(&json!(
                        (0..rng.usize(..3_000)).map(|_| rng.alphanumeric()).collect::<String>()
                    )),
                };
                // Refused is not accepted.
                let _ = replay.record(event.as_bytes());
            }
        }
        let _ = replay.flush(rng.u32(..300));
        quiet(&replay, &format!("step {step}, {fault}"));
    }
    if rng.bool() {
        server.delete("/api/faults");
        let _ = replay.flush(5_000);
        quiet(&replay, "at the end");
    }
    let _ = replay.shut_down(rng.u32(..100));
}

#[test]
fn every_event_is_explained() {
    let seed = std::env::var("SR_SEED").map_or_else(|_| fastrand::u64(..), |text| text.parse().unwrap());
    println!("SR_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    for on_disk in [true, false] {
        let (server, dir, mut begun) = (Server::start(), tempfile::tempdir().unwrap(), 0);
        let mut more =
            json!({ "flushMaxRetries": 1, "storageLimitBytes": 4_000_000, "sendTimeoutMs": 2_000 });
        if on_disk {
            more["storageDir"] = json!(dir.path());
        }
        for _ in 0..LIVES {
            live(&server, &more, &mut rng, &mut begun);
        }
    }
}
