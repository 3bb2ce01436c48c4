//! The address of a moment of a replay, and the crash reporters that carry it.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

use common::Server;
use common::c::Program;
use serde_json::Value;

#[test]
fn the_address_of_a_moment_leads_to_its_session_in_the_viewer() {
    let server = Server::start();
    let address = Program::c(&["tests/c/replay_url.c"]).run(&[&server.url()]);
    let path = address.trim().strip_prefix(&server.url()).unwrap();
    let (path, time) = path.split_once("?at=").unwrap();
    assert_eq!(path, "/sessions/device-1/a%7Ctext");
    assert!(time.parse::<u64>().is_ok(), "{address}");
    // What the viewer's page asks for there.
    assert_eq!(server.events("device-1", "a|text").len(), 1);
    assert!(server.get(&format!("/api{path}")).contains("a|text"));
    assert!(server.get(path).contains("<html"), "the page itself");
}

/// Where the real library of a crash reporter lies, if the variable says so: no package of Debian's has it.
fn folder_in(variable: &str, of: &str) -> Option<String> {
    let folder = std::env::var(variable).ok().filter(|folder| !folder.is_empty());
    if folder.is_none() {
        println!("skipped: {variable} names no {of}");
    }
    folder
}

#[test]
fn a_report_to_sentry_leads_to_the_replay() {
    let Some(sentry) =
        folder_in("SR_SENTRY_NATIVE", "folder that sentry-native was installed into (backend none)")
    else {
        return;
    };
    let (include, lib) = (format!("-I{sentry}/include"), format!("-L{sentry}/lib"));
    let options = ["-std=gnu99", &include, &lib, "-Iexamples/c"];
    let libraries = ["examples/c/sentry.c", "-lsentry", "-lunwind", "-lm"];
    let (program, server) = (Program::build("CC", "cc", &options, &libraries), Server::start());
    let report: Value = serde_json::from_str(program.run(&[&server.url()]).trim()).unwrap();
    let replay = &report["contexts"]["session_replay"];
    let expected = format!("{}/sessions/device-1/1732300000000?at=", server.url());
    assert!(replay["url"].as_str().unwrap().starts_with(&expected), "{replay}");
    assert_eq!(report["tags"]["replay_id"], "device-1/1732300000000");
    assert_eq!(server.events("device-1", "1732300000000").len(), 1);
}

#[test]
fn a_report_of_crashpad_leads_to_the_replay() {
    let Some(crashpad) = folder_in("SR_CRASHPAD", "checkout of Crashpad, with mini_chromium where it has it")
    else {
        return;
    };
    let mini_chromium = format!("{crashpad}/third_party/mini_chromium/mini_chromium");
    let includes = [format!("-I{crashpad}"), format!("-I{mini_chromium}")];
    let own = ["annotation.cc", "annotation_list.cc", "crashpad_info.cc", "crashpad_info_note.S"];
    let base = [
        "logging.cc",
        "strings/stringprintf.cc",
        "posix/safe_strerror.cc",
        "strings/utf_string_conversions.cc",
        "strings/utf_string_conversion_utils.cc",
        "strings/string_number_conversions.cc",
        "third_party/icu/icu_utf.cc",
        "debug/alias.cc",
    ];
    let sources = own.map(|name| format!("{crashpad}/client/{name}")).into_iter();
    let sources: Vec<String> =
        sources.chain(base.map(|name| format!("{mini_chromium}/base/{name}"))).collect();
    let options = ["-std=c++20", "-fPIC", "-w", &includes[0], &includes[1], "-Iexamples/cpp"];
    let sources: Vec<&str> =
        std::iter::once("examples/cpp/crashpad.cpp").chain(sources.iter().map(String::as_str)).collect();
    let (program, server) = (Program::build("CXX", "c++", &options, &sources), Server::start());
    let address = program.run(&[&server.url()]);
    assert!(
        address.starts_with(&format!("{}/sessions/device-1/1732300000000?at=", server.url())),
        "{address}"
    );
}
