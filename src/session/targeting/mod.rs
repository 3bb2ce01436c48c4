//! Targeting: rules of the remote configuration choose sessions by what is told of their user and of what happens in them.
//!
//! - this file: what was told, and what the rules say of the sessions of late
//! - [`context`]: what a host or an event of the analytics tells at once
//! - [`moment`]: what is evaluated
//! - [`results`]: what it came to, persisted
//!
//! The rules themselves are [`crate::model::targeting`].
//!
//! No lock, no clock but for the age of a result, and no file: [`super::Sessions`] has these.

mod context;
mod moment;
mod results;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::capture::TargetingVerdict;
use crate::model::ids::{ReplayId, SessionId};
use crate::model::targeting::{Budget, Targeting};
use crate::options::MAX_PROPERTIES;
use context::MAX_CONTEXT_BYTES;
pub(crate) use context::{TargetingContext, Unset};
use moment::Moment;
pub(super) use results::TargetingResults;

/// Evaluations that wait for the remote configuration; then the oldest go.
const MAX_WAITING: usize = 64;

/// What targeting knows.
pub(in crate::session) struct TargetingState {
    /// `None` while they are awaited, and where there are none.
    rules: Option<Targeting>,
    is_awaited: bool,
    user_properties: Arc<Map<String, Value>>,
    page_url: Option<Arc<str>>,
    results: TargetingResults,
    /// What is to be evaluated once the rules are known.
    waiting: VecDeque<Moment>,
    /// The replay that was evaluated, since the rules are what they are.
    evaluated: Option<ReplayId>,
    /// The session in which an event was evaluated last.
    has_events: Option<SessionId>,
    /// Sessions that had matched by the time the rules came: what was recorded until then counts.
    early: Vec<SessionId>,
    unpersisted: Unpersisted,
    /// What is to be logged.
    said: Vec<String>,
}

/// What is not in the file yet.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unpersisted {
    #[default]
    Nothing,
    /// Types of events.
    EventTypes,
    /// A match; or another session began, of which another process may know something.
    Result,
}

/// What `sr_stats` tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TargetingTold {
    pub is_matched: bool,
    pub rule: Option<String>,
}

impl TargetingState {
    /// With what earlier runs came to, and the user properties of the options. `is_awaited`: the rules are not known yet.
    pub fn new(results: TargetingResults, user_properties: Map<String, Value>, is_awaited: bool) -> Self {
        Self {
            rules: None,
            is_awaited,
            user_properties: Arc::new(user_properties),
            page_url: None,
            results,
            waiting: VecDeque::new(),
            evaluated: None,
            has_events: None,
            early: Vec::new(),
            unpersisted: Unpersisted::Nothing,
            said: Vec::new(),
        }
    }

    /// Whether it is of use to be told something.
    pub fn listens(&self) -> bool {
        self.is_awaited || self.rules.is_some()
    }

    /// Whether there are rules.
    pub fn has_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// These are the rules from now on, evaluated for this replay too, if there is one. Whether they are others.
    pub fn set_rules(&mut self, rules: Option<Targeting>, replay: Option<&ReplayId>) -> bool {
        let was_awaited = std::mem::replace(&mut self.is_awaited, false);
        let is_other = self.rules != rules;
        if is_other {
            self.rules = rules;
            self.evaluated = None;
        }
        let waiting = std::mem::take(&mut self.waiting);
        if self.rules.is_some() {
            // Together no more work than one evaluation, since all of them are under one lock.
            for (moment, mut share) in waiting.iter().zip(Budget::new().shared_by(waiting.len())) {
                self.evaluate_within(moment, &mut share);
            }
        }
        if let Some(replay) = replay {
            self.begin(replay);
        }
        if was_awaited {
            let matched = self.results.matched();
            self.early = matched.filter_map(|session| SessionId::from_text(session).ok()).collect();
        }
        is_other
    }

    /// Evaluates a replay that was not evaluated by these rules: its session began, the device is another, or the rules are.
    pub fn begin(&mut self, replay: &ReplayId) {
        if self.listens() && self.evaluated.as_ref() != Some(replay) {
            self.evaluated = Some(replay.clone());
            if self.rules.is_some() {
                self.unpersisted = Unpersisted::Result;
                self.results.resume(&replay.session);
            }
            self.evaluate_or_wait(self.moment(replay, None));
        }
    }

    /// Nothing is evaluated for a while: whatever is evaluated next is so as if it began.
    pub fn interrupt(&mut self) {
        self.evaluated = None;
    }

    /// Remembers what is told; and evaluates it for this replay, if there is one.
    pub fn tell(&mut self, context: TargetingContext, replay: Option<&ReplayId>) {
        let is_new = self.remember(&context) || context.is_empty();
        let Some(replay) = replay.filter(|_| self.listens()) else { return };
        self.begin(replay);
        if context.event.is_none() && !is_new || self.results.is_matched(&replay.session) {
            return;
        }
        if let Some(event) = &context.event {
            self.has_events = Some(replay.session.clone());
            self.note_event_type(&replay.session, event);
        }
        self.evaluate_or_wait(self.moment(replay, context.event));
    }

    /// Whether something is new of what holds on.
    fn remember(&mut self, context: &TargetingContext) -> bool {
        let mut is_new = false;
        if let Some(url) = &context.page_url
            && self.page_url.as_deref() != Some(url)
        {
            self.page_url = Some(url.as_str().into());
            is_new = true;
        }
        let is_other = |(name, value): (&String, &Value)| self.user_properties.get(name) != Some(value);
        if context.unset != Unset::None || context.user_properties.iter().any(is_other) {
            let properties = Arc::make_mut(&mut self.user_properties);
            match &context.unset {
                Unset::None => {}
                Unset::These(names) => names.iter().for_each(|name| _ = properties.remove(name)),
                Unset::All => properties.clear(),
            }
            properties.extend(context.user_properties.clone());
            let bytes = serde_json::to_string(properties).map_or(0, |json| json.len());
            // With more, those that were told last.
            if properties.len() > MAX_PROPERTIES || bytes > MAX_CONTEXT_BYTES {
                properties.clone_from(&context.user_properties);
            }
            is_new = true;
        }
        is_new
    }

    /// As in the browser SDK, an event without a time is none of those that have happened in the session.
    fn note_event_type(&mut self, session: &SessionId, event: &Map<String, Value>) {
        let has_time = event.get("time").is_some_and(is_truthy);
        if let Some(event_type) = event.get("event_type").and_then(Value::as_str).filter(|_| has_time)
            && self.results.entry(session).note_event_type(event_type)
        {
            self.results.entry(session).touch();
            self.unpersisted = self.unpersisted.max(Unpersisted::EventTypes);
        }
    }

    fn moment(&self, replay: &ReplayId, event: Option<Map<String, Value>>) -> Moment {
        Moment {
            replay: replay.clone(),
            event,
            user_properties: self.user_properties.clone(),
            page_url: self.page_url.clone(),
        }
    }

    fn evaluate_or_wait(&mut self, moment: Moment) {
        if self.is_awaited {
            if self.waiting.len() == MAX_WAITING {
                self.waiting.pop_front();
            }
            self.waiting.push_back(moment);
        } else {
            self.evaluate(&moment);
        }
    }

    fn evaluate(&mut self, moment: &Moment) {
        self.evaluate_within(moment, &mut Budget::new());
    }

    /// Once a session has matched, nothing takes that back.
    fn evaluate_within(&mut self, moment: &Moment, budget: &mut Budget) {
        let session = &moment.replay.session;
        let Some(rules) = self.rules.as_ref().filter(|_| !self.results.is_matched(session)) else { return };
        let entry = self.results.entry(session);
        let decision = rules.evaluate_within(&moment.context(&entry.event_types), budget);
        if decision.is_match || entry.rule != decision.segment {
            let rule =
                decision.segment.as_ref().map_or("no rule".to_owned(), |rule| format!("the rule {rule:?}"));
            let captured = if decision.is_match { "captured" } else { "not captured" };
            self.said.push(format!("session {session} is {captured} by targeting: {rule} decided"));
        }
        entry.rule = decision.segment;
        if decision.is_match {
            entry.is_matched = true;
            entry.touch();
            self.unpersisted = Unpersisted::Result;
        }
    }

    /// What targeting says of a session.
    pub fn verdict(&self, session: &SessionId) -> TargetingVerdict {
        let was_told = self.has_events.as_ref() == Some(session)
            || self.page_url.is_some()
            || !self.user_properties.is_empty()
            || self.results.get(session).is_some_and(|result| !result.event_types.is_empty());
        match self.results.is_matched(session) {
            true => TargetingVerdict::Matched,
            false if was_told => TargetingVerdict::NotMatched,
            false => TargetingVerdict::NotEvaluated,
        }
    }

    /// What targeting said of a session by the time that the rules came: for what was recorded until then.
    pub fn early_verdict(&self, session: &SessionId) -> TargetingVerdict {
        match self.early.contains(session) {
            true => TargetingVerdict::Matched,
            false => TargetingVerdict::NotMatched,
        }
    }

    /// What decided about a session; `None` where targeting does not.
    pub fn told(&self, session: &SessionId) -> Option<TargetingTold> {
        let result = self.results.get(session);
        let is_matched = result.is_some_and(|result| result.is_matched);
        let rule = result.and_then(|result| result.rule.clone());
        (is_matched || self.rules.is_some()).then_some(TargetingTold { is_matched, rule })
    }

    /// Adds what other processes have found.
    pub fn merge(&mut self, results: TargetingResults) {
        let current = self.evaluated.as_ref().and_then(|replay| self.results.get(&replay.session)).cloned();
        self.results.merge(results);
        // Sessions of others, however many, don't push out the one of now.
        current.into_iter().for_each(|current| self.results.merge_session(current));
    }

    /// Forgets what it came to, but not that this session matched.
    pub fn forget(&mut self, current: Option<&SessionId>) {
        self.results.forget_all_but(current);
        self.unpersisted = Unpersisted::Nothing;
    }

    pub fn results(&self) -> &TargetingResults {
        &self.results
    }

    pub fn unpersisted(&self) -> Unpersisted {
        self.unpersisted
    }

    pub fn take_unpersisted(&mut self) -> Unpersisted {
        std::mem::take(&mut self.unpersisted)
    }

    /// This could not be persisted.
    pub fn unpersist(&mut self, unpersisted: Unpersisted) {
        self.unpersisted = self.unpersisted.max(unpersisted);
    }

    /// What is to be logged since the last call.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }
}

/// What JavaScript takes for true.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(it) => *it,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
