//! Writes `include/session_replay.h` from `src/ffi`, when its content changes.
//!
//! With `SR_HEADER=check` in the environment, as `make test` sets it, the header that is checked in stays as it
//! is, and a test compares.

use std::path::{Path, PathBuf};
use std::{env, fs};

const HEADER: &str = "include/session_replay.h";

fn main() {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed={HEADER}");
    println!("cargo:rerun-if-env-changed=SR_HEADER");

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let config = cbindgen::Config::from_root_or_default(&root);
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in rust_files(&root.join("src/ffi")) {
        builder = builder.with_src(source);
    }
    let bindings = builder.generate().expect("src/ffi can be read by cbindgen");
    let generated = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("session_replay.h");
    bindings.write_to_file(&generated);
    if env::var("SR_HEADER").as_deref() != Ok("check") {
        bindings.write_to_file(root.join(HEADER));
    }
    println!("cargo:rustc-env=SR_GENERATED_HEADER={}", generated.display());
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("src/ffi is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    files
}
