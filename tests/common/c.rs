//! C programs, built by the C compiler against the library that cargo built: both of this machine, or of the platform that is tested
//! (`CC`, `SR_LIBRARY_DIR`: scripts/cross.sh).

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::Object;

use super::child::{said, succeed, without_cargos_library_path};

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the shared library is: that of this build, unless `SR_LIBRARY_DIR` names the folder of another platform's.
pub fn library_dir() -> PathBuf {
    if let Some(folder) = std::env::var_os("SR_LIBRARY_DIR").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
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
    symbols_of(&library())
}

/// Those that this one exports.
pub fn symbols_of(library: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(library).expect("it was built");
    let file = object::File::parse(&*bytes).expect("it is a library");
    let exports = file.exports().expect("it has a list of them").map(|export| export.expect("it is sound"));
    let names = exports.filter_map(|export| export.name().into_name().map(<[u8]>::to_vec));
    names.map(|name| String::from_utf8(name).expect("a name in UTF-8")).collect()
}

/// How wide the pointers of the library's platform are.
pub fn pointer_bits() -> u32 {
    let bytes = std::fs::read(library()).expect("cargo built it");
    let file = object::File::parse(&*bytes).expect("it is a library");
    if file.is_64() { 64 } else { 32 }
}

/// A compiler (its variable, which may hold arguments, too, and its usual name) in the project's folder.
pub fn compiler(variable: &str, usual: &str) -> Command {
    let words = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().expect("a compiler"));
    command.args(words).current_dir(project());
    command
}

/// A path as it can stand in JSON without more ado: with `/`, which Windows takes as well.
pub fn with_slashes(path: &Path) -> String {
    let text = path.to_str().expect("a path in Unicode");
    if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() }
}

/// What a program is linked with, behind its sources.
fn libraries() -> Vec<String> {
    if cfg!(windows) {
        // What the compiler brings itself is inside; the library is found on the search path, as set below.
        let import = library_dir().join("libsession_replay.dll.a");
        return vec![import.display().to_string(), "-static".to_owned()];
    }
    let folder = library_dir();
    vec![
        format!("-L{}", folder.display()),
        "-lsession_replay".to_owned(),
        "-ldl".to_owned(),
        format!("-Wl,-rpath,{}", folder.display()),
    ]
}

/// The compiler's arguments in `SR_CFLAGS`: those of a sanitizer.
pub fn sanitizer() -> Vec<String> {
    std::env::var("SR_CFLAGS").unwrap_or_default().split_whitespace().map(str::to_owned).collect()
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
        let path = folder.path().join(format!("program{}", std::env::consts::EXE_SUFFIX));
        let strict =
            ["-g", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-pthread", "-I", headers];
        succeed(
            compiler(variable, usual)
                .args(strict)
                .args(arguments)
                .args(sanitizer())
                .args(sources)
                .args(libraries())
                .arg("-o")
                .arg(&path),
        );
        Self { path, _folder: folder }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A process of it, to be started.
    pub fn command(&self) -> Command {
        let mut command = super::child::program(&self.path);
        without_cargos_library_path(&mut command);
        if cfg!(windows) {
            let others = std::env::var_os("PATH").unwrap_or_default();
            let folders = [library_dir()].into_iter().chain(std::env::split_paths(&others));
            command.env("PATH", std::env::join_paths(folders).expect("no quotes in it"));
        }
        command
    }

    /// Runs it to its end, which must be a good one. What it printed.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        finish(self.command().args(arguments))
    }

    /// The same under valgrind, which must find nothing wrong: memcheck, or the tool that `SR_VALGRIND` names. A program
    /// that a sanitizer watches is not for valgrind, nor is one of another platform.
    pub fn run_under_valgrind<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        let sanitized = std::env::var("SR_CFLAGS").is_ok_and(|flags| flags.contains("-fsanitize="));
        if cfg!(windows) || sanitized || !super::child::runner().is_empty() {
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

fn finish(command: &mut Command) -> String {
    let output = succeed(command);
    assert!(output.stderr.is_empty(), "{command:?} printed: {}", said(&output));
    String::from_utf8(output.stdout).expect("it prints text")
}
