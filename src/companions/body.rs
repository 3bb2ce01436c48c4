//! The body of a request or response: what is kept of it.

use serde_json::value::RawValue;

use super::limits::MAX_READ_BYTES;
use super::prune::pruned;
use super::secrets::cut_masked;

/// What is kept of a body.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) enum BodyRule<'a> {
    /// Nothing.
    #[default]
    Nothing,
    /// All of it.
    Whole,
    /// These members of JSON; nothing of what is no JSON with members. An empty allowlist: all.
    Members { allowlist: &'a [String], excludelist: &'a [String] },
}

/// What became of a body, in the browser SDK's words and the last two of ours, as in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BodyStatus {
    Captured,
    Truncated,
    SkippedBinary,
    /// The rule names members, and it is too long to look at.
    SkippedLarge,
    /// The rule names members, and it is no JSON that has some.
    SkippedUnparsed,
}

/// What is kept of this body, at most so many bytes; `None` where there is nothing to say of it.
pub(super) fn captured(
    body: Option<&[u8]>,
    content_type: Option<&str>,
    rule: BodyRule,
    max_bytes: usize,
) -> Option<(Option<String>, BodyStatus)> {
    let body = body.filter(|_| rule != BodyRule::Nothing)?;
    let beginning = &body[..body.len().min(MAX_READ_BYTES)];
    let text = match str::from_utf8(beginning) {
        Ok(text) => text,
        // A character that was cut in two.
        Err(error) if beginning.len() < body.len() && error.error_len().is_none() => {
            str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Some((None, BodyStatus::SkippedBinary)),
    };
    if content_type.is_some_and(is_binary) || text.contains('\0') {
        return Some((None, BodyStatus::SkippedBinary));
    }
    let is_whole = text.len() == body.len();
    let (kept, is_cut) = match rule {
        // Without all of it nobody knows what the lists would leave.
        BodyRule::Members { .. } if !is_whole => return Some((None, BodyStatus::SkippedLarge)),
        BodyRule::Members { allowlist, excludelist } if !text.is_empty() => match json(text) {
            Some(json) => cut_masked(&members(json, allowlist, excludelist), max_bytes),
            None => return Some((None, BodyStatus::SkippedUnparsed)),
        },
        _ => cut_masked(text, max_bytes),
    };
    let status = if is_cut || !is_whole { BodyStatus::Truncated } else { BodyStatus::Captured };
    Some((Some(kept), status))
}

fn members(json: &str, allowlist: &[String], excludelist: &[String]) -> String {
    let all = ["**".to_owned()];
    pruned(json, if allowlist.is_empty() { &all } else { allowlist }, excludelist)
}

/// The text, where it is an object or array of JSON.
fn json(text: &str) -> Option<&str> {
    let json: &RawValue = serde_json::from_str(text).ok()?;
    Some(json.get()).filter(|json| json.starts_with(['{', '[']))
}

fn is_binary(content_type: &str) -> bool {
    let kind = content_type.trim().to_ascii_lowercase();
    ["image/", "audio/", "video/", "font/", "application/octet-stream"]
        .iter()
        .any(|start| kind.starts_with(start))
        && !kind.starts_with("image/svg")
}

#[cfg(test)]
mod tests {
    use super::*;
    use BodyStatus::{Captured, SkippedBinary, SkippedLarge, SkippedUnparsed, Truncated};

    #[test]
    fn keeps_what_the_rule_says() {
        let list = ["/a".to_owned(), "/token".to_owned()];
        let members = BodyRule::Members { allowlist: &list, excludelist: &[] };
        let not_a = BodyRule::Members { allowlist: &[], excludelist: &list[..1] };
        for (body, kind, rule, expected) in [
            (&b"abc"[..], None, BodyRule::Nothing, None),
            (b"abc", None, BodyRule::Whole, Some((Some("abc"), Captured))),
            (b"", None, BodyRule::Whole, Some((Some(""), Captured))),
            (b"0123456789abcdef", None, BodyRule::Whole, Some((Some("0123456789ab"), Truncated))),
            (
                b"0123456789abcdef0123456789abcdef",
                None,
                BodyRule::Whole,
                Some((Some("0123456789ab"), Truncated)),
            ),
            ("0123456789éé".as_bytes(), None, BodyRule::Whole, Some((Some("0123456789é"), Truncated))),
            (b"\xff\xfe", None, BodyRule::Whole, Some((None, SkippedBinary))),
            (b"a\0b", None, BodyRule::Whole, Some((None, SkippedBinary))),
            (b"abc", Some("Image/PNG"), BodyRule::Whole, Some((None, SkippedBinary))),
            (b"<svg/>", Some("image/svg+xml"), BodyRule::Whole, Some((Some("<svg/>"), Captured))),
            (b"token=abcdef", None, BodyRule::Whole, Some((Some("token=******"), Truncated))),
            (br#"{"a":1,"b":2}"#, None, members, Some((Some(r#"{"a":1}"#), Captured))),
            (br#"{"a":1,"b":2}"#, None, not_a, Some((Some(r#"{"b":2}"#), Captured))),
            (br#"{"token":"a"}"#, None, members, Some((Some(r#"{"token":"**"#), Truncated))),
            (br#"{"a":1"#, None, members, Some((None, SkippedUnparsed))),
            (b"a=1", None, members, Some((None, SkippedUnparsed))),
            (br#""secret""#, None, not_a, Some((None, SkippedUnparsed))),
            (b"12", None, not_a, Some((None, SkippedUnparsed))),
            (b" []", None, not_a, Some((Some("[]"), Captured))),
            (b"", None, members, Some((Some(""), Captured))),
        ] {
            let expected = expected.map(|(body, status)| (body.map(str::to_owned), status));
            assert_eq!(
                captured(Some(body), kind, rule, 12),
                expected,
                "{:?} {rule:?}",
                String::from_utf8_lossy(body)
            );
        }
        assert_eq!(captured(None, None, BodyRule::Whole, 12), None);
    }

    #[test]
    fn a_body_that_is_long_is_not_read_whole() {
        let long = format!("\"{}\"", "é".repeat(MAX_READ_BYTES));
        let members = BodyRule::Members { allowlist: &[], excludelist: &[] };
        assert_eq!(captured(Some(long.as_bytes()), None, members, 10), Some((None, SkippedLarge)));
        assert_eq!(
            captured(Some(long.as_bytes()), None, BodyRule::Whole, 10),
            Some((Some("\"éééé".to_owned()), Truncated))
        );
    }

    #[test]
    fn no_secret_is_cut_so_that_it_is_none_any_more() {
        for secret in ["password=hunter2", "Bearer hunter2", "eyJodW50.ZXIy.hunter2"] {
            let body = format!("x x {secret} x");
            for max in 0..body.len() {
                let (kept, _) = captured(Some(body.as_bytes()), None, BodyRule::Whole, max).unwrap();
                let kept = kept.unwrap();
                assert!(!kept.contains("hun") && !kept.contains("eyJ"), "{kept}");
            }
        }
    }
}
