//! Any bytes as an event of a view's page: what travels in its place is valid JSON, an event, and no larger than it must be.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::{rewritten, wire_form};

fuzz_target!(|data: &[u8]| {
    for (view, document) in [(1, 2), (9_000_000, 9_000_001)] {
        for event in rewritten(view, document, data).into_iter().flatten() {
            assert!(wire_form(event.as_bytes()).is_some(), "{event}");
            // An id takes at least one byte, and at most 16 when it is shifted.
            assert!(event.len() <= 17 * data.len() + 512);
        }
    }
});
