//! Frames of views, from the C ABI to the server: what arrives shows what the host showed, and nothing that was masked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that can't go on has failed"
)]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::frames::{self, Recording};
use common::scene::Played;
use common::{Server, options_for, start, within_ms};
use serde_json::{Value, json};
use session_replay::pixels::{Bitmap, Content, Frame, PixelFormat, Rect, Region};
use session_replay::{Error, Log, NodeInfo, NodeKind, Outcome, SessionId, SessionReplay, ViewInfo};

const SESSION: &str = "1732300000000";
const DEVICE: &str = "device-1";
/// What a player must not see more of than this, as the root of the mean square error.
const MAX_ERROR: f64 = 0.04;

/// An image as a document shows it.
struct Shown {
    place: [usize; 4],
    pixels: Vec<u8>,
}

impl Shown {
    fn of(node: &Value) -> Option<Self> {
        let attributes = &node["attributes"];
        let style = attributes["style"].as_str()?.strip_prefix("position:absolute;")?;
        let value = |name: &str| {
            style.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix(':')).map(str::to_owned)
        };
        let place = ["left", "top", "width", "height"];
        let place = place.map(|side| value(side).unwrap().trim_end_matches("px").parse().unwrap());
        let [_, _, width, height] = place;
        let pixels = match attributes["src"].as_str() {
            Some(url) => {
                let file = from_base64(url.strip_prefix("data:image/webp;base64,").unwrap());
                let (wide, high, pixels) = frames::decode(&file);
                assert_eq!((wide, high), (width, height), "shown as large as it is");
                pixels
            }
            None => {
                let colour = u32::from_str_radix(value("background").unwrap().trim_start_matches('#'), 16);
                colour.unwrap().to_be_bytes()[1..].repeat(width * height)
            }
        };
        Some(Self { place, pixels })
    }

    fn paint(&self, canvas: &mut [u8], width: usize) {
        let [left, top, wide, _] = self.place;
        for (row, pixels) in self.pixels.chunks_exact(wide * 3).enumerate() {
            let at = ((top + row) * width + left) * 3;
            canvas[at..at + wide * 3].copy_from_slice(pixels);
        }
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::new();
    for four in letters.chunks(4) {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | four.get(at).map_or(0, |it| u32::from(value(*it))));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

/// All images in a document or in what is added to it, in their order.
fn images(tree: &Value, found: &mut Vec<Shown>) {
    match tree {
        Value::Object(members) if members.contains_key("tagName") || members.contains_key("childNodes") => {
            found.extend(Shown::of(tree));
            images(&tree["childNodes"], found);
        }
        Value::Object(members) => members.values().for_each(|member| images(member, found)),
        Value::Array(list) => list.iter().for_each(|member| images(member, found)),
        _ => {}
    }
}

/// What a player shows at the end.
fn play(events: &[Value], width: usize, height: usize) -> Vec<u8> {
    assert_eq!(
        (&events[0]["type"], &events[1]["type"]),
        (&json!(4), &json!(2)),
        "it plays from its beginning"
    );
    let mut played = Played::from_tree(&events[1]["data"]["node"]);
    for event in &events[2..] {
        match event["type"].as_u64().unwrap() {
            2 => played = Played::from_tree(&event["data"]["node"]),
            3 => played.apply(&event["data"]),
            _ => {}
        }
    }
    let mut canvas = vec![0; width * height * 3];
    let mut shown = Vec::new();
    images(&played.to_tree(), &mut shown);
    shown.iter().for_each(|image| image.paint(&mut canvas, width));
    canvas
}

/// The root of the mean square error, of 1, without the part that is masked.
fn error(canvas: &[u8], expected: &[u8], width: usize, masked: impl Fn(usize, usize) -> bool) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (at, (one, other)) in canvas.iter().zip(expected).enumerate() {
        if !masked(at / 3 % width, at / 3 / width) {
            sum += (f64::from(one.abs_diff(*other)) / 255.0).powi(2);
            count += 1.0;
        }
    }
    (sum / f64::max(count, 1.0)).sqrt()
}

fn events(server: &Server, session: &str) -> Vec<Value> {
    server.events(DEVICE, session).iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

/// Whether anything in these events shows the colour of [`some_frames`]'s secret.
fn shows_secret(events: &[Value]) -> bool {
    let mut shown = Vec::new();
    events.iter().for_each(|event| images(event, &mut shown));
    assert!(!shown.is_empty());
    let is_secret = |[red, green, blue]: &[u8; 3]| *red > 200 && *green < 60 && *blue > 200;
    shown.iter().any(|image| image.pixels.as_chunks::<3>().0.iter().any(is_secret))
}

fn is_masked(x: usize, y: usize) -> bool {
    (300..700).contains(&x) && (200..350).contains(&y)
}

/// Some frames of the recording, with a secret where `tests/c/frames.c` masks, which moves; and a file of them.
fn some_frames(folder: &Path) -> (usize, usize, Vec<Vec<u8>>, std::path::PathBuf) {
    let recording = Recording::read_in(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/frames").as_ref(),
        "qt-designer",
    );
    let (width, height) = (recording.width as usize, recording.height as usize);
    let (mut frames, mut number) = (Vec::new(), 0);
    recording.play(|_, shown| {
        if number % 25 == 0 {
            let mut shown = shown.to_vec();
            for (x, y) in (310..600).flat_map(|x| (210..300).map(move |y| (x + number, y + number))) {
                shown[(y * width + x) * 3..][..3].copy_from_slice(&[255, 0, 255]);
            }
            frames.push(shown);
        }
        number += 1;
    });
    assert_eq!(frames.len(), 3);
    let path = folder.join("frames");
    let head = [width, height, frames.len()].map(|number| (number as u32).to_ne_bytes()).concat();
    std::fs::write(&path, [head, frames.concat()].concat()).unwrap();
    (width, height, frames, path)
}

mod through_the_c_abi {
    use super::*;
    use common::DEAD;
    use common::c::{Program, with_slashes};
    use common::child::complaints;

    #[test]
    fn frames_arrive_and_look_like_the_program_without_what_was_masked() {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
        let (width, height, frames, file) = some_frames(folder.path());
        let program = Program::c(&["tests/c/frames.c"]);
        let file = file.to_str().unwrap();
        program.run(&[&server.url(), SESSION, "", file, "masked", "shutdown"]);
        let arrived = events(&server, SESSION);
        assert!(!shows_secret(&arrived), "what was masked is in no image");
        let moments: Vec<_> =
            arrived.iter().enumerate().filter(|(_, event)| event["data"]["tag"] == "frame").collect();
        assert_eq!(moments.len(), frames.len());
        for ((until, _), frame) in moments.into_iter().zip(&frames) {
            let canvas = play(&arrived[..until], width, height);
            // Tiles of which a part is masked are filled to whole steps of the tile's own.
            let found = error(&canvas, frame, width, is_masked);
            println!("error {found:.4}");
            assert!(found <= MAX_ERROR, "{found}");
        }
        assert_eq!(server.session(DEVICE, SESSION)["problems"], json!([]), "the viewer finds nothing wrong");

        program.run(&[&server.url(), "1732300000001", "", file, "open", "shutdown"]);
        let arrived = events(&server, "1732300000001");
        assert!(shows_secret(&arrived), "what is not masked is seen: the test can fail");
        let found = error(&play(&arrived, width, height), &frames[2], width, |_, _| false);
        assert!(found <= MAX_ERROR, "{found}");
    }

    #[test]
    fn the_masks_of_a_frame_that_is_passed_over_for_another_thread_hold_for_the_next() {
        let server = Server::start();
        Program::c(&["tests/c/frame_masks.c"]).run(&[&server.url(), SESSION]);
        assert!(!shows_secret(&events(&server, SESSION)));
    }

    #[test]
    fn a_shutdown_that_does_not_wait_has_the_last_frame_and_nothing_after_it() {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
        let (width, height, frames, file) = some_frames(folder.path());
        let file = file.to_str().unwrap();
        Program::c(&["tests/c/frames.c"]).run(&[&server.url(), SESSION, "", file, "open", "begin"]);
        let arrived = events(&server, SESSION);
        let found = error(&play(&arrived, width, height), &frames[2], width, |_, _| false);
        assert!(found <= MAX_ERROR, "{found}");
        assert!(arrived.iter().all(|event| event["type"] != 5), "recorded after the shutdown began");
    }

    #[test]
    fn what_the_encoder_has_finished_arrives_after_a_kill_and_an_abort() {
        let folder = tempfile::tempdir().unwrap();
        let (width, height, frames, file) = some_frames(folder.path());
        let program = Program::c(&["tests/c/frames.c"]);
        for end in ["kill", "abort"] {
            let (server, storage) = (Server::start(), tempfile::tempdir().unwrap());
            let storage_dir = &*with_slashes(storage.path());
            let arguments =
                [DEAD.trim_end_matches('/'), SESSION, storage_dir, file.to_str().unwrap(), "masked", end];
            let ended = program.command().args(arguments).output().unwrap();
            assert!(!ended.status.success() && complaints(&ended).is_empty(), "{ended:?}");
            let next = start(&server, json!({"storageDir": storage_dir, "sessionId": 1_732_300_000_009_i64}));
            next.flush(within_ms(30_000)).unwrap();
            let arrived = events(&server, SESSION);
            assert!(!shows_secret(&arrived));
            let found = error(&play(&arrived, width, height), &frames[2], width, is_masked);
            assert!(found <= MAX_ERROR, "{end}: {found}");
        }
    }
}

const SIDE: usize = 128;

/// A frame of one colour, which does not say what is masked.
fn plain(view: u64, pixels: &[u8]) -> Frame<'_> {
    square(view, pixels, SIDE)
}

/// The same, of this side.
fn square(view: u64, pixels: &[u8], side: usize) -> Frame<'_> {
    let bitmap =
        Bitmap { format: PixelFormat::Rgb, bytes: pixels, stride: side * 3, bottom_up: false, damage: None };
    let side = side as u32;
    Frame {
        view,
        width: side,
        height: side,
        scale: 1.0,
        masks: &[],
        are_masks_known: false,
        timestamp_ms: 0,
        content: Content::Bitmap(bitmap),
    }
}

fn colour(colour: [u8; 3]) -> Vec<u8> {
    colour.repeat(SIDE * SIDE)
}

/// Shows it as soon as a frame is wanted, and has it recorded.
fn show(replay: &SessionReplay, frame: &Frame) -> Outcome {
    std::thread::sleep(std::time::Duration::from_millis(replay.next_frame_ms(frame.view).into()));
    let outcome = replay.show_frame(frame).unwrap();
    replay.flush(within_ms(30_000)).unwrap();
    outcome
}

#[test]
fn each_session_begins_with_what_is_shown_without_another_frame() {
    let server = Server::start();
    let replay = start(&server, json!({"frameIntervalMs": 50}));
    let (red, blue) = (colour([200, 0, 0]), colour([0, 0, 200]));
    assert_eq!(show(&replay, &plain(1, &red)), Outcome::Done);
    assert_eq!(replay.set_session_id(SessionId::from_millis(1_732_300_000_001).unwrap()), Outcome::Done);
    replay.flush(within_ms(30_000)).unwrap();
    assert_eq!(play(&events(&server, "1732300000001"), SIDE, SIDE), red);
    assert_eq!(show(&replay, &plain(1, &blue)), Outcome::Done);
    assert_eq!(play(&events(&server, "1732300000001"), SIDE, SIDE), blue);
    assert_eq!(play(&events(&server, SESSION), SIDE, SIDE), red);
}

#[test]
fn what_there_was_no_room_for_is_shown_once_there_is_although_nothing_changes_any_more() {
    let server = Server::start();
    // Nothing is sent before somebody flushes.
    let options = json!({"frameIntervalMs": 50, "storageLimitBytes": 4_000_000, "flushIntervalConfig": {"minIntervalMs": 10_000}});
    let replay = start(&server, options);
    let (red, blue) = (colour([200, 0, 0]), colour([0, 0, 200]));
    assert_eq!(show(&replay, &plain(1, &red)), Outcome::Done);
    for length in [100_000, 1_000, 1] {
        let payload = json!("x".repeat(length)).to_string();
        let is_full = (0..100_000).any(|_| replay.record_custom("fill", &payload).is_err());
        assert!(is_full, "{length}");
    }
    // It waits for the encoder, whom nobody gives room, and makes room then.
    assert_eq!(show(&replay, &plain(1, &blue)), Outcome::Done);
    let shown = || play(&events(&server, SESSION), SIDE, SIDE);
    assert!(shown() == red, "the test can fail");
    for _ in 0..2 {
        assert_eq!(show(&replay, &plain(1, &blue)), Outcome::Done);
    }
    assert!(shown() == blue);
}

#[test]
fn a_view_changes_between_nodes_and_pixels() {
    let server = Server::start();
    let replay = start(&server, json!({"frameIntervalMs": 50}));
    let red = colour([200, 0, 0]);
    let rectangle = [0.0, 0.0, 9.0, 9.0];
    let node =
        NodeInfo { id: 1, kind: NodeKind::Text as u32, text: "a label", rectangle, ..NodeInfo::default() };
    let texts = || server.events(DEVICE, SESSION).last().unwrap().clone();
    for _ in 0..2 {
        show(&replay, &plain(1, &red));
        assert_eq!(play(&events(&server, SESSION), SIDE, SIDE), red, "although it showed the same before");
        replay.show_nodes(1, &[node]).unwrap();
        replay.flush(within_ms(30_000)).unwrap();
        assert!(texts().contains("a label"));
        assert_eq!(play(&events(&server, SESSION), SIDE, SIDE), colour([0; 3]), "no image is left");
    }
    replay.close_view(1).unwrap();
    show(&replay, &plain(1, &red));
    assert_eq!(play(&events(&server, SESSION), SIDE, SIDE), red, "a view of the same number is another");
}

#[test]
fn while_nothing_is_captured_nothing_is_kept() {
    let server = Server::start();
    let replay = start(&server, json!({"frameIntervalMs": 50}));
    let (red, blue) = (colour([200, 0, 0]), colour([0, 0, 200]));
    show(&replay, &plain(1, &red));
    replay.set_opt_out(true).unwrap();
    assert_eq!(replay.next_frame_ms(1), 1_000);
    assert_eq!(replay.show_frame(&plain(1, &blue)), Ok(Outcome::NotCaptured));
    replay.set_session_id(SessionId::from_millis(1_732_300_000_002).unwrap());
    replay.set_opt_out(false).unwrap();
    replay.flush(within_ms(30_000)).unwrap();
    let session = "1732300000002";
    assert_eq!(play(&events(&server, session), SIDE, SIDE), colour([0; 3]), "nothing of before is shown");
    show(&replay, &plain(1, &red));
    assert_eq!(play(&events(&server, session), SIDE, SIDE), red, "although it is what was shown before");
}

#[test]
fn a_frame_that_does_not_say_what_is_masked_is_not_kept_where_it_has_to() {
    let red = colour([200, 0, 0]);
    let server = Server::start();
    let conservative =
        json!({"frameIntervalMs": 60_000, "privacyConfig": {"defaultMaskLevel": "conservative"}});
    // Where nobody answers, nobody knows yet what the server asks for.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/", silent.local_addr().unwrap());
    let awaiting = json!({"frameIntervalMs": 60_000, "enableRemoteConfig": true, "configServerUrl": nobody});
    for options in [conservative, awaiting] {
        let replay = start(&server, options.clone());
        let silent = plain(1, &red);
        assert_eq!(replay.show_frame(&silent), Ok(Outcome::NotCaptured), "{options}");
        let masks = [Region::Mask(Rect { x: 0, y: 0, width: 1, height: 1 })];
        let named = Frame { masks: &masks, ..silent };
        assert_eq!(replay.show_frame(&named), Ok(Outcome::NotCaptured), "{options}: there may be others");
        assert!(replay.next_frame_ms(1) > 1_000, "{options}: nobody reads one back for nothing");
        assert!(replay.close_view(1).is_err(), "no view was made");
        assert_eq!(replay.next_frame_ms(1), 0, "{options}: nothing is kept of it");
        let told = replay.show_frame(&Frame { are_masks_known: true, ..silent });
        assert_eq!(told, Ok(Outcome::Done), "{options}");
    }
    let replay = start(&server, json!({}));
    assert_eq!(replay.show_frame(&plain(1, &red)), Ok(Outcome::Done));
}

#[test]
fn the_masks_of_a_frame_that_is_not_kept_hold_for_the_next() {
    let (red, blue) = (colour([200, 0, 0]), colour([0, 0, 200]));
    let masks = [Region::Mask(Rect { x: 0, y: 0, width: SIDE as i32, height: SIDE as i32 })];
    let conservative = json!({"frameIntervalMs": 50, "privacyConfig": {"defaultMaskLevel": "conservative"}});
    for (options, is_opted_out) in [(conservative, false), (json!({"frameIntervalMs": 50}), true)] {
        let server = Server::start();
        let replay = start(&server, options.clone());
        let of = |pixels| Frame { are_masks_known: true, ..plain(1, pixels) };
        show(&replay, &of(&red));
        replay.set_opt_out(is_opted_out).unwrap();
        let named = Frame { masks: &masks, are_masks_known: is_opted_out, ..plain(1, &blue) };
        assert_eq!(replay.show_frame(&named), Ok(Outcome::NotCaptured), "{options}");
        replay.set_opt_out(false).unwrap();
        show(&replay, &of(&blue));
        let shown = play(&events(&server, SESSION), SIDE, SIDE);
        assert!(shown != blue && shown != red, "{options}: it is masked");
        show(&replay, &of(&blue));
        assert_eq!(play(&events(&server, SESSION), SIDE, SIDE), blue, "{options}: for one frame longer");
    }
}

#[test]
fn the_replay_says_why_a_view_shows_no_pixels() {
    let red = colour([200, 0, 0]);
    let server = Server::start();
    let replay =
        start(&server, json!({"frameIntervalMs": 50, "privacyConfig": {"defaultMaskLevel": "conservative"}}));
    let place = ViewInfo { view: 1, rectangle: [0.0, 0.0, 64.0, 64.0], ..ViewInfo::default() };
    replay.place_view(&place).unwrap();
    assert_eq!(replay.show_frame(&plain(1, &red)), Ok(Outcome::NotCaptured));
    show(&replay, &Frame { are_masks_known: true, ..plain(1, &red) });
    let told: Vec<Value> = events(&server, SESSION);
    let contents: Vec<_> = told
        .iter()
        .filter_map(|event| event["data"]["attributes"].as_array())
        .flatten()
        .filter_map(|change| change["attributes"]["data-content"].as_str())
        .collect();
    assert_eq!(contents, ["masked", "pixels"]);
}

/// A side of frames that take the encoder a while.
const LARGE: usize = 512;

/// Noise: no encoder makes little of it at once.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..LARGE * LARGE * 3).map(|_| next()).collect()
}

/// A large frame of noise, of two views: as many as may be under way.
fn show_two(replay: &SessionReplay) {
    let pixels = noise();
    for view in [1, 2] {
        assert_eq!(replay.show_frame(&square(view, &pixels, LARGE)), Ok(Outcome::Done));
    }
}

#[test]
fn the_log_callback_is_told_at_once_of_a_frame_that_is_not_recorded() {
    let (server, log) = (Server::start(), Arc::<Log>::default());
    let (told, lines) = std::sync::mpsc::channel();
    log.set_sink(Some(Arc::new(move |_, line: &str| told.send(line.to_owned()).unwrap())));
    // Nothing is due meanwhile that would wake the thread which calls it.
    let interval = json!({"minIntervalMs": 600_000, "maxIntervalMs": 600_000});
    let options = json!({"maxSingleEventSizeBytes": 20_000, "flushIntervalConfig": interval});
    let replay = SessionReplay::start("test-api-key", options_for(&server, options), log).unwrap();
    assert_eq!(replay.show_frame(&square(1, &noise(), LARGE)), Ok(Outcome::Done));
    let line = lines.recv_timeout(Duration::from_secs(30)).expect("a line");
    assert!(line.starts_with("a frame is not recorded: the event has "), "{line}");
}

/// In how many of the two views something is seen at the server.
fn shown_views(server: &Server) -> usize {
    let found = |event: &Value| {
        let mut found = Vec::new();
        images(event, &mut found);
        found.len()
    };
    events(server, SESSION).iter().filter(|event| found(event) > 0).count()
}

/// Asks until the answer is another than "not yet".
fn poll(replay: &SessionReplay, flush: i64) -> Result<(), Error> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match replay.poll_flush(flush) {
            Err(Error::Timeout { .. }) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(1))
            }
            answer => return answer,
        }
    }
}

#[test]
fn a_flush_that_does_not_wait_holds_the_frames_that_were_taken_before_it() {
    let server = Server::start();
    let replay = start(&server, json!({"frameBytesPerSecond": 10_000_000}));
    show_two(&replay);
    let flush = replay.begin_flush();
    assert!(flush > 0);
    poll(&replay, flush).unwrap();
    assert_eq!(shown_views(&server), 2, "whoever is told that all is there finds it there");
    assert_eq!(poll(&replay, flush), Ok(()), "it stays so");
    replay.record_custom("later", "1").unwrap();
    assert_eq!(replay.poll_flush(flush), Ok(()), "what was recorded later is none of its");
}

#[test]
fn a_shutdown_that_does_not_wait_records_the_frames_that_were_taken_before_it() {
    for asks in [true, false] {
        let server = Server::start();
        let replay = start(&server, json!({"frameBytesPerSecond": 10_000_000}));
        show_two(&replay);
        let flush = replay.begin_shutdown();
        // The frames are still under way: nothing else is.
        let red = colour([200, 0, 0]);
        assert_eq!(replay.show_frame(&plain(3, &red)), Err(Error::ShutDown));
        assert_eq!(replay.record(br#"{"type":5,"timestamp":1,"data":{}}"#), Err(Error::ShutDown));
        assert_eq!(replay.record_custom("too late", "1"), Err(Error::ShutDown));
        assert_eq!(replay.close_view(1), Err(Error::ShutDown), "its frame is to be seen");
        assert_eq!(replay.set_session_id(SessionId::from_millis(5).unwrap()), Outcome::NotCaptured);
        assert_eq!((replay.is_capturing(), replay.next_frame_ms(1)), (false, 1_000));
        if asks {
            poll(&replay, flush).unwrap();
            assert_eq!(replay.shut_down(0), Ok(()));
        } else {
            assert_eq!(replay.shut_down(60_000), Ok(()));
        }
        assert_eq!(shown_views(&server), 2, "asks: {asks}");
        assert!(!events(&server, SESSION).iter().any(|event| event["data"]["tag"] == "too late"));
    }
}
