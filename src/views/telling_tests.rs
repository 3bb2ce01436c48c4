//! What can't be seen from outside within the five minutes between two questions to the server.

use std::sync::Arc;

use super::*;
use crate::model::capture::CaptureRule;
use crate::model::ids::{ApiKey, SessionId};
use crate::model::privacy::MaskLevel;
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::pixels::{Image, ImagePixels, Mime, Update};
use crate::session::Sessions;
use crate::storage::Storage;
use crate::views::layers::Drawn;
use crate::views::nodes::{NodeInfo, NodeKind};
use crate::views::view::ViewInfo;
use crate::views::{Beside, Opening, PointerKind};

fn rule(enabled: bool) -> CaptureRule {
    CaptureRule {
        enabled,
        sample_rate: SampleRate::ALL,
        min_session_duration: Default::default(),
        is_targeted: false,
    }
}

fn views(enabled: bool) -> Views {
    views_of(r#"{"deviceId":"d","sessionId":1}"#, Some(rule(enabled)))
}

fn views_of(options: &str, rule: Option<CaptureRule>) -> Views {
    let options = Arc::new(Options::from_json(options).unwrap());
    let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), 64_000_000));
    let sessions =
        Sessions::open(options, storage, Arc::default(), Arc::default(), Arc::default(), rule, None);
    Views::new(Arc::new(sessions), Arc::default())
}

fn recorded(views: &Views) -> u64 {
    views.sessions.totals().recorded.events
}

#[test]
fn what_the_server_wants_captured_again_is_told_although_nothing_changes() {
    let views = views(true);
    let window = ViewInfo { view: 1, rectangle: [0.0, 0.0, 9.0, 9.0], ..ViewInfo::default() };
    views.place(&window).unwrap();
    assert_eq!(recorded(&views), 1, "the whole scene");
    views.sessions.apply_rule(rule(false), None);
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(views.place(&window), Ok(Outcome::NotCaptured));
    let node = NodeInfo { kind: 1, text: "secret", ..NodeInfo::default() };
    assert_eq!(views.show_nodes(1, &[node]), Ok(Outcome::NotCaptured));
    assert_eq!(recorded(&views), 1);
    // As the thread does that hears of it.
    views.sessions.apply_rule(rule(true), None);
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(recorded(&views), 2, "the whole scene once more");
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(recorded(&views), 2, "it is there");
    let document = views.state.lock().scene.document().to_string();
    assert!(!document.contains("secret") && views.level() == MaskLevel::Medium);
}

#[test]
fn a_session_that_another_thread_told_asks_the_host_for_nothing_but_pages() {
    let views = views(true);
    let set = |id| views.sessions.set_session(SessionId::from_millis(id).unwrap());
    assert_eq!(
        views.begin(set(2)),
        Outcome::NeedsFullSnapshot,
        "there are no views: the host's page is meant"
    );
    views.place(&ViewInfo { view: 1, ..ViewInfo::default() }).unwrap();
    let outcome = set(3);
    // As the thread does that applies the remote configuration, between the two.
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(views.begin(outcome), Outcome::Done);
    let document = br#"{"type":2,"timestamp":1,"data":{"node":{},"initialOffset":{}}}"#;
    views.record_page(1, document).unwrap();
    let outcome = set(4);
    views.begin(Outcome::Done);
    assert_eq!(views.begin(outcome), Outcome::NeedsFullSnapshot, "that of the page");
}

#[test]
fn after_a_loss_the_scene_is_told_at_once_unless_pages_would_go() {
    let views = views(true);
    let lose = |views: &Views| {
        views.sessions.request_snapshot(&views.sessions.replay_id().unwrap());
        views.tell_after_loss();
    };
    lose(&views);
    assert_eq!(recorded(&views), 0, "nothing is there");
    views.place(&ViewInfo { view: 1, ..ViewInfo::default() }).unwrap();
    lose(&views);
    assert_eq!(recorded(&views), 2);
    let event = br#"{"type":3,"timestamp":1,"data":{"source":0}}"#;
    assert_eq!(views.record_page(1, event), Ok(Outcome::NeedsFullSnapshot));
    assert_eq!(recorded(&views), 4, "the frame, and the event");
    lose(&views);
    assert_eq!(recorded(&views), 4, "its page may still be what a player shows");
    assert_eq!(views.record_page(1, event), Ok(Outcome::NeedsFullSnapshot));
    assert_eq!(recorded(&views), 6, "the whole, and the event");
}

fn set_level(views: &Views, level: MaskLevel) {
    let mut config = views.page_config.lock().clone();
    config.privacy.default_mask_level = Some(level);
    views.apply_page_config(config);
}

fn drawn(masking: u64) -> Drawn {
    let pixels = ImagePixels::Encoded { mime: Mime::Png, bytes: vec![1; 9] };
    let image = Image { id: 1, x: 0.0, y: 0.0, width: 9.0, height: 9.0, pixels };
    Drawn::from(&Update {
        view: 2,
        timestamp_ms: 1,
        masking,
        width: 9.0,
        height: 9.0,
        is_full: true,
        images: vec![Arc::new(image)],
        removed: Vec::new(),
    })
}

/// A window with a title and nodes, and one with pixels, masked as the level wants.
fn shown_at(level: MaskLevel) -> Views {
    let views = views(true);
    set_level(&views, level);
    show(&views);
    let masking = open(&views);
    views.show_pixels(drawn(masking), 1).unwrap();
    views
}

fn show(views: &Views) {
    views.place(&ViewInfo { view: 1, title: Some("a title"), ..ViewInfo::default() }).unwrap();
    let node = |kind: NodeKind, text, image| NodeInfo {
        kind: kind as u32,
        rectangle: [0.0, 0.0, 9.0, 9.0],
        text,
        image,
        ..NodeInfo::default()
    };
    let nodes = [
        node(NodeKind::Text, "a text", ""),
        node(NodeKind::Input, "typed", ""),
        node(NodeKind::Image, "", "data:image/gif;base64,AAAA"),
    ];
    views.show_nodes(1, &nodes).unwrap();
}

/// Opens the pixels of view 2, which say what is masked. The number of the masking.
fn open(views: &Views) -> u64 {
    match views.open_pixels(2, [9.0; 2], true).unwrap() {
        Opening::Open { masking, .. } => masking,
        _ => panic!("it is captured"),
    }
}

const ALL: [&str; 5] = ["a title", "a text", "typed", "data:image/gif", "data:image/png"];

/// Which of [`ALL`] the document shows.
fn shown(views: &Views) -> [bool; 5] {
    let document = views.state.lock().scene.document().to_string();
    let shown = ALL.map(|what| document.contains(what));
    let is_told_why = document.contains(r#""data-content":"masked""#);
    assert_ne!(is_told_why, shown[4], "why there are no pixels: {document}");
    shown
}

#[test]
fn what_a_looser_level_let_through_is_masked_once_a_stricter_one_is_in_force() {
    use MaskLevel::{Conservative, Light, Medium};
    // Which of ALL is shown then, before anything is handed over again.
    for (before, after, expected) in [
        (Light, Light, [true, true, true, true, true]),
        (Medium, Medium, [true, true, false, true, true]),
        (Medium, Light, [true, true, false, true, true]),
        (Conservative, Light, [false, false, false, false, true]),
        (Light, Medium, [true, true, false, true, false]),
        (Light, Conservative, [false; 5]),
        (Medium, Conservative, [false; 5]),
    ] {
        let views = shown_at(before);
        let told = recorded(&views);
        set_level(&views, after);
        assert_eq!(shown(&views), expected, "{before:?} {after:?}");
        assert_eq!(recorded(&views) > told, after > before, "{before:?} {after:?}: it is told at once");
    }
}

#[test]
fn what_a_looser_level_lets_through_is_shown_once_it_is_handed_over_again() {
    let views = shown_at(MaskLevel::Light);
    for (level, expected) in [
        (MaskLevel::Conservative, [false, false, false, false, true]),
        (MaskLevel::Medium, [true, true, false, true, true]),
        (MaskLevel::Light, [true; 5]),
        (MaskLevel::Medium, [true, true, false, true, true]),
    ] {
        set_level(&views, level);
        show(&views);
        views.show_pixels(drawn(open(&views)), 1).unwrap();
        assert_eq!(shown(&views), expected, "{level:?}");
    }
    let views = shown_at(MaskLevel::Light);
    for level in [MaskLevel::Medium, MaskLevel::Light] {
        set_level(&views, level);
        assert_eq!(shown(&views), [true, true, false, true, false], "{level:?}");
    }
    show(&views);
    assert_eq!(shown(&views), [true, true, true, true, false], "the very list that was shown before");
}

#[test]
fn whatever_is_told_first_tells_nothing_of_a_looser_level() {
    type Tell = fn(&Views);
    let doors: [(&str, Tell); 11] = [
        ("begin", |views| assert_eq!(views.begin(Outcome::Done), Outcome::Done)),
        ("place", |views| drop(views.place(&ViewInfo { view: 3, ..ViewInfo::default() }))),
        ("refused", |views| assert!(views.close(77, &mut Vec::new()).is_err())),
        ("nodes", |views| drop(views.show_nodes(3, &[]))),
        ("frame", |views| drop(views.open_pixels(3, [9.0; 2], true))),
        ("pointer", |views| drop(views.point(1, PointerKind::Click, [1.0; 2], None))),
        ("key", |views| drop(views.press(1, "Enter", None))),
        ("custom", |views| drop(views.record_beside(Beside::custom("tag", &"null")))),
        ("plugin", |views| drop(views.record_beside(Beside::plugin("plugin@1", "{}")))),
        ("page", |views| drop(views.record_page(1, br#"{"type":3,"timestamp":1,"data":{"source":0}}"#))),
        ("session", |views| {
            views.sessions.request_snapshot(&views.sessions.replay_id().unwrap());
            views.tell_after_loss();
        }),
    ];
    for (door, tell) in doors {
        let views = shown_at(MaskLevel::Light);
        set_level(&views, MaskLevel::Conservative);
        tell(&views);
        assert_eq!(shown(&views), [false; 5], "{door}");
        assert!(!views.state.lock().timeline.is_interrupted(), "{door}: and a player has heard of it");
    }
}

#[test]
fn pixels_of_a_looser_level_that_were_still_on_their_way_are_passed_over() {
    let views = shown_at(MaskLevel::Light);
    let is_shown = || shown(&views)[4];
    let before = open(&views);
    set_level(&views, MaskLevel::Conservative);
    assert!(matches!(views.open_pixels(2, [9.0; 2], false), Ok(Opening::MasksUnknown)));
    let asks = || match views.open_pixels(2, [9.0; 2], true).unwrap() {
        Opening::Open { asks, .. } => asks,
        _ => panic!("it is captured"),
    };
    assert!(asks() && !asks(), "nothing of the view is there, and it is asked for once");
    let document = || views.state.lock().scene.document().to_string();
    views.show_pixels(drawn(before), 1).unwrap();
    assert!(!document().contains("data:image/png"));
    assert!(asks(), "the full picture was that of the looser level");
    views.show_pixels(drawn(open(&views)), 1).unwrap();
    assert!(is_shown());
}

#[test]
fn the_level_in_force_is_the_strictest_where_nothing_is_captured() {
    for (enabled, expected) in [(true, MaskLevel::Light), (false, MaskLevel::Conservative)] {
        let views = views(enabled);
        set_level(&views, MaskLevel::Light);
        assert_eq!(views.mask_level(), expected);
    }
}

#[test]
fn the_first_event_of_a_session_is_masked_while_the_server_is_not_heard() {
    let views = || {
        let views = views_of(r#"{"deviceId":"d","sessionTimeoutMs":60000}"#, None);
        set_level(&views, MaskLevel::Light);
        views
    };
    let place = |views: &Views| {
        views.place(&ViewInfo { view: 1, title: Some("a title"), ..ViewInfo::default() }).unwrap();
        views.state.lock().scene.document().to_string().contains("a title")
    };
    let awaits = views();
    assert_eq!(awaits.mask_level(), MaskLevel::Conservative);
    assert!(!place(&awaits));
    let heard = views();
    heard.sessions.apply_rule(rule(true), None);
    assert_eq!(heard.mask_level(), MaskLevel::Light, "no event has begun a session yet");
    assert!(place(&heard));
}
