//! Whatever ends a session or spoils it, and whatever is told first then: the replay plays from its beginning. And what a page
//! in a view loses by it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod common;

use std::time::Duration;

use common::scene::{DEVICE, SESSION, arrived, node, page, page_says, play_known, record, text, window};
use common::{Server, start, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{
    DeviceId, Lines, NodeInfo, NodeKind, Outcome, PointerKind, SessionId, SessionReplay, ViewInfo,
};

const IDLE_MS: u64 = 1_000;

/// A window with nodes, and one with a page.
fn show(replay: &SessionReplay) {
    replay.show_nodes(1, &[text("nodes")]).unwrap();
    replay.place_view(&window(2)).unwrap();
    record(replay, 2, &page("a page"));
    record(replay, 2, &[page_says("the page")]);
}

/// How a recording goes over into another.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Turn {
    Session,
    Analytics,
    Device,
    OptOut,
    Idle,
    /// From one that is not in the sample to one that is.
    Sample,
    Loss,
}

/// What is told first then.
#[derive(Debug, Clone, Copy, PartialEq)]
enum First {
    Nothing,
    PageEvent,
    SameNodes,
    OtherNodes,
    SamePlace,
    Pointer,
    Key,
    Custom,
}

const FIRSTS: [First; 8] = [
    First::Nothing,
    First::PageEvent,
    First::SameNodes,
    First::OtherNodes,
    First::SamePlace,
    First::Pointer,
    First::Key,
    First::Custom,
];

impl Turn {
    fn options(self) -> Value {
        match self {
            Self::Idle => json!({"sessionId": null, "sessionTimeoutMs": IDLE_MS}),
            Self::Sample => json!({"sampleRate": 0.5}),
            _ => json!({"flushIntervalConfig": {"minIntervalMs": 10_000}}),
        }
    }

    /// Makes it, and the server know of it.
    fn make(self, server: &Server, replay: &SessionReplay) {
        match self {
            Self::Session => {
                let next = SessionId::from_millis(1_732_300_000_001).unwrap();
                assert_eq!(replay.set_session_id(next), Outcome::NeedsFullSnapshot, "that of the page");
            }
            Self::Analytics => {
                let track = r#"{"type":"track","event":"e"}"#;
                replay.process_segment_event_for(track, 1_732_300_000_001, Some(DEVICE)).unwrap();
            }
            Self::Device => _ = replay.set_device_id(DeviceId::from_text("device-2").unwrap()),
            Self::OptOut => {
                replay.set_opt_out(true).unwrap();
                replay.set_opt_out(false).unwrap();
            }
            Self::Idle => std::thread::sleep(Duration::from_millis(IDLE_MS + 300)),
            Self::Sample => take_session_that_is(replay, true),
            Self::Loss => {
                server.post("/api/faults", &json!([{ "status": 400 }]));
                replay.flush(within_ms(20_000)).unwrap();
                wait_until("the loss is known", || {
                    replay.place_view(&window(2)) == Ok(Outcome::NeedsFullSnapshot)
                });
            }
        }
    }

    /// What the window with the page shows right after: its document only where the replay goes on.
    fn shows_nodes(self) -> bool {
        // Before it was captured, nothing was kept of what was seen.
        self != Self::Sample
    }
}

/// Takes the next session that is in the sample, or is not.
fn take_session_that_is(replay: &SessionReplay, captured: bool) {
    let after = current(replay).1.parse::<i64>().unwrap();
    let found = (after + 1..after + 100).any(|session| {
        replay.set_session_id(SessionId::from_millis(session).unwrap());
        replay.is_capturing() == captured
    });
    assert!(found);
}

impl First {
    fn tell(self, replay: &SessionReplay) {
        match self {
            Self::Nothing => {}
            Self::PageEvent => {
                assert_eq!(record(replay, 2, &[page_says("of no document")]), Outcome::NeedsFullSnapshot);
            }
            Self::SameNodes => _ = replay.show_nodes(1, &[text("nodes")]).unwrap(),
            Self::OtherNodes => _ = replay.show_nodes(1, &[text("other nodes")]).unwrap(),
            Self::SamePlace => {
                assert_eq!(replay.place_view(&window(2)), Ok(Outcome::NeedsFullSnapshot), "that of the page");
            }
            Self::Pointer => _ = replay.point(1, PointerKind::Click, [6.0, 7.0], None).unwrap(),
            Self::Key => _ = replay.press_key(1, "Enter", None).unwrap(),
            Self::Custom => _ = replay.record_custom("screen", "{}").unwrap(),
        }
    }

    /// Whether it says anything, so that a session of the built-in kind begins.
    fn begins_session(self) -> bool {
        !matches!(self, Self::Nothing | Self::SameNodes | Self::SamePlace)
    }
}

fn current(replay: &SessionReplay) -> (String, String) {
    let id = replay.session_replay_id().unwrap().to_string();
    let (device, session) = id.split_once('/').unwrap();
    (device.to_owned(), session.to_owned())
}

/// What a player shows of the current session, as it is now.
fn shown(server: &Server, replay: &SessionReplay) -> Option<Vec<String>> {
    replay.flush(within_ms(20_000)).unwrap();
    let (device, session) = current(replay);
    let events = server.events(&device, &session);
    (!events.is_empty()).then(|| play_known(events).texts())
}

fn walk(turn: Turn) {
    for first in FIRSTS {
        let server = Server::start();
        let replay = start(&server, turn.options());
        if turn == Turn::Sample {
            take_session_that_is(&replay, false);
            replay.show_nodes(1, &[text("nodes")]).unwrap();
            replay.place_view(&window(1)).unwrap();
            replay.place_view(&window(2)).unwrap();
            let mut done = Lines::default();
            let document = page("not captured").join("\n");
            let outcome = replay.record_view_lines(2, document.as_bytes(), &mut done);
            assert_eq!((outcome, done.kept), (Ok(Outcome::NotCaptured), 0));
        } else {
            show(&replay);
        }
        let before = current(&replay);
        turn.make(&server, &replay);
        if turn == Turn::Idle && !first.begins_session() {
            if first != First::SamePlace {
                first.tell(&replay);
            }
            assert_eq!(current(&replay), before, "{first:?}");
            continue;
        }
        first.tell(&replay);
        let mut expected = match first {
            First::OtherNodes => vec!["other nodes", "A window"],
            First::SameNodes => vec!["nodes", "A window"],
            _ if turn.shows_nodes() => vec!["nodes", "A window"],
            _ => vec!["A window"],
        };
        if turn == Turn::Sample {
            expected.insert(0, "A window");
        }
        assert_eq!(shown(&server, &replay).unwrap(), expected, "{turn:?}, then {first:?}");
        // And the page, once it has told its document.
        assert_eq!(record(&replay, 2, &page("again")), Outcome::Done);
        expected.push("again");
        assert_eq!(shown(&server, &replay).unwrap(), expected, "{turn:?}, then {first:?}, then the page");
        if current(&replay) != before && turn != Turn::Sample {
            let events = server.events(&before.0, &before.1);
            assert_eq!(play_known(events).texts(), ["nodes", "A window", "the page"], "{turn:?}, {first:?}");
        }
    }
}

#[test]
fn a_session_that_the_host_sets_plays_from_its_beginning() {
    walk(Turn::Session);
}

#[test]
fn a_session_of_the_analytics_plays_from_its_beginning() {
    walk(Turn::Analytics);
}

#[test]
fn another_device_plays_from_its_beginning() {
    walk(Turn::Device);
}

#[test]
fn what_follows_an_opt_out_plays_from_its_beginning() {
    walk(Turn::OptOut);
}

#[test]
fn a_session_behind_an_idle_one_plays_from_its_beginning() {
    walk(Turn::Idle);
}

#[test]
fn a_session_in_the_sample_behind_one_that_is_not_plays_from_its_beginning() {
    walk(Turn::Sample);
}

#[test]
fn what_follows_a_loss_plays_from_its_beginning() {
    walk(Turn::Loss);
}

#[test]
fn a_loss_of_a_scene_without_pages_is_made_good_although_nobody_calls() {
    let server = Server::start();
    let replay = start(&server, json!({"flushIntervalConfig": {"minIntervalMs": 10_000}}));
    server.post("/api/faults", &json!([{ "status": 400 }]));
    replay.show_nodes(1, &[text("nodes")]).unwrap();
    replay.flush(within_ms(20_000)).unwrap();
    wait_until("the scene", || shown(&server, &replay).is_some());
    assert_eq!(shown(&server, &replay).unwrap(), ["nodes"]);
}

#[test]
fn a_session_that_follows_another_recorder_plays_from_its_beginning() {
    let server = Server::start();
    let first = start(&server, json!({}));
    show(&first);
    first.shut_down(within_ms(20_000)).unwrap();
    assert!(first.show_nodes(1, &[text("too late")]).is_err() && first.record_custom("tag", "1").is_err());
    let second = start(&server, json!({}));
    assert!(
        second.record_view_lines(2, page_says("early").as_bytes(), &mut Lines::default()).is_err(),
        "a scene of its own"
    );
    second.show_nodes(1, &[text("second")]).unwrap();
    assert_eq!(shown(&server, &second).unwrap(), ["second"]);
}

/// What happens in the middle of a session, and whether the page in its view outlives it in the replay. If not, it is asked for.
type Case<'a> = (&'a str, bool, &'a dyn Fn(&SessionReplay));

#[test]
fn a_page_stays_or_is_asked_for_whatever_happens_beside_it() {
    let long = "x".repeat(4_000);
    let desk = ViewInfo { rectangle: [0.0, 0.0, 1920.0, 1080.0], ..ViewInfo::default() };
    let to_the_left = ViewInfo { rectangle: [-1920.0, 0.0, 3840.0, 1080.0], ..desk };
    let many = |replay: &SessionReplay| {
        for round in 0..600 {
            let said = format!("{round} {long}");
            replay.show_nodes(1, &[text(&said)]).unwrap();
        }
        replay.show_nodes(1, &[text("nodes")]).unwrap();
    };
    let too_large = |replay: &SessionReplay| {
        let nodes: Vec<NodeInfo> = (2..9).map(|id| node(NodeKind::Text, id, &long)).collect();
        replay.show_nodes(1, &nodes).unwrap_err();
        replay.show_nodes(1, &[text("nodes")]).unwrap();
    };
    let too_large_to_say = |replay: &SessionReplay| {
        replay.record_custom("tag", &format!("\"{}\"", "x".repeat(30_000))).unwrap_err();
        assert_eq!(replay.show_nodes(1, &[text("nodes")]), Ok(Outcome::Done));
    };
    let place = |info: ViewInfo<'static>| move |replay: &SessionReplay| _ = replay.place_view(&info).unwrap();
    let cases: [Case; 9] = [
        ("the desk is placed", true, &place(desk)),
        ("a second display to the left", true, &place(to_the_left)),
        ("another background", true, &place(ViewInfo { background: 0xff00_0000, ..desk })),
        (
            "the page's window moves",
            true,
            &place(ViewInfo { rectangle: [500.0, 9.0, 30.0, 20.0], ..window(2) }),
        ),
        ("another window comes", true, &place(ViewInfo { title: None, ..window(3) })),
        ("much is told", true, &many),
        ("a custom event that is too large", true, &too_large_to_say),
        ("a list that is too large", false, &too_large),
        ("the same session again", true, &|replay| {
            replay.set_session_id(SessionId::from_millis(1_732_300_000_000).unwrap());
        }),
    ];
    for (what, stays, happens) in cases {
        let server = Server::start();
        let replay = start(&server, json!({"maxSingleEventSizeBytes": 25_000}));
        show(&replay);
        happens(&replay);
        let events = arrived(&server, &replay, SESSION);
        let expected: &[&str] =
            if stays { &["nodes", "A window", "the page"] } else { &["nodes", "A window"] };
        assert_eq!(play_known(events).texts(), expected, "{what}");
        let asked = if stays { Outcome::Done } else { Outcome::NeedsFullSnapshot };
        assert_eq!(record(&replay, 2, &[page_says("and on")]), asked, "{what}");
        if !stays {
            record(&replay, 2, &page("and on"));
        }
        let events = arrived(&server, &replay, SESSION);
        assert_eq!(play_known(events).texts(), ["nodes", "A window", "and on"], "{what}");
    }
}
