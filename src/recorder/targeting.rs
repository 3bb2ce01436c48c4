//! Targeting: what a host tells for the rules of the remote configuration.

use super::SessionReplay;
use crate::error::Error;
use crate::page_line::address_in;
use crate::session::Outcome;
use crate::session::targeting::TargetingContext;

impl SessionReplay {
    /// Evaluates the rules of the remote configuration with this JSON: see `sr_evaluate_targeting`. An empty text: with what
    /// was told before.
    pub fn evaluate_targeting(&self, context: &str) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        Ok(self.tell_targeting(TargetingContext::parse(context)?))
    }

    /// Tells the address in a Meta event of a page, before it is recorded: the event that makes a session match is in its replay,
    /// with the full snapshot behind it.
    pub(super) fn note_address(&self, event: &[u8]) {
        if self.context.sessions.listens_for_targeting()
            && let page_url @ Some(_) = address_in(event)
        {
            self.tell_targeting(TargetingContext { page_url, ..TargetingContext::default() });
        }
    }

    fn tell_targeting(&self, context: TargetingContext) -> Outcome {
        let outcome = self.context.sessions.evaluate_targeting(context);
        // The scene is told where it is held, too.
        let told = self.views.begin(outcome);
        if outcome == Outcome::NotCaptured { outcome } else { told }
    }
}
