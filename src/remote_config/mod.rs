//! What the server says about capturing: `protocol.md`, "Remote configuration".
//!
//! - [`schedule`]: when to fetch it
//! - [`fetch`]: the request, with its attempts
//! - [`response`]: the response, read leniently
//! - [`refresh`]: what a fetch comes to: the new configuration, the cached one, or no change
//! - [`merge`]: the configuration and the options, merged into the rule about capturing

mod fetch;
mod merge;
mod refresh;
mod response;
mod schedule;

pub(crate) use fetch::fetch;
pub(crate) use merge::{local_page, local_rule, merge, merge_page};
pub(crate) use refresh::{Effective, Refresh};
pub(crate) use response::RemoteConfig;
pub(crate) use schedule::RefreshSchedule;
