//! The session, persisted in the storage directory: what a browser keeps in the cookie `analytics_session_id`.

use std::io;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::precedence::is_plausible;
use crate::model::ids::{DeviceId, SessionId, unix_millis};
use crate::storage::{ClockStamp, Storage, age};

const FILE: &str = "state.json";

/// What the next run needs to go on with the session. A file that can't be read counts as none.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PersistedSession {
    session_id: Option<String>,
    device_id: Option<String>,
    started_at_ms: u64,
    /// When its last event was recorded, about.
    #[serde(rename = "keptAtMs")]
    last_event_at_ms: u64,
    /// How the clocks stood then.
    clock: Option<ClockStamp>,
    /// The built-in timeout began it.
    is_built_in: bool,
    /// It was held, and a trigger made it captured.
    is_triggered: bool,
}

impl PersistedSession {
    pub fn of(
        session: Option<&SessionId>,
        device: Option<&DeviceId>,
        started: SystemTime,
        is_built_in: bool,
        last_event: SystemTime,
        clock: Option<ClockStamp>,
    ) -> Self {
        Self {
            session_id: session.map(|id| id.as_str().to_owned()),
            device_id: device.map(|id| id.as_str().to_owned()),
            started_at_ms: unix_millis(started),
            last_event_at_ms: unix_millis(last_event),
            clock,
            is_built_in,
            is_triggered: false,
        }
    }

    /// The same, where a trigger made the session captured.
    pub fn with_trigger(self, is_triggered: bool) -> Self {
        Self { is_triggered, ..self }
    }

    pub fn read(storage: &Storage) -> Self {
        let bytes = storage.read_file(FILE).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub fn write(&self, storage: &Storage) -> io::Result<()> {
        storage.write_file(FILE, &serde_json::to_vec(self)?)
    }

    /// How long nothing has happened since, whatever the clock was set to meanwhile.
    pub fn idle(&self) -> Duration {
        age(SystemTime::UNIX_EPOCH + Duration::from_millis(self.last_event_at_ms), self.clock)
    }

    /// The session, unless the built-in timeout ends it after so long, or a clock that stood wrong has named it: one from
    /// the future would stand in the way of every later one.
    pub fn session(&self, idle: Duration, timeout: Option<Duration>, now: SystemTime) -> Option<SessionId> {
        if timeout.is_some_and(|timeout| idle > timeout) {
            return None;
        }
        let session = SessionId::from_text(self.session_id.as_deref()?).ok()?;
        is_plausible(&session, now).then_some(session)
    }

    pub fn device(&self) -> Option<DeviceId> {
        DeviceId::from_text(self.device_id.as_deref()?).ok()
    }

    pub fn started(&self) -> Option<SystemTime> {
        (self.started_at_ms > 0).then(|| SystemTime::UNIX_EPOCH + Duration::from_millis(self.started_at_ms))
    }

    /// A trigger made it captured.
    pub fn is_triggered(&self) -> bool {
        self.is_triggered
    }

    pub fn is_built_in(&self) -> bool {
        self.is_built_in
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_from_the_future_is_not_gone_on_with() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_640_000_000);
        for (session, expected) in [
            ("1795640000000", true),
            // A minute ahead, a day ahead, a clock in 1970.
            ("1795640060000", true),
            ("1795726400000", true),
            ("60000", true),
            ("a-text", true),
            ("1795726400001", false),
            ("1925000000000", false),
            ("9223372036854775807", false),
        ] {
            let persisted = PersistedSession::of(
                SessionId::from_text(session).ok().as_ref(),
                None,
                now,
                true,
                now,
                ClockStamp::now(),
            );
            assert_eq!(persisted.session(Duration::ZERO, None, now).is_some(), expected, "{session}");
            let read: PersistedSession =
                serde_json::from_slice(&serde_json::to_vec(&persisted).unwrap()).unwrap();
            assert_eq!(read, persisted);
        }
    }
}
