//! A panic in here must not end the host: each function of the C ABI catches it, and each thread of ours goes on after it.
//! With `panic = "abort"` nothing is caught, so the libraries that hosts link can't be built that way.
//!
//! The shared library, the static one and the crate for Rust come out of one run of the compiler, which can't tell them
//! apart. But Cargo tells the packages that it was asked to build from those that they depend on. Whoever builds the
//! library asks for this one. A Rust program that depends on it has chosen for the whole program what a panic does, and
//! may choose `abort`.

const _: () = assert!(
    cfg!(panic = "unwind") || option_env!("CARGO_PRIMARY_PACKAGE").is_none(),
    "session-replay must be built with panic = \"unwind\": under \"abort\" a fault in the library would end its host"
);
