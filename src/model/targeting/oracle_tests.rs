//! Random rules and contexts, decided by what Amplitude's browser SDK evaluates them with (`tests/targeting/`): ours are the
//! same decisions. Some are kept; `make test-targeting` makes and compares many more.

use std::io::{BufRead, BufReader};

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    flag: String,
    context: String,
    is_match: bool,
    variant: Option<String>,
    segment: Option<String>,
}

/// What costs too much ends so. Of a regular expression that backtracks without end, what the SDK makes depends on the machine: it
/// throws where the stack ends first, or hangs.
const TOO_COSTLY: Evaluation = Evaluation { is_match: false, variant: None, segment: None };

/// Compares each case of a file, and panics with those that differ. How many were compared, and how many cost too much.
fn compare(file: &str) -> (usize, usize) {
    let lines = BufReader::new(std::fs::File::open(file).expect("the cases")).lines();
    let (mut count, mut costly, mut differing, mut shown) = (0, 0, 0, String::new());
    for line in lines {
        let line = line.unwrap();
        let case: Case = serde_json::from_str(&line).expect("a case");
        count += 1;
        let targeting = Targeting::parse(&case.flag);
        let Some(targeting) = targeting else {
            // The SDK samples: it asks no engine.
            let flag: serde_json::Value = serde_json::from_str(&case.flag).unwrap_or_default();
            let is_there = flag.as_object().is_some_and(|it| !it.is_empty())
                || flag.as_array().is_some_and(|it| !it.is_empty())
                || flag.as_str().is_some_and(|it| !it.is_empty());
            assert!(!is_there, "no targeting: {line}");
            continue;
        };
        let expected = Evaluation { is_match: case.is_match, variant: case.variant, segment: case.segment };
        let ours = targeting.evaluate_json(&case.context);
        if ours == TOO_COSTLY {
            costly += 1;
        } else if ours != expected {
            differing += 1;
            if differing <= 10 {
                shown += &format!("\n{}\n{}\nours {ours:?}\ntheirs {expected:?}\n", case.flag, case.context);
            }
        }
    }
    assert_eq!(differing, 0, "of {count}:{shown}");
    (count, costly)
}

#[test]
fn the_kept_cases_are_decided_alike() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/targeting/cases.jsonl");
    let (count, costly) = compare(file);
    assert!(count > 1_900 && costly == 0, "{costly} of {count} cost too much");
}

/// `make test-targeting` runs it.
#[test]
#[ignore = "the cases have to be made first"]
fn new_cases_are_decided_alike() {
    let file = std::env::var("SR_TARGETING_CASES").expect("SR_TARGETING_CASES names the file of cases");
    let (count, costly) = compare(&file);
    println!("{count} cases are decided alike, {costly} of them cost too much");
    assert!(costly * 10_000 <= count, "hardly any of the generator's may");
}
