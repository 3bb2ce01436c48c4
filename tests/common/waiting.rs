//! Waiting for what other threads and processes do.

use std::time::{Duration, Instant};

use super::child::slowness;

/// How long a wait that ends well may take where it usually takes less than `ms`: under an emulator as many times longer as that is slower.
pub fn within_ms(ms: u32) -> u32 {
    ms.saturating_mul(slowness() as u32)
}

pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_millis(within_ms(60_000).into());
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
