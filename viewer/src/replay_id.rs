//! Who a replay belongs to: a device id and a session id, in the characters that the ingest accepts.

use std::fmt;

use axum::http::Uri;
use serde::{Deserialize, Serialize};

/// Longest id taken, in bytes: what the SDK allows.
const MAX_ID_BYTES: usize = 512;

/// A device id that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DeviceId(String);

/// A session id that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SessionId(String);

/// One session of one device. As text it is `<device>/<session>`, the value of `[Amplitude] Session Replay ID`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ReplayId {
    pub(crate) device: DeviceId,
    pub(crate) session: SessionId,
}

/// The ids as a request's query has them, unchecked; empty where it has none.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ClaimedIds {
    pub(crate) device_id: String,
    pub(crate) session_id: String,
}

impl DeviceId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl SessionId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DeviceId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        check("device_id", &id).map(|()| Self(id))
    }
}

impl TryFrom<String> for SessionId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        check("session_id", &id).map(|()| Self(id))
    }
}

impl ReplayId {
    /// Checks both ids, and says what is wrong with the first that can't be one.
    pub(crate) fn new(device_id: &str, session_id: &str) -> Result<Self, String> {
        let device = DeviceId::try_from(device_id.to_owned())?;
        let session = SessionId::try_from(session_id.to_owned())?;
        Ok(Self { device, session })
    }
}

impl fmt::Display for ReplayId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.device.0, self.session.0)
    }
}

impl ClaimedIds {
    /// What the query's `device_id` and `session_id` say.
    pub(crate) fn of(uri: &Uri) -> Self {
        let get = |name| query_value(uri, name).unwrap_or_default();
        Self { device_id: get("device_id"), session_id: get("session_id") }
    }

    pub(crate) fn check(&self) -> Result<ReplayId, String> {
        ReplayId::new(&self.device_id, &self.session_id)
    }
}

/// The first value of this name in a query, percent-decoded.
pub(crate) fn query_value(uri: &Uri, name: &str) -> Option<String> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn check(name: &str, id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(format!("query parameter {name} is missing or empty"));
    }
    if let Some(bad) = id.chars().find(|c| !is_accepted(*c)) {
        return Err(format!("{name} holds {bad:?}; accepted are a-z A-Z 0-9 _ - . | @ : ="));
    }
    if id.len() > MAX_ID_BYTES {
        return Err(format!("{name} is {} bytes long; {MAX_ID_BYTES} are taken", id.len()));
    }
    Ok(())
}

fn is_accepted(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.|@:=".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_the_ingest_refuses() {
        for (device, session, says) in [
            ("", "1", Some("query parameter device_id is missing or empty")),
            ("a", "", Some("query parameter session_id is missing or empty")),
            ("a/b", "1", Some("device_id holds '/'")),
            ("a", "é", Some("session_id holds 'é'")),
            ("a", &"9".repeat(513), Some("session_id is 513 bytes long; 512 are taken")),
            ("a", &"9".repeat(512), None),
            ("a|b@c:d=e.f-_", "1732300000000", None),
        ] {
            match (ReplayId::new(device, session), says) {
                (Ok(id), None) => assert_eq!(id.to_string(), format!("{device}/{session}")),
                (Err(error), Some(says)) => assert!(error.starts_with(says), "{error}"),
                (result, _) => panic!("{device} {session}: {result:?}"),
            }
        }
    }

    #[test]
    fn ids_that_were_stored_are_checked_when_they_are_read() {
        assert!(serde_json::from_str::<DeviceId>(r#""a|b""#).is_ok());
        assert!(serde_json::from_str::<SessionId>(r#""..\/""#).is_err());
    }
}
