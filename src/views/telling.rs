//! Where the scene meets the session: its changes are recorded, and all of it where the recording that they build on is not
//! the one of now.

use std::time::SystemTime;

use super::beside::event;
use super::changes::{Act, Changes};
use super::{State, Views};
use crate::error::Error;
use crate::model::event::ViewMark;
use crate::model::page_config::PageConfig;
use crate::model::privacy::MaskLevel;
use crate::session::{Outcome, Stretch};
use crate::sync::MutexGuard;
use crate::sync::atomic::Ordering;

impl Views {
    /// Another session may have begun: tells it all of the scene at once, where there is one. What the host has to be told then
    /// in place of `outcome`.
    pub fn begin(&self, outcome: Outcome) -> Outcome {
        let (mut state, _) = self.lock_masked();
        let told = match self.is_told(&state) {
            Some(false) => self.record(&mut state, Changes::default(), None),
            // Another thread told it since the session began.
            Some(true) if outcome == Outcome::NeedsFullSnapshot => Ok(Outcome::Done),
            _ => return outcome,
        };
        match told {
            Ok(told) => self.or_lacks_snapshot(&state, told),
            // The next change of the scene tries again, and tells its caller.
            Err(_) => outcome,
        }
    }

    /// Something was lost: tells all of the scene again at once. Not where pages are there: a player would show none of them
    /// until they have told their documents, and what is lost may not be of theirs. Their next event tells the scene, and asks
    /// for them.
    pub fn tell_after_loss(&self) {
        let (mut state, _) = self.lock_masked();
        if state.scene.pages().is_empty() && self.is_told(&state) == Some(false) {
            // As above.
            let _ = self.record(&mut state, Changes::default(), None);
        }
    }

    /// Locks the scene, in which nothing is masked by less than the level in force, which is told. Whoever tells or changes the
    /// scene takes it here: what a looser level let through is masked, and told so, before anything else is.
    pub(super) fn lock_masked(&self) -> (MutexGuard<'_, State>, MaskLevel) {
        let mut state = self.state.lock();
        // Read under the lock: no other thread has masked the scene by a stricter one since.
        let level = self.level();
        self.mask(&mut state, level);
        (state, level)
    }

    /// Applies what pages record and what is masked. What a looser level let through is masked before anybody can read the new one,
    /// so in the session that holds it: a host that reads it may begin another.
    pub fn apply_page_config(&self, config: PageConfig) {
        let mut state = self.state.lock();
        self.mask(&mut state, self.level_of(config.privacy.default_mask_level));
        *self.page_config.lock() = config;
    }

    /// Masks the scene by no less than `level`, and tells so.
    fn mask(&self, state: &mut State, level: MaskLevel) {
        let before = std::mem::replace(&mut state.level, level);
        if level > before {
            state.masking += 1;
            if state.scene.is_empty() {
                return;
            }
            let mut changes = Changes::default();
            state.scene.tighten(level, &mut changes);
            if !changes.is_empty() && self.record(state, changes, None).is_err() {
                // Whoever tells something next tells all.
                state.timeline.interrupt();
            }
        }
    }

    /// Whether what is recorded now has all of the scene; `None` where there is nothing to have, or nothing is recorded.
    fn is_told(&self, state: &State) -> Option<bool> {
        let stretch = self.sessions.current_stretch().filter(|_| !state.scene.is_empty())?;
        Some(state.timeline.is_told_in(stretch.number()))
    }

    /// Tells all of the scene, if it is not told where events are recorded now.
    pub(super) fn tell(&self) -> Result<Outcome, Error> {
        self.record(&mut self.lock_masked().0, Changes::default(), None)
    }

    /// Records these changes, at this time if one is told; all of the scene, where the recording that they build on is not the
    /// one of now.
    pub(super) fn record(
        &self,
        state: &mut State,
        mut changes: Changes,
        told: Option<i64>,
    ) -> Result<Outcome, Error> {
        self.publish_pages(state);
        let acts = changes.take_acts();
        let (mut acts, mut changes) = (&acts[..], Some(changes));
        loop {
            let Some(stretch) = self.sessions.stretch()? else {
                return Ok(self.not_captured(state));
            };
            let State { scene, timeline, .. } = &mut *state;
            let number = stretch.number();
            if timeline.needs_another_stretch(scene, number) {
                self.sessions.end_stretch(stretch);
                timeline.interrupt();
                continue;
            }
            let time = timeline.time(told, SystemTime::now());
            let (mark, events) = timeline.document_events(scene, number, changes.take(), time);
            let recorded = self.record_all(stretch, mark, &events).inspect_err(|_| timeline.interrupt())?;
            let Some(outcome) = recorded else { continue };
            timeline.reached(number, &events);
            scene.pages().values().for_each(|page| page.note_frame_in(number, timeline.last_time()));
            // One that is refused changes nothing of what was told.
            if let Some(of_acts) = self.record_acts(stretch, time, &mut acts)? {
                return Ok(outcome.then(of_acts));
            }
        }
    }

    /// Nothing is captured. While the user is idle what is seen is kept up to date: with the next action all of it is told.
    pub(super) fn not_captured(&self, state: &mut State) -> Outcome {
        if !self.sessions.is_idle() {
            return interrupt(state);
        }
        state.timeline.interrupt();
        Outcome::NotCaptured
    }

    /// What is to be told of a scene that was told anew, in place of `outcome`: a page in it has to tell its document.
    pub(super) fn or_lacks_snapshot(&self, state: &State, outcome: Outcome) -> Outcome {
        match state.scene.pages().values().any(|page| page.lacks_snapshot()) {
            true => Outcome::NeedsFullSnapshot,
            false => outcome,
        }
    }

    /// Records what belongs to no scene, since there is none.
    pub(super) fn record_alone(&self, state: &mut State, mut changes: Changes) -> Result<Outcome, Error> {
        let time = state.timeline.time(None, SystemTime::now());
        let mut outcome = Outcome::Done;
        for (kind, data) in changes.take_acts() {
            outcome = outcome.then(self.sessions.record(event(kind, time, &data).as_bytes())?);
        }
        Ok(outcome)
    }

    /// `None`: another stretch of the recording has begun meanwhile.
    fn record_all(
        &self,
        stretch: Stretch,
        mark: Option<ViewMark>,
        events: &[String],
    ) -> Result<Option<Outcome>, Error> {
        let mut outcome = Outcome::Done;
        for event in events {
            match self.sessions.record_in(stretch, mark, event.as_bytes())? {
                // That of the scene is the library's own to take.
                Some(Outcome::NeedsFullSnapshot) => {}
                Some(Outcome::NotCaptured) | None => return Ok(None),
                Some(told) => outcome = outcome.then(told),
            }
        }
        Ok(Some(outcome))
    }

    /// The same with what happened; `acts` are then those that are not recorded yet.
    fn record_acts(&self, stretch: Stretch, time: i64, acts: &mut &[Act]) -> Result<Option<Outcome>, Error> {
        let mut outcome = Outcome::Done;
        while let [(kind, data), rest @ ..] = acts {
            let event = event(*kind, time, data);
            match self.record_all(stretch, None, &[event])? {
                Some(told) => outcome = outcome.then(told),
                None => return Ok(None),
            }
            *acts = rest;
        }
        Ok(Some(outcome))
    }

    /// Those who record events of pages see the scene's pages of now.
    fn publish_pages(&self, state: &State) {
        self.has_scene.store(!state.scene.is_empty(), Ordering::Relaxed);
        let pages = state.scene.pages();
        if !std::sync::Arc::ptr_eq(&*self.pages.load(), pages) {
            self.pages.store(pages.clone());
        }
    }
}

/// Nothing is captured: nothing is kept of what is seen meanwhile.
pub(super) fn interrupt(state: &mut State) -> Outcome {
    state.timeline.interrupt();
    state.scene.forget_content();
    Outcome::NotCaptured
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
