//! Node ids in the data of a page's events, shifted to those of its document. Everything else stays byte for byte.
//!
//! A walk without recursion: a document may be nested a hundred thousand levels deep.

use std::fmt::Write;

use super::super::ids::DocumentIds;
use crate::model::json::cursor::{Cursor, JsonKind};
use crate::model::json::range_in;

/// What an object is, which says what its members are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    /// The data of an incremental snapshot, of any source.
    Data,
    /// A node of a document, with all below it.
    Node,
    /// One of `adds`.
    Add,
    /// One of `texts`, `attributes`, `removes`, `positions`.
    Named,
    /// One of `ranges`: a selection.
    Range,
    /// One of `styles`.
    Style,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What names a node; -1 names none, as rrweb has it.
    Id,
    /// What gives a node or a style sheet its id, or names a style sheet. A player would take -1 for an id, too, one that all
    /// documents share.
    OwnId,
    /// Several of those.
    OwnIds,
    One(Object),
    /// What an incremental snapshot is about.
    Source,
    Many(Object),
    /// Nothing that has ids in it.
    Other,
}

/// What this member of an object is.
fn part(object: Object, member: &[u8]) -> Part {
    match (object, member) {
        (Object::Data, b"source") => Part::Source,
        (Object::Data, b"adds") => Part::Many(Object::Add),
        (Object::Data, b"texts" | b"attributes" | b"removes" | b"positions") => Part::Many(Object::Named),
        (Object::Data, b"ranges") => Part::Many(Object::Range),
        (Object::Data, b"styles") => Part::Many(Object::Style),
        (Object::Data, b"styleIds") => Part::OwnIds,
        (Object::Data | Object::Style, b"styleId") | (Object::Node, b"id" | b"rootId") => Part::OwnId,
        (Object::Data, b"id")
        | (Object::Add, b"parentId" | b"nextId" | b"previousId")
        | (Object::Named, b"id" | b"parentId")
        | (Object::Range, b"start" | b"end") => Part::Id,
        (Object::Node, b"childNodes") => Part::Many(Object::Node),
        (Object::Add, b"node") => Part::One(Object::Node),
        _ => Part::Other,
    }
}

/// What shifting writes to and needs meanwhile, kept from event to event: an event of a page is short, and memory for each would
/// cost more than the walk.
#[derive(Default)]
pub(crate) struct Scratch {
    /// What was written.
    pub(super) text: String,
    /// The id of no node: its last digits, all 0, give way to those of a node's id.
    before_ids: String,
    inside: Vec<Inside>,
}

/// Appends the data of an incremental snapshot to the text. Its member `source`.
pub(super) fn data(document: DocumentIds, text: &str, scratch: &mut Scratch) -> Option<f64> {
    shift(document, text, Object::Data, scratch)
}

/// Appends a document, or a part of one, to the text.
pub(super) fn node(document: DocumentIds, text: &str, scratch: &mut Scratch) {
    shift(document, text, Object::Node, scratch);
}

fn shift(document: DocumentIds, text: &str, root: Object, scratch: &mut Scratch) -> Option<f64> {
    let Scratch { text: shifted, before_ids, inside } = scratch;
    before_ids.clear();
    // Writing to a text can't fail.
    let _ = write!(before_ids, "{}", document.base());
    inside.clear();
    shifted.reserve(text.len() + text.len() / 4);
    let mut walk = Walk {
        document,
        before_ids,
        text,
        cursor: Cursor::new(text),
        inside,
        shifted,
        copied: 0,
        source: None,
    };
    walk.value(Part::One(root));
    while let Some(inside) = walk.inside.last().copied() {
        walk.step(inside);
    }
    walk.shifted.push_str(&text[walk.copied..]);
    walk.source
}

/// What the walk is inside of.
#[derive(Clone, Copy)]
enum Inside {
    Object(Object),
    /// An array, and what its elements are.
    Array(Part),
}

struct Walk<'a> {
    document: DocumentIds,
    before_ids: &'a str,
    text: &'a str,
    cursor: Cursor<'a>,
    inside: &'a mut Vec<Inside>,
    shifted: &'a mut String,
    /// How much of the text is in `shifted`.
    copied: usize,
    /// Of two the last counts, as in JavaScript.
    source: Option<f64>,
}

impl Walk<'_> {
    /// Goes past the next member or element, or into it.
    fn step(&mut self, inside: Inside) {
        let next = match inside {
            Inside::Object(object) => self.cursor.next_member().map(|member| part(object, &member)),
            Inside::Array(elements) => self.cursor.next_element().then_some(elements),
        };
        match next {
            Some(part) => self.value(part),
            None => _ = self.inside.pop(),
        }
    }

    /// The cursor is before a value that is this, if its kind allows.
    fn value(&mut self, part: Part) {
        let inside = match (part, self.cursor.kind()) {
            // No node, as where the member is missing.
            (Part::Id | Part::OwnId, JsonKind::Null) => return self.cursor.skip(),
            (Part::Id | Part::OwnId, _) => return self.id(part),
            (Part::Source, _) => return self.source = self.cursor.number_or_skip(),
            (Part::One(object), JsonKind::Object) => Inside::Object(object),
            (Part::Many(object), JsonKind::Array) => Inside::Array(Part::One(object)),
            (Part::OwnIds, JsonKind::Array) => Inside::Array(Part::OwnId),
            _ => return self.cursor.skip(),
        };
        self.cursor.enter();
        self.inside.push(inside);
    }

    fn id(&mut self, part: Part) {
        let written = self.cursor.raw();
        let place = range_in(written, self.text);
        if let Some(before) = self.digits_before(written) {
            self.shifted.push_str(&self.text[self.copied..place.start]);
            self.shifted.push_str(&self.before_ids[..before]);
            self.copied = place.start;
            return;
        }
        // A text or an object is no id, but some players would take it for one.
        let id = written.parse().unwrap_or(f64::NAN);
        if part == Part::Id && id == -1.0 {
            return;
        }
        self.shifted.push_str(&self.text[self.copied..place.start]);
        self.shifted.push_str(&self.document.of_node(id).to_string());
        self.copied = place.end;
    }

    /// How much of `before_ids` stands before this id, where its digits can stay as they are: nearly all.
    fn digits_before(&self, written: &str) -> Option<usize> {
        let is_plain = !written.starts_with('0') && written.bytes().all(|byte| byte.is_ascii_digit());
        let before = self.before_ids.len().checked_sub(written.len())?;
        (is_plain && written.len() <= DocumentIds::DIGITS && before > 0).then_some(before)
    }
}
