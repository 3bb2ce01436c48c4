//! The JSON API: what the page and the tests ask the viewer.

pub(crate) mod batches;
pub(crate) mod captured;
pub(crate) mod delete;
pub(crate) mod download;
pub(crate) mod error;
pub(crate) mod faults;
pub(crate) mod import;
mod lent_text;
mod list_feed;
pub(crate) mod live;
mod path;
pub(crate) mod remote_config;
pub(crate) mod requests;
pub(crate) mod search;
mod session_feed;
pub(crate) mod sessions;
mod stored_batch;
pub(crate) mod why;
