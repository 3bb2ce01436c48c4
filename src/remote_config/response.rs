//! The response with the remote configuration, read leniently and member by member: what is missing or odd falls back to a
//! default, and changes nothing else.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::json::cursor::Cursor;
use crate::model::page_config::{InteractionConfig, LoggingConfig};
use crate::model::privacy::PrivacyConfig;
use crate::model::sample_rate::SampleRate;
use crate::model::targeting::Targeting;

/// A configuration of the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RemoteConfig {
    /// `configs.sessionReplay`, if it is an object. Without it nothing is captured.
    pub replay: Option<Box<ReplayConfig>>,
}

/// The parts of `configs.sessionReplay` that matter here: those that decide about capturing, and what is recorded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReplayConfig {
    /// `sr_sampling_config`, if it is there and not empty.
    pub sampling: Option<Sampling>,
    /// `sr_privacy_config`, if it is there.
    pub privacy: Option<PrivacyConfig>,
    /// `sr_logging_config`, if it is there.
    pub logging: Option<LoggingConfig>,
    /// `sr_interaction_config`, if it is there.
    pub interaction: Option<InteractionConfig>,
    /// `sr_targeting_config`, if it is there and not empty: it decides in place of the sample.
    pub targeting: Option<Targeting>,
}

/// `sr_sampling_config`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampling {
    /// `capture_enabled`; absent means off.
    pub capture_enabled: bool,
    /// `sample_rate`, 0 where that is no rate.
    pub sample_rate: Option<SampleRate>,
    /// `min_session_duration_ms`, clamped to 0..60,000.
    pub min_session_duration: Option<Duration>,
}

impl RemoteConfig {
    /// `None` where the text is not JSON, so that it does not come from the server.
    pub fn parse(body: &[u8]) -> Option<Self> {
        // As browsers read JSON: bytes that are not UTF-8 are replaced, and a byte order mark is skipped.
        let text = String::from_utf8_lossy(body);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let whole: &RawValue = serde_json::from_str(text).ok()?;
        let replay = member(whole.get(), "configs").and_then(|configs| member(configs, "sessionReplay"));
        Some(Self {
            replay: replay
                .filter(|part| part.starts_with('{'))
                .map(|part| Box::new(ReplayConfig::read(part))),
        })
    }
}

impl ReplayConfig {
    fn read(part: &str) -> Self {
        // As the browser SDK reads them: an empty object is a project that has set nothing.
        let filled = |name| member(part, name).filter(|config| is_filled(config));
        let object = |name| member(part, name).filter(|config| config.starts_with('{'));
        Self {
            sampling: filled("sr_sampling_config").map(Sampling::read),
            privacy: object("sr_privacy_config").map(PrivacyConfig::from_remote),
            logging: object("sr_logging_config").map(LoggingConfig::from_remote),
            interaction: object("sr_interaction_config").map(InteractionConfig::from_remote),
            targeting: member(part, "sr_targeting_config").and_then(Targeting::parse),
        }
    }
}

impl Sampling {
    fn read(config: &str) -> Self {
        let millis = member(config, "min_session_duration_ms").filter(|text| !text.starts_with('"'));
        let millis = millis.and_then(|text| text.parse::<f64>().ok());
        let millis = millis.filter(|millis| millis.is_finite() && *millis >= 0.0);
        Self {
            capture_enabled: member(config, "capture_enabled").is_some_and(is_on),
            sample_rate: member(config, "sample_rate").map(rate),
            min_session_duration: millis.map(|millis| Duration::from_millis(millis.min(60_000.0) as u64)),
        }
    }
}

/// The last member of this name, as it is written; `None` where `json` is no object, or has no such member.
fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    Cursor::new(json).members().filter(|(key, _)| &**key == name.as_bytes()).last().map(|(_, value)| value)
}

/// JavaScript's `Object.keys(config).length > 0`.
fn is_filled(config: &str) -> bool {
    match config.as_bytes() {
        [b'{', ..] => Cursor::new(config).members().next().is_some(),
        [b'[', ..] => Cursor::new(config).elements().next().is_some(),
        text => text.starts_with(b"\"") && text != b"\"\"",
    }
}

/// Whether JavaScript takes the value for true, except that the text `false` counts as false.
fn is_on(value: &str) -> bool {
    match text(value) {
        Some(text) => !text.is_empty() && !text.trim().eq_ignore_ascii_case("false"),
        None => value != "false" && value != "null" && value.parse() != Ok(0.0),
    }
}

/// The value as a rate: 0 where JavaScript would read no number.
fn rate(value: &str) -> SampleRate {
    let number = match value {
        "true" => Some(1.0),
        _ => {
            let text = text(value).unwrap_or(Cow::Borrowed(value));
            // Rust would read `NaN` and `inf`, too.
            let is_number = text.trim().bytes().all(|byte| b"0123456789+-.eE".contains(&byte));
            if is_number { text.trim().parse::<f64>().ok() } else { None }
        }
    };
    number.map_or(SampleRate::NONE, SampleRate::clamped)
}

/// The text, if the value is one.
fn text(value: &str) -> Option<Cow<'_, str>> {
    if !value.starts_with('"') {
        return None;
    }
    match serde_json::from_str(value) {
        Ok(Value::String(text)) => Some(Cow::Owned(text)),
        _ => Some(Cow::Borrowed("?")),
    }
}
