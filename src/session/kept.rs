//! The session, kept in the storage directory: what a browser keeps in the cookie `analytics_session_id`.

use std::io;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::identity::{DeviceId, SessionId, unix_millis};
use crate::journal::{ClockStamp, Journal, age};

const FILE: &str = "state.json";

/// What a restart inside a session goes on with. A file that can't be read is as good as none.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Kept {
    session_id: Option<String>,
    device_id: Option<String>,
    started_at_ms: u64,
    /// When its last event was recorded, about.
    kept_at_ms: u64,
    /// How the clocks stood then.
    clock: Option<ClockStamp>,
}

impl Kept {
    pub fn of(
        session: Option<SessionId>,
        device: Option<DeviceId>,
        started: SystemTime,
        now: SystemTime,
    ) -> Self {
        Self {
            session_id: session.map(|id| id.as_str().to_owned()),
            device_id: device.map(|id| id.as_str().to_owned()),
            started_at_ms: unix_millis(started),
            kept_at_ms: unix_millis(now),
            clock: ClockStamp::now(),
        }
    }

    pub fn read(journal: &Journal) -> Self {
        let bytes = journal.read_kept(FILE).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub fn write(&self, journal: &Journal) -> io::Result<()> {
        journal.keep(FILE, &serde_json::to_vec(self)?)
    }

    /// How long nothing has happened since, whatever the clock was set to meanwhile.
    pub fn idle(&self) -> Duration {
        age(SystemTime::UNIX_EPOCH + Duration::from_millis(self.kept_at_ms), self.clock)
    }

    /// The session, unless the built-in timeout ends it after so long.
    pub fn session(&self, idle: Duration, timeout: Option<Duration>) -> Option<SessionId> {
        if timeout.is_some_and(|timeout| idle > timeout) {
            return None;
        }
        SessionId::from_text(self.session_id.as_deref()?).ok()
    }

    pub fn device(&self) -> Option<DeviceId> {
        DeviceId::from_text(self.device_id.as_deref()?).ok()
    }

    pub fn started(&self) -> Option<SystemTime> {
        (self.started_at_ms > 0).then(|| SystemTime::UNIX_EPOCH + Duration::from_millis(self.started_at_ms))
    }
}
