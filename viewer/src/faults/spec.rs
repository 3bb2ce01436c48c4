//! What one fault does, as it is asked for in JSON.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};

use crate::replay_id::ClaimedIds;

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
    pub(crate) fn is_for(&self, target: Target, ids: &ClaimedIds) -> bool {
        let fits = |wanted: &Option<String>, id: &str| wanted.as_deref().is_none_or(|w| w == id);
        self.on == target && fits(&self.device_id, &ids.device_id) && fits(&self.session_id, &ids.session_id)
    }

    /// What it does, in a few words.
    pub(crate) fn in_words(&self) -> String {
        let mut words = Vec::new();
        match (self.status, &self.redirect) {
            (Some(status), _) => words.push(format!("status {status}")),
            (None, Some(_)) => words.push("a redirect".to_owned()),
            (None, None) => {}
        }
        words.extend(self.skip.as_ref().map(|code| format!("skip code {code}")));
        words.extend((!self.headers.is_empty()).then(|| "headers of its own".to_owned()));
        words.extend(
            (self.body.is_some() || self.body_bytes.is_some()).then(|| "a body of its own".to_owned()),
        );
        words.extend((self.delay_ms > 0).then(|| format!("a delay of {} ms", self.delay_ms)));
        words.extend(self.hang.then(|| "no reply at all".to_owned()));
        words.extend(self.cut.map(|cut| {
            let when = match cut {
                Cut::Before => "before the body is read",
                Cut::After => "after the body was read",
                Cut::Reply => "in the middle of the reply",
            };
            format!("the connection cut {when}")
        }));
        match self.store {
            Some(true) => words.push("the batch kept".to_owned()),
            Some(false) => words.push("the batch not kept".to_owned()),
            None => {}
        }
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
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
    pub(super) fn makes_reply(&self) -> bool {
        self.status.is_some()
            || self.skip.is_some()
            || !self.headers.is_empty()
            || self.body.is_some()
            || self.body_bytes.is_some()
            || self.redirect.is_some()
            || self.cut == Some(Cut::Reply)
    }

    /// Whether the honest reply is what the client gets.
    pub(crate) fn leaves_reply(&self) -> bool {
        self.lets_reply() && !self.makes_reply()
    }

    /// Whether the request is replied to at all.
    pub(super) fn lets_reply(&self) -> bool {
        !self.hang && !matches!(self.cut, Some(Cut::Before | Cut::After))
    }

    /// The status that the client gets instead of the honest one; `None` where it gets no reply.
    pub(crate) fn status_sent(&self, honest: StatusCode) -> Option<StatusCode> {
        self.lets_reply().then(|| if self.makes_reply() { self.status() } else { honest })
    }

    pub(super) fn status(&self) -> StatusCode {
        let default = if self.redirect.is_some() { 307 } else { 200 };
        StatusCode::from_u16(self.status.unwrap_or(default)).unwrap_or(StatusCode::OK)
    }

    /// Whether a batch is kept that this fault answers.
    pub(crate) fn stores(&self) -> bool {
        self.store.unwrap_or_else(|| self.lets_reply() && self.skip.is_none() && self.status().is_success())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fault_does_with_the_reply_and_the_batch() {
        for (json, sent, stores) in [
            (r#"{}"#, Some(400), true),
            (r#"{"delay_ms":5}"#, Some(400), true),
            (r#"{"status":500}"#, Some(500), false),
            (r#"{"status":204}"#, Some(204), true),
            (r#"{"redirect":"http://x/"}"#, Some(307), false),
            (r#"{"skip":429}"#, Some(200), false),
            (r#"{"skip":429,"store":true}"#, Some(200), true),
            (r#"{"cut":"reply"}"#, Some(200), true),
            (r#"{"cut":"before"}"#, None, false),
            (r#"{"cut":"after","status":500}"#, None, false),
            (r#"{"cut":"after","store":true}"#, None, true),
            (r#"{"hang":true}"#, None, false),
        ] {
            let spec: FaultSpec = serde_json::from_str(json).unwrap();
            let status = spec.status_sent(StatusCode::BAD_REQUEST).map(|status| status.as_u16());
            assert_eq!((status, spec.stores()), (sent, stores), "{json}");
        }
    }
}
