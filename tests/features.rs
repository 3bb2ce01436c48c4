//! The library without the cargo features `tls` and `views`, as CMake builds it: the same functions, fewer of which do anything.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![cfg(target_os = "linux")]

mod common;

use std::path::Path;
use std::process::Command;

use common::Server;
use common::c::{Program, exported_symbols, library, project, symbols_of};
use common::child::run;

/// Builds it with cargo's quick profile, in a place of its own; the folder of the library.
fn built_without_features(folder: &Path) -> std::path::PathBuf {
    let target = library().ancestors().nth(3).unwrap().join("left-out");
    run(Command::new("cmake")
        .args(["-S", project().to_str().unwrap(), "-B", folder.to_str().unwrap()])
        .args(["-DSESSION_REPLAY_TLS=OFF", "-DSESSION_REPLAY_VIEWS=OFF", "-DSESSION_REPLAY_PROFILE=dev"])
        .arg(format!("-DSESSION_REPLAY_TARGET_DIR={}", target.display()))
        .env_remove("SR_CFLAGS"));
    run(Command::new("cmake").arg("--build").arg(folder));
    folder.join("lib")
}

#[test]
fn a_build_without_tls_and_views_has_the_same_symbols_and_says_what_it_can_not_do() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let small = built_without_features(folder.path());
    assert_eq!(symbols_of(&small.join("libsession_replay.so")), exported_symbols());
    // Built against the whole library: the two may take each other's place.
    for (program, arguments) in
        [("left_out", vec![server.url()]), ("transport", Vec::new()), ("take_request", Vec::new())]
    {
        let program = Program::c(&[&format!("tests/c/{program}.c")]);
        // What cargo sets does not reach programs (`common::child`): this one is meant.
        run(Command::new("env")
            .arg(format!("LD_LIBRARY_PATH={}", small.display()))
            .arg(program.path())
            .args(arguments));
    }
    assert_eq!(server.events("device-1", "1732300000000").len(), 2);
    // Nothing of either is left.
    let text = std::fs::read(small.join("libsession_replay.so")).unwrap();
    for (name, is_there) in [("WebPEncode", false), ("ring_core", false), ("libdeflate", true)] {
        let found = memchr::memmem::find(&text, name.as_bytes()).is_some();
        assert_eq!(found, is_there, "{name}");
    }
}
