//! What must be right before the body is looked at: method, query and headers.

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

use super::refusal::Refusal;
use crate::batch::Version;
use crate::replay_id::{ClaimedIds, ReplayId, query_value};
use crate::store::Content;

/// Most characters that `X-Client-Url` may have.
const MAX_CLIENT_URL: usize = 1_000;

/// What a request's head says, once it is known to be right.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: ReplayId,
    pub(super) gzip: bool,
    /// The version that the body has to have.
    pub(super) version: Version,
    /// What its events have to be.
    pub(super) content: Content,
}

/// Checks the head and reports everything that is wrong with it at once.
pub(super) fn check(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Head, Refusal> {
    if method != Method::POST {
        return Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("the method is {method}, not POST"),
        ));
    }
    let mut problems = Vec::new();
    let mut note = |result: Result<(), String>| problems.extend(result.err());
    let beacon = is_beacon(uri, headers);
    let authorized = if beacon { check_key_in_query(uri) } else { check_authorization(headers) };
    let unauthorized = authorized.is_err();
    note(authorized);
    let content = query_type(uri);
    let is_interaction = content == Ok(Content::Interactions);
    note(content.clone().map(|_| ()));
    note(check_content_type(headers, beacon && is_interaction));
    if !beacon {
        note(check_library(headers));
        note(present(headers, "x-client-version").map(|_| ()));
        note(check_sample_rate(headers));
        note(check_hash(headers));
        note(check_client_url(headers));
    }
    let encoding = content_encoding(headers);
    let gzip = encoding.as_ref().is_ok_and(|gzip| *gzip);
    note(encoding.map(|_| ()));

    let version = if beacon { Version::Beacon } else { Version::Batch };
    match (ClaimedIds::of(uri).check(), content) {
        (Ok(id), Ok(content)) if problems.is_empty() => return Ok(Head { id, gzip, version, content }),
        (Err(problem), _) => problems.push(problem),
        _ => {}
    }
    let status = if unauthorized { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    Err(Refusal { status, problems })
}

/// A header that must be there, once, as UTF-8, and say something.
fn present<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| format!("header {name} is missing"))?;
    if values.next().is_some() {
        return Err(format!("header {name} is there more than once"));
    }
    match std::str::from_utf8(value.as_bytes()).map(str::trim) {
        Ok("") => Err(format!("header {name} is empty")),
        Ok(text) => Ok(text),
        Err(_) => Err(format!("header {name} is not UTF-8")),
    }
}

fn check_authorization(headers: &HeaderMap) -> Result<(), String> {
    let value = present(headers, header::AUTHORIZATION.as_str())?;
    match value.strip_prefix("Bearer ").map(str::trim) {
        Some(key) if !key.is_empty() => Ok(()),
        _ => Err("header authorization is not `Bearer <api key>`".to_owned()),
    }
}

/// Whether it is the last batch of a page that is being left, sent with `navigator.sendBeacon`, which takes no headers: its
/// key is in the query.
fn is_beacon(uri: &Uri, headers: &HeaderMap) -> bool {
    !headers.contains_key(header::AUTHORIZATION) && query_value(uri, "api_key").is_some()
}

fn check_key_in_query(uri: &Uri) -> Result<(), String> {
    match query_value(uri, "api_key").as_deref().map(str::trim) {
        Some(key) if !key.is_empty() => Ok(()),
        _ => Err("query parameter api_key is empty".to_owned()),
    }
}

fn query_type(uri: &Uri) -> Result<Content, String> {
    match query_value(uri, "type").as_deref() {
        Some("replay") => Ok(Content::Replay),
        Some("interaction") => Ok(Content::Interactions),
        Some(other) => Err(format!("query parameter type is {other:?}, not \"replay\" or \"interaction\"")),
        None => Err("query parameter type=replay is missing".to_owned()),
    }
}

/// `may_be_text`: `navigator.sendBeacon` says so of a text.
fn check_content_type(headers: &HeaderMap, may_be_text: bool) -> Result<(), String> {
    let value = present(headers, header::CONTENT_TYPE.as_str())?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    let is_text = may_be_text && essence.eq_ignore_ascii_case("text/plain");
    if is_text || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(format!("header content-type is {value:?}, not application/json"))
}

fn content_encoding(headers: &HeaderMap) -> Result<bool, String> {
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(false);
    }
    match present(headers, header::CONTENT_ENCODING.as_str())? {
        "gzip" => Ok(true),
        other => Err(format!("header content-encoding is {other:?}, not gzip")),
    }
}

fn check_library(headers: &HeaderMap) -> Result<(), String> {
    let value = present(headers, "x-client-library")?;
    match value.split_once('/') {
        Some(("standalone" | "plugin" | "segment", version)) if !version.is_empty() => Ok(()),
        _ => Err(format!(
            "header x-client-library is {value:?}, not standalone/<version>, plugin/<version> or segment/<version>"
        )),
    }
}

fn check_sample_rate(headers: &HeaderMap) -> Result<(), String> {
    let value = present(headers, "x-client-sample-rate")?;
    match value.parse::<f64>() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(()),
        _ => Err(format!("header x-client-sample-rate is {value:?}, not a number from 0 to 1")),
    }
}

fn check_hash(headers: &HeaderMap) -> Result<(), String> {
    match present(headers, "x-sampling-hash-alg")? {
        "xxhash32" => Ok(()),
        other => Err(format!("header x-sampling-hash-alg is {other:?}, not xxhash32")),
    }
}

/// The URL may be missing: a native host may have none.
fn check_client_url(headers: &HeaderMap) -> Result<(), String> {
    let Some(value) = headers.get("x-client-url") else {
        return Ok(());
    };
    let text =
        std::str::from_utf8(value.as_bytes()).map_err(|_| "header x-client-url is not UTF-8".to_owned())?;
    match text.chars().count() {
        length if length > MAX_CLIENT_URL => {
            Err(format!("header x-client-url has {length} characters; {MAX_CLIENT_URL} are allowed"))
        }
        _ => Ok(()),
    }
}
