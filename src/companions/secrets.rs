//! Secrets in texts of any kind: log lines, URLs, values of headers, bodies. docs/guide/logs-and-requests.md has the table.

use std::borrow::Cow;
use std::ops::Range;

use super::limits::AHEAD_BYTES;
use super::masked_text::{Found, MaskedText};
use super::scan::{MAX_AHEAD_BYTES, end_of};
use super::secret_names::{
    MIN_TOKEN_BYTES, is_json_web_token, is_secret_name, is_secret_parameter, percent_decoded,
};
use super::secret_places::place_of;
use super::secret_values::{Value, end_of_key_block, value_at};
use super::{MASK, cut, json_escapes};

/// URLs in URLs are looked into this deep; what lies deeper is masked whole.
const MAX_DEPTH: u32 = 3;

/// The text with its secrets masked: what follows a name like `password` and a `:` or `=`, tokens, and those in URLs.
pub(super) fn mask_text(text: &str) -> Cow<'_, str> {
    mask_text_at(text, 0)
}

/// The beginning of a text with its secrets masked, of so many bytes at most, and whether that is not all. It is cut once
/// they are masked: half a secret may not look like one.
pub(super) fn cut_masked(text: &str, bytes: usize) -> (String, bool) {
    let (beginning, is_longer) = cut(text, bytes.saturating_add(AHEAD_BYTES));
    let masked = mask_text(beginning);
    let (kept, is_cut) = cut(&masked, bytes);
    (kept.to_owned(), is_cut || is_longer)
}

/// A URL with its secrets masked: user and password, and values in the query and behind `#` whose names say so.
pub(super) fn mask_url(url: &str) -> Cow<'_, str> {
    mask_url_at(url, 0)
}

fn mask_text_at(text: &str, depth: u32) -> Cow<'_, str> {
    let plain = json_escapes::plain(text);
    match mask_plain(&plain, depth) {
        Some(shown) => Cow::Owned(shown),
        None => Cow::Borrowed(text),
    }
}

/// `None` where there is nothing to mask.
fn mask_plain(text: &str, depth: u32) -> Option<String> {
    let bytes = text.as_bytes();
    let (mut masked, mut at) = (MaskedText::of(text), 0);
    while at < bytes.len() {
        // What stands before a value is looked at, too, as `<token password=… >value`.
        if let Some(behind) = masked.go_on_at(at) {
            at = behind;
            continue;
        }
        if !is_of_word(bytes[at]) {
            at += 1;
            continue;
        }
        let end = end_of(bytes, at, is_of_word);
        if let Some(found) = find_secret(text, at, end, masked.kept(), depth) {
            masked.add(found);
        }
        at = end;
    }
    masked.end()
}

/// What is to be put in place of which part, at the word that stands here. What stands before `kept` is done.
fn find_secret(text: &str, start: usize, end: usize, kept: usize, depth: u32) -> Option<Found<'_>> {
    let (bytes, word) = (text.as_bytes(), &text[start..end]);
    // Also `//user@host`.
    let is_relative = start >= kept + 2 && bytes[..start].ends_with(b"//");
    if is_relative || bytes[end..].starts_with(b"://") {
        let start = if is_relative { start - 2 } else { start };
        let mut url_end = text[end..].find(ends_url).map_or(text.len(), |at| end + at);
        if bytes[..url_end].ends_with(b":") && bytes.get(url_end) == Some(&b'"') {
            // A name and its value stand here, not in the URL.
            let name = bytes[end..url_end - 1].iter().rev().take_while(|byte| is_of_word(**byte)).count();
            url_end -= name + 1;
        }
        // Where nothing is masked, the URL is passed over all the same: what is in it was looked at.
        return Some((start..url_end, mask_url_at(&text[start..url_end], depth)));
    }
    if let Some(mut token) = token_in(word) {
        // With the brackets around it.
        let is_bracket = |byte: &u8| matches!(byte, b'[' | b']');
        token.start -=
            word.as_bytes()[..token.start].iter().rev().take_while(|byte| is_bracket(byte)).count();
        token.end += word.as_bytes()[token.end..].iter().take_while(|byte| is_bracket(byte)).count();
        return Some((start + token.start..start + token.end, MASK.into()));
    }
    if word.starts_with("-----BEGIN") && is_private_key(&bytes[end..]) {
        return end_of_key_block(text, start).map(|end| (start..end, MASK.into()));
    }
    if let Some(Value { range, quote }) = named_value(text, start, end, start) {
        let is_quoted = quote.is_empty() && matches!(bytes[range.start - 1], b'"' | b'\'');
        let range = if is_quoted { range } else { with_names_in_it(text, range) };
        return Some((range, format!("{quote}{MASK}{quote}").into()));
    }
    let encoded_end = end_of_encoded(bytes, start, end);
    let encoded = &text[start..encoded_end];
    if encoded.contains('%') && holds_secret(encoded, depth) {
        return Some((start..encoded_end, MASK.into()));
    }
    behind_scheme(bytes, word, end).map(|range| (range, MASK.into()))
}

/// A form writes `+` for a blank: what is encoded goes on behind it, for the first of its words.
fn end_of_encoded(bytes: &[u8], start: usize, end: usize) -> usize {
    if start > 0 && bytes[start - 1] == b'+' {
        return end;
    }
    end_of(bytes, end, |byte| byte == b'+' || is_of_word(byte))
}

/// The value of the name that stands from `start` to `end`, if that is a secret's, and if it stands behind `least`.
fn named_value(text: &str, start: usize, end: usize, least: usize) -> Option<Value<'_>> {
    let place = place_of(text, start, end).filter(|place| place.value >= least)?;
    let name = decoded(&text[start..end]);
    let bytes = text.as_bytes();
    let is_parameter = matches!(bytes[..start].last(), Some(b'?' | b'&')) && bytes.get(end) == Some(&b'=');
    let is_secret = is_secret_name(&name) || (is_parameter && is_secret_parameter(&name));
    is_secret.then(|| value_at(text, place, &name)).flatten()
}

/// A value with what belongs to names in it: an unclosed text before a name ends at the name's first quote, and its last one
/// says nothing any more, as in `token=@"{"password":"…"}`.
fn with_names_in_it(text: &str, mut value: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut at = value.start;
    loop {
        at = at.max(value.end.saturating_sub(MAX_AHEAD_BYTES));
        at = end_of(bytes, at, |byte| !is_of_word(byte));
        if at >= value.end {
            return value;
        }
        let end = end_of(bytes, at, is_of_word);
        let further = named_value(text, at, end, value.end).map(|value| value.range);
        let further = further.or_else(|| behind_scheme(bytes, &text[at..end], end));
        value.end = further.map_or(value.end, |further| value.end.max(further.end));
        at = end;
    }
}

/// Whether this goes on with the first line of a private key.
fn is_private_key(behind: &[u8]) -> bool {
    let ahead = &behind[..behind.len().min(64)];
    let line = &ahead[..end_of(ahead, 0, |byte| byte.is_ascii() && byte != b'\n')];
    memchr::memmem::find(line, b"PRIVATE KEY").is_some()
}

/// What follows `Bearer` and `Basic`.
fn behind_scheme(bytes: &[u8], word: &str, end: usize) -> Option<Range<usize>> {
    let bare = word.trim_matches(['[', ']', '~']);
    if !bare.eq_ignore_ascii_case("bearer") && !bare.eq_ignore_ascii_case("basic") {
        return None;
    }
    let blank = end_of(bytes, end, |byte| matches!(byte, b' ' | b'\t'));
    let token = end_of(bytes, blank, |byte| matches!(byte, b'\\' | b'"' | b'\''));
    let token_end = end_of(bytes, token, |byte| byte.is_ascii_graphic() && !b"\\\"'<>,;)]".contains(&byte));
    (blank > end && token_end - token >= MIN_TOKEN_BYTES).then_some(token..token_end)
}

/// The JSON web token in a word.
fn token_in(word: &str) -> Option<Range<usize>> {
    let start = word.as_bytes().windows(3).position(|signs| signs == b"eyJ")?;
    let end = word[start..].find(['%', '[', ']']).map_or(word.len(), |at| start + at);
    is_json_web_token(&word[start..end]).then_some(start..end)
}

/// As often as something is encoded, within bounds.
fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_DEPTH {
        if !text.contains('%') {
            break;
        }
        text = Cow::Owned(percent_decoded(&text).into_owned());
    }
    text
}

/// Whether there is a secret in what this is the encoding of.
fn holds_secret(encoded: &str, depth: u32) -> bool {
    let text = percent_decoded(encoded);
    if !text.contains(['=', '@', ':', '%', ' ', '<', '"']) && !text.contains("eyJ") {
        return false;
    }
    if depth >= MAX_DEPTH {
        return text.contains(['=', '@', ':']);
    }
    mask_text_at(&text, depth + 1) != *text
}

fn mask_url_at(url: &str, depth: u32) -> Cow<'_, str> {
    if depth > MAX_DEPTH {
        return MASK.into();
    }
    let scheme = if url.starts_with("//") { Some(2) } else { url.find("://").map(|at| at + 3) };
    let authority = scheme.filter(|at| !url[..*at].contains(['?', '#'])).unwrap_or(0);
    let first = authority + url[authority..].find(['/', '?', '#']).unwrap_or(url.len() - authority);
    let path = if authority > 0 { end_of_authority(url, authority, first) } else { first };
    let host = url[authority..path].rfind('@').map_or(authority, |at| authority + at);
    let query = path + url[path..].find(['?', '#']).unwrap_or(url.len() - path);
    let (steps, pairs) = (mask_steps(&url[path..query], depth), mask_pairs(&url[query..], depth));
    if host == authority && matches!((&steps, &pairs), (Cow::Borrowed(_), Cow::Borrowed(_))) {
        return Cow::Borrowed(url);
    }
    let user = if host == authority { "" } else { MASK };
    Cow::Owned(format!("{}{user}{}{steps}{pairs}", &url[..authority], &url[host..path]))
}

/// A password that is not encoded may hold what would end it: what stands behind the `:` is then no port.
fn end_of_authority(url: &str, authority: usize, first: usize) -> usize {
    let (_, port) = url[authority..first].rsplit_once(':').unwrap_or_default();
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) || port.ends_with(']');
    match url[first..].rfind('@').filter(|_| !is_port && !url[authority..first].contains('@')) {
        Some(at) => first + at + url[first + at..].find(['/', '?', '#']).unwrap_or(url.len() - first - at),
        None => first,
    }
}

/// The path: `name=value`, as in `;jsessionid=…`, and JSON web tokens, which show by themselves that they are secret.
fn mask_steps(path: &str, depth: u32) -> Cow<'_, str> {
    let mut shown = String::with_capacity(path.len());
    for piece in path.split_inclusive(['/', ';']) {
        let (step, separator) = piece.split_at(piece.len() - usize::from(piece.ends_with(['/', ';'])));
        mask_pair(step, depth, &mut shown);
        shown.push_str(separator);
    }
    if shown == path { Cow::Borrowed(path) } else { Cow::Owned(shown) }
}

/// What stands behind the path: `name=value`, parted by `?`, `#`, `&` and `;`.
fn mask_pairs(query: &str, depth: u32) -> Cow<'_, str> {
    let mut shown = String::with_capacity(query.len());
    let mut goes_on = false;
    for piece in query.split_inclusive(['?', '#', '&', ';']) {
        let (pair, separator) =
            piece.split_at(piece.len() - usize::from(piece.ends_with(['?', '#', '&', ';'])));
        // A `;` may be part of the value before it.
        let is_masked = match goes_on && !pair.is_empty() && !pair.contains('=') {
            true => {
                shown.push_str(MASK);
                true
            }
            false => mask_pair(pair, depth, &mut shown),
        };
        goes_on = is_masked && separator == ";";
        shown.push_str(separator);
    }
    if shown == query { Cow::Borrowed(query) } else { Cow::Owned(shown) }
}

/// Whether something was masked.
fn mask_pair(pair: &str, depth: u32, shown: &mut String) -> bool {
    match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && is_secret_pair(name, value, depth) => {
            shown.extend([name, "=", MASK]);
            return true;
        }
        None => {
            if let Some(token) = token_in(pair) {
                shown.extend([&pair[..token.start], MASK, &pair[token.end..]]);
                return true;
            }
            if pair.contains([':', '%']) && holds_secret(pair, depth) {
                shown.push_str(MASK);
                return true;
            }
        }
        _ => {}
    }
    shown.push_str(pair);
    false
}

fn is_secret_pair(name: &str, value: &str, depth: u32) -> bool {
    if is_secret_parameter(&decoded(name)) || token_in(value).is_some() {
        return true;
    }
    // Another URL, as where to go on to behind a sign-in; JSON; a search for it.
    holds_secret(value, depth)
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.~%[]".contains(&byte)
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\')
}
