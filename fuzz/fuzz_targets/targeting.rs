//! Two lines of any text, as a targeting configuration and as the context that it is evaluated for: there is a decision, and the
//! same one twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::targeting_match;

fuzz_target!(|text: &str| {
    let (config, context) = text.split_once('\n').unwrap_or((text, "{}"));
    assert_eq!(targeting_match(config, context), targeting_match(config, context));
});
