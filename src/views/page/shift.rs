//! Node ids in the data of a page's events, shifted to those of its document. Everything else stays byte for byte.
//!
//! A walk without recursion: a document may be nested a hundred thousand levels deep.

use super::super::ids::{DocumentIds, ViewIds};
use crate::model::json::cursor::{Cursor, JsonKind};
use crate::model::json::number;

/// The `type` of a node that is a document.
const DOCUMENT: f64 = 0.0;

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
    /// What gives a style sheet its id, or names one or a document. A player would take -1 for an id, too, one that all
    /// documents share.
    OwnId,
    /// The own id of a node.
    NodeId,
    /// Which kind of node it is.
    NodeType,
    /// Several ids of style sheets.
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
        (Object::Node, b"id") => Part::NodeId,
        (Object::Node, b"type") => Part::NodeType,
        (Object::Data | Object::Style, b"styleId") | (Object::Node, b"rootId") => Part::OwnId,
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
    /// The document that `before_ids` is of.
    document: Option<DocumentIds>,
    /// The id of no node: its last digits, all 0, give way to those of a node's id.
    before_ids: String,
    inside: Vec<Inside>,
}

impl Scratch {
    fn set_document(&mut self, document: DocumentIds) {
        if self.document != Some(document) {
            self.document = Some(document);
            self.before_ids = document.base().to_string();
        }
    }
}

/// Makes the data of an incremental snapshot, which comes next, the text; the cursor is past it. Its member `source`.
///
/// A player that is told to add a document takes it for that of an iframe, if it is to lie in one. If not it opens the document
/// that it plays in anew, which is the whole scene's: a page could wipe all others. So a document that is added gets a root to
/// be made of: a comment, which is in the page's frame and in no document, and of which no document can be made.
pub(super) fn data(
    view: ViewIds,
    document: DocumentIds,
    next: &mut Cursor,
    scratch: &mut Scratch,
) -> Option<f64> {
    scratch.text.clear();
    let seen = shift(document, next, Object::Data, scratch);
    if let Some(place) = seen.adds_with_document {
        let (frame, root) = (view.frame(), document.root_of_added());
        scratch.text.insert_str(
            place,
            &format!(
                r#"{{"parentId":{frame},"nextId":null,"node":{{"type":5,"textContent":"","id":{root}}}}},"#
            ),
        );
    }
    seen.source
}

/// Appends the document, or the part of one, that comes next; the cursor is past it. Its id, as the page has it.
pub(super) fn node(document: DocumentIds, next: &mut Cursor, scratch: &mut Scratch) -> Option<f64> {
    // White space before it stays behind.
    next.kind();
    shift(document, next, Object::Node, scratch).root_id
}

/// What a walk came past.
struct Seen {
    source: Option<f64>,
    root_id: Option<f64>,
    adds_with_document: Option<usize>,
}

fn shift(document: DocumentIds, next: &mut Cursor, root: Object, scratch: &mut Scratch) -> Seen {
    scratch.set_document(document);
    let Scratch { text: shifted, before_ids, inside, .. } = scratch;
    inside.clear();
    let rest = next.rest().len();
    shifted.reserve(rest + rest / 4);
    let mut walk = Walk {
        document,
        before_ids,
        copied: next.position(),
        cursor: next,
        inside,
        shifted,
        source: None,
        root_id: None,
        adds: 0,
        added_type: None,
        adds_with_document: None,
    };
    walk.value(Part::One(root));
    while let Some(inside) = walk.inside.last().copied() {
        walk.step(inside);
    }
    walk.copy_to(walk.cursor.position());
    let Walk { source, root_id, adds_with_document, .. } = walk;
    Seen { source, root_id, adds_with_document }
}

/// What the walk is inside of.
#[derive(Clone, Copy)]
enum Inside {
    Object(Object),
    /// An array, and what its elements are.
    Array(Part),
}

struct Walk<'w, 'a> {
    document: DocumentIds,
    before_ids: &'w str,
    cursor: &'w mut Cursor<'a>,
    inside: &'w mut Vec<Inside>,
    shifted: &'w mut String,
    /// Up to where the text is in `shifted`.
    copied: usize,
    /// Of two the last counts, as in JavaScript.
    source: Option<f64>,
    /// Where the root is a node: its id.
    root_id: Option<f64>,
    /// Where `adds` begins in `shifted`.
    adds: usize,
    /// The kind of the node that is added.
    added_type: Option<f64>,
    /// Where those `adds` begin that have a document among them. Of two the last counts.
    adds_with_document: Option<usize>,
}

/// How much a node is inside of that is added: the data, `adds`, one of these, itself.
const DEPTH_OF_ADDED: usize = 4;

impl Walk<'_, '_> {
    /// Goes past the next member or element, or into it.
    fn step(&mut self, inside: Inside) {
        let next = match inside {
            Inside::Object(object) => self.cursor.next_member().map(|member| part(object, &member)),
            Inside::Array(elements) => self.cursor.next_element().then_some(elements),
        };
        match next {
            Some(part) => self.value(part),
            None => self.leave(),
        }
    }

    /// The cursor is past what the walk was inside of.
    fn leave(&mut self) {
        if self.inside.len() == DEPTH_OF_ADDED && self.added_type == Some(DOCUMENT) {
            // The last of two counts, so behind all others.
            let end = self.cursor.position().saturating_sub(1);
            self.copy_to(end);
            self.shifted.push_str(",\"rootId\":");
            self.shifted.push_str(&self.document.root_of_added().to_string());
            self.adds_with_document = Some(self.adds);
        }
        self.inside.pop();
    }

    /// The cursor is before a value that is this, if its kind allows.
    fn value(&mut self, part: Part) {
        let inside = match part {
            Part::Other => return self.cursor.skip(),
            Part::Id | Part::OwnId | Part::NodeId => return self.id(part),
            Part::Source => return self.source = self.cursor.number_or_skip(),
            Part::NodeType if self.inside.len() == DEPTH_OF_ADDED => {
                return self.added_type = self.cursor.number_or_skip();
            }
            Part::NodeType => return self.cursor.skip(),
            _ if self.cursor.skip_empty() => return,
            Part::One(object) => (self.cursor.kind() == JsonKind::Object).then_some(Inside::Object(object)),
            Part::Many(object) => self.array_of(Part::One(object)),
            Part::OwnIds => self.array_of(Part::OwnId),
        };
        let Some(inside) = inside else { return self.cursor.skip() };
        self.cursor.enter();
        self.inside.push(inside);
        match part {
            Part::Many(Object::Add) => {
                self.copy_to(self.cursor.position());
                self.adds = self.shifted.len();
                self.adds_with_document = None;
            }
            Part::One(Object::Node) if self.inside.len() == DEPTH_OF_ADDED => self.added_type = None,
            _ => {}
        }
    }

    fn array_of(&mut self, elements: Part) -> Option<Inside> {
        (self.cursor.kind() == JsonKind::Array).then_some(Inside::Array(elements))
    }

    fn id(&mut self, part: Part) {
        let start = self.cursor.position();
        // Nearly all: their digits can stay as they are, behind the first ones of `before_ids`.
        let at_most = DocumentIds::DIGITS.min(self.before_ids.len() - 1);
        let Some(digits) = self.cursor.digits(at_most) else { return self.id_of_any_form(part) };
        self.note_root(part, digits);
        self.copy_to(start);
        self.shifted.push_str(&self.before_ids[..self.before_ids.len() - digits.len()]);
    }

    fn id_of_any_form(&mut self, part: Part) {
        let kind = self.cursor.kind();
        let start = self.cursor.position();
        let written = self.cursor.raw();
        self.note_root(part, written);
        // No node, as where the member is missing.
        if kind == JsonKind::Null {
            return;
        }
        // A text or an object is no id, but some players would take it for one.
        let id = number(written).unwrap_or(f64::NAN);
        if part == Part::Id && id == -1.0 {
            return;
        }
        self.copy_to(start);
        self.shifted.push_str(&self.document.of_node(id).to_string());
        self.copied = self.cursor.position();
    }

    /// Of two ids of the outermost node the last counts.
    fn note_root(&mut self, part: Part, written: &str) {
        if part == Part::NodeId && self.inside.len() == 1 {
            self.root_id = Cursor::new(written).number();
        }
    }

    /// Appends what stands before this place and is not in `shifted` yet.
    fn copy_to(&mut self, end: usize) {
        self.shifted.push_str(self.cursor.between(self.copied, end));
        self.copied = end;
    }
}
