//! Waiting for what other threads and processes do.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::child::slowness;
use super::files::runs;

/// How long a wait that ends well may take where it usually takes less than `ms`: under an emulator as many times longer as that is slower.
pub fn within_ms(ms: u32) -> u32 {
    ms.saturating_mul(slowness() as u32)
}

/// Until no more than so many of the runs in a storage directory have not ended: on a busy machine a thread may take longer than its
/// recorder's end waits for, and holds the lock until then.
pub fn wait_for_ends(dir: &Path, living: usize) {
    let is_free = |run: &PathBuf| File::open(run.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
    wait_until("the run before to end", || runs(dir).iter().filter(|run| !is_free(run)).count() <= living);
}

pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_millis(within_ms(60_000).into());
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
