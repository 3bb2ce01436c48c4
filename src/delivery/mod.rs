//! From events in wire form to an answer of the ingest server.
//!
//! - [`envelope`]: what a request says about its events
//! - [`body`]: the body, gzipped
//! - [`escape`]: an event as a string in it
//! - [`request`]: address and headers
//! - [`pages`]: memory for a body
//! - [`http`]: the exchange itself
//! - [`proxy`]: the proxy that the environment names
//! - [`transport`]: the host's own HTTP in place of ours
//! - [`reply`]: what each answer means

mod body;
mod envelope;
mod escape;
mod http;
mod pages;
mod proxy;
mod reply;
mod request;
mod transport;

pub(crate) use body::{Body, BodyWriter};
pub(crate) use envelope::{Envelope, default_client_url};
pub(crate) use http::Http;
pub(crate) use reply::{Reply, SKIPPED, Verdict};
pub(crate) use request::{Endpoints, track_headers};
pub use transport::{HostHttp, HostReply, HostRequest, Transport};
