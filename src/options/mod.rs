//! What a host may ask for: every option with its default and its bounds.
//!
//! - [`fields`], [`members`]: the one table, a row for each option and each member of one; [`field`]: what a row says
//! - [`parse`]: from JSON, by the table; [`given`]: one value, read as what it must be
//! - [`url_mask_levels`]: the one option that is a list of objects
//! - [`error`]: what is wrong with the options

mod error;
pub(crate) mod field;
pub(crate) mod fields;
mod given;
mod members;
mod parse;
#[cfg(test)]
mod tests;
mod url_mask_levels;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use crate::model::address_filter;
use crate::model::envelope::{ClientInfo, ServerZone, sent_client_url};
use crate::model::event::MAX_EVENT_BYTES;
use crate::model::ids::{DeviceId, SessionId};
use crate::model::named::Named;
use crate::model::page_config::{InteractionConfig, LoggingConfig};
use crate::model::privacy::PrivacyConfig;
use crate::model::replay_url::ReplayUrlTemplate;
use crate::model::sample_rate::SampleRate;
pub use error::OptionsError;

/// The most user properties that are taken, and remembered.
pub(crate) const MAX_PROPERTIES: usize = 1_024;

/// The options of [`SessionReplay::start`](crate::SessionReplay::start): the defaults, or what
/// [`Options::from_json`] read and found within bounds. The table of [`fields`] says what each option does, its key and
/// its bounds; `docs/guide/options.md` says the same to people.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub(crate) device_id: Option<DeviceId>,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) sample_rate: SampleRate,
    pub(crate) opt_out: bool,
    pub(crate) server_zone: ServerZone,
    pub(crate) track_server_url: Option<Url>,
    pub(crate) config_server_url: Option<Url>,
    pub(crate) flush_max_retries: u32,
    pub(crate) flush_interval: FlushInterval,
    /// `maxPersistedEventsSizeBytes`.
    pub(crate) max_batch_bytes: usize,
    /// `maxSingleEventSizeBytes`.
    pub(crate) max_event_bytes: usize,
    pub(crate) transport_compression: bool,
    pub(crate) send_timeout: Duration,
    pub(crate) remote_config: bool,
    /// `None`: events are kept in memory.
    pub(crate) storage_dir: Option<PathBuf>,
    pub(crate) storage_limit_bytes: u64,
    pub(crate) privacy: PrivacyConfig,
    /// `None`: off.
    pub(crate) session_timeout: Option<Duration>,
    /// `sessionTimeoutMs` was given, and is off since the option `segment` says that the analytics own the session.
    pub(crate) session_timeout_is_overruled: bool,
    pub(crate) min_session_duration: Duration,
    pub(crate) validate_on_record: bool,
    pub(crate) log_level: LogLevel,
    pub(crate) debug_mode: bool,
    pub(crate) segment: SegmentMode,
    pub(crate) library: Library,
    /// `None`: `app://` and the name of the executable.
    pub(crate) client_url: Option<String>,
    pub(crate) frame_interval: Duration,
    pub(crate) frame_bytes_per_second: u32,
    pub(crate) frame_max_pixels: u32,
    pub(crate) proxy: ProxyChoice,
    pub(crate) logging: LoggingConfig,
    pub(crate) interaction: InteractionConfig,
    /// `hostRequests`.
    pub(crate) host_requests: HostRequests,
    pub(crate) user_properties: Map<String, Value>,
    pub(crate) remember_opt_out: bool,
    /// `None`: off.
    pub(crate) idle_timeout: Option<Duration>,
    /// `onErrorSampleRate`.
    pub(crate) on_error_sample_rate: SampleRate,
    /// `onErrorWindowMs`.
    pub(crate) on_error_window: Duration,
    /// `captureOnUnhandledError`.
    pub(crate) capture_on_unhandled_error: bool,
    pub(crate) replay_url: Option<ReplayUrlTemplate>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            device_id: None,
            session_id: None,
            sample_rate: SampleRate::NONE,
            opt_out: false,
            server_zone: ServerZone::Us,
            track_server_url: None,
            config_server_url: None,
            flush_max_retries: 2,
            flush_interval: FlushInterval::default(),
            max_batch_bytes: 6_000_000,
            max_event_bytes: MAX_EVENT_BYTES as usize,
            transport_compression: true,
            send_timeout: Duration::from_secs(10),
            remote_config: true,
            storage_dir: None,
            storage_limit_bytes: 64_000_000,
            privacy: PrivacyConfig::default(),
            session_timeout: None,
            session_timeout_is_overruled: false,
            min_session_duration: Duration::ZERO,
            validate_on_record: false,
            log_level: LogLevel::Warn,
            debug_mode: false,
            segment: SegmentMode::Actions,
            library: Library::default(),
            client_url: None,
            frame_interval: Duration::from_millis(500),
            frame_bytes_per_second: 30_000,
            frame_max_pixels: 1_048_576,
            proxy: ProxyChoice::System,
            logging: LoggingConfig::default(),
            interaction: InteractionConfig::default(),
            host_requests: HostRequests::None,
            user_properties: Map::new(),
            remember_opt_out: false,
            idle_timeout: None,
            on_error_sample_rate: SampleRate::NONE,
            on_error_window: Duration::from_secs(60),
            capture_on_unhandled_error: true,
            replay_url: None,
        }
    }
}

impl Options {
    /// What every request of this run says about who sends.
    pub(crate) fn client_info(&self) -> ClientInfo {
        ClientInfo {
            zone: self.server_zone,
            library: format!("{}/{}", self.library.kind.name(), self.library.version),
            client_url: sent_client_url(&address_filter::filtered(
                self.client_url.as_deref().unwrap_or_default(),
                &self.interaction.ugc_filter_rules,
            )),
        }
    }
}

/// `flushIntervalConfig`: a batch is closed when the interval has passed since its first event. The interval
/// starts at the minimum and grows by it at every close, up to the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlushInterval {
    /// `minIntervalMs`.
    pub min: Duration,
    /// `maxIntervalMs`, not less than the minimum.
    pub max: Duration,
}

impl Default for FlushInterval {
    fn default() -> Self {
        Self { min: Duration::from_secs(1), max: Duration::from_secs(10) }
    }
}

/// `proxy`: who says which proxy requests go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProxyChoice {
    /// `"system"`: the environment, or else the operating system.
    System,
    /// `"none"`: there is none.
    None,
    /// This one. Its scheme is one of [`PROXY_SCHEMES`].
    Server(Url),
}

/// Whether a URL names a server and nothing on it. What looks like a path, a query or a fragment is the end of a password that
/// is not escaped: the host would be another one.
pub(crate) fn is_server_alone(url: &Url) -> bool {
    url.has_host() && matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none()
}

/// The kinds of proxies that a URL may name.
pub(crate) const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// `hostRequests`: which requests the host makes, which takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostRequests {
    /// `"none"`.
    None,
    /// `"events"`: those with batches.
    Events,
    /// `"config"`: that of the remote configuration.
    Config,
    /// `"all"`: both.
    All,
}

impl HostRequests {
    /// Whether the host makes the requests with batches.
    pub fn has_events(self) -> bool {
        matches!(self, Self::Events | Self::All)
    }

    /// Whether the host fetches the remote configuration.
    pub fn has_config(self) -> bool {
        matches!(self, Self::Config | Self::All)
    }
}

impl Named for HostRequests {
    const NAMES: &'static [(&'static str, Self)] =
        &[("none", Self::None), ("events", Self::Events), ("config", Self::Config), ("all", Self::All)];
}

/// Which lines the log callback receives.
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

impl Named for LogLevel {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
    ];
}

impl LogLevel {
    /// As the option writes it.
    pub fn as_str(self) -> &'static str {
        self.name()
    }
}

/// `segment.mode`: which of Segment's three integrations with Amplitude is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SegmentMode {
    /// `"actions"`: Amplitude (Actions). The session id comes with the events.
    Actions,
    /// `"classic-device"`: Amplitude Classic, device-mode. The Amplitude library beside Segment is asked.
    ClassicDevice,
    /// `"classic-cloud"`: Amplitude Classic, cloud-mode. The events are given the session id.
    ClassicCloud,
}

impl Named for SegmentMode {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("actions", Self::Actions),
        ("classic-device", Self::ClassicDevice),
        ("classic-cloud", Self::ClassicCloud),
    ];
}

/// `library`: names the caller in the `X-Client-Library` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Library {
    /// `type`.
    pub kind: LibraryKind,
    /// `version`.
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

impl Named for LibraryKind {
    const NAMES: &'static [(&'static str, Self)] =
        &[("standalone", Self::Standalone), ("plugin", Self::Plugin), ("segment", Self::Segment)];
}
