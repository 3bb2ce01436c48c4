//! A scene in a test: views, a small page, and what a player shows of the events that arrive.

use serde_json::{Value, json};
use session_replay::{Lines, NodeInfo, NodeKind, Outcome, SessionReplay, ViewInfo};

use super::server::Server;

#[path = "../../src/views/played.rs"]
mod played;
pub(crate) use played::Played;

pub const SESSION: &str = "1732300000000";
pub const DEVICE: &str = "device-1";

pub fn window(view: u64) -> ViewInfo<'static> {
    let x = 20.0 * view as f64;
    ViewInfo { view, rectangle: [x, 40.0, 300.0, 200.0], title: Some("A window"), ..ViewInfo::default() }
}

pub fn node(kind: NodeKind, id: u64, text: &str) -> NodeInfo<'_> {
    NodeInfo { id, kind: kind as u32, text, rectangle: [5.0, 6.0, 70.0, 8.0], ..NodeInfo::default() }
}

pub fn text(text: &str) -> NodeInfo<'_> {
    node(NodeKind::Text, 1, text)
}

/// The events of a small page: Meta and full snapshot.
pub fn page(says: &str) -> Vec<String> {
    let shown = json!({"type": 3, "textContent": says, "id": 4});
    let body = json!({"type": 2, "tagName": "body", "attributes": {}, "childNodes": [shown], "id": 3});
    let html = json!({"type": 2, "tagName": "html", "attributes": {}, "childNodes": [body], "id": 2});
    let document = json!({"type": 0, "childNodes": [html], "id": 1});
    let event =
        |kind: u8, data: Value| format!(r#"{{"type":{kind},"timestamp":1732300000500,"data":{data}}}"#);
    vec![
        event(4, json!({"href": "https://page", "width": 300, "height": 200})),
        event(2, json!({"node": document, "initialOffset": {"left": 0, "top": 0}})),
    ]
}

pub fn page_says(says: &str) -> String {
    let data = json!({"source": 0, "texts": [{"id": 4, "value": says}], "attributes": [], "removes": [], "adds": []});
    format!(r#"{{"type":3,"timestamp":1732300000600,"data":{data}}}"#)
}

pub fn record(replay: &SessionReplay, view: u64, events: &[String]) -> Outcome {
    let mut done = Lines::default();
    let outcome = replay.record_view_lines(view, events.join("\n").as_bytes(), &mut done).unwrap();
    assert_eq!(done.kept, events.len());
    outcome
}

/// What a player shows at the end of a session that begins with its document.
pub(crate) fn play(events: &[String]) -> Played {
    play_those(events, |_, _| true)
}

/// The same without the events that are not to be played.
pub(crate) fn play_those(events: &[String], is_wanted: impl Fn(&Played, &Value) -> bool) -> Played {
    let events: Vec<Value> = events.iter().map(|event| serde_json::from_str(event).unwrap()).collect();
    assert_eq!(
        (&events[0]["type"], &events[1]["type"]),
        (&json!(4), &json!(2)),
        "Meta, then the full snapshot"
    );
    let mut played = Played::from_tree(&events[1]["data"]["node"]);
    // Since when each frame is there; all of a full snapshot since that.
    let (mut all_since, mut frames) = (0, std::collections::HashMap::new());
    for event in &events[2..] {
        if !is_wanted(&played, event) {
            continue;
        }
        // A page's clock may be behind: a player that orders by time must have the frame first.
        let time = event["timestamp"].as_i64().unwrap();
        let adds = event["data"]["adds"].as_array().into_iter().flatten();
        if event["data"]["isAttachIframe"] == true {
            let frame = event["data"]["adds"][0]["parentId"].as_u64();
            let since = frames.get(&frame).copied().unwrap_or(0).max(all_since);
            assert!(time >= since, "{event}");
        } else if event["type"] == 2 {
            all_since = time;
        } else {
            let added = adds.filter(|add| add["node"]["tagName"] == "iframe");
            frames.extend(added.map(|add| (add["node"]["id"].as_u64(), time)));
        }
        match event["type"].as_u64().unwrap() {
            2 => played = Played::from_tree(&event["data"]["node"]),
            3 => played.apply(&event["data"]),
            _ => {}
        }
    }
    played
}

pub fn arrived(server: &Server, replay: &SessionReplay, session: &str) -> Vec<String> {
    replay.flush(super::waiting::within_ms(20_000)).unwrap();
    server.events(DEVICE, session)
}

/// The same without events of documents that are not there: a player passes over them.
pub(crate) fn play_known(events: Vec<String>) -> Played {
    play(&only_with_document(events))
}

fn only_with_document(events: Vec<String>) -> Vec<String> {
    const PER_DOCUMENT: u64 = 1_000_000_000;
    // The document that each frame shows.
    let mut documents = std::collections::HashMap::new();
    let keep = |event: &String| {
        let event: Value = serde_json::from_str(event).unwrap();
        if event["type"] == 2 {
            documents.clear();
        }
        if event["data"]["isAttachIframe"] == true {
            let added = &event["data"]["adds"][0];
            let number = added["node"]["id"].as_u64().unwrap() / PER_DOCUMENT;
            documents.insert(added["parentId"].as_u64(), number);
        }
        match event["data"]["texts"][0]["id"].as_u64() {
            Some(id) if id > PER_DOCUMENT && id % PER_DOCUMENT < 1_000 => {
                documents.values().any(|shown| *shown == id / PER_DOCUMENT)
            }
            _ => true,
        }
    };
    events.into_iter().filter(keep).collect()
}
