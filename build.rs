//! Writes `include/session_replay.h` from `src/ffi`, when its content changes.
//!
//! With `SR_HEADER=check` in the environment, as `make test` sets it, the header that is checked in stays as it
//! is, and a test compares.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const HEADER: &str = "include/session_replay.h";

/// The parts of the header, in the order in which a reader wants them.
const PARTS: [&str; 18] = [
    "status.rs",
    "lifecycle.rs",
    "session.rs",
    "record.rs",
    "filter.rs",
    "snapshots.rs",
    "interactions.rs",
    "views.rs",
    "frames.rs",
    "companions.rs",
    "segment.rs",
    "targeting.rs",
    "log.rs",
    "transport.rs",
    "requests.rs",
    "crash.rs",
    "boundary.rs",
    "arguments.rs",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed={HEADER}");
    println!("cargo:rerun-if-env-changed=SR_HEADER");

    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets it")?);
    let mut config = cbindgen::Config::from_root_or_default(&root);
    config.after_includes = Some(version()? + config.after_includes.as_deref().unwrap_or_default());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for part in PARTS {
        builder = builder.with_src(root.join("src/ffi").join(part));
    }
    let bindings = builder.generate()?;
    let generated = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets it")?).join("session_replay.h");
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header)?;
    // What follows the includes begins with a push, and cbindgen has no place inside the guard for its end.
    let end = "\n#endif  /* SESSION_REPLAY_H */";
    if !header.contains(end) {
        return Err("cbindgen no longer ends the include guard in this way".into());
    }
    let header =
        header.replace(end, &format!("\n#if defined(__GNUC__)\n#pragma GCC diagnostic pop\n#endif\n{end}"));
    let header = with_windows_words(&header)?;
    write(&generated, &header)?;
    if env::var("SR_HEADER").as_deref() != Ok("check") {
        write(&root.join(HEADER), &header)?;
    }
    println!("cargo:rustc-env=SR_GENERATED_HEADER={}", generated.display());
    Ok(())
}

/// Adds what MSVC wants, and cbindgen has no place for: where a function comes from before its type, and the calling convention
/// before its name, and before that of a type of callbacks.
fn with_windows_words(header: &str) -> Result<String, Box<dyn Error>> {
    let (head, body) =
        header.split_once("\nextern \"C\" {").ok_or("cbindgen no longer opens extern \"C\"")?;
    let mut text = head.replace("(*sr_", "(SR_CALL *sr_") + "\nextern \"C\" {";
    let pad = " ".repeat("SR_API SR_CALL ".len());
    for line in body.split_inclusive('\n') {
        // Comments begin with " *", what goes on from the line before with more blanks.
        let name = line.find('(').and_then(|open| line[..open].rfind("sr_"));
        match name {
            _ if line.starts_with("  ") => text += &format!("{pad}{line}"),
            Some(name) if line.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                let (must, kind) =
                    line[..name].split_at(if line.starts_with("SR_NODISCARD ") { 13 } else { 0 });
                text += &format!("{must}SR_API {kind}SR_CALL {}", &line[name..]);
            }
            _ => text += line,
        }
    }
    Ok(text)
}

/// Writes a file, unless it holds this already: what depends on it is not built again.
fn write(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(current) if current == text => Ok(()),
        _ => fs::write(path, text),
    }
}

/// The version, for the preprocessor.
fn version() -> Result<String, env::VarError> {
    let part = |name: &str| env::var(format!("CARGO_PKG_VERSION_{name}"));
    let mut text = "\n".to_owned();
    for (name, which) in [("MAJOR", "major"), ("MINOR", "minor"), ("PATCH", "patch")] {
        text += &format!(
            "/** The {which} version of this header; sr_version() returns the version of the loaded library. */\n\
             #define SR_VERSION_{name} {}\n",
            part(name)?
        );
    }
    Ok(text
        + "/** The whole version as one number that can be compared: 1.2.3 is 1002003. */\n\
            #define SR_VERSION_NUMBER (SR_VERSION_MAJOR * 1000000 + SR_VERSION_MINOR * 1000 + SR_VERSION_PATCH)\n")
}
