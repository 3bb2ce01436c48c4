//! What the table of options says of one of them.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::error::OptionsError;
use super::given::Given;
use super::{Options, ProxyChoice};
use crate::model::ids::{DeviceId, SessionId};
use crate::model::privacy::UrlMaskLevel;
use crate::model::replay_url::ReplayUrlTemplate;
use crate::model::sample_rate::SampleRate;

/// One option, or one member of an option that is an object.
pub(crate) struct Field {
    /// Its name in the JSON: the browser SDK's, where it has the option.
    pub key: &'static str,
    /// Which values it takes, and where they go.
    pub kind: Kind,
    #[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
    pub about: About,
}

/// What people are told of an option: everything that is written of it anywhere is made of this.
#[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
pub(crate) struct About {
    /// The table of the documentation that it stands in.
    pub group: Group,
    pub default: Preset,
    /// What it does, in one line.
    pub brief: &'static str,
    /// What else there is to know, in Markdown.
    pub more: &'static str,
}

/// The tables of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    WhoAndWhether,
    WhereTo,
    How,
    Developing,
}

/// What holds where an option is not given.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
pub(crate) enum Preset {
    Flag(bool),
    Number(u64),
    Word(&'static str),
    /// No single value, but what these words say, in Markdown.
    Otherwise(&'static str),
}

/// The values that an option takes, with their bounds, and where in [`Options`] they go.
pub(crate) enum Kind {
    Flag(fn(&mut Options, bool)),
    /// A number from 0 to 1.
    SampleRate(fn(&mut Options, SampleRate)),
    /// A whole number, both bounds included.
    Integer {
        min: u64,
        max: u64,
        set: fn(&mut Options, u64),
    },
    /// A time in whole milliseconds, both bounds included.
    Millis {
        min: u64,
        max: u64,
        set: fn(&mut Options, Duration),
    },
    /// The same, or 0 for none.
    MillisOrOff {
        min: u64,
        max: u64,
        set: fn(&mut Options, Option<Duration>),
    },
    /// A text without NUL, its length in bytes of UTF-8.
    Text {
        min: usize,
        max: usize,
        set: fn(&mut Options, &str),
    },
    /// A text of printable ASCII without spaces.
    GraphicAscii {
        min: usize,
        max: usize,
        set: fn(&mut Options, &str),
    },
    /// A URL of http or https.
    Url(fn(&mut Options, Url)),
    /// `"system"`, `"none"` or the URL of a proxy.
    Proxy(fn(&mut Options, ProxyChoice)),
    /// A URL of http or https with the placeholders of [`PLACEHOLDERS`](crate::model::replay_url::PLACEHOLDERS).
    ReplayUrl {
        max: usize,
        set: fn(&mut Options, ReplayUrlTemplate),
    },
    DeviceId(fn(&mut Options, DeviceId)),
    SessionId(fn(&mut Options, SessionId)),
    /// One of a closed list of words; `name` is that of the list. `set` answers `None` for a word that is not in it.
    OneOf {
        #[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
        name: &'static str,
        words: fn() -> Vec<&'static str>,
        set: fn(&mut Options, &str) -> Option<()>,
    },
    /// A text or a list of them, each at least one byte long.
    Texts {
        /// What each is, in the singular.
        #[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
        item: &'static str,
        /// TypeScript offers a single text, too, where the browser SDK does.
        #[cfg_attr(not(test), expect(dead_code, reason = "for what is generated from the table"))]
        is_one_typed: bool,
        set: fn(&mut Options, Vec<String>),
    },
    /// JSON that [`page_config`](crate::model::page_config) reads; `name` is that of its shape. An error says what is wrong.
    Shape {
        name: &'static str,
        set: fn(&mut Options, &Value) -> Result<(), String>,
    },
    /// An object with members of any name and value, at most [`MAX_PROPERTIES`](super::MAX_PROPERTIES).
    Properties(fn(&mut Options, Map<String, Value>)),
    /// A list of objects `{ "match": glob, "maskLevel": level }`.
    UrlMaskLevels(fn(&mut Options, Vec<UrlMaskLevel>)),
    /// An object with these members. `check` looks at them together, once each was set.
    Object {
        members: &'static [Field],
        check: fn(&mut Options, &Given) -> Result<(), OptionsError>,
    },
}
