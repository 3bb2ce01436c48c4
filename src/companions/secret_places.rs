//! Where the value of a secret name would stand: behind a `:` or `=`, and in the forms that markup, lists and programs write.

use super::scan::{MAX_AHEAD_BYTES, behind_colour, end_of, end_of_blanks};

/// Where a value would stand if the word from `start` to `end` were the name of a secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub value: usize,
    pub quote: &'a str,
    pub form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// Behind `=`, `:=`, `=>`, or a `:` with nothing between.
    Assigned,
    /// Behind a `:` and a blank, in plain text: to the end of the line.
    Told,
    /// `<name>value</name>`
    Element,
    /// `name="name"`, an empty line, the value.
    Part,
    /// `["name","value","value"]`
    Listed,
}

/// Cheap: what the name is was not looked at yet.
pub(super) fn place_of(text: &str, start: usize, end: usize) -> Option<Place<'_>> {
    let bytes = text.as_bytes();
    if let Some(value) = behind_tag(bytes, start, end) {
        return Some(Place { value, quote: "", form: Form::Element });
    }
    let closed = end_of_closing(bytes, end);
    let quote = quote_behind(&text[end..closed]);
    let separator = end_of_blanks(bytes, closed);
    let (signs, _) = signs_at(bytes, separator);
    if signs == separator {
        return behind_pair(text, start, closed, quote);
    }
    let blanks = end_of_blanks(bytes, signs);
    let is_told = quote.is_empty() && blanks > signs && bytes[separator] != b'=' && signs - separator != 2;
    let form = if is_told { Form::Told } else { Form::Assigned };
    // A line further where a quote begins there, or JSON does.
    let next = end_of(bytes, blanks, |byte| byte.is_ascii_whitespace());
    let is_quote = matches!(bytes.get(next), Some(b'"' | b'\''));
    let value = if !quote.is_empty() || is_quote { next } else { blanks };
    Some(Place { value, quote, form })
}

/// Behind the quotes that end a name, colours and markup.
fn end_of_closing(bytes: &[u8], end: usize) -> usize {
    let mut at = end;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'\\' | b'"' | b'\'' | b'`' | b'*' => at + 1,
            0x1b => match behind_colour(bytes, at) {
                Some(behind) => behind,
                None => return at,
            },
            b'<' if bytes.get(at + 1) == Some(&b'/') => {
                let tag = end_of(bytes, at + 2, |byte| byte.is_ascii_alphanumeric());
                if bytes.get(tag) != Some(&b'>') {
                    return at;
                }
                tag + 1
            }
            _ => return at,
        };
    }
    at
}

/// The quote that ends a name, with the backslashes before it where that is JSON in JSON.
fn quote_behind(closing: &str) -> &str {
    let quote = closing.find(['"', '\'']).map_or("", |at| &closing[..=at]);
    let backslashes = quote.len().saturating_sub(1);
    if quote.bytes().take(backslashes).all(|byte| byte == b'\\') { quote } else { "" }
}

/// Behind `:`, `=`, `:=`, `=>`, `->` and the full-width `：`; and the same place where there is none.
fn signs_at(bytes: &[u8], start: usize) -> (usize, u8) {
    let first = match bytes.get(start..) {
        Some([b':' | b'=', ..]) => start + 1,
        Some([b'-', b'>', ..]) => return (start + 2, b'='),
        Some([0xef, 0xbc, 0x9a, ..]) => start + 3,
        _ => return (start, 0),
    };
    let mut at = end_of(bytes, first, |byte| matches!(byte, b':' | b'=' | b'>'));
    // Colours between sign and value.
    while let Some(behind) = behind_colour(bytes, at) {
        at = behind;
    }
    (at, bytes[start])
}

/// Behind the tag whose name ends here.
fn behind_tag(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    if !matches!(start.checked_sub(1).map(|before| bytes[before]), Some(b'<' | b':')) {
        return None;
    }
    match bytes.get(end)? {
        b'>' => Some(end + 1),
        b' ' if bytes[start - 1] == b'<' => {
            let ahead = &bytes[end..bytes.len().min(end + MAX_AHEAD_BYTES)];
            let close = memchr::memchr2(b'>', b'<', ahead).filter(|at| ahead[*at] == b'>')?;
            (ahead[close - 1] != b'/').then_some(end + close + 1)
        }
        _ => None,
    }
}

/// The value of a name that is itself a value: of `name` in an object or element, in a form, or the first one of a list.
fn behind_pair<'a>(text: &'a str, start: usize, closed: usize, quote: &'a str) -> Option<Place<'a>> {
    let bytes = text.as_bytes();
    let sign = quote.bytes().next_back()?;
    let ahead = &bytes[closed..bytes.len().min(closed + MAX_AHEAD_BYTES)];
    let before = bytes[..start].iter().rev().find(|byte| **byte != sign && **byte != b'\\');
    if before == Some(&b'=') {
        let empty = [&b"\r\n\r\n"[..], b"\n\n"]
            .into_iter()
            .filter_map(|line| memchr::memmem::find(ahead, line).map(|at| closed + at + line.len()));
        if let Some(value) = empty.min() {
            return Some(Place { value, quote: "", form: Form::Part });
        }
    }
    let next = end_of(bytes, closed, |byte| byte == b',' || byte.is_ascii_whitespace());
    let word = end_of(bytes, next, |byte| matches!(byte, b'\\' | b'"' | b'\''));
    let word_end = end_of(bytes, word, |byte| byte.is_ascii_alphanumeric());
    if next > closed
        && ["value", "val", "v", "content"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&text[word..word_end]))
    {
        let closed = end_of_closing(bytes, word_end);
        let separator = end_of_blanks(bytes, closed);
        let (signs, _) = signs_at(bytes, separator);
        let value = end_of(bytes, signs, |byte| byte.is_ascii_whitespace());
        let quote = quote_behind(&text[word_end..closed]);
        return (signs > separator).then_some(Place { value, quote, form: Form::Assigned });
    }
    let is_first = before == Some(&b'[') && bytes.get(end_of_blanks(bytes, closed)) == Some(&b',');
    is_first.then_some(Place { value: next, quote, form: Form::Listed })
}
