//! A fault as a reply.

use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream};

use super::{Cut, Fault, FaultSpec};
use crate::app::App;

/// A mark on a response: the server is to drop the connection instead of sending it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutConnection;

/// A response that is never sent; the connection is dropped.
pub(crate) fn cut() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(CutConnection);
    response
}

/// How a request is going to be answered.
#[derive(Debug)]
pub(crate) enum Plan {
    /// By a reply with this status.
    Reply(u16),
    /// Not at all.
    Silence,
}

impl Fault {
    /// What the fault is going to do, given the honest reply's status.
    pub(crate) fn plan(&self, honest: u16) -> Plan {
        let spec = &self.spec;
        if spec.hang || matches!(spec.cut, Some(Cut::Before | Cut::After)) {
            Plan::Silence
        } else if spec.replies() {
            Plan::Reply(spec.status().as_u16())
        } else {
            Plan::Reply(honest)
        }
    }

    /// Misbehaves; `honest` is what would have been replied. Requests that wait have a limit of their own; one too many is
    /// cut at once.
    pub(crate) async fn answer(&self, app: &App, parts: &Parts, honest: Response) -> Response {
        let spec = &self.spec;
        let Some(_held) = app.limits.hold(parts.extensions.get()) else {
            return cut();
        };
        tokio::time::sleep(Duration::from_millis(spec.delay_ms)).await;
        if spec.hang {
            app.faults.until_cleared(self).await;
            return cut();
        }
        if matches!(spec.cut, Some(Cut::Before | Cut::After)) {
            return cut();
        }
        if !spec.replies() {
            return honest;
        }
        reply(spec)
    }
}

fn reply(spec: &FaultSpec) -> Response {
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
