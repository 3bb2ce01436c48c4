//! The whole app in one replay: views in a scene, whose document and full snapshots the library makes.
//!
//! - [`scene`]: all views, as a value; [`view`]: one of them; [`nodes`]: the content that a host lists; [`page`]: that which is a
//!   page, made part of the document when it is sent; [`pointer`]: pointer and keys
//! - [`frames`]: pixels on their way to the encoder and back, whose images are a view's [`layers`]
//! - [`element`]: a part of the document; [`changes`]: what changes in it, as events; [`ids`]: whose node ids are whose
//! - [`timeline`]: the events of a scene in their order: what is told whole, and when
//!
//! Here is where the scene meets the session. It lives as long as the recorder, over all sessions: a session that begins, or
//! that lost something, is told all of it.

mod changes;
mod element;
mod frames;
mod ids;
mod layers;
mod nodes;
pub(crate) mod page;
#[cfg(test)]
mod played;
mod pointer;
mod scene;
mod timeline;
mod view;

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::model::event::{FULL_SNAPSHOT, META, ViewMark, kind_of};
use crate::model::privacy::{MaskLevel, PrivacyConfig};
use crate::session::{Outcome, Sessions, Stretch};
use crate::sync::Mutex;
use changes::Changes;
pub(crate) use frames::{Frames, NOT_NOW_MS};
use layers::Drawn;
pub use nodes::{NodeFlag, NodeInfo, NodeKind};
pub use pointer::PointerKind;
use scene::Scene;
use timeline::Timeline;
use view::Page;
pub use view::{ViewFlag, ViewInfo};

/// The views of one recorder. All methods may be called from any thread at any time.
pub(crate) struct Views {
    sessions: Arc<Sessions>,
    privacy: Arc<Mutex<PrivacyConfig>>,
    /// Held while events are recorded, so that they are recorded in the order in which the scene changed.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    scene: Scene,
    timeline: Timeline,
}

impl Views {
    pub fn new(sessions: Arc<Sessions>, privacy: Arc<Mutex<PrivacyConfig>>) -> Self {
        Self { sessions, privacy, state: Mutex::default() }
    }

    /// Shows, moves, resizes, raises or hides a view.
    pub fn place(&self, info: &ViewInfo) -> Result<Outcome, Error> {
        let level = self.level();
        let mut state = self.state.lock();
        let mut changes = Changes::default();
        state.scene.place(info, level, &mut changes)?;
        let outcome = self.record(&mut state, changes, None)?;
        let page = state.scene.view(info.view).ok().and_then(|view| view.page().cloned());
        Ok(match page {
            Some(page) if outcome != Outcome::NotCaptured && page.lacks_snapshot() => {
                Outcome::NeedsFullSnapshot
            }
            _ => outcome,
        })
    }

    /// Takes a view away, with those that lie in it: these are put into `closed`.
    pub fn close(&self, view: u64, closed: &mut Vec<u64>) -> Result<Outcome, Error> {
        self.change(None, |scene, changes| {
            *closed = scene.close(view, changes)?;
            Ok(())
        })
    }

    /// Whether the view is there.
    fn has(&self, view: u64) -> bool {
        self.state.lock().scene.view(view).is_ok()
    }

    fn is_capturing(&self) -> bool {
        self.sessions.is_capturing()
    }

    /// Pixels become the content of a view, of this size where nobody placed it. `None`: nothing is captured. Otherwise whether
    /// the next frame has to be a full picture.
    fn open_pixels(&self, view: u64, size: [f64; 2]) -> Result<Option<bool>, Error> {
        if self.sessions.stretch()?.is_none() {
            interrupt(&mut self.state.lock());
            return Ok(None);
        }
        let mut state = self.state.lock();
        let mut changes = Changes::default();
        let asks = state.scene.open_pixels(view, size, &mut changes)?;
        // What a rollover has to tell is the encoder's to tell, where nothing else is.
        if changes.is_empty() {
            return Ok(Some(asks));
        }
        let outcome = self.record(&mut state, changes, None)?;
        Ok((outcome != Outcome::NotCaptured).then_some(asks))
    }

    /// Shows what was drawn at this time in its view. One that is not there any more, or shows something else, is passed over.
    fn show_pixels(&self, drawn: Drawn, time: i64) -> Result<(), Error> {
        let (view, mut has_room) = (drawn.view, true);
        self.change(Some(time), |scene, changes| {
            has_room = scene.show_pixels(drawn, changes);
            Ok(())
        })?;
        match has_room {
            true => Ok(()),
            false => Err(Error::InvalidArgument(format!(
                "the pixels of all views together take more than {} bytes of an event: show view {view} smaller, or close those that are gone",
                scene::MAX_PIXEL_BYTES
            ))),
        }
    }

    /// Shows these nodes in a view.
    pub fn show_nodes(&self, view: u64, nodes: &[NodeInfo]) -> Result<Outcome, Error> {
        if self.sessions.stretch()?.is_none() {
            return Ok(interrupt(&mut self.state.lock()));
        }
        let level = self.level();
        self.change(None, |scene, changes| scene.show_nodes(view, nodes, level, changes))
    }

    /// Tells what the pointer does in a view, in its pixels.
    pub fn point(
        &self,
        view: u64,
        kind: PointerKind,
        place: [f64; 2],
        time: Option<i64>,
    ) -> Result<Outcome, Error> {
        let [x, y] = place;
        if !(x.is_finite() && y.is_finite()) {
            return Err(Error::InvalidArgument(format!(
                "the pointer can't be at ({x}, {y}): pass finite numbers"
            )));
        }
        let mut state = self.state.lock();
        let (place, node) = state.scene.locate(view, place)?;
        let mut changes = Changes::default();
        if !kind.is_move() || state.timeline.takes_move(time) {
            changes.tell_act(kind.data(place, node));
        }
        self.record(&mut state, changes, time)
    }

    /// Tells of a key that is no text.
    pub fn press(&self, view: u64, key: &str, time: Option<i64>) -> Result<Outcome, Error> {
        if !pointer::is_key(key) {
            return Err(Error::InvalidArgument(
                "the name of the key is none that is told, like \"Enter\", \"F1\" or \"Ctrl+S\": what is typed is not recorded"
                    .to_owned(),
            ));
        }
        self.change(time, |scene, changes| {
            scene.view(view)?;
            changes.tell_custom_act("key", &json!({"view": view, "key": key}));
            Ok(())
        })
    }

    /// Records a custom event.
    pub fn record_custom(&self, tag: &str, payload: &RawValue) -> Result<Outcome, Error> {
        let mut state = self.state.lock();
        let has_scene = !state.scene.is_empty();
        if has_scene {
            // Not before the document that it is an event of.
            self.record(&mut state, Changes::default(), None)?;
        }
        let (time, tag) = (state.timeline.time(None, SystemTime::now()), json!(tag));
        let event = format!(r#"{{"type":5,"timestamp":{time},"data":{{"tag":{tag},"payload":{payload}}}}}"#);
        match self.sessions.record(event.as_bytes())? {
            Outcome::NeedsFullSnapshot if has_scene => Ok(Outcome::Done),
            outcome => Ok(outcome),
        }
    }

    /// Records one event of the page in a view.
    pub fn record_page(&self, view: u64, event: &[u8]) -> Result<Outcome, Error> {
        let kind = kind_of(event);
        if kind.is_some_and(|kind| !page::is_needed(kind)) {
            return Ok(Outcome::Done);
        }
        loop {
            // Looked up each time: it may have been closed since.
            let page = self.page(view)?;
            let (stretch, since) = page.frame();
            let mark = Some(ViewMark::new(page.ids.0, since));
            if let Some(outcome) = self.sessions.record_in(Stretch::of_number(stretch), mark, event)? {
                return Ok(page_outcome(&page, stretch, kind, outcome));
            }
            // The session, or the document, that it was recorded for is not the one of now.
            let mut state = self.state.lock();
            self.record(&mut state, Changes::default(), None)?;
        }
    }

    /// The page in this view, whose content it becomes.
    fn page(&self, view: u64) -> Result<Arc<Page>, Error> {
        let mut state = self.state.lock();
        if let Some(page) = state.scene.view(view)?.page() {
            return Ok(page.clone());
        }
        let mut changes = Changes::default();
        state.scene.show_page(view, &mut changes)?;
        self.record(&mut state, changes, None)?;
        let page = state.scene.view(view)?.page();
        page.cloned().ok_or_else(|| Error::Internal("the view has no page".to_owned()))
    }

    /// Another session may have begun: tells it all of the scene at once, where there is one. What the host has to be told then
    /// in place of `outcome`.
    pub fn begin(&self, outcome: Outcome) -> Outcome {
        let mut state = self.state.lock();
        if state.scene.is_empty() {
            return outcome;
        }
        let stretch = self.sessions.current_stretch();
        if stretch.is_none_or(|stretch| state.timeline.is_told_in(stretch.number())) {
            return outcome;
        }
        match self.record(&mut state, Changes::default(), None) {
            Ok(_) if state.scene.pages().any(|page| page.lacks_snapshot()) => Outcome::NeedsFullSnapshot,
            Ok(told) => told,
            // The next change of the scene tries again, and tells its caller.
            Err(_) => outcome,
        }
    }

    fn change(
        &self,
        time: Option<i64>,
        edit: impl FnOnce(&mut Scene, &mut Changes) -> Result<(), Error>,
    ) -> Result<Outcome, Error> {
        let mut state = self.state.lock();
        let mut changes = Changes::default();
        edit(&mut state.scene, &mut changes)?;
        self.record(&mut state, changes, time)
    }

    /// Records these changes; all of the scene, where the recording that they build on is not the one of now.
    fn record(&self, state: &mut State, mut changes: Changes, time: Option<i64>) -> Result<Outcome, Error> {
        let acts = changes.take_acts();
        let mut changes = Some(changes);
        loop {
            let Some(stretch) = self.sessions.stretch()? else {
                return Ok(interrupt(state));
            };
            let State { scene, timeline } = &mut *state;
            let number = stretch.number();
            if timeline.needs_full_snapshot(scene, number) {
                // Pages have to tell their documents again then: their events are recorded in this stretch no more.
                self.sessions.end_stretch(stretch);
                timeline.interrupt();
                continue;
            }
            let events =
                timeline.next_events(scene, number, changes.take(), &acts, (time, SystemTime::now()));
            let recorded = self.record_all(stretch, &events).inspect_err(|_| timeline.interrupt())?;
            if let Some(outcome) = recorded {
                if outcome == Outcome::NotCaptured {
                    continue;
                }
                timeline.reached(number, &events);
                scene.pages().for_each(|page| page.note_frame_in(number, timeline.last_time()));
                return Ok(outcome);
            }
        }
    }

    /// `None`: another stretch of the recording has begun meanwhile.
    fn record_all(&self, stretch: Stretch, events: &[String]) -> Result<Option<Outcome>, Error> {
        let mut outcome = Outcome::Done;
        for event in events {
            match self.sessions.record_in(stretch, None, event.as_bytes())? {
                // That of the scene is the library's own to take.
                Some(Outcome::NeedsFullSnapshot) => {}
                Some(Outcome::NotCaptured) => return Ok(Some(Outcome::NotCaptured)),
                Some(told) => outcome = outcome.then(told),
                None => return Ok(None),
            }
        }
        Ok(Some(outcome))
    }

    fn level(&self) -> MaskLevel {
        // The server's level is not known before it is known whether it wants anything captured.
        level_of(self.sessions.is_captured().is_some(), self.privacy.lock().default_mask_level)
    }
}

/// What is masked. In doubt everything.
fn level_of(is_server_heard: bool, level: Option<MaskLevel>) -> MaskLevel {
    if is_server_heard { level.unwrap_or(MaskLevel::Medium) } else { MaskLevel::Conservative }
}

/// Nothing is captured: nothing is kept of what is seen meanwhile.
fn interrupt(state: &mut State) -> Outcome {
    state.timeline.interrupt();
    state.scene.forget_content();
    Outcome::NotCaptured
}

/// What to tell the host about an event of a page that was stored.
fn page_outcome(page: &Page, stretch: u64, kind: Option<f64>, outcome: Outcome) -> Outcome {
    if outcome == Outcome::NotCaptured {
        return outcome;
    }
    if kind == Some(FULL_SNAPSHOT) {
        page.note_snapshot_in(stretch);
    }
    // As in a session's own: rrweb emits a Meta event right before each full snapshot.
    match page.has_snapshot_in(stretch) || kind == Some(META) {
        true => outcome,
        false => Outcome::NeedsFullSnapshot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_the_server_is_heard_everything_is_masked() {
        use MaskLevel::{Conservative, Light, Medium};
        for (is_server_heard, level, expected) in [
            (true, None, Medium),
            (true, Some(Light), Light),
            (true, Some(Conservative), Conservative),
            (false, None, Conservative),
            (false, Some(Light), Conservative),
        ] {
            assert_eq!(level_of(is_server_heard, level), expected);
        }
    }
}
