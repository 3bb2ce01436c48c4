//! Options from JSON, by the table of [`fields`](super::fields), and an error that names the key.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::error::OptionsError;
use super::field::{Field, Kind};
use super::fields::FIELDS;
use super::given::{Given, type_name};
use super::{LibraryKind, MAX_PROPERTIES, Options, SegmentMode, url_mask_levels};
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};
use crate::model::replay_url::ReplayUrlTemplate;

impl Options {
    /// Reads options from a JSON object. Absent keys, and keys that are `null`, keep their default.
    pub fn from_json(json: &str) -> Result<Self, OptionsError> {
        let object = Value::Object(members_of(json)?);
        let whole = Given { path: String::new(), value: &object };
        let mut options = Self::default();
        set_members(&mut options, FIELDS, &whole)?;
        options.settle_owner_of_session(&whole);
        Ok(options)
    }

    /// What the option `segment` says about others.
    fn settle_owner_of_session(&mut self, given: &Given) {
        if !given.has("segment") {
            // Nobody has said that the session is the analytics'.
            return;
        }
        let kind = given.value.get("library").and_then(|library| library.get("type"));
        if kind.is_none_or(Value::is_null) {
            self.library.kind = LibraryKind::Segment;
        }
        // A session has one owner.
        if self.segment != SegmentMode::ClassicCloud {
            self.session_timeout_is_overruled = self.session_timeout.take().is_some();
        }
    }
}

/// The members of a JSON object, each read by itself, so that a value which can't be read has a name.
fn members_of(json: &str) -> Result<Map<String, Value>, OptionsError> {
    let syntax = |error: serde_json::Error| OptionsError::Syntax(error.to_string());
    let whole: &RawValue = serde_json::from_str(json).map_err(syntax)?;
    if !whole.get().starts_with('{') {
        let value = serde_json::from_str(whole.get()).map_err(syntax)?;
        return Err(OptionsError::NotAnObject(type_name(&value)));
    }
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).map_err(syntax)?;
    let members = members.into_iter().map(|(key, text)| match serde_json::from_str(text.get()) {
        Ok(value) => Ok((key, value)),
        Err(error) => Err(OptionsError::unreadable(&key, &error)),
    });
    members.collect()
}

/// Sets each of `fields` that is given and not null; refuses members that are none of them.
fn set_members(options: &mut Options, fields: &[Field], given: &Given) -> Result<(), OptionsError> {
    given.for_each_member(|key, member| {
        let Some(field) = fields.iter().find(|field| field.key == key) else {
            return Err(OptionsError::unknown(key, &member.path, fields.iter().map(|field| field.key)));
        };
        if member.value.is_null() { Ok(()) } else { set(options, &field.kind, member) }
    })
}

fn set(options: &mut Options, kind: &Kind, given: &Given) -> Result<(), OptionsError> {
    match *kind {
        Kind::Flag(set) => set(options, given.bool()?),
        Kind::SampleRate(set) => set(options, given.sample_rate()?),
        Kind::Integer { min, max, set } => set(options, given.integer(min, max)?),
        Kind::Millis { min, max, set } => set(options, given.millis(min, max)?),
        Kind::MillisOrOff { min, max, set } => set(options, given.millis_or_off(min, max)?),
        Kind::Text { min, max, set } => set(options, given.text(min, max)?),
        Kind::GraphicAscii { min, max, set } => set(options, given.graphic_ascii(min, max)?),
        Kind::Url(set) => set(options, given.url()?),
        Kind::Proxy(set) => set(options, given.proxy()?),
        Kind::ReplayUrl { max, set } => {
            let template = ReplayUrlTemplate::parse(given.text(1, max)?);
            set(
                options,
                template.map_err(|problem| given.expected(format!("a template of a URL ({problem})")))?,
            );
        }
        Kind::DeviceId(set) => set(options, given.device_id()?),
        Kind::SessionId(set) => set(options, given.session_id()?),
        Kind::OneOf { words, set, .. } => given.one_of(&words(), |word| set(options, word))?,
        Kind::Texts { set, .. } => set(options, given.texts(MAX_SELECTORS, 1, MAX_SELECTOR_BYTES)?),
        Kind::Shape { name, set } => {
            if !given.value.is_object() {
                return Err(given.expected("an object".to_owned()));
            }
            set(options, given.value).map_err(|problem| {
                given.expected(format!("the object {name} of docs/guide/options.md ({problem})"))
            })?
        }
        Kind::Properties(set) => set(options, given.properties(MAX_PROPERTIES)?),
        Kind::UrlMaskLevels(set) => set(options, url_mask_levels::read(given)?),
        Kind::Object { members, check } => {
            set_members(options, members, given)?;
            check(options, given)?;
        }
    }
    Ok(())
}
