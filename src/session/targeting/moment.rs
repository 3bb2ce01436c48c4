//! What is evaluated: a moment of a session.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::model::ids::{ReplayId, SessionId};

/// What was known at a moment.
pub(super) struct Moment {
    pub replay: ReplayId,
    pub event: Option<Map<String, Value>>,
    pub user_properties: Arc<Map<String, Value>>,
    pub page_url: Option<Arc<str>>,
}

impl Moment {
    /// As the rules see it. What is not known is absent.
    pub fn context(&self, event_types: &[String]) -> Value {
        let mut user = Map::clone(&self.user_properties);
        user.insert("device_id".to_owned(), self.replay.device.as_str().into());
        user.insert("user_properties".to_owned(), Value::Object(Map::clone(&self.user_properties)));
        let mut context = Map::new();
        context.insert("session_id".to_owned(), session_id(&self.replay.session));
        if let Some(event) = &self.event {
            context.insert("event".to_owned(), Value::Object(event.clone()));
        }
        if !event_types.is_empty() {
            context.insert("event_types".to_owned(), json!(event_types));
        }
        context.insert("user".to_owned(), Value::Object(user));
        if let Some(url) = &self.page_url {
            context.insert("page".to_owned(), json!({ "url": &**url }));
        }
        Value::Object(context)
    }
}

/// A number where it is one, as the browser SDK has it; that one makes `NaN` of every other text, which is the same for all.
fn session_id(session: &SessionId) -> Value {
    session.as_millis().map_or_else(|| session.as_str().into(), Value::from)
}
