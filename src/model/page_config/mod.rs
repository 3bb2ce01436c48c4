//! What the recorder in a page records beside the document, by the host's wishes and the server's: `protocol.md`, "Remote
//! configuration". The library hands it to whoever records, and obeys it in what hosts record of their own.

//!
//! - [`logging`]: the console, requests, errors
//! - [`interaction`]: heatmaps, and how addresses are told

mod interaction;
mod logging;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::Value;

use super::privacy::PrivacyConfig;
pub(crate) use interaction::{InteractionConfig, UgcFilterRule};
#[cfg(test)]
pub(crate) use logging::ErrorsConfig;
pub(crate) use logging::{
    BodyRule, ConsoleConfig, ConsoleLevel, DEFAULT_BODY_BYTES, LoggingConfig, MAX_BODY_BYTES, NameLists,
    NetworkConfig,
};

/// All that a page's recorder is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PageConfig {
    pub privacy: PrivacyConfig,
    pub logging: LoggingConfig,
    pub interaction: InteractionConfig,
}

impl PageConfig {
    /// For whoever records: `privacyConfig` whole, and of the others what is on.
    pub fn to_json(&self) -> Value {
        let mut json = serde_json::json!({ "privacyConfig": self.privacy.to_json() });
        let mut add = |name: &str, part: Value| {
            if part.as_object().is_some_and(|members| !members.is_empty()) {
                json[name] = part;
            }
        };
        add("loggingConfig", serde_json::to_value(self.logging.what_is_on()).unwrap_or_default());
        if self.interaction.enabled || !self.interaction.ugc_filter_rules.is_empty() {
            add("interactionConfig", serde_json::to_value(&self.interaction).unwrap_or_default());
        }
        json
    }
}

/// The value, if it is one of these.
fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn is_on(value: &Value) -> bool {
    value == true
}
