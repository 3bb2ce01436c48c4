//! Views, from the calls to the server: each session that arrives plays from its beginning, whatever happened before.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use common::scene::{
    DEVICE, Played, SESSION, arrived, node, page, page_says, play, play_known, record, text, window,
};
use common::{Server, recording, start, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Lines, NodeKind, Outcome, PointerKind, SessionId, SessionReplay};

#[test]
fn windows_with_nodes_and_a_page_arrive_as_one_document() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    assert_eq!(replay.place_view(&window(1)), Ok(Outcome::Done));
    let secret = node(NodeKind::Password, 3, "hunter2");
    let nodes = [text("a label"), node(NodeKind::Input, 2, "typed"), secret];
    assert_eq!(replay.show_nodes(1, &nodes), Ok(Outcome::Done));
    assert_eq!(replay.place_view(&window(2)), Ok(Outcome::Done));
    assert_eq!(record(&replay, 2, &page("a page")[..1]), Outcome::Done, "a Meta event asks for nothing");
    assert_eq!(record(&replay, 2, &[page_says("too early")]), Outcome::NeedsFullSnapshot);
    assert_eq!(replay.place_view(&window(2)), Ok(Outcome::NeedsFullSnapshot));
    assert_eq!(record(&replay, 2, &page("a page")), Outcome::Done);
    assert_eq!(record(&replay, 2, &[page_says("changed")]), Outcome::Done);
    assert_eq!(replay.place_view(&window(2)), Ok(Outcome::Done));
    assert_eq!(replay.point(1, PointerKind::Click, [6.0, 7.0], None), Ok(Outcome::Done));
    assert_eq!(replay.press_key(1, "Enter", None), Ok(Outcome::Done));
    assert_eq!(replay.record_custom("screen", r#"{"name":"start"}"#), Ok(Outcome::Done));

    // What stands for a text of its page is ignored by a player until the page is there.
    let events: Vec<_> = arrived(&server, &replay, SESSION);
    let events: Vec<_> = events.into_iter().filter(|event| !event.contains("too early")).collect();
    let texts = play(&events).texts();
    assert_eq!(texts, ["A window", "a label", "*****", "********", "A window", "changed"]);
    let all = events.join("\n");
    assert!(!all.contains("hunter2") && !all.contains("typed"), "what is masked is nowhere");
    assert!(all.contains(r#""tag":"screen","payload":{"name":"start"}"#) && all.contains(r#""key":"Enter""#));
    let stats = replay.stats();
    assert_eq!(stats["delivered"], stats["recorded"]["events"], "{stats}");
    assert_eq!(server.session(DEVICE, SESSION)["problems"], json!([]), "the viewer finds nothing wrong");
}

#[test]
fn an_unchanged_list_is_not_recorded() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    let recorded = || replay.stats()["recorded"]["events"].as_u64().unwrap();
    replay.show_nodes(1, &[text("same")]).unwrap();
    let before = recorded();
    for _ in 0..50 {
        assert_eq!(replay.show_nodes(1, &[text("same")]), Ok(Outcome::Done));
    }
    assert_eq!(recorded(), before);
}

#[test]
fn each_session_begins_with_the_whole_scene() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.show_nodes(1, &[text("one")]).unwrap();
    let next = |id: i64| replay.set_session_id(SessionId::from_millis(1_732_300_000_000 + id).unwrap());
    assert_eq!(next(1), Outcome::Done, "the library takes the full snapshot itself");
    replay.place_view(&window(2)).unwrap();
    record(&replay, 2, &page("a page"));
    assert_eq!(next(2), Outcome::NeedsFullSnapshot, "that of the page");
    assert_eq!(record(&replay, 2, &[page_says("in the gap")]), Outcome::NeedsFullSnapshot);
    assert_eq!(record(&replay, 2, &page("again")), Outcome::Done);
    replay.show_nodes(1, &[text("two")]).unwrap();
    for (session, expected) in [
        ("1732300000000", vec!["one"]),
        ("1732300000001", vec!["one", "A window", "a page"]),
        ("1732300000002", vec!["two", "A window", "again"]),
    ] {
        let events: Vec<_> = arrived(&server, &replay, session);
        let events: Vec<_> = events.into_iter().filter(|event| !event.contains("in the gap")).collect();
        assert_eq!(play(&events).texts(), expected, "{session}");
    }
}

#[test]
fn a_session_that_the_analytics_begin_has_the_whole_scene_before_the_pages_next_event() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.show_nodes(1, &[text("one")]).unwrap();
    replay.place_view(&window(2)).unwrap();
    record(&replay, 2, &page("a page"));
    let track = r#"{"type":"track","event":"e"}"#;
    replay.process_segment_event_for(track, 1_732_300_000_009, Some(DEVICE)).unwrap();
    assert_eq!(record(&replay, 2, &page("again")), Outcome::Done);
    let events = arrived(&server, &replay, "1732300000009");
    assert_eq!(play(&events).texts(), ["one", "A window", "again"]);
    assert_eq!(play(&arrived(&server, &replay, SESSION)).texts(), ["one", "A window", "a page"]);
}

#[test]
fn nothing_is_kept_of_what_is_not_captured() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.show_nodes(1, &[text("before")]).unwrap();
    assert!(replay.is_capturing());
    replay.set_opt_out(true).unwrap();
    assert!(!replay.is_capturing());
    assert_eq!(replay.show_nodes(1, &[text("secret")]), Ok(Outcome::NotCaptured));
    assert_eq!(replay.place_view(&window(2)), Ok(Outcome::NotCaptured));
    assert_eq!(record_not_captured(&replay, 2), Outcome::NotCaptured);
    assert_eq!(replay.point(1, PointerKind::Down, [0.0, 0.0], None), Ok(Outcome::NotCaptured));
    assert_eq!(replay.set_opt_out(false).unwrap(), Outcome::NeedsFullSnapshot, "that of the page");
    record(&replay, 2, &page("a page"));
    replay.show_nodes(1, &[text("after")]).unwrap();
    let events = arrived(&server, &replay, SESSION);
    assert!(!events.concat().contains("secret"));
    let resumed = events.iter().rposition(|event| event.starts_with(r#"{"type":4"#)).unwrap();
    assert!(!events[resumed..].concat().contains("before"), "what was seen may have changed meanwhile");
    assert_eq!(play(&events).texts(), ["after", "A window", "a page"]);
}

fn record_not_captured(replay: &SessionReplay, view: u64) -> Outcome {
    let mut done = Lines::default();
    let outcome = replay.record_view_lines(view, page_says("secret").as_bytes(), &mut done).unwrap();
    assert_eq!(done.kept, 0);
    outcome
}

const DIR: &str = "SR_TEST_VIEWS_DIR";

#[test]
fn what_a_killed_process_left_of_a_page_is_sent_as_part_of_the_document() {
    let options = |dir: &str, url: &str| json!({"storageDir": dir, "trackServerUrl": url});
    let server = Server::start();
    if let Ok(dir) = std::env::var(DIR) {
        // In the child.
        let replay = start(&server, options(&dir, common::DEAD));
        replay.place_view(&window(1)).unwrap();
        record(&replay, 1, &page("a page"));
        record(&replay, 1, &page("reloaded"));
        record(&replay, 1, &[page_says("stored")]);
        std::process::abort();
    }
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().to_str().unwrap();
    let test = "what_a_killed_process_left_of_a_page_is_sent_as_part_of_the_document";
    let killed = common::child::this_test(test).env(DIR, dir).output().unwrap();
    assert!(!killed.status.success() && common::files_below(place.path(), "chunk") > 0);

    // The same session goes on in this process, with a scene of its own.
    let replay = start(&server, options(dir, &server.track_url()));
    replay.show_nodes(7, &[text("restarted")]).unwrap();
    wait_until("the first run's events", || server.events(DEVICE, SESSION).len() >= 7);
    let events = arrived(&server, &replay, SESSION);
    let restart = events.iter().rposition(|event| event.starts_with(r#"{"type":4"#)).unwrap();
    assert_eq!(play(&events[..restart]).texts(), ["A window", "stored"]);
    assert_eq!(play(&events).texts(), ["restarted"]);
}

#[test]
fn after_a_loss_the_scene_is_told_anew() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    server.post("/api/faults", &json!([{ "status": 400 }]));
    replay.place_view(&window(1)).unwrap();
    replay.show_nodes(1, &[text("lost")]).unwrap();
    replay.place_view(&window(2)).unwrap();
    record(&replay, 2, &page("a page"));
    replay.flush(within_ms(20_000)).unwrap();
    wait_until("the page is asked for", || replay.place_view(&window(2)) == Ok(Outcome::NeedsFullSnapshot));
    assert_eq!(record(&replay, 2, &page("again")), Outcome::Done);
    let events = arrived(&server, &replay, SESSION);
    assert_eq!(play(&events).texts(), ["A window", "lost", "A window", "again"]);
}

#[test]
fn what_there_was_no_room_for_is_told_once_there_is() {
    let server = Server::start();
    // Nothing is sent before it is asked for, however long it takes to fill the buffer.
    let replay = start(
        &server,
        json!({"storageLimitBytes": 4_000_000, "flushIntervalConfig": {"minIntervalMs": 600_000}}),
    );
    replay.place_view(&window(2)).unwrap();
    record(&replay, 2, &page("a page"));
    let long = "x".repeat(4_000);
    let refused = (0..1_000).find_map(|round| {
        let lines: Vec<_> = (0..20).map(|line| format!("{round} {line} {long}")).collect();
        let nodes: Vec<_> = lines.iter().zip(1..).map(|(line, id)| node(NodeKind::Text, id, line)).collect();
        replay.show_nodes(1, &nodes).err()
    });
    assert!(matches!(refused, Some(session_replay::Error::BufferFull { .. })), "{refused:?}");
    replay.flush(within_ms(20_000)).unwrap();
    assert_eq!(replay.show_nodes(1, &[text("after")]), Ok(Outcome::Done));
    assert_eq!(record(&replay, 2, &page("again")), Outcome::Done);
    assert_eq!(play(&arrived(&server, &replay, SESSION)).texts(), ["A window", "again", "after"]);
}

#[test]
fn a_change_that_is_too_large_for_an_event_spoils_nothing_that_follows() {
    let server = Server::start();
    let replay = start(&server, json!({"maxSingleEventSizeBytes": 10_000}));
    replay.show_nodes(1, &[text("before")]).unwrap();
    let long = "x".repeat(4_000);
    let large: Vec<_> = (2..6).map(|id| node(NodeKind::Text, id, &long)).collect();
    let refused = replay.show_nodes(1, &large);
    assert!(matches!(refused, Err(session_replay::Error::EventTooLarge { .. })), "{refused:?}");
    assert_eq!(replay.show_nodes(1, &[text("after"), large[0]]), Ok(Outcome::Done));
    assert_eq!(play(&arrived(&server, &replay, SESSION)).texts(), ["after", &*long]);
}

#[test]
fn a_real_page_in_a_view_is_the_document_it_was() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    let all = recording("form-unicode");
    record(&replay, 1, &all);
    let events = arrived(&server, &replay, SESSION);
    let mut alone = Played::from_tree(&json!({"type": 0, "childNodes": [], "id": 0}));
    for event in all.iter().map(|event| serde_json::from_str::<Value>(event).unwrap()) {
        match event["type"].as_u64().unwrap() {
            2 => alone = Played::from_tree(&event["data"]["node"]),
            3 => alone.apply(&event["data"]),
            _ => {}
        }
    }
    let in_view = play(&events).texts();
    assert!(alone.texts().len() > 10);
    assert_eq!(in_view[1..], alone.texts()[..], "behind the title");
}

#[test]
fn an_event_with_two_in_its_place_is_halved_as_one() {
    let server = Server::start();
    server.post("/api/faults", &json!([{ "status": 413 }, { "status": 413 }, { "status": 413 }]));
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    let scrolled = page("a page")[1].replace(r#""top":0"#, r#""top":50"#);
    record(&replay, 1, &[scrolled]);
    replay.flush(within_ms(20_000)).unwrap();
    let stats = replay.stats();
    let (delivered, dropped) =
        (stats["delivered"].as_u64().unwrap(), stats["dropped"]["tooLargeForServer"].as_u64().unwrap());
    assert_eq!(delivered + dropped, stats["recorded"]["events"].as_u64().unwrap(), "{stats}");
}

#[test]
fn many_threads_show_views_and_pages_and_every_session_plays() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    std::thread::scope(|scope| {
        for thread in 1..=3_u64 {
            let replay = &replay;
            scope.spawn(move || {
                for round in 0..60 {
                    let said = format!("thread {thread} round {round}");
                    replay.show_nodes(thread, &[text(&said), node(NodeKind::Button, 2, "OK")]).unwrap();
                }
            });
            scope.spawn(move || {
                let view = 10 + thread;
                replay.place_view(&window(view)).unwrap();
                let mut needed = true;
                for round in 0..60 {
                    if needed {
                        record(replay, view, &page("page"));
                    }
                    needed = record(replay, view, &[page_says(&format!("{view} {round}"))])
                        == Outcome::NeedsFullSnapshot;
                }
                // The last word is said in the last session.
                if needed {
                    record(replay, view, &page("page"));
                    record(replay, view, &[page_says(&format!("{view} 59"))]);
                }
            });
        }
        scope.spawn(|| {
            for id in 1..=20 {
                replay.set_session_id(SessionId::from_millis(1_732_300_000_000 + id).unwrap());
                std::thread::yield_now();
            }
        });
    });
    for id in 0..=20 {
        let events = arrived(&server, &replay, &(1_732_300_000_000_i64 + id).to_string());
        if !events.is_empty() {
            // Events of a page whose document this session does not have yet are ignored by a player.
            play_known(events);
        }
    }
}
