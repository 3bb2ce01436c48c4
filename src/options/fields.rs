//! The options: one row for each. Parsing goes by this table, and what C++, TypeScript and the documentation say of
//! options is generated from it (`src/generated/`).
//!
//! To add one: a row here (or in [`members`](super::members)), and in [`Options`](super::Options) its field with the
//! default. The order is that of the members of `sr::Options`, by which C++ programs may name them: a new one comes last.

use super::LogLevel;
use super::field::Group::{Developing, How, WhereTo, WhoAndWhether};
use super::field::Preset::{Flag, Number, Otherwise, Word};
use super::field::{About, Field, Kind};
use super::members::{FLUSH_INTERVAL, LIBRARY, PRIVACY, SEGMENT, minimum_is_not_above_maximum};
use crate::model::envelope::ServerZone;
use crate::model::event::MAX_EVENT_BYTES;
use crate::model::named::Named;

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
            brief: "Directory for what is not delivered yet, made when missing, entered by this user only.",
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
            more: "",
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
];
