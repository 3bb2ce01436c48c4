//! The answer to remote configuration requests, which can be changed at run time.

use bytes::Bytes;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Capture everything.
const DEFAULT: &str =
    r#"{"configs":{"sessionReplay":{"sr_sampling_config":{"sample_rate":1,"capture_enabled":true}}}}"#;

/// A remote configuration that is not a JSON object.
#[derive(Debug, thiserror::Error)]
#[error("the remote configuration must be a JSON object: {0}")]
pub struct InvalidRemoteConfig(String);

/// The current answer.
#[derive(Debug)]
pub(crate) struct RemoteConfig {
    answer: RwLock<Bytes>,
}

impl RemoteConfig {
    pub(crate) fn new(text: Option<&str>) -> Result<Self, InvalidRemoteConfig> {
        let answer = match text {
            Some(text) => whole_answer(text.as_bytes())?,
            None => Bytes::from_static(DEFAULT.as_bytes()),
        };
        Ok(Self { answer: RwLock::new(answer) })
    }

    pub(crate) fn get(&self) -> Bytes {
        self.answer.read().clone()
    }

    pub(crate) fn set(&self, text: &[u8]) -> Result<(), InvalidRemoteConfig> {
        *self.answer.write() = whole_answer(text)?;
        Ok(())
    }
}

/// What an answer means for a recorder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ConfigAnswer {
    /// Whether anything may be captured.
    pub(crate) capture_enabled: bool,
    /// The sample rate, where the answer has one.
    #[serde(default)]
    pub(crate) sample_rate: Option<f64>,
    /// Whether rules choose the sessions, in place of the rate.
    #[serde(default)]
    pub(crate) has_targeting: bool,
    /// Whether it has an object `configs.sessionReplay` at all.
    #[serde(default)]
    pub(crate) is_for_session_replay: bool,
}

impl ConfigAnswer {
    /// Reads it as leniently as recorders do.
    pub(crate) fn of(answer: &[u8]) -> Self {
        let none = Value::Null;
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let ours = &answer["configs"]["sessionReplay"];
        let sampling = match &ours["sr_sampling_config"] {
            Value::Object(members) if members.is_empty() => &none,
            sampling => sampling,
        };
        let is_for_session_replay = ours.is_object();
        Self {
            capture_enabled: is_for_session_replay
                && (sampling.is_null() || (is_true(&sampling["capture_enabled"]))),
            sample_rate: sampling["sample_rate"].as_f64(),
            has_targeting: is_filled(&ours["sr_targeting_config"]),
            is_for_session_replay,
        }
    }
}

/// As JavaScript takes it, but for the word `false`.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    }
}

/// Takes a whole answer as it is, and wraps what is only the `sessionReplay` part of one.
fn whole_answer(text: &[u8]) -> Result<Bytes, InvalidRemoteConfig> {
    let object: Map<String, Value> =
        serde_json::from_slice(text).map_err(|error| InvalidRemoteConfig(error.to_string()))?;
    if object.contains_key("configs") {
        return Ok(Bytes::copy_from_slice(text));
    }
    let wrapped = serde_json::json!({ "configs": { "sessionReplay": object } });
    Ok(Bytes::from(wrapped.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_means_for_a_recorder() {
        for (ours, enabled, rate, targeting) in [
            (r#"{}"#, true, None, false),
            (r#"{"sr_sampling_config":{}}"#, true, None, false),
            (r#"{"sr_sampling_config":{"sample_rate":0.5}}"#, false, Some(0.5), false),
            (r#"{"sr_sampling_config":{"sample_rate":1,"capture_enabled":true}}"#, true, Some(1.0), false),
            (r#"{"sr_sampling_config":{"capture_enabled":"false"}}"#, false, None, false),
            (
                r#"{"sr_sampling_config":{"capture_enabled":"yes"},"sr_targeting_config":{"key":"k"}}"#,
                true,
                None,
                true,
            ),
            (r#"{"sr_targeting_config":{}}"#, true, None, false),
            (r#"[]"#, false, None, false),
        ] {
            let answer = ConfigAnswer::of(format!(r#"{{"configs":{{"sessionReplay":{ours}}}}}"#).as_bytes());
            assert_eq!(
                (answer.capture_enabled, answer.sample_rate, answer.has_targeting),
                (enabled, rate, targeting),
                "{ours}"
            );
        }
        for nothing in ["", "5", "{}", r#"{"configs":[]}"#] {
            assert!(!ConfigAnswer::of(nothing.as_bytes()).is_for_session_replay, "{nothing}");
        }
    }

    #[test]
    fn a_part_is_wrapped_and_a_whole_answer_is_kept_byte_for_byte() {
        for (text, answer) in [
            (r#"{"configs" :{}}"#, Some(r#"{"configs" :{}}"#)),
            (r#"{"a":1}"#, Some(r#"{"configs":{"sessionReplay":{"a":1}}}"#)),
            ("[]", None),
            ("", None),
        ] {
            let config = RemoteConfig::new(Some(text)).map(|config| config.get());
            assert_eq!(config.ok().as_deref(), answer.map(str::as_bytes), "{text}");
        }
    }
}
