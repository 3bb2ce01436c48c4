//! What a host may ask for: every option with its default and its bounds.

mod field;
mod parse;
mod privacy;

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::model::envelope::{Origin, ServerZone, sent_client_url};
use crate::model::ids::{DeviceId, SessionId};
use crate::model::privacy::PrivacyConfig;
pub use field::OptionsError;

/// The options of [`SessionReplay::start`](crate::SessionReplay::start): the defaults, or what
/// [`Options::from_json`] read and found within bounds. The JSON keys are the browser SDK's camelCase names
/// where it has them; `docs/guide/options.md` lists them for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// `deviceId`: the device id of the analytics events. Default: the one kept in `storageDir`, else none;
    /// without one nothing is captured.
    pub(crate) device_id: Option<DeviceId>,
    /// `sessionId`: the current analytics session, number or text. Default: the one kept in `storageDir`,
    /// else none; without one nothing is captured.
    pub(crate) session_id: Option<SessionId>,
    /// `sampleRate`: the share of sessions to capture, 0 to 1. Default 0: nothing, until remote
    /// configuration says otherwise.
    pub(crate) sample_rate: f64,
    /// `optOut`: the user does not want to be recorded. Default false.
    pub(crate) opt_out: bool,
    /// `serverZone`: `"US"` or `"EU"`. Default `"US"`.
    pub(crate) server_zone: ServerZone,
    /// `trackServerUrl`: where batches go instead of the zone's server; http or https.
    pub(crate) track_server_url: Option<Url>,
    /// `configServerUrl`: where remote configuration is asked for instead of the zone's server; http or https.
    pub(crate) config_server_url: Option<Url>,
    /// `flushMaxRetries`: attempts to send a batch before it is set aside for a while, 1 to 100. Default 2.
    pub(crate) flush_max_retries: u32,
    /// `flushIntervalConfig`: how long events are gathered before they are sent.
    pub(crate) flush_interval: FlushInterval,
    /// `maxPersistedEventsSizeBytes`: bytes of events in one batch, 1,000 to 9,000,000. Default 6,000,000.
    pub(crate) max_batch_bytes: usize,
    /// `maxSingleEventSizeBytes`: bytes of one event, 1,000 to 9,000,000. Default 9,000,000.
    pub(crate) max_event_bytes: usize,
    /// `enableTransportCompression`: gzip request bodies. Default true.
    pub(crate) transport_compression: bool,
    /// `sendTimeoutMs`: time for one request, 100 to 120,000. Default 10,000.
    pub(crate) send_timeout: Duration,
    /// `enableRemoteConfig`: ask the server whether and at which rate to capture. Default true.
    pub(crate) remote_config: bool,
    /// `storageDir`: directory for what is not delivered yet, made when missing. Default: none, events are
    /// kept in memory and end with the process.
    pub(crate) storage_dir: Option<PathBuf>,
    /// `storageLimitBytes`: bytes kept before the oldest sessions are given up, 4,000,000 to
    /// 10,000,000,000. Default 64,000,000.
    pub(crate) storage_limit_bytes: u64,
    /// `sessionTimeoutMs`: for hosts without analytics: a new session begins after so long without an event,
    /// 1,000 to 86,400,000. Default 0: off; and always off where the analytics own the session.
    pub(crate) session_timeout: Option<Duration>,
    /// `sessionTimeoutMs` was given, and is off since the option `segment` says that the analytics own the session.
    pub(crate) session_timeout_is_overruled: bool,
    /// `minSessionDurationMs`: shorter sessions are not sent, 0 to 60,000. Default 0.
    pub(crate) min_session_duration: Duration,
    /// `validateOnRecord`: check each event whole in `sr_record`, for hosts under development. Default false.
    pub(crate) validate_on_record: bool,
    /// `logLevel`: what the log callback hears: `"none"`, `"error"`, `"warn"`, `"info"`, `"debug"`.
    /// Default `"warn"`.
    pub(crate) log_level: LogLevel,
    /// `debugMode`: add `[Amplitude] Session Replay Debug` to the session replay properties. Default false.
    pub(crate) debug_mode: bool,
    /// `segment`: how Segment is used, for [`SessionReplay::process_segment_event`](crate::SessionReplay::process_segment_event).
    pub(crate) segment: SegmentMode,
    /// `library`: what speaks to the server, for its statistics.
    pub(crate) library: Library,
    /// `privacyConfig`: what the recorder in the page is to mask. Default: every input (level medium).
    pub(crate) privacy: PrivacyConfig,
    /// `clientUrl`: the page's URL or the app's identifier, up to 65,536 bytes of which 1,000 are sent.
    /// Default: `app://` and the name of the executable.
    pub(crate) client_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            device_id: None,
            session_id: None,
            sample_rate: 0.0,
            opt_out: false,
            server_zone: ServerZone::Us,
            track_server_url: None,
            config_server_url: None,
            flush_max_retries: 2,
            flush_interval: FlushInterval::default(),
            max_batch_bytes: 6_000_000,
            max_event_bytes: 9_000_000,
            transport_compression: true,
            send_timeout: Duration::from_secs(10),
            remote_config: true,
            storage_dir: None,
            storage_limit_bytes: 64_000_000,
            session_timeout: None,
            session_timeout_is_overruled: false,
            min_session_duration: Duration::ZERO,
            validate_on_record: false,
            log_level: LogLevel::Warn,
            debug_mode: false,
            segment: SegmentMode::Actions,
            library: Library::default(),
            privacy: PrivacyConfig::default(),
            client_url: None,
        }
    }
}

impl Options {
    /// What every request of this run says about who sends.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            zone: self.server_zone,
            library: format!("{}/{}", self.library.kind.as_str(), self.library.version),
            client_url: sent_client_url(self.client_url.as_deref().unwrap_or_default()),
        }
    }
}

/// `flushIntervalConfig`: a batch is closed when the interval has passed since its first event. The interval
/// starts at the minimum and grows by it at every close, up to the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlushInterval {
    /// `minIntervalMs`: 10 to 600,000. Default 1,000.
    pub min: Duration,
    /// `maxIntervalMs`: 10 to 600,000, not less than the minimum. Default 10,000.
    pub max: Duration,
}

impl Default for FlushInterval {
    fn default() -> Self {
        Self { min: Duration::from_secs(1), max: Duration::from_secs(10) }
    }
}

/// How much the log callback hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing.
    None,
    /// What needs somebody's hand.
    Error,
    /// What was refused or dropped.
    Warn,
    /// Sessions, batches.
    Info,
    /// Everything.
    Debug,
}

impl LogLevel {
    /// As the option writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// `segment.mode`: which of Segment's three integrations with Amplitude is used. Default `"actions"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentMode {
    /// `"actions"`: Amplitude (Actions). The session id comes with the events.
    Actions,
    /// `"classic-device"`: Amplitude Classic, device-mode. The Amplitude library beside Segment is asked.
    ClassicDevice,
    /// `"classic-cloud"`: Amplitude Classic, cloud-mode. The events are given the session id.
    ClassicCloud,
}

/// `library`: names the caller in the `X-Client-Library` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Library {
    /// `type`: `"standalone"`, `"plugin"` or `"segment"`. Default `"standalone"`, or `"segment"` with the option
    /// `segment`.
    pub kind: LibraryKind,
    /// `version`: printable ASCII, 1 to 64 characters. Default: this library's version.
    pub version: String,
}

impl Default for Library {
    fn default() -> Self {
        Self { kind: LibraryKind::Standalone, version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// How the SDK was brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LibraryKind {
    /// By the host itself.
    Standalone,
    /// As a plugin of an Amplitude analytics SDK.
    Plugin,
    /// As a plugin of Segment.
    Segment,
}

impl LibraryKind {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standalone => "standalone",
            Self::Plugin => "plugin",
            Self::Segment => "segment",
        }
    }
}
