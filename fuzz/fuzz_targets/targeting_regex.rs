//! Two lines of any text, as a regular expression and as what it is to match: it ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use session_replay::fuzzing::targeting_match;

fuzz_target!(|text: &str| {
    let (pattern, property) = text.split_once('\n').unwrap_or((text, ""));
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let config = format!(
        r#"{{"key":"sr_targeting_config","variants":{{"on":{{"key":"on"}}}},"segments":[{{"variant":"on","conditions":[[
            {{"selector":["context","property"],"op":"regex match","values":[{}]}}]]}}]}}"#,
        quoted(pattern)
    );
    assert!(targeting_match(&config, &format!(r#"{{"property":{}}}"#, quoted(property))).is_some());
});
