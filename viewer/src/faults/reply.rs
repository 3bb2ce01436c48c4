//! A fault as a reply.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream};

use super::spec::{Cut, FaultSpec};

/// The reply that a fault makes up.
pub(super) fn reply(spec: &FaultSpec) -> Response {
    let text = spec.body.clone().unwrap_or_else(|| "{}".to_owned());
    let length = spec.body_bytes.unwrap_or(text.len() as u64);
    let body = match (spec.cut, spec.body_bytes) {
        (Some(Cut::Reply), None) => Body::from_stream(half(Bytes::from(text))),
        (Some(Cut::Reply), Some(bytes)) => Body::from_stream(broken(filler(bytes / 2))),
        (_, Some(bytes)) => Body::from_stream(filler(bytes)),
        (_, None) => Body::from(text),
    };
    let mut response = (spec.status(), body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let named = spec.headers.iter().map(|(name, value)| (&**name, &**value));
    let skip = spec.skip.as_deref();
    let skip = skip.map(|code| ("x-session-replay-event-skipped", code));
    let redirect = spec.redirect.as_deref().map(|url| ("location", url));
    for (name, value) in named.chain(skip).chain(redirect) {
        // Both were checked when the fault was asked for.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            headers.insert(name, value);
        }
    }
    response
}

/// So many bytes, made as they are sent.
fn filler(bytes: u64) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    const CHUNK: [u8; 16_384] = [b'x'; 16_384];
    stream::unfold(bytes, async |left| {
        let now = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK.len());
        let chunk = Bytes::from_static(&CHUNK).slice(..now);
        (now > 0).then(|| (Ok(chunk), left - now as u64))
    })
}

/// The first half of a body, and then an error.
fn half(mut body: Bytes) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    body.truncate(body.len() / 2);
    broken(stream::once(async { Ok(body) }))
}

/// A body that ends in an error, which makes the server drop the connection.
fn broken(
    body: impl Stream<Item = Result<Bytes, std::io::Error>>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let end = stream::once(async {
        // The server sends what it has when the body pauses; without the pause the client would not see the half.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut as asked"))
    });
    futures_util::StreamExt::chain(body, end)
}
