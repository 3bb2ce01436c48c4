//! Clicks and scroll depth, for heatmaps: those that a host tells, and those that pages tell among their events.

use std::time::SystemTime;

use super::SessionReplay;
use crate::error::Error;
use crate::filter::Filtered;
use crate::model::event::INTERACTION_TAG;
use crate::model::interaction::{Interaction, MAX_INTERACTION_BYTES};
use crate::page_line::interaction_in;
use crate::session::Outcome;
use crate::views::Beside;

/// What to do about one that is refused.
const ADVICE: &str = "docs/guide/heatmaps.md has what a click and a scroll have in them";

impl SessionReplay {
    /// Records a click or a scroll depth, given as JSON. `NotCaptured` also where the configuration takes none.
    pub fn record_interaction(&self, interaction: &str) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        let interaction = self.check_interaction(interaction)?;
        if !self.takes_interactions() {
            self.context.stats.interactions_off.add(1);
            self.context.stats.not_captured.add(1);
            return Ok(Outcome::NotCaptured);
        }
        if !self.filter.is_set() {
            return self.context.sessions.record_interaction(interaction.json.as_bytes());
        }
        let line = Beside::custom(INTERACTION_TAG, &interaction.json).to_event(SystemTime::now());
        self.record_interaction_line(line.as_bytes())
    }

    /// Records the interaction in a line of a page. Where the configuration takes none, that is nothing for the page to hear of.
    pub(super) fn record_page_interaction(&self, line: &[u8]) -> Result<Outcome, Error> {
        let interaction = self.check_interaction(interaction_in(line).unwrap_or_default())?;
        if !self.takes_interactions() {
            self.context.stats.interactions_off.add(1);
            return Ok(Outcome::Done);
        }
        if !self.filter.is_set() {
            return self.context.sessions.record_interaction(interaction.json.as_bytes());
        }
        self.record_interaction_line(line)
    }

    /// What the host's filter leaves of an interaction, in the form in which pages tell one.
    fn record_interaction_line(&self, line: &[u8]) -> Result<Outcome, Error> {
        self.record_filtered(Filtered::Interaction, line, None, |line| {
            let interaction = self.check_interaction(interaction_in(line).unwrap_or_default())?;
            self.context.sessions.record_interaction(interaction.json.as_bytes())
        })
    }

    fn takes_interactions(&self) -> bool {
        self.context.page_config.lock().interaction.enabled
    }

    fn check_interaction<'a>(&self, json: &'a str) -> Result<Interaction<'a>, Error> {
        let json = json.trim_ascii();
        let stats = &self.context.stats;
        if json.len() > MAX_INTERACTION_BYTES {
            stats.refused_too_large.add(1);
            return Err(Error::InteractionTooLarge { bytes: json.len(), limit: MAX_INTERACTION_BYTES });
        }
        Interaction::parse(json).map_err(|error| {
            stats.refused_invalid.add(1);
            Error::InvalidJson(format!("the interaction is {error}: {ADVICE}"))
        })
    }
}
