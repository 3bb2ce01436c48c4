//! What an event of the analytics tells of itself, and what it is given for that.

use crate::model::ids::{DeviceId, ReplayId, SessionId};

/// Who says which session is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionOwner {
    /// The analytics: the session that the event tells is followed.
    Analytics,
    /// Session replay: the event may begin one after a silence; what it tells itself says only whose event it is.
    Ourselves,
}

/// An event's device and session, as far as it tells some that can be used.
#[derive(Debug)]
pub(crate) struct Facts {
    pub device: Option<DeviceId>,
    pub session: Option<i64>,
    pub owner: SessionOwner,
}

/// What is known once an event was followed; all of it of the same moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Followed {
    /// The current session.
    pub session: Option<SessionId>,
    /// The captured replay of the device and session that the event tells; never of others.
    pub replay: Option<ReplayId>,
    /// The host gave the device: what events tell of it does not count.
    pub device_is_given: bool,
    /// The event's session was not followed, since it lies too far ahead of the clock.
    pub is_ahead: bool,
}
