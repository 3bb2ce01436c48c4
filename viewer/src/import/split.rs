//! Finds the events in a file while it is read: values that follow each other (JSON Lines), or those of one list. Only the value that
//! is being read is held, and whether it is JSON is not looked at here.

use super::ImportError;
use crate::batch::MAX_EVENT_BYTES;

/// Longest value: an event in a string has each of its characters escaped at worst.
const MAX_VALUE_BYTES: usize = MAX_EVENT_BYTES * 2 + 2;

/// Most white space between two values. Packed, it is next to nothing, and takes long to look through.
const MAX_BLANKS: usize = 1 << 20;

/// What comes next between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Expected {
    /// Nothing has come yet: a list, or a value.
    #[default]
    Beginning,
    /// One more value, or the file's end.
    Value,
    /// The first value of a list, or its end.
    FirstElement,
    /// A value behind a comma.
    Element,
    /// A comma, or the list's end.
    Comma,
    /// Nothing but white space.
    Nothing,
}

#[derive(Debug, Default)]
pub(super) struct Splitter {
    expected: Expected,
    /// The value that is being read; empty between two.
    value: Vec<u8>,
    /// The line in which it began.
    began: u64,
    /// Lines that have ended.
    lines: u64,
    /// Brackets that are open in the value.
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// Blanks since the value before.
    blanks: usize,
    /// Bytes of a byte order mark that have been passed over.
    mark: usize,
}

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

impl Splitter {
    /// Takes the next part of the file; `on_value` gets each value that ends in it, and the line in which it began.
    pub(super) fn feed(
        &mut self,
        part: &[u8],
        mut on_value: impl FnMut(u64, &[u8]) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        for &byte in part {
            if self.value.is_empty() {
                self.blanks = if byte.is_ascii_whitespace() { self.blanks + 1 } else { 0 };
                if self.blanks > MAX_BLANKS {
                    let problem = "there is more than 1 MiB of white space where an event should be";
                    return Err(ImportError::line(self.line(), problem));
                }
                self.between(byte)?;
            } else {
                self.value.push(byte);
                if self.within(byte) {
                    on_value(self.began, &self.value)?;
                    self.value.clear();
                } else if self.value.len() > MAX_VALUE_BYTES {
                    let problem = format!("the event is too large: it has more than {MAX_EVENT_BYTES} bytes");
                    return Err(ImportError::line(self.began, problem));
                }
            }
            self.lines += u64::from(byte == b'\n');
        }
        Ok(())
    }

    /// The file has ended.
    pub(super) fn finish(&self) -> Result<(), ImportError> {
        if !self.value.is_empty() {
            return Err(ImportError::line(self.began, "the file ends in the middle of an event"));
        }
        match self.expected {
            Expected::Beginning | Expected::Value | Expected::Nothing => Ok(()),
            _ => Err(ImportError::line(self.line(), "the file ends before its list does: \"]\" is missing")),
        }
    }

    fn line(&self) -> u64 {
        self.lines + 1
    }

    /// A byte between two values.
    fn between(&mut self, byte: u8) -> Result<(), ImportError> {
        use Expected::{Beginning, Comma, Element, FirstElement, Nothing, Value};
        if self.expected == Beginning && BYTE_ORDER_MARK.get(self.mark) == Some(&byte) && self.lines == 0 {
            self.mark += 1;
            return Ok(());
        }
        let wrong = |problem: &str| Err(ImportError::line(self.line(), problem));
        self.expected = match (self.expected, byte) {
            (expected, b' ' | b'\t' | b'\r' | b'\n') => expected,
            (Beginning, b'[') => FirstElement,
            (FirstElement | Comma, b']') => Nothing,
            (Comma, b',') => Element,
            (Beginning | Value | FirstElement | Element, b'{' | b'"') => {
                self.value.push(byte);
                self.began = self.line();
                self.in_string = byte == b'"';
                self.depth = usize::from(byte == b'{');
                if matches!(self.expected, Beginning | Value) { Value } else { Comma }
            }
            (Element, b']') => return wrong("behind a comma there is no event"),
            (FirstElement | Element, b',') => return wrong("here should be an event, and there is a comma"),
            (Comma, b'{' | b'"') => return wrong("there is no comma between two events"),
            (Nothing, _) => return wrong("something follows the list"),
            _ => {
                let begin = char::from(byte).escape_default();
                return wrong(&format!(
                    "this is no event: it begins with \"{begin}\", and events begin with \"{{\""
                ));
            }
        };
        Ok(())
    }

    /// A byte of a value; `true` when it is the last.
    fn within(&mut self, byte: u8) -> bool {
        if self.in_string {
            if self.is_escaped {
                self.is_escaped = false;
            } else if byte == b'\\' {
                self.is_escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
                return self.depth == 0;
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_wherever_the_parts_end() {
        let text = "[{\"a\":\"]},\\\"\"},\n\"x\\\\\" , {\"b\":[{}]}]\n";
        let expected = [(1, r#"{"a":"]},\""}"#), (2, r#""x\\""#), (2, r#"{"b":[{}]}"#)];
        for size in 1..text.len() {
            let mut splitter = Splitter::default();
            let mut found = Vec::new();
            for part in text.as_bytes().chunks(size) {
                let mut keep = |line, value: &[u8]| {
                    found.push((line, String::from_utf8(value.to_vec()).unwrap()));
                    Ok(())
                };
                splitter.feed(part, &mut keep).unwrap();
            }
            splitter.finish().unwrap();
            let found: Vec<_> = found.iter().map(|(line, value)| (*line, value.as_str())).collect();
            assert_eq!(found, expected, "parts of {size}");
        }
    }

    #[test]
    fn white_space_is_not_looked_through_for_long() {
        for (blanks, expected) in [(MAX_BLANKS, true), (MAX_BLANKS + 1, false)] {
            let mut splitter = Splitter::default();
            let text = format!("{{}} {{}}{}{{}} ", "\n".repeat(blanks));
            assert_eq!(splitter.feed(text.as_bytes(), |_, _| Ok(())).is_ok(), expected, "{blanks}");
        }
    }

    #[test]
    fn a_value_without_an_end_is_not_held_for_long() {
        let mut splitter = Splitter::default();
        splitter.feed(b"{\"a\":\"", |_, _| Ok(())).unwrap();
        let part = [b'x'; 1 << 20];
        let error = (0..20).find_map(|_| splitter.feed(&part, |_, _| Ok(())).err()).unwrap();
        assert!(error.to_string().contains("too large"), "{error}");
    }
}
