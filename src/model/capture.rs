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
    /// The server chooses by who the user is and what happens (`sr_targeting_config`), and not by the sample.
    pub is_targeted: bool,
}

impl CaptureRule {
    /// Whether this session is captured; `Err` says why not.
    /// `targeting`: what that says of the session. Once it matched, neither targeting nor the sample takes it back.
    pub fn allows(&self, session: &SessionId, targeting: TargetingVerdict) -> Result<(), NotCaptured> {
        match targeting {
            _ if !self.enabled => Err(NotCaptured::CaptureDisabled),
            TargetingVerdict::Matched => Ok(()),
            TargetingVerdict::NotMatched if self.is_targeted => Err(NotCaptured::NotTargeted),
            TargetingVerdict::NotEvaluated if self.is_targeted => Err(NotCaptured::TargetingNotEvaluated),
            _ if !self.sample_rate.includes(session.as_str()) => Err(NotCaptured::NotInSample),
            _ => Ok(()),
        }
    }
}

/// What targeting says of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetingVerdict {
    /// It is captured, for as long as it lasts.
    Matched,
    /// By what was told until now, it is not captured.
    NotMatched,
    /// Nothing was told that rules ask for, and without that they don't match.
    NotEvaluated,
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
    /// The host paused recording.
    Paused,
    /// The option `idleTimeoutMs` is on, and the user did nothing for so long.
    Idle,
    /// The session is not in the sample.
    NotInSample,
    /// The server said so, or its answer never came and none was cached.
    CaptureDisabled,
    /// The server chooses whom to capture, and was told nothing of this session to choose by.
    TargetingNotEvaluated,
    /// The server chooses whom to capture, and did not choose this session.
    NotTargeted,
    /// The server gave this session up.
    SessionRejected,
    /// It is recorded, and sent once there is a trigger.
    Held,
}

impl NotCaptured {
    /// The reason in `sr_stats`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSessionId => "no-session-id",
            Self::AwaitsEvent => "waiting-for-event",
            Self::NoDeviceId => "no-device-id",
            Self::OptedOut => "opted-out",
            Self::Paused => "paused",
            Self::Idle => "idle",
            Self::NotInSample => "not-in-sample",
            Self::CaptureDisabled => "capture-disabled",
            Self::TargetingNotEvaluated => "targeting-not-evaluated",
            Self::NotTargeted => "not-targeted",
            Self::SessionRejected => "session-ended-by-server",
            Self::Held => "held",
        }
    }

    /// Whether a session that is left out for this reason may be held: sampling or targeting leaves it out. What the server, the user or
    /// the host forbids is no such reason.
    pub const fn is_of_choice(self) -> bool {
        matches!(self, Self::NotInSample | Self::TargetingNotEvaluated | Self::NotTargeted)
    }

    /// What the host can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoSessionId => "no session id: give one with sr_set_session_id or the option sessionId",
            Self::AwaitsEvent => "the first event begins a session (option sessionTimeoutMs)",
            Self::NoDeviceId => "no device id: give one with sr_set_device_id or the option deviceId",
            Self::OptedOut => "opted out: sr_set_opt_out(false) ends it",
            Self::Paused => "paused: sr_resume() ends it",
            Self::Idle => {
                "the user did nothing for idleTimeoutMs: with the next action recording begins again, with a full snapshot"
            }
            Self::NotInSample => {
                "the session is not in the sample: the option sampleRate (default 0) or the remote configuration decides"
            }
            Self::CaptureDisabled => {
                "capture is off in the remote configuration, or that has no configs.sessionReplay, or the server gave none and none was cached (option enableRemoteConfig)"
            }
            Self::TargetingNotEvaluated => {
                "the remote configuration chooses sessions by targeting (sr_targeting_config), and no event, user property or address was told yet: pass them to sr_evaluate_targeting, or events to sr_segment_process"
            }
            Self::NotTargeted => {
                "no rule of the remote configuration (sr_targeting_config) has matched this session yet: \"targeting\" names the one that decided"
            }
            Self::SessionRejected => "the server rejected this session: recording resumes with the next one",
            Self::Held => {
                "the session is held (option onErrorSampleRate): its newest part is kept, and sent after sr_capture_now, an unhandled error or the death of the process"
            }
        }
    }
}
