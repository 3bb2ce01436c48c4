//! What is shown and kept of a request's headers and query: never the API key.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};

/// Most headers kept of one request.
const MAX_HEADERS: usize = 24;
/// Longest header value, path or query kept, in characters.
pub(crate) const MAX_HEADER_CHARS: usize = 2_000;

/// Headers worth showing, by lower-case name. The API key is masked.
pub(crate) type Headers = BTreeMap<String, String>;

/// The headers of a request that are worth showing.
pub(crate) fn headers_to_show(headers: &HeaderMap) -> Headers {
    let shown = |name: &str| {
        name.starts_with("x-")
            || ["accept", "content-encoding", "content-length", "content-type", "origin", "user-agent"]
                .contains(&name)
    };
    let mut kept: Headers = headers
        .iter()
        .filter(|(name, _)| shown(name.as_str()))
        .take(MAX_HEADERS)
        .map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = text.chars().take(MAX_HEADER_CHARS).collect();
            (name.as_str().to_owned(), text)
        })
        .collect();
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        kept.insert("authorization".to_owned(), masked(value.as_bytes()));
    }
    kept
}

/// The scheme and at most the last four characters of the key.
fn masked(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let Some(key) = text.strip_prefix("Bearer ") else {
        return "****".to_owned();
    };
    let length = key.chars().count();
    let tail: String = key.chars().skip(length.saturating_sub(4)).collect();
    if length > 8 { format!("Bearer ****{tail}") } else { "Bearer ****".to_owned() }
}

/// The query with its API key masked: a beacon has it there.
pub(crate) fn without_key(query: &str) -> String {
    let pieces = query.split('&').map(|piece| match piece.split_once('=') {
        Some(("api_key", _)) => "api_key=***",
        _ => piece,
    });
    pieces.collect::<Vec<_>>().join("&")
}
