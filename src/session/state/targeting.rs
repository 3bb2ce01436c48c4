//! Targeting, as the rules about sessions need it: of which replay something is evaluated, and when.

use super::SessionState;
use crate::model::capture::TargetingVerdict;
use crate::model::envelope::Envelope;
use crate::model::ids::ReplayId;
use crate::session::analytics_event::AnalyticsEvent;
use crate::session::targeting::{TargetingContext, TargetingResults, TargetingState, TargetingTold};

impl SessionState {
    /// Takes what is told into account. Whether targeting says something else of the current session now.
    pub fn tell_targeting(&mut self, context: TargetingContext) -> bool {
        if self.is_closing {
            return false;
        }
        let before = self.targeting_verdict();
        let replay = self.evaluated_replay();
        self.targeting.tell(context, replay.as_ref());
        self.targeting_verdict() != before
    }

    /// The same, for what an event of the analytics tells: only of the session and the device that it names, if it names any.
    pub fn follow_targeting(&mut self, event: &AnalyticsEvent, context: TargetingContext) -> bool {
        let is_session = event.session.is_none() || event.session == self.session;
        let named = event.usable_device().filter(|_| !self.is_device_given);
        let is_device = named.is_none() || named == self.device.as_ref();
        is_session && is_device && self.tell_targeting(context)
    }

    /// Evaluates the current session where that was not done by these rules. Called after each change.
    pub fn begin_targeting(&mut self) {
        if !self.targeting.listens() {
            return;
        }
        match self.evaluated_replay() {
            Some(replay) if !self.is_closing => self.targeting.begin(&replay),
            _ => self.targeting.interrupt(),
        }
    }

    /// Adds what other processes have found. Whether targeting says something else of the current session now.
    pub fn merge_targeting(&mut self, results: TargetingResults) -> bool {
        let before = self.targeting_verdict();
        self.targeting.merge(results);
        self.targeting_verdict() != before
    }

    /// Forgets what targeting came to, but not that the current session matched. What the file is to hold then.
    pub fn forget_targeting(&mut self) -> TargetingResults {
        self.targeting.forget(self.session.as_ref());
        self.targeting.results().clone()
    }

    /// The replay of which something is evaluated. Of who opted out nothing is.
    pub(super) fn evaluated_replay(&self) -> Option<ReplayId> {
        self.replay_id().filter(|_| !self.opted_out)
    }

    /// What it says of the current session, where rules decide.
    fn targeting_verdict(&self) -> Option<TargetingVerdict> {
        let session = self.session.as_ref().filter(|_| self.targeting.has_rules())?;
        Some(self.targeting.verdict(session))
    }

    /// What targeting said of a session by the time that the remote configuration came.
    pub fn early_targeting(&self, envelope: &Envelope) -> TargetingVerdict {
        self.targeting.early_verdict(&envelope.session_id)
    }

    /// What targeting says of the current session; `None` where it does not decide.
    pub fn told_targeting(&self) -> Option<TargetingTold> {
        self.targeting.told(self.session.as_ref()?)
    }

    pub fn targeting(&self) -> &TargetingState {
        &self.targeting
    }

    pub fn targeting_mut(&mut self) -> &mut TargetingState {
        &mut self.targeting
    }
}
