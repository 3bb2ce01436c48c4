//! Walks over JSON, value by value, without keeping any of it, and notes whether what it goes past is well-formed.
//!
//! Nothing here recurses, so that a document nested a hundred thousand levels deep costs no stack. Text that is not
//! well-formed is walked over in some way that ends: it can't make this panic or loop.
//!
//! - [`nested`]: past an object or array at once; [`quoted`]: past a text; [`word`]: past a number, `true`, `false`, `null`

mod nested;
mod quoted;
#[cfg(test)]
mod tests;
mod word;

use std::borrow::Cow;

use super::number;
use quoted::short_text;
use word::ENDS_WORD;

/// What kind of value stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonKind {
    Object,
    Array,
    Text,
    Number,
    True,
    False,
    /// `null`, or nothing at all.
    Null,
}

/// A place in a JSON text.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    whole: &'a str,
    text: &'a [u8],
    at: usize,
    /// Inside an object or array of which nothing was gone past yet: no comma comes next.
    is_first: bool,
    is_well_formed: bool,
}

impl<'a> Cursor<'a> {
    /// Before the value that this text is.
    pub fn new(text: &'a str) -> Self {
        Self { whole: text, text: text.as_bytes(), at: 0, is_first: false, is_well_formed: true }
    }

    /// Whether it is past all of the text but white space, and all that it went past is well-formed: then the text is JSON, of
    /// the kind that was entered or skipped first.
    pub fn ends_well_formed(&mut self) -> bool {
        self.next_byte().is_none() && self.is_well_formed
    }

    /// How many bytes it is past.
    pub fn position(&self) -> usize {
        self.at.min(self.whole.len())
    }

    /// What comes next, to the end of the text.
    pub fn rest(&self) -> &'a str {
        self.whole.get(self.position()..).unwrap_or_default()
    }

    /// What stands between two places.
    pub fn between(&self, start: usize, end: usize) -> &'a str {
        self.whole.get(start..end).unwrap_or_default()
    }

    /// What the next value is.
    #[inline]
    pub fn kind(&mut self) -> JsonKind {
        match self.next_byte() {
            Some(b'{') => JsonKind::Object,
            Some(b'[') => JsonKind::Array,
            Some(b'"') => JsonKind::Text,
            Some(b't') => JsonKind::True,
            Some(b'f') => JsonKind::False,
            Some(b'-' | b'0'..=b'9') => JsonKind::Number,
            _ => JsonKind::Null,
        }
    }

    /// Goes into the object or array that comes next.
    #[inline]
    pub fn enter(&mut self) {
        self.next_byte();
        self.at += 1;
        self.is_first = true;
    }

    /// Inside an object: the next key, and the cursor is before its value. `None` once it is past the object.
    #[inline]
    pub fn next_member(&mut self) -> Option<Cow<'a, [u8]>> {
        if let Some(b'}') = self.text.get(self.at) {
            self.at += 1;
            self.is_first = false;
            return None;
        }
        match self.next_plain_key() {
            Some(key) => Some(Cow::Borrowed(key)),
            None => self.next_member_of_any_form(),
        }
    }

    /// The next key, where it is short and stands as a recorder writes it: without white space around, without an escape. If
    /// not, the cursor stays where it is.
    #[inline]
    fn next_plain_key(&mut self) -> Option<&'a [u8]> {
        // The brace that was gone past already, or the comma.
        let start = self.at.wrapping_sub(self.is_first.into());
        let before = if self.is_first { b'{' } else { b',' };
        let [first, b'"', rest @ ..] = self.text.get(start..)? else { return None };
        let length = if *first == before { short_text(rest)? } else { return None };
        if rest.get(length + 1) != Some(&b':') {
            return None;
        }
        self.at = start + length + 4;
        self.is_first = false;
        rest.get(..length)
    }

    fn next_member_of_any_form(&mut self) -> Option<Cow<'a, [u8]>> {
        if !self.next_item(b'}') {
            return None;
        }
        self.is_well_formed &= self.next_byte() == Some(b'"');
        let key = self.text();
        self.is_well_formed &= self.next_byte() == Some(b':');
        self.at += 1;
        Some(key)
    }

    /// The text that comes next; the cursor is past it. One that no Rust text can hold is empty.
    #[inline]
    pub fn text(&mut self) -> Cow<'a, [u8]> {
        self.next_byte();
        let start = self.at;
        let is_escaped = self.skip_text();
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        match is_escaped {
            false => Cow::Borrowed(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default()),
            true => Cow::Owned(serde_json::from_slice::<String>(quoted).unwrap_or_default().into_bytes()),
        }
    }

    /// Inside an array: whether there is another element; the cursor is before it. If not, it is past the array.
    #[inline]
    pub fn next_element(&mut self) -> bool {
        self.next_item(b']')
    }

    /// The next value, if it is a number: then the cursor is past it.
    #[inline]
    pub fn number(&mut self) -> Option<f64> {
        let start = (self.kind() == JsonKind::Number).then_some(self.at)?;
        self.skip_word();
        number(self.whole.get(start..self.at)?)
    }

    /// The next value, if it is digits alone, so many at most, and no 0 comes first: then the cursor is past it.
    #[inline]
    pub fn digits(&mut self, at_most: usize) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().take(at_most).take_while(|byte| byte.is_ascii_digit()).count();
        let is_plain = rest.first() != Some(&b'0') && ENDS_WORD[usize::from(*rest.get(length)?)];
        if length == 0 || !is_plain {
            return None;
        }
        let start = self.at;
        self.at += length;
        self.whole.get(start..self.at)
    }

    /// Whether an object or array comes next that has nothing in it: then the cursor is past it.
    #[inline]
    pub fn skip_empty(&mut self) -> bool {
        let is_empty = matches!(self.text.get(self.at..), Some([b'[', b']', ..] | [b'{', b'}', ..]));
        self.at += if is_empty { 2 } else { 0 };
        is_empty
    }

    /// The next value as it is written; the cursor is past it.
    pub fn raw(&mut self) -> &'a str {
        self.next_byte();
        let start = self.at;
        self.skip();
        self.whole.get(start..self.at).unwrap_or_default()
    }

    /// Name and text of each member of the object that comes next; none where it is no object.
    pub fn members(mut self) -> impl Iterator<Item = (Cow<'a, [u8]>, &'a str)> {
        let is_one = self.kind() == JsonKind::Object;
        self.enter();
        std::iter::from_fn(move || {
            let key = is_one.then(|| self.next_member()).flatten()?;
            Some((key, self.raw()))
        })
    }

    /// The text of each element of the array that comes next; none where it is no array.
    pub fn elements(mut self) -> impl Iterator<Item = &'a str> {
        let is_one = self.kind() == JsonKind::Array;
        self.enter();
        std::iter::from_fn(move || (is_one && self.next_element()).then(|| self.raw()))
    }

    /// Goes past the next value; its number, if it is one.
    #[inline]
    pub fn number_or_skip(&mut self) -> Option<f64> {
        let number = self.number();
        if number.is_none() {
            self.skip();
        }
        number
    }

    /// Goes past the next value; whether JavaScript takes it for true.
    #[inline]
    pub fn is_truthy(&mut self) -> bool {
        match self.kind() {
            JsonKind::Number => self.number() != Some(0.0),
            JsonKind::Text => !self.text().is_empty(),
            kind => {
                self.skip();
                !matches!(kind, JsonKind::False | JsonKind::Null)
            }
        }
    }

    /// Goes past the next value.
    #[inline]
    pub fn skip(&mut self) {
        match self.next_byte() {
            Some(b'"') => _ = self.skip_text(),
            Some(b'{' | b'[') => self.skip_nested(),
            // Where there is no value to go past, it stays where it is.
            Some(b'}' | b']' | b',' | b':') | None => self.is_well_formed = false,
            Some(_) => self.skip_word(),
        }
    }

    /// Past the comma, if there is one; `false`, and past the end, where the object or array ends. A colon has no place here,
    /// and no value begins with one: staying before it would be for ever.
    fn next_item(&mut self, end: u8) -> bool {
        let separator = self.next_byte().filter(|byte| matches!(byte, b',' | b':'));
        self.at += usize::from(separator.is_some());
        let (next, is_first) = (self.next_byte(), self.is_first);
        self.is_first = false;
        let ends = matches!(next, Some(b'}' | b']'));
        self.is_well_formed &= match (ends, is_first) {
            (true, _) => separator.is_none() && next == Some(end),
            (false, true) => separator.is_none() && next.is_some(),
            (false, false) => separator == Some(b',') && next.is_some(),
        };
        self.at += usize::from(ends);
        next.is_some() && !ends
    }

    /// The next byte that is no white space.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        match self.text.get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.next_byte_behind_white_space(),
        }
    }

    fn next_byte_behind_white_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }
}
