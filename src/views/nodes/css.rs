//! A node's own style: its place and what differs from the style sheet, in as few bytes as CSS has for it.

use std::fmt::Write;

use super::node::Node;
use super::units::{colour, number, pixels};

/// The colour of most texts: it has a class, not a declaration of each node.
pub(super) const BLACK: u32 = 0xff00_0000;
/// As the style sheet has it.
const USUAL_FONT_SIZE: f32 = 13.0;

/// Its declarations. No two of them set the same property: a change tells some of them alone.
pub(super) fn style(node: &Node) -> String {
    let [x, y, width, height] = node.rectangle;
    let [by_x, by_y] = node.moved.map_or([0.0; 2], |moved| moved.by);
    let (left, top) = (number(x.into()) - by_x, number(y.into()) - by_y);
    let mut style = String::with_capacity(96);
    let mut put = |name: &str, value: &str| _ = write!(style, "{name}:{value};");
    for (name, value) in [("left", left), ("top", top), ("width", width.into()), ("height", height.into())] {
        put(name, &pixels(value));
    }
    let [text, background, border] = node.colours;
    if !matches!(text, 0 | BLACK) && node.shows_text_colour() {
        put("color", &colour(text));
    }
    if background != 0 {
        put("background", &colour(background));
    }
    // A border of its own colour is meant to be seen.
    if border != 0 {
        put("border", &format!("1px solid {}", colour(border)));
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

#[cfg(test)]
mod tests {
    use super::super::kind::NodeKind;
    use super::super::node::{NodeInfo, prepare};
    use super::*;
    use crate::model::privacy::MaskLevel;

    fn style_of(infos: &[NodeInfo]) -> String {
        let (nodes, _) = prepare(infos, MaskLevel::Light).unwrap();
        style(&nodes.last().unwrap().1)
    }

    #[test]
    fn what_is_not_as_usual_is_in_the_style() {
        let kind = NodeKind::Custom as u32;
        let area = NodeInfo { kind, rectangle: [0.0, 0.0, 20.0, 20.0], ..NodeInfo::default() };
        let usual = NodeInfo { kind, rectangle: [0.0, 2.5, 5.0, 4.0], ..NodeInfo::default() };
        let coloured = |colours| NodeInfo { colours, text: "a", ..usual };
        let cut = |rectangle| NodeInfo { clip: 1, rectangle, ..usual };
        for (info, expected) in [
            (usual, "left:0;top:2.5px;width:5px;height:4px"),
            (
                coloured([0xff11_2234, 0x8000_0000, 0]),
                "left:0;top:2.5px;width:5px;height:4px;color:#112234;background:#00000080",
            ),
            // Nothing is in the text's colour.
            (
                NodeInfo { colours: [0xff11_2234, 0xff00_0000, 0], ..usual },
                "left:0;top:2.5px;width:5px;height:4px;background:#000",
            ),
            // Black is a class.
            (
                coloured([BLACK, 0xffff_ffff, 0xff00_ff00]),
                "left:0;top:2.5px;width:5px;height:4px;background:#fff;border:1px solid #0f0",
            ),
            (NodeInfo { font_size: 13.0, ..usual }, "left:0;top:2.5px;width:5px;height:4px"),
            (NodeInfo { font_size: 15.5, ..usual }, "left:0;top:2.5px;width:5px;height:4px;font-size:15.5px"),
            (
                cut([10.0, -5.0, 30.0, 10.0]),
                "left:10px;top:-5px;width:30px;height:10px;clip-path:inset(5px 20px 0 0)",
            ),
            (cut([5.0, 5.0, 5.0, 5.0]), "left:5px;top:5px;width:5px;height:5px"),
        ] {
            assert_eq!(style_of(&[area, info]), expected);
        }
    }
}
