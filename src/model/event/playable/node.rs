//! One serialized node of a full snapshot, as far as the player looks at it.

use super::element::Element;
use super::fault::{AN_ARRAY, AN_OBJECT, Fault};
use super::names;
use crate::model::event::rrweb::node_type::{CDATA, DOCUMENT, DOCUMENT_TYPE, ELEMENT, TEXT};
use crate::model::json::cursor::{Cursor, JsonKind};

/// A node without a type, or with one that the player passes over.
const OTHER: u8 = u8::MAX;

/// A node whose members are being read. Small: a document may be nested as deep as its event is long.
pub(super) struct Node<'a> {
    node_type: u8,
    element: Element<'a>,
    /// The name of a doctype is none.
    is_misnamed: bool,
    /// It is drawn as the browsers of old drew: the player reads the attributes of its first child.
    is_quirky: bool,
    has_child_nodes: bool,
    /// Its children are being read.
    pub is_in_child_nodes: bool,
    /// How many children were begun.
    pub children: u32,
    has_doctype: bool,
    has_element: bool,
    /// The first child that a document can't hold: text, a second element, a doctype behind one.
    misfit: Option<u32>,
    is_first_child_bare: bool,
}

impl<'a> Node<'a> {
    pub fn new() -> Self {
        Self {
            node_type: OTHER,
            element: Element::NEW,
            is_misnamed: false,
            is_quirky: false,
            has_child_nodes: false,
            is_in_child_nodes: false,
            children: 0,
            has_doctype: false,
            has_element: false,
            misfit: None,
            is_first_child_bare: false,
        }
    }

    /// Goes past the value of this member; into it, if it is the array of children.
    pub fn read_member(&mut self, name: &[u8], value: &mut Cursor<'a>) {
        match name {
            b"type" => self.node_type = read_type(value),
            b"name" => self.is_misnamed = is_no_doctype_name(value),
            b"compatMode" if value.kind() == JsonKind::Text => {
                self.is_quirky = *value.text() == *b"BackCompat"
            }
            b"childNodes" => {
                self.has_child_nodes = value.kind() == JsonKind::Array;
                self.is_in_child_nodes = self.has_child_nodes;
                self.children = 0;
                if self.has_child_nodes { value.enter() } else { value.skip() }
            }
            _ => self.element.read_member(name, value),
        }
    }

    /// Notes the child that was begun last, of which everything is known now.
    pub fn add_child(&mut self, child: &Node) {
        let fits = match child.node_type {
            TEXT => false,
            ELEMENT => !self.has_element,
            DOCUMENT_TYPE => !self.has_element && !self.has_doctype,
            _ => true,
        };
        let is_element = child.node_type == ELEMENT;
        self.has_element |= is_element;
        self.has_doctype |= child.node_type == DOCUMENT_TYPE;
        self.is_first_child_bare |= self.children == 1 && is_element && !child.element.has_attributes();
        if !fits {
            self.misfit.get_or_insert(self.children - 1);
        }
    }

    /// Whether the player can build it, so many levels below the root. The path of the fault begins at the node.
    pub fn check(&self, depth: usize) -> Result<(), Fault> {
        if (self.node_type == DOCUMENT && depth > 0) || (self.node_type == DOCUMENT_TYPE && depth > 1) {
            return Err(Fault::new(".type", "the type of a node that may be a child here"));
        }
        if self.node_type == CDATA {
            return Err(Fault::new(".type", "3 (text): HTML has no CDATA"));
        }
        if matches!(self.node_type, DOCUMENT | ELEMENT) && !self.has_child_nodes {
            return Err(Fault::new(".childNodes", AN_ARRAY));
        }
        match self.node_type {
            DOCUMENT => self.check_document(),
            DOCUMENT_TYPE if self.is_misnamed => Err(Fault::new(".name", "a name without blanks or >")),
            ELEMENT => self.element.fault().map_or(Ok(()), |(member, needs)| Err(Fault::new(member, needs))),
            _ => Ok(()),
        }
    }

    fn check_document(&self) -> Result<(), Fault> {
        if let Some(child) = self.misfit {
            let needs = "a comment, the only element, or a doctype before the element";
            return Err(Fault::new(format!(".childNodes[{child}]"), needs));
        }
        if !self.has_element {
            return Err(Fault::new(".childNodes", "an array with the root element"));
        }
        if self.is_quirky && self.is_first_child_bare {
            return Err(Fault::new(".childNodes[0].attributes", AN_OBJECT));
        }
        Ok(())
    }
}

fn read_type(value: &mut Cursor) -> u8 {
    // As each recorder writes it. (0 is for the document alone.)
    if let Some(&[digit]) = value.digits(1).map(str::as_bytes) {
        return digit - b'0';
    }
    match value.number_or_skip() {
        Some(number) if number.fract() == 0.0 && (0.0..=9.0).contains(&number) => number as u8,
        _ => OTHER,
    }
}

/// Whether the name that comes next is none of a doctype. The player makes text of what is no text.
fn is_no_doctype_name(value: &mut Cursor) -> bool {
    match value.kind() {
        JsonKind::Text => !names::is_doctype(&value.text()),
        kind => {
            value.skip();
            kind == JsonKind::Object
        }
    }
}
