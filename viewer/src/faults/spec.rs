//! What one fault does, as it is asked for in JSON.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};

/// Which requests a fault answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Target {
    /// Batches of events.
    #[default]
    Track,
    /// Remote configuration.
    Config,
}

/// When the connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cut {
    /// Before the body is read.
    Before,
    /// After the body was read, without a reply.
    After,
    /// In the middle of the reply's body.
    Reply,
}

/// One fault. What is left out is as an honest viewer would do it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FaultSpec {
    pub(crate) on: Target,
    /// Only requests of this device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_id: Option<String>,
    /// Only requests of this session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_id: Option<String>,
    /// How many requests it answers; 1 if it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u64>,
    /// Answers until it is cleared.
    pub(crate) standing: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Value of the header `X-Session-Replay-Event-Skipped`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text_or_number")]
    pub(crate) skip: Option<String>,
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    /// A reply of this many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body_bytes: Option<u64>,
    /// A redirect to this URL; the status is 307 if it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect: Option<String>,
    /// Waits before it replies.
    pub(crate) delay_ms: u64,
    /// Reads the request and never replies.
    pub(crate) hang: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cut: Option<Cut>,
    /// Whether the batch is kept all the same. If it does not say: only when the reply is a 2xx without a skip code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<bool>,
}

impl FaultSpec {
    pub(super) fn is_for(&self, target: Target, device_id: &str, session_id: &str) -> bool {
        let fits = |wanted: &Option<String>, id| wanted.as_deref().is_none_or(|w| w == id);
        self.on == target && fits(&self.device_id, device_id) && fits(&self.session_id, session_id)
    }

    /// Says what is wrong with the fault itself.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status {
            // 1xx is not a final reply; a server can't end a request with it.
            if !(200..=999).contains(&status) {
                return Err(format!("status {status} is not one of 200 to 999"));
            }
        }
        let values = [self.skip.as_ref(), self.redirect.as_ref()];
        for value in values.into_iter().flatten().chain(self.headers.values()) {
            HeaderValue::from_str(value).map_err(|_| format!("{value:?} can't stand in a header"))?;
        }
        for name in self.headers.keys() {
            HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("{name:?} is not the name of a header"))?;
        }
        if self.body.is_some() && self.body_bytes.is_some() {
            return Err("a fault has body or body_bytes, not both".to_owned());
        }
        Ok(())
    }

    /// Whether the fault makes up the reply; one that only delays leaves it to the honest viewer.
    pub(crate) fn replies(&self) -> bool {
        self.status.is_some()
            || self.skip.is_some()
            || !self.headers.is_empty()
            || self.body.is_some()
            || self.body_bytes.is_some()
            || self.redirect.is_some()
            || self.cut == Some(Cut::Reply)
    }

    pub(crate) fn status(&self) -> StatusCode {
        let default = if self.redirect.is_some() { 307 } else { 200 };
        StatusCode::from_u16(self.status.unwrap_or(default)).unwrap_or(StatusCode::OK)
    }

    /// Whether a batch is kept that this fault answers.
    pub(crate) fn stores(&self) -> bool {
        self.store.unwrap_or_else(|| {
            let gone = self.hang || matches!(self.cut, Some(Cut::Before | Cut::After));
            !gone && self.skip.is_none() && self.status().is_success()
        })
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Code {
        Number(i64),
        Text(String),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Code::Number(number)) => Some(number.to_string()),
        Some(Code::Text(text)) => Some(text),
        None => None,
    })
}
