//! Walks over JSON that is known to be well-formed, value by value, without keeping any of it.
//!
//! Nothing here recurses, so that a document nested a hundred thousand levels deep costs no stack. Text that is not
//! well-formed is walked over in some way that ends: it can't make this panic or loop.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::memchr2;

/// What a number, `true`, `false` or `null` ends before.
const ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut at = 0;
    while at < 256 {
        ends[at] = matches!(at as u8, b',' | b'}' | b']' | b':' | b' ' | b'\t' | b'\n' | b'\r');
        at += 1;
    }
    ends
};

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
}

impl<'a> Cursor<'a> {
    /// Before the value that this text is.
    pub fn new(text: &'a str) -> Self {
        Self { whole: text, text: text.as_bytes(), at: 0 }
    }

    /// What the next value is.
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
    pub fn enter(&mut self) {
        self.next_byte();
        self.at += 1;
    }

    /// Inside an object: the next key, and the cursor is before its value. `None` once it is past the object.
    pub fn next_member(&mut self) -> Option<Cow<'a, [u8]>> {
        if !self.next_item() {
            return None;
        }
        let key = self.text();
        self.next_byte();
        self.at += 1;
        Some(key)
    }

    /// The text that comes next; the cursor is past it. One that no Rust text can hold is empty.
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
    pub fn next_element(&mut self) -> bool {
        self.next_item()
    }

    /// The next value, if it is a number: then the cursor is past it.
    pub fn number(&mut self) -> Option<f64> {
        let start = (self.kind() == JsonKind::Number).then_some(self.at)?;
        self.skip();
        str::from_utf8(self.text.get(start..self.at)?).ok()?.parse().ok()
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
    pub fn number_or_skip(&mut self) -> Option<f64> {
        let number = self.number();
        if number.is_none() {
            self.skip();
        }
        number
    }

    /// Goes past the next value; whether JavaScript takes it for true.
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
    pub fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.next_byte() {
            match byte {
                b'"' => _ = self.skip_text(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    // Where there is no value to go past, it stays where it is.
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' => {
                    if depth == 0 {
                        return;
                    }
                    self.at += 1;
                }
                _ => self.skip_word(),
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Past the comma, if there is one; `false`, and past the end, where the object or array ends.
    fn next_item(&mut self) -> bool {
        if self.next_byte() == Some(b',') {
            self.at += 1;
        }
        match self.next_byte() {
            Some(b'}' | b']') => {
                self.at += 1;
                false
            }
            Some(_) => true,
            None => false,
        }
    }

    /// The next byte that is no white space.
    fn next_byte(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Past the text that begins here; whether there is an escape in it.
    fn skip_text(&mut self) -> bool {
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        // Most are short: keys, classes, numbers as text.
        for (at, bytes) in rest.as_chunks::<8>().0.iter().take(2).enumerate() {
            if let Some(found) = quote_or_escape(u64::from_le_bytes(*bytes)) {
                self.at += 8 * at + found;
                if bytes[found] == b'"' {
                    self.at += 1;
                    return false;
                }
                break;
            }
        }
        self.skip_long_text()
    }

    fn skip_long_text(&mut self) -> bool {
        let mut is_escaped = false;
        while let Some(found) = self.text.get(self.at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            self.at += found;
            if self.text[self.at] == b'"' {
                self.at += 1;
                return is_escaped;
            }
            is_escaped = true;
            self.at += 2;
        }
        self.at = self.text.len();
        is_escaped
    }

    /// A number, `true`, `false` or `null`.
    fn skip_word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| ENDS_WORD[usize::from(*byte)]);
        self.at += length.unwrap_or(rest.len()).max(1);
    }
}

/// Which of eight bytes is the first that is `"` or `\`.
fn quote_or_escape(bytes: u64) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    // The high bit of each byte that is this one, and perhaps of some behind it.
    let is = |byte: u8| {
        let other = bytes ^ (ONES * u64::from(byte));
        other.wrapping_sub(ONES) & !other & (ONES << 7)
    };
    let found = is(b'"') | is(b'\\');
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}
