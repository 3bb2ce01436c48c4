//! What to do with a batch, before and after a request. No I/O, no clock, no randomness: facts, times and jitter are
//! passed in, so that each decision is a table that a test can go through.
//!
//! - [`disposition`]: whether a sealed chunk is sent, dropped or held
//! - [`outcome`]: what an attempt to send a batch came to
//! - [`batch_limits`]: how much goes into the next batch
//! - [`back_off`]: when nothing is sent for a while

mod back_off;
mod batch_limits;
mod disposition;
mod drop_reason;
mod outcome;

pub(crate) use back_off::{BackOff, THROTTLE_PAUSE};
pub(crate) use batch_limits::BatchLimits;
pub(crate) use disposition::{Disposition, Lifetime, SessionFacts, disposition};
pub(crate) use drop_reason::DropReason;
pub(crate) use outcome::{Attempt, BatchSize, SendOutcome, outcome};
