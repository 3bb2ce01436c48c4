//! The serialized document of a full snapshot, node by node, as the player builds it.

use std::fmt::Write;

use super::cursor::{Cursor, Kind};
use super::playable::{AN_ARRAY, AN_OBJECT, Fault};

/// rrweb's numbers for nodes.
const DOCUMENT: u8 = 0;
const DOCTYPE: u8 = 1;
const ELEMENT: u8 = 2;
const TEXT: u8 = 3;
/// A node without a type, or with one that the player passes over.
const OTHER: u8 = u8::MAX;

/// A node whose members are being read. Small: a document may be nested as deep as its event is long.
struct Node {
    kind: u8,
    has_children: bool,
    in_children: bool,
    has_attributes: bool,
    is_link: bool,
    /// Its own `tagName` is none.
    is_misnamed: bool,
    /// What a document can't hold: text, or a second element.
    has_element: bool,
    misfit: Option<u32>,
    /// How many children were begun.
    children: u32,
}

impl Node {
    fn new() -> Self {
        Self {
            kind: OTHER,
            has_children: false,
            in_children: false,
            has_attributes: false,
            is_link: false,
            is_misnamed: false,
            has_element: false,
            misfit: None,
            children: 0,
        }
    }
}

/// Goes past the node that comes next. A document without content is left alone: rrweb tells of one while a page is
/// being replaced.
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
            let child = open.pop().map_or(OTHER, |child| child.kind);
            if let Some(parent) = open.last_mut() {
                parent.take_in(child);
            }
            continue;
        };
        match &*key {
            b"type" => node.kind = kind_of(cursor),
            b"tagName" if cursor.kind() == Kind::Text => {
                let name = cursor.text();
                node.is_misnamed = !is_name(&name);
                node.is_link = name.eq_ignore_ascii_case(b"link");
            }
            b"attributes" => {
                node.has_attributes = cursor.kind() != Kind::Null;
                cursor.skip();
            }
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
    fn take_in(&mut self, child: u8) {
        let fits = child != TEXT && !(child == ELEMENT && self.has_element);
        self.has_element |= child == ELEMENT;
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
    if matches!(node.kind, DOCUMENT | ELEMENT) && !node.has_children {
        return Err(fault(path, open, ".childNodes", AN_ARRAY));
    }
    if node.kind == ELEMENT && node.is_misnamed {
        return Err(fault(path, open, ".tagName", "the name of an element"));
    }
    if node.kind == ELEMENT && node.is_link && !node.has_attributes {
        return Err(fault(path, open, ".attributes", AN_OBJECT));
    }
    if let (DOCUMENT, Some(child)) = (node.kind, node.misfit) {
        let child = format!(".childNodes[{child}]");
        return Err(fault(path, open, &child, "what a document can hold: one element, comments, a doctype"));
    }
    Ok(())
}

fn kind_of(cursor: &mut Cursor) -> u8 {
    match cursor.number_or_skip() {
        Some(kind) if kind.fract() == 0.0 && (0.0..=9.0).contains(&kind) => kind as u8,
        _ => OTHER,
    }
}

/// What `createElement` takes in every browser. rrweb tells of an element with another name as a `div`.
fn is_name(name: &[u8]) -> bool {
    let starts = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii();
    let follows = |byte: &u8| starts(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    name.first().is_some_and(starts) && name.iter().all(follows)
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
