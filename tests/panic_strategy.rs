//! The library can't be built for hosts in a way in which its panics would end them.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::process::{Command, Output};

const FILE: &str = "src/ffi/panic_strategy.rs";

/// The compiler's word on the file that decides; it alone takes no second.
fn compile(panic: &str, is_asked_for: bool) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", &format!("-Cpanic={panic}"), FILE]);
    rustc.arg("--out-dir").arg(folder.path()).current_dir(env!("CARGO_MANIFEST_DIR"));
    match is_asked_for {
        true => rustc.env("CARGO_PRIMARY_PACKAGE", "1"),
        false => rustc.env_remove("CARGO_PRIMARY_PACKAGE"),
    };
    rustc.output().unwrap()
}

#[test]
fn a_library_for_hosts_is_not_built_to_abort() {
    let refused = compile("abort", true);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("must be built with panic = \"unwind\""), "{said}");
    for (panic, is_asked_for) in [("unwind", true), ("unwind", false), ("abort", false)] {
        let taken = compile(panic, is_asked_for);
        assert!(taken.status.success(), "{panic}: {}", String::from_utf8_lossy(&taken.stderr));
    }
}

#[test]
fn the_file_is_part_of_the_library() {
    assert!(include_str!("../src/ffi/mod.rs").lines().any(|line| line == "mod panic_strategy;"));
}
