//! C programs, built by the C compiler of this machine against the library that cargo built.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use object::{Object, ObjectSymbol};

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

/// The names that the shared library exports.
pub fn exported_symbols() -> BTreeSet<String> {
    let bytes = std::fs::read(library()).expect("cargo built it");
    let file = object::File::parse(&*bytes).expect("it is a library");
    file.dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .map(|symbol| symbol.name().expect("a name in UTF-8").to_owned())
        .collect()
}

/// A copy of an example, in a folder of its own, that delivers to `server`: the example itself names the viewer's usual
/// address, which may be taken here.
pub fn example(path: &str, server: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = std::fs::read_to_string(project().join(path)).expect("the example is there");
    assert!(source.contains("http://127.0.0.1:8787"));
    let name = Path::new(path).file_name().expect("it has a name");
    std::fs::write(folder.path().join(name), source.replace("http://127.0.0.1:8787", server))
        .expect("a copy");
    folder
}

/// The page shows this file, as it is.
pub fn assert_shown_in(page: &str, file: &str) {
    let read = |path: &str| std::fs::read_to_string(project().join(path)).expect("it is there");
    assert!(read(page).contains(&read(file)), "{page} shows {file} as it is");
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

    /// The same with C++17.
    pub fn cpp(sources: &[&str]) -> Self {
        Self::build("CXX", "c++", &["-std=c++17"], sources)
    }

    /// Builds with a certain compiler (its variable, its usual name) and more arguments.
    pub fn build(variable: &str, usual: &str, arguments: &[&str], sources: &[&str]) -> Self {
        Self::build_against("include", variable, usual, arguments, sources)
    }

    /// The same with the headers of another folder. The arguments in `SR_CFLAGS` come last: those of a sanitizer.
    pub fn build_against(
        headers: &str,
        variable: &str,
        usual: &str,
        arguments: &[&str],
        sources: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("program");
        let compiler = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        let output = Command::new(&compiler)
            .args([
                "-g",
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Wconversion",
                "-Werror",
                "-pthread",
                "-I",
                headers,
            ])
            .args(arguments)
            .args(std::env::var("SR_CFLAGS").unwrap_or_default().split_whitespace())
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

    /// The same under valgrind, which must find nothing wrong: memcheck, or the tool that `SR_VALGRIND` names. A program
    /// that a sanitizer watches is not for valgrind.
    pub fn run_under_valgrind<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        if std::env::var("SR_CFLAGS").is_ok_and(|flags| flags.contains("-fsanitize=")) {
            return self.run(arguments);
        }
        let tool = std::env::var("SR_VALGRIND").unwrap_or_else(|_| "memcheck".to_owned());
        let suppressions = if tool == "memcheck" { "tests/c/valgrind.supp" } else { "tests/c/helgrind.supp" };
        let suppressions = project().join(suppressions);
        let found =
            Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
        assert!(found, "valgrind is not installed: `make tools` installs what the tests need");
        finish(
            Command::new("valgrind")
                .args(["--quiet", "--error-exitcode=99", "--fair-sched=yes"])
                .args(if tool == "memcheck" { &["--leak-check=full"][..] } else { &[] })
                .arg(format!("--tool={tool}"))
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
