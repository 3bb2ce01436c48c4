//! What the server and those who answer tell each other about a connection, as extensions of requests and responses.

use std::net::{IpAddr, SocketAddr};

use axum::response::{IntoResponse, Response};

/// On a request: the address at which its connection reached us.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalAddress(pub(crate) SocketAddr);

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

/// On a response: the server is to drop the connection instead of sending it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CutConnection;

/// A response that is never sent; the connection is dropped.
pub(crate) fn cut() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(CutConnection);
    response
}
