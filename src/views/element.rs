//! A part of the scene's document, before it is written as rrweb has it: whole, in a full snapshot, or node by node, in
//! `adds`, where a player drops the children of a node.

use serde_json::{Map, Value, json};

/// An element with what lies in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    pub id: u64,
    pub tag: &'static str,
    pub attributes: Map<String, Value>,
    pub children: Vec<Child>,
}

/// What lies in an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Child {
    Element(Element),
    Text { id: u64, text: String },
}

impl Element {
    pub fn new(id: u64, tag: &'static str) -> Self {
        Self { id, tag, attributes: Map::new(), children: Vec::new() }
    }

    /// With this attribute.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.to_owned(), value.into());
        self
    }

    /// With this text in it.
    pub fn with_text(mut self, id: u64, text: impl Into<String>) -> Self {
        self.children.push(Child::Text { id, text: text.into() });
        self
    }

    /// With this element in it.
    pub fn with_child(mut self, child: Self) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    /// As a full snapshot has it: with everything in it.
    pub fn to_tree(&self) -> Value {
        let children: Vec<_> = self.children.iter().map(Child::to_tree).collect();
        self.node(children)
    }

    /// Alone, without what lies in it.
    pub fn to_node(&self) -> Value {
        self.node(Vec::new())
    }

    fn node(&self, children: Vec<Value>) -> Value {
        json!({"type": 2, "tagName": self.tag, "attributes": self.attributes, "childNodes": children, "id": self.id})
    }
}

impl Child {
    pub fn id(&self) -> u64 {
        match self {
            Self::Element(element) => element.id,
            Self::Text { id, .. } => *id,
        }
    }

    fn to_tree(&self) -> Value {
        match self {
            Self::Element(element) => element.to_tree(),
            Self::Text { id, text } => text_node(*id, text),
        }
    }
}

/// A text as rrweb has it.
pub(super) fn text_node(id: u64, text: &str) -> Value {
    json!({"type": 3, "textContent": text, "id": id})
}
