//! The colours that most nodes of a list have. The element that they lie in has them, and they inherit them: so few nodes need
//! say theirs. Which these are is chosen when a list has nothing to stand beside; it stays while any of its nodes is there.

use std::collections::HashMap;
use std::fmt::Write;

use super::kind::{NodeFlag, NodeKind};
use super::node::Node;
use super::units::colour;

/// 0: as the style sheet has it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    pub text: u32,
    pub border: u32,
}

impl Palette {
    /// That of most of these nodes.
    pub fn of<'a>(nodes: impl Iterator<Item = &'a Node> + Clone) -> Self {
        let texts = nodes.clone().filter(|node| node.shows_text_colour() && inherits_text_colour(node));
        let borders = nodes.filter(|node| node.colours[2] != 0 || has_border(node.kind));
        Self {
            text: most(texts.map(|node| node.colours[0])),
            border: most(borders.map(|node| node.colours[2])),
        }
    }

    /// Its declarations, each with a `;` behind it.
    pub fn declarations(self) -> String {
        let mut style = String::new();
        for (name, value) in [("color", self.text), ("border-color", self.border)] {
            if value != 0 {
                _ = write!(style, "{name}:{};", colour(value));
            }
        }
        style
    }
}

/// Whether the style sheet gives a node of this kind a border: one of the colour that it inherits.
pub(super) fn has_border(kind: NodeKind) -> bool {
    use NodeKind::{Button, Input, List, Menu, Password, ScrollArea};
    matches!(kind, Button | Input | List | Menu | Password | ScrollArea)
}

/// Whether its text has the colour that it inherits: the style sheet gives it no other.
pub(super) fn inherits_text_colour(node: &Node) -> bool {
    !node.has(NodeFlag::Selected) && node.kind != NodeKind::Image
}

/// What there is most of; of two the higher one.
fn most(colours: impl Iterator<Item = u32>) -> u32 {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    colours.for_each(|colour| *counts.entry(colour).or_default() += 1);
    counts.into_iter().max_by_key(|(colour, count)| (*count, *colour)).map_or(0, |(colour, _)| colour)
}

#[cfg(test)]
mod tests {
    use super::super::node::{NodeInfo, prepare};
    use super::*;
    use crate::model::privacy::MaskLevel;

    const RED: u32 = 0xffff_0000;
    const BLUE: u32 = 0xff00_00ff;

    #[test]
    fn the_colours_of_most_nodes_are_those_of_all() {
        let node = |kind: NodeKind, flags, text, colours| NodeInfo {
            kind: kind as u32,
            flags,
            text,
            colours,
            rectangle: [0.0, 0.0, 9.0, 9.0],
            ..NodeInfo::default()
        };
        let text = |colour| node(NodeKind::Text, 0, "a", [colour, 0, 0]);
        let edge = |kind, colour| node(kind, 0, "", [0, 0, colour]);
        let selected = node(NodeKind::Item, NodeFlag::Selected as u32, "a", [BLUE, 0, 0]);
        use NodeKind::{Button, Custom, Image};
        for (infos, text, border) in [
            (vec![], 0, 0),
            (vec![text(RED), text(RED), text(BLUE)], RED, 0),
            (vec![text(0), text(0), text(BLUE)], 0, 0),
            // What has no text of the colour that it inherits does not count.
            (vec![text(RED), selected, selected, edge(Custom, 0), edge(Custom, 0)], RED, 0),
            (vec![node(Image, 0, "a", [RED, 0, 0])], 0, 0),
            (vec![edge(Button, RED), edge(Custom, RED), edge(Custom, BLUE)], 0, RED),
            // A button without a colour of its own has a border, too.
            (vec![edge(Button, 0), edge(Button, 0), edge(Custom, BLUE)], 0, 0),
            (vec![edge(Custom, 0), edge(Custom, 0), edge(Custom, BLUE)], 0, BLUE),
        ] {
            let (nodes, _) = prepare(&infos, MaskLevel::Light).unwrap();
            let nodes = nodes.iter().map(|(_, node)| node);
            assert_eq!(Palette::of(nodes), Palette { text, border }, "{infos:?}");
        }
    }

    #[test]
    fn only_what_is_not_as_usual_is_declared() {
        for (text, border, expected) in [
            (0, 0, ""),
            (0xff00_0000, 0, "color:#000;"),
            (0xff00_0000, 0xffab_abab, "color:#000;border-color:#ababab;"),
        ] {
            assert_eq!(Palette { text, border }.declarations(), expected);
        }
    }
}
