//! Programs in processes of their own.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

/// Cargo's own search path comes before the program's, and may lead to the library of an older build.
pub fn without_cargos_library_path(command: &mut Command) -> &mut Command {
    command.env_remove("LD_LIBRARY_PATH").env_remove("DYLD_FALLBACK_LIBRARY_PATH")
}

/// Runs a program to its end, which must be a good one; what it printed to its standard output.
pub fn run(command: &mut Command) -> String {
    String::from_utf8(succeed(command).stdout).expect("it prints text")
}

/// The same; what it printed to both.
pub fn succeed(command: &mut Command) -> Output {
    let output = without_cargos_library_path(command).output();
    let output =
        output.unwrap_or_else(|error| panic!("{command:?}: {error}: `make tools` installs what is needed"));
    assert!(output.status.success(), "{command:?}: {}: {}", output.status, said(&output));
    output
}

/// Everything that a program printed, cut short.
pub fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).chars().take(20_000).collect()
}

/// What runs a program of the platform that is tested, where that is not this machine's: `SR_RUNNER` is qemu or Wine with its
/// arguments (scripts/cross.sh). Elsewhere the program runs by itself.
pub fn runner() -> Vec<OsString> {
    // Below Wine every program of Windows is at home.
    if cfg!(windows) {
        return Vec::new();
    }
    std::env::var("SR_RUNNER").unwrap_or_default().split_whitespace().map(OsString::from).collect()
}

/// What a program wrote to its standard error, without what qemu says of the signal that ended it.
pub fn complaints(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let is_the_programs = |line: &&str| !line.starts_with("qemu: uncaught target signal");
    text.lines().filter(is_the_programs).collect()
}

/// How many times slower than by itself a program is here, under an emulator: `SR_SLOWNESS` (1).
pub fn slowness() -> u64 {
    std::env::var("SR_SLOWNESS").map_or(1, |text| text.parse().expect("SR_SLOWNESS is a number"))
}

/// A process of a program that was built for the platform that is tested.
pub fn program(path: &Path) -> Command {
    command(runner().into_iter().chain([path.into()]))
}

fn command(words: impl IntoIterator<Item = OsString>) -> Command {
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words);
    command
}

/// This test program again, for the test of this name only.
pub fn this_test(test: &str) -> Command {
    this_test_behind(&[], test)
}

/// The same as the argument of a program that runs others, such as `unshare`.
pub fn this_test_behind(wrapper: &[&str], test: &str) -> Command {
    let program = std::env::current_exe().expect("a test knows itself");
    let wrapper = wrapper.iter().map(OsString::from);
    let arguments = [test, "--exact", "--nocapture"].map(Into::into);
    command(wrapper.chain(runner()).chain([program.into()]).chain(arguments))
}
