//! A value that a host gave, read as what it must be, and what is said when it is not.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::error::{OptionsError, shorten};
use super::{PROXY_SCHEMES, ProxyChoice, is_server_alone};
use crate::model::ids::{DeviceId, SessionId};
use crate::model::sample_rate::SampleRate;
use crate::redact::{redact_json, redact_url};

/// One value with the path to it, so that every error can name it.
pub(crate) struct Given<'a> {
    /// As errors name it: `privacyConfig.maskSelector[1]`.
    pub path: String,
    pub value: &'a Value,
}

impl Given<'_> {
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

    /// Whether it is an object with this member, and not null.
    pub fn has(&self, member: &str) -> bool {
        self.value.get(member).is_some_and(|value| !value.is_null())
    }

    pub fn object(&self) -> Result<&Map<String, Value>, OptionsError> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    /// Hands each member of the object over, in the order of their keys.
    pub fn for_each_member(
        &self,
        mut read: impl FnMut(&str, &Given) -> Result<(), OptionsError>,
    ) -> Result<(), OptionsError> {
        for (key, value) in self.object()? {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            read(key, &Given { path, value })?;
        }
        Ok(())
    }

    /// An object of at most so many members.
    pub fn properties(&self, most: usize) -> Result<Map<String, Value>, OptionsError> {
        let object = self.value.as_object().filter(|object| object.len() <= most);
        object.cloned().ok_or_else(|| self.expected(format!("an object of at most {most} members")))
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

    pub fn sample_rate(&self) -> Result<SampleRate, OptionsError> {
        let rate = self.value.as_f64().and_then(|rate| SampleRate::try_from(rate).ok());
        rate.ok_or_else(|| self.expected("a number from 0 to 1"))
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
        self.list(most)?.iter().map(|item| item.text(min, max).map(str::to_owned)).collect()
    }

    pub fn list(&self, most: usize) -> Result<Vec<Given<'_>>, OptionsError> {
        let list = self.value.as_array().filter(|list| list.len() <= most);
        let list = list.ok_or_else(|| self.expected(format!("a list of at most {most}")))?;
        let item = |(at, value)| Given { path: format!("{}[{at}]", self.path), value };
        Ok(list.iter().enumerate().map(item).collect())
    }

    /// One of these words, of which `read` makes what they stand for.
    pub fn one_of<T>(&self, words: &[&str], read: impl FnOnce(&str) -> Option<T>) -> Result<T, OptionsError> {
        self.value.as_str().and_then(read).ok_or_else(|| {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            self.expected(format!("one of {}", words.join(", ")))
        })
    }

    /// A text without spaces that a header can carry.
    pub fn graphic_ascii(&self, min: usize, max: usize) -> Result<&str, OptionsError> {
        let text = self.text(min, max)?;
        match text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(text),
            false => Err(self.expected("printable ASCII without spaces")),
        }
    }

    pub fn url(&self) -> Result<Url, OptionsError> {
        self.value
            .as_str()
            .and_then(|text| Url::parse(text).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                self.expected_url(match self.value.as_str().is_none_or(str::is_ascii) {
                    true => "an http or https URL",
                    false => "an http or https URL, its host in ASCII (xn--…)",
                })
            })
    }

    pub fn proxy(&self) -> Result<ProxyChoice, OptionsError> {
        match self.value.as_str() {
            Some("system") => return Ok(ProxyChoice::System),
            Some("none") => return Ok(ProxyChoice::None),
            _ => {}
        }
        let is_usable = |url: &Url| PROXY_SCHEMES.contains(&url.scheme()) && is_server_alone(url);
        let server = self.value.as_str().and_then(|text| Url::parse(text).ok()).filter(is_usable);
        server.map(ProxyChoice::Server).ok_or_else(|| {
            self.expected_url("\"system\", \"none\" or a URL like http://host:port or socks5://host:port")
        })
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
