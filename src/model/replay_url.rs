//! The address of a moment of a replay, made of the host's template.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use super::ids::{ReplayId, unix_millis};

/// The placeholders that a template may have, in braces.
pub(crate) const PLACEHOLDERS: [&str; 5] = ["deviceId", "sessionId", "replayId", "timeMs", "elapsedMs"];

/// `replayUrlTemplate`: an http or https URL with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplayUrlTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The place in [`PLACEHOLDERS`].
    Placeholder(usize),
}

impl ReplayUrlTemplate {
    /// Reads a template; an error says what is wrong with it.
    pub fn parse(template: &str) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), template);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a \"{\" in it has no \"}\"")?;
            let placeholder = PLACEHOLDERS.iter().position(|known| *known == name);
            let placeholder = placeholder.ok_or_else(|| unknown(name))?;
            parts.extend([Part::Text(before.to_owned()), Part::Placeholder(placeholder)]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let template = Self(parts);
        let example = template.filled(|_| "1".to_owned());
        let url = url::Url::parse(&example).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let is_text = !example.chars().any(|character| character.is_control() || character == ' ');
        match url {
            Some(url) if is_text && url.has_host() => template.with_fixed_host(),
            _ => Err("it is no http or https URL".to_owned()),
        }
    }

    /// What stands in a placeholder may not choose whom the link leads to, nor its port.
    fn with_fixed_host(self) -> Result<Self, String> {
        let before = |text: &str| text.split_once("://").map(|(_, rest)| rest.to_owned());
        let first = match self.0.first() {
            Some(Part::Text(text)) => before(text),
            _ => None,
        };
        let end = first.as_deref().and_then(|rest| rest.find(['/', '?', '#', '\\']));
        match (end, self.0.get(1)) {
            (Some(0), _) => Err("it has no host: write it as in https://example.com/…".to_owned()),
            (None, Some(Part::Placeholder(placeholder))) => Err(format!(
                "{{{}}} stands before the end of its host: use placeholders after the \"/\" behind the host",
                PLACEHOLDERS[*placeholder]
            )),
            _ => Ok(self),
        }
    }

    /// The address of this moment of a replay that began at `started`.
    pub fn address(&self, replay: &ReplayId, now: SystemTime, started: SystemTime) -> String {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.filled(|placeholder| match placeholder {
            0 => replay.device.to_string(),
            1 => replay.session.to_string(),
            2 => replay.to_string(),
            3 => unix_millis(now).to_string(),
            // The clock may have been set back.
            _ => millis(now.duration_since(started).unwrap_or_default()).to_string(),
        })
    }

    fn filled(&self, value: impl Fn(usize) -> String) -> String {
        self.0.iter().fold(String::new(), |mut address, part| {
            match part {
                Part::Text(text) => address.push_str(text),
                Part::Placeholder(placeholder) => encode(&value(*placeholder), &mut address),
            }
            address
        })
    }
}

fn unknown(name: &str) -> String {
    const MAX_CHARACTERS: usize = 40;
    let name: String = name.chars().take(MAX_CHARACTERS).collect();
    format!("{{{name}}} is no placeholder: use {{{}}}", PLACEHOLDERS.join("}, {"))
}

/// Percent-encoded: what stands in one place of an address can't end it.
fn encode(value: &str, address: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => address.push(byte.into()),
            // Writing into a text can't fail.
            _ => _ = write!(address, "%{byte:02X}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{DeviceId, SessionId};

    #[test]
    fn each_placeholder_is_filled_and_encoded() {
        let replay = ReplayId {
            device: DeviceId::from_text("d|1@x").unwrap(),
            session: SessionId::from_text("s:1").unwrap(),
        };
        let started = SystemTime::UNIX_EPOCH + Duration::from_millis(1_732_300_000_000);
        for (template, after, expected) in [
            ("https://h/a", 0, "https://h/a"),
            ("https://h/{deviceId}/{sessionId}?t={elapsedMs}", 1_500, "https://h/d%7C1%40x/s%3A1?t=1500"),
            (
                "http://h/r?id={replayId}&at={timeMs}#x",
                2,
                "http://h/r?id=d%7C1%40x%2Fs%3A1&at=1732300000002#x",
            ),
            ("https://h?{deviceId}", 0, "https://h?d%7C1%40x"),
            ("HTTPS://h:1#{deviceId}", 0, "HTTPS://h:1#d%7C1%40x"),
        ] {
            let template = ReplayUrlTemplate::parse(template).unwrap();
            assert_eq!(template.address(&replay, started + Duration::from_millis(after), started), expected);
        }
        let template = ReplayUrlTemplate::parse("https://h/{elapsedMs}").unwrap();
        let before = started - Duration::from_secs(5);
        assert_eq!(template.address(&replay, before, started), "https://h/0", "a clock that was set back");
    }

    #[test]
    fn a_template_that_makes_no_address_is_refused_and_the_error_names_the_placeholder() {
        for (template, reason) in [
            ("https://h/{device}", "{device} is no placeholder: use {deviceId}, {sessionId}"),
            ("https://h/{}", "{} is no placeholder"),
            ("https://h/{deviceId", "has no \"}\""),
            ("h/{deviceId}", "no http or https URL"),
            ("ftp://h/{deviceId}", "no http or https URL"),
            ("https://h/ {deviceId}", "no http or https URL"),
            ("https://h/\n", "no http or https URL"),
            ("", "no http or https URL"),
            ("https://{deviceId}/", "{deviceId} stands before the end of its host"),
            ("https://{sessionId}.h/{deviceId}", "{sessionId} stands before the end of its host"),
            ("https://h{timeMs}/x", "{timeMs} stands before the end of its host"),
            ("https://h:{elapsedMs}/", "{elapsedMs} stands before the end of its host"),
            ("https://me:{deviceId}@h/", "{deviceId} stands before the end of its host"),
            ("http{deviceId}://h/", "no http or https URL"),
            ("http:///x", "it has no host"),
            ("http:///{deviceId}", "it has no host"),
            ("https:/{deviceId}/", "{deviceId} stands before the end of its host"),
        ] {
            let error = ReplayUrlTemplate::parse(template).unwrap_err();
            assert!(error.contains(reason), "{template}: {error}");
        }
    }
}
