//! One option: its value with the path to it, read as what it must be, and what is said when it is not.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use crate::model::ids::{DeviceId, SessionId};
use crate::redact::{redact_json, redact_url};

/// What is wrong with the options, in a sentence that names the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// The text is not JSON.
    #[error("the options are not valid JSON: {0}")]
    Syntax(String),
    /// The JSON is not an object.
    #[error("the options must be a JSON object, but are {0}")]
    NotAnObject(&'static str),
    /// A value that no JSON reader of ours can hold, such as a number beyond doubles.
    #[error("option \"{key}\" can't be read: {reason}")]
    Unreadable {
        /// The key as given.
        key: String,
        /// What the JSON reader says.
        reason: String,
    },
    /// A key that does not exist.
    #[error("unknown option \"{key}\"{hint}")]
    Unknown {
        /// The key as given, with the path to it.
        key: String,
        /// `; did you mean "…"?`, or nothing.
        hint: String,
    },
    /// A value of the wrong type or out of bounds.
    #[error("option \"{key}\" must be {expected}, but is {found}")]
    Value {
        /// The key, with the path to it.
        key: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
}

impl OptionsError {
    pub(super) fn unreadable(key: &str, error: &serde_json::Error) -> Self {
        let reason = error.to_string();
        // The place is counted from the beginning of the value: of no use to who looks at the whole.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Unreadable { key: shorten(key), reason }
    }
}

/// Calls `read` for every key of `object` that is not null; refuses keys that are not in `known`.
pub(super) fn for_each_entry(
    object: &Map<String, Value>,
    path: &str,
    known: &[&str],
    mut read: impl FnMut(&str, &Entry) -> Result<(), OptionsError>,
) -> Result<(), OptionsError> {
    for (key, value) in object {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if !known.contains(&key.as_str()) {
            let hint = known
                .iter()
                .find(|known| known.eq_ignore_ascii_case(key))
                .map_or_else(String::new, |known| format!("; did you mean \"{known}\"?"));
            return Err(OptionsError::Unknown { key: shorten(&redact_json(&path)), hint });
        }
        if !value.is_null() {
            read(key, &Entry { path, value })?;
        }
    }
    Ok(())
}

/// One value with the path to it, so that every error can name it.
pub(super) struct Entry<'a> {
    pub path: String,
    value: &'a Value,
}

impl Entry<'_> {
    pub fn expected(&self, expected: impl Into<String>) -> OptionsError {
        // Whole: of one that is cut short, nobody can tell where a password ends.
        let whole = redact_json(&self.value.to_string()).into_owned();
        self.but_is(expected, whole)
    }

    /// The same for a value that is to be a URL.
    fn expected_url(&self, expected: &str) -> OptionsError {
        match self.value {
            Value::String(text) => self.but_is(expected, Value::from(redact_url(text)).to_string()),
            _ => self.expected(expected),
        }
    }

    fn but_is(&self, expected: impl Into<String>, whole: String) -> OptionsError {
        let mut found = shorten(&whole);
        if found != whole {
            found = format!("{found} ({})", type_name(self.value));
        }
        OptionsError::Value { key: self.path.clone(), expected: expected.into(), found }
    }

    pub fn object(&self) -> Result<&Map<String, Value>, OptionsError> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    pub fn bool(&self) -> Result<bool, OptionsError> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    pub fn integer(&self, min: u64, max: u64) -> Result<u64, OptionsError> {
        whole_number(self.value)
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| self.expected(format!("a whole number from {min} to {max}")))
    }

    pub fn millis(&self, min: u64, max: u64) -> Result<Duration, OptionsError> {
        self.integer(min, max).map(Duration::from_millis)
    }

    pub fn millis_or_off(&self, min: u64, max: u64) -> Result<Option<Duration>, OptionsError> {
        match whole_number(self.value) {
            Some(0) => Ok(None),
            Some(number) if (min..=max).contains(&number) => Ok(Some(Duration::from_millis(number))),
            _ => Err(self.expected(format!("0 (off) or a whole number from {min} to {max}"))),
        }
    }

    pub fn fraction(&self) -> Result<f64, OptionsError> {
        self.value
            .as_f64()
            .filter(|number| (0.0..=1.0).contains(number))
            .ok_or_else(|| self.expected("a number from 0 to 1"))
    }

    pub fn text(&self, min: usize, max: usize) -> Result<&str, OptionsError> {
        self.value
            .as_str()
            .filter(|text| (min..=max).contains(&text.len()) && !text.contains('\0'))
            .ok_or_else(|| self.expected(format!("a text of {min} to {max} bytes")))
    }

    /// One text or a list of them.
    pub fn texts(&self, most: usize, min: usize, max: usize) -> Result<Vec<String>, OptionsError> {
        if self.value.is_string() {
            return Ok(vec![self.text(min, max)?.to_owned()]);
        }
        self.list(most)?.iter().map(|entry| entry.text(min, max).map(str::to_owned)).collect()
    }

    pub fn list(&self, most: usize) -> Result<Vec<Entry<'_>>, OptionsError> {
        let list = self.value.as_array().filter(|list| list.len() <= most);
        let list = list.ok_or_else(|| self.expected(format!("a list of at most {most}")))?;
        let entry = |(at, value)| Entry { path: format!("{}[{at}]", self.path), value };
        Ok(list.iter().enumerate().map(entry).collect())
    }

    pub fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, OptionsError> {
        let found = self.value.as_str().and_then(|text| choices.iter().find(|(name, _)| *name == text));
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            self.expected(format!("one of {}", names.join(", ")))
        })
    }

    pub fn url(&self) -> Result<Url, OptionsError> {
        self.value
            .as_str()
            .and_then(|text| Url::parse(text).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| self.expected_url("an http or https URL"))
    }

    pub fn device_id(&self) -> Result<DeviceId, OptionsError> {
        let text = self.value.as_str().ok_or_else(|| self.expected("a text"))?;
        DeviceId::from_text(text).map_err(|error| self.expected(format!("a device id (it {error})")))
    }

    pub fn session_id(&self) -> Result<SessionId, OptionsError> {
        let id = match self.value {
            Value::String(text) => SessionId::from_text(text),
            Value::Number(number) => {
                let millis = number.as_i64().or_else(|| i64::try_from(whole_number(self.value)?).ok());
                SessionId::from_millis(
                    millis.ok_or_else(|| self.expected("milliseconds since 1970, or a text"))?,
                )
            }
            _ => return Err(self.expected("milliseconds since 1970, or a text")),
        };
        id.map_err(|error| self.expected(format!("a session id (it {error})")))
    }
}

/// The beginning of a text that may have any length.
fn shorten(text: &str) -> String {
    const MAX: usize = 80;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A number without a fraction, in whichever way JSON writes it (`1000`, `1e3`).
fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
    })
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
