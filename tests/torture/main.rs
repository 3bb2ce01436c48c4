//! Hosts that are killed, whose storage fails, whose directories are copied and cut, while their servers fail too: nothing that was
//! accepted is lost, invented or altered, and what a limit evicts or a storage refuses is counted.
//!
//! `SR_MINUTES` says for how long (else some rounds of each kind), `SR_SEED` repeats a run, `SR_ROUND` takes one round of it,
//! `SR_KIND` one kind. `make torture` is the long form.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't go on has failed"
)]

mod account;
mod arrivals;
#[path = "../common/mod.rs"]
mod common;
mod copies;
mod host;
mod rounds;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrivals::Findings;
use fastrand::Rng;
use host::Programs;

/// Rounds at a time: most of a round is waiting.
const ROUNDS_AT_ONCE: usize = 4;
/// Without `SR_MINUTES`.
const FEW_ROUNDS: u64 = 16;

type Round = fn(&Programs, &mut Rng) -> Findings;

/// Every kind, as often as it comes in a row of rounds.
const KINDS: [(&str, Round); 8] = [
    ("kills", rounds::kills),
    ("kills-and-faults", rounds::kills_and_faults),
    ("kills", rounds::kills),
    ("copies", rounds::copies),
    ("kills", rounds::kills),
    ("faults", rounds::faults),
    ("kills", rounds::kills),
    ("evictions", rounds::evictions),
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

#[test]
fn nothing_that_was_accepted_is_lost_whatever_fails() {
    let seed = number("SR_SEED").unwrap_or_else(|| fastrand::u64(..));
    let only = number("SR_ROUND");
    let kind = std::env::var("SR_KIND").ok();
    println!("SR_SEED={seed}");
    let until = number("SR_MINUTES").map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    let programs = Programs::build();
    let (next, has_failed) = (AtomicU64::new(0), AtomicU64::new(0));
    let by_kind = Mutex::new(BTreeMap::<&str, (u64, Findings)>::new());
    let play = |round: u64| {
        let (name, play) = KINDS[(round % KINDS.len() as u64) as usize];
        if only.is_some_and(|only| only != round) || kind.as_ref().is_some_and(|kind| kind != name) {
            return;
        }
        let mut rng = Rng::with_seed(seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        match catch_unwind(AssertUnwindSafe(|| play(&programs, &mut rng))) {
            Ok(found) => {
                let mut by_kind = by_kind.lock().unwrap();
                let (rounds, all) = by_kind.entry(name).or_default();
                *rounds += 1;
                *all += found;
            }
            Err(_) => {
                println!("failed: {name}, SR_SEED={seed} SR_ROUND={round}");
                has_failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..ROUNDS_AT_ONCE {
            scope.spawn(|| {
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    let is_over = until
                        .map_or(round >= FEW_ROUNDS.max(only.map_or(0, |only| only + 1)), |until| {
                            Instant::now() >= until
                        });
                    if is_over || has_failed.load(Ordering::Relaxed) > 0 {
                        return;
                    }
                    play(round);
                }
            });
        }
    });
    let mut all = Findings::default();
    for (name, (rounds, found)) in &*by_kind.lock().unwrap() {
        println!("{name}: {rounds} rounds, {found:?}");
        all += *found;
    }
    let lost = if has_failed.load(Ordering::Relaxed) == 0 { "0" } else { "see above" };
    println!(
        "torture: {} kills, {} copies, {} storage calls failed; events: {} accepted, {} delivered, {} of them twice, {} evicted, {} refused by storage, {lost} lost",
        all.kills, all.copies, all.faults, all.accepted, all.delivered, all.twice, all.evicted, all.refused
    );
    assert_eq!(lost, "0", "a round failed");
    assert!(all.accepted > 0, "nothing was accepted, so nothing was proved");
}
