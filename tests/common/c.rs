//! C programs, built by the C compiler of this machine against the library that cargo built.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the shared library of this build is.
pub fn library_dir() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows itself");
    test.parent().expect("it is in a folder").to_owned()
}

/// The shared library itself.
pub fn library() -> PathBuf {
    library_dir().join(format!(
        "{}session_replay{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ))
}

/// A program that was built, in a folder of its own.
pub struct Program {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Program {
    /// Builds C sources, given relative to the project, with every warning an error.
    pub fn c(sources: &[&str]) -> Self {
        Self::build("CC", "cc", &["-std=c99"], sources)
    }

    /// Builds with a certain compiler (its variable, its usual name) and more arguments.
    pub fn build(variable: &str, usual: &str, arguments: &[&str], sources: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("program");
        let compiler = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        let output = Command::new(&compiler)
            .args(["-g", "-Wall", "-Wextra", "-pedantic", "-Werror", "-pthread", "-Iinclude"])
            .args(arguments)
            .args(sources)
            .arg("-L")
            .arg(library_dir())
            .args(["-lsession_replay", "-ldl"])
            .arg(format!("-Wl,-rpath,{}", library_dir().display()))
            .arg("-o")
            .arg(&path)
            .current_dir(project())
            .output()
            .unwrap_or_else(|error| panic!("{compiler} can't be started ({error}): install a C compiler"));
        assert!(output.status.success(), "{compiler} {sources:?}: {}", said(&output));
        Self { path, _folder: folder }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs it to its end, which must be a good one. What it printed.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        finish(Command::new(&self.path).args(arguments))
    }

    /// The same under valgrind, which must find nothing wrong.
    pub fn run_under_valgrind<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        let suppressions = project().join("tests/c/valgrind.supp");
        let found =
            Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
        assert!(found, "valgrind is not installed: `make tools` installs what the tests need");
        finish(
            Command::new("valgrind")
                .args(["--quiet", "--leak-check=full", "--error-exitcode=99", "--fair-sched=yes"])
                .arg(format!("--suppressions={}", suppressions.display()))
                .arg(&self.path)
                .args(arguments),
        )
    }
}

/// Cargo's own search path comes before the program's, and may lead to the library of an older build.
pub fn without_cargos_library_path(command: &mut Command) -> &mut Command {
    command.env_remove("LD_LIBRARY_PATH").env_remove("DYLD_FALLBACK_LIBRARY_PATH")
}

fn finish(command: &mut Command) -> String {
    let output = without_cargos_library_path(command).output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}: {}", output.status, said(&output));
    assert!(output.stderr.is_empty(), "{command:?} printed: {}", said(&output));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).chars().take(20_000).collect()
}
