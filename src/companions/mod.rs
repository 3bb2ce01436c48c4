//! What a program does beside what it shows: its log lines and its HTTP requests, as events that stand in the replay next to
//! the picture. Decisions alone, without I/O.
//!
//! - [`log_line`]: a line of a log, as rrweb's console plugin writes one
//! - [`request`]: a request, as the browser SDK writes one; [`headers`] and [`body`]: what is kept of these, with [`prune`], which
//!   keeps some members of JSON
//! - [`awaited`]: what of these leaves the process, where the configuration was not known when they were recorded
//! - [`allowance`]: how many of them are taken
//! - [`address`]: a URL as it may be told; [`secrets`]: what is masked wherever it stands, by
//!   [`secret_names`], where [`secret_places`] and [`secret_values`] say, with [`json_escapes`] undone and by [`scan`]; [`limits`]: how much is kept, in pages too

mod address;
mod allowance;
mod awaited;
mod body;
mod headers;
mod json_escapes;
pub(crate) mod limits;
mod log_line;
mod masked_text;
mod prune;
mod request;
mod scan;
pub(crate) mod secret_names;
mod secret_places;
mod secret_values;
mod secrets;
#[cfg(test)]
mod secrets_fixture;
#[cfg(test)]
mod secrets_hostile_tests;
#[cfg(test)]
mod secrets_tests;

pub(crate) use allowance::Allowance;
pub(crate) use awaited::{Decided, decide, interaction_with_address};
pub use log_line::LogSeverity;
pub(crate) use log_line::{CONSOLE_PLUGIN, log_payload, takes_log};
pub use request::RequestInfo;
pub(crate) use request::{REQUEST_TAG, request_payload, takes_requests};

/// What stands in place of a secret, as in pages (`bindings/web/src/privacy/`): of one length, which tells nothing.
const MASK: &str = "********";

/// The beginning of a text, of so many bytes at most, and whether that is not all.
fn cut(text: &str, bytes: usize) -> (&str, bool) {
    let is_end = |end: &usize| text.is_char_boundary(*end);
    let end = (0..=bytes.min(text.len())).rev().find(is_end).unwrap_or(0);
    (&text[..end], end < text.len())
}
