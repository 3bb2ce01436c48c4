//! What targeting came to for the sessions of late, persisted for the next run: a session that matched stays captured, and the
//! types of its events count on.
//!
//! Several processes share the file, also of other versions. Each merges its own into what it finds there.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::ids::{SessionId, unix_millis};
use crate::storage::{ClockStamp, age};

/// What was not changed for so long counts as none: as in the browser SDK.
const MAX_AGE: Duration = Duration::from_secs(2 * 24 * 60 * 60);
/// The newest sessions are kept.
const MAX_SESSIONS: usize = 32;
/// Types of events of one session.
const MAX_EVENT_TYPES: usize = 256;
/// Bytes of the name of one.
const MAX_EVENT_TYPE_BYTES: usize = 1_024;
/// Of the file: the oldest sessions go first.
const MAX_FILE_BYTES: usize = 512 << 10;

/// What is known of one session.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SessionResult {
    pub session_id: String,
    pub is_matched: bool,
    /// The rule that decided last.
    pub rule: Option<String>,
    pub event_types: Vec<String>,
    updated_at_ms: u64,
    /// How the clocks stood then.
    clock: Option<ClockStamp>,
    /// What a later version says besides.
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl SessionResult {
    /// Notes that an event of this type happened. Whether it is the first.
    pub fn note_event_type(&mut self, event_type: &str) -> bool {
        let is_new = self.event_types.len() < MAX_EVENT_TYPES
            && event_type.len() <= MAX_EVENT_TYPE_BYTES
            && !self.event_types.iter().any(|known| known == event_type);
        if is_new {
            self.event_types.push(event_type.to_owned());
        }
        is_new
    }

    /// It changed now.
    pub fn touch(&mut self) {
        self.updated_at_ms = unix_millis(SystemTime::now());
        self.clock = ClockStamp::now();
    }

    fn age(&self) -> Duration {
        age(SystemTime::UNIX_EPOCH + Duration::from_millis(self.updated_at_ms), self.clock)
    }

    fn merge(&mut self, other: Self) {
        if other.is_matched && !self.is_matched {
            (self.is_matched, self.rule) = (true, other.rule);
        }
        for event_type in &other.event_types {
            self.note_event_type(event_type);
        }
        if other.updated_at_ms > self.updated_at_ms {
            (self.updated_at_ms, self.clock) = (other.updated_at_ms, other.clock);
        }
        for (key, value) in other.other {
            self.other.entry(key).or_insert(value);
        }
    }
}

/// The sessions, the one that changed last at the end.
#[derive(Debug, Default, Clone, PartialEq)]
pub(in crate::session) struct TargetingResults {
    sessions: Vec<SessionResult>,
    /// What a later version says besides.
    other: Map<String, Value>,
}

impl TargetingResults {
    /// Of the bytes of a file. What can't be read of it counts as none; so does what is too old.
    pub fn parse(bytes: &[u8]) -> Self {
        let Ok(Value::Object(mut other)) = serde_json::from_slice(bytes) else { return Self::default() };
        let Some(Value::Array(sessions)) = other.remove("sessions") else {
            return Self { other, ..Self::default() };
        };
        let sessions = sessions.into_iter().filter_map(|session| SessionResult::deserialize(session).ok());
        let mut results = Self { other, ..Self::default() };
        for session in sessions.filter(|session| !session.session_id.is_empty() && session.age() <= MAX_AGE) {
            results.merge_session(session);
        }
        results
    }

    /// What the file is to hold.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut sessions = &self.sessions[..];
        loop {
            let mut file = self.other.clone();
            file.insert("sessions".to_owned(), serde_json::json!(sessions));
            let bytes = Value::Object(file).to_string().into_bytes();
            match sessions {
                [_, rest @ ..] if bytes.len() > MAX_FILE_BYTES => sessions = rest,
                _ => return bytes,
            }
        }
    }

    /// Whether there is something worth keeping that `other` lacks.
    pub fn has_more_than(&self, other: &Self) -> bool {
        let mut worth = self.sessions.iter().filter(|ours| ours.is_matched || !ours.event_types.is_empty());
        worth.any(|ours| {
            let theirs = other.sessions.iter().find(|theirs| theirs.session_id == ours.session_id);
            theirs.is_none_or(|theirs| {
                ours.updated_at_ms > theirs.updated_at_ms
                    || ours.is_matched && !theirs.is_matched
                    || ours.event_types.iter().any(|it| !theirs.event_types.contains(it))
            })
        })
    }

    pub(super) fn get(&self, session: &SessionId) -> Option<&SessionResult> {
        self.sessions.iter().find(|known| known.session_id == session.as_str())
    }

    pub fn is_matched(&self, session: &SessionId) -> bool {
        self.get(session).is_some_and(|result| result.is_matched)
    }

    /// The sessions that matched.
    pub fn matched(&self) -> impl Iterator<Item = &str> {
        self.sessions.iter().filter(|session| session.is_matched).map(|session| session.session_id.as_str())
    }

    /// A session goes on, or begins: what is known of it is as young as that.
    pub fn resume(&mut self, session: &SessionId) {
        self.entry(session).touch();
    }

    /// Forgets all but that this session matched.
    pub fn forget_all_but(&mut self, session: Option<&SessionId>) {
        let is_it = |known: &SessionResult| session.is_some_and(|it| known.session_id == it.as_str());
        self.sessions.retain(|known| known.is_matched && is_it(known));
        self.sessions.iter_mut().for_each(|known| known.event_types.clear());
    }

    /// That of this session; made where there is none.
    pub(super) fn entry(&mut self, session: &SessionId) -> &mut SessionResult {
        let at = match self.sessions.iter().position(|known| known.session_id == session.as_str()) {
            Some(at) => at,
            None => {
                self.push(SessionResult { session_id: session.as_str().to_owned(), ..Default::default() });
                self.sessions.len() - 1
            }
        };
        &mut self.sessions[at]
    }

    /// Adds what another process has found.
    pub fn merge(&mut self, other: Self) {
        for session in other.sessions {
            self.merge_session(session);
        }
        for (key, value) in other.other {
            self.other.entry(key).or_insert(value);
        }
        self.sessions.sort_by_key(|session| session.updated_at_ms);
    }

    pub(super) fn merge_session(&mut self, session: SessionResult) {
        match self.sessions.iter_mut().find(|known| known.session_id == session.session_id) {
            Some(known) => known.merge(session),
            None => self.push(session),
        }
    }

    fn push(&mut self, session: SessionResult) {
        if self.sessions.len() == MAX_SESSIONS {
            self.sessions.remove(0);
        }
        self.sessions.push(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(id: &str) -> SessionId {
        SessionId::from_text(id).unwrap()
    }

    fn results(sessions: &[(&str, bool, &[&str])]) -> TargetingResults {
        let mut results = TargetingResults::default();
        for (session, is_matched, event_types) in sessions {
            let entry = results.entry(&id(session));
            entry.is_matched = *is_matched;
            event_types.iter().for_each(|it| _ = entry.note_event_type(it));
            entry.touch();
        }
        results
    }

    #[test]
    fn what_is_written_is_read_again() {
        let written = results(&[("1", true, &["A", "B"]), ("2", false, &[])]);
        assert_eq!(TargetingResults::parse(&written.to_bytes()), written);
    }

    #[test]
    fn garbage_counts_as_none_and_takes_no_session_with_it() {
        let good = results(&[("1", true, &["A"])]);
        let mut file: Value = serde_json::from_slice(&good.to_bytes()).unwrap();
        let list = file["sessions"].as_array_mut().unwrap();
        list.extend([json!(7), json!({"sessionId": 7}), json!({"isMatched": true}), json!(null)]);
        assert_eq!(TargetingResults::parse(file.to_string().as_bytes()), good);
        for garbage in ["", "null", "[]", "{", "\u{0}\u{0}", r#"{"sessions":7}"#, r#"{"sessions":null}"#] {
            assert_eq!(TargetingResults::parse(garbage.as_bytes()).sessions, [], "{garbage}");
        }
    }

    #[test]
    fn after_two_days_a_result_counts_as_none() {
        const HOUR: u64 = 60 * 60 * 1_000;
        for (hours, is_kept) in [(0, true), (47, true), (49, false), (500, false)] {
            let mut results = results(&[("1", true, &[])]);
            let entry = results.entry(&id("1"));
            entry.updated_at_ms -= hours * HOUR;
            let read = TargetingResults::parse(&results.to_bytes());
            assert_eq!(read.get(&id("1")).is_some(), is_kept, "{hours}");
        }
    }

    #[test]
    fn two_processes_find_more_than_one() {
        let mut ours = results(&[("1", false, &["A"]), ("2", true, &["X"])]);
        ours.merge(results(&[("1", true, &["A", "B"]), ("3", true, &[])]));
        assert_eq!(ours.get(&id("1")).unwrap().event_types, ["A", "B"]);
        for session in ["1", "2", "3"] {
            assert!(ours.get(&id(session)).unwrap().is_matched, "{session}");
        }
        // A match is not taken back by a process that knows of none.
        ours.merge(results(&[("2", false, &[])]));
        assert!(ours.get(&id("2")).unwrap().is_matched);
    }

    #[test]
    fn it_is_bounded() {
        let mut results = TargetingResults::default();
        for session in 1..3 * MAX_SESSIONS {
            let entry = results.entry(&id(&session.to_string()));
            for event_type in 0..2 * MAX_EVENT_TYPES {
                let long = "x".repeat(event_type % (2 * MAX_EVENT_TYPE_BYTES));
                entry.note_event_type(&format!("{event_type}{long}"));
            }
            entry.touch();
        }
        assert_eq!(results.sessions.len(), MAX_SESSIONS);
        let bytes = results.to_bytes();
        assert!(bytes.len() <= MAX_FILE_BYTES, "{}", bytes.len());
        let newest = id(&(3 * MAX_SESSIONS - 1).to_string());
        assert!(TargetingResults::parse(&bytes).get(&newest).is_some(), "the oldest go");
    }

    #[test]
    fn what_a_later_version_says_is_carried_through() {
        let later = json!({
            "version": 2,
            "sessions": [{ "sessionId": "1", "isMatched": true, "weight": 3, "updatedAtMs": unix_millis(SystemTime::now()) }],
        });
        let mut ours = results(&[("2", true, &[])]);
        ours.merge(TargetingResults::parse(later.to_string().as_bytes()));
        let written: Value = serde_json::from_slice(&ours.to_bytes()).unwrap();
        assert_eq!(written["version"], 2);
        assert!(
            written["sessions"].as_array().unwrap().iter().any(|session| session["weight"] == 3),
            "{written}"
        );
    }
}
