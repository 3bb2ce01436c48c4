//! Times one breadcrumb of the `sentry` crate whose message is as long as an event, next to a copy into a warm ring:
//!
//!     breadcrumb BYTES EVENTS PACE_US
//!
//! Prints a line for each: `name samples p50 p99 p99.9 max mean` in nanoseconds.

use std::hint::{black_box, spin_loop};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sentry::{Breadcrumb, ClientOptions, Envelope, Transport, add_breadcrumb};

/// A breadcrumb is sent with an error only, and here there is none.
struct NoTransport;

impl Transport for NoTransport {
    fn send_envelope(&self, _: Envelope) {}
}

const BURST: usize = 20;
const RING_BYTES: usize = 128 * 1024;

fn main() {
    let arguments: Vec<usize> =
        std::env::args().skip(1).map(|word| word.parse().expect("a number")).collect();
    let [bytes, events, pace_us] = arguments[..] else { panic!("breadcrumb BYTES EVENTS PACE_US") };
    let options = ClientOptions {
        dsn: "http://key@127.0.0.1:9/1".parse().ok(),
        transport: Some(Arc::new(|_: &ClientOptions| -> Arc<dyn Transport> { Arc::new(NoTransport) })),
        ..ClientOptions::default()
    };
    let _client = sentry::init(options);
    let event = "x".repeat(bytes);
    let mut ring = vec![1u8; RING_BYTES.max(bytes)];
    let (mut at, mut copies, mut breadcrumbs) = (0, Vec::new(), Vec::new());
    while breadcrumbs.len() < events {
        let end = Instant::now() + Duration::from_micros(pace_us as u64);
        for _ in 0..BURST {
            copies.push(timed(|| {
                if at + bytes > ring.len() {
                    at = 0;
                }
                ring[at..at + bytes].copy_from_slice(black_box(event.as_bytes()));
                at += bytes.next_multiple_of(8);
            }));
        }
        for _ in 0..BURST {
            breadcrumbs.push(timed(|| {
                add_breadcrumb(Breadcrumb { message: Some(event.clone()), ..Default::default() })
            }));
        }
        while Instant::now() < end {
            spin_loop();
        }
    }
    black_box(&ring);
    print("memcpy-ring", copies);
    print("sentry-breadcrumb", breadcrumbs);
}

fn timed(body: impl FnOnce()) -> u64 {
    let began = Instant::now();
    body();
    began.elapsed().as_nanos() as u64
}

fn print(name: &str, mut samples: Vec<u64>) {
    samples.sort_unstable();
    let count = samples.len();
    let after = |share: usize| samples[count - 1 - count / share];
    let mean = samples.iter().sum::<u64>() / count as u64;
    println!(
        "{name} {count} {} {} {} {} {mean}",
        samples[count / 2],
        after(100),
        after(1000),
        samples[count - 1]
    );
}
