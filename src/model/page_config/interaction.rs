//! `interactionConfig`: clicks and scroll depth for heatmaps, and how addresses are told.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{is_on, read};
use crate::model::json::lenient;
use crate::model::privacy::{MAX_SELECTOR_BYTES, MAX_SELECTORS};

/// `interactionConfig`: clicks and scroll depth for heatmaps, and how addresses are told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct InteractionConfig {
    pub enabled: bool,
    /// Equal clicks within an hour are sent as one, with their count.
    pub batch: bool,
    /// Milliseconds between two batches at first.
    #[serde(rename = "trackEveryNms", skip_serializing_if = "Option::is_none")]
    pub track_every_ms: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ugc_filter_rules: Vec<UgcFilterRule>,
}

/// An address that the glob `selector` matches is told as `replacement`; the first rule that matches counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UgcFilterRule {
    pub selector: String,
    pub replacement: String,
}

impl InteractionConfig {
    /// Reads an option, of which every member has to be right. The error says what is wrong.
    pub fn from_option(given: &Value) -> Result<Self, String> {
        let config = Self::deserialize(given).map_err(|error| error.to_string())?;
        let rules = &config.ugc_filter_rules;
        if rules.len() > MAX_SELECTORS {
            return Err(format!("more than {MAX_SELECTORS} ugcFilterRules"));
        }
        match rules.iter().find(|rule| !rule.is_valid()) {
            Some(rule) => Err(format!(
                "the selector of a ugcFilterRule has to begin with \"/\" or with a scheme, as \"https://\" or \"app://\", but is {:?}",
                rule.selector
            )),
            None => Ok(config),
        }
    }

    /// Reads the server's `sr_interaction_config` leniently: what is odd is passed over.
    pub fn from_remote(json: &str) -> Self {
        let given = lenient::value(json);
        let rules = given["ugcFilterRules"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self {
            enabled: is_on(&given["enabled"]),
            batch: is_on(&given["batch"]),
            track_every_ms: read(&given["trackEveryNms"]),
            ugc_filter_rules: rules
                .iter()
                .filter_map(read)
                .filter(UgcFilterRule::is_valid)
                .take(MAX_SELECTORS)
                .collect(),
        }
    }

    /// What holds once the server has answered: its part in place of the option's, but for the rules of the option.
    pub fn replaced_by(&self, remote: Option<&Self>) -> Self {
        let mut config = remote.cloned().unwrap_or_default();
        if !self.ugc_filter_rules.is_empty() {
            config.ugc_filter_rules.clone_from(&self.ugc_filter_rules);
        }
        config
    }
}

impl UgcFilterRule {
    /// The browser SDK's rule for the glob; but an app's pages have schemes of their own.
    fn is_valid(&self) -> bool {
        let is_scheme = |char: char| char.is_ascii_alphanumeric() || "+-.*?".contains(char);
        let is_url = self.selector.split_once("://").is_some_and(|(scheme, rest)| {
            !scheme.is_empty()
                && scheme.chars().all(is_scheme)
                && !rest.is_empty()
                && !rest.contains(char::is_whitespace)
        });
        (self.selector.starts_with('/') || is_url) && self.selector.len() <= MAX_SELECTOR_BYTES
    }
}
