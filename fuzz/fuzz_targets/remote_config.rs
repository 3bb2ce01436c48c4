//! Any bytes as the answer to the question for the remote configuration.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::remote_sample_rate;

fuzz_target!(|body: &[u8]| {
    if let Some(rate) = remote_sample_rate(body) {
        assert!((0.0..=1.0).contains(&rate));
    }
});
