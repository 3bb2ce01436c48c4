//! Changes to a JSON text that leave every other byte as it was.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::model::json::range_in;

/// A text and what is to be changed in it.
pub(super) struct Edits<'a> {
    text: &'a str,
    /// What to put in place of what; never overlapping.
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Edits<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, edits: Vec::new() }
    }

    /// Adds a member at the end of an object, which is a part of the text.
    pub fn add(&mut self, object: &str, name: &str, value: Value) {
        let end = range_in(object, self.text).end - 1;
        let is_first = crate::model::event::trim(&object.as_bytes()[1..object.len() - 1]).is_empty()
            && self.edits.iter().all(|(range, _)| range.start != end);
        let comma = if is_first { "" } else { "," };
        self.edits.push((end..end, format!("{comma}{}:{value}", Value::from(name))));
    }

    /// Puts a value in the place of another, which is a part of the text.
    pub fn replace(&mut self, part: &str, value: Value) {
        self.edits.push((range_in(part, self.text), value.to_string()));
    }

    /// The text with its changes.
    pub fn apply(mut self) -> Cow<'a, str> {
        if self.edits.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.edits.sort_by_key(|(range, _)| range.start);
        let added: usize = self.edits.iter().map(|(_, new)| new.len()).sum();
        // One byte more: C wants a NUL.
        let mut changed = String::with_capacity(self.text.len() + added + 1);
        let mut done = 0;
        for (range, new) in &self.edits {
            changed.push_str(&self.text[done..range.start]);
            changed.push_str(new);
            done = range.end;
        }
        changed.push_str(&self.text[done..]);
        Cow::Owned(changed)
    }
}
