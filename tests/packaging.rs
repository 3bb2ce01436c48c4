//! From the sources to a program in another project: CMake builds and installs, pkg-config and find_package find, Python
//! loads. What cargo-c installs is held to the same where cargo-c is at hand: `make test-install`.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::Server;
use common::c::{library, project};
use common::child::run;
use common::examples::{assert_shown_in, example};
use object::{Object, ObjectSymbol};

const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// What keeps a host's ThreadSanitizer quiet, and what a host has to pass on with the library.
const DATA: [&str; 4] = ["tsan.supp", "static-library.supp", "LICENSE", "THIRD-PARTY-NOTICES.txt"];

fn cmake(arguments: &[&str]) -> Command {
    let mut command = Command::new("cmake");
    command.args(arguments).env_remove("SR_CFLAGS");
    command
}

/// The commands that a page shows in its second block for the shell: the first starts the viewer.
fn commands_of(page: &str) -> String {
    let page = std::fs::read_to_string(project().join(page)).unwrap();
    let block = page.split("```sh\n").nth(2).unwrap().split("```").next().unwrap();
    assert!(block.starts_with("cmake -S . "), "{block}");
    block.to_owned()
}

/// Where cargo builds for CMake: once for all of these tests, with cargo's quick profile.
fn quick_build() -> [String; 2] {
    let target = library().ancestors().nth(3).unwrap().join("cmake");
    ["-DSESSION_REPLAY_PROFILE=dev".to_owned(), format!("-DSESSION_REPLAY_TARGET_DIR={}", target.display())]
}

/// A program in C++ of another project, built with CMake; what it printed, and which shared libraries it needs.
fn another_project(server: &Server, arguments: &[&str]) -> (String, String) {
    let source = example("examples/cpp/hello.cpp", &server.url());
    let list = std::fs::read_to_string(project().join("examples/cpp/CMakeLists.txt")).unwrap();
    let list = list.replace("${CMAKE_CURRENT_SOURCE_DIR}/../..", project().to_str().unwrap());
    std::fs::write(source.path().join("CMakeLists.txt"), list).unwrap();
    let (folder, build) = (source.path().to_str().unwrap(), source.path().join("build"));
    run(cmake(&["-S", folder, "-B", build.to_str().unwrap()]).args(arguments));
    run(&mut cmake(&["--build", build.to_str().unwrap()]));
    let program = build.join("hello");
    let needed = run(Command::new("readelf").arg("-d").arg(&program));
    (run(&mut Command::new(&program)).trim().to_owned(), needed)
}

/// A C program built with what pkg-config says of an installation; what it printed, and which shared libraries it needs.
fn with_pkg_config(server: &Server, prefix: &Path, is_static: bool, more: &[&str]) -> (String, String) {
    let config = prefix.join("lib/pkgconfig");
    let pkg_config = |more: &[&str]| {
        run(Command::new("pkg-config").args(more).arg("session_replay").env("PKG_CONFIG_PATH", &config))
    };
    assert_eq!(pkg_config(&["--modversion"]).trim(), VERSION);
    let flags =
        pkg_config(if is_static { &["--static", "--cflags", "--libs"] } else { &["--cflags", "--libs"] });
    let source = example("examples/c/hello.c", &server.url());
    let program = source.path().join("hello");
    let mut compiler = Command::new("cc");
    compiler.arg("-std=c99").arg(source.path().join("hello.c")).args(more).args(flags.split_whitespace());
    compiler.arg(format!("-Wl,-rpath,{}", prefix.join("lib").display()));
    run(compiler.arg("-o").arg(&program));
    let needed = run(Command::new("readelf").arg("-d").arg(&program));
    (run(&mut Command::new(&program)).trim().to_owned(), needed)
}

/// What pkg-config gives of an installation, linked both ways and wholly static.
fn check_pkg_config(server: &Server, prefix: &Path) {
    let shared = format!("[libsession_replay.so.{MAJOR}]");
    let (said, needed) = with_pkg_config(server, prefix, false, &[]);
    assert!(said == "delivered" && needed.contains(&shared), "{said} {needed}");
    check_pkg_config_static(server, prefix);
}

fn check_pkg_config_static(server: &Server, prefix: &Path) {
    for more in [&[][..], &["-static"]] {
        let (said, needed) = with_pkg_config(server, prefix, true, more);
        assert!(said == "delivered" && !needed.contains("session_replay"), "{more:?}: {said} {needed}");
    }
}

/// The names that a static library gives to a program.
fn global_symbols(archive: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(archive).unwrap();
    let archive = object::read::archive::ArchiveFile::parse(&*bytes).unwrap();
    let mut names = BTreeSet::new();
    for member in archive.members() {
        let file = object::File::parse(member.unwrap().data(&*bytes).unwrap()).unwrap();
        let global = file.symbols().filter(|symbol| symbol.is_definition() && symbol.is_global());
        names.extend(global.map(|symbol| symbol.name().unwrap().to_owned()));
    }
    names
}

/// A host that has functions of the same names as a dependency of ours: neither takes the other's place, in either order.
fn check_that_nothing_clashes(archive: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("host.c");
    let text = std::fs::read_to_string(project().join("tests/c/header.c")).unwrap();
    let own = [
        "libdeflate_alloc_compressor",
        "libdeflate_free_compressor",
        "WebPEncode",
        "WebPPictureFree",
        "rust_eh_personality",
        "__rust_alloc",
    ];
    let own: String =
        own.iter().map(|name| format!("void {name}(void);\nvoid {name}(void) {{ abort(); }}\n")).collect();
    std::fs::write(&source, format!("#include <stdlib.h>\n{own}{text}")).unwrap();
    let host = folder.path().join("host.o");
    let include = format!("-I{}", project().join("include").display());
    run(Command::new("cc").args(["-c", &include]).arg(&source).arg("-o").arg(&host));
    for order in [[host.as_path(), archive], [archive, host.as_path()]] {
        let program = folder.path().join("host");
        run(Command::new("cc")
            .arg("-Wl,--whole-archive")
            .args(order)
            .args(["-Wl,--no-whole-archive", "-lm", "-o"])
            .arg(&program));
        assert_eq!(run(&mut Command::new(&program)).trim(), VERSION);
    }
}

/// An installation holds this, wherever it is moved to.
fn check_installation(server: &Server, prefix: &Path) {
    let libraries = prefix.join("lib");
    let shared = libraries.join(format!("libsession_replay.so.{VERSION}"));
    for link in [format!("libsession_replay.so.{MAJOR}"), "libsession_replay.so".to_owned()] {
        assert_eq!(libraries.join(link).canonicalize().unwrap(), shared.canonicalize().unwrap());
    }
    let dynamic = run(Command::new("readelf").arg("-d").arg(&shared));
    assert!(dynamic.contains(&format!("soname: [libsession_replay.so.{MAJOR}]")), "{dynamic}");
    for header in files_below(&project().join("include")) {
        assert!(prefix.join("include").join(&header).exists(), "{} is installed", header.display());
    }

    let found = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
    let (said, needed) = another_project(server, &[&found]);
    assert!(
        said == "delivered" && needed.contains(&format!("[libsession_replay.so.{MAJOR}]")),
        "{said} {needed}"
    );
    let (said, needed) = another_project(server, &[&found, "-DSessionReplay_USE_STATIC_LIBS=ON"]);
    assert!(said == "delivered" && !needed.contains("session_replay"), "{said} {needed}");

    assert_eq!(global_symbols(&libraries.join("libsession_replay.a")), common::c::exported_symbols());
    check_that_nothing_clashes(&libraries.join("libsession_replay.a"));
    for file in DATA {
        assert!(prefix.join("share/session-replay").join(file).exists(), "{file}");
    }
    check_adapters(prefix);
    check_pkg_config(server, prefix);
    // The static library alone.
    for file in std::fs::read_dir(&libraries).unwrap().map(|entry| entry.unwrap().path()) {
        if file.to_string_lossy().contains(".so") {
            std::fs::remove_file(file).unwrap();
        }
    }
    check_pkg_config_static(server, prefix);
    let (said, _) = another_project(server, &[&found]);
    assert_eq!(said, "delivered", "find_package takes the static library when there is no other");
}

/// The adapters for toolkits are installed as the sources they are. Where Qt is, one is a component that compiles.
fn check_adapters(prefix: &Path) {
    let adapters: Vec<_> = std::fs::read_dir(project().join("bindings"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("CMakeLists.txt").exists())
        .collect();
    assert!(!adapters.is_empty());
    for adapter in adapters {
        let installed = prefix.join("share/session-replay").join(adapter.file_name());
        assert!(installed.is_dir(), "{} is installed", adapter.path().display());
        let mut files = [files_below(&adapter.path()), files_below(&installed)];
        files.iter_mut().for_each(|files| files.sort());
        assert_eq!(files[0], files[1], "{}", installed.display());
    }
    let folder = tempfile::tempdir().unwrap();
    let with_qt = |of_qt: &str| {
        let lines = format!(
            "enable_language(CXX)\nfind_package(QT NAMES Qt6 Qt5 QUIET COMPONENTS Widgets)\n\
             find_package(SessionReplay CONFIG REQUIRED OPTIONAL_COMPONENTS player)\nif(QT_FOUND)\n{of_qt}\nendif()"
        );
        let found = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
        strangers_project(folder.path(), &lines, &[&found])
    };
    // Twice, as two parts of a program may.
    let find = "find_package(SessionReplay CONFIG REQUIRED COMPONENTS Qt)\n";
    let use_it = "file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/qt.cpp \"#include <session_replay_qt.h>\\n#include <QApplication>\\n\
                  int main(int count, char **arguments) { QApplication app(count, arguments); sr::qt::attach(&app); }\")\n\
                  add_executable(qt ${CMAKE_CURRENT_BINARY_DIR}/qt.cpp)\ntarget_link_libraries(qt PRIVATE SessionReplay::Qt)";
    with_qt(&format!("{find}{find}{use_it}")).unwrap();
    check_adapters_in_cpp_alone(prefix);
}

/// The adapters in C, where their toolkits are, are components of a project in C++ that has enabled no C.
fn check_adapters_in_cpp_alone(prefix: &Path) {
    let is_there = |module: &str| {
        Command::new("pkg-config").args(["--exists", module]).status().is_ok_and(|status| status.success())
    };
    let found = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
    for (component, module, more) in [
        ("Sdl", "sdl2", "-Wno-dev"),
        ("Gtk", "gtk4", "-DSESSION_REPLAY_GTK=4"),
        ("Gtk", "gtk+-3.0", "-DSESSION_REPLAY_GTK=3"),
    ] {
        if !is_there(module) {
            eprintln!("skipped: {component} with {module}, which is not installed");
            continue;
        }
        let (folder, name) = (tempfile::tempdir().unwrap(), component.to_lowercase());
        let (source, build) = (folder.path(), folder.path().join("build"));
        let list = format!(
            "cmake_minimum_required(VERSION 3.20)\nproject(app LANGUAGES CXX)\n\
             find_package(SessionReplay CONFIG REQUIRED COMPONENTS {component})\n\
             add_executable(app app.cpp)\ntarget_link_libraries(app PRIVATE SessionReplay::{component})\n"
        );
        std::fs::write(source.join("CMakeLists.txt"), list).unwrap();
        let app = format!(
            "#define SDL_MAIN_HANDLED\n#include <session_replay_{name}.h>\n\
             int main() {{ return sr_{name}_detach != nullptr ? 0 : 1; }}\n"
        );
        std::fs::write(source.join("app.cpp"), app).unwrap();
        run(cmake(&["-S"]).arg(source).arg("-B").arg(&build).args([found.as_str(), more]));
        run(cmake(&["--build"]).arg(&build));
        run(&mut Command::new(build.join("app")));
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = PathBuf::from(entry.file_name());
        match entry.path().is_dir() {
            true => found.extend(files_below(&entry.path()).into_iter().map(|below| name.join(below))),
            false => found.push(name),
        }
    }
    found
}

#[test]
fn cmake_builds_and_installs_the_library_for_others() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let source = example("examples/cpp/hello.cpp", &server.url());
    std::fs::copy(project().join("examples/cpp/CMakeLists.txt"), source.path().join("CMakeLists.txt"))
        .unwrap();
    // As the page says, but for the place, the address and cargo's profile.
    let commands = commands_of("docs/guide/cpp.md")
        .replace("-S . ", &format!("-S . {} ", quick_build().join(" ")))
        .replace("-S examples/cpp", &format!("-S {}", source.path().display()))
        .replace("$PWD/", "")
        .replace("build/", &format!("{}/", folder.path().display()));
    let said = run(Command::new("bash").args(["-euc", &commands]).current_dir(project()));
    assert!(said.ends_with("delivered\n"), "{said}");
    assert_eq!(server.events("device-1", "1700000000000").len(), 3);

    let moved = folder.path().join("moved");
    std::fs::rename(folder.path().join("session-replay"), &moved).unwrap();
    check_installation(&server, &moved);

    // From the sources, as FetchContent and add_subdirectory do it.
    let [profile, target] = quick_build();
    let (said, needed) = another_project(&server, &[&profile, &target]);
    assert!(
        said == "delivered" && needed.contains(&format!("[libsession_replay.so.{MAJOR}]")),
        "{said} {needed}"
    );
    let (said, needed) = another_project(&server, &[&profile, &target, "-DBUILD_SHARED_LIBS=OFF"]);
    assert!(said == "delivered" && !needed.contains("session_replay"), "{said} {needed}");
}

/// A project of a stranger, in C, with what it has to say about the library; what CMake and make said.
fn strangers_project(folder: &Path, lines: &str, arguments: &[&str]) -> Result<PathBuf, String> {
    let (source, build) = (folder.join("source"), folder.join("build"));
    let _ = std::fs::remove_dir_all(&build);
    std::fs::create_dir_all(&source).unwrap();
    std::fs::copy(project().join("tests/c/header.c"), source.join("main.c")).unwrap();
    let list = format!(
        "cmake_minimum_required(VERSION 3.20)\nproject(stranger LANGUAGES C)\n{lines}\n\
         add_executable(main main.c)\ntarget_link_libraries(main PRIVATE SessionReplay::SessionReplay)\n"
    );
    std::fs::write(source.join("CMakeLists.txt"), list).unwrap();
    let configured =
        cmake(&["-G", "Unix Makefiles", "-S"]).arg(&source).arg("-B").arg(&build).args(arguments).output();
    let configured = configured.unwrap();
    if !configured.status.success() {
        return Err(String::from_utf8_lossy(&configured.stderr).into_owned());
    }
    run(cmake(&["--build"]).arg(&build));
    assert_eq!(run(&mut Command::new(build.join("main"))).trim(), VERSION);
    Ok(build)
}

#[test]
fn an_installation_may_have_folders_of_its_own_and_is_found_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (build, installed) = (folder.path().join("build"), folder.path().join("in stalled"));
    let [profile, target] = quick_build();
    // Folders that are absolute, as some distributions want them, and elsewhere than is usual. No word in the environment
    // takes what cargo makes to another place.
    let place =
        |name: &str, below: &str| format!("-DCMAKE_INSTALL_{name}={}", installed.join(below).display());
    run(cmake(&["-S", project().to_str().unwrap(), "-B"]).arg(&build).args([&profile, &target]).args([
        place("PREFIX", ""),
        place("LIBDIR", "libraries/here"),
        place("INCLUDEDIR", "headers/there"),
    ]));
    let rust_target = run(Command::new("rustc").arg("-vV"));
    let rust_target = rust_target.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    run(cmake(&["--build"]).arg(&build).env("CARGO_BUILD_TARGET", rust_target));
    run(cmake(&["--install"]).arg(&build));
    let moved = folder.path().join("mo ved");
    std::fs::rename(&installed, &moved).unwrap();

    let config =
        format!("-DSessionReplay_DIR={}", moved.join("libraries/here/cmake/SessionReplay").display());
    let find = |what: &str| {
        strangers_project(
            folder.path(),
            &format!("find_package(SessionReplay {what} CONFIG REQUIRED)"),
            &[&config],
        )
    };
    for fits in ["", "0", "0.1...0.9", "0.0...<1", &format!("{VERSION} EXACT"), &format!("0.0...{VERSION}")] {
        find(fits).unwrap_or_else(|error| panic!("{fits}: {error}"));
    }
    for does_not in ["99", "0.99", "0.0.1 EXACT", "0.0...0.0.9", &format!("0.0...<{VERSION}")] {
        assert!(find(does_not).is_err(), "{does_not}");
    }
    let error = strangers_project(
        folder.path(),
        "find_package(SessionReplay CONFIG REQUIRED COMPONENTS player)",
        &[&config],
    );
    assert!(error.unwrap_err().contains("no component player"));

    // pkg-config keeps the blank of the folder's name for the shell.
    let source = project().join("tests/c/header.c");
    let line = format!(
        "cc {} $(pkg-config --cflags --libs session_replay) -Wl,-rpath,'{}' -o main && ./main",
        source.display(),
        moved.join("libraries/here").display()
    );
    let mut shell = Command::new("bash");
    shell.args(["-ec", &format!("eval \"{line}\"")]).current_dir(folder.path());
    shell.env("PKG_CONFIG_PATH", moved.join("libraries/here/pkgconfig"));
    assert_eq!(run(&mut shell).trim(), VERSION);
}

/// A program that brings the library along when it is installed runs where nothing else of it is left.
#[test]
fn an_installed_program_takes_the_library_along() {
    let folder = tempfile::tempdir().unwrap();
    install_into(folder.path());
    let [profile, target] = quick_build();
    let found = format!("-DCMAKE_PREFIX_PATH={}", folder.path().join("session-replay").display());
    let sources = format!("add_subdirectory({} session-replay)", project().display());
    for (name, bring, arguments) in [
        ("installation", "find_package(SessionReplay CONFIG REQUIRED)", vec![found.as_str()]),
        ("sources", &sources, vec![profile.as_str(), target.as_str()]),
    ] {
        let lines = format!(
            "set(CMAKE_INSTALL_RPATH \"$ORIGIN/../lib\")\n{bring}\n\
             install(IMPORTED_RUNTIME_ARTIFACTS SessionReplay::SessionReplay)\n\
             cmake_language(DEFER CALL install TARGETS main)"
        );
        let build = strangers_project(folder.path(), &lines, &arguments).unwrap();
        let prefix = folder.path().join(name);
        run(cmake(&["--install"]).arg(&build).arg("--prefix").arg(&prefix));
        let installed: BTreeSet<_> = files_below(&prefix.join("lib")).into_iter().collect();
        for file in [format!("libsession_replay.so.{MAJOR}"), format!("libsession_replay.so.{VERSION}")] {
            assert!(installed.contains(Path::new(&file)), "{name}: {installed:?}");
        }
        std::fs::remove_dir_all(&build).unwrap();
        assert_eq!(run(&mut Command::new(prefix.join("bin/main"))).trim(), VERSION);
    }
}

#[test]
fn two_parts_of_a_program_may_bring_the_sources() {
    let folder = tempfile::tempdir().unwrap();
    let [profile, target] = quick_build();
    let root = project().display();
    let twice = format!("add_subdirectory({root} one)\nadd_subdirectory({root} two)");
    let build = strangers_project(folder.path(), &twice, &[&profile, &target]).unwrap();
    // What does not exist here is not among what is cleaned: ninja would stop at a folder.
    let cleaned = build.join("one/CMakeFiles/session_replay_build.dir/cmake_clean.cmake");
    let made = std::fs::read_to_string(cleaned).unwrap();
    assert!(made.contains("libsession_replay.a\"") && !made.contains("lib/\""), "{made}");
}

#[test]
#[ignore = "cargo-c takes minutes to build: `make test-install` does, and runs this with SR_INSTALLED"]
fn cargo_c_installs_the_same() {
    let prefix = std::env::var_os("SR_INSTALLED").expect("the folder that `cargo cinstall` installed into");
    check_installation(&Server::start(), Path::new(&prefix));
}

#[test]
fn the_system_libraries_are_those_that_rust_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("empty.rs");
    std::fs::write(&source, "").unwrap();
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--crate-type=staticlib", "--print=native-static-libs", "-o"])
        .arg(folder.path().join("empty.a"));
    let output = rustc.arg(&source).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let wanted = said.lines().find_map(|line| line.split_once("native-static-libs: ")).expect("it says").1;
    let list = std::fs::read_to_string(project().join("cmake/SessionReplayTargets.cmake")).unwrap();
    let listed = list.lines().find_map(|line| line.trim().strip_prefix("set(libraries -lutil")).unwrap();
    // What unwinds, each compiler brings by itself: with -static it is another library.
    let listed: BTreeSet<&str> =
        listed.trim_end_matches(')').split_whitespace().chain(["-lutil", "-lgcc_s"]).collect();
    assert_eq!(listed, wanted.split_whitespace().collect::<BTreeSet<_>>());
}

#[test]
fn make_install_finishes_what_cargo_c_leaves() {
    let (server, prefix) = (Server::start(), tempfile::tempdir().unwrap());
    let libraries = prefix.path().join("lib");
    std::fs::create_dir_all(libraries.join("pkgconfig")).unwrap();
    std::fs::copy(library().with_extension("a"), libraries.join("libsession_replay.a")).unwrap();
    run(Command::new("cp").args(["-r"]).arg(project().join("include")).arg(prefix.path()));
    assert!(global_symbols(&libraries.join("libsession_replay.a")).len() > 1000);
    let prefix_argument = format!("-DPREFIX={}", prefix.path().display());
    run(cmake(&[&prefix_argument, "-P"]).arg(project().join("cmake/AfterCargoC.cmake")));
    assert_eq!(global_symbols(&libraries.join("libsession_replay.a")), common::c::exported_symbols());
    check_pkg_config_static(&server, prefix.path());
    for file in DATA {
        assert!(prefix.path().join("share/session-replay").join(file).exists(), "{file}");
    }
}

/// The first block for the shell behind a heading of a page.
fn block_behind(page: &str, heading: &str) -> String {
    let page = std::fs::read_to_string(project().join(page)).unwrap();
    let behind = page.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    behind.split("```sh\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

/// An installation in `folder`, by CMake, with cargo's quick profile.
fn install_into(folder: &Path) {
    let build = folder.join("cmake");
    run(cmake(&["-S", project().to_str().unwrap(), "-B"]).arg(&build).args(quick_build()));
    run(cmake(&["--build"]).arg(&build));
    run(cmake(&["--install"]).arg(&build).arg("--prefix").arg(folder.join("session-replay")));
}

#[test]
fn an_installed_program_finds_the_library_as_the_pages_say() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    install_into(folder.path());
    let source = example("examples/c/hello.c", &server.url());
    let here = |commands: String| {
        commands
            .replace("$PWD/build/", "build/")
            .replace("build/", &format!("{}/", folder.path().display()))
            .replace("examples/c/hello.c", source.path().join("hello.c").to_str().unwrap())
    };
    let shell =
        |commands: &str| run(Command::new("bash").args(["-euc", commands]).env_remove("PKG_CONFIG_PATH"));
    let said = shell(&here(block_behind("docs/guide/cpp.md", "## A program that finds the library")));
    assert_eq!(said, "delivered\n".repeat(4));
    // Renamed, it lives beside a host's own functions of the same names.
    let commands = here(block_behind("docs/reference/abi.md", "## Another library with"));
    let own = folder.path().join("own.c");
    std::fs::write(&own, "int sr_init(void *); int sr_init(void *context) { (void)context; return 77; }\n")
        .unwrap();
    let commands = commands.replace(" -lm -o ", &format!(" {} -lm -o ", own.display()));
    shell(&commands);
    assert_eq!(run(&mut Command::new(folder.path().join("hello-renamed"))).trim(), "delivered");
}

#[test]
fn the_library_needs_no_later_glibc_than_the_page_says() {
    let symbols = run(Command::new("objdump").arg("-T").arg(library()));
    let number =
        |version: &str| -> Vec<u32> { version.split('.').map(|part| part.parse().unwrap()).collect() };
    let needed = symbols.split("GLIBC_").skip(1).map(|rest| {
        number(rest.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap().trim_end_matches('.'))
    });
    let page = std::fs::read_to_string(project().join("docs/guide/cpp.md")).unwrap();
    let said = page.split("needs glibc ").nth(1).unwrap().split(' ').next().unwrap();
    assert!(needed.max().unwrap() <= number(said), "docs/guide/cpp.md says {said}");
}

#[test]
fn meson_takes_it_as_a_subproject() {
    let server = Server::start();
    let source = example("examples/cpp/hello.cpp", &server.url());
    let folder = source.path();
    std::fs::create_dir(folder.join("subprojects")).unwrap();
    std::os::unix::fs::symlink(project(), folder.join("subprojects/session-replay")).unwrap();
    let page = std::fs::read_to_string(project().join("docs/guide/cpp.md")).unwrap();
    let shown = page.split("```meson\n").nth(1).unwrap().split("```").next().unwrap();
    std::fs::write(folder.join("meson.build"), shown).unwrap();
    let target = quick_build()[1].replace("-DSESSION_REPLAY_TARGET_DIR=", "-Dsession-replay:target_dir=");
    for (kind, needs) in [("shared", true), ("static", false)] {
        let build = folder.join(kind);
        let mut setup = Command::new("meson");
        setup.arg("setup").arg(&build).arg(folder).args(["-Dsession-replay:profile=dev", &target]);
        run(setup.arg(format!("-Dsession-replay:default_library={kind}")));
        run(Command::new("ninja").arg("-C").arg(&build));
        let needed = run(Command::new("readelf").arg("-d").arg(build.join("hello")));
        assert_eq!(needed.contains(&format!("[libsession_replay.so.{MAJOR}]")), needs, "{needed}");
        assert_eq!(run(&mut Command::new(build.join("hello"))).trim(), "delivered");
        let installed = run(Command::new("meson").args(["introspect", "--installed"]).arg(&build));
        assert!(installed.contains("/THIRD-PARTY-NOTICES.txt"), "{installed}");
    }
}

/// Names and numbers that stand in several files.
#[test]
fn the_packages_name_this_version() {
    let read = |path: &str| std::fs::read_to_string(project().join(path)).unwrap();
    let version = read("cmake/SessionReplayConfigVersion.cmake");
    assert!(version.contains(&format!("set(PACKAGE_VERSION \"{VERSION}\")")), "cmake: {VERSION}");
    assert!(read("cmake/SessionReplayTargets.cmake").contains(&format!("libsession_replay.so.{MAJOR})")));
    let port: serde_json::Value =
        serde_json::from_str(&read("packaging/vcpkg/session-replay/vcpkg.json")).unwrap();
    assert_eq!(port["version"], VERSION, "vcpkg");
    for package in ["bindings/node/package.json", "bindings/web/package.json"] {
        let package_json: serde_json::Value = serde_json::from_str(&read(package)).unwrap();
        assert_eq!(package_json["version"], VERSION, "{package}");
    }
    assert!(read("meson.build").contains(&format!("version: '{VERSION}'")), "meson.build");
    // The header, for the preprocessor, and the library itself, at run time.
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("version.c");
    std::fs::write(
        &source,
        "#include <session_replay.h>\n#include <stdio.h>\n#if SR_VERSION_NUMBER < 1000\n#error \"too old\"\n#endif\n\
         int main(void) { printf(\"%d.%d.%d %d %s\", SR_VERSION_MAJOR, SR_VERSION_MINOR, SR_VERSION_PATCH,\n\
         SR_VERSION_NUMBER, sr_version()); return 0; }\n",
    )
    .unwrap();
    let said = common::c::Program::c(&[source.to_str().unwrap()]).run::<&str>(&[]);
    let part = |text: &str| text.parse::<u32>().unwrap();
    let number = part(MAJOR) * 1_000_000
        + part(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
        + part(env!("CARGO_PKG_VERSION_PATCH"));
    assert_eq!(said, format!("{VERSION} {number} {VERSION}"));
    // What CMake and pkg-config say.
    let build = folder.path().join("build");
    run(cmake(&["-S", project().to_str().unwrap(), "-B"]).arg(&build));
    let cache = std::fs::read_to_string(build.join("CMakeCache.txt")).unwrap();
    assert!(cache.contains(&format!("CMAKE_PROJECT_VERSION:STATIC={VERSION}")));
    for package in ["session_replay", "session_replay_shared"] {
        let config = std::fs::read_to_string(build.join(format!("{package}.pc"))).unwrap();
        assert!(config.lines().any(|line| line == format!("URL: {REPOSITORY}")), "{package}: {config}");
    }
    let mut pkg_config = Command::new("pkg-config");
    pkg_config.args(["--modversion", "session_replay"]).env("PKG_CONFIG_PATH", &build);
    assert_eq!(run(&mut pkg_config).trim(), VERSION);
    let capi = read("Cargo.toml");
    for line in
        ["generation = false", "version_suffix_components = 1", "from = \"include/**/*\"", "capi = []"]
    {
        assert!(capi.lines().any(|found| found == line), "Cargo.toml, for cargo-c: {line}");
    }
}

/// `cargo update` would bring them back without a word.
#[test]
fn the_library_has_no_tables_of_all_scripts() {
    let lock = std::fs::read_to_string(project().join("Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"idna_adapter\"\nversion = \"1.0.0\"\n"), "Cargo.toml says why, at url");
}

#[test]
fn the_packages_name_the_same_repository() {
    let read = |path: &str| std::fs::read_to_string(project().join(path)).unwrap();
    let json = |path: &str| -> serde_json::Value { serde_json::from_str(&read(path)).unwrap() };
    assert!(REPOSITORY.starts_with("https://") && !REPOSITORY.ends_with('/'), "{REPOSITORY}");
    assert_eq!(json("packaging/vcpkg/session-replay/vcpkg.json")["homepage"], REPOSITORY, "vcpkg");
    let recipe = read("packaging/conan/conanfile.py");
    assert!(recipe.contains(&format!("homepage = url = \"{REPOSITORY}\"")), "Conan");
    for folder in ["bindings/node", "bindings/web"] {
        let package = json(&format!("{folder}/package.json"));
        assert_eq!(package["repository"]["url"], format!("git+{REPOSITORY}.git"), "{folder}");
        assert_eq!(package["repository"]["directory"], folder);
        assert_eq!(package["homepage"], format!("{REPOSITORY}#readme"), "{folder}");
        assert_eq!(package["bugs"]["url"], format!("{REPOSITORY}/issues"), "{folder}");
    }
}

#[test]
fn python_loads_the_c_abi() {
    let server = Server::start();
    let source = example("examples/python/hello.py", &server.url());
    let said = run(Command::new("python3").arg(source.path().join("hello.py")).arg(library()));
    assert_eq!(said.trim(), "delivered");
    assert_eq!(server.events("device-1", "1700000000000").len(), 1);
    assert_shown_in("docs/guide/other-languages.md", "examples/python/hello.py");
}
