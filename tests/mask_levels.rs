//! The level of masking changes while a program shows views, as the server says: from then on nothing is told that a stricter level
//! masks, in no byte that is stored and no event that arrives; and what a looser one lets through once it is handed over again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]
// The program's clock is the library's, too, where the loader lets it be: on Windows and on Apple's systems a function of the
// program's is not the library's.
#![cfg(target_os = "linux")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use common::c::Program;
use common::scene::{DEVICE, play};
use common::{Server, wait_until};
use serde_json::json;

const SESSION: u64 = 1_732_300_000_000;
const CONSERVATIVE: i32 = 0;
const MEDIUM: i32 = 1;
const LIGHT: i32 = 2;
const NEEDS_FULL_SNAPSHOT: i32 = 1;
const NOT_CAPTURED: i32 = 2;

/// `tests/c/mask_levels.c`, which does what it is told.
struct Host {
    child: Child,
    told: ChildStdin,
    said: BufReader<ChildStdout>,
    server: Server,
    storage: tempfile::TempDir,
    /// An emulator opens it when it comes to it.
    _program: Program,
}

impl Host {
    fn start(level: &str) -> Self {
        let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
        set_level(&server, level);
        server.delay_remote_config();
        let program = Program::c(&["tests/c/mask_levels.c"]);
        let mut command = program.command();
        command.arg(server.url()).arg(storage.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (told, said) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, told, said, server, storage, _program: program }
    }

    fn tell(&mut self, command: &str) -> i32 {
        writeln!(self.told, "{command}").unwrap();
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().parse().unwrap_or_else(|_| panic!("{command}: {:?}", self.child.wait()))
    }

    /// What is recorded from now on is not sent: it stays on the disk.
    fn keep_stored(&mut self) {
        assert_eq!(self.tell("flush"), 0);
        self.server.post("/api/faults", &json!([{ "status": 503, "standing": true }]));
    }

    /// The server says another level. The host's next question is due after five minutes, in another session.
    fn change_level(&mut self, level: &str) {
        set_level(&self.server, level);
        self.tell("later");
        wait_until(level, || {
            // The thread that asks has to look at the clock.
            assert_eq!(self.tell("wake"), 0);
            self.tell(&format!("config {level}")) == 1
        });
    }

    /// Which of [`ALL`] what is recorded since [`Self::keep_stored`] holds. From now on it is sent.
    fn stored(&mut self) -> Vec<&'static str> {
        let bytes = loop {
            if let Ok(bytes) = bytes_below(self.storage.path()) {
                break bytes;
            }
        };
        assert!(contains(&bytes, "data-content"), "the test can fail: it is stored as it is");
        self.server.delete("/api/faults");
        ALL.into_iter().filter(|what| contains(&bytes, what)).collect()
    }

    /// Which of [`ALL`] a player shows at the end of a session; and which its events hold.
    fn shown(&mut self, session: u64) -> [Vec<&'static str>; 2] {
        assert_eq!(self.tell("flush"), 0);
        let events = self.server.events(DEVICE, &session.to_string());
        let tree = play(&events).to_tree().to_string();
        let all = events.concat();
        assert!(!all.contains("secret-Ada"), "what a password field holds");
        [tree, all].map(|text| ALL.into_iter().filter(|what| text.contains(what)).collect())
    }

    /// The texts that a player shows at the end of a session.
    fn texts(&mut self, session: u64) -> Vec<String> {
        assert_eq!(self.tell("flush"), 0);
        play(&self.server.events(DEVICE, &session.to_string())).texts()
    }

    fn end(mut self) {
        drop(self.told);
        assert!(self.child.wait().unwrap().success());
    }
}

/// What [`SHOW`] shows: a title, a text, what a field holds, pixels of one color of which nothing is masked.
const ALL: [&str; 4] = ["title-Ada", "text-Ada", "typed-Ada", "#c81e5a"];
const SHOW: &str = "show Ada c81e5a";

fn set_level(server: &Server, level: &str) {
    let replay = json!({
        "sr_sampling_config": { "capture_enabled": true, "sample_rate": 1 },
        "sr_privacy_config": { "defaultMaskLevel": level },
    });
    server.put("/api/remote-config", &json!({ "configs": { "sessionReplay": replay } }));
}

/// Everything in the files below a folder; an error where one is moved or removed meanwhile.
fn bytes_below(folder: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        bytes.extend(if path.is_dir() { bytes_below(&path)? } else { std::fs::read(path)? });
    }
    Ok(bytes)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A level's name and number; what is told then of what was shown before; what is, once it is handed over again; and the answer to
/// pixels that do not say whether their masks are all.
type Row<'a> = (&'a str, i32, &'a [&'a str], &'a [&'a str], i32);

#[test]
fn from_the_moment_that_the_level_changes_on_nothing_is_told_that_it_masks() {
    let mut host = Host::start("light");
    assert_eq!(host.tell("level"), CONSERVATIVE, "while it is awaited");
    assert_eq!(host.tell(SHOW), 0);
    assert_eq!(host.tell("unknown 00ff00"), NOT_CAPTURED);
    wait_until("the level", || host.tell("level") == LIGHT);
    let [.., color] = ALL;
    assert_eq!(host.shown(SESSION), [[color], [color]], "what was handed over while the level was awaited");
    assert_eq!(host.tell(SHOW), 0);
    assert_eq!(host.shown(SESSION)[0], ALL);
    let [title, text, ..] = ALL;
    let mut session = SESSION + 1;
    assert_eq!(host.tell(&format!("session {session}")), 0);
    let rows: [Row; 4] = [
        ("medium", MEDIUM, &[title, text], &[title, text, color], 0),
        ("conservative", CONSERVATIVE, &[], &[color], NOT_CAPTURED),
        ("light", LIGHT, &[color], &ALL, 0),
        ("conservative", CONSERVATIVE, &[], &[color], NOT_CAPTURED),
    ];
    for (name, level, still_shown, shown_again, of_unknown) in rows {
        assert_eq!(host.tell(SHOW), 0);
        host.keep_stored();
        host.change_level(name);
        assert_eq!(host.tell("level"), level);
        let before = session;
        session += 1;
        assert_eq!(host.tell(&format!("session {session}")), 0);
        assert_eq!(host.stored(), still_shown, "{name}");
        assert_eq!(host.shown(before)[0], still_shown, "{name}: in the session in which it changed");
        assert_eq!(host.shown(session), [still_shown, still_shown], "{name}: in the next session");
        assert_eq!(host.tell(SHOW), 0);
        assert_eq!(host.shown(session), [shown_again, shown_again], "{name}: handed over again");
        assert_eq!(host.tell("unknown 00ff00"), of_unknown, "{name}");
    }
    host.end();
}

#[test]
fn a_level_that_changes_while_the_user_has_opted_out_holds_for_what_is_told_after_it() {
    let mut host = Host::start("light");
    wait_until("the level", || host.tell("level") == LIGHT);
    host.tell(&format!("session {}", SESSION + 1));
    assert_eq!(host.tell(SHOW), 0);
    assert_eq!(host.shown(SESSION + 1)[0], ALL);
    host.keep_stored();
    host.tell("opt-out 1");
    assert_eq!(host.tell("level"), CONSERVATIVE, "nothing is captured");
    assert_eq!(host.tell(SHOW), NOT_CAPTURED);
    host.change_level("conservative");
    host.tell("opt-out 0");
    assert_eq!(host.tell(&format!("session {}", SESSION + 2)), 0);
    assert_eq!(host.stored(), [""; 0]);
    assert_eq!(host.shown(SESSION + 2), [[""; 0]; 2]);
    assert_eq!(host.tell(SHOW), 0);
    assert_eq!(host.shown(SESSION + 2)[0], ALL[3..]);
    host.end();
}

#[test]
fn a_page_in_a_view_plays_on_while_the_level_changes_and_its_title_is_masked() {
    let mut host = Host::start("light");
    wait_until("the level", || host.tell("level") == LIGHT);
    let mut session = SESSION + 1;
    host.tell(&format!("session {session}"));
    for (name, shows_title) in
        [("conservative", false), ("light", false), ("medium", true), ("conservative", false)]
    {
        assert_eq!(host.tell("page before"), 0);
        host.change_level(name);
        // What its recorder has masked, the library does not; but a page's window has a title.
        for (says, shows) in [("at-once", None), ("later", Some(SHOW))] {
            if let Some(shows) = shows {
                assert_eq!(host.tell(shows), 0, "it has all masked that was shown");
            }
            assert_eq!(host.tell(&format!("says {says}")), 0, "{name}: it is not asked for");
            assert!(host.texts(session).contains(&says.to_owned()), "{name}");
        }
        let has_title = host.texts(session).contains(&"title-before".to_owned());
        assert_eq!(has_title, shows_title, "{name}");
        session += 1;
        assert_eq!(host.tell(&format!("session {session}")), NEEDS_FULL_SNAPSHOT, "{name}: that of the page");
    }
    host.end();
}
