//! The sample: which share of the sessions is captured, and which sessions these are.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh32::xxh32;

/// The share of sessions to capture: always 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub(crate) struct SampleRate(f64);

/// Why a number is no [`SampleRate`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a sample rate is 0 to 1, and not {0}")]
pub(crate) struct InvalidSampleRate(f64);

impl SampleRate {
    /// No session.
    pub const NONE: Self = Self(0.0);
    /// Every session.
    #[cfg(any(test, fuzzing))]
    pub const ALL: Self = Self(1.0);

    /// The nearest rate; none for what is no number.
    pub fn clamped(rate: f64) -> Self {
        if rate.is_nan() { Self::NONE } else { Self(rate.clamp(0.0, 1.0)) }
    }

    /// The share, 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether a session with this id is captured. `protocol.md`, "Sampling": xxHash32 (seed 0) of the session id's text,
    /// modulo a million.
    pub fn includes(self, session_id: &str) -> bool {
        const SHARES: u32 = 1_000_000;
        let share = xxh32(session_id.as_bytes(), 0) % SHARES;
        f64::from(share) / f64::from(SHARES) < self.0
    }
}

impl TryFrom<f64> for SampleRate {
    type Error = InvalidSampleRate;

    fn try_from(rate: f64) -> Result<Self, InvalidSampleRate> {
        if (0.0..=1.0).contains(&rate) { Ok(Self(rate)) } else { Err(InvalidSampleRate(rate)) }
    }
}

impl From<SampleRate> for f64 {
    fn from(rate: SampleRate) -> Self {
        rate.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn agrees_with_the_browser_sdk_on_every_vector() {
        let vectors = include_str!("../../tests/fixtures/wire/sampling-vectors.json");
        let rows = serde_json::from_str::<Vec<Value>>(vectors).unwrap();
        assert_eq!(rows.len(), 600);
        for row in rows {
            // Texts that no session id may hold are among the vectors: the hash is over UTF-8.
            let session = match &row["sessionId"] {
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            let hash = u64::from(xxh32(session.as_bytes(), 0));
            assert_eq!(hash, row["hash"].as_u64().unwrap(), "{row}");
            let rate = SampleRate::try_from(row["rate"].as_f64().unwrap()).unwrap();
            let sampled = rate.includes(&session);
            assert_eq!(sampled, row["inSample"].as_bool().unwrap(), "{row}");
        }
    }

    #[test]
    fn a_rate_is_0_to_1() {
        for (number, rate) in [(0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (-0.1, 0.0), (1.5, 1.0), (f64::NAN, 0.0)]
        {
            assert_eq!(SampleRate::clamped(number).get(), rate, "{number}");
            assert_eq!(SampleRate::try_from(number).is_ok(), number == rate, "{number}");
        }
        assert_eq!(serde_json::to_string(&SampleRate::clamped(0.5)).unwrap(), "0.5");
        assert!(serde_json::from_str::<SampleRate>("2").is_err());
    }
}
