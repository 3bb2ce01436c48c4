//! JSON writes a sign in several ways: `\u003d` for `=`, `\/` for `/`. Names and signs are known in one of them.

use std::borrow::Cow;

/// The same JSON with each sign of ASCII as itself, a quote and a backslash behind a backslash. In JSON that is nested in JSON,
/// too, where there are more backslashes.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() || !(text.contains("\\u00") || text.contains("\\/")) {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        shown.push_str(&rest[..at]);
        let run = rest[at..].bytes().take_while(|byte| *byte == b'\\').count();
        rest = &rest[at + run..];
        let hex = rest.strip_prefix("u00").and_then(|rest| rest.get(..2));
        let sign =
            hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|sign| (b' '..0x7f).contains(sign));
        match sign {
            Some(sign @ (b'"' | b'\\')) => {
                shown.extend(std::iter::repeat_n('\\', 2 * run - 1));
                shown.push(char::from(sign));
            }
            Some(sign) => {
                shown.extend(std::iter::repeat_n('\\', run / 2 * usize::from(run % 2 == 1)));
                shown.push(char::from(sign));
            }
            None if rest.starts_with('/') => {}
            None => shown.extend(std::iter::repeat_n('\\', run)),
        }
        rest = if sign.is_some() { &rest[5..] } else { rest };
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}
