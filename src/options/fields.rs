//! The options: one row for each. Parsing goes by this table, and what C++, TypeScript and the documentation say of
//! options is generated from it (`src/generated/`).
//!
//! To add one: a row here (or in [`members`](super::members)), and in [`Options`](super::Options) its field with the
//! default. The order is that of the members of `sr::Options`, by which C++ programs may name them: a new one comes last.

use super::field::Group::{Developing, How, WhereTo, WhoAndWhether};
use super::field::Preset::{Flag, Number, Otherwise, Word};
use super::field::{About, Field, Kind};
use super::members::{FLUSH_INTERVAL, LIBRARY, PRIVACY, SEGMENT, minimum_is_not_above_maximum};
use super::{HostRequests, LogLevel};
use crate::model::envelope::ServerZone;
use crate::model::event::MAX_EVENT_BYTES;
use crate::model::named::Named;
use crate::model::page_config::{InteractionConfig, LoggingConfig};

/// Every option.
pub(crate) static FIELDS: &[Field] = &[
    Field {
        key: "deviceId",
        kind: Kind::DeviceId(|options, id| options.device_id = Some(id)),
        about: About {
            group: WhoAndWhether,
            default: Otherwise("the one kept in `storageDir`, else none"),
            brief: "The device id that the analytics events carry.",
            more: "Without one nothing is captured; `sr_set_device_id` can give it later.",
        },
    },
    Field {
        key: "sessionId",
        kind: Kind::SessionId(|options, id| options.session_id = Some(id)),
        about: About {
            group: WhoAndWhether,
            default: Otherwise("the one kept in `storageDir`, else none"),
            brief: "The current analytics session.",
            more: "Without one nothing is captured; `sr_set_session_id` can give it later.",
        },
    },
    Field {
        key: "sampleRate",
        kind: Kind::SampleRate(|options, rate| options.sample_rate = rate),
        about: About {
            group: WhoAndWhether,
            default: Number(0),
            brief: "The share of sessions to capture.",
            more: "A hash of the session id decides, so that every client and server agree. 0: nothing, until the remote configuration says otherwise.",
        },
    },
    Field {
        key: "optOut",
        kind: Kind::Flag(|options, is_on| options.opt_out = is_on),
        about: About {
            group: WhoAndWhether,
            default: Flag(false),
            brief: "The user does not want to be recorded.",
            more: "`sr_set_opt_out` changes it.",
        },
    },
    Field {
        key: "serverZone",
        kind: Kind::OneOf {
            name: "ServerZone",
            words: ServerZone::names,
            set: |options, word| ServerZone::from_name(word).map(|zone| options.server_zone = zone),
        },
        about: About { group: WhereTo, default: Word("US"), brief: "Amplitude's data centre.", more: "" },
    },
    Field {
        key: "trackServerUrl",
        kind: Kind::Url(|options, url| options.track_server_url = Some(url)),
        about: About {
            group: WhereTo,
            default: Otherwise("the zone's"),
            brief: "Where batches go.",
            more: "",
        },
    },
    Field {
        key: "configServerUrl",
        kind: Kind::Url(|options, url| options.config_server_url = Some(url)),
        about: About {
            group: WhereTo,
            default: Otherwise("the zone's"),
            brief: "Where the remote configuration is asked for.",
            more: "The request goes to `<configServerUrl>/<api key>?config_group=browser`.",
        },
    },
    Field {
        key: "flushMaxRetries",
        kind: Kind::Integer {
            min: 1,
            max: 100,
            set: |options, attempts| options.flush_max_retries = attempts as u32,
        },
        about: About {
            group: How,
            default: Number(2),
            brief: "Attempts to send a batch before it is set aside for a while.",
            more: "It is not dropped then.",
        },
    },
    Field {
        key: "flushIntervalConfig",
        kind: Kind::Object { members: FLUSH_INTERVAL, check: minimum_is_not_above_maximum },
        about: About {
            group: How,
            default: Otherwise(""),
            brief: "How long events are gathered before they are sent.",
            more: "A batch is closed when the interval has passed since its first event; the interval grows by the minimum at every close, up to the maximum.",
        },
    },
    Field {
        key: "maxPersistedEventsSizeBytes",
        kind: Kind::Integer {
            min: 1_000,
            max: 9_000_000,
            set: |options, bytes| options.max_batch_bytes = bytes as usize,
        },
        about: About {
            group: How,
            default: Number(6_000_000),
            brief: "Bytes of events in one batch.",
            more: "An event that is larger goes alone.",
        },
    },
    Field {
        key: "maxSingleEventSizeBytes",
        kind: Kind::Integer {
            min: 1_000,
            max: MAX_EVENT_BYTES,
            set: |options, bytes| options.max_event_bytes = bytes as usize,
        },
        about: About {
            group: How,
            default: Number(MAX_EVENT_BYTES),
            brief: "Bytes of one event.",
            more: "A larger event is refused with `SR_ERROR_EVENT_TOO_LARGE`.",
        },
    },
    Field {
        key: "enableTransportCompression",
        kind: Kind::Flag(|options, is_on| options.transport_compression = is_on),
        about: About { group: How, default: Flag(true), brief: "Gzip request bodies.", more: "" },
    },
    Field {
        key: "sendTimeoutMs",
        kind: Kind::Millis { min: 100, max: 120_000, set: |options, time| options.send_timeout = time },
        about: About { group: How, default: Number(10_000), brief: "Time for one request.", more: "" },
    },
    Field {
        key: "enableRemoteConfig",
        kind: Kind::Flag(|options, is_on| options.remote_config = is_on),
        about: About {
            group: WhoAndWhether,
            default: Flag(true),
            brief: "Ask the server whether and at which rate to capture.",
            more: "What it says beats the options here. While its answer is awaited, events are kept and not sent. No answer, and none remembered from an earlier run: nothing is captured.",
        },
    },
    Field {
        key: "storageDir",
        kind: Kind::Text { min: 1, max: 4_096, set: |options, path| options.storage_dir = Some(path.into()) },
        about: About {
            group: How,
            default: Otherwise("none"),
            brief: "Directory for what is not delivered yet, made when missing. Only this user may read what is in it.",
            more: "Without it events are kept in memory and end with the process.",
        },
    },
    Field {
        key: "storageLimitBytes",
        kind: Kind::Integer {
            min: 4_000_000,
            max: 10_000_000_000,
            set: |options, bytes| options.storage_limit_bytes = bytes,
        },
        about: About {
            group: How,
            default: Number(64_000_000),
            brief: "Room for what waits, on disk or in memory.",
            more: "When it is used up, the oldest sessions are evicted whole, never the current one.",
        },
    },
    Field {
        key: "privacyConfig",
        kind: Kind::Object { members: PRIVACY, check: |_, _| Ok(()) },
        about: About {
            group: WhoAndWhether,
            default: Otherwise(""),
            brief: "What the recorder in a page is to mask and block.",
            more: "The library hands it, joined with the remote configuration's `sr_privacy_config`, to whoever asks with `sr_get_privacy_config`; it masks by its `defaultMaskLevel` the nodes of views, and nothing in the events of pages.",
        },
    },
    Field {
        key: "sessionTimeoutMs",
        kind: Kind::MillisOrOff {
            min: 1_000,
            max: 86_400_000,
            set: |options, timeout| options.session_timeout = timeout,
        },
        about: About {
            group: WhoAndWhether,
            default: Number(0),
            brief: "For hosts without analytics of their own: a new session begins with the first event after so long a silence.",
            more: "It is named after the time it begins. 0: off. With `segment.mode` `\"actions\"` or `\"classic-device\"` the analytics own the session: it is off then, and the log says so. Without the option `segment` it is off from the first session on that an event of the analytics tells.",
        },
    },
    Field {
        key: "minSessionDurationMs",
        kind: Kind::Millis { min: 0, max: 60_000, set: |options, time| options.min_session_duration = time },
        about: About {
            group: WhoAndWhether,
            default: Number(0),
            brief: "A session that lasted less is not sent.",
            more: "One that is held ([on-error.md](on-error.md)) and has a trigger is sent, however short it is.",
        },
    },
    Field {
        key: "validateOnRecord",
        kind: Kind::Flag(|options, is_on| options.validate_on_record = is_on),
        about: About {
            group: Developing,
            default: Flag(false),
            brief: "Check each event whole when it is recorded.",
            more: "`sr_record` then answers `SR_ERROR_INVALID_JSON` with the place of the fault. Otherwise another thread finds it, counts it in `sr_stats` and sends the rest.",
        },
    },
    Field {
        key: "logLevel",
        kind: Kind::OneOf {
            name: "LogLevel",
            words: LogLevel::names,
            set: |options, word| LogLevel::from_name(word).map(|level| options.log_level = level),
        },
        about: About {
            group: Developing,
            default: Word("warn"),
            brief: "How much the log tells.",
            more: "The callback of `sr_set_log_callback` gets the lines, or `sr_take_log` gives them.",
        },
    },
    Field {
        key: "debugMode",
        kind: Kind::Flag(|options, is_on| options.debug_mode = is_on),
        about: About {
            group: Developing,
            default: Flag(false),
            brief: "Add `[Amplitude] Session Replay Debug` to the session replay properties.",
            more: "",
        },
    },
    Field {
        key: "segment",
        kind: Kind::Object { members: SEGMENT, check: |_, _| Ok(()) },
        about: About {
            group: WhoAndWhether,
            default: Otherwise(""),
            brief: "How Segment is used.",
            more: "`sr_segment_process` goes by it: [segment.md](segment.md).",
        },
    },
    Field {
        key: "library",
        kind: Kind::Object { members: LIBRARY, check: |_, _| Ok(()) },
        about: About {
            group: WhereTo,
            default: Otherwise(""),
            brief: "What the header `X-Client-Library` says.",
            more: "",
        },
    },
    Field {
        key: "clientUrl",
        kind: Kind::Text {
            min: 0,
            max: 65_536,
            set: |options, url| options.client_url = Some(url.to_owned()),
        },
        about: About {
            group: WhereTo,
            default: Otherwise("`app://` and the name of the executable"),
            brief: "The page's URL or the app's identifier.",
            more: "The first 1,000 characters are sent; what is not ASCII is percent-encoded.",
        },
    },
    Field {
        key: "frameIntervalMs",
        kind: Kind::Millis { min: 50, max: 60_000, set: |options, time| options.frame_interval = time },
        about: About {
            group: How,
            default: Number(500),
            brief: "The usual time between two frames of a view with pixels.",
            more: "Within 100 ms after input another is wanted in any case: `sr_view_next_frame_ms` says when.",
        },
    },
    Field {
        key: "frameBytesPerSecond",
        kind: Kind::Integer {
            min: 1_000,
            max: 10_000_000,
            set: |options, bytes| options.frame_bytes_per_second = bytes as u32,
        },
        about: About {
            group: How,
            default: Number(30_000),
            brief: "Bytes of events that the pixels of all views may cost in the long run.",
            more: "Above it first their quality is lowered, then fewer frames are wanted.",
        },
    },
    Field {
        key: "frameMaxPixels",
        kind: Kind::Integer {
            min: 10_000,
            max: 4_000_000,
            set: |options, pixels| options.frame_max_pixels = pixels as u32,
        },
        about: About {
            group: How,
            default: Number(1_048_576),
            brief: "Pixels of a view's image: a larger frame is made smaller.",
            more: "It is shown as large as it was.",
        },
    },
    Field {
        key: "proxy",
        kind: Kind::Proxy(|options, choice| options.proxy = choice),
        about: About {
            group: WhereTo,
            default: Word("system"),
            brief: "The proxy that requests go through: \"system\", \"none\" or a URL.",
            more: "`\"system\"`: what the environment names, or else the operating system; `\"none\"`: none. The URL may hold a user and a password. [delivery.md](delivery.md#through-a-proxy) has the rules.",
        },
    },
    Field {
        key: "loggingConfig",
        kind: Kind::Shape {
            name: "LoggingConfig",
            set: |options, given| LoggingConfig::from_option(given).map(|config| options.logging = config),
        },
        about: About {
            group: How,
            default: Otherwise("nothing of pages; what the program itself tells"),
            brief: "What is recorded of the console, of requests and of errors.",
            more: "[web-views.md](web-views.md#console-requests-errors) has its members; a list of headers may hold `*`, any; [logs-and-requests.md](logs-and-requests.md#what-is-kept) what holds for `sr_record_log` and `sr_record_request`. The remote configuration's `sr_logging_config` replaces it.",
        },
    },
    Field {
        key: "interactionConfig",
        kind: Kind::Shape {
            name: "InteractionConfig",
            set: |options, given| {
                InteractionConfig::from_option(given).map(|config| options.interaction = config)
            },
        },
        about: About {
            group: How,
            default: Otherwise("off"),
            brief: "Whether clicks and scroll depth are recorded for heatmaps, and how addresses are told.",
            more: "[web-views.md](web-views.md#heatmaps) has its members. Any answer of the server replaces it, but for `ugcFilterRules`.",
        },
    },
    Field {
        key: "hostRequests",
        kind: Kind::OneOf {
            name: "HostRequestKind",
            words: HostRequests::names,
            set: |options, word| HostRequests::from_name(word).map(|which| options.host_requests = which),
        },
        about: About {
            group: WhereTo,
            default: Word("none"),
            brief: "Which requests wait for sr_take_request.",
            more: "For a host that makes them itself and can't be called back: `\"events\"`, `\"config\"` (the remote configuration) or `\"all\"`. In Node.js `handleSendEvents` and `handleFetchConfig` decide it. [delivery.md](delivery.md#through-the-hosts-own-http) has the rules.",
        },
    },
    Field {
        key: "userProperties",
        kind: Kind::Properties(|options, properties| options.user_properties = properties),
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "Properties of the user, for rules of the remote configuration that choose sessions.",
            more: "`sr_evaluate_targeting` adds to them. They are neither stored nor sent.",
        },
    },
    Field {
        key: "rememberOptOut",
        kind: Kind::Flag(|options, is_on| options.remember_opt_out = is_on),
        about: About {
            group: WhoAndWhether,
            default: Flag(false),
            brief: "sr_set_opt_out holds for later starts, too.",
            more: "A start with this option is opted out where `optOut` is true *or* the user had opted out: the stricter counts. It is remembered in `storageDir`, for this API key; without one it has no effect, and the log says so. [privacy.md](privacy.md#consent) has an example.",
        },
    },
    Field {
        key: "idleTimeoutMs",
        kind: Kind::MillisOrOff {
            min: 1_000,
            max: 86_400_000,
            set: |options, timeout| options.idle_timeout = timeout,
        },
        about: About {
            group: WhoAndWhether,
            default: Number(0),
            brief: "Recording ends after so long without an action of the user.",
            more: "The next action begins it again in the same session, with a full snapshot. 0: off. [privacy.md](privacy.md#while-nobody-is-there) says what counts as an action. Events that do not begin as rrweb writes them (`type`, then `data` with its `source`) are looked at more closely then.",
        },
    },
    Field {
        key: "onErrorSampleRate",
        kind: Kind::SampleRate(|options, rate| options.on_error_sample_rate = rate),
        about: About {
            group: WhoAndWhether,
            default: Number(0),
            brief: "The share of sessions of which the newest minute is kept, and sent only once something goes wrong.",
            more: "Such a session, left out by `sampleRate` or by rules that it does not match, is *held*: [on-error.md](on-error.md). The same hash decides as for `sampleRate`, so of the two the larger rate counts. 0: off.",
        },
    },
    Field {
        key: "onErrorWindowMs",
        kind: Kind::Millis { min: 10_000, max: 300_000, set: |options, time| options.on_error_window = time },
        about: About {
            group: WhoAndWhether,
            default: Number(60_000),
            brief: "How much of a held session is kept at least.",
            more: "Up to half as much more, since it begins with a full snapshot; and no more than half of `storageLimitBytes`.",
        },
    },
    Field {
        key: "captureOnUnhandledError",
        kind: Kind::Flag(|options, is_on| options.capture_on_unhandled_error = is_on),
        about: About {
            group: WhoAndWhether,
            default: Flag(true),
            brief: "An unhandled error in a page, or in a process of Node.js, makes a held session a captured one.",
            more: "As `sr_capture_now` does.",
        },
    },
    Field {
        key: "replayUrlTemplate",
        kind: Kind::ReplayUrl { max: 2_048, set: |options, template| options.replay_url = Some(template) },
        about: About {
            group: How,
            default: Otherwise("none: there is no address"),
            brief: "What sr_get_session_replay_url makes the address of a moment of.",
            more: "Placeholders: `{deviceId}`, `{sessionId}`, `{replayId}`, `{timeMs}` (since 1970), `{elapsedMs}` (since the session began); another is refused, and so is one in the host. [links.md](links.md) has the templates for Amplitude and for the viewer.",
        },
    },
];
