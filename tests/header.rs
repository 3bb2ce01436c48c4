//! The checked-in header is the one that the sources give.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[test]
fn the_header_is_current() {
    let generated = std::fs::read_to_string(env!("SR_GENERATED_HEADER")).unwrap();
    let checked_in = include_str!("../include/session_replay.h");
    assert!(
        generated == checked_in,
        "include/session_replay.h is not what src/ffi gives: run `cargo build` and commit it"
    );
}

#[test]
fn every_function_says_who_owns_what_which_threads_may_call_it_and_whether_it_blocks() {
    let header = include_str!("../include/session_replay.h");
    let mut functions = 0;
    for part in header.split("/**").skip(1) {
        let (comment, code) = part.split_once("*/").unwrap();
        let declaration = code.split(';').next().unwrap().trim();
        let declaration = declaration.strip_prefix("SR_NODISCARD").unwrap_or(declaration).trim_start();
        let declaration = declaration.strip_prefix("SR_API ").unwrap_or(declaration);
        let Some((head, _)) = declaration.split_once("(") else { continue };
        if ["typedef", "enum", "#"].iter().any(|other| head.starts_with(other)) {
            continue;
        }
        functions += 1;
        let mut expected = vec!["Threads: ", "Blocks: "];
        match head {
            _ if head.starts_with("char *") => expected.push("Ownership: the caller's"),
            _ if head.starts_with("const char *") => expected.push("Ownership: "),
            _ if head.starts_with("sr_status") => expected.push("eturns SR_"),
            _ => {}
        }
        for words in expected {
            assert!(comment.contains(words), "{declaration}: its comment lacks \"{words}\"");
        }
    }
    assert!(functions > 15);
}
