//! A batch of events: what its JSON has to look like, and what is worth knowing about it.

mod clocks;
mod console;
mod data;
mod envelope;
mod event;
pub(crate) mod interactions;
mod nested;
mod playable;
mod scan;
mod stats;
mod title;
mod unplayable;

pub(crate) use clocks::Clocks;
pub(crate) use envelope::{CheckedBatch, Version, check, event_string, event_tokens, shorten};
pub(crate) use event::{MAX_EVENT_BYTES, check as check_event, in_wire_order};
pub(crate) use stats::BatchStats;
pub(crate) use unplayable::Unplayable;
