//! The server's answer, read leniently: what is missing or odd falls back, nothing makes it fail.

use std::time::Duration;

use serde_json::Value;

use crate::privacy::PrivacyConfig;

/// The parts of the answer that matter here: those that decide about capturing, and what to mask.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// `sr_sampling_config`, if it is there and holds anything.
    pub sampling: Option<Sampling>,
    /// `sr_privacy_config`, if it is there.
    pub privacy: Option<PrivacyConfig>,
}

/// `sr_sampling_config`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampling {
    /// `capture_enabled`; absent means off.
    pub capture_enabled: bool,
    /// `sample_rate`.
    pub sample_rate: Option<f64>,
    /// `min_session_duration_ms`, within 0..60,000.
    pub min_session_duration: Option<Duration>,
}

impl Answer {
    /// `None` where the text is no configuration at all.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let replay = &body.as_object()?.get("configs").unwrap_or(&Value::Null)["sessionReplay"];
        // As the browser SDK reads it: an empty object is a project that has set nothing.
        let holds_anything = |config: &&Value| config.as_object().is_some_and(|config| !config.is_empty());
        let sampling = replay.get("sr_sampling_config").filter(holds_anything);
        let privacy = replay.get("sr_privacy_config").filter(|config| config.is_object());
        Some(Self {
            sampling: sampling.map(Sampling::parse),
            privacy: privacy.map(PrivacyConfig::from_remote),
        })
    }
}

impl Sampling {
    fn parse(config: &Value) -> Self {
        let min = config["min_session_duration_ms"].as_f64().filter(|millis| *millis >= 0.0);
        Self {
            capture_enabled: config["capture_enabled"] == true,
            sample_rate: config["sample_rate"].as_f64(),
            min_session_duration: min.map(|millis| Duration::from_millis(millis.min(60_000.0) as u64)),
        }
    }
}
