//! What becomes of a held recording, wherever its process was killed.

use std::sync::Arc;
use std::time::Duration;

use super::super::super::sealed::SealedChunk;
use super::super::Recovered;
use crate::model::envelope::Envelope;
use crate::model::ids::ApiKey;
use crate::model::trigger;
use crate::storage::Storage;

/// In which the events of these tests lie.
const WINDOW: Duration = Duration::from_secs(60);
const META: &str = r#"{"type":4,"timestamp":1}"#;
const FULL: &str = r#"{"type":2,"timestamp":2}"#;
const EVENT: &str = r#"{"type":3,"timestamp":3}"#;

/// How a chunk was left.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Left {
    Held,
    Released,
    Discarded,
}
use Left::*;

/// A chunk of this number, in the segment of that, with these events.
type Chunk<'a> = (u64, u64, Left, &'a [&'a str]);

fn open(dir: &tempfile::TempDir) -> Storage {
    Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 64_000_000)
}

/// A run that made these, and ended in this way.
fn run(dir: &tempfile::TempDir, chunks: &[Chunk], is_ended: bool) {
    let (storage, envelope) = (open(dir), Arc::new(Envelope::any()));
    for (number, segment, left, events) in chunks {
        let fresh = storage.fresh(0).unwrap();
        let chunk = fresh.label_in_segment(*number, &envelope, &envelope.to_json(), *segment, true);
        events.iter().for_each(|event| _ = chunk.append(event.as_bytes()));
        match left {
            Held => {}
            Released => chunk.release(),
            Discarded => chunk.condemn(),
        }
    }
    if is_ended {
        storage.note_end();
    }
}

/// The events that are to be delivered; of one that tells of a death "died".
fn delivered(recovered: &Recovered) -> Vec<String> {
    let read = |event: &[u8]| match trigger::tells_of_death(event) {
        true => "died".to_owned(),
        false => String::from_utf8(event.to_vec()).unwrap(),
    };
    let events = recovered
        .sealed
        .iter()
        .map(|sealed| sealed.with_events(|events| events.map(read).collect::<Vec<_>>()).unwrap());
    events.flatten().collect()
}

#[test]
fn a_death_delivers_from_the_first_segment_on_that_plays() {
    let first: Chunk = (1, 1, Held, &[META, FULL, EVENT]);
    let more: Chunk = (2, 1, Held, &[EVENT]);
    let second: Chunk = (3, 3, Held, &[META, FULL]);
    let all = [META, FULL, EVENT, EVENT, META, FULL, "died"];
    let cases: &[(&str, &[Chunk], &[&str])] = &[
        ("two segments", &[first, more, second], &all),
        (
            "killed while the first was discarded",
            &[(1, 1, Discarded, first.3), more, second],
            &[META, FULL, "died"],
        ),
        ("the first is gone", &[more, second], &[META, FULL, "died"]),
        ("both are discarded", &[(1, 1, Discarded, first.3), (2, 1, Discarded, more.3)], &[]),
        ("it began without a full snapshot", &[(1, 1, Held, &[EVENT]), second], &[META, FULL, "died"]),
        (
            "the full snapshot is in the next chunk",
            &[(1, 1, Held, &[META]), (2, 1, Held, &[FULL])],
            &[META, FULL, "died"],
        ),
        ("there was none", &[(1, 1, Held, &[EVENT]), (2, 2, Held, &[META])], &[]),
        ("the newest has none yet", &[first, (2, 2, Held, &[META])], &[META, FULL, EVENT, META, "died"]),
        ("killed while it was released", &[(1, 1, Released, first.3), more, second], &all),
        (
            "released whole",
            &[(1, 1, Released, first.3), (2, 1, Released, more.3)],
            &[META, FULL, EVENT, EVENT],
        ),
    ];
    for (name, chunks, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        run(&dir, chunks, false);
        let next = open(&dir);
        let recovered = next.recover(Some(WINDOW)).unwrap();
        assert_eq!(delivered(&recovered), *expected, "{name}");
        assert_eq!(recovered.events, expected.len() as u64, "{name}");
        assert_eq!(recovered.triggered.is_empty(), expected.is_empty(), "{name}");
        // Killed before it sent any of it.
        drop((recovered, next));
        let again = open(&dir).recover(Some(WINDOW)).unwrap();
        assert_eq!(delivered(&again), *expected, "{name}: the next one finds the same");
    }
}

#[test]
fn nothing_that_is_held_is_delivered_after_a_clean_end_or_an_opt_out() {
    let chunks: &[Chunk] = &[(1, 1, Held, &[META, FULL]), (2, 2, Released, &[META, FULL, EVENT])];
    for (is_ended, delivers_held) in [(true, true), (false, false), (true, false)] {
        let dir = tempfile::tempdir().unwrap();
        run(&dir, chunks, is_ended);
        let recovered = open(&dir).recover(delivers_held.then_some(WINDOW)).unwrap();
        assert_eq!(delivered(&recovered), [META, FULL, EVENT], "what was released is sent");
        assert_eq!(recovered.not_triggered, 2);
    }
}

#[test]
fn no_more_than_the_window_needs_is_delivered_however_much_a_stalled_process_left() {
    let at =
        |event: &str, seconds: u64| event.replace(r#""timestamp":"#, &format!(r#""timestamp":{seconds}00"#));
    let texts = |seconds: u64| [META, FULL, EVENT].map(|event| at(event, seconds));
    // Segments that began at these seconds; the last event; the second of the segment that is delivered first.
    let cases: &[(&[u64], u64, bool, u64)] = &[
        (&[100, 130, 160, 190], 200, true, 130),
        (&[100, 130, 160, 190], 220, true, 160),
        (&[100, 130], 159, true, 100),
        (&[100, 130], 189, true, 100),
        (&[100, 130], 190, true, 130),
        // Its clock was changed.
        (&[130, 100, 190], 300, true, 130),
        (&[100, 160], 50, true, 100),
        // It died while a trigger released it.
        (&[100, 130, 160, 190], 260, false, 100),
    ];
    for (begins, end, is_all_held, expected) in cases {
        let mut all: Vec<[String; 3]> = begins.iter().map(|second| texts(*second)).collect();
        all.last_mut().unwrap()[2] = at(EVENT, *end);
        let events: Vec<[&str; 3]> = all.iter().map(|texts| texts.each_ref().map(String::as_str)).collect();
        let left = |number: usize| if number == 0 && !is_all_held { Released } else { Held };
        let chunks: Vec<Chunk> = (events.iter().enumerate())
            .map(|(number, events)| (number as u64 + 1, number as u64 + 1, left(number), &events[..]))
            .collect();
        let dir = tempfile::tempdir().unwrap();
        run(&dir, &chunks, false);
        let first = begins.iter().position(|second| second == expected).unwrap();
        let wanted: Vec<&str> = events[first..].iter().flatten().copied().chain(["died"]).collect();
        let next = open(&dir);
        let recovered = next.recover(Some(WINDOW)).unwrap();
        assert_eq!(delivered(&recovered), wanted, "{begins:?} {end}");
        assert_eq!(recovered.not_triggered, 3 * first as u64, "{begins:?} {end}");
        drop((recovered, next));
        assert_eq!(
            delivered(&open(&dir).recover(Some(WINDOW)).unwrap()),
            wanted,
            "the next one finds the same"
        );
    }
}

#[test]
fn a_death_before_it_was_known_whether_the_session_is_held_is_not_forgotten_by_who_takes_the_file_over() {
    for (is_ended, expected) in [(false, true), (true, false)] {
        let dir = tempfile::tempdir().unwrap();
        let envelope = Arc::new(Envelope { sample_rate: None, ..Envelope::any() });
        let storage = open(&dir);
        let label = envelope.to_json();
        let chunk = storage.fresh(0).unwrap().label_in_segment(1, &envelope, &label, 1, false);
        [META, FULL].iter().for_each(|event| _ = chunk.append(event.as_bytes()));
        if is_ended {
            storage.note_end();
        }
        drop((chunk, storage));
        // Each dies before it knows, too; but for one that ends in an orderly way.
        for life in 0..4 {
            let next = open(&dir);
            let recovered = next.recover(Some(WINDOW)).unwrap();
            let deaths: Vec<_> = recovered.sealed.iter().map(SealedChunk::is_left_by_death).collect();
            assert_eq!(deaths, [expected], "{life}");
            if life == 2 {
                next.note_end();
            }
        }
    }
}
