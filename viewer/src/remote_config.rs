//! The answer to remote configuration requests, which can be changed at run time.

use bytes::Bytes;
use parking_lot::RwLock;
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
