//! What the recorder in a page says of itself: a custom event of rrweb's, which travels like any other, and of which
//! `sr_stats` tells as `advice`. docs/guide/web-views.md has its form.

use serde::Deserialize;

use crate::page_line::PageLine;
use crate::sync::Mutex;

/// Bytes of what is told: a page may say anything in its place.
const MAX_ADVICE: usize = 1_000;

/// The newest word of the page that records.
#[derive(Default)]
pub(crate) struct PageStatus(Mutex<Option<String>>);

impl PageStatus {
    /// Looks at an event; returns what is new about the page's recorder, if it is not well.
    pub fn note(&self, kind: PageLine, event: &[u8]) -> Option<String> {
        let told = match kind {
            // It stands before a full snapshot: whatever was wrong, the page begins anew.
            PageLine::Meta => None,
            PageLine::Status => read(event)?,
            PageLine::Event | PageLine::Interaction | PageLine::UnhandledError | PageLine::Address => {
                return None;
            }
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

    fn note(status: &PageStatus, event: &[u8]) -> Option<String> {
        status.note(PageLine::of(event), event)
    }

    #[test]
    fn tells_what_the_recorder_told_until_it_takes_it_back_or_begins_anew() {
        let meta = r#"{"type":4,"data":{"href":"app://x","width":1,"height":1},"timestamp":1}"#;
        for end in [told("[]"), meta.to_owned()] {
            let status = PageStatus::default();
            let problem = told(r#"["no full snapshot","another"]"#);
            assert_eq!(
                note(&status, problem.as_bytes()).as_deref(),
                Some("the page's recorder: no full snapshot; another")
            );
            assert_eq!(note(&status, problem.as_bytes()), None, "it is no news twice");
            assert_eq!(note(&status, br#"{"type":3,"data":{"source":0},"timestamp":1}"#), None);
            assert!(status.advice().is_some_and(|advice| advice.contains("no full snapshot")));
            assert_eq!(note(&status, end.as_bytes()), None);
            assert_eq!(status.advice(), None);
        }
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
            assert_eq!(note(&status, event.as_bytes()), None, "{event}");
            assert_eq!(status.advice(), None, "{event}");
        }
        let status = PageStatus::default();
        let long = told(&format!(r#"["{}"]"#, "ü".repeat(100_000)));
        assert!(note(&status, long.as_bytes()).is_some_and(|advice| advice.len() <= MAX_ADVICE));
    }
}
