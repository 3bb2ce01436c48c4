//! From events in wire form to an answer of the ingest server.
//!
//! - [`body`]: the body, gzipped
//! - [`escape`]: an event as a string in it
//! - [`request`]: address and headers
//! - [`pages`]: memory for a body
//! - [`http`]: the exchange itself
//! - [`proxy`]: the proxy that the environment names
//! - [`transport`]: the host's own HTTP in place of ours
//! - [`reply`]: what each answer means

mod body;
mod escape;
mod host_transport;
mod http;
mod mmap_buffer;
mod proxy;
mod reply;
mod request;

pub(crate) use body::{Body, BodyWriter};
pub use host_transport::{HostHttp, HostReply, HostRequest, Transport};
pub(crate) use http::Http;
pub(crate) use reply::{Reply, SKIPPED, Verdict};
pub(crate) use request::{Endpoints, track_headers};
