//! What can't be seen from outside within the five minutes between two questions to the server.

use std::sync::Arc;

use super::*;
use crate::model::capture::CaptureRule;
use crate::model::ids::ApiKey;
use crate::model::privacy::MaskLevel;
use crate::model::sample_rate::SampleRate;
use crate::options::Options;
use crate::session::Sessions;
use crate::storage::Storage;
use crate::views::nodes::NodeInfo;
use crate::views::view::ViewInfo;

fn rule(enabled: bool) -> CaptureRule {
    CaptureRule {
        enabled,
        sample_rate: SampleRate::ALL,
        min_session_duration: Default::default(),
        is_targeted: false,
    }
}

fn views(enabled: bool) -> Views {
    let options = Arc::new(Options::from_json(r#"{"deviceId":"d","sessionId":1}"#).unwrap());
    let storage = Arc::new(Storage::open(None, &ApiKey::from_text("key").unwrap(), 64_000_000));
    let rule = Some(rule(enabled));
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
    views.sessions.apply_rule(rule(false));
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(views.place(&window), Ok(Outcome::NotCaptured));
    let node = NodeInfo { kind: 1, text: "secret", ..NodeInfo::default() };
    assert_eq!(views.show_nodes(1, &[node]), Ok(Outcome::NotCaptured));
    assert_eq!(recorded(&views), 1);
    // As the thread does that hears of it.
    views.sessions.apply_rule(rule(true));
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(recorded(&views), 2, "the whole scene once more");
    assert_eq!(views.begin(Outcome::Done), Outcome::Done);
    assert_eq!(recorded(&views), 2, "it is there");
    let document = views.state.lock().scene.document().to_string();
    assert!(!document.contains("secret") && views.level() == MaskLevel::Medium);
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
