//! The headers of a request or response: which are kept, and what of them.

use std::collections::BTreeMap;

use super::limits::{MAX_HEADER_BYTES, MAX_HEADERS};
use super::secret_names::is_secret_header;
use super::secrets::cut_masked;
use super::{MASK, cut};
use crate::model::page_config::NameLists;

/// Bytes of all headers that are looked at.
const MAX_READ_BYTES: usize = 1 << 20;

/// Those that are kept where nothing is configured: they tell of the message, not of who sent it.
pub(super) const SAFE: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "allow",
    "alt-svc",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "if-modified-since",
    "if-none-match",
    "last-modified",
    "link",
    "location",
    "pragma",
    "range",
    "retry-after",
    "server",
    "strict-transport-security",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-b3-traceid",
    "x-frame-options",
    "x-request-id",
];

/// Which headers are kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum HeaderRule<'a> {
    /// Nothing is configured: the safe ones.
    Safe,
    /// As of requests that pages make. Names are compared without regard to case; `*` is any.
    Lists(&'a NameLists),
}

impl HeaderRule<'_> {
    fn keeps(&self, name: &str) -> bool {
        let is_in =
            |list: &[String]| list.iter().any(|entry| entry == "*" || entry.eq_ignore_ascii_case(name));
        match self {
            Self::Safe => SAFE.contains(&name),
            Self::Lists(NameLists { allowlist, excludelist }) => {
                (allowlist.is_empty() || is_in(allowlist)) && !is_in(excludelist)
            }
        }
    }
}

/// Headers as HTTP writes them, `Name: value` a line; of several blocks, as behind a redirect, the last one. Names are in small
/// letters; values of one name are joined.
pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    let (beginning, is_cut) = cut(text, MAX_READ_BYTES);
    // Half a line could be half a secret.
    let whole = if is_cut { beginning.rsplit_once('\n').map_or("", |(whole, _)| whole) } else { beginning };
    for line in whole.lines() {
        if line.starts_with("HTTP/") {
            headers.clear();
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_of_name) {
            continue;
        }
        match headers.get_mut(&name) {
            Some(before) if before.len() < MAX_HEADER_BYTES => before.extend([", ", value]),
            Some(_) => {}
            None => _ = headers.insert(name, value.to_owned()),
        }
    }
    headers
}

/// What is kept of headers, with secrets masked.
pub(super) fn kept(headers: &BTreeMap<String, String>, rule: HeaderRule) -> BTreeMap<String, String> {
    let kept = headers.iter().filter(|(name, _)| rule.keeps(name)).take(MAX_HEADERS);
    kept.map(|(name, value)| {
        let value =
            if is_secret_header(name) { MASK.to_owned() } else { cut_masked(value, MAX_HEADER_BYTES).0 };
        (name.clone(), value)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::secret_names::{OPEN_HEADERS, is_secret_name};
    use super::*;

    const HEADERS: &str = "Content-Type: text/html\r\nAUTHORIZATION: Bearer abcdefgh\r\nX-Api-Key: abc\r\nX-Own:  own \r\nKey: abc\r\n\
        Location: /a?token=abc\r\nVary: a\r\nvary: b\r\nnonsense\r\n: none\r\nwith space: c\r\n\r\n";

    #[test]
    fn keeps_what_the_rule_says_and_masks_secrets_always() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let safe = json!({"content-type": "text/html", "location": "/a?token=********", "vary": "a, b"});
        let all = json!({
            "content-type": "text/html", "authorization": "********", "x-api-key": "********", "x-own": "own",
            "key": "********", "location": "/a?token=********", "vary": "a, b",
        });
        assert_eq!(json!(kept(&read(HEADERS), HeaderRule::Safe)), safe);
        let few = json!({"content-type": "text/html", "key": "********", "x-own": "own", "location": "/a?token=********"});
        for (allowlist, excludelist, expected) in [
            (list(&["*"]), list(&[]), all.clone()),
            (list(&["*"]), list(&["*"]), json!({})),
            (list(&[]), list(&[]), all),
            (list(&[]), list(&["VARY", "x-api-key", "Authorization"]), few),
            (
                list(&["x-OWN", "authorization"]),
                list(&[]),
                json!({"x-own": "own", "authorization": "********"}),
            ),
            (list(&["x-own"]), list(&["X-Own"]), json!({})),
            (list(&["other"]), list(&[]), json!({})),
        ] {
            let lists = NameLists { allowlist, excludelist };
            assert_eq!(json!(kept(&read(HEADERS), HeaderRule::Lists(&lists))), expected, "{lists:?}");
        }
    }

    #[test]
    fn of_the_safe_ones_two_sound_like_secrets() {
        let found = SAFE.iter().copied().filter(|name| is_secret_name(name));
        assert_eq!(found.collect::<Vec<_>>(), OPEN_HEADERS);
        let headers = read("Access-Control-Allow-Credentials: true");
        assert_eq!(
            json!(kept(&headers, HeaderRule::Safe)),
            json!({"access-control-allow-credentials": "true"})
        );
    }

    #[test]
    fn of_several_blocks_the_last_one_counts() {
        let headers = "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\nHTTP/2 200\r\nEtag: c\r\n";
        assert_eq!(json!(read(headers)), json!({"etag": "c"}));
    }

    #[test]
    fn is_bounded() {
        let mut text: String = (0..500).map(|number| format!("x-{number}: a\n")).collect();
        text.extend((0..500).map(|_| format!("vary: {}\n", "é".repeat(600))));
        let told = kept(&read(&text), HeaderRule::Lists(&NameLists::default()));
        assert_eq!(told.len(), MAX_HEADERS);
        let vary = super::kept(&read(&text), HeaderRule::Safe)["vary"].len();
        assert!(vary <= MAX_HEADER_BYTES, "{vary}");
        let long = format!("etag: a\nx-own: {}\nvary: b", "c".repeat(MAX_READ_BYTES));
        assert_eq!(json!(read(&long)), json!({"etag": "a"}));
    }
}
