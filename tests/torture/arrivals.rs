//! What the server has, and how it compares with what was accepted.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::account::{Entry, Event, Told, text_of};
use super::common::Server;

/// Every request that arrived, in the order of arrival: its session and its events.
pub type Arrivals = BTreeMap<String, (u64, Vec<Event>)>;

#[derive(Deserialize)]
struct Wire {
    r#type: u32,
    data: serde_json::Value,
}

#[derive(Deserialize)]
struct Data {
    run: u32,
    thread: u32,
    number: u32,
    padding: String,
}

/// The event of this text, which nothing has altered; none for a full snapshot.
pub fn event_of(text: &str) -> Option<Event> {
    let wire: Wire = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    if wire.r#type != 5 {
        return None;
    }
    let data: Data = serde_json::from_value(wire.data)
        .unwrap_or_else(|error| panic!("not an event that was recorded: {error}: {text}"));
    let event = (data.run, data.thread, data.number);
    assert_eq!(text, text_of(event, data.padding.len()), "an event was altered");
    Some(event)
}

/// What the server has by now.
pub fn arrivals(server: &Server) -> Arrivals {
    #[derive(Deserialize)]
    struct Session {
        session_id: String,
    }
    #[derive(Deserialize)]
    struct Sequence {
        sequence: String,
        events: Vec<String>,
    }
    let sessions: Vec<Session> = serde_json::from_str(&server.get("/api/sessions")).unwrap();
    let mut arrived = Arrivals::new();
    for Session { session_id } in sessions {
        let text = server.get(&format!("/api/sessions/device/{session_id}/sequences"));
        for Sequence { sequence, events } in serde_json::from_str::<Vec<Sequence>>(&text).unwrap() {
            let events = events.iter().filter_map(|event| event_of(event)).collect();
            let before = arrived.insert(sequence, (session_id.parse().unwrap(), events));
            assert!(before.is_none(), "the names of requests tell them apart");
        }
    }
    arrived
}

/// What was found.
#[derive(Debug, Default, Clone, Copy)]
pub struct Findings {
    pub kills: u64,
    /// Copies of a directory that were started on their own.
    pub copies: u64,
    /// Storage calls that failed.
    pub faults: u64,
    /// Events that were accepted.
    pub accepted: u64,
    /// Those that arrived.
    pub delivered: u64,
    /// Events that arrived once more than once.
    pub twice: u64,
    /// Events that gave way to the storage limit, as the hosts' `sr_stats` count them.
    pub evicted: u64,
    /// Events that no storage took, as the host was told, and that ended with its memory; and calls that were refused.
    pub refused: u64,
}

impl std::ops::AddAssign for Findings {
    fn add_assign(&mut self, other: Self) {
        self.kills += other.kills;
        self.copies += other.copies;
        self.faults += other.faults;
        self.accepted += other.accepted;
        self.delivered += other.delivered;
        self.twice += other.twice;
        self.evicted += other.evicted;
        self.refused += other.refused;
    }
}

/// What may be missing or otherwise than it was recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Storage calls failed: what was in memory may be gone, and a file that could not be read then comes after others.
    pub storage_fails: bool,
    /// The storage limit was low: what is missing is counted.
    pub is_limited: bool,
}

pub const STRICT: Rules = Rules { storage_fails: false, is_limited: false };

/// Nothing is invented, altered, or in another session; and all that was accepted is there.
pub fn compare(entries: &[Entry], arrivals: &Arrivals, rules: Rules) -> Findings {
    let mut found = Findings::default();
    let offered: HashMap<Event, &Entry> = entries.iter().map(|entry| (entry.event, entry)).collect();
    let mut sessions: HashMap<Event, u64> = HashMap::new();
    let mut last_of_thread: HashMap<(u32, u32, u64), u32> = HashMap::new();
    for &(session, ref events) in arrivals.values() {
        for event in events {
            let entry = offered.get(event).unwrap_or_else(|| panic!("{event:?} was never recorded"));
            if let Some(before) = sessions.insert(*event, session) {
                assert_eq!(before, session, "{event:?} is in two sessions");
                found.twice += 1;
                continue;
            }
            let (run, thread, number) = *event;
            let begun = (session - 1) as u32 - run * 1_000_000;
            let (from, to) = entry.sessions;
            // Of one that was being recorded when the host died nobody noted the end.
            let to = if entry.told == Told::Nothing { u32::MAX } else { to };
            assert!((from..=to).contains(&begun), "{event:?} of session {from} to {to} is in {begun}");
            let before = last_of_thread.insert((run, thread, session), number);
            assert!(
                rules.storage_fails || before.is_none_or(|before| before < number),
                "{event:?} came after {before:?}"
            );
        }
    }
    let mut lost = Vec::new();
    for entry in entries {
        let has_arrived = sessions.contains_key(&entry.event);
        match entry.told {
            Told::Nothing => continue,
            Told::Refused => {
                assert!(!has_arrived, "{:?} was refused and delivered", entry.event);
                found.refused += 1;
                continue;
            }
            Told::Stored | Told::NeedsSnapshot | Told::NotStored => found.accepted += 1,
        }
        let may_be_gone = rules.storage_fails && entry.told != Told::Stored;
        match has_arrived {
            true => found.delivered += 1,
            false if rules.is_limited => found.evicted += 1,
            false if may_be_gone => found.refused += 1,
            false => lost.push(entry),
        }
    }
    assert!(
        lost.is_empty(),
        "{} of {} events were accepted and never delivered: {:?}",
        lost.len(),
        found.accepted,
        &lost[..lost.len().min(10)]
    );
    found
}
