//! Who a replay belongs to: session id, device id, the replay id made of both; and the key of the project.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The longest device or session id taken, in bytes. Both travel in the query string of every request.
pub const MAX_ID_BYTES: usize = 512;

/// The characters of an id beside letters and digits of ASCII.
pub(crate) const ID_SIGNS: &str = "_-.|@:=";

/// The property that leads from an analytics event to its replay.
pub(crate) const REPLAY_ID_PROPERTY: &str = "[Amplitude] Session Replay ID";

/// The property that an event carries with the option `debugMode`.
pub(crate) const REPLAY_DEBUG_PROPERTY: &str = "[Amplitude] Session Replay Debug";

/// Why an id was refused. The text says which character, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The id was the empty string.
    #[error("is empty")]
    Empty,
    /// The id was longer than [`MAX_ID_BYTES`].
    #[error("is {0} bytes long; at most {MAX_ID_BYTES} are allowed")]
    TooLong(usize),
    /// The id holds a character that the ingest does not accept.
    #[error(
        "holds the character {character:?} at position {position}; allowed are a-z A-Z 0-9 _ - . | @ : ="
    )]
    Character {
        /// The first character that is not allowed.
        character: char,
        /// Its place, counted in characters from 0.
        position: usize,
    },
    /// A numeric session id that is no point in time.
    #[error("is {0}; a numeric session id is milliseconds since 1970 and greater than 0")]
    NotATime(i64),
}

/// The characters that `protocol.md` accepts in an id (`/` separates the two parts of a replay id).
fn check(text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > MAX_ID_BYTES {
        return Err(InvalidId::TooLong(text.len()));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || ID_SIGNS.contains(c);
    match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((position, character)) => Err(InvalidId::Character { character, position }),
        None => Ok(()),
    }
}

/// The id of an analytics session: milliseconds since 1970, or a text of the host's own.
///
/// Two ids are the same session when their texts are equal, so the number 1732300000000 and the text
/// `"1732300000000"` are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(Arc<str>);

impl SessionId {
    /// A session id given as text. "0" and "-1" are what analytics say where there is no session.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        check(text)?;
        match text {
            "0" => return Err(InvalidId::NotATime(0)),
            "-1" => return Err(InvalidId::NotATime(-1)),
            _ => {}
        }
        Ok(Self(text.into()))
    }

    /// A session id given as milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Result<Self, InvalidId> {
        if millis <= 0 {
            return Err(InvalidId::NotATime(millis));
        }
        Ok(Self(millis.to_string().into()))
    }

    /// The id of a session that begins now, for hosts that use the built-in session timeout.
    pub(crate) fn of_time(time: SystemTime) -> Self {
        Self(unix_millis(time).max(1).to_string().into())
    }

    /// The id as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a number, if it is one.
    pub fn as_millis(&self) -> Option<i64> {
        let millis: i64 = self.0.parse().ok()?;
        (millis > 0 && *millis.to_string() == *self.0).then_some(millis)
    }
}

impl TryFrom<String> for SessionId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::from_text(&text)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of the device, the same as the analytics events carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceId(Arc<str>);

impl DeviceId {
    /// A device id given as text.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        check(text)?;
        Ok(Self(text.into()))
    }

    /// The id as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DeviceId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::from_text(&text)
    }
}

impl From<DeviceId> for String {
    fn from(id: DeviceId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a replay, `<device id>/<session id>`: what links an analytics event to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReplayId {
    /// The device.
    pub device: DeviceId,
    /// The session on it.
    pub session: SessionId,
}

impl fmt::Display for ReplayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.device, self.session)
    }
}

/// Why an API key was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidApiKey {
    /// The key was the empty string.
    #[error("is empty")]
    Empty,
    /// The key was longer than [`ApiKey::MAX_BYTES`].
    #[error("is {0} bytes long, at most {max} are allowed", max = ApiKey::MAX_BYTES)]
    TooLong(usize),
    /// The key holds a character that no header can carry.
    #[error("holds the character {character:?} at position {position}")]
    Character {
        /// The first character that is not allowed.
        character: char,
        /// Its place, counted in characters from 0.
        position: usize,
    },
}

/// The API key of an Amplitude project. It travels in a header and in a path: printable ASCII. It is never written to
/// disk, nor to a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApiKey(Arc<str>);

impl ApiKey {
    pub const MAX_BYTES: usize = 512;

    /// An API key given as text.
    pub fn from_text(text: &str) -> Result<Self, InvalidApiKey> {
        if text.is_empty() {
            return Err(InvalidApiKey::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidApiKey::TooLong(text.len()));
        }
        match text.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic()) {
            Some((position, character)) => Err(InvalidApiKey::Character { character, position }),
            None => Ok(Self(text.into())),
        }
    }

    /// The key as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `protocol.md`, "Identity": h = 31·h + code unit, in 32 bits with a sign.
    pub fn hash_code(&self) -> i32 {
        self.0.encode_utf16().fold(0, |hash: i32, unit| hash.wrapping_mul(31).wrapping_add(unit.into()))
    }
}

/// Milliseconds since 1970; 0 for a clock set before it.
pub(crate) fn unix_millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_character_that_is_not_allowed() {
        let error = DeviceId::from_text("büro/1").unwrap_err();
        assert_eq!(error, InvalidId::Character { character: 'ü', position: 1 });
        assert!(SessionId::from_text("a/b").unwrap_err().to_string().contains("'/' at position 1"));
    }

    #[test]
    fn takes_every_allowed_character() {
        assert!(DeviceId::from_text("azAZ09_-.|@:=").is_ok());
    }

    #[test]
    fn a_number_and_its_text_are_the_same_session() {
        let number = SessionId::from_millis(1_732_300_000_000).unwrap();
        assert_eq!(number, SessionId::from_text("1732300000000").unwrap());
        assert_eq!(number.as_millis(), Some(1_732_300_000_000));
        assert_eq!(SessionId::from_text("007").unwrap().as_millis(), None);
        assert_eq!(SessionId::from_millis(0), Err(InvalidId::NotATime(0)));
        for (text, none) in [("0", 0), ("-1", -1)] {
            assert_eq!(SessionId::from_text(text), SessionId::from_millis(none), "no session either way");
        }
    }

    #[test]
    fn hashes_the_key_as_the_browser_sdk_does() {
        // Computed with its generateHashCode in Node.
        assert_eq!(ApiKey::from_text("test-api-key").unwrap().hash_code(), 965_174_769);
        assert_eq!(ApiKey::from_text("a").unwrap().hash_code(), 97);
    }

    #[test]
    fn says_what_is_wrong_with_an_api_key() {
        let refused = |key: &str| ApiKey::from_text(key).err().map(|error| error.to_string());
        assert_eq!(refused("0123456789abcdef"), None);
        assert_eq!(refused("").as_deref(), Some("is empty"));
        assert_eq!(refused("ab c").as_deref(), Some("holds the character ' ' at position 2"));
        let long = refused(&"k".repeat(513));
        assert_eq!(long.as_deref(), Some("is 513 bytes long, at most 512 are allowed"));
    }
}
