//! What a request says about its events besides the events themselves.

use serde::{Deserialize, Serialize};

use crate::identity::{DeviceId, SessionId, unix_millis};
use crate::options::{Options, ServerZone};
use std::time::SystemTime;

/// Everything a batch needs to be sent, by this process or, after a crash, by a later one. The API key is
/// not in it: it is never written to disk.
///
/// Events are sent in one request only when their envelopes are equal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Envelope {
    /// The device the events belong to.
    pub device_id: String,
    /// The session the events belong to.
    pub session_id: String,
    /// The rate the session was sampled at; `None` while the remote configuration is awaited.
    pub sample_rate: Option<f64>,
    /// `US` or `EU`: where the batch goes unless the host gives a server of its own.
    pub zone: String,
    /// `<type>/<version>`.
    pub library: String,
    /// At most 1,000 characters of ASCII.
    pub client_url: String,
    /// When the session began here, milliseconds since 1970.
    pub started_at_ms: u64,
}

impl Envelope {
    /// The envelope of a session that begins at `started`.
    pub fn new(
        options: &Options,
        device: &DeviceId,
        session: &SessionId,
        sample_rate: Option<f64>,
        started: SystemTime,
    ) -> Self {
        Self {
            device_id: device.as_str().to_owned(),
            session_id: session.as_str().to_owned(),
            sample_rate,
            zone: match options.server_zone {
                ServerZone::Us => "US".to_owned(),
                ServerZone::Eu => "EU".to_owned(),
            },
            library: format!("{}/{}", options.library.kind.as_str(), options.library.version),
            client_url: client_url(options),
            started_at_ms: unix_millis(started),
        }
    }

    /// Whether a request can say all this: the file it was read from may be anybody's.
    pub fn can_be_sent(&self) -> bool {
        let fits_a_header = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        DeviceId::from_text(&self.device_id).is_ok()
            && SessionId::from_text(&self.session_id).is_ok()
            && fits_a_header(&self.library)
            && fits_a_header(&self.client_url)
    }

    /// `<device>/<session>`.
    pub fn replay_id(&self) -> String {
        format!("{}/{}", self.device_id, self.session_id)
    }

    /// Whether both belong to one recording of one session.
    pub fn is_same_replay(&self, other: &Self) -> bool {
        (&self.device_id, &self.session_id, self.started_at_ms)
            == (&other.device_id, &other.session_id, other.started_at_ms)
    }
}

/// The first 1,000 characters (`protocol.md`), in the ASCII that a header can carry.
fn client_url(options: &Options) -> String {
    const SENT: usize = 1_000;
    let url = options.client_url.as_deref().unwrap_or_default();
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

/// Where the host says nothing: the name of its program.
pub(crate) fn default_client_url() -> String {
    let name =
        std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    format!("app://{}", name.unwrap_or_default())
}

#[cfg(test)]
impl Envelope {
    /// One for tests that need an envelope and no one in particular.
    pub fn any() -> Self {
        let (device, session) = (DeviceId::from_text("d").unwrap(), SessionId::from_millis(1).unwrap());
        Self::new(&Options::default(), &device, &session, Some(1.0), SystemTime::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(url: &str) -> String {
        client_url(&Options { client_url: Some(url.to_owned()), ..Options::default() })
    }

    #[test]
    fn what_no_request_can_say_is_refused() {
        let good = || Envelope { sample_rate: None, ..Envelope::any() };
        assert!(good().can_be_sent());
        assert!(!Envelope { client_url: "app://x\r\nX-Evil: 1".to_owned(), ..good() }.can_be_sent());
        assert!(!Envelope { library: "é".to_owned(), ..good() }.can_be_sent());
        assert!(!Envelope { session_id: "a/b".to_owned(), ..good() }.can_be_sent());
        assert!(!Envelope { device_id: String::new(), ..good() }.can_be_sent());
    }

    #[test]
    fn sends_a_thousand_characters_of_the_client_url() {
        assert_eq!(sent("https://example.com/a?b=c#d"), "https://example.com/a?b=c#d");
        assert_eq!(sent(&"x".repeat(2_000)), "x".repeat(1_000));
        assert_eq!(sent("app://ü\r\nX-Evil: 1"), "app://%C3%BC%0D%0AX-Evil:%201");
        assert_eq!(sent(&format!("{}é", "x".repeat(998))), "x".repeat(998));
    }
}
