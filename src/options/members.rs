//! The members of the options that are objects: rows as in [`fields`](super::fields).

use super::error::OptionsError;
use super::field::Group::{How, WhereTo, WhoAndWhether};
use super::field::Preset::{Number, Otherwise, Word};
use super::field::{About, Field, Kind};
use super::given::Given;
use super::{LibraryKind, Options, SegmentMode};
use crate::model::named::Named;
use crate::model::privacy::MaskLevel;

pub(super) static FLUSH_INTERVAL: &[Field] = &[
    Field {
        key: "minIntervalMs",
        kind: Kind::Millis { min: 10, max: 600_000, set: |options, time| options.flush_interval.min = time },
        about: About {
            group: How,
            default: Number(1_000),
            brief: "The interval at first, and by how much it grows.",
            more: "",
        },
    },
    Field {
        key: "maxIntervalMs",
        kind: Kind::Millis { min: 10, max: 600_000, set: |options, time| options.flush_interval.max = time },
        about: About {
            group: How,
            default: Number(10_000),
            brief: "The longest interval.",
            more: "Not less than the minimum.",
        },
    },
];

pub(super) static PRIVACY: &[Field] = &[
    Field {
        key: "defaultMaskLevel",
        kind: Kind::OneOf {
            name: "MaskLevel",
            words: MaskLevel::names,
            set: |options, word| {
                MaskLevel::from_name(word).map(|level| options.privacy.default_mask_level = Some(level))
            },
        },
        about: About {
            group: WhoAndWhether,
            default: Word("medium"),
            brief: "How much is masked where no selector says otherwise.",
            more: "`light`: inputs of sensitive types; `medium`: all inputs; `conservative`: all inputs and all text.",
        },
    },
    Field {
        key: "blockSelector",
        kind: Kind::Texts {
            item: "CSS selector",
            is_one_typed: true,
            set: |options, selectors| options.privacy.block_selector = selectors,
        },
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "What is left out altogether.",
            more: "",
        },
    },
    Field {
        key: "maskSelector",
        kind: Kind::Texts {
            item: "CSS selector",
            is_one_typed: false,
            set: |options, selectors| options.privacy.mask_selector = selectors,
        },
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "What is masked at every level.",
            more: "",
        },
    },
    Field {
        key: "unmaskSelector",
        kind: Kind::Texts {
            item: "CSS selector",
            is_one_typed: false,
            set: |options, selectors| options.privacy.unmask_selector = selectors,
        },
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "What is not masked.",
            more: "",
        },
    },
    Field {
        key: "maskAttributes",
        kind: Kind::Texts {
            item: "name of an attribute",
            is_one_typed: false,
            set: |options, names| options.privacy.mask_attributes = names,
        },
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "Attributes that are masked where their element's text would be.",
            more: "",
        },
    },
    Field {
        key: "urlMaskLevels",
        kind: Kind::UrlMaskLevels(|options, levels| options.privacy.url_mask_levels = levels),
        about: About {
            group: WhoAndWhether,
            default: Otherwise("none"),
            brief: "Levels for some addresses; the first that matches counts.",
            more: "",
        },
    },
];

pub(super) static SEGMENT: &[Field] = &[Field {
    key: "mode",
    kind: Kind::OneOf {
        name: "SegmentMode",
        words: SegmentMode::names,
        set: |options, word| SegmentMode::from_name(word).map(|mode| options.segment = mode),
    },
    about: About {
        group: WhoAndWhether,
        default: Word("actions"),
        brief: "Which of Segment's integrations with Amplitude is used: who owns the session id.",
        more: "",
    },
}];

pub(super) static LIBRARY: &[Field] = &[
    Field {
        key: "type",
        kind: Kind::OneOf {
            name: "LibraryType",
            words: LibraryKind::names,
            set: |options, word| LibraryKind::from_name(word).map(|kind| options.library.kind = kind),
        },
        about: About {
            group: WhereTo,
            default: Word("standalone"),
            brief: "How the SDK was brought in.",
            more: "`\"segment\"` by default where the option `segment` is given.",
        },
    },
    Field {
        key: "version",
        kind: Kind::GraphicAscii {
            min: 1,
            max: 64,
            set: |options, version| version.clone_into(&mut options.library.version),
        },
        about: About {
            group: WhereTo,
            default: Otherwise("this library's version"),
            brief: "The version of what brought it in.",
            more: "",
        },
    },
];

/// One alone moves the other's default out of its way; both given must agree.
pub(super) fn minimum_is_not_above_maximum(options: &mut Options, given: &Given) -> Result<(), OptionsError> {
    let interval = &mut options.flush_interval;
    if interval.min <= interval.max {
        return Ok(());
    }
    match (given.has("minIntervalMs"), given.has("maxIntervalMs")) {
        (true, false) => interval.max = interval.min,
        (false, _) => interval.min = interval.max,
        (true, true) => {
            return Err(OptionsError::Value {
                key: format!("{}.maxIntervalMs", given.path),
                expected: format!("at least minIntervalMs ({})", interval.min.as_millis()),
                found: interval.max.as_millis().to_string(),
            });
        }
    }
    Ok(())
}
