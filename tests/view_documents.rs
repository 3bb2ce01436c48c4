//! Pages in views that navigate and reload: each document has ids of its own, and no event is played in another's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod common;

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::scene::{DEVICE, SESSION, arrived, page, page_says, play, play_known, record, text, window};
use common::{Server, start, wait_until, within_ms};
use serde_json::{Value, json};
use session_replay::{Error, Lines, Outcome, SessionReplay};

/// Ids of a document begin behind its number times this.
const PER_DOCUMENT: u64 = 1_000_000_000;

/// The document that a page's event is of, as it arrived, and what the event says; `true` where it begins the document.
fn document_of(event: &str) -> Option<(u64, String, bool)> {
    let event: Value = serde_json::from_str(event).unwrap();
    if event["data"]["isAttachIframe"] == true {
        let node = &event["data"]["adds"][0]["node"];
        let says = node["childNodes"][0]["childNodes"][0]["childNodes"][0]["textContent"].as_str();
        return Some((node["id"].as_u64()? / PER_DOCUMENT, says?.to_owned(), true));
    }
    let said = &event["data"]["texts"][0];
    let id = said["id"].as_u64()?;
    let is_of_page = id > PER_DOCUMENT && id % PER_DOCUMENT < 1_000;
    is_of_page.then_some((id / PER_DOCUMENT, said["value"].as_str()?.to_owned(), false))
}

fn refuse(replay: &SessionReplay, view: u64, event: &str) -> Error {
    replay.record_view_lines(view, event.as_bytes(), &mut Lines::default()).unwrap_err()
}

#[test]
fn each_full_snapshot_begins_a_document_with_ids_of_its_own() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    for view in [1, 2] {
        replay.place_view(&window(view)).unwrap();
    }
    for says in ["one", "two", "three"] {
        for view in [1, 2] {
            assert_eq!(record(&replay, view, &page(&format!("{says} begins"))), Outcome::Done);
            assert_eq!(record(&replay, view, &[page_says(&format!("{says} of {view}"))]), Outcome::Done);
        }
    }
    let events = arrived(&server, &replay, SESSION);
    assert_eq!(play(&events).texts(), ["A window", "three of 1", "A window", "three of 2"]);
    let numbers: Vec<_> =
        events.iter().filter_map(|event| document_of(event)).map(|(number, ..)| number).collect();
    // The views are the first two.
    assert_eq!(numbers, [3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8]);
    assert_eq!(server.session(DEVICE, SESSION)["problems"], json!([]), "the viewer finds nothing wrong");
}

#[test]
fn what_follows_a_full_snapshot_that_was_not_recorded_is_played_in_no_document() {
    let server = Server::start();
    let long = page(&"x".repeat(5_000)).remove(1);
    let cut = page("cut").remove(1).replace('}', "");
    let meta = page("lost").remove(0);
    for (what, lost, refused) in [
        ("too large", &*long, Some("limit")),
        ("no JSON", &*cut, Some("not a JSON object")),
        ("its Meta event alone came", &*meta, None),
    ] {
        let session = format!("{what} session").replace(' ', "-");
        let replay = start(&server, json!({"maxSingleEventSizeBytes": 4_000, "sessionId": session}));
        replay.place_view(&window(1)).unwrap();
        record(&replay, 1, &page("the document before"));
        assert_eq!(record(&replay, 1, &[page_says("still there")]), Outcome::Done);
        match refused {
            Some(named) => {
                let error = refuse(&replay, 1, lost).to_string();
                assert!(error.contains(named), "{what}: {error}");
            }
            None => assert_eq!(record(&replay, 1, &[lost.to_owned()]), Outcome::Done, "it asks for nothing"),
        }
        let of_no_document = [page_says("of the document that was lost")];
        assert_eq!(record(&replay, 1, &of_no_document), Outcome::NeedsFullSnapshot, "{what}");
        assert_eq!(replay.place_view(&window(1)), Ok(Outcome::NeedsFullSnapshot), "{what}");
        let events = arrived(&server, &replay, &session);
        assert!(events.concat().contains("document that was lost"), "{what}: what was accepted arrives");
        assert_eq!(play_known(events).texts(), ["A window", "still there"], "{what}");
        assert_eq!(record(&replay, 1, &page("the next document")), Outcome::Done);
        assert_eq!(record(&replay, 1, &[page_says("is there")]), Outcome::Done);
        assert_eq!(replay.place_view(&window(1)), Ok(Outcome::Done), "{what}");
        let events = arrived(&server, &replay, &session);
        assert_eq!(play_known(events).texts(), ["A window", "is there"], "{what}");
    }
}

#[test]
fn what_follows_a_full_snapshot_that_was_lost_on_its_way_is_played_in_no_document() {
    let server = Server::start();
    // One that no player can play is found when it is sent; the other is refused by the server.
    let unplayable =
        r#"{"type":2,"timestamp":1732300000500,"data":{"node":{"type":0,"childNodes":[],"id":1}}}"#
            .to_owned();
    for (session, snapshot, status) in
        [("invalid", unplayable, 200), ("refused", page("lost").remove(1), 400)]
    {
        let replay =
            start(&server, json!({"sessionId": session, "flushIntervalConfig": {"minIntervalMs": 10_000}}));
        replay.place_view(&window(1)).unwrap();
        record(&replay, 1, &page("the document before"));
        replay.flush(within_ms(20_000)).unwrap();
        record(&replay, 1, &[page(session).remove(0), snapshot]);
        record(&replay, 1, &[page_says("of the document that was lost")]);
        if status != 200 {
            server.post("/api/faults", &json!([{ "status": status }]));
        }
        replay.flush(within_ms(20_000)).unwrap();
        wait_until("the page is asked for", || {
            replay.place_view(&window(1)) == Ok(Outcome::NeedsFullSnapshot)
        });
        let until_then = play_known(arrived(&server, &replay, session)).texts();
        assert!(!until_then.concat().contains("lost"), "{session}: {until_then:?}");
        assert_eq!(
            record(&replay, 1, &[page_says("of the document that was lost")]),
            Outcome::NeedsFullSnapshot
        );
        assert_eq!(record(&replay, 1, &page("the next document")), Outcome::Done);
        let events = arrived(&server, &replay, session);
        assert_eq!(play_known(events).texts(), ["A window", "the next document"], "{session}");
    }
}

/// A full snapshot that takes a while to record.
fn large_document() -> Vec<String> {
    page(&"x".repeat(50_000))[1..].to_vec()
}

/// Each event of a page, as [`document_of`] has it; of a document that begins, how many began before.
fn documents_of(events: &[String]) -> impl Iterator<Item = (u64, String, Option<usize>)> {
    let mut begun = 0;
    events.iter().filter_map(|event| document_of(event)).map(move |(number, says, begins)| {
        begun += usize::from(begins);
        (number, says, begins.then(|| begun - 1))
    })
}

#[test]
fn threads_never_record_an_event_before_its_document() {
    const DOCUMENTS: usize = 200;
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    record(&replay, 1, &large_document());
    let begun = AtomicUsize::new(1);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while begun.load(Ordering::SeqCst) < DOCUMENTS {
                record(&replay, 1, &large_document());
                begun.fetch_add(1, Ordering::SeqCst);
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                while begun.load(Ordering::SeqCst) < DOCUMENTS {
                    // That many had been recorded before this begins.
                    let begun = begun.load(Ordering::SeqCst);
                    record(&replay, 1, &[page_says(&begun.to_string())]);
                    std::thread::yield_now();
                }
            });
        }
    });
    let events = arrived(&server, &replay, SESSION);
    // How many documents there were when each began.
    let mut documents = BTreeMap::new();
    for (number, says, begins) in documents_of(&events) {
        if let Some(before) = begins {
            assert_eq!(documents.insert(number, before), None, "document {number} begins twice");
            continue;
        }
        let before = *documents.get(&number).unwrap_or_else(|| panic!("{says} is before document {number}"));
        let begun: usize = says.parse().unwrap();
        assert!(before + 1 >= begun, "an event behind {begun} documents is of number {}", before + 1);
    }
    assert_eq!(documents.len(), DOCUMENTS);
    play_known(events);
}

#[test]
fn of_full_snapshots_at_the_same_time_the_last_one_is_the_document() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    replay.place_view(&window(1)).unwrap();
    for _ in 0..80 {
        let together = Barrier::new(3);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    together.wait();
                    record(&replay, 1, &large_document());
                });
            }
        });
        record(&replay, 1, &[page_says("behind both")]);
    }
    let mut last = 0;
    for (number, says, begins) in documents_of(&arrived(&server, &replay, SESSION)) {
        match begins {
            Some(_) => last = number,
            None => assert_eq!(number, last, "{says} is of the document that is shown"),
        }
    }
}

#[test]
fn pages_come_and_go_while_others_record_in_them() {
    let server = Server::start();
    let replay = start(&server, json!({}));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for round in 0..200 {
                    for view in [1, 2] {
                        let lines = [page("a page").concat(), page_says(&round.to_string())].join("\n");
                        // What another thread closed is not there, and that is said.
                        let _ = replay.record_view_lines(view, lines.as_bytes(), &mut Lines::default());
                    }
                }
            });
        }
        scope.spawn(|| {
            for round in 0..200 {
                for view in [1, 2] {
                    replay.place_view(&window(view)).unwrap();
                    if round % 3 == 0 {
                        replay.show_nodes(view, &[text("nodes")]).unwrap();
                    }
                    if round % 5 == view {
                        replay.close_view(view).unwrap();
                    }
                }
            }
        });
    });
    for view in [1, 2] {
        replay.place_view(&window(view)).unwrap();
        assert_eq!(record(&replay, view, &page(&format!("{view} at the end"))), Outcome::Done);
    }
    let texts = play_last(arrived(&server, &replay, SESSION));
    assert!(
        texts.contains(&"1 at the end".to_owned()) && texts.contains(&"2 at the end".to_owned()),
        "{texts:?}"
    );
}

/// What a player shows at the end, without what was recorded of pages that were closed already.
fn play_last(events: Vec<String>) -> Vec<String> {
    let mut there = std::collections::HashSet::new();
    let of_frame = |event: &String| {
        let event: Value = serde_json::from_str(event).unwrap();
        let data = &event["data"];
        for added in data["adds"].as_array().into_iter().flatten() {
            if added["node"]["tagName"] == "iframe" {
                there.insert(added["node"]["id"].as_u64().unwrap());
            }
        }
        for removed in data["removes"].as_array().into_iter().flatten() {
            // The window of the view, or the frame itself.
            let id = removed["id"].as_u64().unwrap();
            there.retain(|frame| frame / 10 != id / 10);
        }
        let of_page = match data["isAttachIframe"] == true {
            true => data["adds"][0]["parentId"].as_u64(),
            false => data["attributes"][0]["id"].as_u64().filter(|id| id % 10 == 4),
        };
        of_page.is_none_or(|frame| there.contains(&frame))
    };
    let known: Vec<_> = events.into_iter().filter(of_frame).collect();
    play_known(known).texts()
}
