//! The serialized document of a full snapshot, node by node, as the player builds it.

use std::fmt::Write;

use super::names;
use super::playable::{AN_ARRAY, AN_OBJECT, Fault};
use crate::model::json::cursor::{Cursor, Kind};

/// rrweb's numbers for nodes.
const DOCUMENT: u8 = 0;
const DOCTYPE: u8 = 1;
const ELEMENT: u8 = 2;
const TEXT: u8 = 3;
const CDATA: u8 = 4;
/// A node without a type, or with one that the player passes over.
const OTHER: u8 = u8::MAX;

/// A node whose members are being read. Small: a document may be nested as deep as its event is long.
struct Node {
    kind: u8,
    has_children: bool,
    in_children: bool,
    tag: Tag,
    is_svg: bool,
    is_custom: bool,
    is_shadow_host: bool,
    attributes: Attributes,
    /// The doctype's name is none.
    is_misnamed: bool,
    /// It is drawn as the browsers of old drew: the player reads the attributes of its first child.
    is_quirky: bool,
    has_doctype: bool,
    has_element: bool,
    /// What a document can't hold: text, a second element, a doctype behind one.
    misfit: Option<u32>,
    is_first_bare: bool,
    /// How many children were begun.
    children: u32,
}

/// What an element's `tagName` is good for. Without one the player makes an `undefined`.
#[derive(Clone, Copy)]
struct Tag {
    is_name: bool,
    is_link: bool,
    is_svg: bool,
    is_custom: bool,
    is_shadow_host: bool,
    is_media: bool,
}

/// What is known of an element's `attributes`.
#[derive(Clone, Copy)]
struct Attributes {
    are_there: bool,
    /// An object, or an array: what can be asked for a member.
    have_members: bool,
    plays: bool,
    has_volume: bool,
    has_rate: bool,
}

impl Tag {
    const NONE: Self = Self {
        is_name: true,
        is_link: false,
        is_svg: true,
        is_custom: false,
        is_shadow_host: false,
        is_media: false,
    };

    fn read(cursor: &mut Cursor) -> Self {
        match cursor.kind() {
            Kind::Text => {}
            // The player makes text of it: that of a number, an object or an array is no name.
            kind => {
                cursor.skip();
                return Self { is_name: matches!(kind, Kind::Null | Kind::True | Kind::False), ..Self::NONE };
            }
        }
        let name = &*cursor.text();
        Self {
            is_name: names::is_element(name),
            is_link: name.eq_ignore_ascii_case(b"link"),
            is_svg: names::is_svg(name),
            is_custom: names::is_custom(name),
            is_shadow_host: names::is_shadow_host(name),
            is_media: names::is_media(name),
        }
    }
}

impl Attributes {
    const NONE: Self =
        Self { are_there: false, have_members: false, plays: false, has_volume: true, has_rate: true };

    fn read(cursor: &mut Cursor) -> Self {
        let kind = cursor.kind();
        let have_members = matches!(kind, Kind::Object | Kind::Array);
        let mut read = Self { are_there: kind != Kind::Null, have_members, ..Self::NONE };
        if kind != Kind::Object {
            cursor.skip();
            return read;
        }
        cursor.enter();
        while let Some(name) = cursor.next_member() {
            match &*name {
                b"rr_mediaState" if cursor.kind() == Kind::Text => {
                    read.plays = matches!(&*cursor.text(), b"played" | b"paused");
                }
                // What is no number is passed over.
                b"rr_mediaVolume" => {
                    read.has_volume =
                        cursor.number_or_skip().is_none_or(|volume| (0.0..=1.0).contains(&volume));
                }
                b"rr_mediaPlaybackRate" => {
                    let is_one = |rate: f64| rate == 0.0 || (0.0625..=16.0).contains(&rate);
                    read.has_rate = cursor.number_or_skip().is_none_or(is_one);
                }
                _ => cursor.skip(),
            }
        }
        read
    }
}

impl Node {
    fn new() -> Self {
        Self {
            kind: OTHER,
            has_children: false,
            in_children: false,
            tag: Tag::NONE,
            is_svg: false,
            is_custom: false,
            is_shadow_host: false,
            attributes: Attributes::NONE,
            is_misnamed: false,
            is_quirky: false,
            has_doctype: false,
            has_element: false,
            misfit: None,
            is_first_bare: false,
            children: 0,
        }
    }
}

/// Goes past the node that comes next.
pub(super) fn check(cursor: &mut Cursor, path: &str) -> Result<(), Fault> {
    cursor.enter();
    // The nodes from the root to the one that is being read.
    let mut open = vec![Node::new()];
    while let Some(node) = open.last_mut() {
        if node.in_children {
            node.in_children = cursor.next_element();
            if !node.in_children {
                continue;
            }
            node.children = node.children.saturating_add(1);
            match cursor.kind() {
                Kind::Object => {
                    cursor.enter();
                    open.push(Node::new());
                }
                Kind::Null => return Err(fault(path, &open, "", AN_OBJECT)),
                _ => cursor.skip(),
            }
            continue;
        }
        let Some(key) = cursor.next_member() else {
            judge(path, &open)?;
            if let (Some(child), Some(parent)) = (open.pop(), open.last_mut()) {
                parent.take_in(&child);
            }
            continue;
        };
        match &*key {
            b"type" => node.kind = kind_of(cursor),
            b"tagName" => node.tag = Tag::read(cursor),
            b"attributes" => node.attributes = Attributes::read(cursor),
            b"isSVG" => node.is_svg = cursor.is_truthy(),
            b"isCustom" => node.is_custom = cursor.is_truthy(),
            b"isShadowHost" => node.is_shadow_host = cursor.is_truthy(),
            b"name" => node.is_misnamed = is_no_doctype(cursor),
            b"compatMode" if cursor.kind() == Kind::Text => node.is_quirky = *cursor.text() == *b"BackCompat",
            b"childNodes" => {
                node.has_children = cursor.kind() == Kind::Array;
                node.in_children = node.has_children;
                node.children = 0;
                if node.has_children { cursor.enter() } else { cursor.skip() }
            }
            _ => cursor.skip(),
        }
    }
    Ok(())
}

impl Node {
    fn take_in(&mut self, child: &Self) {
        let fits = match child.kind {
            TEXT => false,
            ELEMENT => !self.has_element,
            DOCTYPE => !self.has_element && !self.has_doctype,
            _ => true,
        };
        self.has_element |= child.kind == ELEMENT;
        self.has_doctype |= child.kind == DOCTYPE;
        self.is_first_bare |= self.children == 1 && child.kind == ELEMENT && !child.attributes.have_members;
        if !fits {
            self.misfit.get_or_insert(self.children - 1);
        }
    }
}

/// Judges the innermost node, of which everything is known.
fn judge(path: &str, open: &[Node]) -> Result<(), Fault> {
    let Some(node) = open.last() else { return Ok(()) };
    let depth = open.len() - 1;
    if (node.kind == DOCUMENT && depth > 0) || (node.kind == DOCTYPE && depth > 1) {
        return Err(fault(path, open, ".type", "that of a node which can stand inside another"));
    }
    if node.kind == CDATA {
        return Err(fault(path, open, ".type", "that of a node which HTML has: of a text, 3"));
    }
    if matches!(node.kind, DOCUMENT | ELEMENT) && !node.has_children {
        return Err(fault(path, open, ".childNodes", AN_ARRAY));
    }
    let (member, needs) = match node.kind {
        DOCUMENT => return judge_document(path, open, node),
        DOCTYPE if node.is_misnamed => (".name", "a name without blanks and >"),
        ELEMENT => match of_element(node) {
            Some(fault) => fault,
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    Err(fault(path, open, member, needs))
}

fn judge_document(path: &str, open: &[Node], node: &Node) -> Result<(), Fault> {
    if let Some(child) = node.misfit {
        let child = format!(".childNodes[{child}]");
        let needs = "what a document can hold: one element, comments, and before them a doctype";
        return Err(fault(path, open, &child, needs));
    }
    if !node.has_element {
        return Err(fault(path, open, ".childNodes", "an array with the root element"));
    }
    if node.is_quirky && node.is_first_bare {
        return Err(fault(path, open, ".childNodes[0].attributes", AN_OBJECT));
    }
    Ok(())
}

/// The member of an element that the player can't use.
fn of_element(node: &Node) -> Option<(&'static str, &'static str)> {
    let Node { tag, attributes, is_svg, .. } = node;
    if !tag.is_name {
        return Some((".tagName", "the name of an element"));
    }
    if *is_svg && !tag.is_svg {
        return Some((".tagName", "a name that an element of SVG can have"));
    }
    if node.is_custom && !is_svg && !tag.is_custom {
        return Some((".tagName", "a name that a custom element can have"));
    }
    if tag.is_link && !attributes.are_there {
        return Some((".attributes", AN_OBJECT));
    }
    if node.is_shadow_host && (*is_svg || !tag.is_shadow_host) {
        return Some((".isShadowHost", "left out: this element can't have a shadow tree"));
    }
    let is_media = tag.is_media && !is_svg;
    if attributes.plays && !is_media {
        return Some((".attributes.rr_mediaState", "left out: this element plays nothing"));
    }
    if is_media && !attributes.has_volume {
        return Some((".attributes.rr_mediaVolume", "0 to 1"));
    }
    if is_media && !attributes.has_rate {
        return Some((".attributes.rr_mediaPlaybackRate", "0, or 0.0625 to 16"));
    }
    None
}

fn kind_of(cursor: &mut Cursor) -> u8 {
    match cursor.number_or_skip() {
        Some(kind) if kind.fract() == 0.0 && (0.0..=9.0).contains(&kind) => kind as u8,
        _ => OTHER,
    }
}

/// Whether the name that comes next is none of a doctype. The player makes text of what is no text.
fn is_no_doctype(cursor: &mut Cursor) -> bool {
    match cursor.kind() {
        Kind::Text => !names::is_doctype(&cursor.text()),
        kind => {
            cursor.skip();
            kind == Kind::Object
        }
    }
}

/// The path to the innermost open node, and on. Of a long one the beginning and the end.
fn fault(path: &str, open: &[Node], rest: &str, needs: &'static str) -> Fault {
    const SHOWN: usize = 4;
    let mut whole = path.to_owned();
    for (depth, node) in open.iter().enumerate().filter(|(_, node)| node.in_children) {
        if depth < SHOWN || depth + SHOWN >= open.len() {
            let _ = write!(whole, ".childNodes[{}]", node.children.saturating_sub(1));
        } else if depth == SHOWN {
            whole.push_str(".…");
        }
    }
    whole.push_str(rest);
    Fault { path: whole, needs }
}
