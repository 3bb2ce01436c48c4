//! The properties that link an analytics event to its replay: Segment's events get them, and so does any other that the
//! host sends itself.

use serde_json::{Map, Value};

use crate::model::ids::{ApiKey, REPLAY_DEBUG_PROPERTY, REPLAY_ID_PROPERTY, ReplayId};

/// Makes the properties of one run.
pub(crate) struct ReplayProperties {
    /// The value of [`REPLAY_DEBUG_PROPERTY`], with the option `debugMode`.
    debug: Option<String>,
}

impl ReplayProperties {
    /// For the project of this key; `is_debug` is the option `debugMode`.
    pub fn new(api_key: &ApiKey, is_debug: bool) -> Self {
        Self { debug: is_debug.then(|| format!("{{\"appHash\":\"{}\"}}", api_key.hash_code())) }
    }

    /// The properties of an event of this replay: none where there is no replay.
    pub fn of(&self, replay: Option<&ReplayId>) -> Map<String, Value> {
        let mut properties = Map::new();
        if let Some(id) = replay {
            properties.insert(REPLAY_ID_PROPERTY.to_owned(), id.to_string().into());
            if let Some(debug) = &self.debug {
                properties.insert(REPLAY_DEBUG_PROPERTY.to_owned(), debug.clone().into());
            }
        }
        properties
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{DeviceId, SessionId};

    #[test]
    fn names_the_replay_and_in_debug_mode_the_project() {
        let key = ApiKey::from_text("test-api-key").unwrap();
        let replay = ReplayId {
            device: DeviceId::from_text("d").unwrap(),
            session: SessionId::from_millis(7).unwrap(),
        };
        let id = ("[Amplitude] Session Replay ID".to_owned(), Value::from("d/7"));
        let debug =
            ("[Amplitude] Session Replay Debug".to_owned(), Value::from("{\"appHash\":\"965174769\"}"));
        for (is_debug, replay, expected) in [
            (false, None, vec![]),
            (true, None, vec![]),
            (false, Some(&replay), vec![id.clone()]),
            (true, Some(&replay), vec![id, debug]),
        ] {
            let properties = ReplayProperties::new(&key, is_debug).of(replay);
            assert_eq!(properties, Map::from_iter(expected), "debug {is_debug}, {replay:?}");
        }
    }
}
