//! What changes in the scene's document at one moment, and the events that say so. This is where content of any kind meets
//! the document: it adds, removes and changes elements here.

use std::fmt::Display;

use serde_json::{Map, Value, json};

use super::beside::Beside;
use super::element::{Child, Element};
use super::mutation::Mutation;

/// Changes of the document, in the order in which a player makes them: the mutation, then inputs.
#[derive(Debug, Default)]
pub(super) struct Changes {
    mutation: Mutation,
    /// Type and data of further events, behind the mutation.
    others: Vec<(u8, Value)>,
    /// What happened, and is no state of the document: no full snapshot says it.
    acts: Vec<Act>,
}

/// What happened: type and data of an event, as it is written.
pub(super) type Act = (u8, String);

const INCREMENTAL_SNAPSHOT: u8 = 3;

impl Changes {
    /// Takes a node away, with everything in it.
    pub fn remove(&mut self, parent: u64, id: u64) {
        self.mutation.remove(parent, id);
    }

    /// Puts an element before `next`, which is there already; at the end without one. Each node of it is an add of its own.
    pub fn add(&mut self, parent: u64, next: Option<u64>, element: &Element) {
        self.mutation.add(parent, next, element);
    }

    /// Gives an element this attribute.
    pub fn set(&mut self, id: u64, name: &str, value: &str) {
        let attributes = [(name.to_owned(), value.into())].into_iter().collect();
        self.mutation.set(id, &attributes);
    }

    /// Makes `new` of `old`. `false`, and nothing is changed: they are not built alike.
    pub fn update(&mut self, old: &Element, new: &Element) -> bool {
        if !is_built_alike(old, new) {
            return false;
        }
        self.update_alike(old, new);
        true
    }

    fn update_alike(&mut self, old: &Element, new: &Element) {
        self.update_attributes(old, new);
        for pair in old.children.iter().zip(&new.children) {
            match pair {
                (Child::Element(old), Child::Element(new)) => self.update_alike(old, new),
                (Child::Text { text: before, .. }, Child::Text { id, text }) if before != text => {
                    self.mutation.say(*id, text);
                }
                _ => {}
            }
        }
    }

    fn update_attributes(&mut self, old: &Element, new: &Element) {
        let (mut changed, mut is_input) = (Map::new(), false);
        let gone = old.attributes.keys().filter(|name| !new.attributes.contains_key(*name));
        let gone = gone.map(|name| (name, &Value::Null));
        for (name, value) in new.attributes.iter().chain(gone) {
            if old.attributes.get(name) == Some(value) {
                continue;
            }
            match name.as_str() {
                // What a field holds, a player sets by an event of its own.
                "value" | "checked" => is_input = true,
                "style" => _ = changed.insert(name.clone(), style_change(old.attributes.get(name), value)),
                _ => _ = changed.insert(name.clone(), value.clone()),
            }
        }
        if !changed.is_empty() {
            self.mutation.set(new.id, &changed);
        }
        if is_input {
            let text = new.attributes.get("value").cloned().unwrap_or_else(|| "on".into());
            let checked = new.attributes.contains_key("checked");
            self.tell(json!({"source": 5, "text": text, "isChecked": checked, "id": new.id}));
        }
    }

    /// Changes the size of the whole.
    pub fn resize(&mut self, [width, height]: [f64; 2]) {
        self.tell(json!({"source": 4, "width": width, "height": height}));
    }

    /// Tells an incremental snapshot with this data, behind what changes.
    pub fn tell(&mut self, data: Value) {
        self.others.push((INCREMENTAL_SNAPSHOT, data));
    }

    /// Tells what the user did, in an incremental snapshot with this data.
    pub fn tell_act(&mut self, data: Value) {
        self.acts.push((INCREMENTAL_SNAPSHOT, data.to_string()));
    }

    /// The same in a custom event.
    pub fn tell_custom_act(&mut self, tag: &str, payload: &impl Display) {
        self.tell_beside(Beside::custom(tag, payload));
    }

    /// Tells what belongs to no view.
    pub fn tell_beside(&mut self, beside: Beside) {
        self.acts.push((beside.kind, beside.data));
    }

    /// What the user did: it is told whether the document's changes are or all of it is.
    pub fn take_acts(&mut self) -> Vec<Act> {
        std::mem::take(&mut self.acts)
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.mutation.is_empty() && self.others.is_empty() && self.acts.is_empty()
    }

    /// Type and data of the events that say what changed in the document; none where nothing did.
    pub fn into_events(self) -> Vec<(u8, String)> {
        let mutation = (!self.mutation.is_empty()).then(|| (INCREMENTAL_SNAPSHOT, self.mutation.data()));
        let others = self.others.iter().map(|(kind, data)| (*kind, data.to_string()));
        mutation.into_iter().chain(others).collect()
    }

    /// The same as values.
    #[cfg(any(test, fuzzing))]
    #[allow(clippy::unwrap_used, reason = "only tests and fuzz/ have it")]
    pub fn into_values(self) -> Vec<(u8, Value)> {
        let events = self.into_events().into_iter();
        events.map(|(kind, data)| (kind, serde_json::from_str(&data).unwrap())).collect()
    }
}

/// What makes `new` of the style `old`: the declarations that differ, as an object in which `false` takes one away; or all of
/// it, where that is shorter. No two declarations of a style are of the same property, so their order is nothing.
fn style_change(old: Option<&Value>, new: &Value) -> Value {
    let (Some(Value::String(old)), Value::String(text)) = (old, new) else { return new.clone() };
    let (before, after) = (declarations(old), declarations(text));
    let gone = before.iter().filter(|(name, _)| after.iter().all(|(other, _)| name != other));
    let changed = after.iter().filter(|declaration| !before.contains(declaration));
    let parts: Map<_, _> = gone
        .map(|(name, _)| ((*name).to_owned(), false.into()))
        .chain(changed.map(|(name, value)| ((*name).to_owned(), (*value).into())))
        .collect();
    let parts = Value::Object(parts);
    if parts.to_string().len() < text.len() { parts } else { new.clone() }
}

/// Names and values. No value that is written here has a `;` in it.
fn declarations(style: &str) -> Vec<(&str, &str)> {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).collect()
}

fn is_built_alike(old: &Element, new: &Element) -> bool {
    old.id == new.id
        && old.tag == new.tag
        && old.attributes.get("type") == new.attributes.get("type")
        && old.children.len() == new.children.len()
        && old.children.iter().zip(&new.children).all(|(old, new)| match (old, new) {
            (Child::Element(old), Child::Element(new)) => is_built_alike(old, new),
            (Child::Text { .. }, Child::Text { .. }) => old.id() == new.id(),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_style_what_differs_is_told_where_that_is_shorter() {
        for (old, new, expected) in [
            (
                "left:0;top:1px;width:90px;height:20px",
                "left:0;top:9px;width:90px;height:20px",
                json!({"top": "9px"}),
            ),
            (
                "left:0;top:1px;width:90px;height:20px;border:1px solid #ccc",
                "left:0;top:1px;width:90px;height:20px;color:#fff",
                json!({"border": false, "color": "#fff"}),
            ),
            ("left:0;top:1px", "left:9px;top:9px", json!("left:9px;top:9px")),
            ("", "background:#fff", json!("background:#fff")),
            ("background:#fff", "", json!("")),
        ] {
            let element = |style: &str| Element::new(1, "div").with("style", style);
            let mut changes = Changes::default();
            assert!(changes.update(&element(old), &element(new)));
            let told = changes.into_values().remove(0).1;
            assert_eq!(told["attributes"], json!([{"id": 1, "attributes": {"style": expected}}]), "{new}");
        }
    }
}
