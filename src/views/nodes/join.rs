//! Nodes that are one element: an area that a program fills, and the border that it draws around it next.

use super::kind::NodeKind;
use super::node::{Key, Node};
use super::units::is_transparent;

/// Makes one of two nodes that follow each other, where one looks like both.
pub(super) fn join(nodes: &mut Vec<(Key, Node)>) {
    nodes.dedup_by(|(_, border), (_, area)| {
        let is_one = are_one(area, border);
        if is_one {
            area.colours[2] = border.colours[2];
        }
        is_one
    });
}

/// Whether the second is nothing but the border that the first, below it, does not have. A background lies below its own border,
/// too, so one that can be seen through looks as before.
fn are_one(area: &Node, border: &Node) -> bool {
    let is_bare = |node: &Node| node.kind == NodeKind::Custom && node.flags == 0 && node.text.is_empty();
    is_bare(area)
        && is_bare(border)
        && area.rectangle == border.rectangle
        && area.visible == border.visible
        && is_transparent(area.colours[2])
        && is_transparent(border.colours[1])
}

#[cfg(test)]
mod tests {
    use super::super::node::{NodeInfo, prepare};
    use super::*;
    use crate::model::privacy::MaskLevel;

    const FILLED: [u32; 3] = [0, 0xff00_0000, 0];
    const DRAWN: [u32; 3] = [0, 0, 0xffab_abab];

    fn bare(colours: [u32; 3]) -> NodeInfo<'static> {
        let rectangle = [1.0, 2.0, 6.0, 6.0];
        NodeInfo { kind: NodeKind::Custom as u32, rectangle, colours, ..NodeInfo::default() }
    }

    #[test]
    fn an_area_and_its_border_are_one_where_that_looks_the_same() {
        const NONE: u32 = 0x0100_0000;
        let border = bare(DRAWN);
        let joined = [0, 0xff00_0000, 0xffab_abab];
        for (second, expected) in [
            (border, &[joined][..]),
            (bare([5, NONE, 0xffab_abab]), &[joined]),
            (bare([0, 0xffff_ffff, 0xffab_abab]), &[FILLED, [0, 0xffff_ffff, 0xffab_abab]]),
            (NodeInfo { rectangle: [1.0, 2.0, 6.0, 7.0], ..border }, &[FILLED, DRAWN]),
            (NodeInfo { clip: 1, ..border }, &[FILLED, DRAWN]),
            (NodeInfo { flags: 1, ..border }, &[FILLED, DRAWN]),
            (NodeInfo { text: "a", ..border }, &[FILLED, DRAWN]),
            (NodeInfo { kind: NodeKind::List as u32, ..border }, &[FILLED, DRAWN]),
        ] {
            let clip = NodeInfo { rectangle: [0.0, 0.0, 3.0, 3.0], ..bare([0; 3]) };
            let (mut nodes, _) = prepare(&[clip, bare(FILLED), second], MaskLevel::Light).unwrap();
            nodes.remove(0);
            join(&mut nodes);
            let colours: Vec<_> = nodes.iter().map(|(_, node)| node.colours).collect();
            assert_eq!(colours, expected, "{second:?}");
        }
    }

    #[test]
    fn an_area_with_a_border_of_its_own_stays_alone() {
        let area = bare([0, 0xff00_0000, 0xff11_1111]);
        let (mut nodes, _) = prepare(&[area, bare(DRAWN), bare(DRAWN)], MaskLevel::Light).unwrap();
        join(&mut nodes);
        assert_eq!(nodes.len(), 3);
    }
}
