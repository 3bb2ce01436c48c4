//! Whether a session is captured: the sample it is in, and what the remote configuration allows.

use std::time::Duration;

use super::ids::SessionId;
use super::sample_rate::SampleRate;

/// What decides about a session, as it stands once local options and remote configuration are joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CaptureRule {
    /// The server's main switch (`capture_enabled`).
    pub enabled: bool,
    /// The share of sessions to capture.
    pub sample_rate: SampleRate,
    /// A session that lasted less is not sent.
    pub min_session_duration: Duration,
    /// The server would choose by who the user is and what happens (`sr_targeting_config`), which is not evaluated yet.
    pub is_targeted: bool,
}

impl CaptureRule {
    /// Whether this session is captured; `Err` says why not.
    pub fn allows(&self, session: &SessionId) -> Result<(), NotCaptured> {
        if !self.enabled {
            Err(NotCaptured::CaptureDisabled)
        } else if self.is_targeted {
            Err(NotCaptured::Targeted)
        } else if !self.sample_rate.includes(session.as_str()) {
            Err(NotCaptured::NotInSample)
        } else {
            Ok(())
        }
    }
}

/// Why nothing is recorded at the moment. The words of [`NotCaptured::as_str`] stand in `sr_stats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotCaptured {
    /// No session id was given yet.
    NoSessionId,
    /// The built-in session timeout is on, and no event has begun a session yet.
    AwaitsEvent,
    /// No device id was given yet.
    NoDeviceId,
    /// The host opted out.
    OptedOut,
    /// The session is not in the sample.
    NotInSample,
    /// The server said so, or its answer never came and none was cached.
    CaptureDisabled,
    /// The server chooses whom to capture in a way that is not evaluated yet.
    Targeted,
    /// The server gave this session up.
    SessionRejected,
}

impl NotCaptured {
    /// The reason in `sr_stats`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSessionId => "no-session-id",
            Self::AwaitsEvent => "waiting-for-event",
            Self::NoDeviceId => "no-device-id",
            Self::OptedOut => "opted-out",
            Self::NotInSample => "not-in-sample",
            Self::CaptureDisabled => "capture-disabled",
            Self::Targeted => "targeting-not-evaluated",
            Self::SessionRejected => "session-ended-by-server",
        }
    }

    /// What the host can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoSessionId => "no session id: give one with sr_set_session_id or the option sessionId",
            Self::AwaitsEvent => "the first event begins a session (option sessionTimeoutMs)",
            Self::NoDeviceId => "no device id: give one with sr_set_device_id or the option deviceId",
            Self::OptedOut => "opted out: sr_set_opt_out(false) ends it",
            Self::NotInSample => {
                "the session is not in the sample: the option sampleRate (default 0) or the remote configuration decides"
            }
            Self::CaptureDisabled => {
                "capture is off in the remote configuration, or that has no configs.sessionReplay, or the server gave none and none was cached (option enableRemoteConfig)"
            }
            Self::Targeted => {
                "the remote configuration chooses sessions by targeting (sr_targeting_config), which this version does not evaluate: nothing is captured"
            }
            Self::SessionRejected => "the server rejected this session: recording resumes with the next one",
        }
    }
}
