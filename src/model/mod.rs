//! What everything else speaks of: plain values and the rules about them, without I/O.
//!
//! - [`ids`]: device, session, replay, API key
//! - [`event`]: one rrweb event, checked and in wire form
//! - [`envelope`]: what a request says about its events
//! - [`capture`]: whether a session is captured; [`sample_rate`]: the sample it is in
//! - [`privacy`]: what a page's recorder masks
//! - [`named`]: closed lists of values that have names
//! - [`json`]: JSON passed on byte for byte

pub(crate) mod capture;
pub(crate) mod envelope;
pub(crate) mod event;
pub(crate) mod ids;
pub(crate) mod json;
pub(crate) mod named;
pub(crate) mod privacy;
pub(crate) mod sample_rate;
