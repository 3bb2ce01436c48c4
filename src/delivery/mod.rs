//! From a batch of events to the response of the ingest server.
//!
//! - [`policy`]: what to do with a batch, before and after a request; no I/O
//! - [`body`]: the body of a request, gzipped; [`escape`]: an event as a string in it; [`buffer`]: its memory
//! - [`request`]: addresses and headers
//! - [`response`]: what a response means
//! - [`http`]: one request; [`send_error`]: why it got no response
//! - [`host_transport`]: the host's own HTTP in place of ours
//! - [`proxy`]: the proxy that the environment names

mod body;
mod buffer;
mod escape;
mod host_transport;
mod http;
pub(crate) mod policy;
mod proxy;
mod request;
mod response;
mod send_error;

pub(crate) use body::{Body, BodyWriter};
pub use host_transport::{HostHttp, HostRequest, HostResponse, Transport};
pub(crate) use http::Http;
pub(crate) use request::{Endpoints, track_headers};
pub(crate) use response::{Response, SKIPPED};
pub(crate) use send_error::SendError;
