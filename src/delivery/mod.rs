//! From events in wire form to an answer of the ingest server.
//!
//! - [`envelope`]: what a request says about its events
//! - [`body`]: the body, gzipped as it is written
//! - [`request`]: address and headers
//! - [`http`]: the exchange itself
//! - [`reply`]: what each answer means

mod body;
mod envelope;
mod http;
mod reply;
mod request;

pub(crate) use body::{Body, BodyWriter};
pub(crate) use envelope::Envelope;
pub(crate) use http::Http;
pub(crate) use reply::{Reply, Verdict};
pub(crate) use request::{Endpoints, track_headers};
