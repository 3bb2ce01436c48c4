//! The whole app in one replay: views in a scene, whose document and full snapshots the library makes.
//!
//! - [`scene`]: all views, as a value; [`desk`]: what they lie on; [`view`]: one of them; [`content`]: what is in them;
//!   [`document`]: the whole
//! - [`nodes`]: the content that a host lists; [`page`]: that which is a page, made part of the document when it is sent;
//!   [`pointer`]: pointer and keys
//! - [`frames`]: pixels on their way to the encoder and back, whose images are a view's [`layers`]
//! - [`element`]: a part of the document; [`changes`]: what changes in it, as events, of which one is
//!   a [`mutation`]; [`ids`]: whose node ids are whose
//! - [`timeline`]: the events of a scene in their order: what is told whole, and when
//! - [`telling`]: where the scene meets the session; [`record_page`]: where pages do; [`snapshots`]: which of them have to take a
//!   full snapshot; [`beside`]: what is told beside the scene
//!
//! Here are the verbs. The scene lives as long as the recorder, over all sessions: a session that begins, or that lost
//! something, is told all of it.

mod beside;
mod changes;
mod content;
mod desk;
mod document;
mod element;
mod frames;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod ids;
mod layers;
mod mutation;
mod nodes;
pub(crate) mod page;
#[cfg(any(test, fuzzing))]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "only tests and fuzz/ have it")]
mod played;
mod pointer;
mod record_page;
mod scene;
#[cfg(test)]
mod session_bytes;
mod snapshots;
mod telling;
mod timeline;
mod view;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arc_swap::ArcSwap;
use serde_json::json;

use crate::error::Error;
use crate::model::page_config::PageConfig;
use crate::model::privacy::MaskLevel;
use crate::session::{Outcome, Sessions};
use crate::sync::Mutex;
pub(crate) use beside::Beside;
use changes::Changes;
pub(crate) use frames::{Frames, NOT_NOW_MS};
use layers::Drawn;
pub use nodes::{NodeFlag, NodeInfo, NodeKind};
pub use pointer::PointerKind;
use scene::{Pages, Scene};
pub(crate) use snapshots::WHOLE_REPLAY;
use telling::interrupt;
use timeline::Timeline;
pub use view::{ViewFlag, ViewInfo};

/// Whether the scene is in this build: the cargo feature `views`.
pub(crate) const ARE_BUILT: bool = cfg!(feature = "views");

/// Refuses a call that needs the scene where it was left out. Always inlined: so the compiler knows that nothing behind it is reached.
#[inline(always)]
pub(crate) fn check_built() -> Result<(), Error> {
    match ARE_BUILT {
        true => Ok(()),
        false => Err(Error::InvalidArgument(
            "this build of session-replay has no views: build it with the cargo feature \"views\", which is in the default ones, or record one page \
             with sr_record"
                .to_owned(),
        )),
    }
}

/// The views of one recorder. All methods may be called from any thread at any time.
pub(crate) struct Views {
    sessions: Arc<Sessions>,
    page_config: Arc<Mutex<PageConfig>>,
    /// Held while events are recorded, so that they are recorded in the order in which the scene changed.
    state: Mutex<State>,
    /// Those of the scene, for whoever records an event of one: without the lock.
    pages: ArcSwap<Pages>,
    /// There are views.
    has_scene: AtomicBool,
}

struct State {
    scene: Scene,
    timeline: Timeline,
    /// Nothing in the scene is masked by a looser level than this.
    level: MaskLevel,
    /// How often it became stricter. What was made for another number is not shown.
    masking: u64,
}

impl Default for State {
    fn default() -> Self {
        let level = MaskLevel::Conservative;
        Self { scene: Scene::default(), timeline: Timeline::default(), level, masking: 0 }
    }
}

/// What becomes of a frame, before it is looked at.
enum Opening {
    /// Pixels are the content of its view. `asks`: it has to be a full picture. `masking`: [`State::masking`].
    Open {
        asks: bool,
        masking: u64,
    },
    NotCaptured,
    /// It is not kept: nobody says that its masks are all that is to be masked.
    MasksUnknown,
}

impl Views {
    pub fn new(sessions: Arc<Sessions>, page_config: Arc<Mutex<PageConfig>>) -> Self {
        let (state, pages) = (Mutex::default(), ArcSwap::default());
        Self { sessions, page_config, state, pages, has_scene: AtomicBool::new(false) }
    }

    /// Shows, moves, resizes, raises or hides a view.
    pub fn place(&self, info: &ViewInfo) -> Result<Outcome, Error> {
        let (mut state, level) = self.lock_masked();
        let mut changes = Changes::default();
        state.scene.place(info, level, &mut changes)?;
        let outcome = self.record(&mut state, changes, None)?;
        Ok(match state.scene.pages().get(&info.view) {
            Some(page) if outcome != Outcome::NotCaptured && page.lacks_snapshot() => {
                Outcome::NeedsFullSnapshot
            }
            _ => outcome,
        })
    }

    /// Takes a view away, with those that lie in it: these are put into `closed`.
    pub fn close(&self, view: u64, closed: &mut Vec<u64>) -> Result<Outcome, Error> {
        self.change(None, |state, _, changes| {
            *closed = state.scene.close(view, changes)?;
            Ok(())
        })
    }

    /// Whether the view is there.
    fn has(&self, view: u64) -> bool {
        self.state.lock().scene.view(view).is_ok()
    }

    /// Whether a frame would be recorded now: none is wanted while the user is idle.
    fn is_recording(&self) -> bool {
        self.sessions.is_recording()
    }

    /// Pixels become the content of a view, of this size where nobody placed it. Where a frame is not to be kept for its masks,
    /// the replay says so while the view is empty.
    fn open_pixels(&self, view: u64, size: [f64; 2], are_masks_known: bool) -> Result<Opening, Error> {
        if self.sessions.stretch()?.is_none() {
            self.not_captured(&mut self.state.lock());
            return Ok(Opening::NotCaptured);
        }
        let (mut state, level) = self.lock_masked();
        let mut changes = Changes::default();
        if level == MaskLevel::Conservative && !are_masks_known {
            state.scene.note_masked(view, &mut changes);
            if !changes.is_empty() {
                self.record(&mut state, changes, None)?;
            }
            return Ok(Opening::MasksUnknown);
        }
        let masking = state.masking;
        let asks = state.scene.open_pixels(view, size, &mut changes)?;
        // What a rollover has to tell is the encoder's to tell, where nothing else is; also where telling it has failed: then it
        // needs a picture, even of what did not change.
        if changes.is_empty() {
            return Ok(Opening::Open { asks: asks || state.timeline.is_interrupted(), masking });
        }
        Ok(match self.record(&mut state, changes, None)? {
            Outcome::NotCaptured => Opening::NotCaptured,
            _ => Opening::Open { asks, masking },
        })
    }

    /// Shows what was drawn at this time in its view. One that is not there any more, or shows something else, is passed over;
    /// so is what was made for a looser masking than there is by now.
    fn show_pixels(&self, drawn: Drawn, time: i64) -> Result<(), Error> {
        let (view, mut has_room) = (drawn.view, true);
        self.change(Some(time), |state, _, changes| {
            match drawn.masking == state.masking {
                true => has_room = state.scene.show_pixels(drawn, changes),
                false => state.scene.pass_over(&drawn),
            }
            Ok(())
        })?;
        match has_room {
            true => Ok(()),
            false => Err(Error::InvalidArgument(format!(
                "the pixels of all views together take more than {} bytes of an event: show view {view} smaller, or close those that are gone",
                content::MAX_PIXEL_BYTES
            ))),
        }
    }

    /// Shows these nodes in a view.
    pub fn show_nodes(&self, view: u64, nodes: &[NodeInfo]) -> Result<Outcome, Error> {
        if self.sessions.stretch()?.is_none() && !self.sessions.is_idle() {
            return Ok(interrupt(&mut self.state.lock()));
        }
        self.change(None, |state, level, changes| state.scene.show_nodes(view, nodes, level, changes))
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
        self.act(time, |state, changes| {
            let (place, node) = state.scene.locate(view, place)?;
            if !kind.is_move() || state.timeline.takes_move(time) {
                changes.tell_act(kind.data(place, node));
            }
            Ok(())
        })
    }

    /// Tells of a key that is no text.
    pub fn press(&self, view: u64, key: &str, time: Option<i64>) -> Result<Outcome, Error> {
        if !pointer::is_key(key) {
            return Err(Error::InvalidArgument(
                "the name of the key is none that is told, like \"Enter\", \"F1\" or \"Ctrl+S\": what is typed is not recorded"
                    .to_owned(),
            ));
        }
        self.act(time, |state, changes| {
            state.scene.view(view)?;
            changes.tell_custom_act("key", &json!({"view": view, "key": key}));
            Ok(())
        })
    }

    /// Records what is told beside the scene.
    pub fn record_beside(&self, beside: Beside) -> Result<Outcome, Error> {
        let mut changes = Changes::default();
        changes.tell_beside(beside);
        self.record_changes_beside(changes)
    }

    /// Records what is told beside the scene, whether there is one or not.
    fn record_changes_beside(&self, changes: Changes) -> Result<Outcome, Error> {
        let (mut state, _) = self.lock_masked();
        match state.scene.is_empty() {
            true => self.record_alone(&mut state, changes),
            false => self.record(&mut state, changes, None),
        }
    }

    /// Records what `edit` changes, at this time if one is told.
    fn change(
        &self,
        time: Option<i64>,
        edit: impl FnOnce(&mut State, MaskLevel, &mut Changes) -> Result<(), Error>,
    ) -> Result<Outcome, Error> {
        let (mut state, level) = self.lock_masked();
        let mut changes = Changes::default();
        edit(&mut state, level, &mut changes)?;
        self.record(&mut state, changes, time)
    }

    /// Records what `tell` tells of an action of the user, which begins recording again where there had been none for too long.
    fn act(
        &self,
        time: Option<i64>,
        tell: impl FnOnce(&mut State, &mut Changes) -> Result<(), Error>,
    ) -> Result<Outcome, Error> {
        let (mut state, _) = self.lock_masked();
        let mut changes = Changes::default();
        tell(&mut state, &mut changes)?;
        let begins = self.sessions.note_action();
        let outcome = self.record(&mut state, changes, time)?;
        Ok(if begins { self.or_lacks_snapshot(&state, outcome) } else { outcome })
    }

    /// The level in force for what is shown now; the strictest one where nothing is captured.
    pub fn mask_level(&self) -> MaskLevel {
        if self.sessions.is_capturing() { self.level() } else { MaskLevel::Conservative }
    }

    fn level(&self) -> MaskLevel {
        let configured = self.page_config.lock().privacy.default_mask_level;
        self.level_of(configured)
    }

    /// That of a configuration.
    fn level_of(&self, configured: Option<MaskLevel>) -> MaskLevel {
        // The server's level is not known before it is known whether it wants anything captured.
        level_of(self.sessions.is_server_heard(), configured)
    }
}

/// What is masked. In doubt everything.
fn level_of(is_server_heard: bool, level: Option<MaskLevel>) -> MaskLevel {
    if is_server_heard { level.unwrap_or(MaskLevel::Medium) } else { MaskLevel::Conservative }
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
