//! What an event of the analytics names, and what it is enriched with.

use crate::model::ids::{DeviceId, InvalidId, ReplayId, SessionId};

/// Who decides which session is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionSource {
    /// The analytics: the session that an event names is followed.
    Analytics,
    /// Session replay: an event may begin a session of the built-in kind after idle time. The session that it names
    /// itself says only whose event it is.
    SessionReplay,
}

/// A device id in an event, or from a getter. `None`: there is none. `Err`: there is one that can't be used.
pub(crate) type DeviceReading = Option<Result<DeviceId, InvalidId>>;

/// The device and the session that an event of the analytics names.
#[derive(Debug)]
pub(crate) struct AnalyticsEvent {
    pub device: DeviceReading,
    /// Always milliseconds since 1970: the analytics have no session ids of another kind.
    pub session: Option<SessionId>,
    pub session_source: SessionSource,
}

impl AnalyticsEvent {
    /// The device, if it can be used.
    pub fn usable_device(&self) -> Option<&DeviceId> {
        self.device.as_ref()?.as_ref().ok()
    }

    /// Why the device can't be used, if there is one that can't.
    pub fn device_problem(&self) -> Option<InvalidId> {
        self.device.as_ref()?.as_ref().err().cloned()
    }
}

/// What an event is enriched with, once it was followed; all of it of the same moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Enrichment {
    /// The current session.
    pub session: Option<SessionId>,
    /// The captured replay of the device and session that the event names; never of others.
    pub replay: Option<ReplayId>,
    /// Why the event's device can't be used, where it would count.
    pub device_problem: Option<InvalidId>,
    /// The event's session was not followed, since it lies too far ahead of the clock.
    pub is_session_ahead: bool,
}
