//! One node: as the host tells it, and as it is kept.

use std::hash::{Hash, Hasher};

use super::kind::{ALL_FLAGS, NodeFlag, NodeKind};
use super::mask::{keeps_image, mask};
use super::units::is_transparent;
use crate::error::Error;
use crate::model::privacy::MaskLevel;

/// Bytes of a node's text; what is longer is cut.
const MAX_TEXT_BYTES: usize = 4_096;
/// Bytes of a node's picture, as a `data:` URL.
const MAX_IMAGE_BYTES: usize = 65_536;
/// No coordinate is further away, no side longer.
const MAX_COORDINATE: f32 = 100_000.0;
const MAX_FONT_SIZE: f32 = 1_000.0;

/// A node as the host tells it. Rectangles are in the view's pixels, from its upper left corner.
#[derive(Debug, Clone, Copy, Default)]
pub struct NodeInfo<'a> {
    /// Names the node from one list to the next; 0: the library finds out.
    pub id: u64,
    /// A [`NodeKind`].
    pub kind: u32,
    /// [`NodeFlag`]s.
    pub flags: u32,
    /// Left, top, width, height.
    pub rectangle: [f32; 4],
    /// 1 + the place in the list of an earlier node, at whose edges this one is cut off; 0: at the view's.
    pub clip: u32,
    /// 0xAARRGGBB of text, background and border; 0: as such a node usually looks.
    pub colours: [u32; 3],
    /// In pixels; 0: as usual.
    pub font_size: f32,
    /// What it says or holds.
    pub text: &'a str,
    /// A `data:` URL of an image; empty: none.
    pub image: &'a str,
}

/// A node as it is kept: within its bounds, and masked.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::views) struct Node {
    pub kind: NodeKind,
    pub flags: u32,
    pub rectangle: [f32; 4],
    /// Where it is seen: left, top, right, bottom.
    pub visible: [f32; 4],
    pub colours: [u32; 3],
    pub font_size: f32,
    pub text: Box<str>,
    pub image: Box<str>,
    /// If it moves with others.
    pub moved: Option<Moved>,
}

/// That a node is in a group of those that move together: which one, and how far that moves it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::views) struct Moved {
    pub group: usize,
    pub by: [f64; 2],
}

impl Node {
    pub fn has(&self, flag: NodeFlag) -> bool {
        self.flags & flag as u32 != 0
    }

    /// The same, masked by a stricter level, too.
    pub fn masked(&self, level: MaskLevel) -> Self {
        let is_masked = self.has(NodeFlag::Masked);
        let text = mask(&self.text, self.kind, is_masked, level).into();
        let image = if keeps_image(is_masked, level) { self.image.clone() } else { Box::default() };
        Self { text, image, ..self.clone() }
    }

    /// Whether this one's element, once it is gone, is worth being made that of `node`. Another kind is another element. Fields
    /// stay what they are: a change of what they hold is told as if the user had typed it. A picture is most of its bytes.
    pub fn can_become(&self, node: &Self) -> bool {
        use NodeKind::{Checkbox, Input, Password, Radio};
        let is_field = |kind| matches!(kind, Input | Password | Checkbox | Radio);
        !is_field(self.kind)
            && self.kind == node.kind
            && self.image == node.image
            && self.text.is_empty() == node.text.is_empty()
    }

    /// Whether anything of it is, or is soon, in its text's colour.
    pub fn shows_text_colour(&self) -> bool {
        !self.text.is_empty() || matches!(self.kind, NodeKind::Input | NodeKind::Password)
    }

    /// Whether anything of it is seen. What is not needs no element.
    pub fn is_seen(&self) -> bool {
        let [left, top, right, bottom] = self.visible;
        let [_, background, border] = self.colours;
        let is_drawn = match self.kind {
            NodeKind::Text | NodeKind::Item | NodeKind::Custom => {
                !is_transparent(background) || !is_transparent(border)
            }
            // 0: as such a node usually looks.
            NodeKind::Button | NodeKind::List | NodeKind::ScrollArea => {
                [background, border].iter().any(|colour| *colour == 0 || !is_transparent(*colour))
            }
            _ => true,
        };
        let is_marked = self.has(NodeFlag::Focused) || self.has(NodeFlag::Selected);
        left < right && top < bottom && (is_drawn || is_marked || !self.text.is_empty())
    }
}

/// How much lists of nodes take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::views) struct Size {
    pub nodes: usize,
    /// Bytes of texts and pictures.
    pub bytes: usize,
}

impl NodeInfo<'_> {
    /// Puts all that is told into a hash.
    pub(super) fn hash_into(&self, hasher: &mut impl Hasher) {
        (self.id, self.kind, self.flags, self.clip, self.colours).hash(hasher);
        self.rectangle.map(f32::to_bits).hash(hasher);
        self.font_size.to_bits().hash(hasher);
        (self.text, self.image).hash(hasher);
    }
}

/// The nodes of this list as they are kept.
pub(in crate::views) fn prepare(
    infos: &[NodeInfo],
    level: MaskLevel,
) -> Result<(Vec<(Key, Node)>, Size), Error> {
    let mut nodes: Vec<(Key, Node)> = Vec::with_capacity(infos.len());
    let mut keys = Keys::default();
    let mut size = Size { nodes: infos.len(), bytes: 0 };
    for (at, info) in infos.iter().enumerate() {
        let refuse = |problem: String| Error::InvalidArgument(format!("nodes[{at}]{problem}"));
        let node = keep(info, level, &nodes).map_err(refuse)?;
        size.bytes += node.text.len() + node.image.len();
        let key = keys.key_of(info.id, node.kind);
        let Some(key) = key else {
            return Err(refuse(format!(
                ".id ({}) stands twice in the list: give each node its own, or 0",
                info.id
            )));
        };
        nodes.push((key, node));
    }
    Ok((nodes, size))
}

fn keep(info: &NodeInfo, level: MaskLevel, before: &[(Key, Node)]) -> Result<Node, String> {
    let Some(kind) = NodeKind::from_number(info.kind) else {
        return Err(format!(".kind ({}) is none of sr_node_kind", info.kind));
    };
    if info.flags & !ALL_FLAGS != 0 {
        return Err(format!(".flags ({:#x}) has a bit that is none of sr_node_flag", info.flags));
    }
    let [x, y, width, height] = info.rectangle;
    let is_good = |value: f32| value.is_finite() && value.abs() <= MAX_COORDINATE;
    if !info.rectangle.into_iter().all(is_good) || width < 0.0 || height < 0.0 {
        return Err(format!(" has an impossible rectangle ({x}, {y}, {width} by {height})"));
    }
    if !(0.0..=MAX_FONT_SIZE).contains(&info.font_size) {
        return Err(format!(".font_size ({}) is not within 0 to 1000", info.font_size));
    }
    let clip = match info.clip as usize {
        0 => [f32::NEG_INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::INFINITY],
        clip => match before.get(clip - 1) {
            Some((_, node)) => node.visible,
            None => return Err(format!(".clip ({clip}) is not 1 + the place of an earlier node")),
        },
    };
    if info.image.len() > MAX_IMAGE_BYTES || !(info.image.is_empty() || info.image.starts_with("data:image/"))
    {
        return Err(".image must be a URL that begins with data:image/, of at most 65536 bytes".to_owned());
    }
    let is_masked = info.flags & NodeFlag::Masked as u32 != 0;
    let text = plain(mask(shorten(info.text, MAX_TEXT_BYTES), kind, is_masked, level).into_owned());
    let image = if keeps_image(is_masked, level) { info.image } else { "" };
    Ok(Node {
        kind,
        flags: info.flags,
        rectangle: info.rectangle,
        visible: [x.max(clip[0]), y.max(clip[1]), (x + width).min(clip[2]), (y + height).min(clip[3])],
        colours: info.colours,
        font_size: info.font_size,
        text: text.into(),
        image: image.into(),
        moved: None,
    })
}

/// Without control characters, which nothing shows.
fn plain(text: String) -> String {
    match text.contains(|c: char| c.is_control() && c != '\n') {
        true => text.replace(|c: char| c.is_control() && c != '\n', " "),
        false => text,
    }
}

/// At most so many bytes of a text, cut between two characters.
pub(in crate::views) fn shorten(text: &str, max_bytes: usize) -> &str {
    let is_end = |end: &usize| text.is_char_boundary(*end);
    let end = (0..=max_bytes.min(text.len())).rev().find(is_end).unwrap_or(0);
    &text[..end]
}

/// Which node of one list is which of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::views) enum Key {
    /// By the host's id.
    Id(u64),
    /// The n-th of its kind without one.
    Ordinal(u32, u32),
}

#[derive(Default)]
struct Keys {
    ids: std::collections::HashSet<u64>,
    ordinals: [u32; 16],
}

impl Keys {
    /// `None`: the id stood there before.
    fn key_of(&mut self, id: u64, kind: NodeKind) -> Option<Key> {
        if id != 0 {
            return self.ids.insert(id).then_some(Key::Id(id));
        }
        let ordinal = &mut self.ordinals[kind as usize];
        *ordinal += 1;
        Some(Key::Ordinal(kind as u32, *ordinal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_needs_no_element() {
        use NodeKind::{Button, Custom, Image, Input, Item, List, Menu, ScrollArea, Text};
        const NONE: u32 = 0x0100_0000;
        const WHITE: u32 = 0xffff_ffff;
        let area = NodeInfo { kind: Custom as u32, rectangle: [0.0, 0.0, 9.0, 9.0], ..NodeInfo::default() };
        let inside = |kind, text, background, border, flags| NodeInfo {
            kind: kind as u32,
            text,
            colours: [0xff00_0000, background, border],
            flags,
            clip: 1,
            ..area
        };
        let at = |rectangle| NodeInfo { rectangle, ..inside(Text, "a", 0, 0, 0) };
        for (info, is_seen) in [
            (inside(Custom, "", 0, 0, 0), false),
            (inside(Custom, "", NONE, NONE, 0), false),
            (inside(Custom, "", WHITE, 0, 0), true),
            (inside(Custom, "", 0x0200_0000, 0, 0), true),
            (inside(Item, "", 0, WHITE, 0), true),
            (inside(Item, "", 0, 0, 0), false),
            (inside(Item, "", 0, 0, NodeFlag::Selected as u32), true),
            (inside(Text, "", 0, 0, NodeFlag::Focused as u32), true),
            (inside(Text, "a", 0, 0, 0), true),
            (inside(Button, "", 0, 0, 0), true),
            (inside(Button, "", NONE, 0, 0), true),
            (inside(Button, "", NONE, NONE, 0), false),
            (inside(List, "", NONE, NONE, 0), false),
            (inside(ScrollArea, "", 0, NONE, 0), true),
            (inside(Menu, "", NONE, NONE, 0), true),
            (inside(Image, "", NONE, NONE, 0), true),
            (inside(Input, "", NONE, NONE, 0), true),
            (at([8.0, 8.0, 5.0, 5.0]), true),
            (at([9.0, 8.0, 5.0, 5.0]), false),
            (at([2.0, -7.0, 5.0, 5.0]), false),
            (at([2.0, 2.0, 0.0, 5.0]), false),
        ] {
            let (nodes, _) = prepare(&[area, info], MaskLevel::Light).unwrap();
            assert_eq!(nodes[1].1.is_seen(), is_seen, "{info:?}");
        }
    }
}
