//! What a player shows after each change is what a full snapshot would show then.

use serde_json::{Value, json};

use super::*;
use crate::pixels::{Image, ImagePixels, Mime, Update};
use crate::views::content::MAX_PIXEL_BYTES;
use crate::views::desk::MIN_DESK;
use crate::views::layers::Drawn;
use crate::views::nodes::{NodeInfo, NodeKind};
use crate::views::played::{Played, forget_node_ids, sort_styles};
use crate::views::view::CONTENT;

struct Shown {
    scene: Scene,
    played: Played,
}

impl Shown {
    fn new() -> Self {
        let mut scene = Scene::default();
        let played = Played::from_tree(&scene.document());
        Self { scene, played }
    }

    /// Makes a change, plays it, and compares. What it told.
    fn change(&mut self, edit: impl FnOnce(&mut Scene, &mut Changes) -> Result<(), Error>) -> Vec<Value> {
        let mut changes = Changes::default();
        edit(&mut self.scene, &mut changes).unwrap();
        let told: Vec<_> = changes.into_values().into_iter().map(|(_, data)| data).collect();
        told.iter().for_each(|data| self.played.apply(data));
        self.compare();
        told
    }

    fn compare(&mut self) {
        // Renumbered only where a full snapshot is told: here the ids of nodes stay what they are.
        let (mut played, mut document) = (self.played.to_tree(), self.scene.document());
        for tree in [&mut played, &mut document] {
            forget_node_ids(tree);
            sort_styles(tree);
        }
        assert_eq!(played, document);
        self.played = Played::from_tree(&self.scene.document());
    }

    fn place(&mut self, info: ViewInfo) -> Vec<Value> {
        self.change(|scene, changes| scene.place(&info, MaskLevel::Medium, changes))
    }

    fn nodes(&mut self, view: u64, nodes: &[NodeInfo]) -> Vec<Value> {
        self.change(|scene, changes| scene.show_nodes(view, nodes, MaskLevel::Medium, changes))
    }
}

fn window(view: u64) -> ViewInfo<'static> {
    ViewInfo { view, rectangle: [10.0, 40.0, 300.0, 200.0], title: Some("A window"), ..ViewInfo::default() }
}

fn text(id: u64, text: &str) -> NodeInfo<'_> {
    NodeInfo {
        id,
        kind: NodeKind::Text as u32,
        text,
        rectangle: [5.0, 6.0, 70.0, 8.0],
        ..NodeInfo::default()
    }
}

fn refused(scene: &mut Scene, edit: impl FnOnce(&mut Scene, &mut Changes) -> Result<(), Error>) -> String {
    let mut changes = Changes::default();
    let error = edit(scene, &mut changes).unwrap_err();
    assert!(changes.into_values().is_empty(), "{error}: what is refused changes nothing");
    error.to_string()
}

#[test]
fn windows_open_move_overlap_hide_and_close() {
    let mut shown = Shown::new();
    shown.place(window(7));
    shown.nodes(7, &[text(1, "one"), text(2, "two")]);
    shown.place(ViewInfo { z: 2, ..window(8) });
    shown.place(ViewInfo { rectangle: [50.0, 60.0, 300.0, 250.5], z: 3, ..window(7) });
    shown.place(ViewInfo { flags: 1, ..window(7) });
    shown.place(ViewInfo { flags: 2, title: Some("Another title"), ..window(7) });
    shown.place(ViewInfo { title: None, background: 0xff00_0000, ..window(7) });
    shown.place(ViewInfo { parent: 7, title: None, ..window(9) });
    shown.nodes(9, &[text(1, "inside")]);
    shown.nodes(7, &[text(2, "two"), text(3, "three")]);
    assert_eq!(
        shown.nodes(7, &[text(2, "two"), text(3, "three")]),
        [] as [Value; 0],
        "an unchanged list tells nothing"
    );
    assert_eq!(shown.place(ViewInfo { parent: 7, title: None, ..window(9) }), [] as [Value; 0]);
    shown.change(|scene, changes| {
        assert_eq!(scene.close(7, changes)?, [7, 9]);
        Ok(())
    });
    assert!(shown.scene.view(9).is_err(), "it lay in the one that was closed");
    shown.place(window(7));
}

#[test]
fn a_stricter_level_is_told_as_what_changes() {
    let mut shown = Shown::new();
    shown.place(window(7));
    shown.nodes(7, &[text(1, "one"), text(2, "two")]);
    shown.place(ViewInfo { flags: 1, ..window(8) });
    shown.change(|scene, changes| scene.show_page(8, changes));
    shown.open(9);
    shown.draw(9, drawn(9, true, &[(1, 9)], &[]));
    let tighten = |shown: &mut Shown, level| {
        shown.change(|scene, changes| {
            scene.tighten(level, changes);
            Ok(())
        })
    };
    assert_eq!(tighten(&mut shown, MaskLevel::Conservative).len(), 1);
    assert_eq!(tighten(&mut shown, MaskLevel::Conservative), [] as [Value; 0], "once is enough");
    assert_eq!(shown.scene.pages().len(), 1, "pages are masked where they are recorded");
    let document = shown.played.to_tree().to_string();
    assert!(
        document.contains("* ******") && document.contains("\"***\"") && !document.contains("A window"),
        "{document}"
    );
}

#[test]
fn a_view_changes_from_nodes_to_a_page_and_back() {
    let mut shown = Shown::new();
    shown.nodes(1, &[text(1, "one")]);
    shown.change(|scene, changes| scene.show_page(1, changes));
    assert_eq!(shown.scene.pages().len(), 1);
    shown.place(ViewInfo { rectangle: [0.0, 0.0, 640.0, 480.0], ..window(1) });
    shown.nodes(1, &[text(1, "two")]);
    assert_eq!(shown.scene.pages().len(), 0);
}

/// A frame of these images, each by its number; 0 bytes: of one colour.
fn drawn(view: u64, is_full: bool, images: &[(u64, usize)], removed: &[u64]) -> Drawn {
    let image = |(id, bytes): &(u64, usize)| {
        let pixels = match bytes {
            0 => ImagePixels::Flat([1, 2, 3]),
            _ => ImagePixels::Encoded { mime: Mime::WebP, bytes: vec![7; *bytes] },
        };
        Arc::new(Image { id: *id, x: 1.0, y: 2.5, width: 64.0, height: 16.0, pixels })
    };
    let (images, removed) = (images.iter().map(image).collect(), removed.to_vec());
    (&Update { view, timestamp_ms: 0, masking: 0, width: 64.0, height: 16.0, is_full, images, removed })
        .into()
}

impl Shown {
    fn open(&mut self, view: u64) -> bool {
        let mut asks = false;
        self.change(|scene, changes| {
            asks = scene.open_pixels(view, [64.0, 16.0], changes)?;
            Ok(())
        });
        asks
    }

    /// How many images there are then, if there was room.
    fn draw(&mut self, view: u64, drawn: Drawn) -> Option<usize> {
        let mut has_room = true;
        self.change(|scene, changes| {
            has_room = scene.show_pixels(drawn, changes);
            Ok(())
        });
        has_room.then(|| self.scene.view(view).unwrap().elements().len())
    }
}

#[test]
fn content_of_another_kind_has_ids_that_nothing_in_the_view_had() {
    let (mut scene, mut changes, mut given) = (Scene::default(), Changes::default(), Vec::new());
    for round in 0..3 {
        let nodes = [text(1, "one"), text(2, "two")];
        scene.show_nodes(1, &nodes, MaskLevel::Medium, &mut changes).unwrap();
        given.extend(ids_in(&scene, 1));
        scene.open_pixels(1, [64.0, 16.0], &mut changes).unwrap();
        scene.show_pixels(drawn(1, true, &[(round, 9)], &[]), &mut changes);
        given.extend(ids_in(&scene, 1));
    }
    let count = given.len();
    given.sort_unstable();
    given.dedup();
    assert_eq!((count, given.len()), (9, 9), "of three times two nodes and an image");
}

fn ids_in(scene: &Scene, view: u64) -> Vec<u64> {
    scene.view(view).unwrap().elements().iter().map(|element| element.id).collect()
}

#[test]
fn images_lie_on_top_of_each_other_until_they_are_covered() {
    let mut shown = Shown::new();
    assert!(shown.open(1), "there is none yet");
    assert!(!shown.open(1), "it was asked for");
    assert_eq!(shown.draw(1, drawn(1, false, &[(1, 9)], &[])), Some(0), "it lies on what is not there");
    assert_eq!(shown.draw(1, drawn(1, true, &[(2, 9), (3, 0)], &[])), Some(2));
    assert_eq!(shown.draw(1, drawn(1, false, &[(4, 9), (5, 9)], &[3, 4])), Some(2), "one never was seen");
    assert_eq!(shown.draw(1, drawn(1, true, &[(6, 9)], &[2, 5])), Some(1));
    shown.nodes(1, &[text(1, "one")]);
    assert_eq!(shown.draw(1, drawn(1, true, &[(7, 9)], &[])), Some(1), "it has other content now");
    assert!(shown.open(1));
    shown.draw(1, drawn(1, true, &[(8, 9)], &[]));
    shown.scene.forget_content();
    assert!(shown.scene.view(1).unwrap().elements().is_empty());
}

#[test]
fn pixels_that_no_event_has_room_for_are_not_shown() {
    let mut shown = Shown::new();
    for view in [1, 2] {
        shown.open(view);
        assert_eq!(shown.draw(view, drawn(view, true, &[(view, 1_400_000)], &[])), Some(1));
    }
    assert_eq!(shown.draw(2, drawn(2, false, &[(3, 300_000)], &[])), None);
    assert!(shown.scene.view(2).unwrap().elements().is_empty());
    assert!(shown.open(2), "a full picture may be smaller");
    assert_eq!(shown.draw(2, drawn(2, true, &[(4, 300_000)], &[])), Some(1));
    shown.change(|scene, changes| scene.close(1, changes).map(drop));
    assert_eq!(shown.draw(2, drawn(2, false, &[(5, 2_000_000)], &[])), Some(2));
}

#[test]
fn the_document_says_what_is_in_a_view_or_why_nothing_is() {
    let mut shown = Shown::new();
    let contents = |shown: &mut Shown| {
        let told = shown.scene.view(7).unwrap().content.name();
        // As a player has it, which was never told all of it again.
        shown.place(ViewInfo { z: 9, ..window(7) });
        let document = shown.played.to_tree();
        let window = &document["childNodes"][1]["childNodes"][1]["childNodes"][0]["attributes"];
        assert_eq!((&window["data-view"], &window[CONTENT]), (&json!("7"), &json!(told)));
        told
    };
    shown.place(window(7));
    assert_eq!(contents(&mut shown), "nothing");
    let note_masked = |shown: &mut Shown| {
        shown.change(|scene, changes| {
            scene.note_masked(7, changes);
            scene.note_masked(8, changes);
            Ok(())
        })
    };
    assert_eq!(note_masked(&mut shown).len(), 1);
    assert_eq!(note_masked(&mut shown), [] as [Value; 0], "once is enough");
    assert_eq!(contents(&mut shown), "masked");
    shown.open(7);
    assert_eq!(contents(&mut shown), "pixels");
    assert_eq!(note_masked(&mut shown), [] as [Value; 0], "what was kept is shown");
    assert_eq!(shown.draw(7, drawn(7, true, &[(1, MAX_PIXEL_BYTES)], &[])), None);
    assert_eq!(contents(&mut shown), "too-large");
    assert!(shown.open(7));
    assert_eq!(contents(&mut shown), "too-large", "until it is there");
    assert_eq!(shown.draw(7, drawn(7, true, &[(2, 9)], &[])), Some(1));
    assert_eq!(contents(&mut shown), "pixels");
    shown.change(|scene, changes| scene.show_page(7, changes));
    assert_eq!(contents(&mut shown), "page");
    shown.nodes(7, &[]);
    assert_eq!(contents(&mut shown), "nodes");
}

#[test]
fn the_desk_is_as_large_as_it_is_placed_or_as_the_windows_need() {
    let mut shown = Shown::new();
    assert_eq!(shown.scene.size(), MIN_DESK);
    let told = shown.place(ViewInfo { rectangle: [100.0, 100.0, 900.5, 700.0], ..window(1) });
    assert_eq!(told.last().unwrap(), &json!({"source": 4, "width": 1001.0, "height": 800.0}));
    shown.place(ViewInfo { rectangle: [0.0, 0.0, 10.0, 10.0], ..window(1) });
    assert_eq!(shown.scene.size(), [1001.0, 800.0], "it does not shrink");
    shown.place(ViewInfo { flags: 1, rectangle: [0.0, 0.0, 5_000.0, 10.0], ..window(2) });
    assert_eq!(shown.scene.size(), [1001.0, 800.0], "for what is hidden it does not grow");
    let desk = ViewInfo { rectangle: [0.0, 0.0, 1920.0, 1080.0], ..ViewInfo::default() };
    let told = shown.place(desk);
    assert_eq!(told, [json!({"source": 4, "width": 1920.0, "height": 1080.0})]);
}

#[test]
fn what_lies_on_a_desk_that_begins_elsewhere_stays_there() {
    let mut shown = Shown::new();
    let desk = ViewInfo { rectangle: [0.0, 0.0, 1920.0, 1080.0], ..ViewInfo::default() };
    shown.place(desk);
    shown.place(ViewInfo { rectangle: [0.0, 0.0, 10.0, 10.0], ..window(1) });
    shown.place(ViewInfo { parent: 1, ..window(2) });
    shown.place(window(3));
    shown.change(|scene, changes| scene.show_page(3, changes));
    let ids = [1, 3].map(|view| shown.scene.view(view).unwrap().ids.window());
    // A second display to the left.
    let told = shown.place(ViewInfo { rectangle: [-1920.0, 0.0, 3840.0, 1080.0], ..desk });
    let [mutation, size] = &told[..] else { panic!("{told:?}") };
    let moved: Vec<_> = mutation["attributes"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(moved, [&json!(ids[0]), &json!(ids[1])], "the windows on the desk, and nothing in them");
    assert_eq!((&mutation["removes"], &mutation["adds"]), (&json!([]), &json!([])), "no page goes");
    assert_eq!(size, &json!({"source": 4, "width": 3840.0, "height": 1080.0}));
    assert_eq!(shown.scene.locate(1, [1.0, 2.0]).unwrap().0, [1921.0, 2.0]);
    assert_eq!(shown.scene.locate(2, [1.0, 2.0]).unwrap().0, [1931.0, 42.0]);
    shown.place(ViewInfo { rectangle: [-1920.0, -100.0, 3840.0, 1180.0], background: 0xff00_0000, ..desk });
    assert_eq!(shown.place(ViewInfo { background: 0, ..desk }).len(), 2);
}

#[test]
fn a_place_is_that_of_the_desk_and_of_the_node_on_top() {
    let mut shown = Shown::new();
    shown.place(window(1));
    shown.place(ViewInfo { parent: 1, rectangle: [100.0, 100.0, 50.0, 50.0], ..window(2) });
    shown.nodes(2, &[text(1, "below"), text(2, "above")]);
    let ids = shown.scene.view(2).unwrap().ids;
    assert_eq!(shown.scene.locate(2, [6.0, 7.0]).unwrap(), ([116.0, 147.0], ids.of_content(2)));
    assert_eq!(shown.scene.locate(2, [1.0, 1.0]).unwrap(), ([111.0, 141.0], ids.content()));
    assert!(shown.scene.locate(3, [0.0, 0.0]).is_err());
}

#[test]
fn what_has_no_place_or_no_room_is_refused_and_changes_nothing() {
    let mut scene = Scene::default();
    scene.place(&window(1), MaskLevel::Medium, &mut Changes::default()).unwrap();
    let level = MaskLevel::Medium;
    for (info, named) in [
        (ViewInfo { rectangle: [0.0, 0.0, -1.0, 5.0], ..window(2) }, "impossible rectangle"),
        (ViewInfo { rectangle: [f64::NAN, 0.0, 1.0, 5.0], ..window(2) }, "impossible rectangle"),
        (ViewInfo { rectangle: [0.0, 1e9, 1.0, 5.0], ..window(2) }, "impossible rectangle"),
        (ViewInfo { flags: 4, ..window(2) }, "sr_view_flag"),
        (ViewInfo { parent: 5, ..window(2) }, "view 5 is not there"),
        (ViewInfo { parent: 2, ..window(2) }, "view 2 is not there"),
        (ViewInfo { parent: 1, ..window(1) }, "close it before"),
    ] {
        let error = refused(&mut scene, |scene, changes| scene.place(&info, level, changes));
        assert!(error.contains(named), "{error}");
    }
    let node = text(1, "a");
    for (bad, named) in [
        (vec![NodeInfo { kind: 99, ..node }], "nodes[0].kind (99)"),
        (vec![NodeInfo { flags: 1 << 20, ..node }], "sr_node_flag"),
        (vec![node, NodeInfo { id: 1, ..node }], "nodes[1].id (1) stands twice"),
        (vec![NodeInfo { clip: 1, ..node }], "nodes[0].clip (1)"),
        (vec![NodeInfo { rectangle: [0.0, 0.0, f32::INFINITY, 1.0], ..node }], "impossible rectangle"),
        (vec![NodeInfo { font_size: -1.0, ..node }], "font_size"),
        (vec![NodeInfo { image: "https://elsewhere", ..node }], "data:image/"),
        (vec![NodeInfo { id: 0, ..node }; 10_001], "10001 nodes"),
    ] {
        let error = refused(&mut scene, |scene, changes| scene.show_nodes(1, &bad, level, changes));
        assert!(error.contains(named), "{error}");
        let error = refused(&mut scene, |scene, changes| scene.show_nodes(99, &bad, level, changes));
        assert!(error.contains(named) && scene.view(99).is_err(), "{error}");
    }
    assert!(
        refused(&mut scene, |scene, changes| scene.show_nodes(0, &[node], level, changes))
            .contains("the desk")
    );
    assert!(
        refused(&mut scene, |scene, changes| scene.show_page(9, changes)).contains("view 9 is not there")
    );
    for view in 2..=256 {
        scene.place(&window(view), level, &mut Changes::default()).unwrap();
    }
    assert!(
        refused(&mut scene, |scene, changes| scene.place(&window(257), level, changes)).contains("256 views")
    );
}

#[test]
fn the_limit_counts_what_all_views_hold_together() {
    let mut scene = Scene::default();
    let mut show = |view, count| {
        let nodes = vec![NodeInfo { id: 0, ..text(0, "a") }; count];
        scene.show_nodes(view, &nodes, MaskLevel::Medium, &mut Changes::default())
    };
    show(1, 6_000).unwrap();
    assert!(show(2, 4_001).is_err());
    show(2, 4_000).unwrap();
    show(1, 6_000).unwrap();
    assert!(show(1, 6_001).is_err(), "the list before stays, and counts");
    show(1, 10).unwrap();
    show(2, 9_990).unwrap();
}

#[test]
fn a_title_is_masked_in_the_conservative_level_alone() {
    for (level, expected) in [
        (MaskLevel::Light, "A window"),
        (MaskLevel::Medium, "A window"),
        (MaskLevel::Conservative, "* ******"),
    ] {
        let mut scene = Scene::default();
        scene.place(&window(1), level, &mut Changes::default()).unwrap();
        assert!(scene.document().to_string().contains(&format!("\"{expected}\"")), "{level:?}");
    }
}
