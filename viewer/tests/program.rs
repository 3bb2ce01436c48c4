//! The program: says where it listens, keeps what it receives, and stops when it is told to.
#![allow(missing_docs, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Program {
    child: Child,
    url: String,
}

fn run(arguments: &[&str]) -> Program {
    let mut child = Command::new(env!("CARGO_BIN_EXE_session-replay-viewer"))
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("listening on ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{line}");
    Program { url: url.to_owned(), child }
}

impl Program {
    fn get(&self, path: &str) -> String {
        let mut reply = common::agent().get(format!("{}{path}", self.url)).call().unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        reply.body_mut().read_to_string().unwrap()
    }

    /// Ends the program with a signal and returns whether it ended well.
    fn stop(mut self, signal: &str) -> bool {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().success()
    }
}

#[test]
fn it_stops_at_a_signal_and_leaves_no_temporary_folder() {
    let temporary = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_session-replay-viewer"))
            .args(["--port", "0"])
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        assert_eq!(entries(temporary.path()), 1);
        let program = Program { child, url: String::new() };
        assert!(program.stop(signal));
        assert_eq!(entries(temporary.path()), 0);
    }
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn it_takes_its_configuration_as_text_or_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    let text = r#"{"sr_sampling_config":{"capture_enabled":false}}"#;
    std::fs::write(&file, text).unwrap();
    for argument in [text, file.to_str().unwrap()] {
        let program = run(&["--remote-config", argument]);
        let answer = program.get("/config/key?config_group=browser");
        assert_eq!(answer, format!(r#"{{"configs":{{"sessionReplay":{text}}}}}"#));
        assert!(program.stop("-TERM"));
    }
}

#[test]
fn its_page_allows_nothing_from_elsewhere() {
    let program = run(&[]);
    let reply = common::agent().get(format!("{}/sessions/d/s", program.url)).call().unwrap();
    let policy = reply.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-src 'none'"), "{policy}");
    assert!(!policy.contains("http"), "{policy}");
    assert!(!policy.contains('*'), "{policy}");
    let page = program.get("/");
    assert!(page.contains("/assets/app.js"));
    assert!(page.contains(".rr-player"), "the style sheet is not in the page");
    assert!(program.get("/assets/app.js").len() > 100_000);
    assert!(program.stop("-TERM"));
}

#[test]
fn it_says_what_it_deletes_without_being_asked() {
    for (arguments, says) in [
        (
            &["--keep", "30d", "--max-bytes", "10GB"][..],
            "deletes sessions of which nothing has arrived for 30d, and the oldest sessions above 10 GB, but none that is being recorded\n",
        ),
        (
            &["--keep", "2w"],
            "deletes sessions of which nothing has arrived for 2w, but none that is being recorded\n",
        ),
        (&[], ""),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_session-replay-viewer"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        child.kill().unwrap();
        let said = child.wait_with_output().unwrap().stderr;
        assert_eq!(String::from_utf8(said).unwrap(), says, "{arguments:?}");
    }
    let wrong =
        Command::new(env!("CARGO_BIN_EXE_session-replay-viewer")).args(["--keep", "30"]).output().unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("as in 30d"));
}
