//! What a stock player makes of events, for tests (`tests/common/scene.rs` has it, too) and for `fuzz/`: children inside a node of
//! `adds` are dropped, but for a frame's document; `nextId` must be there, and what is removed must be, too.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The nodes of a document.
pub(crate) struct Played {
    root: u64,
    nodes: BTreeMap<u64, Node>,
}

struct Node {
    /// As it was added, without its children.
    node: Value,
    parent: u64,
    children: Vec<u64>,
}

impl Played {
    /// The document of a full snapshot, or a part of one.
    pub fn from_tree(tree: &Value) -> Self {
        let mut played = Self { root: tree["id"].as_u64().unwrap(), nodes: BTreeMap::new() };
        played.add_tree(tree, 0);
        played
    }

    /// Whether this node is in the document.
    #[allow(dead_code, reason = "not all that have this ask")]
    pub fn has(&self, id: u64) -> bool {
        self.nodes.contains_key(&id)
    }

    fn add_tree(&mut self, tree: &Value, parent: u64) {
        let id = tree["id"].as_u64().unwrap();
        let mut node = tree.clone();
        let children = node.as_object_mut().unwrap().remove("childNodes");
        let children = children.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let ids = children.iter().map(|child| child["id"].as_u64().unwrap()).collect();
        let before = self.nodes.insert(id, Node { node, parent, children: ids });
        assert!(before.is_none(), "{id} stands twice");
        children.iter().for_each(|child| self.add_tree(child, id));
    }

    /// Applies the data of an incremental snapshot.
    pub fn apply(&mut self, data: &Value) {
        match data["source"].as_u64().unwrap() {
            0 => self.mutate(data),
            5 => self.input(data),
            _ => {}
        }
    }

    fn mutate(&mut self, data: &Value) {
        let list = |name: &str| data[name].as_array().unwrap().clone();
        for removed in list("removes") {
            self.remove(&removed);
        }
        for added in list("adds") {
            self.add(&added, data["isAttachIframe"] == true);
        }
        // As rrweb: what the same event removes, it may change too.
        let removed: Vec<Value> = list("removes").into_iter().map(|removed| removed["id"].clone()).collect();
        let is_there = |changed: &Value| !removed.contains(&changed["id"]);
        for text in list("texts").into_iter().filter(is_there) {
            self.node_of(&text)["textContent"] = text["value"].clone();
        }
        for changed in list("attributes").into_iter().filter(is_there) {
            let attributes = self.node_of(&changed)["attributes"].as_object_mut().unwrap();
            for (name, value) in changed["attributes"].as_object().unwrap() {
                match value {
                    Value::Object(parts) => {
                        attributes[name] = styled(attributes[name].as_str().unwrap(), parts).into()
                    }
                    Value::Null => _ = attributes.remove(name),
                    value => _ = attributes.insert(name.clone(), value.clone()),
                }
            }
        }
    }

    /// The node that a change names.
    fn node_of(&mut self, changed: &Value) -> &mut Value {
        &mut self.nodes.get_mut(&changed["id"].as_u64().unwrap()).unwrap().node
    }

    fn remove(&mut self, removed: &Value) {
        let (id, parent) = (removed["id"].as_u64().unwrap(), removed["parentId"].as_u64().unwrap());
        assert_eq!(self.nodes[&id].parent, parent, "the parent of {id}");
        self.nodes.get_mut(&parent).unwrap().children.retain(|child| *child != id);
        self.forget(id);
    }

    fn add(&mut self, added: &Value, is_document: bool) {
        let (node, parent) = (&added["node"], added["parentId"].as_u64().unwrap());
        if is_document {
            // A frame has one document.
            let before = std::mem::take(&mut self.nodes.get_mut(&parent).expect("the frame").children);
            before.into_iter().for_each(|id| self.forget(id));
        } else {
            let children = node["childNodes"].as_array();
            assert!(children.is_none_or(Vec::is_empty), "a player drops children of adds");
        }
        let siblings = &mut self.nodes.get_mut(&parent).unwrap_or_else(|| panic!("no {parent}")).children;
        let next = added["nextId"].as_u64();
        let at = next.map_or(siblings.len(), |next| {
            siblings.iter().position(|sibling| *sibling == next).unwrap_or_else(|| panic!("no next {next}"))
        });
        siblings.insert(at, node["id"].as_u64().unwrap());
        self.add_tree(node, parent);
    }

    fn input(&mut self, data: &Value) {
        let attributes = &mut self.nodes.get_mut(&data["id"].as_u64().unwrap()).unwrap().node["attributes"];
        match attributes["type"].as_str() {
            Some("checkbox" | "radio") if data["isChecked"] == true => attributes["checked"] = true.into(),
            Some("checkbox" | "radio") => _ = attributes.as_object_mut().unwrap().remove("checked"),
            _ => attributes["value"] = data["text"].clone(),
        }
    }

    fn forget(&mut self, id: u64) {
        let node = self.nodes.remove(&id).unwrap();
        node.children.into_iter().for_each(|child| self.forget(child));
    }

    /// All texts and values in the document, in its order.
    #[allow(dead_code, reason = "not all that have this ask")]
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        self.texts_below(self.root, &mut texts);
        texts
    }

    fn texts_below(&self, id: u64, texts: &mut Vec<String>) {
        let Node { node, children, .. } = &self.nodes[&id];
        if node["tagName"] == "style" {
            return;
        }
        let text = node["textContent"].as_str().or(node["attributes"]["value"].as_str());
        texts.extend(text.filter(|text| !text.trim().is_empty()).map(str::to_owned));
        children.iter().for_each(|child| self.texts_below(*child, texts));
    }

    /// The document as a full snapshot has it, but for the order of what is in a style: see [`sort_styles`].
    #[allow(dead_code, reason = "not all that have this ask")]
    pub fn to_tree(&self) -> Value {
        self.tree(self.root)
    }

    fn tree(&self, id: u64) -> Value {
        let Node { node, children, .. } = &self.nodes[&id];
        let mut node = node.clone();
        if node["type"] != 3 && node["type"] != 1 {
            let children: Vec<_> = children.iter().map(|child| self.tree(*child)).collect();
            node["childNodes"] = json!(children);
        }
        node
    }
}

/// The style with these declarations instead of its own of those names; `false`: without it.
fn styled(style: &str, parts: &serde_json::Map<String, Value>) -> String {
    let before = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let mut style: BTreeMap<_, _> = before.collect();
    for (name, value) in parts {
        match value.as_str() {
            Some(value) => _ = style.insert(name, value),
            None => assert!(style.remove(&**name).is_some() && *value == false, "there is no {name}"),
        }
    }
    style.iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>().join(";")
}

/// Puts what is in each style in the order of its names: of two documents that look the same, one had changes.
#[allow(dead_code, reason = "not all that have this ask")]
pub(crate) fn sort_styles(tree: &mut Value) {
    if let Some(style) = tree.pointer_mut("/attributes/style") {
        *style = styled(style.as_str().unwrap(), &serde_json::Map::new()).into();
    }
    children(tree).for_each(sort_styles);
}

/// Gives all that is in nodes the same id: they have others in each full snapshot.
#[allow(dead_code, reason = "not all that have this ask")]
pub(crate) fn forget_node_ids(tree: &mut Value) {
    match tree.pointer("/attributes/class").and_then(Value::as_str) {
        Some("c") => children(tree).filter(|inside| inside["tagName"] != "iframe").for_each(forget_ids),
        _ => children(tree).for_each(forget_node_ids),
    }
}

fn forget_ids(tree: &mut Value) {
    tree["id"] = 0.into();
    children(tree).for_each(forget_ids);
}

fn children(tree: &mut Value) -> impl Iterator<Item = &mut Value> {
    tree.get_mut("childNodes").and_then(Value::as_array_mut).into_iter().flatten()
}
