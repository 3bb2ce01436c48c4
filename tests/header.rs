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
