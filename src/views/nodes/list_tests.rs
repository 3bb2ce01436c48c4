//! From one list to the next: a player that makes the changes has what a full snapshot would show.

use super::*;
use crate::views::nodes::kind::{NodeFlag, NodeKind};
use crate::views::nodes::node::prepare;
use crate::views::played::{Played, sort_styles};

const VIEW: ViewIds = ViewIds(3);

fn show(list: &mut NodeList, infos: &[NodeInfo]) -> Changes {
    let mut changes = Changes::default();
    let (nodes, size) = prepare(infos, MaskLevel::Light).unwrap();
    list.replace(VIEW, nodes, size, fingerprint(infos, MaskLevel::Light), &mut changes);
    changes
}

fn content(list: &NodeList) -> Element {
    let mut content = Element::new(VIEW.content(), "div");
    list.elements(VIEW).for_each(|element| content = content.clone().with_child(element));
    content
}

fn sorted(mut tree: serde_json::Value) -> serde_json::Value {
    sort_styles(&mut tree);
    tree
}

fn node(kind: NodeKind, id: u64, text: &str) -> NodeInfo<'_> {
    NodeInfo { id, kind: kind as u32, text, rectangle: [1.0, 2.0, 3.0, 4.0], ..NodeInfo::default() }
}

/// How many removes, adds, texts, attributes, and other events.
fn counts(changes: Changes) -> [usize; 5] {
    let mut counts = [0; 5];
    for (_, data) in changes.into_values() {
        if data["source"] != 0 {
            counts[4] += 1;
            continue;
        }
        for (at, list) in ["removes", "adds", "texts", "attributes"].into_iter().enumerate() {
            counts[at] = data[list].as_array().unwrap().len();
        }
    }
    counts
}

#[test]
fn each_change_costs_what_it_must() {
    use NodeKind::{Button, Checkbox, Input, Text};
    let before =
        [node(Text, 1, "one"), node(Button, 2, "two"), node(Input, 3, "three"), node(Checkbox, 4, "four")];
    let [one, two, three, four] = before;
    let moved = NodeInfo { rectangle: [9.0, 2.0, 3.0, 4.0], ..two };
    let checked = NodeInfo { flags: NodeFlag::Checked as u32, ..four };
    for (what, after, expected) in [
        ("nothing", vec![one, two, three, four], [0; 5]),
        ("a text", vec![NodeInfo { text: "1", ..one }, two, three, four], [0, 0, 1, 0, 0]),
        ("a place", vec![one, moved, three, four], [0, 0, 0, 1, 0]),
        ("a value", vec![one, two, NodeInfo { text: "3", ..three }, four], [0, 0, 0, 0, 1]),
        ("a check", vec![one, two, three, checked], [0, 0, 0, 0, 1]),
        ("one less", vec![one, three, four], [1, 0, 0, 0, 0]),
        ("one more in the middle", vec![one, node(Text, 9, "new"), two, three, four], [0, 2, 0, 0, 0]),
        ("one at the front", vec![four, one, two, three], [1, 3, 0, 0, 0]),
        ("another kind", vec![node(Input, 1, "one"), two, three, four], [1, 1, 0, 0, 0]),
        ("a text that goes", vec![NodeInfo { text: "", ..one }, two, three, four], [1, 0, 0, 0, 0]),
        ("a caption that goes", vec![one, NodeInfo { text: "", ..two }, three, four], [1, 1, 0, 0, 0]),
        ("another in its place", vec![one, NodeInfo { id: 9, ..two }, three, four], [0; 5]),
        ("another that says more", vec![one, node(Button, 9, "more"), three, four], [0, 0, 1, 0, 0]),
        ("another field in its place", vec![one, two, node(Input, 9, "3"), four], [1, 1, 0, 0, 0]),
        ("all", vec![], [4, 0, 0, 0, 0]),
    ] {
        let mut list = NodeList::default();
        show(&mut list, &before);
        assert_eq!(counts(show(&mut list, &after)), expected, "{what}");
    }
}

#[test]
fn nodes_without_ids_are_told_apart_by_kind_and_order() {
    let mut list = NodeList::default();
    show(
        &mut list,
        &[node(NodeKind::Text, 0, "a"), node(NodeKind::Button, 0, "b"), node(NodeKind::Text, 0, "c")],
    );
    let changes = show(&mut list, &[node(NodeKind::Text, 0, "a"), node(NodeKind::Text, 0, "d")]);
    assert_eq!(counts(changes), [1, 0, 1, 0, 0], "the button goes, the second text changes");
}

#[test]
fn a_player_that_makes_the_changes_has_what_a_full_snapshot_shows() {
    let mut random = fastrand::Rng::with_seed(7);
    let texts = ["", "a", "b", "longer text", "\u{1f600} \"quoted\""];
    let mut list = NodeList::default();
    let mut played = Played::from_tree(&content(&list).to_tree());
    for round in 0..400 {
        let mut ids: Vec<u64> = (1..14).collect();
        random.shuffle(&mut ids);
        // Often nearly the same order as before.
        if random.bool() {
            ids.sort_unstable();
        }
        ids.truncate(random.usize(0..14));
        let infos: Vec<_> = ids
            .iter()
            .map(|id| NodeInfo {
                id: if random.u8(0..4) == 0 { 0 } else { *id },
                flags: random.u32(0..1 << 12),
                rectangle: [f32::from(random.u8(..)), 1.0, 5.0, 5.0],
                colours: [0; 3].map(|_| [0, 0xff00_0000, 0xffff_ffff][random.usize(0..3)]),
                ..node(
                    NodeKind::from_number(random.u32(1..13)).unwrap(),
                    0,
                    texts[random.usize(0..texts.len())],
                )
            })
            .collect();
        for (_, data) in show(&mut list, &infos).into_values() {
            played.apply(&data);
        }
        assert_eq!(sorted(played.to_tree()), sorted(content(&list).to_tree()), "round {round}");
    }
}

#[test]
fn what_most_nodes_have_stands_once_and_stays_while_any_is_there() {
    const BLUE: u32 = 0xff00_00ff;
    let coloured = |id, colour| NodeInfo { colours: [colour, 0, 0], ..node(NodeKind::Text, id, "a") };
    let mut list = NodeList::default();
    let mut declarations = |infos: &[NodeInfo]| {
        let count = counts(show(&mut list, infos));
        (count, list.declarations())
    };
    let black = |id| coloured(id, 0xff00_0000);
    assert_eq!(declarations(&[black(1), black(2)]), ([0, 4, 0, 0, 0], "color:#000".to_owned()));
    let blue = [1, 2, 3].map(|id| coloured(id, BLUE));
    assert_eq!(
        declarations(&blue),
        ([0, 2, 0, 2, 0], "color:#000".to_owned()),
        "two are told, none of the others"
    );
    assert_eq!(declarations(&[]), ([3, 0, 0, 0, 0], "color:#000".to_owned()));
    assert_eq!(declarations(&blue), ([0, 6, 0, 0, 0], "color:#00f".to_owned()));
}

#[test]
fn renumbering_gives_small_ids_again() {
    let mut list = NodeList::default();
    for id in 1..100 {
        show(&mut list, &[node(NodeKind::Input, id, "a")]);
    }
    assert!(list.node_at(VIEW, [2.0, 3.0]) > Some(VIEW.of_content(4)));
    list.renumber();
    assert_eq!(list.node_at(VIEW, [2.0, 3.0]), Some(VIEW.of_content(0)));
    assert_eq!(list.node_at(VIEW, [50.0, 3.0]), None);
}

#[test]
fn the_longest_rising_list_is_found() {
    for (numbers, expected) in [
        (vec![], vec![]),
        (vec![0, 1, 2], vec![0, 1, 2]),
        (vec![2, 1, 0], vec![0]),
        (vec![3, 0, 1, 2], vec![0, 1, 2]),
        (vec![0, 4, 1, 5, 2], vec![0, 1, 2]),
    ] {
        assert_eq!(longest_increasing(&numbers), expected, "{numbers:?}");
    }
}

#[test]
fn what_is_told_is_in_the_fingerprint_and_so_is_the_level() {
    let one = node(NodeKind::Text, 1, "a");
    let of = |info: NodeInfo, level| fingerprint(&[info], level);
    let before = of(one, MaskLevel::Light);
    assert_eq!(of(one, MaskLevel::Light), before);
    for changed in [
        NodeInfo { id: 2, ..one },
        NodeInfo { kind: 2, ..one },
        NodeInfo { flags: 1, ..one },
        NodeInfo { rectangle: [1.0, 2.0, 3.0, 5.0], ..one },
        NodeInfo { clip: 1, ..one },
        NodeInfo { colours: [0, 1, 0], ..one },
        NodeInfo { font_size: 1.0, ..one },
        NodeInfo { text: "b", ..one },
        NodeInfo { image: "data:image/png", ..one },
    ] {
        assert_ne!(of(changed, MaskLevel::Light), before, "{changed:?}");
    }
    assert_ne!(of(one, MaskLevel::Medium), before);
    assert_ne!(fingerprint(&[], MaskLevel::Light), fingerprint(&[one, one], MaskLevel::Light));
}

#[test]
fn used_up_ids_are_given_anew_and_no_id_is_another_nodes_in_the_same_change() {
    let mut list = NodeList::default();
    let show_text = |list: &mut NodeList, text: &str| {
        show(list, &[node(NodeKind::Text, 1, text), node(NodeKind::Button, 2, "OK")])
    };
    show_text(&mut list, "first");
    for (round, in_upper_half) in [true, false, true].into_iter().enumerate() {
        let mut played = Played::from_tree(&content(&list).to_tree());
        list.next_id = if in_upper_half { HALF } else { MAX_CONTENT } - MAX_IDS_PER_NODE;
        let text = format!("round {round}");
        let changes = show_text(&mut list, &text).into_values();
        let data = &changes[0].1;
        assert_eq!((data["removes"].as_array().unwrap().len(), changes.len()), (2, 1));
        let id = data["adds"][0]["node"]["id"].as_u64().unwrap();
        assert_eq!((VIEW.of_content(HALF)..VIEW.of_content(MAX_CONTENT)).contains(&id), in_upper_half);
        played.apply(data);
        assert_eq!(sorted(played.to_tree()), sorted(content(&list).to_tree()));
        assert_eq!(counts(show_text(&mut list, "changed")), [0, 0, 1, 0, 0], "they stay then");
    }
}

#[test]
fn the_ids_of_a_node_are_side_by_side() {
    let check = [node(NodeKind::Checkbox, 1, "a check")];
    for free in 0..4 {
        let mut list = NodeList { next_id: BLOCK - free, ..NodeList::default() };
        let changes = show(&mut list, &check).into_values();
        let adds = changes[0].1["adds"].as_array().unwrap();
        let ids: Vec<u64> = adds.iter().map(|add| add["node"]["id"].as_u64().unwrap()).collect();
        let first = VIEW.of_content(if free < 3 { BLOCK } else { BLOCK - free });
        assert_eq!(ids, [first, first + 2, first + 1], "{free} are free in the block");
        assert_eq!(list.next_id, if free < 3 { BLOCK + 3 } else { BLOCK });
    }
}

/// Where a player shows the nodes of a list: left and top of each element, and how far its group moves it.
fn places(list: &NodeList) -> Vec<[f64; 2]> {
    let length = |value: &str| value.trim_end_matches("px").parse::<f64>().unwrap();
    let groups = list.declarations();
    let moved = |class: &str| {
        let by =
            groups.split(';').find_map(|it| it.strip_prefix("--")?.strip_prefix(class)?.strip_prefix(':'));
        by.map_or([0.0; 2], |by| by.split_once(',').map(|(x, y)| [length(x), length(y)]).unwrap())
    };
    list.elements(VIEW)
        .map(|element| {
            let style = &element.attributes["style"];
            let class = element.attributes.get("class").and_then(|class| class.as_str()).unwrap_or_default();
            let of = |name: &str| {
                length(style.as_str().unwrap().split(';').find_map(|it| it.strip_prefix(name)).unwrap())
            };
            let class = class.split(' ').find(|it| it.len() == 2 && it.starts_with('g'));
            let [x, y] = class.map_or([0.0; 2], moved);
            [of("left:") + x, of("top:") + y]
        })
        .collect()
}

fn rows(ids: std::ops::Range<u64>, scrolled: f32) -> Vec<NodeInfo<'static>> {
    let row = |id| NodeInfo {
        rectangle: [1.0, 20.0 * id as f32 - scrolled, 50.0, 20.0],
        ..node(NodeKind::Item, id, "a row")
    };
    ids.map(row).collect()
}

#[test]
fn rows_that_scroll_again_move_as_one() {
    let mut list = NodeList::default();
    let mut scroll = |infos: &[NodeInfo], expected, groups: &str| {
        assert_eq!(counts(show(&mut list, infos)), expected, "{groups}");
        assert_eq!(list.declarations(), groups);
        let told: Vec<_> =
            infos.iter().map(|info| [info.rectangle[0], info.rectangle[1]].map(f64::from)).collect();
        assert_eq!(places(&list), told, "{groups}");
    };
    scroll(&rows(1..11, 0.0), [0, 20, 0, 0, 0], "");
    // Each becomes one of the group; then none is told.
    scroll(&rows(1..11, 5.0), [0, 0, 0, 10, 0], "--g0:0,-5px");
    scroll(&rows(1..11, 30.5), [0; 5], "--g0:0,-30.5px");
    scroll(&rows(2..12, 47.25), [1, 2, 0, 0, 0], "--g0:0,-47.25px");
    scroll(&rows(2..12, 0.0), [0; 5], "");
    // One that is held is told by itself, and from then on is none of them.
    let mut held = rows(2..12, 8.0);
    held[4].rectangle[1] += 8.0;
    scroll(&held, [0, 0, 0, 1, 0], "--g0:0,-8px");
    held.iter_mut().enumerate().filter(|(at, _)| *at != 4).for_each(|(_, info)| info.rectangle[0] += 3.0);
    scroll(&held, [0; 5], "--g0:3px,-8px");
    // Another list moves elsewhere.
    let others = rows(20..25, 0.0);
    let with = |others: &[NodeInfo<'static>]| [&held[..], others].concat();
    scroll(&with(&others), [0, 10, 0, 0, 0], "--g0:3px,-8px");
    scroll(&[], [15, 0, 0, 0, 0], "");
}

#[test]
fn a_group_that_was_moved_far_begins_anew() {
    let mut list = NodeList::default();
    let mut seen_far = false;
    for step in 0..1_100 {
        // Five rows go at the top and come at the bottom with each step.
        let first = 1 + 5 * step;
        let infos = rows(first..first + 20, 100.0 * step as f32);
        show(&mut list, &infos);
        let told: Vec<_> =
            infos.iter().map(|info| [info.rectangle[0], info.rectangle[1]].map(f64::from)).collect();
        assert_eq!(places(&list), told, "{step}");
        seen_far |= list.declarations() == "--g0:0,-100000px";
    }
    assert!(seen_far);
    assert_eq!(list.declarations(), "--g0:0,-9800px");
}

#[test]
fn whatever_moves_is_shown_where_it_is() {
    let mut random = fastrand::Rng::with_seed(21);
    let mut list = NodeList::default();
    let mut moved = [[0.0_f32; 2]; 7];
    for round in 0..600 {
        // Seven lists of up to nine rows: more than there are groups.
        for by in &mut moved {
            if random.u8(0..3) == 0 {
                *by = [0; 2].map(|_| f32::from(random.i8(-9..9)) * 1.25);
            }
        }
        let mut infos = Vec::new();
        for id in 0..63_u64 {
            let [x, y] = moved[(id / 9) as usize];
            let alone = if random.u8(0..40) == 0 { 7.0 } else { 0.0 };
            let rectangle = [30.0 + x, 20.0 * id as f32 + y + alone, 25.0, 20.0];
            if random.u8(0..12) != 0 {
                infos.push(NodeInfo { rectangle, ..node(NodeKind::Item, id + 1, "a") });
            }
        }
        show(&mut list, &infos);
        let told: Vec<_> =
            infos.iter().map(|info| [info.rectangle[0], info.rectangle[1]].map(f64::from)).collect();
        for (shown, told) in places(&list).into_iter().zip(told) {
            assert!(
                (0..2).all(|at| (shown[at] - told[at]).abs() < 0.011),
                "round {round}: {shown:?} {told:?}"
            );
        }
    }
}
