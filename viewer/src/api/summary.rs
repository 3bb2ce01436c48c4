//! A session in a list: sums over the names of its sequences, and what its first batch said.

use serde::Serialize;

use crate::identity::Identity;
use crate::ingest::Unplayable;
use crate::store::{FULL_SNAPSHOT, FirstBatch, META, SequenceFacts, SequenceName};

/// One session, as `GET /api/sessions` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    pub(crate) device_id: String,
    pub(crate) session_id: String,
    /// `<device>/<session>`.
    pub(crate) replay_id: String,
    pub(crate) sequences: u64,
    pub(crate) events: u64,
    pub(crate) wire_bytes: u64,
    pub(crate) decoded_bytes: u64,
    /// Milliseconds since the epoch, by the events' own clock.
    pub(crate) first_timestamp: f64,
    pub(crate) last_timestamp: f64,
    pub(crate) duration_ms: f64,
    /// Milliseconds since the epoch, by the viewer's clock.
    pub(crate) first_arrival: u64,
    pub(crate) last_arrival: u64,
    pub(crate) has_full_snapshot: bool,
    pub(crate) has_meta: bool,
    /// Requests of this session that were refused.
    pub(crate) refused: u64,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) library: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) client_url: Option<String>,
    pub(crate) problems: Vec<Problem>,
    #[serde(skip)]
    kinds: u32,
    #[serde(skip)]
    unplayable: u64,
    #[serde(skip)]
    unplayable_kinds: u32,
}

/// A reason why there may be no replay.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    /// A name for programs.
    pub(crate) code: &'static str,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl Summary {
    pub(crate) fn new(identity: &Identity) -> Self {
        Self {
            device_id: identity.device_id().to_owned(),
            session_id: identity.session_id().to_owned(),
            replay_id: identity.replay_id(),
            sequences: 0,
            events: 0,
            wire_bytes: 0,
            decoded_bytes: 0,
            first_timestamp: 0.0,
            last_timestamp: 0.0,
            duration_ms: 0.0,
            first_arrival: 0,
            last_arrival: 0,
            has_full_snapshot: false,
            has_meta: false,
            refused: 0,
            sample_rate: None,
            library: None,
            client_version: None,
            client_url: None,
            problems: Vec::new(),
            kinds: 0,
            unplayable: 0,
            unplayable_kinds: 0,
        }
    }

    pub(crate) fn add(&mut self, sequence: &SequenceName) {
        let SequenceFacts { events, first_timestamp, last_timestamp, kinds, unplayable, unplayable_kinds } =
            sequence.facts;
        let arrival = sequence.arrived_us / 1_000;
        if self.sequences == 0 {
            self.first_timestamp = first_timestamp;
            self.last_timestamp = last_timestamp;
            self.first_arrival = arrival;
        }
        self.sequences += 1;
        // Names come from a store that others may write to; whatever they claim, it adds up without a panic.
        self.events = self.events.saturating_add(events);
        self.wire_bytes = self.wire_bytes.saturating_add(sequence.wire_bytes);
        self.decoded_bytes = self.decoded_bytes.saturating_add(sequence.decoded_bytes);
        self.first_timestamp = self.first_timestamp.min(first_timestamp);
        self.last_timestamp = self.last_timestamp.max(last_timestamp);
        self.duration_ms = self.last_timestamp - self.first_timestamp;
        self.first_arrival = self.first_arrival.min(arrival);
        self.last_arrival = self.last_arrival.max(arrival);
        self.kinds |= kinds;
        self.unplayable = self.unplayable.saturating_add(unplayable);
        self.unplayable_kinds |= unplayable_kinds;
        self.has_full_snapshot = self.kinds & (1 << FULL_SNAPSHOT) != 0;
        self.has_meta = self.kinds & (1 << META) != 0;
    }

    /// Adds what the first batch said, and says what is wrong with the session as it is now.
    pub(crate) fn finish(mut self, first: Option<&FirstBatch>) -> Self {
        if let Some(first) = first {
            self.sample_rate = first.sample_rate;
            self.library.clone_from(&first.library);
            self.client_version.clone_from(&first.client_version);
            self.client_url.clone_from(&first.client_url);
        }
        self.problems = self.find_problems();
        self
    }

    fn find_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |code, message: String| problems.push(Problem { code, message });
        if self.events == 0 {
            add("nothing_accepted", "No batch of this session was accepted.".to_owned());
        } else if !self.has_full_snapshot {
            add(
                "no_full_snapshot",
                "This session has no full snapshot (rrweb event type 2), so nothing can be drawn. Take a full snapshot \
                 when the recorder starts, and whenever sr_set_session_id or sr_record returns SR_NEEDS_FULL_SNAPSHOT."
                    .to_owned(),
            );
        }
        if self.events == 1 {
            add("single_event", "There is only one event; the player needs two.".to_owned());
        }
        if self.events > 0 && !self.has_meta {
            add(
                "no_meta",
                "There is no meta event (rrweb event type 4), so the size of the page is not known. The recorder makes \
                 one before each full snapshot."
                    .to_owned(),
            );
        }
        if self.unplayable > 0 {
            let (events, them) = match self.unplayable {
                1 => ("event is", "it"),
                _ => ("events are", "them"),
            };
            let why: Vec<_> = Unplayable::in_bits(self.unplayable_kinds).map(|why| why.to_string()).collect();
            add(
                "unplayable_events",
                format!(
                    "{} {events} not as rrweb's player needs {them}; it throws on such, and the replay stops or does not \
                     open at all: {}. This page leaves {them} out. The requests that brought {them} say where (`problems` \
                     in their `meta`).",
                    self.unplayable,
                    why.join("; "),
                ),
            );
        }
        if self.refused > 0 {
            let (what, were) = match self.refused {
                1 => ("request", "was"),
                _ => ("requests", "were"),
            };
            add("refused_requests", format!("{} {what} of this session {were} refused.", self.refused));
        }
        problems
    }
}
