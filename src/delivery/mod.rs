//! From a batch of events to the response of the ingest server.
//!
//! - [`policy`]: what to do with a batch, before and after a request; no I/O
//! - [`body`]: the body of a request, gzipped; [`interactions`]: that of one with clicks; [`escape`]: an event as a string in it; [`buffer`]: its memory
//! - [`request`]: addresses and headers
//! - [`response`]: what a response means
//! - [`http`]: one request; [`tls`]: whether it may be an encrypted one; [`send_error`]: why it got no response
//! - [`host_transport`]: the host's own HTTP in place of ours; [`offer`]: a request that waits for the host to take it
//! - [`proxy`]: which proxy a request goes through

mod body;
mod buffer;
mod escape;
mod host_transport;
mod http;
mod interactions;
mod offer;
pub(crate) mod policy;
mod proxy;
mod request;
mod response;
mod send_error;
mod tls;

pub(crate) use body::{Body, BodyWriter, GZIP_LEVEL, Gzip};
pub use host_transport::{HostHttp, HostRequest, HostResponse, Transport};
pub(crate) use http::Http;
pub(crate) use interactions::InteractionWriter;
pub use offer::TakenRequest;
#[cfg(all(test, unix))]
pub(crate) use proxy::is_fork;
#[cfg(unix)]
pub(crate) use proxy::note_fork;
pub(crate) use request::{Endpoints, track_headers};
pub(crate) use response::{Response, SKIPPED};
pub(crate) use send_error::SendError;
pub(crate) use tls::check_options as check_tls;
