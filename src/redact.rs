//! Keeps the passwords of URLs out of log lines and errors. A URL with one may be an option, a proxy of the environment, or
//! part of a response or an event.

use std::borrow::Cow;

/// Replaces `user:password` by `***` in each URL of a sentence.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    // A URL ends where the sentence goes on.
    redact_until(text, |c| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`'))
}

/// As [`redact`], for JSON, whose texts may hold anything: a URL ends where the text that it is in ends.
pub(crate) fn redact_json(json: &str) -> Cow<'_, str> {
    redact_until(json, |c| c == '"')
}

/// As [`redact`], for a text that is meant to be a URL, with a scheme or without, and may be malformed.
pub(crate) fn redact_url(url: &str) -> Cow<'_, str> {
    let start = url.find("://").map_or(0, |at| at + 3);
    match url[start..].rfind('@') {
        Some(at) => Cow::Owned(format!("{}***{}", &url[..start], &url[start + at..])),
        None => Cow::Borrowed(url),
    }
}

fn redact_until(text: &str, ends: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !(text.contains("://") && text.contains('@')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, behind) = rest.split_at(at + 3);
        shown.push_str(before);
        let end = behind.find(&ends).unwrap_or(behind.len());
        // The last `@`: passwords with an `@`, a `/` or a `#` in them are rarely escaped.
        let user = behind[..end].rfind('@').unwrap_or(0);
        if user > 0 {
            shown.push_str("***");
        }
        rest = &behind[user..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_user_and_password_and_nothing_else() {
        for (text, shown) in [
            ("no response from http://u:secret@host:8/a?b", "no response from http://***@host:8/a?b"),
            (
                "\"ftp://u:sec/r#et@host\" is none, nor is 'x://secret@y'",
                "\"ftp://***@host\" is none, nor is 'x://***@y'",
            ),
            ("http://u:sec@ret@host", "http://***@host"),
            ("http://a:secret@b,http://c:secret@d", "http://***@d"),
            ("session d@x/1 of http://host/ ended", "session d@x/1 of http://host/ ended"),
            ("mail me@x", "mail me@x"),
            ("http://host/", "http://host/"),
            ("", ""),
        ] {
            assert_eq!(redact(text), shown);
        }
        assert_eq!(
            redact_json(r#"{"a":"http://u:my secret@h","b":"c@d"}"#),
            r#"{"a":"http://***@h","b":"c@d"}"#
        );
        assert_eq!(redact_url("u:secret@host:1"), "***@host:1");
        assert_eq!(redact_url("ftp://u:s@e c:r@host"), "ftp://***@host");
        assert_eq!(redact_url("ftp://host"), "ftp://host");
    }
}
