//! What the recorder in a page says of itself: a custom event of rrweb's, which travels like any other, and of which
//! `sr_stats` tells as `advice`. docs/guide/web-views.md has its form.

use serde::Deserialize;

use crate::sync::Mutex;

/// The tag of the event.
#[cfg(test)]
pub(crate) const TAG: &str = "session-replay-recorder";
/// How the event begins, as the recorder of `bindings/web` writes it.
const BEGINNING: &[u8] = br#"{"type":5,"data":{"tag":"session-replay-recorder","#;
/// Bytes of what is told: a page may say anything in its place.
const MAX_ADVICE: usize = 1_000;

/// The newest word of the page that records.
#[derive(Default)]
pub(crate) struct PageStatus(Mutex<Option<String>>);

impl PageStatus {
    /// Looks at an event; returns what is new about the page's recorder, if it is not well.
    pub fn note(&self, event: &[u8]) -> Option<String> {
        if !is_for_status(event) {
            return None;
        }
        let told = match kind(event) {
            // A Meta event stands before a full snapshot: whatever was wrong, it begins anew.
            b'4' => None,
            _ => read(event)?,
        };
        let mut current = self.0.lock();
        let is_new = told.is_some() && *current != told;
        (*current).clone_from(&told);
        told.filter(|_| is_new)
    }

    /// What is wrong, in sentences; `None`: nothing that was told of.
    pub fn advice(&self) -> Option<String> {
        self.0.lock().clone()
    }
}

/// Whether [`PageStatus::note`] has to see this event: a Meta event, as rrweb writes it, or the recorder's own. The custom
/// events of others, of which a host may have many, are as quick as the rest.
#[inline]
pub(crate) fn is_for_status(event: &[u8]) -> bool {
    match event {
        [b'{', b'"', b't', b'y', b'p', b'e', b'"', b':', b'4', b',', ..] => true,
        [b'{', b'"', b't', b'y', b'p', b'e', b'"', b':', b'5', b',', ..] => event.starts_with(BEGINNING),
        _ => false,
    }
}

/// Only of an event that is for the status.
fn kind(event: &[u8]) -> u8 {
    event.get(8).copied().unwrap_or_default()
}

/// `None`: another event. `Some(None)`: all is well again.
fn read(event: &[u8]) -> Option<Option<String>> {
    #[derive(Deserialize)]
    struct Event {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        payload: Payload,
    }
    #[derive(Deserialize)]
    struct Payload {
        problems: Vec<String>,
    }
    if !event.starts_with(BEGINNING) {
        return None;
    }
    let Event { data } = serde_json::from_slice(event).ok()?;
    let problems = data.payload.problems;
    Some((!problems.is_empty()).then(|| cut(&format!("the page's recorder: {}", problems.join("; ")))))
}

fn cut(text: &str) -> String {
    let end = (0..=text.len().min(MAX_ADVICE)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(problems: &str) -> String {
        format!(
            r#"{{"type":5,"data":{{"tag":"session-replay-recorder","payload":{{"problems":{problems}}}}},"timestamp":1}}"#
        )
    }

    #[test]
    fn tells_what_the_recorder_told_until_it_takes_it_back_or_begins_anew() {
        let meta = r#"{"type":4,"data":{"href":"app://x","width":1,"height":1},"timestamp":1}"#;
        for end in [told("[]"), meta.to_owned()] {
            let status = PageStatus::default();
            let problem = told(r#"["no full snapshot","another"]"#);
            assert_eq!(
                status.note(problem.as_bytes()).as_deref(),
                Some("the page's recorder: no full snapshot; another")
            );
            assert_eq!(status.note(problem.as_bytes()), None, "it is no news twice");
            assert_eq!(status.note(br#"{"type":3,"data":{"source":0},"timestamp":1}"#), None);
            assert!(status.advice().is_some_and(|advice| advice.contains("no full snapshot")));
            assert_eq!(status.note(end.as_bytes()), None);
            assert_eq!(status.advice(), None);
        }
    }

    #[test]
    fn the_event_begins_with_its_tag() {
        assert_eq!(BEGINNING, format!(r#"{{"type":5,"data":{{"tag":"{TAG}","#).as_bytes());
    }

    #[test]
    fn takes_nothing_from_other_events_and_bounds_what_a_page_may_say() {
        for event in [
            r#"{"type":5,"data":{"tag":"another","payload":{"problems":["x"]}},"timestamp":1}"#.to_owned(),
            told("7"),
            told(r#"["x""#),
            r#"{"type":5,"#.to_owned(),
            r#"{"type":4"#.to_owned(),
            String::new(),
        ] {
            let status = PageStatus::default();
            assert_eq!(status.note(event.as_bytes()), None, "{event}");
            assert_eq!(status.advice(), None, "{event}");
        }
        let status = PageStatus::default();
        let long = told(&format!(r#"["{}"]"#, "ü".repeat(100_000)));
        assert!(status.note(long.as_bytes()).is_some_and(|advice| advice.len() <= MAX_ADVICE));
    }
}
