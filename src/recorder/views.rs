//! The scene: views of native windows and pages together. `docs/guide/views.md` says how to use them.

use serde_json::value::RawValue;

use super::{Lines, SessionReplay, for_each_line};
use crate::error::Error;
use crate::filter::Filtered;
use crate::model::event::INTERACTION_TAG;
use crate::model::privacy::MaskLevel;
use crate::page_line::PageLine;
use crate::pixels::Frame;
use crate::session::Outcome;
use crate::views::{self, ARE_BUILT, Beside, NOT_NOW_MS, NodeInfo, PointerKind, ViewInfo, WHOLE_REPLAY};

const MAX_TAG_BYTES: usize = 256;

impl SessionReplay {
    /// Whether something that is recorded now would be captured.
    pub fn is_capturing(&self) -> bool {
        !self.is_ending() && self.context.sessions.is_capturing()
    }

    /// Whether the page in this view has to take a full snapshot; 0: whether any has to.
    pub(crate) fn wants_snapshot(&self, view: u64) -> bool {
        let Some(want) = self.context.sessions.snapshot_want().filter(|_| !self.is_ending()) else {
            return false;
        };
        self.views.wanted_snapshots(&want).iter().any(|wanted| view == WHOLE_REPLAY || *wanted == view)
    }

    /// Wakes `sr-worker`, for whom there may be something to do.
    pub(crate) fn wake_worker(&self) {
        self.context.sessions.wake_worker();
    }

    /// The level of masking in force: what of an app's pixels is to be masked. The strictest one where nothing is captured, and
    /// while the remote configuration is awaited.
    pub(crate) fn mask_level(&self) -> MaskLevel {
        if self.is_ending() { MaskLevel::Conservative } else { self.views.mask_level() }
    }

    /// Shows, moves, resizes, raises or hides a view.
    pub fn place_view(&self, info: &ViewInfo) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        self.views.place(info)
    }

    /// Takes a view away, with those that lie in it.
    pub fn close_view(&self, view: u64) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        // Also of one that was never placed: frames of it may have been refused.
        let mut closed = vec![view];
        let result = self.views.close(view, &mut closed);
        self.frames.close(&closed);
        result
    }

    /// Shows a frame in its view, which is made where there is none. `NotCaptured` also where it has to say that its masks
    /// are known and does not. It is compared at once, and encoded by the thread `sr-encoder`.
    pub fn show_frame(&self, frame: &Frame) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        self.frames.show(frame)
    }

    /// In how many milliseconds the view wants a frame; 0: now.
    pub fn next_frame_ms(&self, view: u64) -> u32 {
        if !ARE_BUILT || self.is_ending() { NOT_NOW_MS } else { self.frames.next_ms(view) }
    }

    /// Shows these nodes in a view, which is made where there is none.
    pub fn show_nodes(&self, view: u64, nodes: &[NodeInfo]) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        self.views.show_nodes(view, nodes)
    }

    /// Records events of the page in a view, one per line. `done` tells at each moment how far it came.
    pub fn record_view_lines(&self, view: u64, lines: &[u8], done: &mut Lines) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        for_each_line(lines, done, |line| {
            let kind = PageLine::of(line);
            match kind {
                PageLine::Interaction => return self.record_page_interaction(line),
                PageLine::UnhandledError => return Ok(self.note_unhandled_error()),
                PageLine::Event | PageLine::Meta | PageLine::Status | PageLine::Address => {}
            }
            self.note_page(kind, line);
            self.record_filtered(Filtered::Event, line, Some(view), |line| self.views.record_page(view, line))
        })
    }

    /// Tells what the pointer does in a view, in its pixels; at this time, in milliseconds since 1970, or now.
    pub fn point(
        &self,
        view: u64,
        kind: PointerKind,
        place: [f64; 2],
        time: Option<i64>,
    ) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        let outcome = self.views.point(view, kind, place, time)?;
        if !kind.is_move() {
            self.frames.note_input(view);
        }
        Ok(outcome)
    }

    /// Tells of a key that is no text, like "Enter".
    pub fn press_key(&self, view: u64, key: &str, time: Option<i64>) -> Result<Outcome, Error> {
        self.refuse_without_views()?;
        let outcome = self.views.press(view, key, time)?;
        self.frames.note_input(view);
        Ok(outcome)
    }

    /// Records a custom event: a name, and any JSON.
    pub fn record_custom(&self, tag: &str, payload: &str) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        if tag.is_empty() || tag.len() > MAX_TAG_BYTES {
            return Err(Error::InvalidArgument(format!(
                "the tag has {} bytes: use 1 to {MAX_TAG_BYTES}",
                tag.len()
            )));
        }
        let payload: &RawValue = serde_json::from_str(payload)
            .map_err(|error| Error::InvalidJson(format!("the payload is not JSON: {error}")))?;
        if tag == INTERACTION_TAG {
            return self.record_interaction(payload.get());
        }
        self.record_beside(Beside::custom(tag, &payload.get()))
    }

    #[inline(always)]
    fn refuse_without_views(&self) -> Result<(), Error> {
        views::check_built()?;
        self.refuse_if_ending()
    }
}
