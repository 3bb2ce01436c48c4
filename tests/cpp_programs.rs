//! The C++ header from C++: every call, options with awkward text, ownership, the host's own HTTP.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::Server;
#[cfg(unix)]
use common::c::sanitizer;
use common::c::{Program, compiler, project};
use common::child::succeed;
use serde_json::{Value, json};

/// A compiler (its variable, its usual name), and clang. On Windows not clang: it does not link with the C++ library of MinGW's GCC.
fn with_clang<T>(gcc: T, clang: T) -> impl Iterator<Item = T> {
    std::iter::once(gcc).chain(cfg!(unix).then_some(clang))
}

#[test]
fn the_headers_compile_with_every_compiler_and_standard() {
    for (variable, usual) in with_clang(("CC", "cc"), ("CLANG", "clang")) {
        for standard in ["-std=c99", "-std=c17"] {
            let program = Program::build(variable, usual, &[standard], &["tests/c/header.c"]);
            assert_eq!(program.run::<&str>(&[]).trim(), env!("CARGO_PKG_VERSION"));
        }
    }
    let server = Server::start();
    for (variable, usual) in with_clang(("CXX", "c++"), ("CLANGXX", "clang++")) {
        let c_header = &["-x", "c++", "tests/c/header.c", "-x", "none"];
        Program::build(variable, usual, &["-std=c++11"], c_header).run::<&str>(&[]);
        for more in [
            &["-std=c++17"][..],
            &["-std=c++20"],
            &["-std=c++2b"],
            &["-std=c++17", "-fno-exceptions", "-fno-rtti"],
        ] {
            let strict = [&["-Wshadow", "-Wsign-conversion"], more].concat();
            // The static C++ library of MinGW's GCC 12 has type_info's comparison twice for C++23: it compiles, and does not link.
            if cfg!(windows) && more.contains(&"-std=c++2b") {
                compile(variable, usual, &strict, "tests/cpp/surface.cpp");
                continue;
            }
            let program = Program::build(variable, usual, &strict, &["tests/cpp/surface.cpp"]);
            assert_eq!(program.run(&[server.url()]).trim(), env!("CARGO_PKG_VERSION"));
        }
    }
}

/// Compiles and does not link. For both compilers, and these standards.
fn compile_everywhere(source: &str, standards: &[&str], arguments: &[&str]) {
    for (variable, usual) in with_clang(("CXX", "c++"), ("CLANGXX", "clang++")) {
        for standard in standards {
            compile(variable, usual, &[&[*standard], arguments].concat(), source);
        }
    }
}

fn compile(variable: &str, usual: &str, arguments: &[&str], source: &str) {
    succeed(
        compiler(variable, usual).args(["-fsyntax-only", "-Iinclude", "-Werror"]).args(arguments).arg(source),
    );
}

#[test]
fn the_header_compiles_behind_everything_that_may_stand_before_it() {
    let arguments = ["-Wall", "-Wextra", "-Wno-deprecated-declarations"];
    let source = "tests/cpp/after_all.cpp";
    compile_everywhere(source, &["-std=c++17", "-std=c++20", "-std=c++2b"], &arguments);
    for more in ["-DHIJACK", "-DWITH_XLIB", "-DAS_WINDOWS"] {
        // There is no Xlib.
        if cfg!(windows) && more == "-DWITH_XLIB" {
            continue;
        }
        // The whole standard library takes a compiler seconds.
        compile_everywhere(source, &["-std=c++17"], &[&arguments[..], &[more]].concat());
    }
}

#[test]
fn the_headers_are_free_of_what_compilers_warn_of() {
    if std::env::var_os("SR_CFLAGS").is_some() {
        // `make sanitize` has every program compiled by clang, which knows other warnings than gcc.
        return;
    }
    let gcc =
        ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wpadded", "-Wundef", "-Wcast-qual"];
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        let c = [&["-xc", "-Wc++-compat", "-Wstrict-prototypes", standard], &gcc[..]].concat();
        compile("CC", "cc", &c, "tests/cpp/quiet.h");
        if cfg!(unix) {
            compile("CLANG", "clang", &["-xc", "-Weverything", standard], "tests/cpp/quiet.h");
        }
    }
    let gcc = [
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Wconversion",
        "-Wshadow",
        "-Weffc++",
        "-Wold-style-cast",
        "-Wuseless-cast",
        "-Wzero-as-null-pointer-constant",
        "-Wnon-virtual-dtor",
        "-Wextra-semi",
        "-Wundef",
    ];
    // What those want who still write C++98.
    let clang = ["-Weverything", "-Wno-c++98-compat", "-Wno-c++98-compat-pedantic"];
    for standard in ["-std=c++11", "-std=c++17", "-std=c++20", "-std=c++2b"] {
        compile("CXX", "c++", &[&["-xc++", standard], &gcc[..]].concat(), "tests/cpp/quiet.h");
        if cfg!(unix) {
            compile("CLANGXX", "clang++", &[&["-xc++", standard], &clang[..]].concat(), "tests/cpp/quiet.h");
        }
    }
}

#[test]
fn an_answer_that_must_be_looked_at_can_not_be_passed_over() {
    let passed_over = |language: &str, call: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passed_over");
        let include = if language == "-xc" { "session_replay.h" } else { "session_replay.hpp" };
        std::fs::write(&path, format!("#include <{include}>\nvoid f(void);\nvoid f(void) {{ {call}; }}\n"))
            .unwrap();
        // What a compiler reads by itself may be older than the header.
        let (mut compiler, standard) = match language {
            "-xc" => (compiler("CC", "cc"), "-std=c99"),
            _ => (compiler("CXX", "c++"), "-std=c++17"),
        };
        let output =
            succeed(compiler.args(["-S", "-o", "/dev/null", "-Iinclude", language, standard]).arg(&path));
        !output.stderr.is_empty()
    };
    for call in
        ["sr_init(0, 0)", "sr_stats()", "sr_take_log()", "sr_segment_process(0)", "sr_get_privacy_config()"]
    {
        assert!(passed_over("-xc", call) && passed_over("-xc++", call), "{call}");
    }
    for call in
        ["sr_record(0, 0)", "sr_flush(0)", "sr_shutdown(0)", "sr_set_session_id(1)", "sr_set_opt_out(true)"]
    {
        assert!(!passed_over("-xc", call) && !passed_over("-xc++", call), "{call}");
    }
    assert!(passed_over("-xc++", "sr::SessionReplay::start(\"key\")"));
    assert!(!passed_over("-xc++", "(void)sr_stats()"));
}

/// A plugin, with the library inside or beside it.
#[cfg(unix)]
fn plugin(
    folder: &std::path::Path,
    name: &str,
    arguments: &[&str],
    library: &[&std::ffi::OsStr],
) -> std::path::PathBuf {
    let path = folder.join(name);
    let mut compiler = compiler("CXX", "c++");
    compiler.args([
        "-std=c++17",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "-Iinclude",
        "tests/cpp/plugin.cpp",
    ]);
    succeed(compiler.args(arguments).args(sanitizer()).args(library).arg("-o").arg(&path));
    path
}

// Its host and plugins load by dlopen.
#[cfg(unix)]
#[test]
fn two_plugins_do_not_disturb_each_other() {
    use common::c::library_dir;
    if std::env::var("SR_CFLAGS").is_ok_and(|flags| flags.contains("undefined")) {
        // A shared object for UndefinedBehaviorSanitizer finds its run-time library in a C++ program only; the host is C.
        return;
    }
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let host = Program::build("CC", "cc", &["-std=c11"], &["tests/cpp/plugins.c"]);
    let inside = library_dir().join("libsession_replay.a");
    let search = format!("-L{}", library_dir().display());
    let run_path = format!("-Wl,-rpath,{}", library_dir().display());
    for (optimize, more) in [("-O0", "-fvisibility=default"), ("-O2", "-fvisibility=hidden")] {
        let build = |name: &str, library: &[&std::ffi::OsStr]| {
            plugin(folder.path(), name, &[optimize, more], library).to_str().unwrap().to_owned()
        };
        // Each in its own scope: with the static library, two recorders. (AddressSanitizer takes two copies of a global
        // for a fault.)
        if std::env::var_os("SR_CFLAGS").is_none() {
            let apart = [build("a.so", &[inside.as_ref()]), build("b.so", &[inside.as_ref()])];
            let before = server.events("plugin-b", "1732300000000").len();
            host.run(&["apart", &server.url(), &apart[0], &apart[1], "local"]);
            assert_eq!(server.events("plugin-b", "1732300000000").len(), before + 2);
        }
        // With the shared one there is one recorder, wherever the plugins' own symbols are looked for.
        let shared = [search.as_ref(), "-lsession_replay".as_ref(), run_path.as_ref()];
        let shared = [build("c.so", &shared), build("d.so", &shared)];
        for scope in ["local", "global"] {
            host.run(&["shared", &server.url(), &shared[0], &shared[1], scope]);
        }
    }
}

#[test]
fn options_are_the_json_that_they_should_be() {
    let awkward: String = "\"\\/ é 日本 \u{1f600} \u{2028}"
        .chars()
        .chain((0..128).map(|byte| char::from(byte as u8)))
        .collect();
    let stored = || json!({ "storageDir": "/var/tmp/Ünïcødé 日本 🎬" });
    let expected = [
        json!({}),
        json!({
            "deviceId": "device-1", "sessionId": 1_732_300_000_000_i64, "sampleRate": 0.125, "optOut": true,
            "serverZone": "EU", "trackServerUrl": "http://127.0.0.1:1/track",
            "configServerUrl": "http://127.0.0.1:1/config", "flushMaxRetries": 7,
            "flushIntervalConfig": { "minIntervalMs": 20, "maxIntervalMs": 30_000 },
            "maxPersistedEventsSizeBytes": 5000, "maxSingleEventSizeBytes": 4000,
            "enableTransportCompression": false, "sendTimeoutMs": 250, "enableRemoteConfig": false,
            "storageDir": "/var/tmp/replays", "storageLimitBytes": 5_000_000, "sessionTimeoutMs": 2000, "minSessionDurationMs": 3000,
            "privacyConfig": {
                "defaultMaskLevel": "conservative", "blockSelector": [".secret", "[data-\"x\"]"],
                "maskSelector": ["p"], "unmaskSelector": ["b"], "maskAttributes": ["title"],
                "urlMaskLevels": [
                    { "match": "https://*.example.com/*", "maskLevel": "light" },
                    { "match": "*", "maskLevel": "medium" },
                ],
            },
            "validateOnRecord": true, "logLevel": "debug", "debugMode": true,
            "segment": { "mode": "classic-device" }, "library": { "type": "plugin", "version": "2.0.0-beta" }, "clientUrl": "app://x",
            "frameIntervalMs": 250, "frameBytesPerSecond": 40000, "frameMaxPixels": 500000,
            "proxy": "http://user:pass@corp:8080",
            "loggingConfig": { "errors": { "enabled": true } },
            "interactionConfig": { "enabled": true },
            "hostRequests": "events",
            "userProperties": { "plan": "paid" },
            "rememberOptOut": true, "idleTimeoutMs": 4000,
            "onErrorSampleRate": 0.5, "onErrorWindowMs": 30000, "captureOnUnhandledError": false,
            "replayUrlTemplate": "https://h/{replayId}",
        }),
        stored(),
        stored(),
        stored(),
        stored(),
        json!({ "clientUrl": awkward, "sessionId": awkward }),
        json!({ "sampleRate": 0 }),
        json!({ "sampleRate": 1 }),
        json!({ "sampleRate": 0.1 }),
        json!({ "sampleRate": 1e-7 }),
        json!({ "sampleRate": 5e-324 }),
    ];
    for key in option_keys() {
        assert!(expected[1].get(&key).is_some(), "{key}: set it in every_option of options.cpp, and here");
    }
    let printed = Program::cpp(&["tests/cpp/options.cpp"]).run::<&str>(&[]);
    let printed: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(printed, expected);
}

/// Every option of the library, as the list that is generated has them.
fn option_keys() -> Vec<String> {
    let generated = include_str!("../bindings/shared/options.ts");
    let (_, list) = generated.split_once("OPTION_KEYS = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn recording_and_its_callbacks_have_one_owner() {
    let (program, server) = (Program::cpp(&["tests/cpp/owner.cpp"]), Server::start());
    program.run(&[server.url()]);
    program.run_under_valgrind(&[server.url()]);
}

// pthread_exit and cancellation: Windows has neither.
#[cfg(unix)]
#[test]
fn a_thread_may_end_in_the_callback_that_runs_on_it() {
    for (variable, usual) in with_clang(("CXX", "c++"), ("CLANGXX", "clang++")) {
        Program::build(variable, usual, &["-std=c++17"], &["tests/cpp/cancel.cpp"]).run::<&str>(&[]);
    }
}

// ThreadSanitizer does not exist there.
#[cfg(unix)]
#[test]
fn a_hosts_own_thread_sanitizer_is_quiet_about_the_library_and_nothing_else() {
    if std::env::var_os("SR_CFLAGS").is_some() {
        // The library itself is instrumented then: `make sanitize`.
        return;
    }
    let server = Server::start();
    let program =
        Program::build("CXX", "c++", &["-std=c++17", "-fsanitize=thread"], &["tests/cpp/sanitized.cpp"]);
    let reports = |suppressions: &str, mode: &str| {
        let storage = tempfile::tempdir().unwrap();
        let mut command = program.command();
        command
            .args([&server.url(), storage.path().to_str().unwrap(), mode])
            .env("TSAN_OPTIONS", suppressions);
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stderr).matches("WARNING: ThreadSanitizer").count()
    };
    let shipped = format!("suppressions={}", project().join("cmake/tsan.supp").display());
    assert!(reports("", "none") > 0, "without them there is something to keep quiet");
    assert_eq!(reports(&shipped, "none"), 0);
    assert_eq!(reports(&shipped, "race"), 1, "the host's own race is told");
    assert_eq!(reports(&shipped, "race-in-core"), 1, "whatever its names are");
}

// Windows has no fork.
#[cfg(unix)]
#[test]
fn a_forked_child_starts_its_own() {
    let (program, server) = (Program::cpp(&["tests/cpp/forks.cpp"]), Server::start());
    program.run(&[server.url()]);
    assert_eq!(server.events("device-1", "1732300000000").len(), 1);
    assert_eq!(server.events("child", "1732300000000").len(), 2);
}

#[test]
fn the_host_may_bring_its_own_transport() {
    let program = Program::cpp(&["tests/cpp/transport.cpp"]);
    program.run::<&str>(&[]);
    program.run_under_valgrind::<&str>(&[]);
}

#[test]
fn the_example_delivers_and_is_the_one_that_is_shown() {
    let server = Server::start();
    let source = common::examples::example("examples/cpp/hello.cpp", &server.url());
    let program = Program::cpp(&[source.path().join("hello.cpp").to_str().unwrap()]);
    assert_eq!(program.run_under_valgrind::<&str>(&[]).trim(), "delivered");
    assert_eq!(server.events("device-1", "1700000000000").len(), 3);
    common::examples::assert_shown_in("docs/guide/cpp.md", "examples/cpp/hello.cpp");
    common::examples::assert_shown_in("docs/guide/cpp.md", "examples/cpp/CMakeLists.txt");
}

#[test]
fn the_program_that_the_guide_shows_for_held_sessions_sends_what_was_held() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let path = folder.path().join("held.cpp");
    std::fs::write(&path, common::examples::snippet("docs/guide/cpp.md", "Held sessions", "cpp")).unwrap();
    Program::cpp(&[path.to_str().unwrap()]).run_under_valgrind(&[server.url()]);
    let events = server.events("device-1", "1700000000000");
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(events[2].contains(r#""reason":"the order could not be saved""#), "{events:?}");
}

/// The log lines that a program gives spdlog, as they stand in the replay: level and text.
#[cfg(unix)]
fn lines_of_spdlog(source: &str) -> Option<Vec<(Value, Value)>> {
    // Where it is not installed there is nothing to compile against; MinGW does not bring it.
    if !std::path::Path::new("/usr/include/spdlog/spdlog.h").exists() {
        println!("skipped: spdlog is not installed (scripts/install-tools.sh; Debian: libspdlog-dev)");
        return None;
    }
    let defined = ["-std=c++17", "-DSPDLOG_COMPILED_LIB", "-DSPDLOG_FMT_EXTERNAL", "-Iexamples/cpp"];
    let (program, server) =
        (Program::build("CXX", "c++", &defined, &[source, "-lspdlog", "-lfmt"]), Server::start());
    program.run(&[server.url()]);
    let events = server.events("device-1", "1732300000000");
    let lines =
        events.iter().map(|event| serde_json::from_str::<Value>(event).unwrap()["data"]["payload"].clone());
    Some(lines.map(|line| (line["level"].clone(), line["payload"][0].clone())).collect())
}

#[cfg(unix)]
#[test]
fn the_log_of_spdlog_stands_in_the_replay() {
    let Some(lines) = lines_of_spdlog("examples/cpp/spdlog.cpp") else { return };
    let expected = [
        ("info", "order 7 is open"),
        ("log", "signed in with password=********"),
        ("warn", "<b>half</b> of the stock is left"),
        ("error", "the printer is gone"),
    ];
    assert_eq!(lines, expected.map(|(level, line)| (json!(level), json!(json!(line).to_string()))));
}

#[cfg(unix)]
#[test]
fn bytes_of_a_spdlog_line_that_are_not_utf8_are_replaced_and_the_line_stands() {
    let Some(lines) = lines_of_spdlog("tests/cpp/spdlog_bytes.cpp") else { return };
    let expected = ["caf? closed", "größer € 😀", "?? ??? ????", "??? ???? ?", "cut ??", "cut ???", "a?b"];
    assert_eq!(lines, expected.map(|line| (json!("info"), json!(json!(line).to_string()))));
}

#[test]
fn the_example_for_segment_tells_segment_and_the_viewer_the_same() {
    let server = Server::start();
    let program = Program::cpp(&["examples/cpp/segment.cpp"]);
    let event: serde_json::Value = serde_json::from_str(&program.run(&[server.url()])).unwrap();
    assert_eq!(event["properties"]["[Amplitude] Session Replay ID"], "device-1/1732300000000");
    assert_eq!(event["properties"]["total"], 25.5);
    assert_eq!(server.events("device-1", "1732300000000").len(), 1);
    common::examples::assert_shown_in("docs/guide/segment.md", "examples/cpp/segment.cpp");
}

#[test]
fn the_options_of_the_library_and_of_the_header_are_the_same() {
    let page = std::fs::read_to_string(project().join("docs/guide/options.md")).unwrap();
    let header = std::fs::read_to_string(project().join("include/session_replay/options.hpp")).unwrap();
    // Keys are the first column of tables.
    let columns =
        page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")).map(|(first, _)| first);
    let keys =
        columns.filter(|column| column.contains('`')).flat_map(|column| column.split('`').skip(1).step_by(2));
    let mut count = 0;
    for key in keys {
        assert!(
            header.contains(&format!("add(\"{key}\", ")),
            "include/session_replay/options.hpp lacks {key}"
        );
        count += 1;
    }
    assert!(count > 20, "docs/guide/options.md lists the options in tables");
}

// It wants Qt for the platform.
#[cfg(unix)]
#[test]
fn the_programs_for_other_web_views_are_those_that_are_shown_and_compile() {
    for file in ["webview.cpp", "qt.cpp"] {
        common::examples::assert_shown_in("docs/guide/web-views.md", &format!("examples/web-views/{file}"));
    }
    // webview/webview is in no distribution; Qt is.
    let folder = tempfile::tempdir().unwrap();
    let mut shell = std::process::Command::new("bash");
    succeed(shell.args(["-euc", QT]).arg("bash").arg(folder.path()).current_dir(project()));
}

#[cfg(unix)]
const QT: &str = r#"
moc=$(pkg-config --variable=libexecdir Qt6Core)/moc
[ -x "$moc" ] || moc=/usr/lib/qt6/libexec/moc
"$moc" examples/web-views/qt.cpp -o "$1/qt.moc"
c++ -std=c++17 -fPIC -Wall -Wextra -Iinclude -I"$1" $(pkg-config --cflags Qt6WebEngineWidgets Qt6WebChannel) \
  -fsyntax-only examples/web-views/qt.cpp
"#;
