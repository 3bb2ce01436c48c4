//! A node's own style: its place and what differs from the style sheet, in as few bytes as CSS has for it.

use std::fmt::Write;

use super::kind::{NodeFlag, NodeKind};
use super::node::Node;
use super::palette::{Palette, has_border, inherits_text_colour};
use super::units::{colour, number, pixels};

/// As the style sheet has it.
const USUAL_FONT_SIZE: f32 = 13.0;
const WHITE: u32 = 0xffff_ffff;
const USUAL_TEXT: &str = "#16181b";
const USUAL_BORDER: &str = "#b3b8bf";

/// Its declarations. No two of them set the same property: a change tells some of them alone.
pub(super) fn style(node: &Node, palette: Palette) -> String {
    let [x, y, width, height] = node.rectangle;
    let [by_x, by_y] = node.moved.map_or([0.0; 2], |moved| moved.by);
    let (left, top) = (number(x.into()) - by_x, number(y.into()) - by_y);
    let mut style = String::with_capacity(96);
    let mut put = |name: &str, value: &str| _ = write!(style, "{name}:{value};");
    for (name, value) in [("left", left), ("top", top), ("width", width.into()), ("height", height.into())] {
        put(name, &pixels(value));
    }
    let [text, background, border] = node.colours;
    if node.shows_text_colour() {
        match text {
            0 if palette.text != 0 && inherits_text_colour(node) => put("color", USUAL_TEXT),
            0 => {}
            // As the style sheet has it for what is selected.
            WHITE if node.has(NodeFlag::Selected) => {}
            text if text == palette.text && inherits_text_colour(node) => {}
            text => put("color", &colour(text)),
        }
    }
    if background != 0 && !is_usual_background(node, background) {
        put("background", &colour(background));
    }
    // Those of one kind say it in one way: what is declared of a border would not mix.
    match (border, has_border(node.kind)) {
        (0, true) if palette.border != 0 => put("border-color", USUAL_BORDER),
        (0, _) => {}
        (border, _) if border == palette.border => {}
        (border, true) => put("border-color", &colour(border)),
        // A border of its own colour is meant to be seen.
        (border, false) => put("border", &format!("1px solid {}", colour(border))),
    }
    if node.font_size > 0.0 && node.font_size != USUAL_FONT_SIZE {
        put("font-size", &pixels(node.font_size));
    }
    let [left, top, right, bottom] = node.visible;
    let cut = [top - y, x + width - right, y + height - bottom, left - x].map(pixels);
    if cut.iter().any(|side| side != "0") {
        put("clip-path", &format!("inset({})", cut.join(" ")));
    }
    style.pop();
    style
}

/// Whether it has a border only because it says so, of the colour that it inherits: that is a class.
pub(super) fn is_bordered(node: &Node, palette: Palette) -> bool {
    !has_border(node.kind) && node.colours[2] != 0 && node.colours[2] == palette.border
}

/// Whether the style sheet has this background for the node.
fn is_usual_background(node: &Node, background: u32) -> bool {
    use NodeKind::{Input, List, Menu, Password, ScrollArea};
    let is_white = matches!(node.kind, Input | List | Menu | Password | ScrollArea);
    is_white && background == WHITE && !node.has(NodeFlag::Selected)
}

#[cfg(test)]
mod tests {
    use super::super::kind::NodeKind;
    use super::super::node::{NodeInfo, prepare};
    use super::super::style::SHEET;
    use super::*;
    use crate::model::privacy::MaskLevel;

    const RED: u32 = 0xffff_0000;
    const PLACE: &str = "left:0;top:2.5px;width:5px;height:4px";

    fn style_of(infos: &[NodeInfo], palette: Palette) -> String {
        let (nodes, _) = prepare(infos, MaskLevel::Light).unwrap();
        style(&nodes.last().unwrap().1, palette)
    }

    fn of_kind(kind: NodeKind, colours: [u32; 3]) -> NodeInfo<'static> {
        NodeInfo { kind: kind as u32, colours, rectangle: [0.0, 2.5, 5.0, 4.0], ..NodeInfo::default() }
    }

    #[test]
    fn the_usual_colours_are_those_of_the_style_sheet() {
        let content = format!("color:{USUAL_TEXT};border:0 solid {USUAL_BORDER}}}");
        assert!(SHEET.contains(&content), "{content}");
    }

    #[test]
    fn what_is_not_as_usual_is_in_the_style() {
        let kind = NodeKind::Custom as u32;
        let area = NodeInfo { kind, rectangle: [0.0, 0.0, 20.0, 20.0], ..NodeInfo::default() };
        let usual = of_kind(NodeKind::Custom, [0; 3]);
        let coloured = |colours| NodeInfo { colours, text: "a", ..usual };
        let cut = |rectangle| NodeInfo { clip: 1, rectangle, ..usual };
        for (info, expected) in [
            (usual, ""),
            (coloured([0xff11_2234, 0x8000_0000, 0]), ";color:#112234;background:#00000080"),
            // Nothing is in the text's colour.
            (NodeInfo { colours: [0xff11_2234, 0xff00_0000, 0], ..usual }, ";background:#000"),
            (coloured([0, 0xffff_ffff, 0xff00_ff00]), ";background:#fff;border:1px solid #0f0"),
            (NodeInfo { font_size: 13.0, ..usual }, ""),
            (NodeInfo { font_size: 15.5, ..usual }, ";font-size:15.5px"),
        ] {
            assert_eq!(style_of(&[area, info], Palette::default()), format!("{PLACE}{expected}"));
        }
        for (rectangle, expected) in [
            (
                [10.0, -5.0, 30.0, 10.0],
                "left:10px;top:-5px;width:30px;height:10px;clip-path:inset(5px 20px 0 0)",
            ),
            ([5.0, 5.0, 5.0, 5.0], "left:5px;top:5px;width:5px;height:5px"),
        ] {
            assert_eq!(style_of(&[area, cut(rectangle)], Palette::default()), expected);
        }
    }

    #[test]
    fn a_node_of_the_colours_of_most_inherits_them_and_another_does_not() {
        use NodeKind::{Button, Custom, Image, Item, List, Text};
        let palette = Palette { text: 0xff00_0000, border: 0xffab_abab };
        let says = |info: NodeInfo<'static>| NodeInfo { text: "a", ..info };
        let selected = |info: NodeInfo<'static>| NodeInfo { flags: NodeFlag::Selected as u32, ..info };
        for (info, expected, is_bordered_by_class) in [
            (says(of_kind(Text, [palette.text, 0, 0])), "", false),
            (says(of_kind(Text, [0; 3])), ";color:#16181b", false),
            (says(of_kind(Text, [RED, 0, 0])), ";color:#f00", false),
            // The style sheet has a colour for the texts of these.
            (selected(says(of_kind(Item, [0; 3]))), "", false),
            (selected(says(of_kind(Item, [palette.text, 0, 0]))), ";color:#000", false),
            (selected(says(of_kind(Item, [WHITE, 0, 0]))), "", false),
            (says(of_kind(Text, [WHITE, 0, 0])), ";color:#fff", false),
            (says(of_kind(Image, [palette.text, 0, 0])), ";color:#000", false),
            (of_kind(Button, [0, 0, palette.border]), "", false),
            (of_kind(Button, [0; 3]), ";border-color:#b3b8bf", false),
            (of_kind(Button, [0, 0, RED]), ";border-color:#f00", false),
            (of_kind(Custom, [0, 0, palette.border]), "", true),
            (of_kind(Custom, [0; 3]), "", false),
            (of_kind(Custom, [0, 0, RED]), ";border:1px solid #f00", false),
            // White is what the style sheet has for a list, unless it is selected.
            (of_kind(List, [0, 0xffff_ffff, palette.border]), "", false),
            (selected(of_kind(List, [0, 0xffff_ffff, palette.border])), ";background:#fff", false),
            (of_kind(Custom, [0, 0xffff_ffff, 0]), ";background:#fff", false),
        ] {
            assert_eq!(style_of(&[info], palette), format!("{PLACE}{expected}"), "{info:?}");
            let (nodes, _) = prepare(&[info], MaskLevel::Light).unwrap();
            assert_eq!(is_bordered(&nodes[0].1, palette), is_bordered_by_class, "{info:?}");
        }
    }
}
