//! Writes `include/session_replay.h` from `src/ffi`, when its content changes.
//!
//! With `SR_HEADER=check` in the environment, as `make test` sets it, the header that is checked in stays as it
//! is, and a test compares.

use std::env;
use std::path::PathBuf;

const HEADER: &str = "include/session_replay.h";

/// The parts of the header, in the order in which a reader wants them.
const PARTS: [&str; 10] = [
    "status.rs",
    "lifecycle.rs",
    "session.rs",
    "record.rs",
    "segment.rs",
    "log.rs",
    "transport.rs",
    "crash.rs",
    "boundary.rs",
    "arguments.rs",
];

fn main() {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed={HEADER}");
    println!("cargo:rerun-if-env-changed=SR_HEADER");

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let config = cbindgen::Config::from_root_or_default(&root);
    let mut builder = cbindgen::Builder::new().with_config(config);
    for part in PARTS {
        builder = builder.with_src(root.join("src/ffi").join(part));
    }
    let bindings = builder.generate().expect("src/ffi can be read by cbindgen");
    let generated = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("session_replay.h");
    bindings.write_to_file(&generated);
    if env::var("SR_HEADER").as_deref() != Ok("check") {
        bindings.write_to_file(root.join(HEADER));
    }
    println!("cargo:rustc-env=SR_GENERATED_HEADER={}", generated.display());
}
