//! What a request says about its events besides the events themselves.

use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize};

use super::ids::{DeviceId, ReplayId, SessionId, unix_millis};
use super::named::Named;
use super::sample_rate::SampleRate;

/// Which of Amplitude's data centres. Another word than these two is refused: events must not go to a centre that
/// nobody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ServerZone {
    /// The United States, the default.
    #[serde(rename = "US")]
    Us,
    /// The European Union.
    #[serde(rename = "EU")]
    Eu,
}

impl Named for ServerZone {
    const NAMES: &'static [(&'static str, Self)] = &[("US", Self::Us), ("EU", Self::Eu)];
}

/// What the events of a batch are. The words of [`EventKind::as_str`] stand in the address of a request.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EventKind {
    /// rrweb events: the replay itself.
    #[default]
    Replay,
    /// Clicks and scroll depth, for heatmaps: see [`super::interaction`].
    Interaction,
}

impl EventKind {
    /// The value of `type` in the query of a track request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Interaction => "interaction",
        }
    }

    /// As it stands in a label: what is not a replay is named.
    fn is_unnamed(&self) -> bool {
        *self == Self::Replay
    }
}

/// Who sends: the same for all events of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientInfo {
    /// Where batches go unless the host gives a server of its own.
    pub zone: ServerZone,
    /// `<type>/<version>`.
    pub library: String,
    /// At most 1,000 characters of ASCII.
    pub client_url: String,
}

/// Everything a batch needs to be sent, by this process or, after a crash, by a later one. The API key is
/// not in it: it is never written to disk.
///
/// Events are sent in one request only when their envelopes are equal. Read back from a file, which may be anybody's,
/// it is an error unless a request can say all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Envelope {
    /// The device the events belong to.
    pub device_id: DeviceId,
    /// The session the events belong to.
    pub session_id: SessionId,
    /// The rate the session was sampled at; `None` while the remote configuration is awaited.
    pub sample_rate: Option<SampleRate>,
    /// As [`ClientInfo::zone`].
    pub zone: ServerZone,
    /// As [`ClientInfo::library`].
    #[serde(deserialize_with = "header_value")]
    pub library: String,
    /// As [`ClientInfo::client_url`].
    #[serde(deserialize_with = "header_value")]
    pub client_url: String,
    /// When the session began here, milliseconds since 1970.
    pub started_at_ms: u64,
    /// What its events are. Not written for a replay, as no earlier version wrote it.
    #[serde(default, skip_serializing_if = "EventKind::is_unnamed")]
    pub kind: EventKind,
    /// It has a rate, since it is known that the session is held; but the events were recorded before, so what the remote
    /// configuration takes of them is still to be decided. Written where it is so, as no earlier version wrote it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
}

impl Envelope {
    /// The envelope of a session that begins at `started`.
    pub fn new(
        client_info: &ClientInfo,
        replay_id: &ReplayId,
        sample_rate: Option<SampleRate>,
        started: SystemTime,
    ) -> Self {
        Self {
            device_id: replay_id.device.clone(),
            session_id: replay_id.session.clone(),
            sample_rate,
            zone: client_info.zone,
            library: client_info.library.clone(),
            client_url: client_info.client_url.clone(),
            started_at_ms: unix_millis(started),
            kind: EventKind::Replay,
            undecided: false,
        }
    }

    /// The same, for the interactions of its session.
    pub fn of_interactions(&self) -> Self {
        Self { kind: EventKind::Interaction, ..self.clone() }
    }

    /// Whether what the remote configuration takes of these events is still to be decided: they were recorded while it was awaited.
    pub fn is_undecided(&self) -> bool {
        self.undecided || self.sample_rate.is_none()
    }

    /// The same, of a session that is held at the rate of `held`: that is known only now.
    pub fn held_as(&self, held: &Self) -> Self {
        Self { sample_rate: held.sample_rate, undecided: self.is_undecided(), ..self.clone() }
    }

    /// As it is written to disk.
    #[expect(
        clippy::expect_used,
        reason = "writing fails for maps with odd keys only, and there is none in it"
    )]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an envelope is plain data")
    }

    /// Whose events these are.
    pub fn replay_id(&self) -> ReplayId {
        ReplayId { device: self.device_id.clone(), session: self.session_id.clone() }
    }

    /// Whether both belong to one recording of one session, of whatever kind.
    pub fn is_same_recording(&self, other: &Self) -> bool {
        (&self.device_id, &self.session_id, self.started_at_ms)
            == (&other.device_id, &other.session_id, other.started_at_ms)
    }
}

/// A text that the value of a header may be.
fn header_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        true => Ok(text),
        false => Err(serde::de::Error::custom("not the value of a header")),
    }
}

/// The first 1,000 characters of a URL (`protocol.md`), in the ASCII that a header can carry.
pub(crate) fn sent_client_url(url: &str) -> String {
    const SENT: usize = 1_000;
    let mut ascii = String::with_capacity(url.len().min(SENT));
    for byte in url.bytes() {
        let piece =
            if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        if ascii.len() + piece.len() > SENT {
            break;
        }
        ascii.push_str(&piece);
    }
    ascii
}

/// The client URL where the host gives none: the name of its program.
pub(crate) fn default_client_url() -> String {
    let name =
        std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    format!("app://{}", name.unwrap_or_default())
}

#[cfg(any(test, fuzzing))]
#[allow(clippy::unwrap_used, reason = "they are written so that they are ids")]
impl Envelope {
    /// One for tests that need an envelope and no one in particular.
    pub fn any() -> Self {
        let client_info = ClientInfo {
            zone: ServerZone::Us,
            library: "standalone/1".to_owned(),
            client_url: String::new(),
        };
        let replay_id = ReplayId {
            device: DeviceId::from_text("d").unwrap(),
            session: SessionId::from_millis(1).unwrap(),
        };
        Self::new(&client_info, &replay_id, Some(SampleRate::ALL), SystemTime::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_request_can_say_is_refused() {
        let read = |key: &str, value: serde_json::Value| {
            let mut json = serde_json::to_value(Envelope::any()).unwrap();
            json[key] = value;
            serde_json::from_value::<Envelope>(json)
        };
        assert!(read("sample_rate", serde_json::Value::Null).is_ok());
        for (key, value) in [
            ("client_url", "app://x\r\nX-Evil: 1"),
            ("library", "é"),
            ("session_id", "a/b"),
            ("device_id", ""),
            ("zone", "MOON"),
            ("sample_rate", "1"),
        ] {
            assert!(read(key, value.into()).is_err(), "{key} {value:?}");
        }
        assert!(read("sample_rate", 1.5.into()).is_err());
    }

    #[test]
    fn is_written_as_earlier_versions_wrote_it() {
        let envelope = Envelope { started_at_ms: 7, zone: ServerZone::Eu, ..Envelope::any() };
        let json = r#"{"device_id":"d","session_id":"1","sample_rate":1.0,"zone":"EU","library":"standalone/1","client_url":"","started_at_ms":7}"#;
        assert_eq!(serde_json::to_string(&envelope).unwrap(), json);
        assert_eq!(serde_json::from_str::<Envelope>(json).unwrap(), envelope);
        let interactions = envelope.of_interactions();
        let json = json.replace('}', r#","kind":"interaction"}"#);
        assert_eq!(serde_json::to_string(&interactions).unwrap(), json);
        assert_eq!(serde_json::from_str::<Envelope>(&json).unwrap(), interactions);
        assert!(serde_json::from_str::<Envelope>(&json.replace("interaction", "another")).is_err());
        let undecided = Envelope { undecided: true, ..interactions };
        let json = json.replace('}', r#","undecided":true}"#);
        assert_eq!(serde_json::to_string(&undecided).unwrap(), json);
        assert_eq!(serde_json::from_str::<Envelope>(&json).unwrap(), undecided);
    }

    #[test]
    fn sends_a_thousand_characters_of_the_client_url() {
        let sent = sent_client_url;
        assert_eq!(sent("https://example.com/a?b=c#d"), "https://example.com/a?b=c#d");
        assert_eq!(sent(&"x".repeat(2_000)), "x".repeat(1_000));
        assert_eq!(sent("app://ü\r\nX-Evil: 1"), "app://%C3%BC%0D%0AX-Evil:%201");
        assert_eq!(sent(&format!("{}é", "x".repeat(998))), "x".repeat(998));
    }
}
