//! A mutation of the document as rrweb has it: each part is written as soon as it is told. The members are in an order in which
//! gzip has them in few bytes.

use serde::Serialize;
use serde_json::{Map, Value};

use super::element::{Child, Element};

/// Changes of the document, in the order in which a player makes them: removes, adds, texts, attributes.
#[derive(Debug, Default)]
pub(super) struct Mutation {
    removes: Vec<String>,
    adds: Vec<String>,
    /// Adds of texts that are the last of their elements, which they need not follow at once: gzip has what is alike in fewer
    /// bytes side by side.
    added_texts: Vec<String>,
    texts: Vec<String>,
    attributes: Vec<String>,
}

impl Mutation {
    /// Takes a node away, with everything in it.
    pub fn remove(&mut self, parent_id: u64, id: u64) {
        self.removes.push(written(&Removed { parent_id, id }));
    }

    /// Puts an element before `next`, at the end without one. Each node of it is an add of its own.
    pub fn add(&mut self, parent_id: u64, next_id: Option<u64>, element: &Element) {
        let Element { id, tag, attributes, children } = element;
        let node = Added::Element { id: *id, attributes, tag_name: tag, kind: 2, child_nodes: [] };
        self.adds.push(written(&Add { node, next_id, parent_id }));
        for (at, child) in children.iter().enumerate() {
            match child {
                Child::Element(child) => self.add(*id, None, child),
                Child::Text { id: text_id, text } => {
                    let node = Added::Text { id: *text_id, kind: 3, text_content: text };
                    let is_last = at + 1 == children.len();
                    let list = if is_last { &mut self.added_texts } else { &mut self.adds };
                    list.push(written(&Add { node, next_id: None, parent_id: *id }));
                }
            }
        }
    }

    /// Gives a text node another text.
    pub fn say(&mut self, id: u64, value: &str) {
        self.texts.push(written(&Text { id, value }));
    }

    /// Gives an element these attributes; `null` takes one away.
    pub fn set(&mut self, id: u64, attributes: &Map<String, Value>) {
        self.attributes.push(written(&Attributes { id, attributes }));
    }

    pub fn is_empty(&self) -> bool {
        let lists = [&self.removes, &self.adds, &self.added_texts, &self.texts, &self.attributes];
        lists.iter().all(|list| list.is_empty())
    }

    /// The data of the event.
    pub fn data(&self) -> String {
        let adds = [&self.adds[..], &self.added_texts].concat().join(",");
        let lists = [&self.texts, &self.attributes, &self.removes].map(|list| list.join(","));
        let [texts, attributes, removes] = lists;
        format!(
            r#"{{"source":0,"texts":[{texts}],"attributes":[{attributes}],"removes":[{removes}],"adds":[{adds}]}}"#
        )
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    parent_id: u64,
    id: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Add<'a> {
    node: Added<'a>,
    /// None: at the end. Players take an add without the member as one with `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_id: Option<u64>,
    parent_id: u64,
}

/// A node without what lies in it.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Added<'a> {
    Element {
        id: u64,
        attributes: &'a Map<String, Value>,
        tag_name: &'a str,
        #[serde(rename = "type")]
        kind: u8,
        child_nodes: [u8; 0],
    },
    Text {
        id: u64,
        #[serde(rename = "type")]
        kind: u8,
        text_content: &'a str,
    },
}

#[derive(Serialize)]
struct Text<'a> {
    id: u64,
    value: &'a str,
}

#[derive(Serialize)]
struct Attributes<'a> {
    id: u64,
    attributes: &'a Map<String, Value>,
}

/// As JSON, which has all that the parts are made of.
fn written(part: &impl Serialize) -> String {
    serde_json::to_string(part).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_rrweb_has_them_and_texts_come_last_where_they_are_the_last_of_their_elements() {
        let field = Element::new(4, "input");
        let label = Element::new(2, "div").with("class", "n").with_text(3, "one \"two\"");
        let check = Element::new(5, "div").with_child(field).with_text(6, "three");
        let framed = Element::new(7, "div").with_text(8, "four").with_child(Element::new(9, "b"));
        let mut mutation = Mutation::default();
        assert!(mutation.is_empty());
        mutation.remove(1, 20);
        mutation.add(1, Some(10), &label);
        [&check, &framed].iter().for_each(|element| mutation.add(1, None, element));
        mutation.say(30, "five");
        mutation.set(31, &[("alt".to_owned(), Value::Null)].into_iter().collect());
        assert!(!mutation.is_empty());
        let element = |id: u64, attributes: &str, tag: &str| {
            format!(r#"{{"id":{id},"attributes":{attributes},"tagName":"{tag}","type":2,"childNodes":[]}}"#)
        };
        let text = |id: u64, text: &str| format!(r#"{{"id":{id},"type":3,"textContent":"{text}"}}"#);
        let add =
            |node: String, next: &str, parent: u64| format!(r#"{{"node":{node},{next}"parentId":{parent}}}"#);
        let adds = [
            add(element(2, r#"{"class":"n"}"#, "div"), "\"nextId\":10,", 1),
            add(element(5, "{}", "div"), "", 1),
            add(element(4, "{}", "input"), "", 5),
            add(element(7, "{}", "div"), "", 1),
            add(text(8, "four"), "", 7),
            add(element(9, "{}", "b"), "", 7),
            add(text(3, r#"one \"two\""#), "", 2),
            add(text(6, "three"), "", 5),
        ];
        assert_eq!(
            mutation.data(),
            format!(
                r#"{{"source":0,"texts":[{{"id":30,"value":"five"}}],"attributes":[{{"id":31,"attributes":{{"alt":null}}}}],"removes":[{{"parentId":1,"id":20}}],"adds":[{}]}}"#,
                adds.join(",")
            )
        );
    }
}
