//! Who a replay belongs to: session id, device id and the replay id made of both.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// The longest device or session id taken, in bytes. Both travel in the query string of every request.
pub const MAX_ID_BYTES: usize = 512;

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
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.|@:=".contains(c);
    match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((position, character)) => Err(InvalidId::Character { character, position }),
        None => Ok(()),
    }
}

/// The id of an analytics session: milliseconds since 1970, or a text of the host's own.
///
/// Two ids are the same session when their texts are equal, so the number 1732300000000 and the text
/// `"1732300000000"` are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId(Box<str>);

impl SessionId {
    /// A session id given as text.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        check(text)?;
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

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of the device, the same as the analytics events carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceId(Box<str>);

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

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `<device id>/<session id>`: what links an analytics event to its replay.
pub fn replay_id(device: &DeviceId, session: &SessionId) -> String {
    format!("{device}/{session}")
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
    }
}
