//! What 14 seconds of Qt Designer cost, listed as nodes: the calls of `tests/fixtures/frames/qt-designer-nodes.json`.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use super::beside::event;
use super::changes::Changes;
use super::nodes::{NodeInfo, NodeKind};
use super::pointer::PointerKind;
use super::scene::Scene;
use super::timeline::Timeline;
use super::view::ViewInfo;
use crate::model::privacy::MaskLevel;

const CALLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/frames/qt-designer-nodes.json");
const BEGIN_MS: u64 = 1_732_300_000_000;

/// What of its pictures is told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Icons {
    Pictures,
    /// Where each lies.
    Places,
    Nothing,
}

/// The events of the recording.
fn events(icons: Icons) -> Vec<String> {
    let calls: Value = serde_json::from_str(&std::fs::read_to_string(CALLS).unwrap()).unwrap();
    let all: Vec<NodeInfo> =
        calls["nodes"].as_array().unwrap().iter().map(|node| node_of(node, icons)).collect();
    let (mut scene, mut timeline) = (Scene::default(), Timeline::default());
    let mut told = Vec::new();
    for call in calls["calls"].as_array().unwrap() {
        let mut changes = Changes::default();
        let now = UNIX_EPOCH + Duration::from_millis(BEGIN_MS + call[0].as_u64().unwrap());
        make(call, &all, &mut scene, &mut timeline, &mut changes);
        let time = timeline.time(None, now);
        let acts = changes.take_acts();
        let (_, events) = timeline.document_events(&mut scene, 1, Some(changes), time);
        timeline.reached(1, &events);
        told.extend(events);
        told.extend(acts.iter().map(|(kind, data)| event(*kind, time, data)));
    }
    told
}

fn make(call: &Value, all: &[NodeInfo], scene: &mut Scene, timeline: &mut Timeline, changes: &mut Changes) {
    let (name, view) = (call[1].as_str().unwrap(), call[2].as_u64().unwrap());
    let number = |at: usize| call[at].as_f64().unwrap();
    match name {
        "place" => {
            let rectangle = [4, 5, 6, 7].map(number);
            let (parent, z) = (number(3) as u64, number(8) as i32);
            let (flags, background, title) = (number(9) as u32, number(10) as u32, call[11].as_str());
            let info = ViewInfo { view, parent, rectangle, z, flags, background, title };
            scene.place(&info, MaskLevel::Medium, changes).unwrap();
        }
        "nodes" => {
            let places = call[3].as_array().unwrap().iter().flat_map(places);
            let list: Vec<NodeInfo> = places.map(|at| all[at]).collect();
            scene.show_nodes(view, &list, MaskLevel::Medium, changes).unwrap();
        }
        "close" => _ = scene.close(view, changes).unwrap(),
        "pointer" => {
            let kind = PointerKind::from_number(number(3) as u32).unwrap();
            let (place, node) = scene.locate(view, [number(4), number(5)]).unwrap();
            let time = (BEGIN_MS + call[0].as_u64().unwrap()) as i64;
            if !kind.is_move() || timeline.takes_move(Some(time)) {
                changes.tell_act(kind.data(place, node));
            }
        }
        "key" => changes.tell_custom_act("key", &serde_json::json!({"view": view, "key": call[3]})),
        other => panic!("{other}"),
    }
}

/// "first-last", or one.
fn places(part: &Value) -> std::ops::RangeInclusive<usize> {
    let text = part.as_str().map_or_else(|| part.to_string(), str::to_owned);
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    first.parse().unwrap()..=last.parse().unwrap()
}

fn node_of(node: &Value, icons: Icons) -> NodeInfo<'static> {
    let number = |at: usize| node[at].as_f64().unwrap_or_default();
    let text = |at: usize| &*node[at].as_str().unwrap_or_default().to_owned().leak();
    let kind = number(0) as u32;
    // What takes no room is not seen.
    let is_left_out = icons == Icons::Nothing && kind == NodeKind::Image as u32;
    let rectangle = [4, 5, 6, 7].map(|at| if is_left_out { 0.0 } else { number(at) as f32 });
    NodeInfo {
        kind,
        id: number(1) as u64,
        flags: number(2) as u32,
        clip: number(3) as u32,
        rectangle,
        colours: [8, 9, 10].map(|at| number(at) as u32),
        font_size: number(11) as f32,
        text: text(12),
        image: if icons == Icons::Pictures { text(13) } else { "" },
    }
}

fn gzipped(lines: &[String]) -> usize {
    let plain = serde_json::to_vec(lines).unwrap();
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::new(5).unwrap());
    let mut room = vec![0; compressor.gzip_compress_bound(plain.len())];
    compressor.gzip_compress(&plain, &mut room).unwrap()
}

/// Where it costs less by now, the numbers are lowered. With `SR_EVENTS=folder` the test keeps the events there.
#[test]
fn a_session_costs_no_more_than_it_did() {
    for (icons, most, most_gzipped) in [
        (Icons::Places, 87_000, 10_950),
        (Icons::Pictures, 133_100, 42_000),
        (Icons::Nothing, 78_000, 10_200),
    ] {
        let events = events(icons);
        let bytes: usize = events.iter().map(String::len).sum();
        let of_gzip = gzipped(&events);
        if let Ok(folder) = std::env::var("SR_EVENTS") {
            std::fs::write(format!("{folder}/nodes-{icons:?}.jsonl"), events.join("\n")).unwrap();
        }
        assert!(bytes <= most && of_gzip <= most_gzipped, "{icons:?}: {bytes} bytes, {of_gzip} gzipped");
    }
}
