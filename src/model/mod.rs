//! What everything else speaks of: plain values and the rules about them, without I/O.
//!
//! - [`ids`]: device, session, replay, API key
//! - [`event`]: one rrweb event, checked and in wire form
//! - [`envelope`]: what a request says about its events
//! - [`in_flight`]: which events are in a request that has no answer
//! - [`interaction`]: a click or a scroll depth, for heatmaps
//! - [`capture`]: whether a session is captured; [`sample_rate`]: the sample it is in
//! - [`privacy`]: what a page's recorder masks; [`page_config`]: what it records beside the document
//! - [`address_filter`]: how addresses are told; [`replay_url`]: the address of a replay
//! - [`named`]: closed lists of values that have names
//! - [`targeting`]: which sessions a project wants, by the rules of its remote configuration
//! - [`json`]: JSON passed on byte for byte

pub(crate) mod address_filter;
pub(crate) mod capture;
pub(crate) mod envelope;
pub(crate) mod event;
pub(crate) mod ids;
pub(crate) mod in_flight;
pub(crate) mod interaction;
pub(crate) mod json;
pub(crate) mod named;
pub(crate) mod page_config;
pub(crate) mod privacy;
pub(crate) mod replay_url;
pub(crate) mod sample_rate;
pub(crate) mod targeting;
pub(crate) mod trigger;
