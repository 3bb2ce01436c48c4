//! Any text as options: refused with a reason, or good enough to start with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_replay::Options;

fuzz_target!(|text: &str| {
    if let Err(error) = Options::from_json(text) {
        assert!(!error.to_string().is_empty());
    }
});
