//! What happened so far, in numbers: the statistics of `sr_stats`.
//!
//! - [`counters`]: what the rest of the library counts and remembers
//! - [`members`]: the table of the members of `sr_stats`, from which its JSON is made; [`member`]: what stands in it

mod counters;
mod member;
mod members;
#[cfg(test)]
mod tests;

pub(crate) use counters::{Counter, Stats};
pub(crate) use member::StatsContext;
#[cfg(test)]
pub(crate) use member::{FieldKind, Member, MemberValue};
#[cfg(test)]
pub(crate) use members::MEMBERS;
pub(crate) use members::{AWAITS_REMOTE_CONFIG, CAPTURING};
