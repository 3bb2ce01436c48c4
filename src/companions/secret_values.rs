//! Where the value of a secret name ends. In doubt it ends late. In proportion to the text: what is looked at ahead is bounded,
//! or becomes part of the value.

use super::scan::{end_of, end_of_nested, end_of_quoted, end_of_quoted_all};
use super::secret_names::letters_of;
use super::secret_places::{Form, Place};

/// What may stand before the quote of a text in a program, as `b'…'`, `u8R"(…)"`, `br#"…"#`.
const MAX_PREFIX_BYTES: usize = 4;

/// A value, and the quotes that its mask needs in its place.
#[derive(Debug, PartialEq)]
pub(super) struct Value<'a> {
    pub range: std::ops::Range<usize>,
    pub quote: &'a str,
}

/// The value that stands there.
pub(super) fn value_at<'a>(text: &'a str, place: Place<'a>, name: &str) -> Option<Value<'a>> {
    let (bytes, value) = (text.as_bytes(), place.value);
    let bare = |stop: usize| (stop > value).then_some(Value { range: value..stop, quote: place.quote });
    match place.form {
        Form::Element => {
            return bare(text[value..].find("</").map_or(bytes.len(), |at| value + at));
        }
        Form::Part => return bare(text[value..].find("\n--").map_or(bytes.len(), |at| value + at)),
        Form::Listed => {
            let end = end_of_nested(bytes, value, 1, place.quote.len().saturating_sub(1));
            let content = end - usize::from(bytes.get(end.saturating_sub(1)) == Some(&b']'));
            return bare(content);
        }
        _ => {}
    }
    if let Some(block_end) = end_of_key_block(text, value) {
        return bare(block_end);
    }
    let name = letters_of(name);
    if place.quote.is_empty() && (name.contains("authori") || name.contains("cookie")) {
        let quoted = end_of(bytes, value, |byte| byte == b'\\');
        if !matches!(bytes.get(quoted), Some(b'"' | b'\'')) {
            return bare(end_of_header(bytes, value));
        }
    }
    let quoted = end_of(bytes, value, |byte| byte == b'\\');
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(quoted) {
        let stop = end_of_quoted_all(bytes, quoted + 1, *quote, quoted - value);
        return Some(Value { range: quoted + 1..stop, quote: "" });
    }
    let backslashes = place.quote.len().saturating_sub(1);
    if matches!(bytes.get(value), Some(b'{' | b'[')) {
        let nested = end_of_nested(bytes, value + 1, 1, backslashes);
        // As the first of a text, as `[a]b`, too.
        return bare(end_of_bare(bytes, nested, Form::Assigned, !place.quote.is_empty(), backslashes));
    }
    bare(end_of_bare(bytes, value, place.form, !place.quote.is_empty(), backslashes))
}

/// Where the block of a private key ends whose first line stands here.
pub(super) fn end_of_key_block(text: &str, start: usize) -> Option<usize> {
    let rest = text[start..].strip_prefix("-----BEGIN")?;
    let end = memchr::memmem::find(rest.as_bytes(), b"-----END").map(|at| text.len() - rest.len() + at);
    Some(
        end.map_or(text.len(), |at| {
            end_of(text.as_bytes(), at, |byte| byte.is_ascii_graphic() || byte == b' ')
        }),
    )
}

/// The value of a header, with the lines that go on with it.
fn end_of_header(bytes: &[u8], value: usize) -> usize {
    let mut end = value;
    loop {
        end = end_of(bytes, end, |byte| !matches!(byte, b'\r' | b'\n'));
        let next = end_of(bytes, end, |byte| matches!(byte, b'\r' | b'\n'));
        let is_one_line = bytes[end..next].iter().filter(|byte| **byte == b'\n').count() == 1;
        if !is_one_line || !matches!(bytes.get(next), Some(b' ' | b'\t')) {
            return end;
        }
        end = next;
    }
}

/// A value without quotes around all of it.
fn end_of_bare(bytes: &[u8], value: usize, form: Form, is_of_json: bool, backslashes: usize) -> usize {
    let mut at = value;
    if bytes[value..].starts_with(b"new ") {
        at += 4;
    }
    while let Some(byte) = bytes.get(at) {
        let goes_on = bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next >= 0x80);
        at = match byte {
            b'\r' | b'\n' => return at,
            byte if byte.is_ascii_whitespace() && form != Form::Told => return at,
            b'(' => end_of_nested(bytes, at + 1, 1, backslashes),
            b'<' if at == value => end_of(bytes, at, |byte| !matches!(byte, b'>' | b'\r' | b'\n')),
            b'&' if form != Form::Told => return at,
            b'<' => return at,
            b'>' if !goes_on && at > value => return at,
            b'"' | b'\'' if is_prefix(&bytes[value..at]) => {
                let ended = end_of_quoted(bytes, at + 1, *byte, 0) + 1;
                end_of(bytes, ended.min(bytes.len()), |byte| byte == b'#')
            }
            b'"' | b'\'' if !goes_on => return before_backslashes(bytes, value, at),
            b')' | b'}' | b']' if !goes_on || is_of_json => return at,
            b',' | b';' if is_of_json || !is_part(bytes, at, form) => return at,
            _ => at + 1,
        };
    }
    bytes.len()
}

/// Whether what stands behind this comma or semicolon goes on with the value: no other name does.
fn is_part(bytes: &[u8], comma: usize, form: Form) -> bool {
    let next = comma + 1;
    if form != Form::Told && bytes.get(next).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte < 0x80)
    {
        return false;
    }
    let end = end_of(bytes, next, |byte| {
        !matches!(byte, b'\r' | b'\n' | b',' | b';' | b'&')
            && (form == Form::Told || !byte.is_ascii_whitespace())
    });
    !bytes[next..end].iter().any(|byte| matches!(byte, b':' | b'='))
}

fn is_prefix(bytes: &[u8]) -> bool {
    (1..=MAX_PREFIX_BYTES).contains(&bytes.len())
        && bytes.iter().all(|byte| {
            matches!(byte.to_ascii_lowercase(), b'b' | b'u' | b'r' | b'l' | b'f' | b'8' | b'$' | b'@' | b'#')
        })
}

fn before_backslashes(bytes: &[u8], value: usize, at: usize) -> usize {
    let run = bytes[value..at].iter().rev().take_while(|byte| **byte == b'\\').count();
    at - run
}
